"""Finding triads in text: ``a (-1) ⊗ b (0) ⊗ c (+1) = 0 ✓``, with ``+`` instead of ``⊗``, or without the numbers.

Every search is anchored at a sign that prose does not use (``⊗``, or ``) +``), and every repetition is bounded, so a
hostile file costs no more than its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ffcolor.skills.model import Member, Named, NamedTriad, Place, Triad
from ffcolor.skills.reading.layout import Layout
from ffcolor.skills.reading.values import MINUS, PLUS, SIGN, trit_of

NAME = r"[\w\u0300-\u036f.\-\u2010\u2011]"
"""A character of a name."""

LINK = r"(?:(?<=\])\([^()\s]{1,200}\)[`*]{0,3})?"
"""Where the name before it links to."""

BLANK = r" \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Blanks, between brackets of a pattern."""

_GAP = rf"[{BLANK}]{{0,120}}"  # between the parts: authors set their triads in columns
_INSIDE = rf"[{BLANK}]{{0,12}}"  # within parentheses
_WRAP = r"(?:\n[ \t>]{0,12})?"
_NAMED = rf"(?<!{NAME})(?P<name>\w{NAME}{{0,99}})[`*\]]{{0,4}}{LINK}"
_MEMBER = re.compile(rf"{_NAMED}{_GAP}\({_INSIDE}(?P<trit>{SIGN}?\d{{1,9}}){_INSIDE}\)")
_PART = re.compile(rf"{_NAMED}(?:{_GAP}\({_INSIDE}(?P<trit>{SIGN}?\d{{1,9}}){_INSIDE}\))?")
_BETWEEN = re.compile(rf"[{BLANK}`*]{{0,120}}{_WRAP}([⊗+]){_GAP}{_WRAP}[`*\[]{{0,4}}")
_SIGN = re.compile(rf"⊗|\)[`*]{{0,4}}{_GAP}{_WRAP}\+[ \t]")
_BEFORE = re.compile(rf"⊗{_GAP}{_WRAP}[`*\[]{{0,4}}(?:[\w-]{{1,40}}[ \t]{{1,3}}){{0,4}}[`*\[]{{0,4}}$")
_AFTER = re.compile(rf"[{BLANK}`*]{{0,120}}{_WRAP}⊗")
_REST = re.compile(
    rf"[{BLANK}`*|\"']{{0,60}}(?:\[[^\]\n]{{0,80}}\])?[{BLANK}|`*]{{0,60}}(?:\n[ \t>]{{0,12}}(?=[=≡]))?"
    r"([^\n]{0,200})"
)
_RESULT = re.compile(
    r"(=|≡|≠|!=|\u2192|->)[ \t`*]{0,20}([+\-\u2212\u2013]?\d{1,9})(?!\.?\d)(?![ \t]{0,4}[+\-\u2212\u2013][ \t(]{0,3}\d)"
    r"(?![ \t](?!mod\b|is\b|and\b|so\b|balanced|conserved)[a-z])"
)
_YES, _NO = "✓✔✅☑", "✗✘❌✕✖"
_WORDS = re.compile(r"\b(?:(not[ \t]{1,3}|un|im)?(balanced|conserved))\b", re.I)
_MOST_MEMBERS = 50
_AMBIGUOUS = 9  # what a number stands for whose sign says nothing: no trit


class Formula(NamedTuple):
    """Members that follow each other with ⊗ or + between, as matches in a text."""

    members: list[re.Match[str]]
    has_tensor: bool


def find_formulas(text: str, start: int, end: int) -> list[Formula]:
    """The formulas between two offsets; one with a member that has no number is left out whole."""
    return list(_groups(text, start, end)) if "(" in text else []


def triads_of(formulas: list[Formula], text: str, layout: Layout, end: int) -> Iterator[Triad]:
    """The formulas whose numbers are trits; those joined by + alone have the form ``"sum"`` and may be no triads."""
    for matches, has_tensor in formulas:
        trits = [_number(match["trit"]) for match in matches]
        if len(matches) < (2 if has_tensor else 3) or not all(-1 <= trit <= 1 for trit in trits):
            continue
        first, last = matches[0], matches[-1]
        members = tuple(_member(match, layout) for match in matches)
        form = "block" if layout.in_block(first.start()) else "tensor" if has_tensor else "sum"
        result, place, claim = read_rest(text, last.end(), end, layout)
        written = text[first.start() : last.end()]
        yield Triad(members, written, form, layout.place(first.start("name")), result, place, claim)


def illegal_numbers(formulas: list[Formula]) -> Iterator[re.Match[str]]:
    """The members of ⊗ formulas whose number is not a trit, in formulas where another one is."""
    for matches, has_tensor in formulas:
        good = [match for match in matches if -1 <= _number(match["trit"]) <= 1]
        if has_tensor and good and len(matches) > 2:
            yield from (match for match in matches if match not in good)


