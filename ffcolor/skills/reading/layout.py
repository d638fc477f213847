"""How a Markdown body is laid out: fences, comments, the marked block, headings, and what an inline comment ignores.

Nothing here understands Markdown in full. It knows what decides whether a line speaks for its skill: text inside a
fence is a quotation or generated, text inside an HTML comment is not there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from ffcolor.skills.model import Place

_TOKEN = re.compile(r"```+|~~~+|<!--")  # each begins with a letter of its own: so it is searched for at once
_INDENT = re.compile(r"[ \t>]{0,40}(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,4})?")
_HEADING = re.compile(r"\n {0,3}(#{1,6})[ \t]+([^\n]*)")
_MARK = re.compile(r"<!--\s{0,9}gf3:(begin|end)\s{0,9}-->")
_IGNORE = re.compile(r"gf3:[ \t]{0,9}ignore(-file)?[ \t:]{1,9}((?:GF\d{0,3}[ \t,]{0,9}){1,99})", re.I)
_LONGEST_INLINE = 4000  # characters of a comment inside a paragraph
_LONGEST_REACH = 200  # lines that one comment speaks for, and comments in one file
_BLANK = re.compile(r"[^\n]+")
TRIT_WORDS = ("trit", "Trit", "TRIT")
_SPEAKING = (*TRIT_WORDS, "role", "Role", "ROLE", "color", "colour", "Color", "Colour", "COLOR", "COLOUR")
_MOST_LINES = 4000
PLAIN_FENCES = frozenset(("", "text", "txt", "plain", "plaintext", "yaml", "yml", "md", "markdown", "cat#", "catsharp"))
"""What a fence says after its marks when it holds text, not a program."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text by offsets; `info` is what a fence says after its marks."""

    start: int
    end: int
    info: str = ""


@dataclass(slots=True)
class Layout:
    """A file's text and where things are in it.

    Attributes:
        text: the lines, each ending in a line feed; offsets count its characters.
        starts: the offset of each line.
        body: the offset of the body.
        fences: what stands inside fences.
        comments: HTML comments with their marks.
        blocks: what stands between the gf3 marks.
        headings: offset, level and text of each.
        visible: the text, with spaces for comments.
        prose: the same with NUL for what stands in fences.
        speaking: the offsets of lines of prose that speak of a trit, a role or a colour.
    """

    text: str
    starts: list[int]
    body: int
    fences: list[Span] = field(default_factory=list)
    comments: list[Span] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    headings: list[tuple[int, int, str]] = field(default_factory=list)
    visible: str = ""
    prose: str = ""
    speaking: list[int] = field(default_factory=list)

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return Place(line, offset - self.starts[line - 1] + 1)

    def line_end(self, offset: int) -> int:
        """The offset of the end of the line that an offset is in."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def in_block(self, offset: int) -> bool:
        """Whether an offset lies between the gf3 marks."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return index >= 0 and offset < self.blocks[index].end

    def is_code(self, offset: int) -> bool:
        """Whether an offset lies in a fence that holds a program."""
        index = bisect_right(self.fences, offset, key=lambda fence: fence.start) - 1
        if index < 0 or offset >= self.fences[index].end:
            return False
        return self.fences[index].info.split(" ")[0] not in PLAIN_FENCES

    def heading_at(self, offset: int) -> tuple[int, str]:
        """Level and text of the heading that an offset is under; level 0 when there is none."""
        index = bisect_right(self.headings, (offset, 7, "")) - 1
        return self.headings[index][1:] if index >= 0 else (0, "")


def lay_out(lines: tuple[str, ...], body: int) -> Layout:
    """Find fences, comments and the rest.

    Args:
        lines: all lines of the file, without their ends.
        body: the number (from 1) of the first line after the front matter.
    """
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    starts.pop()
    text = "\n".join(lines)
    layout = Layout(text, starts or [0], starts[body - 1] if body <= len(lines) else len(text))
    _find_spans(layout)
    layout.visible = _blanked(text, layout.comments, " ")
    layout.prose = _blanked(layout.visible, layout.fences, "\0")
    layout.headings = _headings(layout)
    _find_blocks(layout)
    found = islice(hits(layout.prose, _SPEAKING, layout.body), _MOST_LINES)
    layout.speaking = list(dict.fromkeys(starts[bisect_right(starts, offset) - 1] for offset in found))
    return layout


def _headings(layout: Layout) -> list[tuple[int, int, str]]:
    start, shift = layout.body - 1, 1
    prose = layout.prose
    if start < 0:
        start, shift, prose = 0, 0, "\n" + prose
    return [
        (match.start() + shift, len(match.group(1)), match.group(2).rstrip(" \t#"))
        for match in _HEADING.finditer(prose, start)
    ]


def hits(text: str, words: Iterable[str], start: int) -> list[int]:
    """Where any of some words stand in a text, in order; far faster than a pattern of alternatives."""
    found = []
    for word in words:
        offset = text.find(word, start)
        while offset >= 0:
            found.append(offset)
            offset = text.find(word, offset + 1)
    return sorted(found)


