"""A lookup table over the whole gamut: probabilities of millions of colours a second, for images.

The table holds a learned probability at 33 x 33 x 33 evenly spaced colours; between them it interpolates along all
three channels. What that costs in exactness is measured by the benchmarks.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ffcolor.taste import features

Floats = NDArray[np.float32]

SIDE = 33
_CHUNK = 65_536  # colours at a time: their intermediate arrays stay in the cache


@cache
def grid() -> Floats:
    """The colours at the table's nodes, red slowest: float32 (35937, 3), read-only."""
    axis = np.linspace(0, 1, SIDE, dtype=np.float32)
    colors = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    colors.flags.writeable = False
    return colors


@cache
def grid_code() -> Floats:
    """The encoding of `grid`, kept because every model asks for it: float32 (35937, 379), 54 MB, read-only."""
    code = features.encode(grid())
    code.flags.writeable = False
    return code


class Table:
    """Values at the nodes of `grid`, interpolated for any colour.

    Args:
        values: float32 (35937,).
    """

    def __init__(self, values: Floats):
        import torch

        self.values = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    def __call__(self, colors: Floats, threads: int = 1) -> Floats:
        """The interpolated values of colours.

        Args:
            colors: float32 (n, 3), sRGB in [0, 1].
            threads: how many threads share the work; the result does not depend on it.

        Returns:
            float32 (n,).
        """
        import torch

        out = np.empty(len(colors), dtype=np.float32)
        colors = np.require(colors, np.float32, ["C", "W"])  # writable, or torch warns
        source, target = torch.from_numpy(colors), torch.from_numpy(out)

        def work(start: int) -> None:
            self._look_up(source[start : start + _CHUNK], target[start : start + _CHUNK])

        starts = range(0, len(colors), _CHUNK)
        _each(work, starts, threads)
        return out

    def _look_up(self, colors, out) -> None:  # type: ignore[no-untyped-def]
        """Trilinear interpolation: along blue, then green, then red."""
        import torch

        at = (colors.t() * (SIDE - 1)).contiguous()  # (3, n)
        cell = at.to(torch.int32).clamp_(0, SIDE - 2)
        red, green, blue = at.sub_(cell)
        corner = (cell[0] * SIDE + cell[1]) * SIDE + cell[2]
        edges = []
        for offset in (0, SIDE, SIDE * SIDE, SIDE * SIDE + SIDE):
            low, high = (self.values[offset + step :].index_select(0, corner) for step in (0, 1))
            edges.append(torch.lerp(low, high, blue))
        faces = torch.lerp(edges[0], edges[1], green), torch.lerp(edges[2], edges[3], green)
        torch.lerp(*faces, red, out=out)


def _each(work: Callable[[int], None], items: range, threads: int) -> None:
    """Do all of the work, on several threads of which each lets torch use one only (more would wait for each other)."""
    if threads <= 1 or len(items) < 2:
        for item in items:
            work(item)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, items):
            pass
