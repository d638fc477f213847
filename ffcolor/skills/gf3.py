"""Arithmetic over GF(3), the field of three elements, written here as the trits -1, 0 and +1.

A *triad* is balanced when its trits sum to 0 modulo 3: one of each, or three alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ffcolor.errors import FfcolorError

TRITS = (-1, 0, 1)
"""The three trits in order."""

WORDS = {
    "MINUS": -1,
    "ERGODIC": 0,
    "PLUS": 1,
    "VALIDATOR": -1,
    "COORDINATOR": 0,
    "GENERATOR": 1,
    "SLAVE": -1,
    "MASTER": 0,
    "GAY": 1,
}
"""What people write instead of a number; the first three are the names of the trits."""

NAMES = {-1: "MINUS", 0: "ERGODIC", 1: "PLUS"}
"""The word that ffcolor writes for each trit."""

_NUMBER = re.compile(r"\+?1|[-\u2212]1|[+-]?0")


def add(trits: Iterable[int]) -> int:
    """Sum trits in GF(3); the sum of none is 0.

    >>> add([1, 1]), add([1, -1, 0])
    (-1, 0)

    Raises:
        FfcolorError: `trit` for a value that is not -1, 0 or 1.
    """
    return (sum(_checked(trit) for trit in trits) + 1) % 3 - 1


def is_balanced(trits: Iterable[int]) -> bool:
    """Whether trits sum to 0 modulo 3.

    >>> is_balanced([1, 0, -1]), is_balanced([1, 1, 1]), is_balanced([1, 1, 0])
    (True, True, False)

    Raises:
        FfcolorError: `trit` for a value that is not -1, 0 or 1.
    """
    return add(trits) == 0


def needed(trits: Iterable[int]) -> int:
    """The one trit that balances the trits given.

    >>> needed([1, 0]), needed([1, 1])
    (-1, 1)

    Raises:
        FfcolorError: `trit` for a value that is not -1, 0 or 1.
    """
    return -add(trits)


def read_trit(text: str) -> int | None:
    """Read a trit as people write it: ``+1 1 0 -1``, with U+2212 for the minus too, or a role word in any case.

    Returns None for anything else.

    >>> [read_trit(text) for text in ("+1", "\u22121", "ergodic", "2")]
    [1, -1, 0, None]
    """
    word = text.strip()
    if _NUMBER.fullmatch(word):
        return int(word.replace("\u2212", "-"))
    return WORDS.get(word.upper())


def format_trit(trit: int) -> str:
    """Write a trit with its sign, as in ``+1``, ``0``, ``-1``: the form that is written everywhere.

    >>> [format_trit(trit) for trit in TRITS]
    ['-1', '0', '+1']

    Raises:
        FfcolorError: `trit` for a value that is not -1, 0 or 1.
    """
    return f"{trit:+d}" if _checked(trit) else "0"


def format_triad(members: Iterable[Sequence[Any]]) -> str:
    """Write skills with their trits as people write a triad.

    >>> format_triad([("a", -1), ("b", 0), ("c", 1)])
    'a (-1) ⊗ b (0) ⊗ c (+1)'

    Args:
        members: the name and the trit of each.
    """
    return " ⊗ ".join(f"{name} ({format_trit(trit)})" for name, trit in members)


def _checked(trit: int) -> int:
    if type(trit) is not int or trit not in TRITS:
        raise FfcolorError(f"{trit!r} is not a trit: write -1, 0 or 1", code="trit", value=trit)
    return trit
