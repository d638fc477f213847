"""GF502: whether `skills.json` says of each skill what the skill's own file declares."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.files import read_file
from ffcolor.skills.catalog import Problem, problem, shown
from ffcolor.skills.gf3 import format_trit
from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.folders import shown_path
from ffcolor.skills.reading.indexes import Stated, index_paths, place, places, stated
from ffcolor.skills.reading.json_places import parse
from ffcolor.skills.reading.values import read_color, read_trit

_LARGEST = 16 << 20

At = tuple[str, int, int]


def check_indexes(collection: Collection, contents: Mapping[str, bytes] | None = None) -> Iterator[Problem]:
    """The findings of this check in a whole collection; an index that cannot be read is a GF100.

    Args:
        collection: what the indexes are compared with.
        contents: the indexes by path, in place of those that lie there.
    """
    by_path: dict[str, Skill] = {}
    for path in index_paths(collection) if contents is None else contents:
        seen = shown_path(path)
        try:
            text = _text(path, None if contents is None else contents[path])
            root = parse(text)
        except FfcolorError as error:
            yield problem("GF100", seen, 1, 1, str(error))
            continue
        except (RecursionError, ValueError) as error:
            at = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
            why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            why = "it is nested too deeply" if isinstance(error, RecursionError) else why
            yield problem("GF100", seen, *at, f"the file is not JSON: {why}")
            continue
        by_path = by_path or {os.path.normpath(skill.path): skill for skill in collection.skills}
        starts = places(text)
        for each in stated(root, collection.by_name):
            skill = _skill(each, path, collection, by_path)
            if skill is not None:
                yield from _compare(each, skill, (seen, *place(starts, each.value.offset).pair))


def _text(path: str, data: bytes | None) -> str:
    try:
        return (read_file(path, _LARGEST) if data is None else data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = error.object[error.start]
        raise FfcolorError(f"the file is not UTF-8: byte 0x{bad:02X} cannot be read", code="file-read") from error


def _skill(each: Stated, path: str, collection: Collection, by_path: dict[str, Skill]) -> Skill | None:
    """The skill that an entry is about: that under its path, or the nearest one of its name."""
    if each.path is not None:
        told = os.path.normpath(os.path.join(os.path.dirname(path), each.path))
        if skill := by_path.get(told) or by_path.get(os.path.join(told, "SKILL.md")):
            return skill
    return collection.find(each.name, path)


def _compare(each: Stated, skill: Skill, at: At) -> Iterator[Problem]:
    value = each.value.data
    if each.is_trit:
        reading = read_trit(str(value)) if not isinstance(value, (bool, float)) else None
        claim = skill.trit_claim
        if reading is None or reading.value is None:
            yield problem("GF203", *at, f"{_short(value)} is not a trit: write -1, 0 or +1")
        elif claim is not None and claim.value is not None and claim.value != reading.value:
            said = f"the trit {format_trit(reading.value)}", format_trit(claim.value)
            yield _differs(each, skill, at, said, claim.place.line)
        return
    color, own = read_color(str(value)), skill.color_claim
    if color is not None and color.hex is None:
        yield problem("GF402", *at, f"{_short(value)} is not a colour: write #RRGGBB")
    elif color is not None and own is not None and own.hex is not None and own.hex != color.hex:
        yield _differs(each, skill, at, (f"the colour {color.hex}", own.hex), own.place.line)


def _differs(each: Stated, skill: Skill, at: At, said: tuple[str, str], line: int) -> Problem:
    message = f"{shown(each.name)} has {said[0]} here, but declares {said[1]} itself ({skill.path}:{line})"
    return problem("GF502", *at, message)


def _short(value: Any) -> str:
    return shown(value if isinstance(value, str) else json.dumps(value), 40)


def agreeing(collection: Collection) -> Iterator[tuple[str, Skill, int, int]]:
    """The entries that state the trit which the skill declares: index, skill, trit and line."""
    by_path = {os.path.normpath(skill.path): skill for skill in collection.skills}
    for path in index_paths(collection):
        try:
            text = _text(path, None)
            root = parse(text)
        except (FfcolorError, RecursionError, ValueError):
            continue  # `check_indexes` says so
        starts = places(text)
        for each in stated(root, collection.by_name):
            skill, value = _skill(each, path, collection, by_path), each.value.data
            if not each.is_trit or skill is None or isinstance(value, (bool, float)):
                continue
            reading = read_trit(str(value))
            if reading is not None and reading.value is not None and reading.value == skill.trit:
                yield shown_path(path), skill, reading.value, place(starts, each.value.offset).line
