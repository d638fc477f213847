"""Text on its way to a terminal: what a terminal would obey becomes visible, in lines for people as in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

# What a terminal would obey, or what would show text in another order than it has.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_STYLE = re.compile("(\x1b\\[[0-9;]*m)")


def visible(text: str) -> str:
    r"""Text without what a terminal would obey: control characters and marks of direction become escapes.

    >>> print(visible("a\x1b[31mb"))
    a\x1b[31mb
    """
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def visible_lines(text: str, *, styled: bool = False) -> str:
    """The same of text with lines, whose ends and tabs stay; `styled` keeps the colours that are ffcolor's own."""
    parts = _STYLE.split(text) if styled else [text]
    return "".join(
        part if place % 2 else re.sub(r"[^\n\t]+", lambda found: visible(found[0]), part)
        for place, part in enumerate(parts)
    )


def json_text(
    value: Any, indent: int | None = None, *, in_ascii: bool = False, default: Callable[[Any], Any] | None = None
) -> str:
    r"""Plain data as JSON that can always be printed: what a terminal would obey is escaped.

    >>> print(json_text({"name": "caf\u00e9 \x9b31m\u202e"}))
    {"name": "café \u009b31m\u202e"}

    Args:
        value: the data.
        indent: how far each level stands in; None writes one line.
        in_ascii: whether all other characters are escaped as well.
        default: makes plain data of what is none.
    """
    text = json.dumps(value, ensure_ascii=in_ascii, allow_nan=False, indent=indent, default=default)
    return _UNSAFE.sub(lambda found: "\n" if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)
