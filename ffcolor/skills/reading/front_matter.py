"""Front matter read as YAML *events*: keys, scalars and their places, and never an object.

Nothing is constructed, so a tag cannot run code; an alias is not followed into a list or a map, so anchors cannot
blow up; what is deeper or longer than any honest front matter is refused before it costs time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from ffcolor.skills.model import Entry, FrontMatter, Place

LONGEST = 1 << 16
"""Characters of front matter that are read."""
DEEPEST = 16
"""Levels of nesting that are read."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_BREAKS = str.maketrans("\x85\u2028\u2029", "   ")  # line ends to YAML, but to nobody's editor
_KEY_LINE = re.compile(r"( *)([A-Za-z_][\w.-]{0,63})[ \t]*:(?:[ \t]+(.*))?$")
_STANDARD = "tag:yaml.org,2002:"


class _RefusedError(Exception):
    """What is wrong and where, line and column counted from 0 in the YAML text."""

    def __init__(self, reason: str, line: int, column: int):
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


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
    except _RefusedError as refused:
        place = Place(first + 1 + refused.line, refused.column + 1)
        return FrontMatter(first, last, tuple(salvage(inner, first + 1)), refused.reason, place)
    return FrontMatter(first, last, entries)


def salvage(lines: Sequence[str], first: int) -> Iterator[Entry]:
    """What can be told of front matter that is not YAML: lines of ``key: value`` at the top and under ``metadata``."""
    under, seen = False, set()
    for number, line in enumerate(lines, first):
        match = _KEY_LINE.match(line[:2000])
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


@lru_cache(maxsize=4096)
def kind_of(text: str) -> str:
    """What YAML 1.1 reads an unquoted scalar as: ``"str" "int" "float" "bool" "null"`` or ``"date"``."""
    import yaml

    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in resolvers.get(text[:1], []) + resolvers.get(None, []):
        if pattern.match(text):
            kind = str(tag).removeprefix(_STANDARD)
            kind = "date" if kind == "timestamp" else kind
            return kind if kind in ("int", "float", "bool", "null", "date") else "str"
    return "str"


def _key(number: int, indent: str) -> Place:
    return Place(number, len(indent) + 1)


def _entries(text: str, first: int) -> Iterator[Entry]:
    import yaml

    if len(text) > LONGEST:
        raise _RefusedError(f"it is longer than {LONGEST:,} characters", 0, 0)
    if match := _CONTROL.search(text):
        line = text.count("\n", 0, match.start())
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
        raise _RefusedError(f"it holds the control character {match.group()!r}", line, column)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from _Reader(first).read(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if str(error.context).startswith(("while parsing a flow", "while scanning a quoted")):
            mark = error.context_mark  # where it was opened, not where the rest of the file was used up
        reason = str(error.problem or error.context or "it cannot be read")
        raise _RefusedError(reason, *((mark.line, mark.column) if mark else (0, 0))) from None
    except yaml.YAMLError as error:
        raise _RefusedError(str(error).split("\n", 1)[0], 0, 0) from None


class _Reader:
    """Turns events into entries."""

    def __init__(self, first: int):
        self.first = first
        self.anchors: dict[str, tuple[str, str, bool]] = {}

    def place(self, event: Any) -> Place:
        return Place(self.first + event.start_mark.line, event.start_mark.column + 1)

    def read(self, events: Iterator[Any]) -> Iterator[Entry]:
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise _refuse("there is more than one document", event)
            elif kind in ("MappingStartEvent", "SequenceStartEvent", "ScalarEvent", "AliasEvent"):
                if kind == "ScalarEvent" and not event.value and not event.style:
                    continue
                if kind != "MappingStartEvent":
                    what = {"SequenceStartEvent": "a list", "ScalarEvent": "text"}.get(kind, "an alias")
                    raise _refuse(f"it is {what}, but lines of `key: value` are needed", event)
                _check_tag(event, "map")
                yield from self._mapping(events, ())

    def _mapping(self, events: Iterator[Any], path: tuple[str, ...]) -> Iterator[Entry]:
        seen = set()
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                return
            if type(event).__name__ != "ScalarEvent":
                raise _refuse("a key is not plain text", event)
            _check_tag(event, "str")
            if event.value in seen:
                raise _refuse(f"the key {_short(event.value)} is given twice", event)
            seen.add(event.value)
            self._remember(event)
            yield from self._value(events, (*path, event.value), self.place(event))

    def _value(self, events: Iterator[Any], key: tuple[str, ...], key_place: Place) -> Iterator[Entry]:
        yield from self._node(events, next(events), key, key_place)

    def _node(self, events: Iterator[Any], event: Any, key: tuple[str, ...], key_place: Place) -> Iterator[Entry]:
        if len(key) > DEEPEST:
            raise _refuse(f"it is nested deeper than {DEEPEST} levels", event)
        place, name = self.place(event), type(event).__name__
        if name == "ScalarEvent":
            text, kind, quoted = self._remember(event)
            yield Entry(key, text, kind, quoted, place, key_place)
        elif name == "AliasEvent":
            text, kind, quoted = self.anchors.get(event.anchor, ("", "alias", False))
            yield Entry(key, text, kind, quoted, place, key_place)
        elif name == "MappingStartEvent":
            _check_tag(event, "map")
            yield Entry(key, "", "map", False, place, key_place)
            yield from self._mapping(events, key)
        else:
            _check_tag(event, "seq")
            yield Entry(key, "", "list", False, place, key_place)
            for index in count():
                item = next(events)
                if type(item).__name__ == "SequenceEndEvent":
                    return
                yield from self._node(events, item, (*key, str(index)), self.place(item))

    def _remember(self, event: Any) -> tuple[str, str, bool]:
        quoted = event.style is not None and event.style != ""
        if event.tag is None or event.tag == "!":
            kind = "str" if quoted or event.tag == "!" else kind_of(event.value)
        else:
            kind = str(event.tag).removeprefix(_STANDARD)
            if kind not in ("str", "int", "float", "bool", "null", "timestamp"):
                raise _refuse(f"the tag {_short(event.tag)} has no meaning here", event)
            quoted = quoted or kind == "str"
        read = (event.value, "date" if kind == "timestamp" else kind, quoted)
        if event.anchor:
            self.anchors[event.anchor] = read
        return read


def _check_tag(event: Any, usual: str) -> None:
    if event.tag is not None and event.tag not in ("!", _STANDARD + usual):
        raise _refuse(f"the tag {_short(event.tag)} has no meaning here", event)


def _refuse(reason: str, event: Any) -> _RefusedError:
    return _RefusedError(reason, event.start_mark.line, event.start_mark.column)


def _short(text: Any) -> str:
    shown = repr(str(text))
    return shown if len(shown) <= 60 else f"{shown[:57]}…'"
