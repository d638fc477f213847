"""A report in any of its formats."""

from __future__ import annotations

from collections.abc import Sequence

from ffcolor.skills.catalog import CHECKS, Problem
from ffcolor.skills.model import Collection
from ffcolor.skills.tell import report
from ffcolor.skills.tell.edits import Fixes


def render(
    format: str,
    collection: Collection,
    problems: Sequence[Problem],
    suppressed: int = 0,
    color: bool = False,
    where: str = "in the baseline",
    show: str = "some",
    fixes: Fixes | None = None,
    columns: int | None = None,
) -> str:
    """Write what a check found.

    Args:
        format: one of `report.FORMATS`.
        collection: that was checked.
        problems: in order.
        suppressed: how many problems are held back.
        color: whether text has the colours of a terminal.
        where: where those that are held back stand.
        show: how much of them text shows, see `text.as_text`.
        fixes: what fixing would write, for SARIF.
        columns: the width that text is wrapped to.
    """
    files = report.files(collection)
    titles = {code: check.title for code, check in CHECKS.items()}
    if format == "json":
        return report.as_json(problems, files, suppressed)
    if format == "edn":
        return report.as_edn(problems, files, suppressed)
    if format == "github":
        return report.as_github(problems, titles)
    if format == "sarif":
        from ffcolor.skills.tell import sarif
        from ffcolor.version import __version__

        return sarif.as_sarif(problems, sarif.descriptors(), __version__, fixes or {})
    lines = {skill.path: skill.lines for skill in (*collection.skills, *collection.pages)}
    return report.as_text(
        problems,
        files,
        titles,
        lambda path: lines.get(path, ()),
        color=color,
        suppressed=suppressed,
        where=where,
        show=show,
        columns=columns,
        has_trits=any(skill.trits or skill.triads for skill in collection.skills if not skill.context),
    )
