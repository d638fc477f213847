"""Front matter changed entry by entry: what is not named stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ffcolor.skills.fix.front_items import Item, UnsafeError

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_PRINTABLE = "\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_LITERAL = re.compile(rf"(?:(?![\s#-])[{_PRINTABLE}]+\n)+")
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\u00a0\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]')
_DASHES = re.compile("---")


def quoted(text: str) -> str:
    r"""Text as a double-quoted YAML string on one line.

    >>> print(quoted('+1 "a"'), quoted("a --- b"))
    "+1 \"a\"" "a \x2d-- b"
    """
    return '"' + _DASHES.sub(r"\\x2d--", _ESCAPED.sub(_escape, text)) + '"'


def _escape(found: re.Match[str]) -> str:
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}.get(found[0])
    if short:
        return short
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def entry(key: str, text: str, indent: int, newline: str, comment: str = "") -> list[str]:
    """The lines of one `key: value` with a string as its value; several lines become a ``|`` block."""
    margin = " " * indent
    name = key if _PLAIN_KEY.fullmatch(key) else quoted(key)
    if text.count("\n") and _LITERAL.fullmatch(text) and "---" not in text:
        head = f"{margin}{name}: |{'  ' + comment if comment else ''}{newline}"
        return [head, *(f"{margin}  {line}{newline}" for line in text.split("\n")[:-1])]
    return [f"{margin}{name}: {quoted(text)}{'  ' + comment if comment else ''}{newline}"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change in front matter.

    Attributes:
        drop: keys at the top to leave out.
        replace: keys in `metadata` -> key and text to write in their place.
        add: key, text and comment (or "") of entries to write at the end of `metadata`.
    """

    drop: frozenset[str] = frozenset()
    replace: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)
    add: Sequence[tuple[str, str, str]] = ()


def rewrite(lines: Sequence[str], items: Sequence[Item], changes: Changes, newline: str) -> list[str]:
    """The lines of front matter after changes; the lines of everything else are the same as before.

    Args:
        lines: between the ``---`` lines, with their line ends.
        items: what `parse` found in them.
        changes: what to change; None in `replace` leaves an entry out.
        newline: the line end of new lines.

    Raises:
        UnsafeError: when `metadata` is not a mapping.
    """
    margin = items[0].column if items else 0
    metadata = next((item for item in items if item.key == "metadata"), None)
    edits = [(item.first, item.end, list[str]()) for item in items if item.key in changes.drop]
    if metadata is not None and (changes.add or changes.replace):
        edits += _metadata_edits(metadata, lines, changes, newline)
    elif changes.add:
        new = [f"{' ' * margin}metadata:{newline}", *_entries(changes.add, margin + 2, newline)]
        edits.append((len(lines), len(lines), new))
    result = list(lines)
    for first, end, new in sorted(edits, reverse=True):
        result[first:end] = new
    return result


def _metadata_edits(
    metadata: Item, lines: Sequence[str], changes: Changes, newline: str
) -> list[tuple[int, int, list[str]]]:
    if not metadata.is_map and (metadata.text or metadata.is_string):
        raise UnsafeError("its metadata is not a mapping of keys to values")
    left = [item for item in metadata.children if changes.replace.get(item.key, "") is not None]
    if not left and not changes.add:
        return [(metadata.first, metadata.end, [])]
    if metadata.children and metadata.children[0].first >= 0:
        indent = metadata.children[0].column
        edits = []
        for item in metadata.children:
            if item.key in changes.replace:
                pair = changes.replace[item.key]
                kept = "" if pair is not None and pair[1] and not item.text else item.comment  # not "#D82626"
                new = [] if pair is None else entry(*pair, item.column, newline, kept)
                edits.append((item.first, item.end, new))
        return [*edits, (metadata.end, metadata.end, _entries(changes.add, indent, newline))]
    if any("#" in line for line in lines[metadata.first : metadata.end]) and metadata.children:
        raise UnsafeError("its metadata is written in braces with comments among them")
    pairs = [(*(changes.replace.get(item.key) or (item.key, item.text)), "") for item in left]
    indent = metadata.column + 2
    kept = metadata.comment
    head = f"{' ' * metadata.column}metadata:{'  ' + kept if kept else ''}{newline}"
    return [(metadata.first, metadata.end, [head, *_entries([*pairs, *changes.add], indent, newline)])]


def _entries(rows: Sequence[tuple[str, str, str]], indent: int, newline: str) -> list[str]:
    return [line for key, text, comment in rows for line in entry(key, text, indent, newline, comment)]
