"""The page of each check: what it does, why what it finds is bad, an example, and what to write instead."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ffcolor.skills.catalog import CHECKS, not_a_check

_FOLDER = Path(__file__).parents[1] / "checks" / "pages"


@cache
def page(code: str) -> str:
    """The page of a check, in Markdown; its code may be written in lower case.

    Raises:
        FfcolorError: `skills-rule` when there is no such check.

    >>> page("gf304").splitlines()[0]
    "# GF304: member's own file declares another trit"
    """
    known = code.strip().upper()
    if known not in CHECKS:
        raise not_a_check(code)
    check = CHECKS[known]
    text = (_FOLDER / f"{known}.md").read_text(encoding="utf-8")
    facts = [
        check.severity,
        "★ `ffcolor skills fix` can fix it" if check.fixable else "to be fixed by hand",
        *([] if check.on else ["off unless selected"]),
    ]
    title, _, rest = text.partition("\n")
    return f"{title}\n\n*{'; '.join(facts)}*\n{rest}"


def summary(code: str) -> str:
    """What a check finds, as the first paragraph of its page says it."""
    return " ".join(page(code).split("\n\n")[2].split())
