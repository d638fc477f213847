"""GF401 to GF406: a skill's colour against its trit, its name, and what the file says elsewhere.

The trit of a colour is that of its HSL hue: [0, 60) and [300, 360) +1, [60, 180) 0, [180, 300) -1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from colorsys import rgb_to_hls

from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.gf3 import format_trit
from ffcolor.skills.model import Collection, ColorClaim, Skill
from ffcolor.skills.reading.values import full_hex

_BOUNDARIES = (60.0, 180.0, 300.0)
_GREYS = frozenset(("gray", "grey", "black", "white", "silver", "charcoal"))
_GREY_SPREAD = 72  # of 255, between the largest and the smallest channel of what may be called a grey

_HUES = {
    "red": (330, 30), "crimson": (330, 20), "scarlet": (345, 25), "ruby": (325, 15), "coral": (345, 30),
    "salmon": (345, 35), "orange": (8, 52), "amber": (20, 60), "gold": (30, 65), "golden": (30, 65),
    "brown": (0, 50), "yellow": (40, 78), "olive": (45, 95), "lime": (55, 150), "chartreuse": (60, 110),
    "green": (70, 178), "emerald": (110, 178), "mint": (110, 185), "teal": (150, 205), "turquoise": (150, 205),
    "cyan": (150, 215), "aqua": (150, 215), "azure": (175, 230), "blue": (180, 268), "navy": (210, 260),
    "indigo": (220, 290), "violet": (240, 325), "purple": (245, 330), "lavender": (225, 300), "magenta": (275, 345),
    "fuchsia": (275, 345), "pink": (295, 25), "rose": (300, 25),
}  # fmt: skip
"""Colour word -> the HSL hues that people call so, generously: a range may run through 0."""


def check_colors(collection: Collection) -> Iterator[Problem]:
    """The findings of these checks in a whole collection."""
    for skill in collection.skills:
        for claim in skill.colors:
            if claim.hex is None:
                yield from _malformed(skill, claim)
            elif claim.name:
                yield from _misnamed(skill, claim, claim.hex, claim.name)
        yield from _hue(skill)
        yield from _generated(skill)


def hue(color: str) -> float | None:
    """The HSL hue of ``"#RRGGBB"`` in degrees, None for a grey.

    >>> hue("#D82626"), hue("#26D826"), hue("#808080")
    (0.0, 120.0, None)
    """
    red, green, blue = (int(color[index : index + 2], 16) for index in (1, 3, 5))
    if red == green == blue:
        return None
    return rgb_to_hls(red / 255, green / 255, blue / 255)[0] * 360 % 360


def trit_of_hue(degrees: float) -> int:
    """The trit of a hue.

    >>> [trit_of_hue(degrees) for degrees in (0, 59.9, 60, 180, 299.9, 300)]
    [1, 1, 0, -1, -1, 1]
    """
    degrees %= 360
    return 1 if degrees < 60 or degrees >= 300 else 0 if degrees < 180 else -1


def _malformed(skill: Skill, claim: ColorClaim) -> Iterator[Problem]:
    at = skill.path, claim.place.line, claim.place.column
    if not claim.text:
        line = skill.lines[claim.place.line - 1] if claim.place.line <= len(skill.lines) else ""
        comment = re.search(r"#[0-9A-Za-z]{1,12}", line)
        if comment:
            message = f"the colour is empty: unquoted, {comment.group()} is a comment to YAML"
            is_hex = full_hex(comment.group()) is not None and claim.form.startswith("metadata.")
            yield problem("GF402", *at, message, f'"{comment.group()}"', fixable=is_hex)
        else:
            yield problem("GF402", *at, 'the colour is empty: write "#RRGGBB", in quotes')
        return
    if claim.text.casefold().replace(" ", "") in _css_names():
        return
    shown = claim.text if len(claim.text) <= 40 else claim.text[:39] + "…"
    digits = re.fullmatch(r"(?:0[xX]|#)?([0-9A-Fa-f]{6})", claim.text)
    suggestion = f'"#{digits.group(1).upper()}"' if digits else None
    yield problem("GF402", *at, f"{shown!r} is not a colour: write #RRGGBB", suggestion)


def _css_names() -> frozenset[str]:
    return frozenset((*_HUES, *_GREYS))


def _misnamed(skill: Skill, claim: ColorClaim, color: str, name: str) -> Iterator[Problem]:
    if is_name_of(name, color):
        return
    degrees = hue(color)
    is_ = "is a grey" if degrees is None else f"has the hue {degrees:.0f}°"
    message = f"the colour is called {name!r}, but {color} {is_}"
    yield problem("GF403", skill.path, claim.place.line, claim.place.column, message)


def is_name_of(name: str, color: str) -> bool:
    """Whether a colour may be called so: a name without a word for a hue says nothing against any colour.

    >>> is_name_of("Coral Red", "#D82626"), is_name_of("Red", "#2626D8"), is_name_of("Brand", "#2626D8")
    (True, False, True)
    """
    words = [word for word in re.findall(r"[a-z]+", name.casefold()) if word in _HUES or word in _GREYS]
    return not words or any(_fits(word, color) for word in words)


def _fits(word: str, color: str) -> bool:
    channels = [int(color[index : index + 2], 16) for index in (1, 3, 5)]
    spread = max(channels) - min(channels)
    if word in _GREYS:
        return spread <= _GREY_SPREAD
    degrees = hue(color)
    if degrees is None:
        return False
    low, high = _HUES[word]
    return low <= degrees <= high if low <= high else degrees >= low or degrees <= high


def _hue(skill: Skill) -> Iterator[Problem]:
    claim = skill.color_claim
    if claim is None or claim.hex is None:
        return
    at = skill.path, claim.place.line, claim.place.column
    degrees = hue(claim.hex)
    if degrees is None:
        yield problem("GF406", *at, f"{claim.hex} is a grey: it has no hue, so no trit")
        return
    trit = _trit_beside(skill, claim)
    if trit is not None and trit_of_hue(degrees) != trit:
        other = format_trit(trit_of_hue(degrees))
        message = (
            f"{claim.hex} has the hue {degrees:.0f}°, which stands for {other}, but the trit is {format_trit(trit)}"
        )
        yield problem("GF401", *at, message)
    near = min(_BOUNDARIES, key=lambda boundary: abs(degrees - boundary))
    if abs(degrees - near) < 1:
        yield problem("GF405", *at, f"{claim.hex} has the hue {degrees:.2f}°, within 1° of the boundary at {near:.0f}°")


def _trit_beside(skill: Skill, claim: ColorClaim) -> int | None:
    """The trit that a colour is to fit: in a generated block, that block's own, if it has one."""
    if claim.source == "generated":
        for other in skill.trits:
            if other.source == "generated" and other.value is not None:
                return other.value
    return skill.trit


def _generated(skill: Skill) -> Iterator[Problem]:
    chosen = skill.color_claim
    if chosen is None or chosen.source == "generated":
        return
    for claim in skill.colors:
        if claim.source == "generated" and claim.hex is not None and claim.hex != chosen.hex:
            message = f"the generated block says {claim.hex}, the author {chosen.hex} in line {chosen.place.line}"
            yield problem("GF404", skill.path, claim.place.line, claim.place.column, message)
