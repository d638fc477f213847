"""What a triad that cannot be kept could say instead: the trits of its members' files, or another member."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ffcolor.skills.gf3 import format_triad, is_balanced, needed
from ffcolor.skills.model import Collection, Triad
from ffcolor.skills.solve import partners


@dataclass(frozen=True, slots=True)
class Offer:
    """A triad that would agree with the skills.

    Attributes:
        members: name and trit of each, in the order of the triad that they stand for.
        replaced: the member that another one stands for; None when only trits change.
        by: that other one.
    """

    members: tuple[tuple[str, int], ...]
    replaced: str | None = None
    by: str | None = None

    def __str__(self) -> str:
        return format_triad(self.members)


def as_plain(offer: Offer | None) -> dict[str, Any] | None:
    """An offer as plain data."""
    if offer is None:
        return None
    return {"members": [list(each) for each in offer.members], "replaced": offer.replaced, "by": offer.by}


class Offers:
    """Makes offers for a collection.

    Args:
        collection: as read.
        trit_of: the trit that a skill will have, None for a name without a file or a trit.
        kept: the triads that stay, as sets of names.
    """

    def __init__(self, collection: Collection, trit_of: Callable[[str], int | None], kept: set[frozenset[str]]):
        self.trit_of, self.kept = trit_of, set(kept)
        self.ranking = partners.of(collection)
        self.skills = sorted({skill.name for skill in collection.skills if not skill.context})

    def of(self, triad: Triad) -> Offer | None:
        """What a triad of three could say instead, None where nothing fits; no two triads get the same members."""
        stated = {member.name: member.trit for member in triad.members}
        if len(stated) != 3 or len(triad.members) != 3:
            return None
        true = {name: self.trit_of(name) for name in stated}
        found = self._restated(true) or self._replaced(stated, true)
        if found is not None:
            self.kept.add(frozenset(name for name, _ in found.members))
        return found

    def _restated(self, true: Mapping[str, int | None]) -> Offer | None:
        members = [(name, trit) for name, trit in true.items() if trit is not None]
        if len(members) < 3 or not is_balanced(trit for _, trit in members) or frozenset(true) in self.kept:
            return None
        return Offer(tuple(members))

    def _replaced(self, stated: Mapping[str, int], true: Mapping[str, int | None]) -> Offer | None:
        choices = []
        for name in stated:
            rest = [(other, trit) for other, trit in true.items() if other != name and trit is not None]
            if len(rest) < 2:
                continue
            best = self._best([other for other, _ in rest], needed(trit for _, trit in rest), stated)
            if best is not None:
                # whoever is missing or misstated goes first, then whoever leaves the best triad
                choices.append((true[name] is not None, true[name] == stated[name], -best.score, name, best))
        if not choices:
            return None
        *_, name, best = min(choices)
        members = [(best.names[0], best.trits[0]) if each == name else (each, true[each]) for each in stated]
        return Offer(tuple((each, trit) for each, trit in members if trit is not None), name, best.names[0])

    def _best(self, rest: Sequence[str], trit: int, stated: Mapping[str, int]) -> partners.Partner | None:
        fits = [
            name
            for name in self.skills
            if name not in stated and self.trit_of(name) == trit and frozenset((*rest, name)) not in self.kept
        ]
        return next(iter(self.ranking.rank(rest, fits, trit, 1)), None)
