"""The table of rules: code, severity, title, whether `fix` can mend it, whether it is on by default."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ffcolor.errors import FfcolorError
from ffcolor.skills.model import Problem, Severity

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable code, how bad a finding is, its title, whether `fix` mends it, and whether it is on."""

    code: str
    severity: Severity
    title: str
    fixable: bool = False
    on: bool = True


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("GF100", "error", "file cannot be read"),
        Rule("GF101", "error", "no front matter", fixable=True),
        Rule("GF102", "error", "front matter is not YAML", fixable=True),
        Rule("GF103", "warning", "file is not named SKILL.md", fixable=True),
        Rule("GF104", "error", "name is not the folder's, or not legal"),
        Rule("GF105", "error", "description missing or empty"),
        Rule("GF106", "warning", "top-level key outside the specification", fixable=True),
        Rule("GF107", "warning", "front matter displaced into the body", fixable=True),
        Rule("GF108", "warning", "metadata value is not a string", fixable=True),
        Rule("GF109", "error", "one name used by two skills"),
        Rule("GF201", "info", "no trit declared"),
        Rule("GF202", "error", "a file declares two trits", fixable=True),
        Rule("GF203", "error", "value is not -1, 0 or +1"),
        Rule("GF204", "error", "number contradicts its role word"),
        Rule("GF205", "warning", "trit only in a generated block"),
        Rule("GF206", "warning", "trit is not machine-readable", fixable=True),
        Rule("GF207", "warning", "copies in two roots disagree"),
        Rule("GF208", "error", "trit or colour lost"),
        Rule("GF301", "error", "claimed balanced, but the sum is not 0"),
        Rule("GF302", "error", "stated result is not the sum", fixable=True),
        Rule("GF303", "error", "member exists nowhere"),
        Rule("GF304", "error", "member's own file declares another trit"),
        Rule("GF305", "warning", "member declares no trit"),
        Rule("GF306", "info", "not three members"),
        Rule("GF307", "warning", "triad repeated in one file", fixable=True),
        Rule("GF308", "info", "own skill is no member"),
        Rule("GF309", "error", "own trit differs in own triad"),
        Rule("GF310", "info", "balanced, but not one of each"),
        Rule("GF311", "warning", "a name claimed with several trits"),
        Rule("GF312", "info", "unbalanced, and says so"),
        Rule("GF313", "info", "triad not listed by the other members", on=False),
        Rule("GF401", "warning", "colour's hue against the trit"),
        Rule("GF402", "error", "malformed colour"),
        Rule("GF403", "warning", "colour name against its hex"),
        Rule("GF404", "warning", "generated colour is not the author's"),
        Rule("GF405", "info", "hue within 1 degree of a boundary"),
        Rule("GF406", "info", "grey has no hue"),
        Rule("GF501", "error", "lock file is stale", fixable=True),
    )
}
"""Every rule by its code."""


def chosen(select: Iterable[str] | None = None, ignore: Iterable[str] | None = None) -> frozenset[str]:
    """The codes that `select` and `ignore` leave, both given as codes or their beginnings (`"GF3"`, `"GF304"`).

    Without `select`, every rule is on but those that are off by default; these need their full code, or ``"ALL"``.
    The more precise of two wins: ``select=["GF304"], ignore=["GF3"]`` leaves GF304.

    Raises:
        FfcolorError: `skills-rule` when no rule begins like that.
    """
    wanted = {code: 1 for code, rule in RULES.items() if rule.on} if select is None else _matches(select)
    unwanted = _matches(ignore or ())
    return frozenset(code for code, length in wanted.items() if unwanted.get(code, 0) < length)


def problem(
    code: str,
    path: str,
    line: int,
    column: int,
    message: str,
    suggestion: str | None = None,
    fixable: bool | None = None,
) -> Problem:
    """A problem with its rule's severity; `fixable` is the rule's unless it is given.

    What a file says may hold control characters; in a message they are shown, not sent to a terminal.
    """
    rule = RULES[code]
    message = _CONTROL.sub(lambda match: repr(match.group())[1:-1], message)
    suggestion = None if suggestion is None else _CONTROL.sub(lambda match: repr(match.group())[1:-1], suggestion)
    shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
    can = rule.fixable if fixable is None else fixable
    return Problem(code, rule.severity, shown, line, column, message, suggestion, can)


def _matches(prefixes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for given in (prefixes,) if isinstance(prefixes, str) else prefixes:
        prefix = "GF" if str(given).upper() == "ALL" else str(given).upper()
        codes = [code for code in RULES if prefix and code.startswith(prefix)]
        if not codes:
            message = f"{given!r} is no rule: write a code such as 'GF304' or the beginning of some such as 'GF3'"
            raise FfcolorError(message, code="skills-rule", value=given)
        for code in codes:
            if not RULES[code].on and prefix not in ("GF", code):
                continue
            found[code] = max(found.get(code, 0), len(prefix))
    return found
