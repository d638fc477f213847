"""The check: all checks over a collection, less what is ignored."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ffcolor.skills import lock
from ffcolor.skills.catalog import Problem, chosen
from ffcolor.skills.checks.colors import check_colors
from ffcolor.skills.checks.files import check_files
from ffcolor.skills.checks.front_marks import check_front_marks
from ffcolor.skills.checks.indexes import check_indexes
from ffcolor.skills.checks.locks import check_locks
from ffcolor.skills.checks.mentions import check_mentions
from ffcolor.skills.checks.since import lost
from ffcolor.skills.checks.triads import check_triads
from ffcolor.skills.checks.trits import check_trits
from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.git import files_at
from ffcolor.skills.reading.indexes import NAME as INDEX
from ffcolor.skills.reading.indexes import index_paths
from ffcolor.skills.reading.revision import base as base_of

_FAMILIES = (
    check_files,
    check_front_marks,
    check_trits,
    check_triads,
    check_mentions,
    check_colors,
    check_locks,
)


def check_collection(
    collection: Collection,
    codes: frozenset[str] | None = None,
    base: Collection | None = None,
    *,
    with_indexes: bool = True,
) -> list[Problem]:
    """Check skills that are read already.

    Args:
        collection: what `read` gave.
        codes: the checks to apply; by default those that are on.
        base: the same collection at an earlier revision, for GF208.
        with_indexes: whether the indexes that lie beside it now are compared, too.
    """
    wanted = chosen() if codes is None else codes
    by_path = {
        skill.path.encode("utf-8", "backslashreplace").decode("utf-8"): skill
        for skill in (*collection.skills, *collection.pages)
    }
    found = {problem for problem in _all(collection, base, with_indexes) if problem.code in wanted}
    kept = (problem for problem in found if not _is_ignored(problem, by_path.get(problem.path)))
    return sorted(kept, key=lambda problem: problem.order)


def problems_at(collection: Collection, revision: str, codes: frozenset[str]) -> list[Problem]:
    """The problems that a collection had at a revision of git, but for GF208.

    Args:
        collection: as it is today; files are named as in it.
        revision: a branch, a tag, a commit.
        codes: the checks to apply.

    Raises:
        FfcolorError: `git` when git is not there, a root is in no repository, or the revision is unknown.
    """
    before = base_of(collection, revision, whole=True)
    locks = {
        root: data
        for root in collection.roots
        if os.path.isdir(root)
        for _, data in files_at(revision, root, lambda path: path == lock.NAME)
    }
    indexes = {}
    for path in index_paths(collection):
        for _, data in files_at(revision, os.path.dirname(path) or ".", lambda name: name == INDEX):
            indexes[path] = data
    found = check_collection(before, codes - {"GF501", "GF502"}, with_indexes=False)
    others = (*check_locks(before, locks), *check_indexes(before, indexes))
    return found + [each for each in others if each.code in codes]


def _all(collection: Collection, base: Collection | None, with_indexes: bool) -> Iterator[Problem]:
    yield from collection.problems
    for family in _FAMILIES:
        yield from family(collection)
    if with_indexes:
        yield from check_indexes(collection)
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
