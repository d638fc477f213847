"""GF111 to GF114: how front matter is written down, where some readers of skills see less of it than its author."""

from __future__ import annotations

from collections.abc import Iterator

from ffcolor.skills.catalog import Problem, problem, shown
from ffcolor.skills.model import Collection, FrontMatter, Skill
from ffcolor.skills.reading.hidden_text import hidden


def check_front_marks(collection: Collection) -> Iterator[Problem]:
    """The findings of these checks in a whole collection."""
    for skill in collection.skills:
        if skill.has_mark:
            message = "the file begins with a byte order mark: many readers of skills then see no front matter"
            yield problem("GF111", skill.path, 1, 1, message, "save it as UTF-8 without the mark")
        if skill.front is not None:
            yield from _marks(skill, skill.front)
            if not skill.front.error:
                yield from _hidden(skill, skill.front)


def _marks(skill: Skill, front: FrontMatter) -> Iterator[Problem]:
    for number in (front.first, front.last):
        line = skill.lines[number - 1] if number <= len(skill.lines) else ""
        mark = line[:3]
        if mark not in ("---", "...") or line[3:].strip():
            continue
        if mark == "...":
            message = "the front matter is closed by `...`: most readers of skills look for `---`"
            yield problem("GF113", skill.path, number, 1, message, "---")
        elif line != "---":
            blanks = len(line) - 3
            message = (
                f"{blanks} blank{'s' * (blanks != 1)} behind `---`: some readers of skills then see no front matter"
            )
            yield problem("GF112", skill.path, number, 4, message, "---")


def _hidden(skill: Skill, front: FrontMatter) -> Iterator[Problem]:
    for entry in front.entries:
        found = hidden(skill.lines, front, entry)
        if found is None or "color" in entry.key[-1]:  # an empty colour is a GF402
            continue
        key = ".".join(entry.key)
        message = f"`{key}` ends before {shown(found.text, 40)}: a `#` behind a blank begins a comment in YAML"
        told = f"put the value of `{entry.key[-1]}` in quotes"
        yield problem("GF114", skill.path, *found.place.pair, message, told, fixable=found.whole is not None)