def _groups(text: str, start: int, end: int) -> Iterator[Formula]:
    for low, high in _regions(text, start, end):
        group: list[re.Match[str]] = []
        tensors = 0
        for match in _MEMBER.finditer(text, low, high):
            if not any(char.isalpha() for char in match["name"]):
                group, tensors = [], 0
                continue
            between = _BETWEEN.fullmatch(text, group[-1].end(), match.start()) if group else None
            if between:
                tensors += between.group(1) == "⊗"
                group.append(match)
                continue
            if 1 < len(group) <= _MOST_MEMBERS and _is_whole(text, group, low, high):
                yield Formula(group, tensors > 0)
            group, tensors = [match], 0
        if 1 < len(group) <= _MOST_MEMBERS and _is_whole(text, group, low, high):
            yield Formula(group, tensors > 0)


def named_triads(text: str, layout: Layout, start: int, end: int) -> Iterator[NamedTriad]:
    """The ⊗ formulas that leave out some of their numbers, or all, and are said to be balanced.

    Whether their names are skills, so that the numbers can be looked up, only the collection knows.
    """
    for low, high in _regions(text, start, end) if "⊗" in text else ():
        group: list[re.Match[str]] = []
        for match in (*_PART.finditer(text, low, high), None):
            between = _BETWEEN.fullmatch(text, group[-1].end(), match.start()) if group and match else None
            if match and between and between.group(1) == "⊗" and len(group) < _MOST_MEMBERS:
                group.append(match)
                continue
            if len(group) > 2 and not all(part["trit"] for part in group):
                yield from _named(text, layout, group, end)
            group = [match] if match else []


def _named(text: str, layout: Layout, group: list[re.Match[str]], end: int) -> Iterator[NamedTriad]:
    trits = [trit_of(part["trit"]) if part["trit"] else None for part in group]
    if any(part["trit"] and trit is None for part, trit in zip(group, trits, strict=True)):
        return  # a number that is not a trit
    result, place, claim = read_rest(text, group[-1].end(), end, layout)
    if result is None and claim is None:
        return
    members = tuple(
        Named(bare_name(part["name"]), trit, layout.place(part.start("name")))
        for part, trit in zip(group, trits, strict=True)
    )
    written = text[group[0].start() : group[-1].end()]
    yield NamedTriad(members, written, members[0].place, result, place, claim)


def _is_whole(text: str, group: list[re.Match[str]], low: int, high: int) -> bool:
    before = text[max(low, group[0].start() - 400) : group[0].start()]
    return not _BEFORE.search(before) and not _AFTER.match(text, group[-1].end(), high)


def _regions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches of whole lines around ⊗ and ``) +``, with the lines that a formula may run on to."""
    low = high = -1
    for match in _SIGN.finditer(text, start, end):
        if match.start() < high:
            continue
        line = text.rfind("\n", start, match.start()) + 1 or start
        if line > start:
            line = text.rfind("\n", start, line - 1) + 1 or start
        after = text.find("\n", match.end(), end)
        after = text.find("\n", after + 1, end) if after >= 0 else -1
        after = end if after < 0 else after
        if line <= high:
            high = after
            continue
        if low >= 0:
            yield low, high
        low, high = line, after
    if low >= 0:
        yield low, high


def _number(text: str) -> int:
    plain = re.sub(f"[{PLUS}]", "+", re.sub(f"[{MINUS}]", "-", text))
    return int(plain) if plain.lstrip("+-").isdigit() and len(plain) - len(plain.lstrip("+-")) < 2 else _AMBIGUOUS


def _member(match: re.Match[str], layout: Layout) -> Member:
    return Member(bare_name(match["name"]), _number(match["trit"]), layout.place(match.start("name")))


def bare_name(name: str) -> str:
    """A name without the underscores that set it in italics."""
    return nfc(name.strip("_") or name if name[0] == "_" == name[-1] else name)


def nfc(name: str) -> str:
    """A name in Unicode's composed form, in which names are compared."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def read_rest(text: str, start: int, end: int, layout: Layout) -> tuple[int | None, Place | None, bool | None]:
    """What is stated after a formula: result, its place, and whether it claims balance."""
    rest = _REST.match(text, start, end)
    if rest is None:
        return None, None, None
    base, said = rest.start(1), rest.group(1).split("⊗", 1)[0]
    marks = [char for char in said[:120] if char in _YES or char in _NO]
    word = _WORDS.search(said[:60])
    if said[:1] not in "=≡≠!\u2192-":
        near = said[:24]
        if marks and near.lstrip(" \t(")[:1] == marks[0]:
            return None, None, marks[0] in _YES
        if word and re.fullmatch(r"[ \t]*(?:[:,(\u2014\u2013-]|is|are)?[ \t(]*", said[: word.start()]):
            return None, None, word.group(1) is None
        return None, None, None
    results = list(_RESULT.finditer(said))
    claim = marks[0] in _YES if marks else word.group(1) is None if word else None
    if not results:
        return None, None, claim
    last = results[-1]
    if last.group(1) in ("≠", "!="):
        return None, None, False
    return _number(last.group(2)), layout.place(base + last.start(2)), claim
