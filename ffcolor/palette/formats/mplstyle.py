"""A palette as a matplotlib style (.mplstyle): its cycle of colours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ffcolor.color import read_colors, survey
from ffcolor.errors import FfcolorError
from ffcolor.files import lines_of
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats.gimp import one_line

_CYCLE = re.compile(r"[ \t]*axes\.prop_cycle[ \t]*:")
_TOKEN = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|\w+|[^\s\w]")
_HEX = re.compile(r"([0-9a-fA-F]{2}){3,4}")
_OPENING, _CLOSING = ("[", "("), ("]", ")")
_DEEPEST = 3  # brackets in brackets: a list of triples
_CODES = "#0000FF #008000 #FF0000 #00BFBF #BF00BF #BFBF00 #000000 #FFFFFF"
_LETTERS = dict(zip("bgrcmykw", _CODES.split(), strict=True))  # their green is CSS's, their cyan is not
_TABLEAU = {
    name: f"#{code}"
    for name, code in (
        *(("blue", "1F77B4"), ("orange", "FF7F0E"), ("green", "2CA02C"), ("red", "D62728"), ("purple", "9467BD")),
        *(("brown", "8C564B"), ("pink", "E377C2"), ("gray", "7F7F7F"), ("olive", "BCBD22"), ("cyan", "17BECF")),
    )
}
_CYCLED = [*_TABLEAU.values()]
_TABLEAU["grey"] = _TABLEAU["gray"]


def write(content: Content) -> str:
    """Write the title as a comment, and the cycle of colours."""
    # '#' would begin a comment, and a C before digits mean a place in the cycle
    colors = ", ".join(f"'{code[1:].lower() if code[2:].isdigit() else code[1:]}'" for code in content.hex)
    return f"# {one_line(content.title)}\naxes.prop_cycle: cycler('color', [{colors}])\n"


def read(text: str) -> Content:
    """Read the cycle of colours of a style file, in any way in which matplotlib writes a colour.

    Source: matplotlib, "Specifying colors": letters, greys as '0.4', tab: and xkcd: names, C0 to C9.
    """
    lines = lines_of(text)
    line = next((line[found.end() :] for line in lines if (found := _CYCLE.match(line))), None)
    items = None if line is None else _items(line)
    if items is None:
        raise file_error("it has no line axes.prop_cycle: cycler('color', ['RRGGBB', …])")
    if not items:
        raise file_error("its cycle of colours is empty")
    notes: list[str] = []
    colors = []
    for place, item in enumerate(items):
        try:
            colors.append(read_colors([_color(item, notes)])[0])
        except FfcolorError as error:
            notes.append(f"colour {place} is left out: {error.message}")
    if not colors:
        raise file_error(notes[0])
    first = lines[0]
    title = first[1:].strip() if first.startswith("#") else ""
    return Content.of(colors, [""] * len(colors), title).noted(dict.fromkeys(notes))


def tokens(line: str) -> Iterator[str]:
    """The strings, words and marks of a line, in one pass."""
    return (found[0] for found in _TOKEN.finditer(line))


def _items(line: str) -> Sequence[Any] | None:
    """What the cycle lists under "color" (or "c"): of a text, its letters. None if it has no such list."""
    waiting: list[str] = []  # the last two tokens
    found: list[str] = []
    open_marks = 0
    for token in tokens(line):
        if not found and not (len(waiting) == 2 and waiting[0].strip("'\"") in ("color", "c") and waiting[1] in ",=:"):
            waiting = [*waiting, token][-2:]
            continue
        if not found and token[0] in "'\"":
            return token[1:-1].replace(" ", "")
        if not found and token not in _OPENING:
            return None
        found.append(token)
        open_marks += (token in _OPENING) - (token in _CLOSING)
        if open_marks > _DEEPEST:
            raise file_error("its brackets stand too deep in each other")
        if not open_marks:
            return _values("".join(found))
    return None


def _values(text: str) -> list[Any]:
    """The values of a list as Python writes it."""
    try:
        values = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise file_error(f"{text[:60]} is not a list of colours") from None
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _color(item: Any, notes: list[str]) -> Any:
    """One colour as matplotlib writes it, as `read_colors` takes it."""
    if not isinstance(item, str):
        return [float(x) if isinstance(x, int) else x for x in item] if isinstance(item, (list, tuple)) else item
    word = item.strip()
    if _HEX.fullmatch(word):
        return f"#{word}"
    if word in _LETTERS:
        return _LETTERS[word]
    prefix, _, name = word.lower().partition(":")
    if prefix == "tab" and name in _TABLEAU:
        return _TABLEAU[name]
    if prefix == "xkcd":
        return survey.codes().get(name, word)
    if re.fullmatch(r"C\d{1,6}", word):
        notes.append(f"{word} is a place in the cycle itself: it became that of matplotlib's default cycle")
        return _CYCLED[int(word[1:]) % len(_CYCLED)]
    if re.fullmatch(r"(0?\.\d+|[01](\.\d*)?)(e-?\d+)?", word):
        return [float(word)] * 3
    return word
