"""Tables of skills and their trits: a triad, a member a row, or a list of skills that are only mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ffcolor.skills.gf3 import format_triad
from ffcolor.skills.model import Member, Place, Triad, TritClaim
from ffcolor.skills.reading.layout import Layout
from ffcolor.skills.reading.triad_text import NAME, nfc, read_rest
from ffcolor.skills.reading.values import MINUS, PLUS, read_trit

_DELIMITER = re.compile(
    r"^[ \t>]{0,20}\|?[ \t]{0,40}:?-+:?[ \t]{0,40}(?:\|[ \t]{0,40}:?-+:?[ \t]{0,40})*\|?[ \t]*$", re.M
)
_CELL_LINK = re.compile(r"\[([^\]\n]{1,100})\]\([^)\n]{0,300}\)")
_TABLE_ROWS = 40
_LABEL = 60  # characters of a line that may be the title of a table
_MEMBERS = ("skill", "member")
_NAMES = ("skill name", "skills", "related skill", "related skills", "name")
_TRITS = ("trit", "gf(3) trit", "gf(3)", "trit value")
_RELATED = re.compile(
    r"\b(?:related|see also|similar|neighbou?r|depend|prerequisite|companion|complement|concomitant)", re.I
)
_STATED = re.compile(rf"\([{PLUS}{MINUS}]?\d\)[ \t]{{0,3}}[+⊗]")


class Table(NamedTuple):
    """What a table of skills says: a triad, or else skills with their trits; and numbers that are not trits."""

    triad: Triad | None
    mentions: tuple[Member, ...]
    illegal: tuple[TritClaim, ...]


def find_tables(layout: Layout) -> Iterator[Table]:
    """Tables with a column of trits and a column of skills: ``| Trit | Skill | Role |``, a skill a row.

    A table of "Related skills" lists what there is, so it claims nothing of the sum unless it has a row for that; a
    table that begins with skills claims it in such a row or in a line below. One with a row that cannot be read has no
    sum at all.
    """
    for start in layout.speaking:
        header = [cell.strip(" \t>*`_").casefold() for cell, _ in cells(layout, start)]
        skill = next((index for index, cell in enumerate(header) if cell in _MEMBERS or cell in _NAMES), None)
        trit = next((index for index, cell in enumerate(header) if cell in _TRITS), None)
        if skill is None or trit is None:
            continue
        below = layout.line_end(start) + 1
        end = min(layout.line_end(below), below + 500) if below < len(layout.prose) else below
        if "|" in layout.prose[below:end] and _DELIMITER.fullmatch(layout.prose, below, end):
            is_triad = header[skill] in _MEMBERS and not _is_related(layout, start)
            yield _Reader(layout, end + 1, trit, skill).table(is_triad)


def _is_related(layout: Layout, start: int) -> bool:
    """Whether the heading, or a short line right above a table, says that its skills are only related ones."""
    above = layout.prose[max(0, start - 400) : start].rstrip().rpartition("\n")[2]
    said = (layout.heading_at(start)[1], above if len(above) <= _LABEL else "")
    return any(_RELATED.search(text) and "triad" not in text.casefold() for text in said)


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, layout: Layout, offset: int, trit_column: int, skill_column: int):
        self.layout, self.offset = layout, offset
        self.trit, self.skill = trit_column, skill_column
        self.members: list[Member] = []
        self.illegal: list[TritClaim] = []
        self.is_readable = True
        self.stated: tuple[int | None, Place | None] | None = None

    def table(self, is_triad: bool) -> Table:
        """What the table says; `is_triad` is whether its rows may be the members of one triad."""
        for _ in range(_TABLE_ROWS + 1):
            row = cells(self.layout, self.offset) if self.offset < len(self.layout.prose) else []
            if len(row) < 2:
                break
            self.offset = self.layout.line_end(self.offset) + 1
            self._row(row)
        members, illegal = tuple(self.members), tuple(self.illegal) if self.members and is_triad else ()
        is_trit_first = self.trit < self.skill
        fewest, most = (2, 4) if is_trit_first else (3, 3)
        may_be = is_triad or self.stated is not None
        if not may_be or not self.is_readable or not fewest <= len(members) <= most:
            return Table(None, members, illegal)
        result, place, claim = (*self.stated, None) if self.stated else _stated_below(self.layout, self.offset)
        if not is_trit_first and result is None and claim is None:
            return Table(None, members, illegal)  # a list of skills: nothing is said of their sum
        text = format_triad((member.name, member.trit) for member in members)
        return Table(Triad(members, text, "table", members[0].place, result, place, claim), (), illegal)

    def _row(self, row: list[tuple[str, int]]) -> None:
        if max(self.trit, self.skill) >= len(row):
            self.is_readable &= not any(_plain_name(cell) for cell, _ in row)
            return
        (name, name_at), (trit, trit_at) = row[self.skill], row[self.trit]
        if _is_sum(name) or _is_sum(trit):
            stated, stated_at = (trit, trit_at) if _is_sum(name) else (name, name_at)
            if total := read_trit(stated):
                self.stated = total.value, self.layout.place(stated_at + total.start)
            return
        plain, reading = _plain_name(name), read_trit(trit)
        if plain is not None and reading is not None and reading.value is not None:
            self.members.append(Member(nfc(plain[0]), reading.value, self.layout.place(name_at + plain[1])))
        elif name.strip() or trit.strip():
            self.is_readable = False
            if plain is not None and reading is not None and reading.text[-1].isdigit():
                place = self.layout.place(trit_at + reading.start)
                self.illegal.append(TritClaim(None, reading.text, "author", "triad", place))


def _stated_below(layout: Layout, offset: int) -> tuple[int | None, Place | None, bool | None]:
    """The line ``**Conservation**: (-1) + (0) + (+1) = 0 ✓`` under a table."""
    for _ in range(3):
        end = layout.line_end(offset)
        stated = list(_STATED.finditer(layout.prose, offset, min(end, offset + 200)))
        if stated:
            equals = layout.prose.find("=", stated[-1].end(), end)
            return read_rest(layout.prose, equals, end, layout) if equals >= 0 else (None, None, None)
        if end >= len(layout.prose):
            break
        offset = end + 1
    return None, None, None


def cells(layout: Layout, offset: int) -> list[tuple[str, int]]:
    """The cells of the table row at an offset, each with its offset; leading and trailing pipes are optional."""
    end = min(layout.line_end(offset), offset + 2000)
    line = layout.prose[offset:end]
    if "|" not in line:
        return []
    found, position = [], 0
    for piece in re.split(r"(?<!\\)\|", line):
        found.append((piece, offset + position))
        position += len(piece) + 1
    if found and not found[0][0].strip(" \t>"):
        found = found[1:]
    if found and not found[-1][0].strip():
        found = found[:-1]
    return found


def _is_sum(cell: str) -> bool:
    return cell.strip(" \t*`_").casefold() in ("sum", "total", "σ")


def _plain_name(cell: str) -> tuple[str, int] | None:
    """The one name in a cell and where it starts; None when the cell holds something else."""
    link = _CELL_LINK.search(cell)
    text, base = (link.group(1), link.start(1)) if link else (cell, 0)
    stripped = text.strip(" \t*`_")
    if not re.fullmatch(rf"\w{NAME}{{0,99}}", stripped) or not any(char.isalpha() for char in stripped):
        return None
    return stripped, base + text.index(stripped)
