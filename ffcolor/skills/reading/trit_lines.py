"""Reading the trits that a body declares: in lines of their own, in and below headings, in tables and in fences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ffcolor.skills.model import Source, TritClaim
from ffcolor.skills.reading.layout import PLAIN_FENCES, Layout
from ffcolor.skills.reading.tables import cells
from ffcolor.skills.reading.values import SIGN, Reading, read_color, read_trit

TRIT = r"(?:GF\(3\)[ \t-]{1,3})?Trit(?:[ \t]{1,3}(?:Assignment|Value))?(?![^\W_]|-)"
COLOR = r"(?:GF\(3\)[ \t-]{1,3})?Colou?r(?![^\W_]|-)"
_MARK = r"(?:\*{1,3}|_{1,3}|`)"
_BULLET = r"(?:[-*+•]|\d{1,3}[.)])[ \t]{1,4}(?:\[[ xX]\][ ])?"
_LABELLED = re.compile(
    rf"(?P<indent>[ \t\u00a0>]{{0,20}})(?P<bullet>{_BULLET})?(?P<lead>[^\w\s*<`|#]{{0,3}}[ ]?)"
    rf"(?P<mark>{_MARK})?(?:(?P<trit>{TRIT})|(?P<color>{COLOR}))",
    re.I,
)
_CLOSED = re.compile(  # what follows a label in emphasis that ends behind it: `**: `, `:** `, `** — `
    rf"[ \t]{{0,3}}(?P<inside>[:=]?)[ \t]{{0,3}}{_MARK}[ \t]{{0,8}}(?P<outside>[:=\u2192\u2014\u2013]|-(?=[ \t]))?"
)
_OPEN = re.compile(r"[ \t\u00a0]{0,3}(?P<sign>[:=])")
_FIELD = re.compile(r"[ \t]{0,3}[|·•;,/\u2014\u2013][ \t]{1,3}(?=\*\*|__)")
_FIELDS = re.compile(rf"[ \t>]{{0,20}}(?:{_BULLET})?(?:\*\*|__)\w")
_INNER = re.compile(rf"[ \t]{{1,3}}(?={SIGN}?\d{{1,2}}{_MARK})")  # `**Trit 0** …`
_CERTAIN = re.compile(rf"[(\[`*_ \t]{{0,5}}(?:{SIGN}?\d|[A-Z]{{3,}})")  # a value without a colon: `**Trit** +1`
_EMPHASIS = re.compile(r"(?<!\w)_+|_+(?!\w)")
_HEADED = re.compile(rf"[^\w\s]{{0,3}}[ ]?(?:\d{{1,3}}[.)]?[ ]{{1,3}})?{_MARK}?{TRIT}[*_]{{0,3}}", re.I)
_SAID = re.compile(r"[ \t]{0,3}[:=\u2192\u2014\u2013][*_]{0,3}[ \t]{0,3}(?=\S)|[ \t]{0,3}(?=\()")
_NEXT = re.compile(
    rf"\n(?:[ \t>]{{0,20}}\n){{0,3}}[ \t>]{{0,3}}(?:{_BULLET})?(?P<fence>```|~~~)?(?P<value>[^\n#|\0]{{0,200}})"
)
_TITLE_WORD_FIRST = re.compile(r"\b([A-Za-z]{3,12})[ ]{0,2}\(([+\-\u2212]?\d)\)$")
_TITLE_IN_PARENS = re.compile(r"\((?:[A-Za-z]{3,12}[ ,:]{1,2}[+\-\u2212]?\d|[+\-\u2212]?\d[ ,:]{1,2}[A-Za-z]{3,12})\)$")
_ROW = re.compile(
    rf"[ \t>]{{0,20}}\|?[ \t]{{0,40}}[*_`]{{0,3}}(?:(?P<trit>{TRIT})|(?P<role>Role)|(?P<color>{COLOR}))"
    r"[*_`:]{0,4}[ \t]{0,40}\|",
    re.I,
)
_FENCED = re.compile(
    rf"^[ \t>]{{0,20}}(?:{_BULLET})?(?:(?P<trit>(?:GF\(3\)[ ])?Trit(?:[ ](?:Assignment|Value))?)|(?P<color>Color))"
    r"[ \t]{0,8}:(?P<value>[^\n]{0,300})",
    re.M,
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_OTHER = re.compile(
    rf"[ \t>]*(?:{_BULLET})?(?P<key>name:[ \t]*)?(?P<mark>[*_`\[]{{0,5}})(?P<name>[\w-]{{1,100}})(?P<rest>[^\n]*)"
)
_NOT_NAME = re.compile(r"^\d{1,3}[.)][ \t]+|[ \t]*\([^()]*\)$")
_ALONE = re.compile(r"(?:\([^()]{0,200}\))?[*_`]{0,3}:?[*_`]{0,3}")
_MOST = 2000  # declarations of one kind that are read in one file
_REACH = 30  # lines above a list that may say whom it is about


class Line(NamedTuple):
    """A line that begins with ``Trit:`` or ``Color:``: the value, where it begins, and how the line is written."""

    start: int
    value: str
    offset: int
    is_trit: bool
    form: str
    indent: int
    has_bullet: bool


def lines_of(layout: Layout) -> Iterator[Line]:
    """The lines of prose that begin with a label; the value of one that says nothing more is empty."""
    for start in layout.speaking:
        match = _LABELLED.match(layout.prose, start) or _later_field(layout, start)
        if match is None:
            continue
        indent = len(match["indent"].expandtabs(4).rsplit(">", 1)[-1])
        if indent > 3 and not match["bullet"]:
            continue  # a block of code
        rest = layout.prose[match.end() : min(layout.line_end(match.end()), match.end() + 300)]
        skipped = _value_at(match, rest)
        if skipped is None:
            continue
        value = _EMPHASIS.sub(lambda found: "*" * len(found.group()), rest[skipped:])
        is_bold = match["mark"] and not _INNER.match(rest)
        form, has_bullet = "bold" if is_bold else "bare", match["bullet"] is not None
        yield Line(start, value, match.end() + skipped, bool(match["trit"]), form, indent, has_bullet)


def _later_field(layout: Layout, start: int) -> re.Match[str] | None:
    """The label of a trit that follows others in its line: ``**Version**: 1 | **Trit**: 0``."""
    if not _FIELDS.match(layout.prose, start):
        return None
    end = min(layout.line_end(start), start + 300)
    fields = (_LABELLED.match(layout.prose, each.end()) for each in _FIELD.finditer(layout.prose, start, end))
    return next((match for match in fields if match and match["trit"]), None)


def _value_at(match: re.Match[str], rest: str) -> int | None:
    """Where the value begins in what follows a label; None when none does."""
    opened = _OPEN.match(rest)
    if match["mark"]:
        closed = _CLOSED.match(rest)
        is_code = match["mark"] == "`"  # a name in a program, unless it is a label of its own
        if is_code and (closed is None or not (match["trit"] or match["color"])[:1].isupper()):
            return None
        if closed is None:
            opened = opened or _INNER.match(rest)  # `**Trit 0** (ERGODIC)`
            return opened.end() if opened else None
        is_said = closed["inside"] or closed["outside"] or _CERTAIN.match(rest, closed.end())
        return closed.end() if is_said else None
    lead = match["lead"].strip()
    is_comment = lead and lead.isascii()  # `# Trit: 0`, `;; Trit: 0`
    is_capital = (match["trit"] or match["color"])[:1].isupper()  # `trit: 0` is YAML, `trit = 0` a program
    if opened is None or is_comment or not (is_capital or (match["bullet"] and opened["sign"] == ":")):
        return None
    return opened.end()


def trits_in_lines(layout: Layout, own: frozenset[str]) -> Iterator[TritClaim]:
    """The trits that lines of their own declare, with or without emphasis; `own` are the names of the skill itself."""
    bare: list[tuple[Line, Reading]] = []
    bold: list[tuple[Line, Reading]] = []
    for line in lines_of(layout):
        if not line.is_trit or _is_about_another(layout, line, own):
            continue
        reading = read_trit(line.value)
        if reading is None:
            if not line.value.strip(" \t*"):
                yield from _below(layout, layout.line_end(line.start), "bold" if line.form == "bold" else "bare")
        else:
            (bare if line.form == "bare" else bold).append((line, reading))
    if len({reading.value for _, reading in bold} - {None}) < 3:  # else they say what each trit means
        for line, reading in bold:
            yield claim(layout, reading, line.offset, "author", "bold")
    for line, reading in _declared(layout, bare):
        yield claim(layout, reading, line.offset, "author", "bare")


def _declared(layout: Layout, bare: list[tuple[Line, Reading]]) -> Iterator[tuple[Line, Reading]]:
    """Those of the lines without emphasis that are not a list of what each trit means."""
    groups: list[list[tuple[Line, Reading]]] = []
    for line, reading in bare:
        if groups and "\n\n" not in layout.prose[groups[-1][-1][0].start : line.start]:
            groups[-1].append((line, reading))
        else:
            groups.append([(line, reading)])
    alone = [group for group in groups if len({reading.value for _, reading in group}) == 1]
    if len({group[0][1].value for group in alone} - {None}) < 3:
        for group in alone:
            yield from group


def _is_about_another(layout: Layout, line: Line, own: frozenset[str]) -> bool:
    """Whether the heading, or the list that a line belongs to, names another skill."""
    level, heading = layout.heading_at(line.start)
    about = _NOT_NAME.sub("", heading).strip("`* ")
    if level > (2 if line.form == "bold" else 1) and _SLUG.fullmatch(about) and about not in own:
        return True
    if not line.indent and not line.has_bullet:
        return False
    return _names_another(_above(layout, line), own, is_inside=line.indent > 0)


def _above(layout: Layout, line: Line) -> str:
    """The line above that a line of a list belongs to: one with less indentation, or the one before the list."""
    end, blanks = line.start - 1, 0
    for _ in range(_REACH):
        if end <= layout.body:
            break
        start = layout.prose.rfind("\n", 0, end) + 1
        text = layout.prose[start : min(end, start + 200)]
        bare = text.lstrip(" \t>")
        indent = len(text[: len(text) - len(bare)].expandtabs(4).rsplit(">", 1)[-1])
        if not bare:
            blanks += 1
            if blanks > 1 and not line.indent:
                break
        elif indent < line.indent or not (indent or re.match(_BULLET, bare)):
            return text
        end = start - 1
    return ""


def _names_another(text: str, own: frozenset[str], *, is_inside: bool) -> bool:
    """Whether a line is the head of a list about one skill, in marks or with hyphens in its name, that is another.

    A list inside an item is about what the item begins with; another one only about a line that says nothing more.
    """
    match = _OTHER.match(text)
    if match is None or match["name"] in own or not match["name"].islower():
        return False
    rest = match["rest"].strip("*_`] \t")
    is_head = not rest or rest[0] in ":(\u2014\u2013-" if is_inside else _ALONE.fullmatch(rest) is not None
    return is_head and ("`" in match["mark"] or bool(match["key"]) or _SLUG.fullmatch(match["name"]) is not None)


def claim(layout: Layout, reading: Reading, offset: int, source: Source, form: str) -> TritClaim:
    """What a text declares that was read at an offset; between the gf3 marks it is generated."""
    if layout.in_block(offset):
        source, form = "generated", "block"
    place = layout.place(offset + reading.start)
    return TritClaim(reading.value, reading.text, source, form, place, reading.role, reading.role_trit)


def trits_in_headings(layout: Layout) -> Iterator[TritClaim]:
    """What headings declare: ``## GF(3) Trit: +1``, ``## Trit Value`` over a value, and the suffix of the title."""
    titled = False
    for offset, level, text in layout.headings[:_MOST]:
        at = layout.prose.index(text, offset + level) if text else offset
        if match := _HEADED.match(text):
            said = _SAID.match(text, match.end())
            reading = read_trit(text[said.end() :]) if said else None
            if said and reading:
                yield claim(layout, reading, at + said.end(), "author", "heading")
            elif not text[match.end() :].strip(" \t:*_"):
                yield from _below(layout, layout.line_end(offset), "heading")
        if level == 1 and not titled:
            titled = True
            yield from _title(layout, at, text)


