"""Reading what a Markdown body declares: trits, colours, triads, front matter in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ffcolor.skills.model import ColorClaim, FrontMatter, Place, Source, Triad, TritClaim
from ffcolor.skills.reading.front_matter import find_end, parse
from ffcolor.skills.reading.layout import Layout, Span
from ffcolor.skills.reading.triad_text import Formula, cells, find_tables, illegal_numbers, triads_of
from ffcolor.skills.reading.values import Reading, read_color, read_trit

_TRIT_LABEL = r"(?:GF\(3\)[ \t]{1,3})?Trit(?:[ \t]{1,3}(?:Assignment|Value))?"
_COLOR_LABEL = r"(?:GF\(3\)[ \t]{1,3})?Colou?r"
_BOLD = re.compile(
    rf"(?P<indent>[ \t>]{{0,20}})(?P<bullet>(?:[-*+•]|\d{{1,3}}[.)])[ \t]{{1,4}}(?:\[[ xX]\][ ])?)?"
    r"[^\w\s*<`|]{0,3}[ ]?\*\*"
    rf"(?:(?P<trit>{_TRIT_LABEL})|(?P<color>{_COLOR_LABEL}))[ \t]{{0,3}}"
    r"(?::\*\*|\*\*[ \t]{0,3}:)(?P<value>[^\n]{0,300})",
    re.I,
)
_HEADING_TRIT = re.compile(rf"{_TRIT_LABEL}[ \t]{{0,3}}:[ \t]{{0,3}}(?P<value>.*)$", re.I)
_TITLE_WORD_FIRST = re.compile(r"\b([A-Za-z]{3,12})[ ]{0,2}\(([+\-\u2212]?\d)\)$")
_TITLE_IN_PARENS = re.compile(r"\((?:[A-Za-z]{3,12}[ ,:]{1,2}[+\-\u2212]?\d|[+\-\u2212]?\d[ ,:]{1,2}[A-Za-z]{3,12})\)$")
_ROW = re.compile(
    rf"[ \t>]{{0,20}}\|?[ \t]{{0,40}}[*_`]{{0,3}}(?:(?P<trit>{_TRIT_LABEL})|(?P<role>Role)|(?P<color>{_COLOR_LABEL}))"
    r"[*_`:]{0,4}[ \t]{0,40}\|",
    re.I,
)
_FENCED = re.compile(r"^[ \t>]{0,20}(?:(?P<trit>Trit)|(?P<color>Color))[ \t]{0,8}:(?P<value>[^\n]{0,300})", re.M)
_PLAIN_FENCES = frozenset(
    ("", "text", "txt", "plain", "plaintext", "yaml", "yml", "md", "markdown", "cat#", "catsharp")
)
_KNOWN_KEY = re.compile(
    r"(?:name|description|license|compatibility|metadata|allowed-tools|version|trit|color|role|polarity|gf3[_-]\w{1,20})"
    r"[ \t]{0,3}:"
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_TRIES, _LONGEST = 40, 80  # blocks that may be displaced front matter, and lines of one
_MOST = 2000  # declarations of one kind that are read in one file


def read_trits(layout: Layout, own: frozenset[str], formulas: list[Formula]) -> list[TritClaim]:
    """The trits that a body declares, in file order; `own` are the names of the skill itself."""
    found = [*_bold_trits(layout, own), *_heading_trits(layout), *_row_trits(layout), *_fenced_trits(layout)]
    found += (
        TritClaim(None, match["trit"], "author", "triad", layout.place(match.start("trit")))
        for match in illegal_numbers(formulas)
    )
    return sorted(found, key=lambda claim: claim.place)


def read_colors(layout: Layout) -> list[ColorClaim]:
    """The colours that a body declares, in file order."""
    found: list[ColorClaim] = []
    for match in _matches(_BOLD, layout):
        if match["color"] and _is_shown(match):
            found += _color(layout, match["value"], match.start("value"), "author", "bold")
    for match in _matches(_ROW, layout):
        row = cells(layout, match.start()) if match["color"] else []
        if len(row) == 2 and not _is_header(layout, match.start()):
            found += _color(layout, row[1][0], row[1][1], "author", "table")
    fenced = list(_fenced(layout, "color"))
    if len({match["value"].strip().upper() for match in fenced}) == 1:
        found += _color(layout, fenced[0]["value"], fenced[0].start("value"), "generated", "fence")
    return sorted(found, key=lambda claim: claim.place)


def read_triads(layout: Layout, formulas: list[Formula]) -> list[Triad]:
    """The triads in a body, in file order; sums of names that are not skills are among them."""
    found = [*triads_of(formulas, layout.visible, layout, len(layout.text)), *find_tables(layout)]
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


def _matches(pattern: re.Pattern[str], layout: Layout) -> Iterator[re.Match[str]]:
    """The lines that speak of a trit, a role or a colour, and match a pattern."""
    return (match for start in layout.speaking if (match := pattern.match(layout.prose, start)))


def _is_shown(match: re.Match[str]) -> bool:
    """Whether a line is text rather than an indented code block."""
    return bool(match["bullet"]) or len(match["indent"].expandtabs(4).rsplit(">", 1)[-1]) < 4


def _source(layout: Layout, offset: int, usual: Source) -> tuple[Source, str | None]:
    return ("generated", "block") if layout.in_block(offset) else (usual, None)


def _claim(layout: Layout, reading: Reading, offset: int, source: Source, form: str) -> TritClaim:
    source, block = _source(layout, offset, source)
    place = layout.place(offset + reading.start)
    return TritClaim(reading.value, reading.text, source, block or form, place, reading.role, reading.role_trit)


def _bold_trits(layout: Layout, own: frozenset[str]) -> Iterator[TritClaim]:
    for match in _matches(_BOLD, layout):
        if not match["trit"] or not _is_shown(match):
            continue
        level, heading = layout.heading_at(match.start())
        about = re.sub(r"[ \t]*\([^()]*\)$", "", heading).strip("`* ")
        if level > 2 and _SLUG.fullmatch(about) and about not in own:
            continue  # the section is about another skill
        if reading := read_trit(match["value"]):
            yield _claim(layout, reading, match.start("value"), "author", "bold")


def _heading_trits(layout: Layout) -> Iterator[TritClaim]:
    titled = False
    for offset, level, text in layout.headings[:_MOST]:
        at = layout.prose.index(text, offset + level) if text else offset
        if (match := _HEADING_TRIT.match(text)) and (reading := read_trit(match["value"])):
            yield _claim(layout, reading, at + match.start("value"), "author", "heading")
        if level == 1 and not titled:
            titled = True
            tail = text[-60:]
            match = _TITLE_IN_PARENS.search(tail) or _TITLE_WORD_FIRST.search(tail)
            reading = read_trit(match.group()) if match else None
            if match and reading and reading.role and reading.text[-1].isdigit():
                start = at + len(text) - len(tail) + match.start()
                yield _claim(layout, reading, start, "author", "title")


def _row_trits(layout: Layout) -> Iterator[TritClaim]:
    for match in _matches(_ROW, layout):
        if match["color"] or _is_header(layout, match.start()):
            continue
        row = cells(layout, match.start())[1:]
        readings = [(reading, at) for cell, at in row if (reading := read_trit(cell))]
        if len(readings) != 1 or not row or readings[0][1] != row[0][1]:
            continue
        reading, at = readings[0]
        if match["trit"] or (reading.role and reading.is_number):
            yield _claim(layout, reading, at, "author", "table")


def _is_header(layout: Layout, offset: int) -> bool:
    """Whether a table row is a header over columns, ``| Trit | Skill | Role |``, and no pair of label and value."""
    row = cells(layout, offset)
    return len(row) < 2 or (len(row) > 2 and not read_trit(row[1][0]) and not read_color(row[1][0]))


def _fenced(layout: Layout, group: str) -> Iterator[re.Match[str]]:
    count = 0
    for fence in layout.fences:
        if fence.info.split(" ")[0] not in _PLAIN_FENCES:
            continue
        for match in _FENCED.finditer(layout.text, fence.start, fence.end):
            if match[group] and not layout.in_block(match.start()):
                count += 1
                yield match
                if count >= _MOST:
                    return


def _fenced_trits(layout: Layout) -> Iterator[TritClaim]:
    """The generated block's trit; several different ones in one file are examples, and declare nothing."""
    readings = [
        (reading, match.start("value")) for match in _fenced(layout, "trit") if (reading := read_trit(match["value"]))
    ]
    if readings and len({reading.value for reading, _ in readings}) == 1:
        yield _claim(layout, *readings[0], "generated", "fence")


def _color(layout: Layout, text: str, offset: int, source: Source, form: str) -> Iterator[ColorClaim]:
    if reading := read_color(text):
        source, block = _source(layout, offset, source)
        place: Place = layout.place(offset + reading.start)
        yield ColorClaim(reading.hex, reading.text, source, block or form, place, reading.name)
