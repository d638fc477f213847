"""What a check found, as people and programs read it: text, JSON, SARIF, GitHub annotations, EDN."""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ffcolor.errors import json_text, visible
from ffcolor.skills import edn
from ffcolor.skills.catalog import Problem, Severity
from ffcolor.skills.model import Collection

FORMATS = ("text", "json", "sarif", "github", "edn")
SCHEMA = 1
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

Lines = Callable[[str], Sequence[str]]
"""The lines of a file by its path as the problems name it; () when they are not at hand."""

_WIDTH = 100  # columns of an excerpt
_STYLES = {"error": "1;31", "warning": "1;33", "info": "1;36", "path": "1", "dim": "2", "mark": "1;32"}


def count(problems: Iterable[Problem]) -> dict[str, int]:
    """How many problems there are of each severity."""
    found = Counter(problem.severity for problem in problems)
    return {severity: found[severity] for severity in SEVERITIES}


def files(collection: Collection) -> int:
    """How many files were checked: those read only for their names do not count."""
    broken = {problem.path for problem in collection.problems if problem.code == "GF100"}
    return sum(not skill.context for skill in collection.skills) + len(collection.pages) + len(broken)


def as_plain(problems: Iterable[Problem], files: int, suppressed: int = 0) -> dict[str, Any]:
    """Problems as plain data: what ``--format json`` prints and what Clojure gets.

    Args:
        problems: in order.
        files: how many files were checked.
        suppressed: how many problems a baseline holds back.
    """
    rows = [plain(problem) for problem in problems]
    counts = Counter(row["severity"] for row in rows)
    return {
        "schema": SCHEMA,
        "files": files,
        "suppressed": suppressed,
        "counts": {severity: counts[severity] for severity in SEVERITIES},
        "problems": rows,
    }


