"""Front matter as text that is changed entry by entry: what is not named stays as it is, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ffcolor.skills.reading.yaml_walk import NotYamlError, OddKeyError, scalar_kind, walk

_DEEPEST, _LONGEST = 24, 1 << 20
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")
_PRINTABLE = "\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_LITERAL = re.compile(rf"(?:(?![\s#-])[{_PRINTABLE}]+\n)+")
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\u00a0\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]')
_DASHES = re.compile("---")


class UnsafeError(Exception):
    """A change that cannot be made without a risk; the file is left alone.

    Attributes:
        reason: why, as the end of a sentence that begins with the file.
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Item:
    """One `key: value` of a block mapping.

    Attributes:
        key: as YAML reads it.
        text: a scalar's text before any conversion (``+1`` stays ``"+1"``); lists and maps as one line of text.
        is_string: whether YAML reads a string.
        is_scalar: whether the value is one piece of text, no list and no mapping.
        is_map: whether the value is a mapping.
        first: its first line, counted from 0.
        end: the line after its last.
        column: of the key, from 0.
        comment: what a ``#`` hides after the value on the same line, ``#`` included.
        children: the items of a mapping.
    """

    key: str
    text: str
    is_string: bool
    is_scalar: bool
    is_map: bool
    first: int
    end: int
    column: int
    comment: str = ""
    children: tuple[Item, ...] = ()


def parse(lines: Sequence[str]) -> tuple[Item, ...]:
    """The items of front matter, from the lines between its ``---`` lines (with their line ends).

    Raises:
        UnsafeError: when it is not YAML, not a mapping, has anchors or tags, a key twice, or is written in braces.
    """
    root = _compose("".join(lines))
    if root is None:
        return ()
    if root.what != "map":
        raise UnsafeError("its front matter is no mapping of keys to values")
    if root.event.flow_style:
        raise UnsafeError("its front matter is written in braces")
    return _items(root, lines, len(lines))


@dataclass(slots=True)
class _Node:
    """A value with what is in it; `key` is the event of its key."""

    what: str
    key: Any
    event: Any
    inside: list[_Node] = field(default_factory=list)

    @property
    def is_scalar(self) -> bool:
        return self.what == "scalar"

    @property
    def is_string(self) -> bool:
        return self.is_scalar and scalar_kind(self.event) == "str"


def _compose(text: str) -> _Node | None:
    """The document as a tree; None where there is nothing."""
    if len(text) > _LONGEST:
        raise UnsafeError(f"its front matter is longer than {_LONGEST:,} characters")
    if re.search("\r(?!\n)|[\x85\u2028\u2029]", text):
        raise UnsafeError("its front matter has line ends that only some programs see as such")
    root: _Node | None = None
    opened: list[_Node] = []
    try:
        for what, path, event, key in walk(text):
            if what == "end":
                opened.pop()
                continue
            if event.anchor is not None:
                raise UnsafeError("its front matter has YAML anchors or aliases")
            if event.tag is not None:
                raise UnsafeError("its front matter has YAML tags")
            if what in ("key", "odd key"):
                continue
            node = _Node(what, key, event)
            if opened:
                opened[-1].inside.append(node)
            root = root or node
            if what in ("map", "list"):
                if len(path) >= _DEEPEST:
                    raise UnsafeError(f"its front matter is nested more than {_DEEPEST} deep")
                opened.append(node)
    except OddKeyError as error:
        raise UnsafeError("its front matter has a key that is no word") from error
    except NotYamlError as error:
        raise UnsafeError("its front matter is not YAML") from error
    return root


def _items(node: _Node, lines: Sequence[str], limit: int) -> tuple[Item, ...]:
    found: list[Item] = []
    seen: set[str] = set()
    for place, value in enumerate(node.inside):
        key, line = value.key.value, value.key.start_mark.line
        if key in seen:
            raise UnsafeError(f"{key!r} is written twice in its front matter")
        seen.add(key)
        following = node.inside[place + 1].key.start_mark.line if place + 1 < len(node.inside) else limit
        end = _end(lines, line, following, value.key.start_mark.column)
        is_map = value.what == "map"
        inner = () if not is_map else _flow_items(value) if value.event.flow_style else _items(value, lines, end)
        comment = _comment(value.event, lines) if value.is_scalar else ""
        column = value.key.start_mark.column
        text = _text(value)
        found.append(Item(key, text, value.is_string, value.is_scalar, is_map, line, end, column, comment, inner))
    return tuple(found)


def _end(lines: Sequence[str], first: int, following: int, column: int) -> int:
    """The line after an item: blank lines and comments before the next item belong to nobody."""
    end = following
    while end > first + 1:
        bare = lines[end - 1].strip()
        indent = len(lines[end - 1]) - len(lines[end - 1].lstrip())
        if bare and not (bare.startswith("#") and indent <= column):
            break
        end -= 1
    return end


def _comment(event: Any, lines: Sequence[str]) -> str:
    """What `#` hides behind a scalar that ends on its line."""
    line = lines[event.end_mark.line : event.end_mark.line + 1]
    if not line or event.style in ("|", ">"):
        return ""
    if scalar_kind(event) == "null" and not event.value:  # its mark may stand after the comment
        found = re.search(r":[ \t]+(#[^\r\n]*)", line[0])
    else:
        found = _COMMENT.match(line[0], event.end_mark.column)
    return found[1].rstrip() if found else ""


