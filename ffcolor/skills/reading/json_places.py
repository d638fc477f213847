"""JSON with the place of each value, so that a finding can say where in a file something is written."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

_TOKEN = re.compile(
    r'[ \t\n\r]*(?:(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")|(?P<mark>[{}\[\],:])|(?P<word>[^ \t\n\r"{}\[\],:]+))', re.S
)


class Value(NamedTuple):
    """A value and the offset where it begins; the values within lists and maps are such pairs, too."""

    data: Any
    offset: int


def parse(text: str) -> Value:
    """Read a JSON document.

    >>> parse('{"a": [1, "b"]}')
    Value(data={'a': Value(data=[Value(data=1, offset=7), Value(data='b', offset=10)], offset=6)}, offset=0)

    Raises:
        ValueError: (`json.JSONDecodeError`) where it is not JSON.
        RecursionError: when it is nested deeper than Python's own reader goes.
    """
    json.loads(text)  # from here on, it is known to be well formed
    opened: list[Value] = []
    key: str | None = None
    value = Value(None, 0)
    for match in _TOKEN.finditer(text):
        mark, token = match["mark"], match["text"] or match["word"]
        if mark in ("}", "]"):
            value = opened.pop()
            continue
        if mark in (",", ":"):
            continue
        data = {"{": {}, "[": []}[mark] if mark else json.loads(token)
        if opened and key is None and isinstance(opened[-1].data, dict):
            key = data
            continue
        value = Value(data, match.end() - len(mark or token))
        if opened and isinstance(opened[-1].data, dict):
            opened[-1].data[key] = value
        elif opened:
            opened[-1].data.append(value)
        key = None
        if mark:
            opened.append(value)
    return value
