"""Partners: which skills would balance one or two given ones, the most fitting first.

A candidate has the trit that is needed, declared by its file or claimed by a triad, and its score is

    log1p(popularity) + 2 log1p(co-occurrence) + 4 similarity + 1.5 mentions

*Popularity* is in how many triads it is, *co-occurrence* in how many together with a given skill, *similarity* the
cosine of the TF-IDF vectors of its description and theirs, *mentions* how many of its and their texts name each other
outside of triads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from math import log, log1p, sqrt
from typing import NamedTuple

from ffcolor.errors import FfcolorError
from ffcolor.skills.gf3 import TRITS, is_balanced, needed
from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.names import Names

_WORD = re.compile(r"[^\W_]{2,40}")
_NAME = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SHORTLIST = 60  # of each trit, when two partners are wanted at once


class Partner(NamedTuple):
    """A candidate, with what its score is made of."""

    names: tuple[str, ...]
    """One skill, or two when only one was given."""
    trits: tuple[int, ...]
    score: float
    popularity: int
    together: int
    similarity: float
    mentions: int
    is_stated: bool
    """Whether the collection states this triad already."""


@dataclass
class Partners:
    """What ranking needs to know of a collection.

    Args:
        declared: name -> the trit that its file declares, or None.
        triads: each different balanced triad as name -> the trit that it states.
        descriptions: name -> description.
        mentions: name -> the names of other skills in its text.
    """

    declared: Mapping[str, int | None]
    triads: Sequence[Mapping[str, int]]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    mentions: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vectors = tf_idf(self.descriptions)
        self._count()

    def _count(self) -> None:
        """Count who is in how many triads, with whom, and with which trits."""
        self.trits = {name: set[int]() if trit is None else {trit} for name, trit in self.declared.items()}
        self.together: dict[str, Counter[str]] = {}
        self.stated = {frozenset(triad) for triad in self.triads}
        self.popularity = Counter(name for names in self.stated for name in names)
        for triad in self.triads:
            for name, trit in triad.items():
                self.trits.setdefault(name, set()).add(trit)
        for names in self.stated:
            for name in names:
                self.together.setdefault(name, Counter()).update(names - {name})

    def without(self, names: Iterable[str]) -> Partners:
        """The same, as if the triad of these members had never been stated: to test what it would have been told."""
        hidden = frozenset(names)
        rest = copy(self)
        rest.triads = [triad for triad in self.triads if frozenset(triad) != hidden]
        rest._count()
        return rest

    def find(self, *given: str, top: int = 10) -> list[Partner]:
        """Rank what would balance one or two skills: single skills for two, pairs for one.

        Args:
            given: one or two names.
            top: how many at most.

        Raises:
            FfcolorError: `skill` for a name that is not there, one given twice, or one without a trit.
        """
        if not 1 <= len(set(given)) == len(given) <= 2:
            message = f"partners are for one skill or two, not for {' and '.join(given) or 'none'}"
            raise FfcolorError(message, code="skill", value=given)
        trits = [self._trit(name) for name in given]
        if len(given) == 1:
            return self._pairs(given[0], trits[0], top)
        trit = needed(trits)
        return self.rank(given, self._with(trit, given), trit, top)

    def rank(self, given: Sequence[str], names: Iterable[str], trit: int, top: int) -> list[Partner]:
        """Rank candidates of one trit by how well each fits the given skills."""
        return _best([self._partner(given, (name,), (trit,)) for name in names], top)

    def _pairs(self, name: str, trit: int, top: int) -> list[Partner]:
        lists = {
            each: _best([self._partner((name,), (other,), (each,)) for other in self._with(each, (name,))], _SHORTLIST)
            for each in TRITS
        }
        found = []
        for low, high in ((-1, 0), (-1, 1), (0, 1), (trit, trit)):
            if is_balanced((trit, low, high)):
                for first in lists[low]:
                    for second in lists[high]:
                        a, b = first.names[0], second.names[0]
                        if a != b and (low != high or a < b):
                            found.append(self._partner((name,), (a, b), (low, high)))
        return _best(found, top)

    def _partner(self, given: Sequence[str], names: tuple[str, ...], trits: tuple[int, ...]) -> Partner:
        """Score one candidate; of two, also how they fit each other."""
        popularity, together, mentions, similarity, score = 0, 0, 0, 0.0, 0.0
        known = list(given)
        for name in names:
            popular = self.popularity[name]
            beside = sum(self.together.get(name, Counter())[other] for other in known)
            alike = similar(self.vectors.get(name, {}), [self.vectors.get(other, {}) for other in known])
            said = sum(
                (name in self.mentions.get(other, ())) + (other in self.mentions.get(name, ())) for other in known
            )
            score += log1p(popular) + 2 * log1p(beside) + 4 * alike + 1.5 * said
            popularity, together, mentions = popularity + popular, together + beside, mentions + said
            similarity += alike / len(names)
            known.append(name)
        is_stated = frozenset(known) in self.stated
        return Partner(names, trits, score, popularity, together, similarity, mentions, is_stated)

    def _with(self, trit: int, given: Iterable[str]) -> list[str]:
        return [name for name in sorted(self.trits) if trit in self.trits[name] and name not in given]

    def _trit(self, name: str) -> int:
        if name not in self.trits:
            close = Names(self.trits).nearest(name)
            count = len(self.trits)
            many = f"{count:,} skill{'s' * (count != 1)} here" if count else "skills here: there are none"
            meant = f"did you mean {close!r}?" if close else f"no name is near it among the {many}"
            raise FfcolorError(f"there is no skill {name!r}: {meant}", code="skill", value=name)
        trits = self.trits[name] if self.declared.get(name) is None else {self.declared[name]}
        trit = next(iter(trits), None)
        if len(trits) != 1 or trit is None:
            said = f"triads give {name!r} several trits" if trits else f"{name!r} has no trit"
            message = f'{said}: declare one in its file, as in metadata: gf3-trit: "+1"'
            raise FfcolorError(message, code="skill", value=name)
        return trit


def of(collection: Collection) -> Partners:
    """What ranking needs to know of a collection as read."""
    declared: dict[str, int | None] = {}
    descriptions: dict[str, str] = {}
    triads: dict[tuple[tuple[str, int], ...], None] = {}
    for skill in collection.skills:
        if declared.get(skill.name) is None:
            declared[skill.name] = skill.trit
        descriptions.setdefault(skill.name, skill.description)
        for triad in skill.triads:
            if len(dict(triad.key)) == len(triad.key) == 3 and triad.is_balanced:
                triads[triad.key] = None
    known = frozenset(declared)
    mentions = {skill.name: _mentioned(skill, known) for skill in collection.skills}
    return Partners(declared, [dict(key) for key in triads], descriptions, mentions)


def _mentioned(skill: Skill, names: frozenset[str]) -> frozenset[str]:
    """The skills that a file names in its text, lines with triads left out; single words count in back-quotes only."""
    apart = {place.line for triad in skill.triads for place in (triad.place, *(each.place for each in triad.members))}
    found: set[str] = set()
    for number, line in enumerate(skill.lines, 1):
        if number >= skill.body and number not in apart and "⊗" not in line:
            for match in _NAME.finditer(line):
                if match[0] in names and ("-" in match[0] or line[max(0, match.start() - 1)] == "`"):
                    found.add(match[0])
    return frozenset(found - {skill.name})


def tf_idf(texts: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Weigh the words of each text by how rare they are in all of them; each vector has length 1.

    The weight is count x (ln((1 + n) / (1 + texts with the word)) + 1).

    Source: scikit-learn's TfidfVectorizer with its default, smooth weights.
    """
    counts = {name: Counter(_WORD.findall(text.lower())) for name, text in texts.items()}
    frequency = Counter(word for words in counts.values() for word in words)
    rarity = {word: log((1 + len(texts)) / (1 + number)) + 1 for word, number in frequency.items()}
    vectors = {}
    for name, words in counts.items():
        weights = {word: number * rarity[word] for word, number in words.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors[name] = {word: weight / length for word, weight in weights.items()}
    return vectors


def similar(vector: Mapping[str, float], others: Sequence[Mapping[str, float]]) -> float:
    """The cosine of the angle between a vector of length 1 and the sum of others."""
    whole: Counter[str] = Counter()
    for other in others:
        whole.update(other)
    length = sqrt(sum(weight * weight for weight in whole.values()))
    return sum(weight * whole[word] for word, weight in vector.items()) / length if length else 0.0


def _best(found: list[Partner], top: int) -> list[Partner]:
    return sorted(found, key=lambda each: (-each.score, each.names))[:top]
