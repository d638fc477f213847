"""The check about lock files: GF501."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ffcolor.errors import FfcolorError
from ffcolor.files import read_file
from ffcolor.skills import lock
from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.model import Collection
from ffcolor.skills.reading.folders import shown_path

_ANEW = "run ffcolor skills lock to rewrite it"


def check_locks(collection: Collection, texts: Mapping[str, bytes] | None = None) -> Iterator[Problem]:
    """GF501 where the lock file of a root does not say what its skills say; a root without one is fine.

    Args:
        collection: of the skills.
        texts: root -> the bytes of its lock file, where they are not those on the disk.
    """
    for root in dict.fromkeys(collection.roots):
        path = os.path.join(root, lock.NAME)
        if (root not in texts) if texts is not None else not os.path.isdir(root) or not os.path.lexists(path):
            continue
        shown = shown_path(path)
        try:
            text = texts[root] if texts is not None else None
            differences = lock.stale(collection, root, path, text)
            lines = (read_file(path, 1 << 26) if text is None else text).decode().split("\n")
        except FfcolorError as error:
            yield problem("GF501", shown, 1, 1, str(error), _ANEW)
            continue
        for each in differences:
            yield problem("GF501", shown, _line_of(each, lines), 1, f"it is stale: {each}", _ANEW)


def _line_of(difference: str, lines: list[str]) -> int:
    """The line that the difference is about: the one that names its path, else the first."""
    name = difference.partition(": ")[0].partition(" is ")[0]
    return next((number for number, line in enumerate(lines, 1) if f':path "{name}"' in line), 1)
