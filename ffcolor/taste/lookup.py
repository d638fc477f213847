"""A lookup table over the whole gamut: probabilities of millions of colours a second, for images.

The table holds a learned probability at 33 x 33 x 33 evenly spaced colours; between them it interpolates along all
three channels. Near the greys and black, where a taste can turn within a few steps, it does so in finer tables: see
`ffcolor.taste.fine`. What that costs in exactness is measured by the benchmarks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.taste.fine import Fine, cells
from ffcolor.taste.trilinear import Room, Trilinear

Floats = NDArray[np.float32]

SIDE = 33
_CHUNK = 100_000  # colours at a time: few enough for the cache, many enough for threads to leave one another alone
_SHARE = 4 * _CHUNK  # colours that a thread takes at a time


@cache
def grid() -> Floats:
    """The colours at the table's nodes, red slowest: float32 (35937, 3), read-only."""
    axis = np.linspace(0, 1, SIDE, dtype=np.float32)
    colors = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    colors.flags.writeable = False
    return colors


class Lookup:
    """Values at the nodes of `grid`, interpolated for any colour.

    Args:
        values: float32 (35937,).
        exact: gives the exact values (n,) of colours (n, 3): near the greys and black, finer tables are made of them.
    """

    def __init__(self, values: Floats, exact: Callable[[Floats], Floats] | None = None):
        self.values = np.ascontiguousarray(values, dtype=np.float32)
        self._fine = None if exact is None else Fine(exact)
        holes = None if exact is None else cells(SIDE)  # what lies in them is NaN here, and left to the finer tables
        self._whole = Trilinear(self.values.reshape(SIDE, SIDE, SIDE), holes)

    def __call__(self, colors: NDArray[Any], threads: int = 1) -> Floats:
        """The interpolated values of colours.

        Args:
            colors: (n, 3), sRGB: float32 in [0, 1] or uint8 in 0..255, which are never turned into floats all at once.
            threads: how many threads share the work; the result does not depend on it.

        Returns:
            float32 (n,).
        """
        out = np.empty(len(colors), dtype=np.float32)
        starts = range(0, len(colors), _SHARE)

        def work(start: int) -> None:
            self._look_up(colors[start : start + _SHARE], out[start : start + _SHARE])

        if threads <= 1 or len(starts) < 2:
            for start in starts:
                work(start)
        else:
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(threads) as pool:
                for _ in pool.map(work, starts):
                    pass
        return out

    def _look_up(self, colors: NDArray[Any], out: Floats) -> None:
        """Interpolate in the gamut's table, (n, 3) into (n,), then in the finer ones what that leaves open."""
        room = Room(min(len(colors), _CHUNK))
        for start in range(0, len(colors), _CHUNK):
            part, target = colors[start : start + _CHUNK], out[start : start + _CHUNK]
            at = room.places[:, : len(part)]
            if part.dtype == np.uint8:
                np.divide(part.T, np.float32(255), out=at)
                at *= np.float32(SIDE - 1)
            else:
                np.multiply(part.T, np.float32(SIDE - 1), out=at)
            self._whole(at, target, room)
        if self._fine is not None:
            self._fine.fill(colors, out, room)
