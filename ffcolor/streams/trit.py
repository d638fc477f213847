"""Trits: a colour's class in GF(3), -1 (minus), 0 (ergodic) or +1 (plus), by one of the two rules in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.splitmix import SEED, splitmix64, stream_error, to_word

Trits = NDArray[np.int8]


def trit_hue(colors: NDArray[Any]) -> Trits:
    """Class colours (n, 3) by their HSL hue: [300, 60) is +1, [60, 180) is 0, [180, 300) is -1; greys are +1.

    The hue is that of the colour rounded to 8 bits, and the comparison is exact. By the hue of CIE LCh, 29 % of random
    colours would get another trit.
    """
    r, g, b = np.moveaxis(_to_bytes(colors), -1, 0)
    green = (g >= r) & (g > b)  # the largest channel, and on which side of it the second one lies
    blue = (b >= g) & (b > r)
    return np.where(green, 0, np.where(blue, -1, 1)).astype(np.int8)


def trit_of_angle(hue_deg: NDArray[np.float64]) -> Trits:
    """Class hues in degrees (n,), of whatever colour space: [300, 60) is +1, [60, 180) is 0, [180, 300) is -1."""
    return (1 - np.floor((hue_deg + 60) % 360 / 120)).astype(np.int8)


def trit_rgb_sum(colors: NDArray[Any]) -> Trits:
    """Class colours (n, 3) by the sum of their 8-bit channels: ((R + G + B) mod 3) - 1."""
    trits: Trits = (_to_bytes(colors).sum(axis=-1) % 3 - 1).astype(np.int8)
    return trits


TRIT_RULES: dict[str, Callable[[NDArray[Any]], Trits]] = {"hue": trit_hue, "rgb-sum": trit_rgb_sum}
"""The two trit rules by name. Public implementations disagree, so every use names the rule."""


def tripartite(seed: int = SEED, start: int = 0, count: int = 12) -> Trits:
    """Triples (minus, ergodic, plus) of trits as int8 (count, 3), each summing to 0 in GF(3).

    Minus and plus come from two generators of their own (number mod 3, less 1); ergodic is what balances them.
    """
    word = to_word(seed)
    minus, plus = (
        (splitmix64(word ^ key, start, count) % np.uint64(3)).astype(np.int8) - np.int8(1)
        for key in (0, 0x170865DF4B3201FC)
    )
    ergodic = (np.int8(1) - minus - plus) % np.int8(3) - np.int8(1)
    return np.stack([minus, ergodic, plus], axis=-1)


def _to_bytes(colors: NDArray[Any]) -> NDArray[np.int64]:
    values = np.asarray(colors)
    if (
        values.dtype.kind != "f"
        or values.ndim != 2
        or values.shape[1] != 3
        or not ((values >= 0) & (values <= 1)).all()
    ):
        raise stream_error(f"colours are floats (n, 3) in [0, 1], not {values.dtype} {values.shape}", values.shape)
    return (values * 255 + 0.5).astype(np.int64)
