"""The visible block of a SKILL.md, between its two marks: written anew from the front matter, never by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ffcolor.skills import gf3
from ffcolor.skills.model import Member, Triad

BEGIN, END = "<!-- gf3:begin -->", "<!-- gf3:end -->"


def render(trit: int | None, color: str | None, triads: Iterable[Triad]) -> list[str]:
    """The lines between the marks, without line ends.

    >>> print(*render(1, "#D82626", []), sep=chr(10))
    - **Trit**: +1 (PLUS)
    - **Color**: #D82626
    """
    lines = []
    if trit is not None:
        lines.append(f"- **Trit**: {gf3.format_trit(trit)} ({gf3.NAMES[trit]})")
    if color is not None:
        lines.append(f"- **Color**: {color}")
    return [*lines, *(f"- {formula(triad.members)}" for triad in triads)]


def formula(members: Sequence[Member]) -> str:
    """A triad as people read it, with its sum: 0 and ✓ when it is balanced.

    >>> from ffcolor.skills.model import Place
    >>> formula([Member(name, trit, Place(1, 1)) for name, trit in (("a", -1), ("b", 0), ("c", 1))])
    'a (-1) ⊗ b (0) ⊗ c (+1) = 0 ✓'
    """
    total = sum(member.trit for member in members)
    told = "0 ✓" if total % 3 == 0 else f"{total} ✗"
    return f"{gf3.format_triad((member.name, member.trit) for member in members)} = {told}"


def compact(triads: Iterable[Triad]) -> str:
    """Triads as the front matter holds them: one a line, `a:-1 b:0 c:+1`, each once."""
    rows = (" ".join(f"{each.name}:{gf3.format_trit(each.trit)}" for each in triad.members) for triad in triads)
    return "".join(f"{row}\n" for row in dict.fromkeys(rows))
