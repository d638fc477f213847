"""Packing: as many balanced triads as possible out of a collection, each skill in at most one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ffcolor.errors import FfcolorError
from ffcolor.skills.gf3 import TRITS, is_balanced

Group = tuple[tuple[str, int], ...]
"""Three skills with their trits."""


class Packing(NamedTuple):
    """Disjoint balanced triads, and who is left over."""

    triads: tuple[Group, ...]
    """Those that are stated already come first, then one of each, then three alike."""
    stated: int
    """How many of them are stated in the collection already."""
    left: tuple[tuple[str, int], ...]
    """The skills in no triad, by name."""


def most(minus: int, zero: int, plus: int, one_of_each: bool = False) -> int:
    """The largest number of disjoint balanced triads among so many skills of each trit.

    A balanced triad has one of each or three alike. With `one_of_each` only the former count.

    >>> most(4, 4, 4), most(5, 5, 2), most(3, 0, 0), most(3, 0, 0, one_of_each=True)
    (4, 4, 1, 0)

    Raises:
        FfcolorError: `count` for a count below 0.
    """
    return _shape((minus, zero, plus), one_of_each)[0]


def _shape(counts: tuple[int, int, int], one_of_each: bool) -> tuple[int, int]:
    """The largest number of triads, and the most of them that can have one of each."""
    for count in counts:
        if type(count) is not int or count < 0:
            raise FfcolorError(f"{count!r} is not a number of skills: write 0 or more", code="count", value=count)
    least = min(counts)
    if one_of_each:
        return least, least
    best = max((k + sum((count - k) // 3 for count in counts), k) for k in range(min(2, least) + 1))
    # three of them with one of each are three with three alike: as many as there is room for
    return best[0], best[1] + (least - best[1]) // 3 * 3


def pack(trits: Mapping[str, int], stated: Iterable[Sequence[str]] = (), one_of_each: bool = False) -> Packing:
    """Pack skills into as many disjoint balanced triads as there can be.

    Args:
        trits: skill -> its trit; those without one are left out by the caller.
        stated: triads that exist already, as names, the dearest first: they are kept where the number stays the same.
        one_of_each: whether three alike are not wanted.

    >>> pack({"a": 1, "b": 0, "c": -1, "d": 1}).triads
    ((('c', -1), ('b', 0), ('a', 1)),)

    Raises:
        FfcolorError: `trit` for a value that is not -1, 0 or 1.
    """
    is_balanced(trits.values())  # whatever they sum to: raises for what is not a trit
    pools = {trit: {name: None for name in sorted(trits) if trits[name] == trit} for trit in TRITS}
    number, mixed = _shape((len(pools[-1]), len(pools[0]), len(pools[1])), one_of_each)
    alike = {trit: (len(pools[trit]) - mixed) // 3 if not one_of_each else 0 for trit in TRITS}
    triads: list[Group] = []
    for names in stated:
        kinds = {trits.get(name) for name in names}
        if len(set(names)) != 3 or None in kinds or not all(name in pools[trits[name]] for name in names):
            continue
        if len(kinds) == 3 and mixed:
            mixed -= 1
        elif len(kinds) == 1 and alike[trits[names[0]]]:
            alike[trits[names[0]]] -= 1
        else:
            continue
        triads.append(_taken(pools, sorted(names, key=lambda name: (trits[name], name)), trits))
    kept = len(triads)
    for _ in range(mixed):
        triads.append(_taken(pools, [next(iter(pools[trit])) for trit in TRITS], trits))
    for trit in TRITS:
        for _ in range(alike[trit]):
            triads.append(_taken(pools, list(pools[trit])[:3], trits))
    assert len(triads) == number
    left = sorted((name, trit) for trit, pool in pools.items() for name in pool)
    return Packing(tuple(triads), kept, tuple(left))


def _taken(pools: dict[int, dict[str, None]], names: Sequence[str], trits: Mapping[str, int]) -> Group:
    for name in names:
        del pools[trits[name]][name]
    return tuple((name, trits[name]) for name in names)
