"""GF101 to GF110: whether a file is a skill at all, as the Agent Skills specification has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ffcolor.skills.catalog import Problem, problem, shown
from ffcolor.skills.keys import HOST, SPECIFIED
from ffcolor.skills.model import Collection, Entry, FrontMatter, Place, Skill
from ffcolor.skills.reading import names
from ffcolor.skills.reading.hidden_text import meant

_LONGEST_DESCRIPTION, _LONGEST_COMPATIBILITY = 1024, 500
_TIGHT = re.compile(r"[A-Za-z_][\w-]{0,63}:[^\s/:]")
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
        if len(entry.key) == 1 and entry.key[0] in ("license", "compatibility", "allowed-tools"):
            yield from _value(skill, front, entry)
    whole = front.get("metadata")
    if whole and whole.kind not in ("map", "null"):
        tight = ": there is no blank behind the colon" if _TIGHT.match(whole.text) else ""
        message = f"`metadata` is {_said(whole)}, but keys with strings are needed{tight}"
        yield problem("GF108", skill.path, *whole.place.pair, message)


def _value(skill: Skill, front: FrontMatter, entry: Entry) -> Iterator[Problem]:
    """GF110: the specification has text for this key."""
    key, at = entry.key[0], (skill.path, *entry.place.pair)
    if entry.kind != "str":
        told = meant(skill.lines, front, entry)
        suggestion = f'{key}: "{told.text}"' if told else None
        yield problem("GF110", *at, f"`{key}` is {_said(entry)}, not text", suggestion, fixable=told is not None)
    elif key == "compatibility" and len(entry.text.strip()) > _LONGEST_COMPATIBILITY:
        message = f"`compatibility` has {len(entry.text.strip()):,} characters; {_LONGEST_COMPATIBILITY} are allowed"
        yield problem("GF110", *at, message, fixable=False)
    elif not entry.text.strip():
        yield problem("GF110", *at, f"`{key}` is empty: leave it out", fixable=False)


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
    if entry is not None and entry.kind in ("list", "map"):
        message = f"the name is {_said(entry)}, not text; the folder is {skill.folder!r}"
        yield problem("GF104", skill.path, *entry.place.pair, message, f"name: {skill.folder}")
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
    elif not names.is_legal(skill.name):
        message = f"the name {shown(skill.name)} is not legal: lower-case letters, digits and single hyphens only"
        better = names.legal(skill.name)
        yield problem("GF104", skill.path, *entry.place.pair, message, f"name: {better}" if better else None)
    elif len(skill.name) > names.LONGEST:
        message = f"the name {shown(skill.name)} has {len(skill.name)} characters; {names.LONGEST} are allowed"
        yield problem("GF104", skill.path, *entry.place.pair, message)
    elif skill.name != skill.folder:
        message = f"the name {skill.name!r} is not the folder's, {skill.folder!r}"
        suggestion = f"name: {skill.folder}" if names.is_legal(skill.folder) else None
        yield problem("GF104", skill.path, *entry.place.pair, message, suggestion)


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
    elif entry.kind != "str" and not entry.quoted:
        message = f"`description` is {_said(entry)}, not text"
        yield problem("GF110", skill.path, *entry.place.pair, message, f'description: "{entry.text}"')


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
    """GF109: of two in one root, the name is that of the skill whose folder has it, else of the first."""
    first: dict[tuple[str, str], Skill] = {}
    for skill in sorted(collection.skills, key=lambda skill: skill.name != skill.folder):
        named = skill.front.get("name") if skill.front else None
        other = first.setdefault((skill.home, skill.name), skill)
        if other is not skill:
            place = named.place if named else Place(1, 1)
            message = f"the name {shown(skill.name)} is taken by {other.path}"
            yield problem("GF109", skill.path, *place.pair, message)


def _said(entry: Entry) -> str:
    return _WHAT.get(entry.kind, {"list": "a list", "map": "a map", "alias": "an alias"}.get(entry.kind, "text"))