def _title(layout: Layout, at: int, text: str) -> Iterator[TritClaim]:
    tail = text[-60:]
    match = _TITLE_IN_PARENS.search(tail) or _TITLE_WORD_FIRST.search(tail)
    reading = read_trit(match.group()) if match else None
    if match and reading and reading.role and reading.text[-1].isdigit():
        yield claim(layout, reading, at + len(text) - len(tail) + match.start(), "author", "title")


def _below(layout: Layout, end: int, form: str) -> Iterator[TritClaim]:
    """The value in the first line with text below a label, unless the next one is another: then it is a list."""
    match = _NEXT.match(layout.prose, end)
    if match is None:
        return
    if match["fence"]:
        start = layout.line_end(match.start("value")) + 1
        fence = next((fence for fence in layout.fences if fence.start == start), None)
        content = layout.text[fence.start : fence.end].rstrip() if fence and fence.info in PLAIN_FENCES else "\n"
        if "\n" in content:
            return
        at, value, following = start, content, None
    else:
        at, value = match.start("value"), match["value"]
        following = _NEXT.match(layout.prose, match.end())
    reading = read_trit(_EMPHASIS.sub(lambda found: "*" * len(found.group()), value))
    another = read_trit(following["value"]) if following else None
    is_word = reading is not None and not reading.is_number and not reading.text.isupper()
    if reading and not is_word and not (another and another.value != reading.value):
        yield claim(layout, reading, at, "author", form)


