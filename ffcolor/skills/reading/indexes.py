"""`skills.json`: the list of skills that a collection publishes beside them, with the trit or the colour of each."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from typing import Any, NamedTuple

from ffcolor.skills.gf3 import read_trit
from ffcolor.skills.model import Collection, Place
from ffcolor.skills.reading.json_places import Value
from ffcolor.skills.reading.triad_text import nfc
from ffcolor.skills.reading.values import HEX

NAME = "skills.json"

_NAMES = ("name", "skill", "slug", "id")
_PATHS = ("path", "file", "folder", "location")
_TRITS = ("gf3-trit", "gf3_trit", "gf3Trit", "trit")
_COLORS = ("gf3-color", "gf3_color", "gf3Color", "color", "colour", "hex")
_INNER = ("metadata", "gf3", "gf-3", "frontmatter", "front_matter")
_MAPS = ("skills", "trits", "colors", "colours", None)


class Stated(NamedTuple):
    """What an index says of one skill: its name, its path if there is one, and its trit or its colour."""

    name: str
    path: str | None
    is_trit: bool
    value: Value


def index_paths(collection: Collection) -> Iterator[str]:
    """The indexes of a collection: in a root, in the folder that holds a root, or beside a folder that was given."""
    seen: set[str] = set()
    for folder in _folders(collection):
        path = os.path.normpath(os.path.join(folder, NAME))
        real = os.path.realpath(path)
        if real not in seen and os.path.isfile(path):
            seen.add(real)
            yield path


def _folders(collection: Collection) -> Iterator[str]:
    given = [root for root in dict.fromkeys(collection.roots) if os.path.isdir(root)]
    for root in given:
        yield root
        yield os.path.join(root, os.pardir)
    tops = tuple(os.path.join(os.path.abspath(root), "") for root in given)
    for home in dict.fromkeys(skill.home for skill in collection.skills if not skill.context):
        for folder in (home, os.path.join(home, os.pardir)):
            if os.path.join(os.path.abspath(folder), "").startswith(tops):
                yield folder


def stated(root: Value, names: Container[str]) -> Iterator[Stated]:
    """What an index says, in whatever shape: a list of entries with names, a map from names to entries or to values.

    Args:
        root: the whole document.
        names: those of the skills that there are.
    """
    waiting: list[tuple[Value, str | None, str | None]] = [(root, None, None)]
    while waiting:
        value, key, above = waiting.pop()
        if isinstance(value.data, list):
            waiting += [(each, None, above) for each in reversed(value.data)]
        elif isinstance(value.data, dict):
            fields: dict[str, Value] = value.data
            name = nfc(_text(fields, _NAMES) or (above if key in _INNER else key) or "")
            if name in names:
                yield from _entry(fields, name)
            elif key in _MAPS:
                yield from _map(fields, names)
            waiting += [(each, inner, name) for inner, each in reversed(fields.items())]


def _text(fields: dict[str, Value], keys: tuple[str, ...]) -> str | None:
    return next((fields[key].data for key in keys if key in fields and isinstance(fields[key].data, str)), None)


def _entry(fields: dict[str, Value], name: str) -> Iterator[Stated]:
    for keys, is_trit in ((_TRITS, True), (_COLORS, False)):
        found = next((fields[key] for key in keys if key in fields), None)
        if found is not None and _is_scalar(found.data):
            yield Stated(name, _text(fields, _PATHS), is_trit, found)


def _map(fields: dict[str, Value], names: Container[str]) -> Iterator[Stated]:
    for name, value in fields.items():
        if name in names and isinstance(value.data, (int, str)):
            is_color = bool(HEX.fullmatch(str(value.data)))
            if is_color or read_trit(str(value.data)) is not None:
                yield Stated(name, None, not is_color, value)


def _is_scalar(data: Any) -> bool:
    return data is not None and not isinstance(data, (list, dict))


def places(text: str) -> list[int]:
    """The offset of each line of a text."""
    return [0, *(end.end() for end in re.finditer("\n", text))]


def place(starts: list[int], offset: int) -> Place:
    """The line and column of an offset."""
    line = bisect_right(starts, offset)
    return Place(line, offset - starts[line - 1] + 1)
