"""The check about lock files: GF501."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ffcolor.errors import FfcolorError
from ffcolor.skills import lock
from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.model import Collection
from ffcolor.skills.reading.folders import shown_path

_ANEW = "run ffcolor skills lock to rewrite it"


def check_locks(collection: Collection) -> Iterator[Problem]:
    """GF501 where the lock file of a root does not say what its skills say; a root without one is fine."""
    for root in dict.fromkeys(collection.roots):
        path = os.path.join(root, lock.NAME)
        if not os.path.isdir(root) or not os.path.lexists(path):
            continue
        shown = shown_path(path)
        try:
            differences = lock.stale(collection, root, path)
            text = _lines(path)
        except FfcolorError as error:
            yield problem("GF501", shown, 1, 1, str(error), _ANEW)
            continue
        for each in differences:
            yield problem("GF501", shown, _line_of(each, text), 1, f"it is stale: {each}", _ANEW)


def _lines(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def _line_of(difference: str, lines: list[str]) -> int:
    """The line that the difference is about: the one that names its path, else the first."""
    name = difference.partition(": ")[0].partition(" is ")[0]
    return next((number for number, line in enumerate(lines, 1) if f':path "{name}"' in line), 1)
