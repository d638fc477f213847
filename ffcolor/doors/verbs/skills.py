"""The verbs for collections of skills."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ffcolor.doors.verbs.arguments import Plain
from ffcolor.errors import FfcolorError

if TYPE_CHECKING:
    from ffcolor.skills.model import Collection, Problem


def skills_check(
    paths: Any = (".",),
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    against: str | None = None,
) -> Plain:
    """Check collections of skills: ``problems`` as dicts, and how many there are of each severity.

    Args:
        paths: a folder of skills or a SKILL.md, or several.
        select: the only rules to apply, as codes or their beginnings such as ``"GF3"``.
        ignore: rules to leave out, in the same way.
        against: a revision of git to compare with, for GF208.
    """
    from ffcolor.skills import report
    from ffcolor.skills.against import base

    collection, codes = _skills(paths, select, ignore)
    problems = _skill_problems(collection, codes, None if against is None else base(collection, against))
    return report.as_plain(problems, report.files(collection))


def skills_fix(
    paths: Any = (".",),
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    trust: str | None = None,
    apply: bool = False,
) -> Plain:
    """Mend collections of skills, or show how: ``files`` with what is mended in each, what is left, and the diff.

    Args:
        paths: a folder of skills or a SKILL.md, or several.
        select: the only rules to mend, as codes or their beginnings.
        ignore: rules to leave out, in the same way.
        trust: ``"author"`` or ``"generated"``: whom to believe where a file declares two trits.
        apply: whether to write; otherwise nothing is changed.
    """
    from ffcolor.skills import fix

    if trust not in (None, "author", "generated"):
        raise FfcolorError(
            f"trust is {trust!r}; it must be 'author' or 'generated'", code="invalid-setting", value=trust
        )
    collection, codes = _skills(paths, select, ignore)
    changes = fix.plan(collection, _skill_problems(collection, codes), codes, trust)
    return fix.as_plain(list(fix.apply(changes)) if apply else changes, applied=apply)


def _skills(
    paths: Any, select: Sequence[str] | None, ignore: Sequence[str] | None
) -> tuple[Collection, frozenset[str]]:
    from ffcolor.skills.collect import read
    from ffcolor.skills.rules.table import chosen

    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    return read(*given), chosen(select, ignore)


def _skill_problems(collection: Collection, codes: frozenset[str], base: Collection | None = None) -> list[Problem]:
    from ffcolor.skills.checking import check_collection

    return check_collection(collection, codes, base)