def _find_spans(layout: Layout) -> None:
    text, position, close, opened = layout.text, layout.body, 0, None
    for match in _TOKEN.finditer(text, layout.body):
        if match.start() < position:
            continue
        fence = match.group()
        if fence[0] != "<":
            if not _begins_line(text, match.start()):
                continue
            info = text[match.end() : layout.line_end(match.end())].strip()
            if opened is None:
                if fence[0] == "~" or "`" not in info:
                    opened = fence, min(layout.line_end(match.end()) + 1, len(text)), info.lower()
            elif fence[0] == opened[0][0] and len(fence) >= len(opened[0]) and not info:
                layout.fences.append(Span(opened[1], text.rfind("\n", 0, match.start()) + 1, opened[2]))
                opened = None
        elif opened is None:
            if close < match.end():
                found = text.find("-->", match.end())
                close = len(text) if found < 0 else found + 3
            if _is_comment(text, match.start(), close):
                layout.comments.append(Span(match.start(), close))
                position = close
    if opened is not None:
        layout.fences.append(Span(opened[1], len(text), opened[2]))


def _begins_line(text: str, offset: int) -> bool:
    """Whether only indentation, quotation marks and a bullet stand before an offset in its line."""
    low = max(0, offset - 60)
    start = text.rfind("\n", low, offset) + 1
    return (start > low or low == 0) and _INDENT.fullmatch(text, start, offset) is not None


def _is_comment(text: str, start: int, end: int) -> bool:
    """Whether an HTML comment begins here: not when it is shown as code, nor when a paragraph ends before it does."""
    low = max(0, start - 400)
    before = text[max(low, text.rfind("\n", low, start) + 1) : start]
    if before.count("`") % 2:
        return False
    if not before.strip(" \t>") and len(before) < 400:
        return True
    return end - start < _LONGEST_INLINE and text.endswith("-->", start, end) and "\n\n" not in text[start:end]


def _blanked(text: str, spans: list[Span], blank: str) -> str:
    """The text with spans overwritten: every offset stays."""
    if not spans:
        return text
    pieces, position = [], 0
    for span in spans:
        pieces.append(text[position : span.start])
        pieces.append(_BLANK.sub(lambda match: blank * len(match.group()), text[span.start : span.end]))
        position = span.end
    return "".join([*pieces, text[position:]])


def _find_blocks(layout: Layout) -> None:
    start = None
    for comment in layout.comments:
        mark = _MARK.fullmatch(layout.text, comment.start, comment.end)
        if mark is None:
            continue
        if mark.group(1) == "begin":
            start = comment.end
        elif start is not None:
            layout.blocks.append(Span(start, comment.start))
            start = None


def ignores(layout: Layout, lines: tuple[str, ...], front: range) -> dict[int, frozenset[str]]:
    """Line -> codes (or their beginnings) that a comment ignores there; 0 is the whole file.

    A comment speaks for its own line; alone on a line, for what follows up to the next empty line, or for the whole
    fence that follows. In the front matter it is a YAML comment, ``# gf3: ignore GF106``.
    """
    if "gf3:" not in layout.text.lower():
        return {}
    found: dict[int, set[str]] = {}
    for codes, whole_file, targets in _directives(layout, lines, front):
        for line in (0,) if whole_file else targets:
            found.setdefault(line, set()).update(codes)
    return {line: frozenset(codes) for line, codes in found.items()}


def _directives(
    layout: Layout, lines: tuple[str, ...], front: range
) -> Iterator[tuple[frozenset[str], bool, range | tuple[int, ...]]]:
    for number in front:
        if match := _IGNORE.search(lines[number - 1], max(0, lines[number - 1].find("#"))):
            alone = lines[number - 1].lstrip().startswith("#")
            yield _codes(match), bool(match.group(1)), (number + 1 if alone else number,)
    found = ((comment, _IGNORE.search(layout.text, comment.start, comment.end)) for comment in layout.comments)
    for comment, match in islice(((comment, match) for comment, match in found if match), _LONGEST_REACH):
        first, last = layout.place(comment.start).line, layout.place(comment.end - 1).line
        alone = not layout.visible[layout.starts[first - 1] : layout.line_end(comment.end - 1)].strip(" \t>\n\0")
        targets = _following(layout, lines, last + 1) if alone else range(first, last + 1)
        yield _codes(match), bool(match.group(1)), targets


def _codes(match: re.Match[str]) -> frozenset[str]:
    return frozenset(code.upper() for code in re.findall(r"GF\d{0,3}", match.group(2), re.I))


def _following(layout: Layout, lines: tuple[str, ...], first: int) -> range:
    while first <= len(lines) and not lines[first - 1].strip():
        first += 1
    last = first
    offset = layout.line_end(layout.starts[first - 1]) + 1 if first <= len(lines) else len(layout.text)
    index = bisect_right(layout.fences, offset, key=lambda fence: fence.start) - 1
    if index >= 0 and layout.fences[index].start == offset:
        return range(first, layout.place(layout.fences[index].end).line + 1)
    while last < min(len(lines), first + _LONGEST_REACH) and lines[last].strip():
        last += 1
    return range(first, last + 1)