def trits_in_rows(layout: Layout) -> Iterator[TritClaim]:
    """What tables declare: ``| Trit | -1 (MINUS) |``, ``| **Role** | SLAVE (-1) |``."""
    for match in rows_of(layout):
        if match["color"] or is_header(layout, match.start()):
            continue
        row = cells(layout, match.start())[1:]
        readings = [(reading, at) for cell, at in row if (reading := read_trit(cell))]
        if len(readings) != 1 or not row or readings[0][1] != row[0][1]:
            continue
        reading, at = readings[0]
        if match["trit"] or (reading.role and reading.is_number):
            yield claim(layout, reading, at, "author", "table")


def rows_of(layout: Layout) -> Iterator[re.Match[str]]:
    """The rows of tables that begin with a trit, a role or a colour."""
    return (match for start in layout.speaking if (match := _ROW.match(layout.prose, start)))


def is_header(layout: Layout, offset: int) -> bool:
    """Whether a table row is a header over columns, ``| Trit | Skill | Role |``, and no pair of label and value."""
    row = cells(layout, offset)
    return len(row) < 2 or (len(row) > 2 and not read_trit(row[1][0]) and not read_color(row[1][0]))


def fenced(layout: Layout, group: str) -> Iterator[re.Match[str]]:
    """The lines ``Trit: …`` (or ``Color: …``) of fences that hold text."""
    count = 0
    for fence in layout.fences:
        if fence.info.split(" ")[0] not in PLAIN_FENCES:
            continue
        for match in _FENCED.finditer(layout.text, fence.start, fence.end):
            if match[group] and not layout.in_block(match.start()):
                count += 1
                yield match
                if count >= _MOST:
                    return


def trits_in_fences(layout: Layout) -> Iterator[TritClaim]:
    """The generated block's trit; several different ones in one file are examples, and declare nothing."""
    readings = [
        (reading, match.start("value")) for match in fenced(layout, "trit") if (reading := read_trit(match["value"]))
    ]
    if readings and len({reading.value for reading, _ in readings}) == 1:
        yield claim(layout, *readings[0], "generated", "fence")
