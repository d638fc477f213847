"""The colour spaces of CSS: each from its own numbers to linear light of sRGB, and back.

Linear light of sRGB is the hub: it is not bounded, so that colours of wider gamuts pass through it unharmed.

Source: CSS Color 4, sections 4 to 10 (whites, primaries and curves) and 12 (powerless hues).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ffcolor.color import space
from ffcolor.color.space import Array

Curve = Callable[[Array], Array]

_PROPHOTO_KNEE = 16 / 512


class Space(NamedTuple):
    """One space; its numbers are those that CSS writes, (..., 3)."""

    channels: tuple[str, str, str]
    """What relative colours call them."""
    whole: tuple[float, float, float]
    """What 100 % stands for; 0 for a hue, which has no percentages."""
    to_linear: Curve
    from_linear: Curve
    powerless: float = 0.0
    """The chroma (or saturation) up to which the hue says nothing."""

    @property
    def hue(self) -> int | None:
        """The place of the hue, if there is one."""
        return self.whole.index(0) if 0 in self.whole else None


def _signed(curve: Curve) -> Curve:
    """A curve for both signs, which colours of wider gamuts need."""
    return lambda x: np.copysign(curve(np.abs(x)), x)


def _rgb(primaries: list[list[float]], white: Array, decode: Curve, encode: Curve) -> Space:
    """A space of red, green and blue, from its primaries' chromaticities x, y."""
    columns = np.array([[x, y, 1 - x - y] for x, y in primaries]).T
    to_xyz = columns * np.linalg.solve(columns, white)
    if white is space.CSS_D50:
        to_xyz = space.D50_TO_D65 @ to_xyz
    matrix = space.CSS_XYZ_TO_LINEAR @ to_xyz
    back = np.linalg.inv(matrix)
    decode, encode = _signed(decode), _signed(encode)
    return Space(("r", "g", "b"), (1, 1, 1), lambda x: decode(x) @ matrix.T, lambda x: encode(x @ back.T))


def _xyz(matrix: Array) -> Space:
    back = np.linalg.inv(matrix)
    return Space(("x", "y", "z"), (1, 1, 1), lambda x: x @ matrix.T, lambda x: x @ back.T)


def _via_srgb(
    channels: tuple[str, str, str], whole: tuple[float, float, float], to: Curve, back: Curve, powerless: float = 0
) -> Space:
    """A space that is defined on sRGB."""
    return Space(channels, whole, lambda x: _SRGB.to_linear(to(x)), lambda x: back(_SRGB.from_linear(x)), powerless)


def _polar(name: str, lab: Space, whole: tuple[float, float, float], powerless: float) -> Space:
    return Space(
        ("l", "c", "h"),
        whole,
        lambda x: lab.to_linear(space.from_polar(x)),
        lambda x: space.to_polar(lab.from_linear(x)),
        powerless,
    )


_PERCENT = np.array([1, 100, 100])
_GAMMA = 563 / 256  # of a98-rgb
_SRGB_PRIMARIES = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]]
_P3_PRIMARIES = [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]]
_REC2020 = [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]]
_A98 = [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]]
_PROPHOTO = [[0.734699, 0.265301], [0.159597, 0.840403], [0.036598, 0.000105]]
_SAME: Curve = np.asarray

_SRGB = _rgb(_SRGB_PRIMARIES, space.CSS_D65, space.srgb_to_linear, space.linear_to_srgb)
_LAB = Space(("l", "a", "b"), (100, 125, 125), space.lab_d50_to_linear, space.linear_to_lab_d50)
_OKLAB = Space(("l", "a", "b"), (1, 0.4, 0.4), space.oklab_to_linear, space.linear_to_oklab)

SPACES: dict[str, Space] = {
    "rgb": _via_srgb(("r", "g", "b"), (255, 255, 255), lambda x: x / 255, lambda x: x * 255),
    "hsl": _via_srgb(
        ("h", "s", "l"),
        (0, 100, 100),
        lambda x: space.hsl_to_srgb(x / _PERCENT),
        lambda x: space.srgb_to_hsl(x) * _PERCENT,
        0.001,
    ),
    "hwb": _via_srgb(
        ("h", "w", "b"),
        (0, 100, 100),
        lambda x: space.hwb_to_srgb(x / _PERCENT),
        lambda x: space.srgb_to_hwb(x) * _PERCENT,
    ),
    "lab": _LAB,
    "lch": _polar("lch", _LAB, (100, 150, 0), 0.0015),
    "oklab": _OKLAB,
    "oklch": _polar("oklch", _OKLAB, (1, 0.4, 0), 0.000004),
    "srgb": _SRGB,
    "srgb-linear": _rgb(_SRGB_PRIMARIES, space.CSS_D65, _SAME, _SAME),
    "display-p3": _rgb(_P3_PRIMARIES, space.CSS_D65, space.srgb_to_linear, space.linear_to_srgb),
    "display-p3-linear": _rgb(_P3_PRIMARIES, space.CSS_D65, _SAME, _SAME),
    "a98-rgb": _rgb(_A98, space.CSS_D65, lambda x: x**_GAMMA, lambda x: x ** (1 / _GAMMA)),
    "prophoto-rgb": _rgb(
        _PROPHOTO,
        space.CSS_D50,
        lambda x: np.where(x <= _PROPHOTO_KNEE, x / 16, x**1.8),
        lambda x: np.where(x <= 1 / 512, x * 16, x ** (1 / 1.8)),
    ),
    "rec2020": _rgb(_REC2020, space.CSS_D65, lambda x: x**2.4, lambda x: x ** (1 / 2.4)),
    "xyz": _xyz(space.CSS_XYZ_TO_LINEAR),
    "xyz-d65": _xyz(space.CSS_XYZ_TO_LINEAR),
    "xyz-d50": _xyz(space.CSS_XYZ_TO_LINEAR @ space.D50_TO_D65),
}
"""The spaces by the names of CSS: first those of its functions, then those of ``color()``."""

FUNCTIONS = ("rgb", "hsl", "hwb", "lab", "lch", "oklab", "oklch")
"""The spaces that have a function of their own."""
