"""What front matter declares: trits, colours and triads, under `metadata` or at the top, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ffcolor.skills.gf3 import WORDS
from ffcolor.skills.model import ColorClaim, Entry, FrontMatter, Member, Place, Source, Triad, TritClaim
from ffcolor.skills.reading.layout import lay_out
from ffcolor.skills.reading.triad_text import find_formulas, illegal_numbers, nfc, triads_of
from ffcolor.skills.reading.values import full_hex, read_trit, trit_of

_TRIT_KEYS = ("gf3-trit", "gf3_trit", "trit")
_COLOR_KEYS = ("gf3-color", "gf3_color", "color", "colour")
_TRIAD_KEYS = ("gf3-triads", "gf3_triads", "gf3-triad", "gf3_triad")
_ROLE_KEYS = ("gf3-role", "gf3_role", "role", "polarity")
_TOKEN = re.compile(r"\S{1,200}")
_PAIR = re.compile(r"([^\s:]{1,100}):([+\-\u2212]?\w{1,9})")


def _entries(front: FrontMatter, keys: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
    """The entries of these keys, under `metadata` first, each with its form."""
    by_key = {entry.key: entry for entry in reversed(front.entries)}
    for key in keys:
        if entry := by_key.get(("metadata", key)):
            yield f"metadata.{key}", entry
    for key in keys:
        if entry := by_key.get((key,)):
            yield key, entry


def front_trits(front: FrontMatter, source: Source) -> list[TritClaim]:
    """The front matter's trits; a role word beside a number belongs to that number."""
    form = None if source == "front matter" else "displaced"
    claims = [_front_trit(entry, form or key, source) for key, entry in _entries(front, _TRIT_KEYS)]
    roles = [
        (key, entry)
        for key, entry in _entries(front, _ROLE_KEYS)
        if entry.kind == "str" and entry.text.strip().upper() in WORDS
    ]
    for key, entry in roles:
        word = entry.text.strip()
        if claims:
            if claims[0].role is None:
                claims[0] = replace(claims[0], role=word, role_trit=WORDS[word.upper()])
        else:
            trit = WORDS[word.upper()]
            claims.append(TritClaim(trit, word, source, form or key, entry.place, word, trit))
            break
    return claims


def _front_trit(entry: Entry, form: str, source: Source) -> TritClaim:
    text = entry.text.strip()
    reading = read_trit(text) if entry.kind in ("str", "int") else None
    if reading is None or (reading.value is None and reading.role is None):
        return TritClaim(trit_of(text) if entry.kind == "int" else None, text, source, form, entry.place)
    return TritClaim(reading.value, text, source, form, entry.place, reading.role, reading.role_trit)


def front_colors(front: FrontMatter, source: Source) -> list[ColorClaim]:
    """The front matter's colours; None for the hex of one that is not text, or not a colour."""
    claims = []
    for key, entry in _entries(front, _COLOR_KEYS):
        form = key if source == "front matter" else "displaced"
        text = entry.text.strip()
        claims.append(ColorClaim(full_hex(text) if entry.kind == "str" else None, text, source, form, entry.place))
    return claims


def front_triads(front: FrontMatter, lines: tuple[str, ...]) -> list[Triad]:
    """The front matter's triads, one a line or a list item; `lines` are all lines of the file."""
    found = (triad for _, entry in _entries(front, _TRIAD_KEYS) for triad, _ in _triads_in(front, entry, lines))
    return [triad for triad in found if triad.members]


def bad_tokens(front: FrontMatter, lines: tuple[str, ...]) -> list[TritClaim]:
    """What is in `gf3-triads` and is not ``name:trit``."""
    bad = [token for _, entry in _entries(front, _TRIAD_KEYS) for _, token in _triads_in(front, entry, lines) if token]
    return [claim for claims in bad for claim in claims]


def _triads_in(front: FrontMatter, entry: Entry, lines: tuple[str, ...]) -> Iterator[tuple[Triad, list[TritClaim]]]:
    """Each line (or list item) of an entry as a triad, with the tokens in it that are not members."""
    index = front.entries.index(entry)
    last = front.last - 1
    for later in front.entries[index + 1 :]:
        if later.key[: len(entry.key)] != entry.key:
            last = later.key_place.line if later.key_place.line > entry.key_place.line else entry.place.line
            break
    items = [item for item in front.entries[index + 1 :] if item.key[: len(entry.key)] == entry.key]
    texts = [item.text for item in items] if entry.kind == "list" else entry.text.split("\n")
    finder = _Finder(lines, entry.place, last)
    for text in texts[:500]:
        if "⊗" in text or ")" in text:
            yield from _formula(text, finder)
        elif text.strip():
            yield from _pairs(text, finder)


class _Finder:
    """Finds, one after the other, where words of a YAML scalar stand in the file."""

    def __init__(self, lines: tuple[str, ...], start: Place, last: int):
        self.lines, self.line, self.column, self.last = lines, start.line, start.column - 1, last

    def place(self, word: str) -> Place:
        line, column = self.line, self.column
        while line <= min(self.last, len(self.lines)):
            found = self.lines[line - 1].find(word, column)
            if found >= 0:
                self.line, self.column = line, found + len(word)
                return Place(line, found + 1)
            line, column = line + 1, 0
        return Place(self.line, self.column + 1)


def _formula(text: str, finder: _Finder) -> Iterator[tuple[Triad, list[TritClaim]]]:
    layout = lay_out(tuple(text.split("\n")), 1)
    formulas = find_formulas(text, 0, len(text))
    for number in illegal_numbers(formulas):
        bad = TritClaim(None, number["trit"], "front matter", "triad", finder.place(number["trit"]))
        yield Triad((), text.strip(), "front matter", bad.place), [bad]
    for triad in triads_of(formulas, text, layout, len(text)):
        members = []
        for member in triad.members:
            at = member.place
            written = layout.text[layout.starts[at.line - 1] + at.column - 1 :]
            word = re.match(r"[^\s(`*\]]{1,110}", written)
            members.append(replace(member, place=finder.place(word.group() if word else member.name)))
        result_place = finder.place(str(triad.result)) if triad.result is not None else None
        claim = True if triad.claim is None and triad.result is None else triad.claim
        yield (
            replace(
                triad,
                members=tuple(members),
                form="front matter",
                place=members[0].place,
                claim=claim,
                result_place=result_place,
            ),
            [],
        )


def _pairs(text: str, finder: _Finder) -> Iterator[tuple[Triad, list[TritClaim]]]:
    members, bad = [], []
    for match in _TOKEN.finditer(text):
        pair = _PAIR.fullmatch(match.group())
        trit = trit_of(pair.group(2)) if pair else None
        if pair is None or trit is None:
            bad.append(TritClaim(None, match.group(), "front matter", "triad", finder.place(match.group())))
        else:
            members.append(Member(nfc(pair.group(1)), trit, finder.place(match.group())))
    if members:
        yield Triad(tuple(members), text.strip(), "front matter", members[0].place, claim=True), bad
    elif bad:
        yield Triad((), text.strip(), "front matter", bad[0].place), bad
