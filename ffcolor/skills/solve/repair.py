"""Repair: the cheapest way to make a collection's trits and triads agree, as a plan for people to look at.

A kept triad keeps the trits that it states. Changing the trit that a file declares costs 1, or 1/2 where only a
generated block declares it; dropping a triad costs `drop`; a skill that declares nothing may take any trit. (The fewest
changes that make all sums 0 would be useless: it turns nearly everything to 0.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ffcolor.settings import Number
from ffcolor.skills.gf3 import TRITS, format_triad, format_trit, is_balanced
from ffcolor.skills.model import Collection, Skill, Triad
from ffcolor.skills.solve import offers
from ffcolor.skills.solve.offers import Offer, Offers
from ffcolor.skills.solve.solver import Claim, agree

DROP = 2.0
"""What dropping a triad costs, in changed trits."""

GENERATED = Fraction(1, 2)
"""What changing a trit costs that no author has confirmed: it is only in a generated block."""

_LIMITS = {"drop": Number(above=0, most=1e6)}

_BITS = 24  # of a rank

Stated = Sequence[tuple[str, int]]
Key = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Trits and kept triads that agree.

    Attributes:
        trits: name -> trit for every skill declared or named; None where nothing asks for one.
        kept: for each triad given, whether it is kept.
        cost: changed trits + `drop` x dropped triads.
        is_proved: whether nothing cheaper exists; False only when a tangled collection exhausts the search.
    """

    trits: dict[str, int | None]
    kept: tuple[bool, ...]
    cost: float
    is_proved: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A file that should declare another trit (or, where `old` is None, should declare one)."""

    skill: Skill
    old: int | None
    new: int
    triads: int
    """How many kept triads give it this trit."""

    def __str__(self) -> str:
        old = "none" if self.old is None else format_trit(self.old)
        return f"{self.skill.name}: {old} -> {format_trit(self.new)}"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A triad that cannot be kept, why, and where it stands."""

    triad: Triad
    reason: str
    statements: tuple[tuple[Skill, Triad], ...]
    offer: Offer | None = None
    """What it could say instead."""

    def __str__(self) -> str:
        return format_triad((member.name, member.trit) for member in self.triad.members)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to change so that a collection agrees with itself: trits first, then triads to drop.

    Attributes:
        changes: in order of path; those that only declare what was not declared cost nothing.
        dropped: in order of their first statement.
        kept: the number of different triads that stay.
        cost: changed trits + `drop` x dropped triads.
        is_proved: whether nothing cheaper exists.
        drop: what dropping one triad costs.
        about: the collection.
    """

    changes: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    kept: int
    cost: float
    is_proved: bool
    drop: float
    about: Collection | None = None

    def __bool__(self) -> bool:
        return bool(self.changes or self.dropped)


def solve(declared: Mapping[str, int | None], triads: Iterable[Stated], drop: float = DROP) -> Solution:
    """Find trits that agree with as many triads as is worth it.

    Args:
        declared: skill -> the trit that its file declares, or None.
        triads: members with the trits that the triad states; those that do not sum to 0 are dropped in any case.
        drop: what dropping a triad costs, in changed trits: above 0, at most 1,000,000.

    >>> solve({"a": -1, "b": 0, "c": -1}, [[("a", -1), ("b", 0), ("c", 1)]]).trits
    {'a': -1, 'b': 0, 'c': 1}

    Raises:
        FfcolorError: `invalid-setting` for a `drop` outside its bounds; `trit` for a value that is not a trit.
    """
    drop = _LIMITS["drop"].check("drop", drop)
    stated = [tuple(triad) for triad in triads]
    names = {name: None for triad in stated for name, _ in triad}
    files = {name: [(trit, Fraction(1))] for name, trit in declared.items() if trit is not None}
    trits, kept, cost, is_proved = _solve(files, names, stated, drop)
    named = {name for triad, keep in zip(stated, kept, strict=True) if keep for name, _ in triad}
    free = {name: trits[name] if name in named else declared.get(name) for name in names}
    return Solution({**declared, **free}, kept, cost, is_proved)


def _solve(
    files: Mapping[str, Sequence[tuple[int, Fraction]]], names: Iterable[str], stated: Sequence[Stated], drop: float
) -> tuple[dict[str, int], tuple[bool, ...], float, bool]:
    """The same, where a name may stand for several files, each with its trit and what changing that costs."""
    price = Fraction(drop).limit_denominator(1000)
    # in costs, one changed trit is `change`, an even number; of what costs the same, fewer dropped triads are better,
    # and then a rank that only depends on the triads themselves: a second run finds the same again
    whole = (len(stated) + 1) << (2 * _BITS)
    change, one = price.denominator * whole, price.numerator * whole + (1 << (2 * _BITS - 9))
    weights = [one + _rank(triad) for triad in stated]
    costs = {
        name: {trit: int(change * sum(cost for each, cost in files.get(name, ()) if trit != each)) for trit in TRITS}
        for name in names
    }
    possible = [is_balanced(trit for _, trit in triad) and len(set(triad)) == len(dict(triad)) for triad in stated]
    claims = [Claim(weight, dict(triad)) for triad, weight, can in zip(stated, weights, possible, strict=True) if can]
    found = agree(costs, claims)
    kept = tuple(
        can and all(found.values[name] == trit for name, trit in triad)
        for triad, can in zip(stated, possible, strict=True)
    )
    changed = Fraction(sum(costs[name][trit] for name, trit in found.values.items()), change)
    return found.values, kept, float(changed + price * kept.count(False)), found.is_proved


def _rank(triad: Stated) -> int:
    """A number below 2^24 that is another one for nearly every triad, in whatever order it is written."""
    text = " ".join(f"{name}:{trit}" for name, trit in sorted(triad))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[: _BITS // 8], "big")


def plan(collection: Collection, drop: float = DROP) -> Plan:
    """Plan the repair of a collection as read; nothing is written.

    The same triad stated in several places counts once. A triad that is unbalanced and says so is left alone. A member
    without a file may have any trit, but only one. Files that were read for their names only stay as they are.

    Raises:
        FfcolorError: `invalid-setting` for a `drop` outside its bounds.
    """
    drop = _LIMITS["drop"].check("drop", drop)
    statements: dict[Key, list[tuple[Skill, Triad]]] = {}
    for skill in collection.skills:
        for triad in () if skill.context else skill.triads:
            if triad.is_meant:
                key = tuple(sorted((_one_name(collection, name), trit) for name, trit in triad.key))
                statements.setdefault(key, []).append((skill, triad))
    names = {name: None for key in statements for name, _ in key}
    copies = {name: collection.by_name.get(name, ()) for name in names}
    fast = Fraction(int(drop * len(statements)) + 1)  # of a file that is not to be changed
    files = {
        name: [(skill.trit, fast if skill.context else _weight(skill)) for skill in skills if skill.trit is not None]
        for name, skills in copies.items()
    }
    trits, kept, cost, is_proved = _solve(files, names, list(statements), drop)
    used: dict[str, int] = {}
    for key, keep in zip(statements, kept, strict=True):
        for name in dict(key) if keep else ():
            used[name] = used.get(name, 0) + 1
    changes = [
        Change(skill, skill.trit, trits[name], used.get(name, 0))
        for name, skills in copies.items()
        for skill in skills
        if skill.trit != trits[name] and not skill.context and (name in used or skill.trit is not None)
    ]
    changes.sort(key=lambda each: each.skill.path)
    dropped = _dropped(collection, statements, kept, trits, changes)
    return Plan(tuple(changes), tuple(dropped), kept.count(True), cost, is_proved, drop, collection)


def _weight(skill: Skill) -> Fraction:
    """What changing the trit of a file costs."""
    return GENERATED if skill.trit_claim and skill.trit_claim.source == "generated" else Fraction(1)


def _dropped(
    collection: Collection,
    statements: Mapping[Key, list[tuple[Skill, Triad]]],
    kept: Sequence[bool],
    trits: Mapping[str, int],
    changes: Sequence[Change],
) -> list[Dropped]:
    """The triads that are not kept, each with what it could say instead."""
    lost = [(key, found) for (key, found), keep in zip(statements.items(), kept, strict=True) if not keep]
    lost.sort(key=lambda each: (each[1][0][0].path, each[1][0][1].place))
    if not lost:
        return []
    new = {change.skill.name: change.new for change in changes}

    def trit_of(name: str) -> int | None:
        owner = collection.find(name)
        return None if owner is None else new.get(owner.name, owner.trit)

    left = {frozenset(dict(key)) for key, keep in zip(statements, kept, strict=True) if keep}
    made = Offers(collection, trit_of, left)
    return [
        Dropped(found[0][1], _reason(collection, key, trits), tuple(found), made.of(found[0][1])) for key, found in lost
    ]


def as_plain(plan: Plan) -> dict[str, Any]:
    """A plan as plain data."""
    return {
        "cost": plan.cost,
        "drop": plan.drop,
        "proved": plan.is_proved,
        "kept": plan.kept,
        "changes": [
            {
                "path": each.skill.path,
                "line": each.skill.trit_claim.place.line if each.skill.trit_claim else 1,
                "name": each.skill.name,
                "from": each.old,
                "to": each.new,
                "triads": each.triads,
            }
            for each in plan.changes
        ],
        "dropped": [
            {
                "members": [[member.name, member.trit] for member in each.triad.members],
                "reason": each.reason,
                "offer": offers.as_plain(each.offer),
                "places": [{"path": skill.path, "line": triad.place.line} for skill, triad in each.statements],
            }
            for each in plan.dropped
        ],
    }


def _one_name(collection: Collection, name: str) -> str:
    """One and the same name for a skill that can be found by its own name and by its folder's."""
    skills = collection.by_name.get(name)
    return skills[0].name if skills and all(each.name == skills[0].name for each in skills) else name


def _reason(collection: Collection, key: Stated, trits: Mapping[str, int]) -> str:
    if not is_balanced(trit for _, trit in key):
        return f"its trits sum to {sum(trit for _, trit in key):+d}"
    reasons = []
    for name, trit in key:
        if trits[name] != trit:
            owner = collection.find(name)
            is_declared = owner is not None and owner.trit == trits[name]
            who = f"the file of {name} says" if is_declared else f"more triads give {name}"
            reasons.append(f"{who} {format_trit(trits[name])}")
    return "; ".join(reasons) or "it gives one member two trits"
