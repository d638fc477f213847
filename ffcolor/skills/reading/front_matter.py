"""Front matter read as entries: keys, scalars and their places.

An alias is not followed into a list or a map, so anchors cannot blow up; what is deeper or longer than any honest
front matter is refused before it costs time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ffcolor.skills.model import Entry, FrontMatter, Place
from ffcolor.skills.reading.yaml_walk import ODD_KEY, NotYamlError, is_quoted, is_tagged, kind_of, scalar_kind, walk

LONGEST = 1 << 16
"""Characters of front matter that are read."""
DEEPEST = 16
"""Levels of nesting that are read."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_BREAKS = str.maketrans("\x85\u2028\u2029", "   ")  # line ends to YAML, but to nobody's editor
_KEY_LINE = re.compile(r"( *)([A-Za-z_][\w.-]{0,63})[ \t]*:(?:[ \t]+(.*))?$")
TIGHT = re.compile(
    r"([ \t]*)(name|description|license|compatibility|metadata|allowed-tools|version|author|trit|colou?r|role|polarity"
    r"|gf3[_-]\w{1,20}):(?![ \t/]|:|$)(\S.*)$"
)
"""A line with a key that is known and no blank behind its colon, which is no key to YAML."""


def find_end(lines: Sequence[str], start: int) -> int | None:
    """The index of the line that closes a block of front matter opened at index `start`: ``---``, or ``...``."""
    for index in range(start + 1, len(lines)):
        if lines[index][:3] in ("---", "...") and not lines[index][3:].strip():
            return index
    return None


def parse(lines: Sequence[str], first: int, last: int) -> FrontMatter:
    """Read the lines between two marks.

    Args:
        lines: all lines of the file.
        first: the number (from 1) of the opening ``---``.
        last: the number of the closing one.

    >>> front = parse(["---", "name: a", "metadata: {trit: +1}", "---"], 1, 4)
    >>> [(entry.key, entry.text, entry.kind, entry.place.line) for entry in front.entries if entry.kind != "map"]
    [(('name',), 'a', 'str', 2), (('metadata', 'trit'), '+1', 'int', 3)]
    """
    inner = lines[first : last - 1]
    try:
        entries = tuple(_entries("\n".join(inner).translate(_BREAKS), first + 1))
    except NotYamlError as refused:
        reason, place = refused.reason, Place(first + 1 + refused.line, refused.column + 1)
        if tight := _tight(inner[: refused.line + 1 if refused.line else None], first + 1):
            reason, place = tight
        return FrontMatter(first, last, tuple(salvage(inner, first + 1)), reason, place)
    joined = any(":" in entry.key[-1] and TIGHT.match(entry.key[-1]) for entry in entries)  # `description:Note: it is`
    if joined and (tight := _tight(inner, first + 1)):
        return FrontMatter(first, last, tuple(salvage(inner, first + 1)), *tight)
    return FrontMatter(first, last, entries)


def _tight(lines: Sequence[str], first: int) -> tuple[str, Place] | None:
    """The first key with no blank behind its colon, as a reason why lines are not YAML."""
    under = False
    for number, line in enumerate(lines, first):
        match = TIGHT.match(line[:2000])
        if match and (under or not match[1]):
            return f"there is no blank behind the colon of `{match[2]}:`", Place(number, match.start(3) + 1)
        if line[:1].strip():
            under = line.startswith("metadata:")
    return None


def salvage(lines: Sequence[str], first: int) -> Iterator[Entry]:
    """What can be told of front matter that is not YAML: lines of ``key: value`` at the top and under ``metadata``."""
    under, seen = False, set()
    for number, line in enumerate(lines, first):
        match = _KEY_LINE.match(line[:2000]) or TIGHT.match(line[:2000])
        if not match:
            continue
        indent, name, value = match.groups()
        if indent and not under:
            continue
        if not indent:
            under = name == "metadata"
        key = ("metadata", name) if indent else (name,)
        text = (value or "").strip()
        quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
        if key in seen or key == ("metadata",) or text in ("|", ">", "|-", ">-"):
            continue
        seen.add(key)
        column = (match.start(3) if value is not None else len(line)) + 1
        text = text[1:-1] if quoted else text
        yield Entry(key, text, "str" if quoted else kind_of(text), quoted, Place(number, column), _key(number, indent))


def _key(number: int, indent: str) -> Place:
    return Place(number, len(indent) + 1)


def _entries(text: str, first: int) -> Iterator[Entry]:
    """The scalars, lists and maps below the top one.

    Raises:
        NotYamlError: for what is not YAML, and for what no honest front matter has.
    """
    if len(text) > LONGEST:
        raise NotYamlError(f"it is longer than {LONGEST:,} characters")
    if match := _CONTROL.search(text):
        line = text.count("\n", 0, match.start())
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
        raise NotYamlError(f"it holds the control character {match.group()!r}", line, column)
    anchors: dict[str, tuple[str, str, bool]] = {}
    seen: set[tuple[str, ...]] = set()
    for what, path, event, key in walk(text):
        if what == "end":
            continue
        if what == "odd key":
            raise _refuse(ODD_KEY, event)
        if not path:
            _check_whole(what, event)
        elif what == "key":
            _check_tag(event, "str")
            if path in seen:
                raise _refuse(f"the key {_short(event.value)} is given twice", event)
            seen.add(path)
            _read(event, anchors)
        else:
            if len(path) > DEEPEST:
                raise _refuse(f"it is nested deeper than {DEEPEST} levels", event)
            told = ("", what, False)
            if what == "scalar":
                told = _read(event, anchors)
            elif what == "alias":
                told = anchors.get(event.anchor, told)
            else:
                _check_tag(event, "map" if what == "map" else "seq")
            yield Entry(path, *told, _place(event, first), _place(key, first))


def _check_whole(what: str, event: Any) -> None:
    if what == "scalar" and not event.value and not is_quoted(event):
        return  # nothing at all
    if what != "map":
        said = {"list": "a list", "scalar": "text"}.get(what, "an alias")
        raise _refuse(f"it is {said}, but lines of `key: value` are needed", event)
    _check_tag(event, "map")


def _read(event: Any, anchors: dict[str, tuple[str, str, bool]]) -> tuple[str, str, bool]:
    """Text, kind and whether it is quoted; kept under its anchor, if it has one."""
    kind = scalar_kind(event)
    if kind is None:
        raise _refuse(f"the tag {_short(event.tag)} has no meaning here", event)
    told = event.value, kind, is_quoted(event) or (kind == "str" and event.tag not in (None, "!"))
    if event.anchor:
        anchors[event.anchor] = told
    return told


def _place(event: Any, first: int) -> Place:
    return Place(first + event.start_mark.line, event.start_mark.column + 1)


def _check_tag(event: Any, usual: str) -> None:
    if is_tagged(event, usual):
        raise _refuse(f"the tag {_short(event.tag)} has no meaning here", event)


def _refuse(reason: str, event: Any) -> NotYamlError:
    return NotYamlError(reason, event.start_mark.line, event.start_mark.column)


def _short(text: Any) -> str:
    shown = repr(str(text))
    return shown if len(shown) <= 60 else f"{shown[:57]}…'"
