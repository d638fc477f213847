"""The preference tasks: a few liked and disliked colours to learn from, and held-out colours to be judged on.

Kinds of task (`tasks(kind, seeds)`):
    xkcd       every word with at least 12 hits among the 949 names; k = 4, 8, 16, 32 liked and k disliked names, drawn
               at random (where at least 6 liked ones are left); judged on *all* remaining names, mostly disliked.
    synthetic  12 families; one concept of each family per seed; k = 8 … 256 liked and k disliked colours, drawn
               uniformly from the gamut given the label; judged on 500 + 500 more.
    unlabeled  both of the above without the disliked colours (`neg` is None).
    flipped    synthetic, k >= 64; one label in five is wrong on either side.
    imbalanced synthetic; 8 liked against 64 disliked, and 64 against 8.

Choices are made on `DEV_SEEDS`, figures are published on `TEST_SEEDS`. A seed draws its own colours and, for
synthetic families, its own concepts; the XKCD words are the same for all seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.lib.concepts import (
    FAMILIES,
    Bools,
    Concept,
    Floats,
    Rng,
    SyntheticConcept,
    WordConcept,
    rng_for,
    xkcd_names,
    xkcd_words,
)

DEV_SEEDS = (0, 1)
TEST_SEEDS = (100, 101)
XKCD_KS = (4, 8, 16, 32)
SYNTHETIC_KS = (8, 16, 32, 64, 128, 256)
FLIPPED_KS = (64, 128, 256)
KINDS = ("xkcd", "synthetic", "unlabeled", "flipped", "imbalanced")

_LEAST_POSITIVE_TESTS = 6
_TESTS = 500  # of each label
_FLIPPED = 0.2


@dataclass(frozen=True)
class Task:
    """One thing to learn, and the held-out truth.

    Attributes:
        name: unique in its kind.
        kind: "xkcd" or "synthetic": which of the two halves of the mean it counts in.
        family: the word or the synthetic family; results are clustered by it.
        k: number of liked colours given.
        seed: the seed it was drawn with.
        pos, neg: colours to learn from, float32 (k, 3); `neg` is None where none are given.
        test_colors: float32 (m, 3), none of which was drawn for `pos` or `neg`.
        test_labels: bool (m,), the truth.
        concept: the hidden preference itself, for judging generated colours.
    """

    name: str
    kind: str
    family: str
    k: int
    seed: int
    pos: Floats
    neg: Floats | None
    test_colors: Floats
    test_labels: Bools
    concept: Concept


def tasks(kind: str, seeds: Iterable[int] = TEST_SEEDS) -> Iterator[Task]:
    """All tasks of a kind (see the module's text), seed by seed, always the same."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a kind of task; there are {', '.join(KINDS)}")
    for seed in seeds:
        if kind in ("xkcd", "unlabeled"):
            named = (task for word in xkcd_words() for k in XKCD_KS for task in _xkcd(word, k, seed))
            yield from (_without_negatives(task, kind) for task in named)
        if kind == "xkcd":
            continue
        for concept in concepts([seed]):
            if kind == "imbalanced":
                yield from (_synthetic(concept, k, 72 - k, seed) for k in (8, 64))
            elif kind == "flipped":
                yield from (_flip(_synthetic(concept, k, k, seed)) for k in FLIPPED_KS)
            else:
                yield from (_without_negatives(_synthetic(concept, k, k, seed), kind) for k in SYNTHETIC_KS)


def concepts(seeds: Iterable[int] = TEST_SEEDS) -> Iterator[SyntheticConcept]:
    """The synthetic concepts of some seeds, one of each family per seed."""
    return (SyntheticConcept(family, seed) for seed in seeds for family in FAMILIES)


def draw(concept: Concept, label: bool, count: int, rng: Rng) -> Floats:
    """Colours drawn uniformly from the gamut among those with a label, float32 (count, 3)."""
    found: list[Floats] = []
    while sum(map(len, found)) < count:
        colors = rng.random((4096, 3), dtype=np.float32)
        found.append(colors[concept(colors) == label])
    return np.concatenate(found)[:count]


def _xkcd(word: str, k: int, seed: int) -> Iterator[Task]:
    colors, carries = xkcd_names()[1], xkcd_words()[word]
    if carries.sum() - k < _LEAST_POSITIVE_TESTS:
        return
    rng = rng_for("xkcd", word, k, seed)
    liked = rng.permutation(np.flatnonzero(carries))[:k]
    disliked = rng.permutation(np.flatnonzero(~carries))[:k]
    rest = np.setdiff1d(np.arange(len(colors)), np.concatenate([liked, disliked]))
    name = f"{word} k={k} seed={seed}"
    yield Task(
        name, "xkcd", word, k, seed, colors[liked], colors[disliked], colors[rest], carries[rest], WordConcept(word)
    )


def _synthetic(concept: Concept, k: int, negatives: int, seed: int) -> Task:
    rng = rng_for("synthetic", concept.name, k, negatives)
    pos, neg = draw(concept, True, k, rng), draw(concept, False, negatives, rng)
    test = np.concatenate([draw(concept, True, _TESTS, rng), draw(concept, False, _TESTS, rng)])
    labels = np.arange(2 * _TESTS) < _TESTS
    name = f"{concept.name} k={k}" + ("" if negatives == k else f" against {negatives}")
    return Task(name, "synthetic", concept.family, k, seed, pos, neg, test, labels, concept)


def _without_negatives(task: Task, kind: str) -> Task:
    return replace(task, neg=None) if kind == "unlabeled" else task


def _flip(task: Task) -> Task:
    """Exchange one colour in five between the liked and the disliked."""
    assert task.neg is not None
    wrong = round(_FLIPPED * task.k)
    pos, neg = np.roll(task.pos, -wrong, axis=0), np.roll(task.neg, -wrong, axis=0)
    pos[-wrong:], neg[-wrong:] = task.neg[:wrong], task.pos[:wrong]
    return replace(task, pos=pos, neg=neg)
