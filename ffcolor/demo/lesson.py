"""One lesson: a taste is learned from a few picks, judged on the held-out colours, and makes a palette."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ffcolor import streams
from ffcolor.demo import judge, maps
from ffcolor.demo.tastes import PICKS, Split, Taste, splits
from ffcolor.files import write_atomically
from ffcolor.palette import Palette
from ffcolor.taste.colors import ColorPreference

OURS = "ffcolor"
COLORS = 8
"""Colours of each learned palette."""

CURVE = (1, 2, 4, 8, PICKS)
"""Picks of each side at which the learning curve is measured."""

_SUFFIXES = ("css", "gpl", "ase", "png")


class Lesson(NamedTuple):
    """What came of one taste."""

    taste: Taste
    picks: Split
    """The first draw: what the palette and the map were learned from."""
    milliseconds: float
    """Median time to learn one draw."""
    scores: dict[str, dict[str, float]]
    """By learner: ``auc`` and balanced ``accuracy`` on held-out colours, means of the draws."""
    curve: list[float]
    """Mean AUC at each number of picks in `CURVE`."""
    model: ColorPreference
    palette: Palette | None
    """None for the control."""
    map_png: bytes | None
    files: dict[str, str]
    """What was written, by kind, as paths inside the output folder."""

    @property
    def slug(self) -> str:
        """The taste's name, fit for a file."""
        return self.taste.name.replace(" ", "-")


def learn(taste: Taste, seed: int) -> Lesson:
    """Learn a taste from each draw of picks and judge it beside the baselines."""
    draws = list(splits(taste, seed))
    models, times = [], []
    measured: dict[str, list[tuple[float, float]]] = {}
    curves = []
    for number, draw in enumerate(draws):
        liked, disliked = draw.liked.colors, draw.disliked.colors
        begin = time.perf_counter()
        models.append(ColorPreference().fit(liked, disliked))
        times.append(time.perf_counter() - begin)
        scorers = {OURS: _scorer(models[-1])}
        for name, baseline in judge.BASELINES.items():
            scorers[name] = baseline(liked, disliked, streams.split(seed, number))
        for name, scorer in scorers.items():
            measured.setdefault(name, []).append(_measure(scorer, draw))
        fewer = [_measure(_scorer(ColorPreference().fit(liked[:k], disliked[:k])), draw)[0] for k in CURVE[:-1]]
        curves.append([*fewer, measured[OURS][-1][0]])
    means = {name: np.mean(values, axis=0) for name, values in measured.items()}
    found = models[0].palette(COLORS, order="hue") if taste.learnable else None
    return Lesson(
        taste,
        draws[0],
        float(np.median(times)) * 1000,
        {name: {"auc": float(auc), "accuracy": float(accuracy)} for name, (auc, accuracy) in means.items()},
        [float(auc) for auc in np.mean(curves, axis=0)],
        models[0],
        None if found is None else Palette(found.colors, title=taste.name),
        maps.png(maps.preference_map(models[0])) if taste.learnable else None,
        {},
    )


def save(lesson: Lesson, folder: Path) -> Lesson:
    """Write a lesson's palette in every format, and its model; the answer knows the files."""
    assert lesson.palette is not None
    written = {}
    for kind in _SUFFIXES:
        written[kind] = f"palettes/{lesson.slug}.{kind}"
        data = lesson.palette.to(kind)
        write_atomically(folder / written[kind], data.encode() if isinstance(data, str) else data)
    written["model"] = f"models/{lesson.slug}.safetensors"
    lesson.model.save(folder / written["model"])
    return lesson._replace(files=written)


def mean_scores(lessons: Sequence[Lesson]) -> dict[str, dict[str, float]]:
    """The mean of each score over lessons, by learner."""
    return {
        name: {key: float(np.mean([lesson.scores[name][key] for lesson in lessons])) for key in ("auc", "accuracy")}
        for name in lessons[0].scores
    }


def _scorer(model: ColorPreference) -> judge.Scorer:
    return lambda colors: model.score(colors).astype(np.float64)


def _measure(scorer: judge.Scorer, draw: Split) -> tuple[float, float]:
    liked, disliked = scorer(draw.held_liked.colors), scorer(draw.held_disliked.colors)
    return judge.auc(liked, disliked), judge.balanced_accuracy(liked, disliked)
