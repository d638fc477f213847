"""GF101 to GF109: whether a file is a skill at all, as the Agent Skills specification has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ffcolor.skills.catalog import Problem, problem, shown
from ffcolor.skills.keys import HOST, SPECIFIED
from ffcolor.skills.model import Collection, Entry, FrontMatter, Place, Skill

_LEGAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME, _LONGEST_DESCRIPTION = 64, 1024
_WHAT = {"int": "a number", "float": "a number", "bool": "true or false", "null": "empty", "date": "a date"}


def check_files(collection: Collection) -> Iterator[Problem]:
    """The findings of these checks in a whole collection."""
    for skill in collection.skills:
        yield from _front(skill)
        if skill.displaced:
            message = "front matter is here in the body, where readers of skills do not look for it"
            yield problem("GF107", skill.path, *skill.displaced.pair, message, "move it to the top of the file")
    yield from _same_names(collection)


def _front(skill: Skill) -> Iterator[Problem]:
    front = skill.front
    if front is None:
        message = "there is no front matter: the file does not begin with `---`, `name:` and `description:`"
        yield problem("GF101", skill.path, 1, 1, message)
        return
    if front.error:
        yield _not_yaml(skill, front)
    yield from _name(skill, front)
    if front.error:
        return
    yield from _description(skill, front)
    for entry in front.entries:
        if len(entry.key) == 1 and entry.key[0] not in SPECIFIED:
            yield _outside(skill, entry)
        if len(entry.key) == 2 and entry.key[0] == "metadata":
            yield from _metadata(skill, entry)
    whole = front.get("metadata")
    if whole and whole.kind not in ("map", "null"):
        message = f"`metadata` is {_said(whole)}, but keys with strings are needed"
        yield problem("GF108", skill.path, *whole.place.pair, message)


def _outside(skill: Skill, entry: Entry) -> Problem:
    """GF106; a key that hosts read at the top is only a note, as it would do nothing anywhere else."""
    key, at = entry.key[0], (skill.path, *entry.key_place.pair)
    if key in HOST:
        message = f"the key {key!r} is not in the specification, but hosts read it here ({HOST[key]}): it stays"
        return replace(problem("GF106", *at, message, fixable=False), severity="info")
    message = f"the key {key!r} is not in the specification: other keys go under `metadata`"
    return problem("GF106", *at, message, _moved(entry))


def _not_yaml(skill: Skill, front: FrontMatter) -> Problem:
    place = front.error_place or Place(1, 1)
    line = skill.lines[place.line - 1] if place.line <= len(skill.lines) else ""
    return problem(
        "GF102", skill.path, *place.pair, f"the front matter is not YAML: {front.error}{_of(line)}", _quoted_line(line)
    )


def _of(line: str) -> str:
    text = line.strip()
    return f", in {shown(text, 60)}" if text and text != "---" else ""


def _quoted_line(line: str) -> str | None:
    """The line with its value in quotes, where that would make it YAML."""
    match = re.match(r"([ \t]*[A-Za-z_][\w-]*:[ \t]+)([^'\"|>\s].*)$", line[:300])
    if match is None or len(line) > 300:
        return None
    value = match.group(2).rstrip().replace("\\", "\\\\").replace('"', '\\"')
    return f'{match.group(1).strip()} "{value}"'


def _name(skill: Skill, front: FrontMatter) -> Iterator[Problem]:
    entry = front.get("name")
    if front.error_place and entry and entry.place.line == front.error_place.line:
        return
    if entry is None or not entry.text.strip():
        if entry is not None or not front.error:
            message = f"there is no name; the folder is {skill.folder!r}"
            place = entry.place if entry else Place(front.first, 1)
            yield problem("GF104", skill.path, *place.pair, message, f"name: {skill.folder}")
        return
    if entry.kind != "str":
        message = f"the name {entry.text!r} is {_said(entry)}, not text"
        yield problem("GF104", skill.path, *entry.place.pair, message, f'name: "{entry.text}"')
    elif not _LEGAL.fullmatch(skill.name):
        message = f"the name {shown(skill.name)} is not legal: a-z, 0-9 and single hyphens only"
        yield problem("GF104", skill.path, *entry.place.pair, message, _legal(skill.name))
    elif len(skill.name) > _LONGEST_NAME:
        message = f"the name {shown(skill.name)} has {len(skill.name)} characters; {_LONGEST_NAME} are allowed"
        yield problem("GF104", skill.path, *entry.place.pair, message)
    elif skill.name != skill.folder:
        message = f"the name {skill.name!r} is not the folder's, {skill.folder!r}"
        suggestion = f"name: {skill.folder}" if _LEGAL.fullmatch(skill.folder) else None
        yield problem("GF104", skill.path, *entry.place.pair, message, suggestion)


def _legal(name: str) -> str | None:
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].strip("-")
    return f"name: {slug}" if slug else None


def _description(skill: Skill, front: FrontMatter) -> Iterator[Problem]:
    entry = front.get("description")
    if entry is None:
        yield problem("GF105", skill.path, front.first, 1, "there is no description")
    elif entry.kind in ("list", "map"):
        yield problem("GF105", skill.path, *entry.place.pair, f"the description is {_said(entry)}, not text")
    elif not entry.text.strip() or (entry.kind == "null" and not entry.quoted):
        yield problem("GF105", skill.path, *entry.key_place.pair, "the description is empty")
    elif len(entry.text.strip()) > _LONGEST_DESCRIPTION:
        length = len(entry.text.strip())
        message = f"the description has {length:,} characters; {_LONGEST_DESCRIPTION:,} are allowed"
        yield problem("GF105", skill.path, *entry.place.pair, message)


def _metadata(skill: Skill, entry: Entry) -> Iterator[Problem]:
    if entry.kind == "str" or (entry.kind == "null" and "color" in entry.key[1]):  # an empty colour is a GF402
        return
    key, text = entry.key[1][:60], entry.text[:80]
    if entry.kind in ("list", "map", "alias"):
        message, suggestion = f"metadata.{key} is {_said(entry)}, not a string", None
    elif not text:
        message, suggestion = f"metadata.{key} is empty, not a string", f'{key}: ""'
    else:
        message = f"metadata.{key}: {text!r} is {_said(entry)} to YAML, not a string"
        suggestion = f'{key}: "{text}"' if text == entry.text else None
    yield problem("GF108", skill.path, *entry.place.pair, message, suggestion)


def _moved(entry: Entry) -> str | None:
    key = {"trit": "gf3-trit", "color": "gf3-color", "gf3_triad": "gf3-triads"}.get(entry.key[0], entry.key[0])
    if entry.kind in ("list", "map") or "\n" in entry.text or len(entry.text) > 80:
        return f"metadata: {key}: …"
    text = entry.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'metadata: {key}: "{text}"'


def _same_names(collection: Collection) -> Iterator[Problem]:
    first: dict[tuple[str, str], Skill] = {}
    for skill in collection.skills:
        named = skill.front.get("name") if skill.front else None
        other = first.setdefault((skill.root, skill.name), skill)
        if other is not skill:
            place = named.place if named else Place(1, 1)
            message = f"the name {shown(skill.name)} is taken by {other.path}"
            yield problem("GF109", skill.path, *place.pair, message)


def _said(entry: Entry) -> str:
    return _WHAT.get(entry.kind, {"list": "a list", "map": "a map", "alias": "an alias"}.get(entry.kind, "text"))
