"""Colours that CSS works out: ``color()``, relative colours, ``color-mix()``, ``light-dark()`` and arithmetic.

What is written out is read by `ffcolor.color.css_plain`; this module comes in where a value has functions within
functions, begins with ``from``, or names one of these functions. Custom properties (``var()``) belong to sheets, which
put their values in first.

Source: CSS Color 4, section 10 (color()) and 12 (interpolation); CSS Color 5, sections 2 (color-mix()), 4 (relative
colours) and 6 (light-dark()); arithmetic: CSS Values 4, section 10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ffcolor.color import space
from ffcolor.color.css_math import Angle, Percent, calculate
from ffcolor.color.css_plain import WORKED_OUT, Parsed, parse_plain, refuse, unround
from ffcolor.color.css_spaces import FUNCTIONS, SPACES, Space
from ffcolor.color.css_tokens import Token, components, tokens

_DEEPEST = 32  # functions within functions

Part = Sequence[Token]  # one component value


class Color(NamedTuple):
    """A colour in one of the spaces; None is a component that is missing (``none``)."""

    space: str
    numbers: tuple[float | None, float | None, float | None]
    alpha: float | None = 1.0


def parse(text: str) -> Parsed:
    """Read one colour that has to be worked out.

    Raises:
        FfcolorError: ``invalid-color``, with what is wrong in the text.
    """
    parts = components([*tokens(text)])
    if len(parts) != 1:
        refuse(text, f"it is {len(parts)} values")
    found = _Reader(text).color(parts[0])
    r, g, b = space.linear_to_srgb(_linear(found)).tolist()
    return Parsed((r, g, b), 0.0 if found.alpha is None else found.alpha, unround)


def _linear(color: Color) -> space.Array:
    """A colour in linear light of sRGB, (3,); what is missing is 0."""
    return SPACES[color.space].to_linear(np.array([number or 0.0 for number in color.numbers]))


def _converted(color: Color, name: str) -> Color:
    """A colour in another space; a hue that says nothing there is missing."""
    if color.space == name:
        return color
    target = SPACES[name]
    numbers: list[float | None] = target.from_linear(_linear(color)).tolist()
    if target.hue is not None and _chroma(numbers, target) <= target.powerless:
        numbers[target.hue] = None
    first, second, third = numbers
    return Color(name, (first, second, third), color.alpha)


def _chroma(numbers: Sequence[float | None], target: Space) -> float:
    if target.channels == ("h", "w", "b"):  # grey where whiteness and blackness fill it
        return 100 - (numbers[1] or 0) - (numbers[2] or 0) - 1e-9
    return numbers[1] or 0.0


class _Reader:
    """Reads the component values of one text, which is kept for messages."""

    def __init__(self, text: str):
        self.text = text
        self.depth = 0

    def color(self, part: Part) -> Color:
        """The colour that a component value is."""
        name = part[0].value.lower() if part[0].kind == "function" else ""
        self.depth += 1
        if self.depth > _DEEPEST:
            refuse(self.text, f"its functions go deeper than {_DEEPEST}")
        if name in WORKED_OUT or name.removesuffix("a") in FUNCTIONS or name in FUNCTIONS:
            inside = part[1:-1] if part[-1].kind == ")" else part[1:]
            found = self._function(name, inside)
        else:
            plain = parse_plain(self.text[part[0].start : part[-1].end])
            numbers = np.array([plain.numbers])
            r, g, b = (numbers if plain.to_srgb is None else plain.to_srgb(numbers))[0].tolist()
            found = Color("srgb", (r, g, b), plain.alpha)
        self.depth -= 1
        return found

    def _function(self, name: str, inside: Part) -> Color:
        if name == "color-mix":
            return self._mixed(_by_commas(inside))
        if name == "light-dark":
            sides = [components(side) for side in _by_commas(inside)]
            if [len(side) for side in sides] != [1, 1]:
                refuse(self.text, "light-dark() takes two colours")
            return self.color(sides[0][0])  # a page is light unless it says otherwise
        parts = components(inside)
        origin = None
        if parts and _is_name(parts[0], "from"):
            if len(parts) < 2:
                refuse(self.text, f"{name}() takes a colour behind from")
            origin, parts = self.color(parts[1]), parts[2:]
        own = {"rgba": "rgb", "hsla": "hsl"}.get(name, name)
        if name == "color":
            if not parts or parts[0][0].kind != "name" or parts[0][0].value.lower() not in SPACES:
                refuse(self.text, f"color() takes one of the spaces {', '.join(_OF_COLOR)}")
            own, parts = parts[0][0].value.lower(), parts[1:]
            if own not in _OF_COLOR:
                refuse(self.text, f"color() takes one of the spaces {', '.join(_OF_COLOR)}")
        return self._channels(name, own, parts, origin)

    def _channels(self, name: str, own: str, parts: list[list[Token]], origin: Color | None) -> Color:
        """A colour from the channels of a function, and maybe an alpha behind a slash (or, of old, a comma)."""
        target = SPACES[own]
        known: dict[str, float] = {}
        if origin is not None:
            there = _converted(origin, own)
            known = {key: value or 0.0 for key, value in zip(target.channels, there.numbers, strict=True)}
            known["alpha"] = 1.0 if origin.alpha is None else origin.alpha
        channels, slash, rest = parts[:3], parts[3:4], parts[4:]
        if slash and slash[0][0].kind != "/":
            slash, rest = [[]], parts[3:]
        if len(channels) != 3 or (slash and len(rest) != 1):
            refuse(self.text, f"{name}() takes three values and an alpha, not {len(parts)} values")
        numbers = [
            self._number(part, channel, whole, known)
            for part, channel, whole in zip(channels, target.channels, target.whole, strict=True)
        ]
        alpha = self._number(rest[0], "alpha", 1.0, known) if slash else known.get("alpha", 1.0)
        if origin is None and own == "rgb":
            numbers = [None if each is None else min(max(each, 0.0), 255.0) for each in numbers]
        first, second, third = numbers
        return Color(own, (first, second, third), None if alpha is None else min(max(alpha, 0.0), 1.0))

    def _number(self, part: Part, channel: str, whole: float, known: Mapping[str, float]) -> float | None:
        """One channel: a number, with 100 % as `whole`; a hue in degrees."""
        if _is_name(part, "none"):
            return None
        amount = calculate(self.text, part, known, whole or None)
        if isinstance(amount, Percent):
            if not whole:
                refuse(self.text, f"its {channel} is a percentage; it must be an angle")
            return amount.value * whole / 100
        if isinstance(amount, Angle) and whole:
            refuse(self.text, f"its {channel} is an angle; it must be a number or percentage")
        value = amount.value
        return max(value, 0.0) if channel in ("c", "s") else value

    # color-mix() ------------------------------------------------------------------------------------------------------

    def _mixed(self, sides: list[list[Token]]) -> Color:
        """Source: CSS Color 5, section 2.2; interpolation: CSS Color 4, section 12."""
        method = components(sides[0]) if sides else []
        name, turn = "oklab", "shorter"
        if method and _is_name(method[0], "in"):
            words = [part[0].value.lower() for part in method[1:]]
            name, turn = (words or [""])[0], words[1] if len(words) == 3 and words[2] == "hue" else "shorter"
            sides = sides[1:]
            allowed = [each for each in SPACES if each not in ("rgb", "display-p3-linear")]
            if name not in allowed or turn not in _TURNS or (len(words) != 1 and turn not in words):
                refuse(self.text, f"color-mix() takes in with one of {', '.join(allowed)}")
        if len(sides) != 2:
            refuse(self.text, f"color-mix() takes two colours, not {len(sides)}")
        (one, share_1), (two, share_2) = (self._side(components(side)) for side in sides)
        if share_1 is None:
            share_1 = 50.0 if share_2 is None else 100 - share_2
        share_2 = 100 - share_1 if share_2 is None else share_2
        whole = share_1 + share_2
        if whole <= 0:
            refuse(self.text, "the shares of color-mix() are 0")
        mixed = _interpolated(_converted(one, name), _converted(two, name), share_2 / whole, turn)
        return mixed._replace(alpha=(mixed.alpha or 0.0) * min(whole / 100, 1))

    def _side(self, parts: list[list[Token]]) -> tuple[Color, float | None]:
        """A colour and its share in percent, in any order."""
        shares = [part for part in parts if part[0].kind == "percentage" or _is_calc(part)]
        colors = [part for part in parts if part not in shares]
        if len(colors) != 1 or len(shares) > 1:
            refuse(self.text, "color-mix() takes a colour and at most one percentage on each side")
        if not shares:
            return self.color(colors[0]), None
        share = calculate(self.text, shares[0], {}, 100.0)
        if not 0 <= share.value <= 100:
            refuse(self.text, f"a share of color-mix() is {share.value:g} %; it must be from 0 to 100")
        return self.color(colors[0]), share.value


def _is_calc(part: Part) -> bool:
    return part[0].kind == "function" and part[0].value.lower() == "calc"


def _is_name(part: Part, name: str) -> bool:
    return len(part) == 1 and part[0].kind == "name" and part[0].value.lower() == name


def _by_commas(inside: Part) -> list[list[Token]]:
    """Tokens parted at the commas that stand in no inner function."""
    sides: list[list[Token]] = [[]]
    depth = 0
    for token in inside:
        depth += token.kind in ("function", "(") or -(token.kind == ")")
        if token.kind == "," and not depth:
            sides.append([])
        else:
            sides[-1].append(token)
    return sides


def _interpolated(one: Color, two: Color, share: float, turn: str) -> Color:
    """A colour between two of the same space, `share` of the way; alphas are multiplied in first."""
    hue = SPACES[one.space].hue
    ours, theirs = [*one.numbers, one.alpha], [*two.numbers, two.alpha]
    for place in range(4):  # what is missing on one side is as on the other
        fallback = 1.0 if place == 3 else 0.0
        ours[place] = _first(ours[place], theirs[place], fallback)
        theirs[place] = _first(theirs[place], ours[place], fallback)
    a, b = np.array(ours, dtype=np.float64), np.array(theirs, dtype=np.float64)
    if hue is not None:
        b[hue] = a[hue] + _TURNS[turn]((b[hue] - a[hue]) % 360)
    flat = [place for place in range(3) if place != hue]
    alpha = a[3] + share * (b[3] - a[3])
    mixed = a + share * (b - a)
    if alpha > 0:
        mixed[flat] = ((1 - share) * a[3] * a[flat] + share * b[3] * b[flat]) / alpha
    first, second, third = mixed[:3].tolist()
    return Color(one.space, (first, second, third), float(alpha))


def _first(value: float | None, other: float | None, fallback: float) -> float:
    return value if value is not None else other if other is not None else fallback


# The way from one hue to another, of their difference in [0, 360).
_TURNS = {
    "shorter": lambda turn: turn - 360 if turn > 180 else turn,
    "longer": lambda turn: turn - 360 if 0 < turn <= 180 else turn,
    "increasing": lambda turn: turn,
    "decreasing": lambda turn: turn - 360 if turn else turn,
}
_OF_COLOR = [name for name in SPACES if name not in FUNCTIONS]
