"""What a check found as SARIF 2.1.0, the format that code scanning services read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01" (2023).
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ffcolor.skills.catalog import CHECKS, Problem, Severity
from ffcolor.skills.tell import edits, pages
from ffcolor.skills.tell.edits import Fixes
from ffcolor.skills.tell.report import encode_json, local

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_DRIVE = re.compile(r"[A-Za-z]:/")


def as_sarif(
    problems: Iterable[Problem], rules: Iterable[Mapping[str, Any]], version: str, fixes: Fixes | None = None
) -> str:
    """Problems as a SARIF log with one run.

    Args:
        problems: in order.
        rules: every check, as `descriptor` gives it; SARIF calls them rules.
        version: of ffcolor.
        fixes: what fixing would write in each file; a problem that it mends carries all that it does to the file.
    """
    known = list(rules)
    places = {rule["id"]: place for place, rule in enumerate(known)}
    met: Counter[str] = Counter()
    run = {
        "tool": {"driver": {"name": "ffcolor skills", "version": version, "semanticVersion": version, "rules": known}},
        "automationDetails": {"id": "ffcolor-skills/"},
        "columnKind": "unicodeCodePoints",
        "defaultEncoding": "utf-8",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(problem, places, met, fixes or {}) for problem in problems],
    }
    return encode_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def descriptors() -> list[dict[str, Any]]:
    """Every check's metadata."""
    return [
        descriptor(each.code, each.severity, each.title, pages.page(each.code), fixable=each.fixable, enabled=each.on)
        for each in CHECKS.values()
    ]


def descriptor(code: str, severity: Severity, title: str, page: str, *, fixable: bool, enabled: bool) -> dict[str, Any]:
    """A check's metadata, which SARIF calls a reporting descriptor.

    Args:
        code: such as ``"GF304"``.
        severity: of its findings.
        title: what it finds, in a few words.
        page: the check's page, in Markdown.
        fixable: whether `fix` can fix it.
        enabled: whether it runs unless asked for.
    """
    words = re.sub(r"[^A-Za-z0-9 ]", " ", title).split()
    return {
        "id": code,
        "name": "".join(word[0].upper() + word[1:] for word in words),
        "shortDescription": {"text": f"{title[0].upper()}{title[1:]}."},
        "fullDescription": {"text": pages.summary(code)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[severity], "enabled": enabled},
        "properties": {"tags": ["skills", "gf3", *(["fixable"] if fixable else [])]},
    }


def _result(problem: Problem, places: Mapping[str, int], met: Counter[str], fixes: Fixes) -> dict[str, Any]:
    text = f"{problem.message}; {problem.suggestion}" if problem.suggestion else problem.message
    path = local(problem.path)
    print_ = replace(problem, path=path).fingerprint
    met[print_] += 1
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "level": _LEVELS[problem.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": location(path),
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
        "partialFingerprints": {"ffcolorSkills/v1": f"{print_}:{met[print_]}"},
    }
    if problem.code in places:
        result["ruleIndex"] = places[problem.code]
    if problem.fixable and (found := fixes.get(problem.path)):
        said = f"What `ffcolor skills fix` does to {path}"
        result["fixes"] = [edits.as_sarif(location(path), found, said)]
    return result


def location(path: str) -> dict[str, str]:
    """Where a file is: relative to the root of the checked out source, unless its path is absolute.

    >>> location("./skills/año nuevo/SKILL.md")
    {'uri': 'skills/a%C3%B1o%20nuevo/SKILL.md', 'uriBaseId': '%SRCROOT%'}
    >>> location("/tmp/SKILL.md")
    {'uri': 'file:///tmp/SKILL.md'}
    """
    path = posixpath.normpath(path)
    uri = quote(path.encode("utf-8", "surrogateescape"))
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[0]}:{quote(path[2:].encode('utf-8', 'surrogateescape'))}"}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}
