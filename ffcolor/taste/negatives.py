"""Where negatives come from: colours spread over the whole gamut, and colours away from the liked ones."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.color.difference import difference_table
from ffcolor.splitmix import split, uniform

Floats = NDArray[np.float32]

JUST_NOTICEABLE = 2.3  # CIEDE2000; Mahy, Van Eycken, Oosterlinck (1994) for CIELAB, carried over
_PLASTIC = 1.2207440846057596  # the root of x^4 = x + 1


@cache
def spread(count: int) -> Floats:
    """Colours that cover the gamut evenly, the same ones always: float32 (count, 3), read-only.

    Source: Roberts, "The unreasonable effectiveness of quasirandom sequences" (2018): the R3 sequence.
    """
    steps = np.arange(1, count + 1)[:, None] * (1 / _PLASTIC ** np.arange(1, 4))
    colors = ((0.5 + steps) % 1).astype(np.float32)
    colors.flags.writeable = False
    return colors


def draw(count: int, liked: Floats, seed: int) -> Floats:
    """Draw negatives uniformly from the gamut, none of them within a just noticeable difference of a liked colour.

    Args:
        count: how many.
        liked: float32 (k, 3); of very many, an even sample of 512 is kept clear.
        seed: the stream they come from.

    Returns:
        float32 (count, 3). Fewer than `count` only if the liked colours leave no room.
    """
    kept = space.srgb_to_lab(liked[:: -(-len(liked) // 512)])
    found: list[Floats] = []
    for attempt in range(8):
        colors = uniform(split(seed, attempt), (count, 3)).astype(np.float32)
        near = difference_table(space.srgb_to_lab(colors), kept).min(axis=1) < JUST_NOTICEABLE
        found.append(colors[~near])
        if sum(map(len, found)) >= count:
            break
    return np.concatenate(found)[:count]
