"""The check: all checks over a collection, less what is ignored."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ffcolor.skills.catalog import Problem, chosen
from ffcolor.skills.checks.colors import check_colors
from ffcolor.skills.checks.files import check_files
from ffcolor.skills.checks.front_marks import check_front_marks
from ffcolor.skills.checks.indexes import check_indexes
from ffcolor.skills.checks.locks import check_locks
from ffcolor.skills.checks.mentions import check_mentions
from ffcolor.skills.checks.triads import check_triads
from ffcolor.skills.checks.trits import check_trits, lost
from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.collection import read

_FAMILIES = (
    check_files,
    check_front_marks,
    check_trits,
    check_triads,
    check_mentions,
    check_colors,
    check_locks,
    check_indexes,
)


def check(
    *paths: str | os.PathLike[str],
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    all_markdown: bool = False,
) -> list[Problem]:
    """Check skills: an empty list means that all is well.

    Args:
        paths: folders with skills somewhere below them, or single files; none means the current folder.
        select: the only checks to apply, as codes or their beginnings, ``["GF3", "GF402"]``.
        ignore: checks to leave out, in the same way.
        all_markdown: whether the triads of all other Markdown files in the folders are checked, too.

    Returns:
        Problems in order of path, line, column and code.

    Raises:
        FfcolorError: `file-read` when a path is not there; `skills-rule` for a check that does not exist.
    """
    codes = chosen(select, ignore)
    return check_collection(read(*paths, all_markdown=all_markdown), codes)


def check_collection(
    collection: Collection, codes: frozenset[str] | None = None, base: Collection | None = None
) -> list[Problem]:
    """Check skills that are read already.

    Args:
        collection: what `read` gave.
        codes: the checks to apply; by default those that are on.
        base: the same collection at an earlier revision, for GF208.
    """
    wanted = chosen() if codes is None else codes
    by_path = {
        skill.path.encode("utf-8", "backslashreplace").decode("utf-8"): skill
        for skill in (*collection.skills, *collection.pages)
    }
    found = {problem for problem in _all(collection, base) if problem.code in wanted}
    kept = (problem for problem in found if not _is_ignored(problem, by_path.get(problem.path)))
    return sorted(kept, key=lambda problem: problem.order)


def _all(collection: Collection, base: Collection | None) -> Iterator[Problem]:
    yield from collection.problems
    for family in _FAMILIES:
        yield from family(collection)
    if base is not None:
        yield from lost(collection, base)


def _is_ignored(problem: Problem, skill: Skill | None) -> bool:
    if skill is None:
        return False
    if skill.context:
        return True
    if not skill.ignores:
        return False
    prefixes = skill.ignores.get(0, frozenset()) | skill.ignores.get(problem.line, frozenset())
    return any(problem.code.startswith(prefix) for prefix in prefixes)
