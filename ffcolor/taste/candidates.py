"""What a palette of a learned taste is made from: liked colours, weighted by how certain the liking is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors
from ffcolor.color.difference import prepare, squared_differences
from ffcolor.color.space import srgb_to_lab
from ffcolor.taste.lookup import Lookup, grid
from ffcolor.taste.picks import Picks

Floats = NDArray[np.float32]

_REACH = 42.0  # CIEDE2000 at which the evidence of a pick has faded to 1/e
_MOST = 256  # picks looked at
_ENOUGH = 4  # liked nodes of the table, for each colour wanted
_FINE = np.stack(np.meshgrid(*[np.arange(-4, 5, 2)] * 3), axis=-1).reshape(-1, 3)  # steps around a node, in bytes


def gather(n: int, lookup: Lookup, probability: Callable[[Floats], Floats], liked: Picks) -> tuple[Floats, Floats]:
    """Gather candidates for a palette of n colours.

    They are the liked nodes of the table. If these are too few to choose from, the taste is a narrow one: then all
    8-bit colours of a finer grid around the best nodes and the picks are scored, and at worst the n best are taken.

    Args:
        n: how many colours are wanted.
        lookup: learned probabilities over the gamut.
        probability: gives the exact probabilities (m,) of colours (m, 3).
        liked: the colours that were picked.

    Returns:
        Colours, float32 (m, 3), exact in 8 bits; and their weights, float32 (m,): probability times `nearness`.
    """
    values = lookup.values
    good = np.flatnonzero(values >= 0.5)
    if len(good) >= _ENOUGH * n:
        colors = np.round(grid()[good] * 255).astype(np.float32) / np.float32(255)
        return colors, values[good] * nearness(colors, liked.colors)
    best = np.argsort(-values, kind="stable")[: max(len(good), 8)]
    around = np.round(np.concatenate([grid()[best], liked.thinned(_MOST).colors]) * 255)
    codes = np.unique(np.clip(around[:, None] + _FINE, 0, 255).reshape(-1, 3), axis=0)
    colors = codes.astype(np.float32) / np.float32(255)
    values = probability(colors)
    least = min(0.5, float(np.sort(values)[-min(n, len(values))]))
    colors, values = colors[values >= least], values[values >= least]
    return colors, values * nearness(colors, liked.colors)


def nearness(colors: Any, picks: Any) -> Floats:
    """How near each colour is to its nearest pick: 1 at a pick, fading smoothly with the difference from it.

    A taste learned from a few picks is most certain near them. What it says of a colour that resembles none of them
    is a guess, and among thousands of colours a search would find just the wrong guesses. Nearness times the learned
    probability is a weight for `diverse_palette` that keeps a palette within what was shown.

    >>> [f"{each:.2f}" for each in nearness(["red", "#fe0000", "orange", "blue"], ["red"])]
    ['1.00', '1.00', '0.52', '0.20']

    Args:
        colors: n colours, anything `read_colors` takes.
        picks: liked colours, likewise; of more than 256, an even sample of 256 is used.

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