def _flow_items(node: _Node) -> tuple[Item, ...]:
    """The entries of a map in braces, without places of their own."""
    found = tuple(
        Item(each.key.value, _text(each), each.is_string, each.is_scalar, each.what == "map", -1, -1, 0)
        for each in node.inside
    )
    if len({item.key for item in found}) < len(found):
        raise UnsafeError("a key is written twice in braces")
    return found


def _text(node: _Node) -> str:
    """A scalar's text; a list of plain words with commas between; anything deeper as JSON, which loses nothing."""
    data = _data(node)
    if isinstance(data, str):
        return data
    if isinstance(data, list) and all(isinstance(each, str) and each and not set(each) & set(',\n"') for each in data):
        return ", ".join(data)
    return json.dumps(data, ensure_ascii=False)


def _data(node: _Node) -> Any:
    if node.is_scalar:
        return node.event.value
    if node.what == "list":
        return [_data(each) for each in node.inside]
    return {each.key.value: _data(each) for each in node.inside}


# ---- writing -----------------------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    r"""Text as a double-quoted YAML string on one line.

    >>> print(quoted('+1 "a"'), quoted("a --- b"))
    "+1 \"a\"" "a \x2d-- b"
    """
    return '"' + _DASHES.sub(r"\\x2d--", _ESCAPED.sub(_escape, text)) + '"'


def _escape(found: re.Match[str]) -> str:
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}.get(found[0])
    if short:
        return short
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def entry(key: str, text: str, indent: int, newline: str, comment: str = "") -> list[str]:
    """The lines of one `key: value` with a string as its value; several lines become a ``|`` block."""
    margin = " " * indent
    name = key if _PLAIN_KEY.fullmatch(key) else quoted(key)
    if text.count("\n") and _LITERAL.fullmatch(text) and "---" not in text:
        head = f"{margin}{name}: |{'  ' + comment if comment else ''}{newline}"
        return [head, *(f"{margin}  {line}{newline}" for line in text.split("\n")[:-1])]
    return [f"{margin}{name}: {quoted(text)}{'  ' + comment if comment else ''}{newline}"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change in front matter.

    Attributes:
        drop: keys at the top to leave out.
        replace: keys in `metadata` -> key and text to write in their place.
        add: key, text and comment (or "") of entries to write at the end of `metadata`.
    """

    drop: frozenset[str] = frozenset()
    replace: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)
    add: Sequence[tuple[str, str, str]] = ()


def rewrite(lines: Sequence[str], items: Sequence[Item], changes: Changes, newline: str) -> list[str]:
    """The lines of front matter after changes; the lines of everything else are the same as before.

    Args:
        lines: between the ``---`` lines, with their line ends.
        items: what `parse` found in them.
        changes: what to change; None in `replace` leaves an entry out.
        newline: the line end of new lines.

    Raises:
        UnsafeError: when `metadata` is no mapping.
    """
    margin = items[0].column if items else 0
    metadata = next((item for item in items if item.key == "metadata"), None)
    edits = [(item.first, item.end, list[str]()) for item in items if item.key in changes.drop]
    if metadata is not None and (changes.add or changes.replace):
        edits += _metadata_edits(metadata, lines, changes, newline)
    elif changes.add:
        new = [f"{' ' * margin}metadata:{newline}", *_entries(changes.add, margin + 2, newline)]
        edits.append((len(lines), len(lines), new))
    result = list(lines)
    for first, end, new in sorted(edits, reverse=True):
        result[first:end] = new
    return result


def _metadata_edits(
    metadata: Item, lines: Sequence[str], changes: Changes, newline: str
) -> list[tuple[int, int, list[str]]]:
    if not metadata.is_map and (metadata.text or metadata.is_string):
        raise UnsafeError("its metadata is no mapping of keys to values")
    left = [item for item in metadata.children if changes.replace.get(item.key, "") is not None]
    if not left and not changes.add:
        return [(metadata.first, metadata.end, [])]
    if metadata.children and metadata.children[0].first >= 0:
        indent = metadata.children[0].column
        edits = []
        for item in metadata.children:
            if item.key in changes.replace:
                pair = changes.replace[item.key]
                kept = "" if pair is not None and pair[1] and not item.text else item.comment  # "#D82626" is no comment
                new = [] if pair is None else entry(*pair, item.column, newline, kept)
                edits.append((item.first, item.end, new))
        return [*edits, (metadata.end, metadata.end, _entries(changes.add, indent, newline))]
    if any("#" in line for line in lines[metadata.first : metadata.end]) and metadata.children:
        raise UnsafeError("its metadata is written in braces with comments among them")
    pairs = [(*(changes.replace.get(item.key) or (item.key, item.text)), "") for item in left]
    indent = metadata.column + 2
    kept = metadata.comment
    head = f"{' ' * metadata.column}metadata:{'  ' + kept if kept else ''}{newline}"
    return [(metadata.first, metadata.end, [head, *_entries([*pairs, *changes.add], indent, newline)])]


def _entries(rows: Sequence[tuple[str, str, str]], indent: int, newline: str) -> list[str]:
    return [line for key, text, comment in rows for line in entry(key, text, indent, newline, comment)]
