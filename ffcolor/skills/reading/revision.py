"""A collection as it was at a revision of git, to tell what a change destroyed."""

from __future__ import annotations

import os

from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.git import files_at
from ffcolor.skills.reading.skill_file import read_skill
from ffcolor.skills.reading.triad_text import nfc


def base(collection: Collection, revision: str) -> Collection:
    """The skills of a collection as they were at a revision, those left out that have lost nothing.

    A skill is found again under its path, whatever links lead there. What has its trit and its colour today cannot have
    lost them, so only the others are read; skills that are gone are read as well, as they may have moved.

    Args:
        collection: as it is in the working tree.
        revision: a branch, a tag, a commit.

    Raises:
        FfcolorError: `git` when git is not there, a root is in no repository, or the revision is unknown.
    """
    now = {os.path.realpath(skill.path): skill for skill in collection.skills}
    folders: dict[str, str] = {}
    for root in collection.roots:
        folder = root if os.path.isdir(root) else os.path.dirname(root) or "."
        folders.setdefault(os.path.realpath(folder), folder)
    found: list[Skill] = []
    for folder in folders.values():
        for path, data in files_at(revision, folder, _is_skill):
            today = now.get(path)
            if today is not None and today.trit is not None and today.color is not None:
                continue
            name = today.path if today else path
            root = today.root if today else folder
            skill = read_skill(data, name, root, nfc(os.path.basename(os.path.dirname(path))))
            if isinstance(skill, Skill):
                found.append(skill)
    return assemble(collection.roots, found)


def _is_skill(path: str) -> bool:
    return path.rpartition("/")[2].casefold() == "skill.md"
