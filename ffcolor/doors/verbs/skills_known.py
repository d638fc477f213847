"""What the verb `skills_check` holds back because it is known already, and what fixing would write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ffcolor.doors.verbs.arguments import PathLike

if TYPE_CHECKING:
    from ffcolor.skills.catalog import Problem
    from ffcolor.skills.fix import Change
    from ffcolor.skills.model import Collection
    from ffcolor.skills.tell.edits import Fixes


def held_back(
    collection: Collection,
    problems: Sequence[Problem],
    codes: frozenset[str],
    baseline: PathLike | None,
    new_since: str | None,
) -> tuple[Sequence[Problem], int, str, int]:
    """The problems without those that are known, how many these are and where they stand, and how many are gone."""
    from ffcolor.skills import problems_at
    from ffcolor.skills.tell import baseline as held

    where, known, gone = [], 0, 0
    if baseline is not None:
        problems, known, gone = held.compare(baseline, problems)
        where.append("in the baseline")
    if new_since is not None:
        problems, count, _ = held.subtract(problems, problems_at(collection, new_since, codes))
        known += count
        where.append(f"at {new_since} already")
    return problems, known, " or ".join(where), gone


def edits_of(planned: Sequence[Change]) -> Fixes:
    """What fixing would write in each file."""
    from ffcolor.skills.tell.edits import edits

    return {each.name: edits(each.before, each.after) for each in planned if each.before != each.after}
