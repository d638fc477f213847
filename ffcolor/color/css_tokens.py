"""The tokens of CSS, in one pass whose time grows with the text's length alone.

Source: CSS Syntax Module Level 3, section 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|[^\n\r\f0-9a-fA-F])"
_CHARACTER = rf"(?:[A-Za-z0-9_-]|[^\x00-\x7f]|{_ESCAPE})"
_NAME = rf"(?:--|-?(?:[A-Za-z_]|[^\x00-\x7f]|{_ESCAPE})){_CHARACTER}*"
_NUMBER = r"[+-]?(?:\d*\.\d+|\d+)(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(
    rf"""
    (?P<comment>/\*(?s:.*?)(?:\*/|\Z))
    |(?P<space>[ \t\n\r\f]+)
    |(?P<string>"(?:[^"\\\n\r\f]|\\(?:\r\n|(?s:.)))*(?:"|\\?\Z)?|'(?:[^'\\\n\r\f]|\\(?:\r\n|(?s:.)))*(?:'|\\?\Z)?)
    |(?P<url>[uU][rR][lL]\([ \t\n\r\f]*(?!["' \t\n\r\f])(?:[^)\\]|\\(?s:.))*(?:\)|\\?\Z))
    |(?P<cdc>-->|<!--)
    |(?P<number>{_NUMBER})(?:(?P<percent>%)|(?P<unit>{_NAME}))?
    |(?P<hash>\#{_CHARACTER}+)
    |(?P<function>{_NAME}\()
    |(?P<name>{_NAME})
    |(?P<at>@{_NAME})
    |(?P<mark>(?s:.))
    """,
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|([^\n\r\f]))")

CLOSING = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """One token: its kind, what it says with escapes resolved, and where it stands in the text."""

    kind: str
    """comment, space, string, url, cdc, number, percentage, dimension, hash, function, name, at; or the mark itself."""
    value: str
    """Of a function without its parenthesis, of a hash or an at-keyword without its mark, of a dimension its number."""
    start: int
    end: int
    unit: str = ""
    """Of a dimension, in lower case."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, one after the other; every character belongs to one."""
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        start, end = found.span()
        if kind == "mark":
            yield Token(found[0], found[0], start, end)
        elif kind in ("number", "percent", "unit"):
            unit = _plain(found["unit"] or "").lower()
            name = "percentage" if found["percent"] else "dimension" if unit else "number"
            yield Token(name, found["number"], start, end, unit)
        else:
            yield Token(kind, _value(kind, found[0]), start, end)


def _value(kind: str, text: str) -> str:
    if kind == "function":
        return _plain(text[:-1])
    if kind in ("hash", "at"):
        return _plain(text[1:])
    if kind == "comment":
        return text.removeprefix("/*").removesuffix("*/").strip()
    return _plain(text) if kind == "name" else text


def _plain(text: str) -> str:
    """A name with its escapes resolved."""
    return _ESCAPED.sub(_unescape, text) if "\\" in text else text


def _unescape(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def end_of_value(found: Sequence[Token], start: int) -> int:
    """The place of the token at which a declaration's value ends: its semicolon, the block's end, or past the last."""
    open_marks: list[str] = []
    for place in range(start, len(found)):
        kind = found[place].kind
        if kind == "function":
            open_marks.append(")")
        elif kind in CLOSING:
            open_marks.append(CLOSING[kind])
        elif open_marks and kind == open_marks[-1]:
            open_marks.pop()
        elif kind == "}" or (kind == ";" and not open_marks):
            return place
    return len(found)


def end_of_block(found: Sequence[Token], start: int) -> int:
    """The place of the token that closes the brace at a place, or past the last."""
    depth = 0
    for place in range(start, len(found)):
        depth += (found[place].kind == "{") - (found[place].kind == "}")
        if not depth:
            return place
    return len(found)


def components(found: Sequence[Token]) -> list[list[Token]]:
    """Tokens parted into component values: a function with all that is in it is one, and so is a block in brackets.

    Spaces and comments between components are left out; so are top-level commas, which only separate.
    """
    parts: list[list[Token]] = []
    depth = 0
    for token in found:
        if depth:
            parts[-1].append(token)
        elif token.kind not in ("space", "comment", ","):
            parts.append([token])
        if token.kind == "function" or token.kind in CLOSING:
            depth += 1
        elif token.kind in CLOSING.values():
            depth = max(0, depth - 1)
    return parts
