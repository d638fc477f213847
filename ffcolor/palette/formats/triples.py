"""Text that could be taken for hex codes and is not: lines of three decimal numbers, and the palettes of paint.net.

Source: X11's rgb.txt; https://www.getpaint.net/doc/latest/WorkingWithPalettes.html (AARRGGBB, comments begin with ;).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ffcolor.files import lines_of
from ffcolor.palette.content import Content, file_error

_LOOK = 4096  # characters of the beginning that tell what a text is
_APART = re.compile(r"[ \t]*[,;][ \t]*|[ \t]+")
_EIGHT = re.compile(r"[0-9a-fA-F]{8}")
_SAID = 3


def told(text: str) -> str | None:
    """Whether a text begins as lines of three numbers do ("rgb"), or as a palette of paint.net ("paintnet")."""
    lines = [line.strip() for line in lines_of(text[:_LOOK].removeprefix("\ufeff"))]
    first = next((line for line in lines if line and not _is_comment(line)), "")
    if first.startswith(";") or _EIGHT.fullmatch(re.split(r"[\s,;]", first, maxsplit=1)[0]):
        return "paintnet"
    return "rgb" if _triple(first) else None


def _is_comment(line: str) -> bool:
    return line == "#" or line.startswith(("!", "//", "# ", "#\t"))


def numbers_of(words: Sequence[str]) -> list[int] | None:
    """Three words as red, green and blue, if they are three whole numbers from 0 to 255."""
    numbers = [int(word) for word in words if re.fullmatch(r"[0-9]{1,3}", word)]
    return numbers if len(numbers) == len(words) == 3 and max(numbers) <= 255 else None


def _triple(line: str) -> tuple[list[int], str] | None:
    """The three numbers of a line and the name behind them; None for any other line, such as one with a fourth."""
    words = _APART.split(line, maxsplit=3)
    numbers = numbers_of(words[:3])
    name = words[3].strip(" \t,;") if len(words) > 3 else ""
    return None if numbers is None or name[:1].isdigit() else (numbers, name)


def read_rgb(text: str) -> Content:
    """Read lines of red, green and blue from 0 to 255, each with a name behind it or none."""
    colors, names = [], []
    for number, line in enumerate(map(str.strip, lines_of(text)), 1):
        if not line or _is_comment(line):
            continue
        found = _triple(line)
        if found is None:
            raise file_error(
                f"line {number} is {line[:60]!r}, and three numbers from 0 to 255 were expected", line[:60]
            )
        colors.append(found[0])
        names.append(found[1])
    if not colors:
        raise file_error("it holds no colours")
    content = Content.of(np.array(colors, np.uint8), names)
    if any(names) or any(number < 100 for row in colors for number in row):
        return content
    return content.noted(["its lines were read as red, green and blue from 0 to 255; write # before hex codes"])


def read_paintnet(text: str) -> Content:
    """Read AARRGGBB or RRGGBB, one a line, with comments behind a semicolon.

    A list of eight digits without such comments could as well be CSS's RRGGBBAA: it is read by the only way in which
    no colour of it is translucent, and refused if there are two.
    """
    is_paintnet = any(line.lstrip().startswith(";") for line in lines_of(text))
    codes = [code for line in lines_of(text) for code in re.split(r"[\s,]+", line.split(";")[0]) if code]
    if not codes:
        raise file_error("it holds no colours")
    for place, code in enumerate(codes):
        if not re.fullmatch(r"([0-9a-fA-F]{2}){3,4}", code):
            message = f"colour {place} is {code[:40]!r}, and AARRGGBB or RRGGBB were expected, as paint.net writes them"
            raise file_error(message, code[:40])
    if is_paintnet:
        return _alpha_first(codes)
    first = all(len(code) == 6 or code[:2].upper() == "FF" for code in codes)
    last = all(len(code) == 6 or code[6:].upper() == "FF" for code in codes)
    if first == last:
        raise file_error(
            f"{codes[0]!r} could be paint.net's AARRGGBB or CSS's RRGGBBAA; put a line beginning with ; before the "
            "first, or write #RRGGBB",
            codes[0],
        )
    if first:
        return _alpha_first(codes).noted(["its eight digits were read as AARRGGBB, as paint.net writes them"])
    return Content.of([f"#{code[:6]}" for code in codes]).noted(["its eight digits were read as RRGGBBAA, as in CSS"])


def _alpha_first(codes: list[str]) -> Content:
    clear = [code for code in codes if len(code) == 8 and code[:2].upper() != "FF"]
    opaque = [f"#{code[-6:]}" for code in codes if len(code) == 6 or code[:2].upper() == "FF"]
    shown = ", ".join(clear[:_SAID]) + (f" and {len(clear) - _SAID:,} more" if len(clear) > _SAID else "")
    if not opaque:
        raise file_error(f"every colour of it is translucent: {shown}")
    return Content.of(opaque).noted([f"{shown}: translucent, and left out"] if clear else [])
