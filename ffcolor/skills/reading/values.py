"""Reading what people write for a trit or a colour, with whatever they put around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ffcolor.skills.gf3 import WORDS

MINUS = r"\-\u2010-\u2015\u2212\ufe63\uff0d"
"""What stands for a minus, between brackets of a pattern: hyphens, dashes and minus signs."""
PLUS = r"+\ufe62\uff0b"
SIGN = rf"(?:[\u00b1\u2213]|[{PLUS}]/?[{MINUS}]|[{MINUS}]/?[{PLUS}]|[{PLUS}{MINUS}])"
"""A sign as people write it; `\u00b1` and the like are read, too, so that nothing takes them for a plus."""

_NUMBER = rf"{SIGN}?\d{{1,9}}(?:\.\d{{1,9}})?"
_WORD = "|".join(WORDS)
_LEAD = re.compile(rf"[^\w{PLUS}{MINUS}\u00b1\u2213#]{{0,12}}")
_NUMBER_FIRST = re.compile(rf"({_NUMBER})(?![\w.]\w|[\w%°^]|[{MINUS}]\w)")
_WORD_FIRST = re.compile(rf"([A-Za-z]{{2,20}})(?!\w)(?:[`* ]{{0,4}}[(\[]?[ ]{{0,2}}({_NUMBER})(?![\w.%°]))?")
_ROLE_AFTER = re.compile(rf"[`* ]{{0,4}}(?:[(\[][ ]{{0,2}}([A-Za-z]{{2,20}})(?!\w)|[,:]?[ ]{{0,2}}({_WORD})(?!\w))")
_ANOTHER = re.compile(
    rf"[`*) ]{{0,5}}(?:,|/|\||;|&|\+|⊗|\u2192|->|\.\.|\bto\b|\bor\b|\band\b)[`*( ]{{0,5}}"
    rf"(?:({_NUMBER})(?!\w)|({_WORD})(?!\w))"
)
_PLAIN_END = re.compile(r"[`*) ]{0,6}(?:$|[(\[{,.;:|/~<=\u2014\u2013-]|[^\w\s]|\n)")
_CLOSE_ENOUGH = 0.74  # not a suggestion but a reading: what is nearer is taken for a misspelt role word
HEX = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})(?![0-9A-Za-z])")
_HASH = re.compile(r"#([0-9A-Za-z]{1,12})(?!\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A trit as written: its value (None for no trit), the text, where that starts, and the role word beside it."""

    value: int | None
    text: str
    start: int
    role: str | None = None
    role_trit: int | None = None
    is_number: bool = True


def read_trit(text: str) -> Reading | None:
    r"""Read the value after ``Trit:`` with all that may follow it; None when the text declares nothing.

    >>> read_trit("+1 (PLUS - generator)")
    Reading(value=1, text='+1', start=0, role='PLUS', role_trit=1, is_number=True)
    >>> read_trit("ERGODIC (0)").value, read_trit("`-1`").value, read_trit("2 (PLUS)").value
    (0, -1, None)
    >>> read_trit("\u00b11").value, read_trit("+/-1").text
    (None, '+/-1')
    >>> read_trit("{-1, 0, +1}"), read_trit("MINUS (-1), ERGODIC (0)"), read_trit("3-valued logic")
    (None, None, None)
    """
    text = text[:300]
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    number = _NUMBER_FIRST.match(text, start)
    if number:
        return None if text.startswith("~~", number.end()) else _number_first(text, number)
    word = _WORD_FIRST.match(text, start)
    return _word_first(text, word) if word else None


def trit_of(text: str) -> int | None:
    """The trit that a number stands for; None when it stands for none."""
    text = re.sub(f"[{PLUS}]", "+", re.sub(f"[{MINUS}]", "-", text))
    return int(text) if re.fullmatch(r"[+-]?[01]", text) else None


