"""Colours that are written out as text: hex, CSS names and the functions of CSS Color 4 with plain numbers.

Hex digits come as #rgb, #rrggbb, #rgba or #rrggbbaa, in any case, with or without the #. The functions are rgb, hsl,
hwb, lab, lch, oklab and oklch, with the numbers, percentages, angles, ``none`` and ``/ alpha`` of the standard; rgb and
hsl also in their old form with commas, and as rgba and hsla. As in CSS, lab() and lch() are under D50. Beyond CSS, and
with the extra ``ffcolor[spaces]``, there are Munsell notation and some functions more: see `ffcolor.color.notations`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

import numpy as np

from ffcolor.color import space
from ffcolor.errors import FfcolorError, hint

WANTED = "write #rgb, #rrggbb, a CSS name or [r g b] in 0..1"

_HEX_LENGTHS = (3, 4, 6, 8)
_HEX = re.compile(r"[0-9a-f]+")
_CALL = re.compile(r"([a-z]+|cam16-ucs|color-mix|light-dark)\((.*)\)", re.DOTALL)
_NUMBER = r"(?:\d*\.)?\d+"
MUNSELL = re.compile(
    rf"(?<![^\s,;(])(?:{_NUMBER} ?(?:BG|GY|YR|RP|PB|[BGYRP]) ?{_NUMBER} ?/ ?{_NUMBER}|N ?{_NUMBER} ?/|N{_NUMBER})"
    r"(?![^\s,;)])",
    re.IGNORECASE,
)
"""A colour in Munsell notation, wherever it stands in a text: ``5R 4/14``, ``N 5/``, ``N5``."""
_VALUE = re.compile(r"([+-]?(?:\d*\.)?\d+(?:e[+-]?\d+)?)(%|deg|rad|grad|turn)?")
_TURNS = {"": 1 / 360, "deg": 1 / 360, "rad": 0.5 / np.pi, "grad": 1 / 400, "turn": 1.0}
_LARGEST = 1e6  # no color needs more; beyond, powers overflow
_HUE = 0.0  # in place of what 100 % stands for: a hue is an angle and has no percentage


ToSrgb = Callable[[space.Array], space.Array]  # (n, 3) in a function's own numbers to sRGB, not clipped


class Parsed(NamedTuple):
    """What a text says: three numbers, alpha in 0..1, and what turns the numbers into sRGB (None: they are sRGB)."""

    numbers: tuple[float, float, float]
    alpha: float = 1.0
    to_srgb: ToSrgb | None = None
    note: str = ""
    """What was changed in reading it."""


class _Function(NamedTuple):
    channels: dict[str, float]  # name: the number that 100 % stands for
    to_srgb: ToSrgb
    commas: tuple[str, ...] = ()  # kinds of the three values in the old form with commas: n a number, % a percentage


def unround(srgb: space.Array) -> space.Array:
    """Clip sRGB colours (n, 3) that lie just outside the cube, as the rounded numbers of its surface do.

    Just outside is at most 0.002 away in OKLab, a tenth of what is noticed. Colours farther out stay as they are.
    """
    clipped = np.clip(srgb, 0, 1)
    away = np.linalg.norm(space.srgb_to_oklab(srgb) - space.srgb_to_oklab(clipped), axis=-1, keepdims=True)
    return np.where(away <= 0.002, clipped, srgb)


_LAB: dict[str, float] = {"lightness": 100, "a": 125, "b": 125}
_LCH: dict[str, float] = {"lightness": 100, "chroma": 150, "hue": _HUE}
_OKLAB: dict[str, float] = {"lightness": 1, "a": 0.4, "b": 0.4}
_OKLCH: dict[str, float] = {"lightness": 1, "chroma": 0.4, "hue": _HUE}
_HSL: dict[str, float] = {"hue": _HUE, "saturation": 100, "lightness": 100}

# Source: CSS Color 4, sections 5 (rgb), 7 (hsl), 8 (hwb), 9.3-9.4 (lab, lch, oklab, oklch).
FUNCTIONS = {
    "rgb": _Function({"red": 255, "green": 255, "blue": 255}, lambda x: x / 255, ("nnn", "%%%")),
    "hsl": _Function(_HSL, lambda x: space.hsl_to_srgb(x / [1, 100, 100]), ("n%%",)),
    "hwb": _Function({"hue": _HUE, "whiteness": 100, "blackness": 100}, lambda x: space.hwb_to_srgb(x / [1, 100, 100])),
    "lab": _Function(_LAB, lambda x: unround(space.lab_d50_to_srgb(x))),
    "lch": _Function(_LCH, lambda x: unround(space.lab_d50_to_srgb(space.from_polar(x)))),
    "oklab": _Function(_OKLAB, lambda x: unround(space.oklab_to_srgb(x))),
    "oklch": _Function(_OKLCH, lambda x: unround(space.oklab_to_srgb(space.from_polar(x)))),
}
_SPACES = {  # those of `ffcolor.color.notations`, by the extra ffcolor[spaces]
    "xyz": {"X": 1.0, "Y": 1.0, "Z": 1.0},
    "xyy": {"x": 1.0, "y": 1.0, "Y": 1.0},
    "luv": {"L": 100.0, "u": 100.0, "v": 100.0},
    "cam16-ucs": {"J": 100.0, "a": 100.0, "b": 100.0},
}
FUNCTIONS |= {"rgba": FUNCTIONS["rgb"], "hsla": FUNCTIONS["hsl"]}
WORKED_OUT = ("color", "color-mix", "light-dark")
"""The functions of colours that `ffcolor.color.css_functions` reads."""


def parse_plain(text: str) -> Parsed:
    """Read one colour that is written out: hex, a name, or a function of plain numbers.

    Raises:
        FfcolorError: ``invalid-color``, with what is wrong in the text.
    """
    plain = text.strip().lower()
    digits = plain.removeprefix("#")
    if len(digits) in _HEX_LENGTHS and _HEX.fullmatch(digits):
        return _hex(digits)
    if plain.startswith("#"):
        refuse(text, _hex_problem(digits))
    if MUNSELL.fullmatch(plain):
        return _munsell(text, plain)
    if "(" in plain or ")" in plain:
        return _call(text, plain)
    return _name(text, plain)


def format_hex(srgb: space.Array) -> list[str]:
    """Write sRGB (n, 3) in [0, 1] as n strings "#RRGGBB": channel = floor(255 x + 0.5)."""
    codes = np.floor(255 * srgb + 0.5).astype(np.uint8).tobytes().hex(",", 3).upper()
    return ("#" + codes.replace(",", ",#")).split(",") if codes else []


def refuse(text: str, why: str) -> NoReturn:
    """Say that a text is not a colour, and why."""
    shown = repr(text if len(text) <= 60 else text[:57] + "...")
    raise FfcolorError(f"{shown} is not a colour: {why}", code="invalid-color", value=text, advice=WANTED)


def _hex(digits: str) -> Parsed:
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    r, g, b, a = bytes.fromhex(digits.ljust(8, "f"))
    return Parsed((r / 255, g / 255, b / 255), a / 255)


def _hex_problem(digits: str) -> str:
    bad = next((digit for digit in digits if not _HEX.fullmatch(digit)), None)
    return f"{bad!r} is not a hex digit" if bad else f"it has {len(digits)} hex digits, not 3, 4, 6 or 8"


def _name(text: str, name: str) -> Parsed:
    from ffcolor.color.names import NAMES

    if name in NAMES:
        return _hex(NAMES[name])
    if name == "transparent":
        return Parsed((0.0, 0.0, 0.0), 0.0)
    if not name:
        refuse(text, "it is empty")
    if near := hint(name, NAMES):
        refuse(text, f"did you mean {near!r}?")
    refuse(text, _hex_problem(name) if _HEX.fullmatch(name) else "it is not a CSS name")


def _munsell(text: str, plain: str) -> Parsed:
    from ffcolor.color import notations

    try:
        x, y, luminance = notations.munsell(text.strip())
    except KeyError:
        refuse(text, "there is no such chip in the Munsell renotation")
    return Parsed((x, y, luminance), 1.0, _beyond("munsell"))


def _function(name: str) -> _Function:
    return FUNCTIONS[name] if name in FUNCTIONS else _Function(_SPACES[name], _beyond(name))


@functools.cache  # the same converter for all colours of a notation: they are converted together
def _beyond(name: str) -> ToSrgb:
    from ffcolor.color import notations

    to_srgb = notations.converter(name)
    return lambda numbers: unround(to_srgb(numbers))


def _call(text: str, plain: str) -> Parsed:
    match = _CALL.fullmatch(plain)
    if not match:
        refuse(text, "its parentheses do not make one name(…)")
    name, body = match.groups()
    if name not in FUNCTIONS and name not in _SPACES:
        refuse(text, f"there is no {name}(); there are {', '.join([*FUNCTIONS, *WORKED_OUT, *_SPACES])}")
    function = _function(name)
    if "," in body:
        parts = [part.strip() for part in body.split(",")]
        alpha = parts.pop() if len(parts) == 4 else "1"
        kinds = "".join("none" if part == "none" else "%" if part.endswith("%") else "n" for part in parts)
        if len(parts) == 3 and kinds not in function.commas:
            forms = [", ".join(form).replace("n", "number") for form in function.commas]
            refuse(text, f"with commas, {name}() takes {' or '.join(forms)}" if forms else f"{name}() takes no commas")
    else:
        body, slash, alpha = body.partition("/")
        parts, alpha = body.split(), alpha.strip() if slash else "1"
    if len(parts) != 3:
        refuse(text, f"{name}() takes three values and an alpha, not {len(parts)} values")
    x, y, z = (_number(text, part, *channel) for part, channel in zip(parts, function.channels.items(), strict=True))
    opacity = _number(text, alpha, "alpha", 1.0)
    if not 0 <= opacity <= 1:
        refuse(text, f"its alpha {alpha} is outside 0..1")
    numbers, note = (x, y, z), ""
    if function is FUNCTIONS["rgb"] and not 0 <= min(numbers) <= max(numbers) <= 255:
        r, g, b = (min(max(number, 0.0), 255.0) for number in numbers)
        numbers, note = (r, g, b), f"{text.strip()} is outside 0..255 and became rgb({r:g} {g:g} {b:g}), as in CSS"
    return Parsed(numbers, opacity, function.to_srgb, note)


def _number(text: str, part: str, channel: str, whole: float) -> float:
    """One channel's number: 100 % is `whole`, angles become degrees; what may not be negative stops at 0, as in CSS."""
    if part == "none":
        return 0.0
    match = _VALUE.fullmatch(part)
    number, unit = (float(match[1]), match[2] or "") if match else (np.nan, "")
    if not abs(number) <= _LARGEST or (unit not in _TURNS if channel == "hue" else unit not in ("", "%")):
        wanted = "an angle" if channel == "hue" else "a number or percentage"
        refuse(text, f"its {channel} {part!r} is not {wanted}")
    if channel == "hue":
        return number * _TURNS[unit] * 360
    value = number * whole / 100 if unit else number
    return max(value, 0.0) if channel in ("chroma", "saturation") else value
