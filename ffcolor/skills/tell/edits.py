"""What fixing would write, as replacements in a text by line and column: what SARIF calls a fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Edit(NamedTuple):
    """A stretch of a text that another one takes the place of.

    Lines and columns are counted from 1, columns in characters; the end is behind the last character.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


Fixes = Mapping[str, Sequence[Edit]]
"""Path, as problems name it -> what is to be replaced in the file."""


def edits(before: bytes, after: bytes) -> list[Edit]:
    r"""The least lines to replace so that one text becomes the other; a byte order mark is no part of it.

    >>> edits(b"a\nb\n", b"a\nc\n")
    [Edit(line=2, column=1, end_line=3, end_column=1, text='c\n')]
    """
    old, new = (_LINE.findall(data.decode("utf-8-sig")) for data in (before, after))
    found = []
    for tag, first, end, new_first, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            text = "".join(new[new_first:new_end])
            found.append(Edit(*_place(old, first), *_place(old, end), text))
    return found


def _place(lines: Sequence[str], index: int) -> tuple[int, int]:
    """Where a line begins; of the one after the last, where that ends."""
    if index < len(lines) or not lines:
        return index + 1, 1
    last = lines[-1]
    return (index + 1, 1) if last.endswith("\n") else (index, len(last) + 1)


def as_sarif(path: Mapping[str, str], found: Sequence[Edit], said: str) -> dict[str, Any]:
    """Edits of one file as a SARIF fix.

    Args:
        path: the file's location.
        found: its edits.
        said: what they do.
    """
    replacements = []
    for edit in found:
        start = {"startLine": edit.line, "startColumn": edit.column}
        row: dict[str, Any] = {"deletedRegion": {**start, "endLine": edit.end_line, "endColumn": edit.end_column}}
        if edit.text:
            row["insertedContent"] = {"text": edit.text}
        replacements.append(row)
    return {
        "description": {"text": said},
        "artifactChanges": [{"artifactLocation": dict(path), "replacements": replacements}],
    }
