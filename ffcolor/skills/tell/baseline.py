"""A baseline: the problems that a collection has today, written down so that only new ones count tomorrow."""

from __future__ import annotations

import json
import os
import posixpath
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ffcolor.errors import FfcolorError
from ffcolor.files import read_file, write_atomically
from ffcolor.skills.catalog import Problem

SCHEMA = 1
_MOST = 1 << 28  # bytes of a baseline


class Compared(NamedTuple):
    """Problems against a baseline."""

    new: tuple[Problem, ...]
    """Problems that the baseline does not hold, in order."""
    suppressed: int
    """How many it does hold."""
    gone: int
    """How many it holds that are not there any more."""


def write(path: str | os.PathLike[str], problems: Iterable[Problem]) -> int:
    """Write the problems of today to a file; a line a problem, sorted, so that it reads well in a diff.

    Paths are kept relative to the file's folder, so the check may run from anywhere; lines are not kept at all.

    Returns:
        How many problems were written.

    Raises:
        FfcolorError: `file-write`.
    """
    rows = sorted(
        json.dumps({"code": each.code, "path": each.path, "fingerprint": each.fingerprint})
        for each in _moved(path, problems)
    )
    body = ",\n".join(f"    {row}" for row in rows)
    text = f'{{\n  "schema": {SCHEMA},\n  "problems": [{chr(10) + body + chr(10) + "  " if rows else ""}]\n}}\n'
    write_atomically(path, text.encode())
    return len(rows)


def compare(path: str | os.PathLike[str], problems: Sequence[Problem]) -> Compared:
    """Tell new problems from those that a baseline holds; of two alike of which it holds one, one is new.

    Raises:
        FfcolorError: `file-read`, or `baseline` when the file is not a baseline.
    """
    return _compared(problems, [each.fingerprint for each in _moved(path, problems)], _read(path))


def subtract(problems: Sequence[Problem], known: Sequence[Problem]) -> Compared:
    """Tell new problems from those that are known already, in the same way."""
    return _compared(problems, [each.fingerprint for each in problems], [each.fingerprint for each in known])


def _compared(problems: Sequence[Problem], prints: Sequence[str], known: Iterable[str]) -> Compared:
    left = Counter(known)
    held = left.total()
    new = []
    for problem, print_ in zip(problems, prints, strict=True):
        if left[print_] > 0:
            left[print_] -= 1
        else:
            new.append(problem)
    gone = left.total()
    return Compared(tuple(new), held - gone, gone)


def _read(path: str | os.PathLike[str]) -> list[str]:
    try:
        found: Any = json.loads(read_file(path, _MOST))
        if found["schema"] != SCHEMA:
            raise _bad(path, f"its schema is {found['schema']!r}, and this version knows {SCHEMA}")
        return [str(row["fingerprint"]) for row in found["problems"]]
    except FfcolorError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _bad(path, "no check wrote it") from error


def _bad(path: str | os.PathLike[str], why: str) -> FfcolorError:
    name = os.fspath(path)
    return FfcolorError(f"{name!r} is not a baseline: {why}", code="baseline", value=name)


def _moved(path: str | os.PathLike[str], problems: Iterable[Problem]) -> Iterable[Problem]:
    """The problems with their paths relative to the folder of the baseline."""
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    known: dict[str, str] = {}
    for problem in problems:
        if problem.path not in known:
            at, name = os.path.split(problem.path)
            known[problem.path] = _relative(os.path.join(os.path.realpath(at), name), folder)
        yield replace(problem, path=known[problem.path])


def _relative(path: str, folder: str) -> str:
    try:
        return posixpath.normpath(os.path.relpath(path, folder).replace(os.sep, "/"))
    except ValueError:  # another drive
        return path.replace(os.sep, "/")