def _number_first(text: str, number: re.Match[str]) -> Reading | None:
    value, end, role = trit_of(number.group(1)), number.end(), None
    after = _ROLE_AFTER.match(text, end)
    if after:
        written = after.group(1) or after.group(2)
        alone = text[after.end() : after.end() + 1] in (")", "]")
        if written.upper() in WORDS and (written[0].isupper() or alone):
            role, end = written, after.end()
    if role is None and not _PLAIN_END.match(text, end):
        return None
    if _says_another(text, end, value):
        return None
    return Reading(value, number.group(1), number.start(1), role, None if role is None else WORDS[role.upper()])


def _word_first(text: str, word: re.Match[str]) -> Reading | None:
    written, number = word.group(1), word.group(2)
    role = written if written.upper() in WORDS else None
    trit = None if role is None else WORDS[written.upper()]
    value = trit if number is None else trit_of(number)
    if _says_another(text, word.end(), value):
        return None
    if number is not None:
        return Reading(value, number, word.start(2), role, trit)
    if role is not None:
        return Reading(trit, written, word.start(1), role, trit, False) if _PLAIN_END.match(text, word.end()) else None
    alone = not text[word.end() :].strip(" `*)")
    if alone and near_word(written):
        return Reading(None, written, word.start(1), is_number=False)
    return None


@lru_cache(maxsize=1024)
def near_word(written: str) -> str | None:
    """The role word that a misspelt one is meant to be, if any is near.

    >>> near_word("ERGODIK"), near_word("BALANCED")
    ('ERGODIC', None)
    """
    from difflib import get_close_matches

    found = get_close_matches(written.upper(), WORDS, 1, _CLOSE_ENOUGH)
    return found[0] if found else None


def _says_another(text: str, end: int, value: int | None) -> bool:
    another = _ANOTHER.match(text, end)
    if another is None:
        return False
    number, word = another.groups()
    return (trit_of(number) if number else WORDS[word]) != value


@dataclass(frozen=True, slots=True)
class ColorReading:
    """A colour as written: its hex in upper case (None when malformed), the text, where that starts, and its name."""

    hex: str | None
    text: str
    start: int
    name: str | None = None


def read_color(text: str) -> ColorReading | None:
    """Read the value after ``Color:``; None when it holds no hex, or several.

    >>> read_color("Red (#D82626)")
    ColorReading(hex='#D82626', text='#D82626', start=5, name='Red')
    >>> read_color("#FF6B6B (Coral Red)").name, read_color("#D8262").hex, read_color("Cyan")
    ('Coral Red', None, None)
    """
    text = text[:300]
    hashes = list(_HASH.finditer(text))
    if not hashes or len({match.group().upper() for match in hashes}) > 1 or not _looks_meant(hashes[0].group(1)):
        return None
    match = hashes[0]
    return ColorReading(full_hex(match.group()), match.group(), match.start(), _name(text, match))


def full_hex(text: str) -> str | None:
    """``#rgb`` or ``#rrggbb`` as ``#RRGGBB``; None for anything else.

    >>> full_hex("#d26"), full_hex("D82626")
    ('#DD2266', None)
    """
    if not HEX.fullmatch(text):
        return None
    digits = text[1:].upper()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def _looks_meant(digits: str) -> bool:
    """Whether what follows ``#`` was meant as a colour: ``D8262G`` was, an anchor or an issue's number not."""
    good = sum(char in "0123456789abcdefABCDEF" for char in digits)
    if len(digits) == 6 and any(char.isdigit() for char in digits):
        return True
    return len(digits) >= 3 and good >= len(digits) - 1 and (len(digits) != 4 or not digits.isdigit())


def _name(text: str, match: re.Match[str]) -> str | None:
    before = text[: match.start()].strip(" `*([:,\u2014\u2013-")
    if re.search(r"[A-Za-z]{3}", before):
        return before[-60:]
    after = re.match(r"[`* ]{0,4}[(\[]([^)\]\n]{2,60})[)\]]", text[match.end() :])
    return after.group(1).strip() if after else None
