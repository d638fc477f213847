"""A collection as it was at a revision of git, to tell what a change destroyed, and what it brought."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from ffcolor.skills.catalog import Problem
from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.collection import assemble, misnamed
from ffcolor.skills.reading.folders import SKIPPED, beside, shown_path
from ffcolor.skills.reading.git import files_at
from ffcolor.skills.reading.skill_file import read_skill
from ffcolor.skills.reading.triad_text import nfc


def base(collection: Collection, revision: str, *, whole: bool = False) -> Collection:
    """The skills of a collection as they were at a revision.

    A skill is found again under its path, whatever links lead there; skills that are gone are read as well, as they may
    have moved.

    Args:
        collection: as it is in the working tree.
        revision: a branch, a tag, a commit.
        whole: whether to read files that have not changed, too: to find every problem of that time.

    Raises:
        FfcolorError: `git` when git is not there, a root is in no repository, or the revision is unknown.
    """
    now = {os.path.realpath(skill.path): skill for skill in collection.skills}
    found: dict[str, Skill] = {}
    problems: list[Problem] = []
    for folder, is_beside in _folders(collection):
        top = os.path.realpath(folder)
        files = dict(files_at(revision, folder, _is_beside if is_beside else _is_skill))
        for path, data in files.items():
            at, name = os.path.split(path)
            today = now.get(path)
            own = shown_path(os.path.join(folder, os.path.relpath(path, top)))
            if name != "SKILL.md" and os.path.join(at, "SKILL.md") in files:
                problems.append(beside(own))
                continue
            if path in found:
                continue
            if today is not None and not whole and _is_same(today, data):
                continue
            skill = read_skill(
                data, today.path if today else own, today.root if today else folder, nfc(os.path.basename(at))
            )
            if isinstance(skill, Problem):
                problems += [] if is_beside else [skill]
                continue
            found[path] = replace(skill, context=today.context if today else is_beside)
            problems += misnamed(found[path])
    return assemble(collection.roots, found.values(), problems)


def _folders(collection: Collection) -> Iterator[tuple[str, bool]]:
    """The folders to look in; True for those that lie around the folder of a single file."""
    given: dict[str, str] = {}
    for root in collection.roots:
        folder = root if os.path.isdir(root) else os.path.dirname(root) or "."
        given.setdefault(os.path.realpath(folder), folder)
    yield from ((folder, False) for folder in given.values())
    if any(skill.context for skill in collection.skills):
        for folder in given.values():
            above = os.path.normpath(os.path.join(folder, os.pardir))
            if os.path.realpath(above) != os.path.realpath(folder):
                yield above, True


def _is_skill(path: str) -> bool:
    *folders, name = path.split("/")
    return name.casefold() == "skill.md" and not SKIPPED & set(folders)


def _is_beside(path: str) -> bool:
    return path.count("/") == 1 and path.endswith("/SKILL.md")


def _is_same(today: Skill, data: bytes) -> bool:
    """Whether a file says today what it said then, word for word."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return tuple(text.split("\n")) == today.lines
