"""Finding the names that a text gives a trit outside triads: `` `gay-mcp` (-1) ``, ``**x** (0)``, ``name (trit -1)``.

Whether a name is a skill's, only the collection knows; what is found here may be any word before a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ffcolor.skills.gf3 import NAMES, WORDS
from ffcolor.skills.model import Member
from ffcolor.skills.reading.layout import TRIT_WORDS, Layout, hits
from ffcolor.skills.reading.tables import Table
from ffcolor.skills.reading.triad_text import LINK, NAME, Formula, nfc
from ffcolor.skills.reading.values import MINUS, PLUS, trit_of

_WORD = "|".join(WORDS)
_NUMBER = rf"[{PLUS}{MINUS}]?[01]"
_LABEL = r"(?:GF\(3\)[ \t]{1,3})?trit[ \t]{0,3}[:=]?[ \t]{0,3}"
_PARENTHESES = re.compile(
    rf"\((?:(?P<word>{'|'.join(NAMES.values())})\)|[ \t]{{0,3}}(?P<label>{_LABEL})?"
    rf"(?:(?P<role>{_WORD})[ \t,:]{{1,3}})?(?P<trit>{_NUMBER})"
    rf"(?P<after>[ \t,:;/\u2014\u2013-]{{1,3}}(?:{_WORD}|trit)(?!\w)[^()\n]{{0,60}})?"
    r"(?P<free>[ \t][a-z][a-z \t-]{1,40})?[ \t]{0,3}\))",
    re.I,
)
_LABELLED = re.compile(rf"\w{{4}}[ \t]{{0,3}}[:=]?[ \t]{{0,3}}(?P<trit>{_NUMBER})(?![\w.]\w|[\w%°/]|[-\u2212\u2013]\w)")
_OF = re.compile(
    r"[ \t]{0,3}[:,\u2014\u2013-]?[ \t]{1,3}(?:(?:has|with|is)[ \t]{1,3}(?:the[ \t]{1,3})?)?(?:GF\(3\)[ \t]{1,3})?$"
)
_NAMED = re.compile(
    rf"(?<!{NAME})(?P<name>\w{NAME}{{0,99}})(?P<close>[`*\]]{{0,4}})(?P<link>{LINK})(?P<gap>[ \t\u00a0]{{0,120}})$"
)
_ITEM = r"[ \t>]{0,20}(?:[-*+•]|\d{1,3}[.)]|#{1,6})[ \t]{1,4}"
_IN_ITEM = re.compile(_ITEM)
_FIRST = re.compile(
    rf"{_ITEM}[`*_\[]{{0,4}}(?P<name>\w{NAME}{{0,99}}?)[`*_\]]{{0,4}}{LINK}"
    r"[ \t]{0,3}(?:[:,(]|[\u2014\u2013-](?=[ \t]))"
)
_COLON = re.compile(
    rf"\n{_ITEM}[`*\[]{{1,4}}(?P<name>\w{NAME}{{0,99}})[`*\]]{{1,4}}{LINK}[`*]{{0,3}}"
    r"[ \t]{0,3}[:=\u2192\u2014\u2013][*`]{0,3}[ \t]{0,3}"
    rf"[`*]{{0,3}}(?P<trit>[{PLUS}{MINUS}]1|0)(?:[`* \t]{{0,5}}(?:$|[(,;.])|[ \t]{{1,3}}(?:{_WORD})(?!\w))",
    re.M,
)
_JOINED = re.compile(r"⊗[ \t\u00a0]{0,120}(?:\n[ \t>]{0,12})?[`*\[]{0,4}$")
_JOINS = re.compile(r"[ \t\u00a0`*]{0,120}(?:\n[ \t>]{0,12})?⊗")
_REACH = 330  # characters before a number that may hold its name
_MOST = 2000


def read_mentions(layout: Layout, formulas: list[Formula], tables: list[Table]) -> list[Member]:
    """The names with a trit in a body, in file order; the members of formulas are left out, triads or not."""
    joined = {match.start("name") for members, tensor in formulas if tensor or len(members) > 2 for match in members}
    found = dict.fromkeys(member for table in tables for member in table.mentions)
    pieces = (*_in_parentheses(layout, joined), *_with_label(layout), *_after_colon(layout))
    for offset, name, trit in pieces:
        found.setdefault(Member(nfc(name), trit, layout.place(offset)))
    return sorted(found, key=lambda member: member.place)


def _in_parentheses(layout: Layout, joined: set[int]) -> Iterator[tuple[int, str, int]]:
    text = layout.visible
    for match in islice(_PARENTHESES.finditer(text, layout.body), _MOST):
        named = _name_before(text, match.start())
        trit = _trit_in(match)
        if named is None or trit is None or layout.is_code(match.start()):
            continue
        offset, before, name = named
        if match["label"] and not match["after"]:
            yield from _first_of_item(text, offset, match.start(), trit)
        is_told = bool(match["label"] or match["role"] or match["after"])
        number = match["trit"] or match["word"]
        is_certain = is_told or _is_meant(text, offset, before, number, bool(match["free"] or match["word"]))
        if is_certain and offset not in joined and not _is_joined(text, offset, match.end()):
            yield offset, name, trit


def _trit_in(match: re.Match[str]) -> int | None:
    """The trit of a number in parentheses, or of one of the three words, which are then in capitals."""
    word = match["word"]
    return trit_of(match["trit"]) if word is None else WORDS[word] if word.isupper() else None


def _first_of_item(text: str, offset: int, end: int, trit: int) -> Iterator[tuple[int, str, int]]:
    """The name that an item begins with, where more follows before the trit: ``- `x` - does it (trit -1)``."""
    line = text.rfind("\n", 0, end) + 1
    first = _FIRST.match(text, line)
    if first and first.start("name") != offset and first.end() <= end and "(" not in text[first.end() : end]:
        yield first.start("name"), first["name"], trit


def _is_meant(text: str, offset: int, named: re.Match[str], number: str, has_words: bool) -> bool:
    """Whether a number behind a name can only be a trit: `f(0)` is a call, `pages (1)` a count."""
    is_marked, is_compound = bool(named["close"] or named["link"]), "-" in named["name"][1:-1]
    if has_words:
        return (is_marked or is_compound) and len(number) > 1  # `gay-mcp (+1 colours)`, not `files (0 left)`
    if is_marked:
        return True
    line = text.rfind("\n", 0, offset) + 1
    is_item = _IN_ITEM.match(text, line) is not None
    return (is_compound or bool(named["gap"])) and (number != "1" or (is_item and is_compound))


def _name_before(text: str, end: int) -> tuple[int, re.Match[str], str] | None:
    """The name that ends before an offset, in whatever marks, and where it begins."""
    low = max(text.rfind("\n", 0, end) + 1, end - _REACH)
    match = _NAMED.search(text[low:end])
    if match is None:
        return None
    name = match["name"]
    bare = name.strip("_") if name[0] == "_" == name[-1] else name
    if not any(char.isalpha() for char in bare):
        return None
    return low + match.start("name") + (len(name) - len(name.lstrip("_")) if bare != name else 0), match, bare


def _is_joined(text: str, start: int, end: int) -> bool:
    return bool(_JOINS.match(text, end) or _JOINED.search(text[max(0, start - 160) : start]))


def _with_label(layout: Layout) -> Iterator[tuple[int, str, int]]:
    """``gay-mcp: trit -1``, ``gay-mcp has trit -1``."""
    text = layout.visible
    for hit in islice(hits(text, TRIT_WORDS, layout.body), _MOST):
        match = _LABELLED.match(text, hit)
        if match is None:
            continue
        low = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 40)
        between = _OF.search(text[low : match.start()])
        named = _name_before(text, low + between.start()) if between else None
        trit = trit_of(match["trit"])
        if named and trit is not None and not named[1]["gap"] and not layout.is_code(match.start()):
            yield named[0], named[2], trit


def _after_colon(layout: Layout) -> Iterator[tuple[int, str, int]]:
    """``- `gay-mcp`: -1``, in lists only."""
    for match in islice(_COLON.finditer(layout.visible, max(0, layout.body - 1)), _MOST):
        trit = trit_of(match["trit"])
        if trit is not None and not layout.is_code(match.start("name")):
            yield match.start("name"), match["name"], trit
