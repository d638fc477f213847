"""Finding triads in text: ``a (-1) ⊗ b (0) ⊗ c (+1) = 0 ✓``, with ``+`` instead of ``⊗``, and tables of members.

Every search is anchored at a sign that prose does not use (``⊗``, or ``) +``), and every repetition is bounded, so a
hostile file costs no more than its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ffcolor.skills.gf3 import format_triad
from ffcolor.skills.model import Member, Place, Triad
from ffcolor.skills.reading.layout import Layout
from ffcolor.skills.reading.values import read_trit

_NAME = r"[\w\u0300-\u036f.\-\u2010\u2011]"
_MEMBER = re.compile(
    rf"(?<!{_NAME})(?P<name>\w{_NAME}{{0,99}})[`*\]]{{0,4}}(?:\([^()\s]{{1,200}}\)[`*]{{0,3}})?"
    r"[ \t]{0,8}\([ \t]{0,3}(?P<trit>[+\-\u2212\u2013]?\d{1,9})[ \t]{0,3}\)"
)
_BETWEEN = re.compile(r"[ \t`*]{0,8}(?:\n[ \t>]{0,12})?([⊗+])[ \t]{0,8}(?:\n[ \t>]{0,12})?[`*\[]{0,4}")
_SIGN = re.compile(r"⊗|\)[`*]{0,4}[ \t]{0,8}(?:\n[ \t>]{0,12})?\+[ \t]")
_BEFORE = re.compile(r"⊗[ \t]{0,8}(?:\n[ \t>]{0,12})?[`*\[]{0,4}(?:[\w-]{1,40}[ \t]{1,3}){0,4}[`*\[]{0,4}$")
_AFTER = re.compile(r"[ \t`*]{0,8}(?:\n[ \t>]{0,12})?⊗")
_REST = re.compile(r"[ \t`*|\"']{0,12}(?:\[[^\]\n]{0,80}\])?[ \t|`*]{0,12}(?:\n[ \t>]{0,12}(?=[=≡]))?([^\n]{0,200})")
_RESULT = re.compile(
    r"(=|≡|≠|!=|\u2192|->)[ \t`*]{0,6}([+\-\u2212\u2013]?\d{1,9})(?!\.?\d)(?![ \t]{0,4}[+\-\u2212\u2013][ \t(]{0,3}\d)"
    r"(?![ \t](?!mod\b|is\b|and\b|so\b|balanced|conserved)[a-z])"
)
_YES, _NO = "✓✔✅☑", "✗✘❌✕✖"
_WORDS = re.compile(r"\b(?:(not[ \t]{1,3}|un|im)?(balanced|conserved))\b", re.I)
_DELIMITER = re.compile(
    r"^[ \t>]{0,20}\|?[ \t]{0,40}:?-+:?[ \t]{0,40}(?:\|[ \t]{0,40}:?-+:?[ \t]{0,40})*\|?[ \t]*$", re.M
)
_CELL_LINK = re.compile(r"\[([^\]\n]{1,100})\]\([^)\n]{0,300}\)")
_TABLE_ROWS = 40
_MOST_MEMBERS = 50
_STATED = re.compile(r"\([+\-\u2212\u2013]?\d\)[ \t]{0,3}[+⊗]")


class Formula(NamedTuple):
    """Members that follow each other with ⊗ or + between, as matches in a text."""

    members: list[re.Match[str]]
    has_tensor: bool


def find_formulas(text: str, start: int, end: int) -> list[Formula]:
    """The formulas between two offsets; one with a member that has no number is left out whole."""
    return list(_groups(text, start, end)) if "(" in text else []


def triads_of(formulas: list[Formula], text: str, layout: Layout, end: int) -> Iterator[Triad]:
    """The formulas whose numbers are trits; those joined by + alone have the form ``"sum"`` and may be no triads."""
    for matches, has_tensor in formulas:
        trits = [_number(match["trit"]) for match in matches]
        if len(matches) < (2 if has_tensor else 3) or not all(-1 <= trit <= 1 for trit in trits):
            continue
        first, last = matches[0], matches[-1]
        members = tuple(_member(match, layout) for match in matches)
        form = "block" if layout.in_block(first.start()) else "tensor" if has_tensor else "sum"
        result, place, claim = _read_rest(text, last.end(), end, layout)
        written = text[first.start() : last.end()]
        yield Triad(members, written, form, layout.place(first.start("name")), result, place, claim)


def illegal_numbers(formulas: list[Formula]) -> Iterator[re.Match[str]]:
    """The members of ⊗ formulas whose number is not a trit, in formulas where another one is."""
    for matches, has_tensor in formulas:
        good = [match for match in matches if -1 <= _number(match["trit"]) <= 1]
        if has_tensor and good and len(matches) > 2:
            yield from (match for match in matches if match not in good)


def _groups(text: str, start: int, end: int) -> Iterator[Formula]:
    for low, high in _regions(text, start, end):
        group: list[re.Match[str]] = []
        tensors = 0
        for match in _MEMBER.finditer(text, low, high):
            if not any(char.isalpha() for char in match["name"]):
                group, tensors = [], 0
                continue
            between = _BETWEEN.fullmatch(text, group[-1].end(), match.start()) if group else None
            if between:
                tensors += between.group(1) == "⊗"
                group.append(match)
                continue
            if 1 < len(group) <= _MOST_MEMBERS and _is_whole(text, group, low, high):
                yield Formula(group, tensors > 0)
            group, tensors = [match], 0
        if 1 < len(group) <= _MOST_MEMBERS and _is_whole(text, group, low, high):
            yield Formula(group, tensors > 0)


def _is_whole(text: str, group: list[re.Match[str]], low: int, high: int) -> bool:
    before = text[max(low, group[0].start() - 120) : group[0].start()]
    return not _BEFORE.search(before) and not _AFTER.match(text, group[-1].end(), high)


def _regions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches of whole lines around ⊗ and ``) +``, with the lines that a formula may run on to."""
    low = high = -1
    for match in _SIGN.finditer(text, start, end):
        if match.start() < high:
            continue
        line = text.rfind("\n", start, match.start()) + 1 or start
        if line > start:
            line = text.rfind("\n", start, line - 1) + 1 or start
        after = text.find("\n", match.end(), end)
        after = text.find("\n", after + 1, end) if after >= 0 else -1
        after = end if after < 0 else after
        if line <= high:
            high = after
            continue
        if low >= 0:
            yield low, high
        low, high = line, after
    if low >= 0:
        yield low, high


