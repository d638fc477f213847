"""What an author meant where YAML reads something else: `description: Notes for #releases`, `license: [MIT]`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ffcolor.skills.model import Entry, FrontMatter, Place

_PROSE = ("description", "compatibility")
_LISTED = ("license", "compatibility")
_TEXTS = (*_LISTED, "description", "allowed-tools")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
_WORD = re.compile(r"#[^\s#!]")
_EMPTY = re.compile(r"[\w-]{1,64}[ \t]*:[ \t]+(?=#)")
_FLOW = re.compile(r"\[[^\[\]{}#\"']{1,400}\][ \t]*$")
_DIRECTIVE = re.compile(r"#[ \t]*gf3:", re.I)


class Hidden(NamedTuple):
    """The text behind ` #`.

    Attributes:
        text: with its ``#``.
        place: of the ``#``.
        start: where the value begins.
        whole: the value as its author wrote it; None when it cannot be told that all of it was meant as text.
    """

    text: str
    place: Place
    start: Place
    whole: str | None


class Meant(NamedTuple):
    """The text that a value was meant to be: where it begins, how it is written there, and the text."""

    start: Place
    written: str
    text: str


def meant(lines: Sequence[str], front: FrontMatter, entry: Entry) -> Meant | None:
    """What an entry was meant to be where YAML reads something else and quotes mend it; None where that is not certain.

    It may be cut off by a ``#``; and where the specification has text it may be a number, or a short list in brackets.
    """
    found = hidden(lines, front, entry)
    if found is not None:
        return Meant(found.start, found.whole, found.whole) if found.whole else None
    if len(entry.key) > 1 or entry.quoted or entry.key[0] not in _TEXTS or entry.place.line > len(lines):
        return None
    rest = lines[entry.place.line - 1][entry.place.column - 1 :]
    if entry.kind in ("int", "float", "bool", "date") and entry.text and rest.startswith(entry.text):
        return Meant(entry.place, entry.text, entry.text)
    if entry.kind == "list" and entry.key[0] in _LISTED and _FLOW.match(rest):
        items = [each for each in front.entries if each.key[:1] == entry.key and len(each.key) == 2]
        if items and all(each.kind not in ("list", "map", "alias", "null") for each in items):
            return Meant(entry.place, rest.rstrip(), ", ".join(each.text for each in items))
    return None


def hidden(lines: Sequence[str], front: FrontMatter, entry: Entry) -> Hidden | None:
    """What is hidden of the value of an entry; None when nothing is, or when it can only be a comment.

    In the prose of a description every ``#`` hides text; in `metadata` only one that begins a word, ``#releases``.

    Args:
        lines: all lines of the file.
        front: the front matter that the entry is in.
        entry: of it.
    """
    is_prose = len(entry.key) == 1 and entry.key[0] in _PROSE
    is_text = entry.key[0] == "metadata" and len(entry.key) == 2 and entry.kind == "str"
    if entry.quoted or entry.kind in ("list", "map", "alias") or not (is_prose or is_text):
        return None
    if is_text and _is_in_braces(lines, front):
        return None
    start = _start(lines, entry)
    if start is None:
        return None
    last = min(_following(front, entry), front.last - 1, len(lines))
    for number in range(start.line, last + 1):
        line = lines[number - 1]
        begin = start.column - 1 if number == start.line else 0
        found = _COMMENT.search(line, begin)
        if found is None:
            continue
        text = line[found.start() :].rstrip()
        is_alone = number > start.line and not line[: found.start()].strip()
        if _DIRECTIVE.match(text) or (is_alone and found.start() < entry.key_place.column):
            return None
        is_word = _WORD.match(text) is not None
        if not is_word and (not is_prose or entry.kind != "str" or is_alone):
            return None
        whole = line[begin:].strip() if is_word and number == start.line and _is_last(lines, number, last) else None
        return Hidden(text, Place(number, found.start() + 1), start, whole)
    return None


def _is_in_braces(lines: Sequence[str], front: FrontMatter) -> bool:
    """Whether `metadata` is written in braces, behind which a comment may stand."""
    whole = front.get("metadata")
    return whole is not None and lines[whole.place.line - 1][whole.place.column - 1 :].startswith("{")


def _start(lines: Sequence[str], entry: Entry) -> Place | None:
    """Where a value begins that may be all comment: then the place of the entry is that of nothing."""
    if entry.text:
        return entry.place
    line = lines[entry.key_place.line - 1] if entry.key_place.line <= len(lines) else ""
    found = _EMPTY.match(line, entry.key_place.column - 1)
    return Place(entry.key_place.line, found.end() + 1) if found else None


def _following(front: FrontMatter, entry: Entry) -> int:
    """The last line before the next entry."""
    index = bisect_right(front.entries, entry.key_place.line, key=lambda each: each.key_place.line)
    return (front.entries[index].key_place.line if index < len(front.entries) else front.last) - 1


def _is_last(lines: Sequence[str], number: int, last: int) -> bool:
    """Whether nothing but comments and blank lines follows."""
    return not any(line.strip() and not line.lstrip().startswith("#") for line in lines[number:last])