def plain(problem: Problem) -> dict[str, Any]:
    """One problem as a plain dict."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "suggestion": problem.suggestion,
        "fixable": problem.fixable,
        "fingerprint": problem.fingerprint,
    }


def as_json(problems: Iterable[Problem], files: int, suppressed: int = 0) -> str:
    """Problems as a JSON document."""
    return encode_json(as_plain(problems, files, suppressed))


def encode_json(value: Any) -> str:
    """Plain data as JSON that can always be printed."""
    return json_text(value, 2) + "\n"


def as_edn(problems: Iterable[Problem], files: int, suppressed: int = 0) -> str:
    """Problems as EDN: a map as of `as_plain`, with ``:ffcolor/schema``; a problem a line."""
    found = as_plain(problems, files, suppressed)
    rows = [edn.dumps(row) for row in found.pop("problems")]
    head = edn.dumps({"ffcolor/schema" if key == "schema" else key: value for key, value in found.items()})
    return f"{head[:-1]},\n :problems [{(chr(10) + ' ' * 12).join(rows)}]}}\n"


def as_github(problems: Iterable[Problem], titles: Mapping[str, str]) -> str:
    """Problems as workflow commands, which GitHub shows beside the lines of a change.

    Args:
        problems: in order.
        titles: code -> what its check finds.

    Source: GitHub's documentation, "Workflow commands for GitHub Actions": %, CR and LF are escaped everywhere, and
    ``:`` and ``,`` in properties as well.
    """
    words = {"error": "error", "warning": "warning", "info": "notice"}
    return "".join(
        f"::{words[problem.severity]} file={_property(local(problem.path))},line={problem.line},col={problem.column},"
        f"title={_property(_title(problem, titles))}::{_data(_sentence(problem))}\n"
        for problem in problems
    )


def local(path: str) -> str:
    """A path as services know it: relative to the current folder, if it lies below that."""
    if not os.path.isabs(path):
        return posixpath.normpath(path)
    below = os.path.relpath(path, os.getcwd()).replace(os.sep, "/")
    return path if below.startswith("../") else below


def _title(problem: Problem, titles: Mapping[str, str]) -> str:
    title = titles.get(problem.code)
    return f"{problem.code}: {title}" if title else problem.code


def _sentence(problem: Problem) -> str:
    return f"{problem.message}; {problem.suggestion}" if problem.suggestion else problem.message


def _data(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.encode("utf-8", "backslashreplace").decode()


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# ---- for people --------------------------------------------------------------------------------------------------


def as_text(
    problems: Sequence[Problem],
    files: int,
    titles: Mapping[str, str],
    lines: Lines = lambda path: (),
    *,
    color: bool = False,
    suppressed: int = 0,
) -> str:
    """Problems for people: a group a file, with the lines they are about, and a table that sums them up.

    Args:
        problems: in order of file and place.
        files: how many files were checked.
        titles: code -> what its check finds.
        lines: gives a file's lines for the excerpts.
        color: whether to use the terminal's colours.
        suppressed: how many problems a baseline holds back.
    """
    paint = _painter(color)
    parts: list[str] = []
    path = None
    for problem in problems:
        if problem.path != path and path is not None:
            parts.append("\n")
        path = problem.path
        parts.append(_finding(problem, lines(path), paint))
    if problems:
        parts.append("\n" + _table(problems, titles, paint))
    parts.append(total(problems, files, suppressed))
    return "".join(parts)


def _finding(problem: Problem, lines: Sequence[str], paint: Callable[[str, str], str]) -> str:
    place = f"{visible(problem.path)}:{problem.line}:{problem.column}:"
    word = paint(f"{problem.code} {problem.severity}:", problem.severity)
    found = f"{paint(place, 'path')} {word} {visible(problem.message)}\n"
    if 1 <= problem.line <= len(lines):
        number = str(problem.line)
        line, caret = excerpt(lines[problem.line - 1], problem.column)
        if line.strip():
            found += f"  {paint(number + ' |', 'dim')} {line}\n"
            found += f"  {paint(' ' * len(number) + ' |', 'dim')} {' ' * caret}{paint('^', problem.severity)}\n"
    if problem.suggestion:
        found += f"  {paint('help:', 'mark')} {visible(problem.suggestion)}\n"
    return found


def excerpt(line: str, column: int) -> tuple[str, int]:
    r"""A line as a terminal may show it, cut to a width around a column, and how many columns lie before that.

    >>> excerpt("\ta (-1) ⊗ b (0)", 2)
    ('    a (-1) ⊗ b (0)', 4)
    """
    start, end = 0, len(line)
    before = min(column - 1, len(line))
    if end > _WIDTH:
        start = max(0, min(before - _WIDTH // 2, len(line) - _WIDTH))
        end = start + _WIDTH
    shown = [_shown(letter) for letter in line[start:end]]
    head, tail = "…" if start else "", "…" if end < len(line) else ""
    left = head + "".join(shown[: before - start])
    return head + "".join(shown).rstrip() + tail, sum(map(_columns, left))


def _shown(letter: str) -> str:
    return "    " if letter == "\t" else visible(letter)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _table(problems: Sequence[Problem], titles: Mapping[str, str], paint: Callable[[str, str], str]) -> str:
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    counts = Counter((problem.code, problem.severity) for problem in problems)
    fixed = Counter(problem.code for problem in problems if problem.fixable)
    rows = sorted(counts.items(), key=lambda row: (order[row[0][1]], -row[1], row[0][0]))
    width = max(len(f"{number:,}") for number in counts.values())
    return "".join(
        f"  {number:>{width},}  {paint(f'{code} {severity:<7}', severity)}  {titles.get(code, '')}"
        f"{paint(' ★', 'mark') if fixed[code] else ''}\n"
        for (code, severity), number in rows
    )


def total(problems: Sequence[Problem], files: int, suppressed: int = 0) -> str:
    """One line that sums problems up: how many of which severity, in how many of the files."""
    held = f"; {suppressed:,} more in the baseline" if suppressed else ""
    if not problems:
        return f"{many(files, 'file')} checked, nothing found{held}\n"
    counts = count(problems)
    said = ", ".join(many(number, word) for word, number in counts.items() if number)
    fixable = sum(problem.fixable for problem in problems)
    fix = f"; {fixable:,} of them ★ can be fixed by `ffcolor skills fix`" if fixable else ""
    within = len({problem.path for problem in problems})
    return f"{said} in {within:,} of {many(files, 'file')}{held}{fix}\n"


def many(number: int, word: str) -> str:
    """A number with its noun.

    >>> many(1, "file"), many(1200, "file"), many(2, "info")
    ('1 file', '1,200 files', '2 info')
    """
    plural = "" if number == 1 or word == "info" else "s"
    return f"{number:,} {word}{plural}"


def _painter(color: bool) -> Callable[[str, str], str]:
    if color:
        return lambda text, style: f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
    return lambda text, style: text