def _number(text: str) -> int:
    return int(text.replace("\u2212", "-").replace("\u2013", "-"))


def _member(match: re.Match[str], layout: Layout) -> Member:
    return Member(nfc(match["name"]), _number(match["trit"]), layout.place(match.start("name")))


def nfc(name: str) -> str:
    """A name in Unicode's composed form, in which names are compared."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _read_rest(text: str, start: int, end: int, layout: Layout) -> tuple[int | None, Place | None, bool | None]:
    """What is stated after a formula: result, its place, and whether it claims balance."""
    rest = _REST.match(text, start, end)
    if rest is None:
        return None, None, None
    base, said = rest.start(1), rest.group(1).split("⊗", 1)[0]
    marks = [char for char in said[:120] if char in _YES or char in _NO]
    word = _WORDS.search(said[:60])
    if said[:1] not in "=≡≠!\u2192-":
        near = said[:24]
        if marks and near.lstrip(" \t(")[:1] == marks[0]:
            return None, None, marks[0] in _YES
        if word and re.fullmatch(r"[ \t]*(?:[:,(\u2014\u2013-]|is|are)?[ \t(]*", said[: word.start()]):
            return None, None, word.group(1) is None
        return None, None, None
    results = list(_RESULT.finditer(said))
    claim = marks[0] in _YES if marks else word.group(1) is None if word else None
    if not results:
        return None, None, claim
    last = results[-1]
    if last.group(1) in ("≠", "!="):
        return None, None, False
    return _number(last.group(2)), layout.place(base + last.start(2)), claim


def find_tables(layout: Layout) -> Iterator[Triad]:
    """Tables with a column of trits and a column of skills: ``| Trit | Skill | Role |``, a member a row."""
    for start in layout.speaking:
        header = [cell.strip(" \t>*`_").casefold() for cell, _ in cells(layout, start)]
        skill = next((index for index, cell in enumerate(header) if cell in ("skill", "member")), None)
        if skill is None or "trit" not in header:
            continue
        below = layout.line_end(start) + 1
        end = min(layout.line_end(below), below + 500) if below < len(layout.prose) else below
        if "|" in layout.prose[below:end] and _DELIMITER.fullmatch(layout.prose, below, end):
            yield from _read_table(layout, end + 1, header.index("trit"), skill)


def _read_table(layout: Layout, offset: int, trit_column: int, skill_column: int) -> Iterator[Triad]:
    members: list[Member] = []
    result: int | None = None
    result_place: Place | None = None
    claim: bool | None = None
    rows = 0
    while offset < len(layout.prose) and rows <= _TABLE_ROWS:
        row = cells(layout, offset)
        if len(row) < 2:
            break
        rows += 1
        offset = layout.line_end(offset) + 1
        if max(trit_column, skill_column) >= len(row):
            continue
        (name, name_at), (trit, trit_at) = row[skill_column], row[trit_column]
        if _is_sum(name) or _is_sum(trit):
            stated, stated_at = (trit, trit_at) if _is_sum(name) else (name, name_at)
            if total := read_trit(stated):
                result, result_place = total.value, layout.place(stated_at + total.start)
            continue
        plain, reading = _plain_name(name), read_trit(trit)
        if plain is not None and reading is not None and reading.value is not None:
            members.append(Member(nfc(plain[0]), reading.value, layout.place(name_at + plain[1])))
    most = 4 if trit_column < skill_column else 3
    if not (2 if trit_column < skill_column else 3) <= len(members) <= most:
        return
    if result is None:
        result, result_place, claim = _stated_below(layout, offset)
    text = format_triad((member.name, member.trit) for member in members)
    yield Triad(tuple(members), text, "table", members[0].place, result, result_place, claim)


def _stated_below(layout: Layout, offset: int) -> tuple[int | None, Place | None, bool | None]:
    """The line ``**Conservation**: (-1) + (0) + (+1) = 0 ✓`` under a table."""
    for _ in range(3):
        end = layout.line_end(offset)
        stated = list(_STATED.finditer(layout.prose, offset, min(end, offset + 200)))
        if stated:
            equals = layout.prose.find("=", stated[-1].end(), end)
            return _read_rest(layout.prose, equals, end, layout) if equals >= 0 else (None, None, None)
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
    if not re.fullmatch(rf"\w{_NAME}{{0,99}}", stripped) or not any(char.isalpha() for char in stripped):
        return None
    return stripped, base + text.index(stripped)
