"""The table of checks: code, severity, title, whether `fix` can fix what it finds; and what they find, as problems."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from ffcolor.errors import FfcolorError, hint

Severity = Literal["error", "warning", "info"]

_PLACES = re.compile(r":\d+(?::\d+)?\b|\blines? \d+\b")
_FOLDERS = re.compile(r"[^\s()',]*/(?=[^\s/()',]+/[^\s/()',]+\.md\b)", re.IGNORECASE)  # as typed, so by where one is
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check.

    Attributes:
        code: the check, such as ``"GF304"``.
        severity: ``"error"``, ``"warning"`` or ``"info"``.
        path: the file, as the user gave it (or below what the user gave), with ``/`` between the parts.
        line: counted from 1.
        column: counted from 1, in characters.
        message: one sentence without a full stop at its end; it names the value.
        suggestion: what to write instead, where there is one.
        fixable: whether `fix` can fix it.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    suggestion: str | None = None
    fixable: bool = False

    @property
    def kind(self) -> tuple[str, str]:
        """Code and message without the places in it: alike in problems that differ only by where they are."""
        return self.code, _PLACES.sub("", self.message)

    @property
    def fingerprint(self) -> str:
        """A short digest that stays the same when the problem moves to another line."""
        code, message = self.kind
        text = "\0".join((code, self.path, _FOLDERS.sub("", message)))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sorting key: by file, then by place, then by code."""
        return self.path, self.line, self.column, self.code, self.message


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its stable code, how bad a finding is, its title, whether `fix` fixes it, and whether it is on."""

    code: str
    severity: Severity
    title: str
    fixable: bool = False
    on: bool = True


CHECKS: dict[str, Check] = {
    check.code: check
    for check in (
        Check("GF100", "error", "file cannot be read"),
        Check("GF101", "error", "no front matter", fixable=True),
        Check("GF102", "error", "front matter is not YAML", fixable=True),
        Check("GF103", "warning", "file is not named SKILL.md", fixable=True),
        Check("GF104", "error", "name is not the folder's, or not legal"),
        Check("GF105", "error", "description missing or empty"),
        Check("GF106", "warning", "top-level key outside the specification", fixable=True),
        Check("GF107", "warning", "front matter displaced into the body", fixable=True),
        Check("GF108", "warning", "metadata value is not a string", fixable=True),
        Check("GF109", "error", "one name used by two skills of a root"),
        Check("GF110", "warning", "value that the specification does not allow", fixable=True),
        Check("GF111", "error", "byte order mark before the front matter", fixable=True),
        Check("GF112", "warning", "blanks behind the marks of the front matter", fixable=True),
        Check("GF113", "error", "front matter closed by dots", fixable=True),
        Check("GF114", "warning", "text hidden behind a #", fixable=True),
        Check("GF201", "info", "no trit declared"),
        Check("GF202", "error", "a file declares two trits", fixable=True),
        Check("GF203", "error", "value is not -1, 0 or +1"),
        Check("GF204", "error", "number contradicts its role word"),
        Check("GF205", "warning", "trit only in a generated block"),
        Check("GF206", "warning", "trit is not machine-readable", fixable=True),
        Check("GF207", "warning", "copies in two roots disagree"),
        Check("GF208", "error", "trit or colour lost or changed"),
        Check("GF301", "error", "claimed balanced, but the sum is not 0"),
        Check("GF302", "error", "stated result is not the sum", fixable=True),
        Check("GF303", "error", "member does not exist"),
        Check("GF304", "error", "member's own file declares another trit"),
        Check("GF305", "warning", "member declares no trit"),
        Check("GF306", "info", "not three members"),
        Check("GF307", "warning", "triad repeated in one file", fixable=True),
        Check("GF308", "info", "own skill is not a member"),
        Check("GF309", "error", "own trit differs in own triad"),
        Check("GF310", "info", "balanced, but not one of each"),
        Check("GF311", "warning", "a name claimed with several trits"),
        Check("GF312", "info", "unbalanced, and says so"),
        Check("GF313", "info", "triad not listed by the other members", on=False),
        Check("GF314", "warning", "mention gives a skill another trit"),
        Check("GF401", "warning", "colour's hue against the trit"),
        Check("GF402", "error", "malformed colour"),
        Check("GF403", "warning", "colour name against its hex"),
        Check("GF404", "warning", "generated colour is not the author's"),
        Check("GF405", "info", "hue within 1 degree of a boundary"),
        Check("GF406", "info", "grey has no hue"),
        Check("GF501", "error", "lock file is stale", fixable=True),
        Check("GF502", "error", "skills.json says otherwise than the skills"),
    )
}
"""Every check by its code."""

RULES = CHECKS
"""The older name of the same table."""


def chosen(select: Iterable[str] | None = None, ignore: Iterable[str] | None = None) -> frozenset[str]:
    """The codes that `select` and `ignore` leave, both given as codes or their beginnings (`"GF3"`, `"GF304"`).

    Without `select`, every check is on but those that are off by default; these need their full code, or ``"ALL"``.
    The more precise of two wins: ``select=["GF304"], ignore=["GF3"]`` leaves GF304.

    Raises:
        FfcolorError: `skills-rule` when no check begins like that.
    """
    wanted = {code: 1 for code, check in CHECKS.items() if check.on} if select is None else _matches(select)
    unwanted = _matches(ignore or ())
    return frozenset(code for code, length in wanted.items() if unwanted.get(code, 0) < length)


def not_a_check(given: object) -> FfcolorError:
    """The error about what is neither the code of a check nor the beginning of one."""
    close = hint(given, CHECKS)
    wanted = f"did you mean {close!r}?" if close else "codes are such as 'GF304', and a family's begin alike"
    return FfcolorError(f"{given!r} is not a check: {wanted}", code="skills-rule", value=given)


def shown(text: str, most: int = 70) -> str:
    """What a file says, quoted for a message, and cut where it is longer than `most` characters."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")


def problem(
    code: str,
    path: str,
    line: int,
    column: int,
    message: str,
    suggestion: str | None = None,
    fixable: bool | None = None,
) -> Problem:
    """A problem with the severity of its check; `fixable` is the check's, too, unless it is given.

    What a file says may hold control characters; in a message they are shown, not sent to a terminal.
    """
    check = CHECKS[code]
    message = _CONTROL.sub(lambda match: repr(match.group())[1:-1], message)
    suggestion = None if suggestion is None else _CONTROL.sub(lambda match: repr(match.group())[1:-1], suggestion)
    shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
    can = check.fixable if fixable is None else fixable
    return Problem(code, check.severity, shown, line, column, message, suggestion, can)


def resting(found: Problem, is_generated: bool, why: str = "") -> Problem:
    """A problem, as a warning that says so where it rests on a generated block only: no author has said that."""
    if not is_generated:
        return found
    return replace(found, severity="warning", message=f"{found.message}; {why}" if why else found.message)


def _matches(prefixes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for given in (prefixes,) if isinstance(prefixes, str) else prefixes:
        prefix = "GF" if str(given).upper() == "ALL" else str(given).upper()
        codes = [code for code in CHECKS if prefix and code.startswith(prefix)]
        if not codes:
            raise not_a_check(given)
        for code in codes:
            if not CHECKS[code].on and prefix not in ("GF", code):
                continue
            found[code] = max(found.get(code, 0), len(prefix))
    return found
