"""Reading what a Markdown body declares: trits, colours, triads, front matter in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ffcolor.skills.model import ColorClaim, FrontMatter, Source, Triad, TritClaim
from ffcolor.skills.reading import trit_lines
from ffcolor.skills.reading.front_matter import find_end, parse
from ffcolor.skills.reading.layout import Layout, Span
from ffcolor.skills.reading.tables import Table, cells
from ffcolor.skills.reading.triad_text import Formula, illegal_numbers, triads_of
from ffcolor.skills.reading.values import read_color

_KNOWN_KEY = re.compile(
    r"(?:name|description|license|compatibility|metadata|allowed-tools|version|trit|color|role|polarity|gf3[_-]\w{1,20})"
    r"[ \t]{0,3}:"
)
_TRIES, _LONGEST = 40, 80  # blocks that may be displaced front matter, and lines of one


def read_trits(layout: Layout, own: frozenset[str], formulas: list[Formula], tables: list[Table]) -> list[TritClaim]:
    """The trits that a body declares, in file order; `own` are the names of the skill itself."""
    found = [
        *trit_lines.trits_in_lines(layout, own),
        *trit_lines.trits_in_headings(layout),
        *trit_lines.trits_in_rows(layout),
        *trit_lines.trits_in_fences(layout),
        *illegal_trits(layout, formulas, tables),
    ]
    return sorted(found, key=lambda claim: claim.place)


def illegal_trits(layout: Layout, formulas: list[Formula], tables: list[Table]) -> list[TritClaim]:
    """The numbers in triads that are not trits; they declare nothing."""
    found = [
        TritClaim(None, match["trit"], "author", "triad", layout.place(match.start("trit")))
        for match in illegal_numbers(formulas)
    ]
    return found + [claim for table in tables for claim in table.illegal]


def read_colors(layout: Layout) -> list[ColorClaim]:
    """The colours that a body declares, in file order."""
    found: list[ColorClaim] = []
    for line in trit_lines.lines_of(layout):
        if not line.is_trit and line.form == "bold":
            found += _color(layout, line.value, line.offset, "author", "bold")
    for match in trit_lines.rows_of(layout):
        row = cells(layout, match.start()) if match["color"] else []
        if len(row) == 2 and not trit_lines.is_header(layout, match.start()):
            found += _color(layout, row[1][0], row[1][1], "author", "table")
    fenced = list(trit_lines.fenced(layout, "color"))
    if len({match["value"].strip().upper() for match in fenced}) == 1:
        found += _color(layout, fenced[0]["value"], fenced[0].start("value"), "generated", "fence")
    return sorted(found, key=lambda claim: claim.place)


def read_triads(layout: Layout, formulas: list[Formula], tables: list[Table]) -> list[Triad]:
    """The triads in a body, in file order; sums of names that are not skills are among them."""
    found = [*triads_of(formulas, layout.visible, layout, len(layout.text))]
    found += [table.triad for table in tables if table.triad]
    return sorted(found, key=lambda triad: triad.place)


def find_displaced(layout: Layout, lines: tuple[str, ...], own: frozenset[str]) -> FrontMatter | None:
    """Front matter below the top: between ``---`` lines in the body, or in a fence of YAML, that speaks of this skill.

    A fence shows other skills' front matter as often as not, so it has to bear the skill's own name.
    """
    position, tries = layout.body, 0
    while (position := _next_rule(layout.prose, position)) >= 0 and tries < _TRIES:
        number = layout.place(position).line
        end = None
        if number < len(lines) and _KNOWN_KEY.match(lines[number]):
            tries += 1
            end = find_end(lines[: number + _LONGEST], number - 1)
        if end is not None and (front := _mapping(lines, number, end + 1)):
            name = front.get("name")
            if name is None or name.text in own or number <= 3:
                return front
        position += 1
    for fence in layout.fences:
        if (
            tries < _TRIES
            and fence.info.split(" ")[0] in ("yaml", "yml", "")
            and "name:" in layout.text[fence.start : fence.end]
        ):
            tries += 1
            front = _fenced_front(layout, lines, fence)
            name = front.get("name") if front else None
            if name is not None and name.text in own:
                return front
    return None


def _next_rule(prose: str, start: int) -> int:
    """The offset of the next line that begins with ``---``."""
    if prose.startswith("---", start) and (start == 0 or prose[start - 1] == "\n"):
        return start
    found = prose.find("\n---", start)
    return found + 1 if found >= 0 else -1


def _fenced_front(layout: Layout, lines: tuple[str, ...], fence: Span) -> FrontMatter | None:
    first, last = layout.place(fence.start).line, layout.place(max(fence.end - 1, fence.start)).line
    inner = range(first, min(last, first + _LONGEST) + 1)
    if first > len(lines) or not any(lines[number - 1].startswith("name:") for number in inner if number <= len(lines)):
        return None
    opened = lines[first - 1].rstrip() == "---"
    start = first if opened else first - 1
    end = find_end(lines, start) if opened else None
    close = end + 1 if end is not None and end < last else last + 1
    front = _mapping(lines, start, close)
    described = front is not None and any(front.get(key) for key in ("description", "trit", "metadata", "gf3_triad"))
    return front if described else None


def _mapping(lines: tuple[str, ...], first: int, last: int) -> FrontMatter | None:
    front = parse(lines, first, last)
    return front if front.error is None and front.entries else None


def _color(layout: Layout, text: str, offset: int, source: Source, form: str) -> Iterator[ColorClaim]:
    if reading := read_color(text):
        if layout.in_block(offset):
            source, form = "generated", "block"
        yield ColorClaim(reading.hex, reading.text, source, form, layout.place(offset + reading.start), reading.name)
