"""The marks of problems that can be fixed: tried, not guessed, so that they say what `fix` will do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ffcolor.skills.catalog import Problem, chosen
from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.fix.changes import Change, plan
from ffcolor.skills.fix.one_file import HANDLED
from ffcolor.skills.reading.collection import read


def check(
    *paths: str | os.PathLike[str],
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    all_markdown: bool = False,
) -> list[Problem]:
    """Check skills: an empty list means that all is well.

    Args:
        paths: folders, each a root whose skills name each other, or single files; none means the current folder.
        select: the only checks to apply, as codes or their beginnings, ``["GF3", "GF402"]``.
        ignore: checks to leave out, in the same way.
        all_markdown: whether the triads of all other Markdown files in the folders are checked, too.

    Returns:
        Problems in order of path, line, column and code.

    Raises:
        FfcolorError: `file-read` when a path is not there; `skills-rule` for a check that does not exist.
    """
    codes = chosen(select, ignore)
    collection = read(*paths, all_markdown=all_markdown)
    problems = check_collection(collection, codes)
    return marked(problems, plan(collection, problems, codes))


def marked(problems: Sequence[Problem], changes: Iterable[Change]) -> list[Problem]:
    """The problems, `fixable` where these changes make them disappear and nowhere else.

    Args:
        problems: of a collection.
        changes: what `fix.plan` makes of them.
    """
    by_path = {change.name: change for change in changes}
    marks = [_is_fixed(each, by_path.get(each.path)) for each in problems]
    return [
        each if each.fixable == mark else replace(each, fixable=mark)
        for each, mark in zip(problems, marks, strict=True)
    ]


def _is_fixed(problem: Problem, change: Change | None) -> bool:
    if change is None or not problem.fixable:
        return False
    is_done = change.before != change.after and problem.code in HANDLED and problem.kind not in change.rest
    return is_done or problem.code in change.codes
