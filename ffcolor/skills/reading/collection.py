"""From single files to a collection, where it can be told which formulas are triads: those that name skills."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.model import Collection, NamedTriad, Skill, Triad
from ffcolor.skills.reading.folders import Found, find
from ffcolor.skills.reading.names import Names
from ffcolor.skills.reading.skill_file import read_page, read_skill

_COMPOUND = re.compile(r"[a-z0-9\u00df-\U0010ffff]+(?:-[a-z0-9\u00df-\U0010ffff]+)+")


def read(*paths: str | os.PathLike[str], all_markdown: bool = False) -> Collection:
    """Read every SKILL.md below some paths.

    Args:
        paths: folders with skills somewhere below them, or single files; none means the current folder.
        all_markdown: whether the triads of all other Markdown files in the folders are read, too.

    Raises:
        FfcolorError: `file-read` when a path is not there. What cannot be read below it is a problem, not an error.
    """
    roots = tuple(os.fspath(path) for path in paths) or (".",)
    with _without_collector():
        return _read(roots, all_markdown)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No garbage collection: reading makes no cycles, and looking for them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(roots: tuple[str, ...], all_markdown: bool) -> Collection:
    skills: list[Skill] = []
    pages: list[Skill] = []
    problems: list[Problem] = []
    for found in find(roots, all_markdown=all_markdown):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        read = read_page(found.data, found.path, found.root) if found.is_page else read_found(found)
        if isinstance(read, Skill):
            (pages if found.is_page else skills).append(read)
            problems += [] if found.is_page else misnamed(read)
        elif not found.context:
            problems.append(read)
    return assemble(roots, skills, problems, pages)


def read_found(found: Found) -> Skill | Problem:
    """The skill in a file that was found."""
    read = read_skill(found.data, found.path, found.root, found.folder)
    return replace(read, context=True) if found.context and isinstance(read, Skill) else read


def misnamed(skill: Skill) -> list[Problem]:
    """GF103 when the file is not named SKILL.md."""
    name = skill.path.rsplit("/", 1)[-1]
    if name == "SKILL.md" or skill.context:
        return []
    message = f"the file is named {name!r}, which readers of skills do not look for"
    return [problem("GF103", skill.path, 1, 1, message, "rename it to SKILL.md")]


def assemble(
    roots: Iterable[str], skills: Iterable[Skill], problems: Iterable[Problem] = (), pages: Iterable[Skill] = ()
) -> Collection:
    """A collection of files that were read one by one: tells triads and mentions of skills from other formulas."""
    read = sorted(skills, key=lambda skill: skill.path)
    names = Names(name for skill in read for name in (skill.name, skill.folder))
    others = sorted(pages, key=lambda page: page.path)
    sorted_out = [_sorted_out(skill, names) for skill in read], [_sorted_out(page, names) for page in others]
    return Collection(tuple(roots), tuple(sorted_out[0]), tuple(problems), tuple(sorted_out[1]))


def _sorted_out(skill: Skill, names: Names) -> Skill:
    if not (skill.triads or skill.mentions or skill.named):
        return skill
    triads = [triad for triad in skill.triads if is_triad(triad, names)]
    formulas = [triad for triad in skill.triads if triad.form in ("tensor", "block") and not is_triad(triad, names)]
    return replace(
        skill,
        triads=tuple(triads),
        formulas=tuple(formulas),
        named=tuple(triad for triad in skill.named if _are_skills(triad, names)),
        mentions=tuple(mention for mention in skill.mentions if mention.name in names),
    )


def _are_skills(triad: NamedTriad, names: Names) -> bool:
    """Whether a chain without numbers names skills: all but one of its names are theirs, and that one is nearly one."""
    strange = [member.name for member in triad.members if member.name not in names]
    return not strange or (len(strange) == 1 and len(triad.members) > 2 and names.nearest(strange[0]) is not None)


def is_triad(triad: Triad, names: Names) -> bool:
    """Whether a formula names skills.

    In the front matter it does. With ⊗ it does when one of its names is a skill's, or is written like one: in several
    words with hyphens. (`read (-1) ⊗ modify (0) ⊗ create (+1)` is about verbs.) With + it does when its names are
    skills, except for one that is nearly one.
    """
    if triad.form == "front matter":
        return True
    known = sum(member.name in names for member in triad.members)
    if triad.form == "sum":
        strange = [member.name for member in triad.members if member.name not in names]
        return not strange or (known >= 2 and len(strange) == 1 and names.nearest(strange[0]) is not None)
    return known > 0 or any(_COMPOUND.fullmatch(member.name) for member in triad.members)
