"""The page of each rule: what it does, why what it finds is bad, an example, and what to write instead."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

from ffcolor.errors import FfcolorError
from ffcolor.skills.catalog import RULES

_FOLDER = Path(__file__).parents[1] / "checks" / "pages"


@cache
def page(code: str) -> str:
    """The page of a rule, in Markdown; its code may be written in lower case.

    Raises:
        FfcolorError: `skills-rule` when there is no such rule.

    >>> page("gf304").splitlines()[0]
    "# GF304: member's own file declares another trit"
    """
    known = code.strip().upper()
    if known not in RULES:
        close = difflib.get_close_matches(known, RULES, 1, 0.6)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(RULES)}"
        raise FfcolorError(f"{code!r} is no rule: {hint}", code="skills-rule", value=code)
    rule = RULES[known]
    text = (_FOLDER / f"{known}.md").read_text(encoding="utf-8")
    facts = [
        rule.severity,
        "★ `ffcolor skills fix` can mend it" if rule.fixable else "to be mended by hand",
        *([] if rule.on else ["off unless selected"]),
    ]
    title, _, rest = text.partition("\n")
    return f"{title}\n\n*{'; '.join(facts)}*\n{rest}"


def summary(code: str) -> str:
    """What a rule finds, as the first paragraph of its page says it."""
    return " ".join(page(code).split("\n\n")[2].split())
