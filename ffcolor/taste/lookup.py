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

from ffcolor.taste.fine import Fine, kinds_of_cells

Floats = NDArray[np.float32]

SIDE = 33
_CHUNK = (
    65_536  # colours looked up at a time: the cache holds what is in between, and threads seldom meet at Python's lock
)
_SHARE = 2 * _CHUNK  # colours that a thread takes at a time
_CORNERS = [(red * SIDE + green) * SIDE + blue for red in (0, 1) for green in (0, 1) for blue in (0, 1)]


@cache
def grid() -> Floats:
    """The colours at the table's nodes, red slowest: float32 (35937, 3), read-only."""
    axis = np.linspace(0, 1, SIDE, dtype=np.float32)
    colors = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    colors.flags.writeable = False
    return colors


@cache
def _kinds() -> NDArray[np.uint8]:
    """Which of the finer tables the cells of the grid lie in."""
    return kinds_of_cells(SIDE)


class Lookup:
    """Values at the nodes of `grid`, interpolated for any colour.

    Args:
        values: float32 (35937,).
        exact: gives the exact values (n,) of colours (n, 3): near the greys and black, finer tables are made of them.
    """

    def __init__(self, values: Floats, exact: Callable[[Floats], Floats] | None = None):
        self.values = np.ascontiguousarray(values, dtype=np.float32)
        self._fine = None if exact is None else Fine(exact)

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
        """Trilinear interpolation of (n, 3) into (n,): along blue, then green, then red."""
        most = min(len(colors), _CHUNK)
        places, cells = np.empty((3, most), dtype=np.float32), np.empty((3, most), dtype=np.int32)
        corners, values = np.empty(most, dtype=np.intp), np.empty((8, most), dtype=np.float32)
        for start in range(0, len(colors), _CHUNK):
            part, target = colors[start : start + _CHUNK], out[start : start + _CHUNK]
            n = len(part)
            at, cell, corner, value = places[:, :n], cells[:, :n], corners[:n], values[:, :n]
            if part.dtype == np.uint8:
                np.divide(part.T, np.float32(255), out=at)
                at *= np.float32(SIDE - 1)  # (3, n)
            else:
                np.multiply(part.T, np.float32(SIDE - 1), out=at)
            np.copyto(cell, at, casting="unsafe")
            np.minimum(cell, SIDE - 2, out=cell)
            np.subtract(at, cell, out=at, casting="unsafe")  # now the place within its cell, in [0, 1]
            first = cell[0]
            for channel in cell[1:]:
                first *= SIDE
                first += channel
            np.copyto(corner, first)
            for step, row in zip(_CORNERS, value, strict=True):  # no index is out of range: "clip" spares a check
                np.take(self.values[step:], corner, out=row, mode="clip")
            for share in at[::-1]:  # 8, then 4, then 2 values of a colour become half as many
                low, value = value[0::2], value[1::2]
                value -= low
                value *= share
                value += low
            target[:] = value[0]
            if self._fine is not None:
                kinds = np.take(_kinds(), corner, mode="clip")
                if kinds.any():
                    self._fine.correct(part, kinds, target)
