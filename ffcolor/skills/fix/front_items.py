"""Front matter as lines of text, entry by entry: where each begins and ends, so that it can be changed alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ffcolor.skills.reading.yaml_walk import NotYamlError, OddKeyError, scalar_kind, walk

_DEEPEST, _LONGEST = 24, 1 << 20
_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")


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
    root, is_odd = _compose("".join(lines))
    if root is None:
        return ()
    if root.what != "map":
        raise UnsafeError("its front matter is not a mapping of keys to values")
    if root.event.flow_style:
        raise UnsafeError("its front matter is written in braces")
    items = _items(root, lines, len(lines))
    if is_odd:
        raise UnsafeError("its front matter has a key that is not a word")
    return items


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


def _compose(text: str) -> tuple[_Node | None, bool]:
    """The document as a tree, None where there is nothing; and whether the tree ends at a key that is not text."""
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
    except OddKeyError:
        return root, True
    except NotYamlError as error:
        raise UnsafeError("its front matter is not YAML") from error
    return root, False


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
