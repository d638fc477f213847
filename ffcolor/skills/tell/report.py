"""What a check found, as people and programs read it: text, JSON, SARIF, GitHub annotations, EDN."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ffcolor.errors import json_text
from ffcolor.skills import edn
from ffcolor.skills.catalog import Problem
from ffcolor.skills.tell.text import as_text as as_text
from ffcolor.skills.tell.totals import SEVERITIES as SEVERITIES
from ffcolor.skills.tell.totals import count as count
from ffcolor.skills.tell.totals import files as files
from ffcolor.skills.tell.totals import many as many
from ffcolor.skills.tell.totals import total as total

FORMATS = ("text", "json", "sarif", "github", "edn")
SCHEMA = 1


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
