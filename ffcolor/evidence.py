"""How far colours are from anything that somebody has actually picked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors
from ffcolor.difference import prepare, squared_differences
from ffcolor.space import srgb_to_lab

Floats = NDArray[np.float32]

_REACH = 42.0  # CIEDE2000 at which the evidence of a pick has faded to 1/e
_MOST = 256  # picks looked at


def nearness(colors: Any, picks: Any) -> Floats:
    """How near each colour is to its nearest pick: 1 at a pick, fading smoothly with the difference to it.

    A taste learned from a few picks is surest beside them. What it says of a colour that resembles none of them is a
    guess, and among thousands of colours the search would find just the wrong guesses. The product of this and the
    learned probability is a weight for `diverse_palette` that keeps a palette within what was shown.

    >>> [f"{each:.2f}" for each in nearness(["red", "#fe0000", "orange", "blue"], ["red"])]
    ['1.00', '1.00', '0.52', '0.20']

    Args:
        colors: n colours in any way that `read_colors` takes.
        picks: liked colours, in the same ways; of more than 256, as many are taken evenly from their order.

    Returns:
        float32 (n,) in (0, 1].

    Raises:
        FfcolorError: as `read_colors`.
    """
    liked = read_colors(picks)
    if len(liked) > _MOST:
        liked = liked[np.linspace(0, len(liked) - 1, _MOST).round().astype(np.int64)]
    liked_lab, lab = prepare(srgb_to_lab(liked)), prepare(srgb_to_lab(read_colors(colors)))
    return np.asarray(np.exp(squared_differences(liked_lab, lab).min(axis=0) / np.float32(-(_REACH**2))))
