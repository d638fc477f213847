"""Trilinear interpolation in a table of numbers, in a few passes over arrays that stay in the cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Room:
    """The arrays in which up to `most` colours are looked up: allocated once, used again and again."""

    def __init__(self, most: int):
        self.most = most
        self.places, self.cells = np.empty((2, 3, most), dtype=np.float32)
        self.corner = np.empty(most, dtype=np.intp)
        self.low, self.rise = np.empty((2, 4, most), dtype=np.float32)


class Trilinear:
    """Values at the nodes of a box, interpolated between them.

    Args:
        values: (a, b, c), at least two nodes along each.
        holes: cells bool (a, b, c), by their first node, in which every answer is NaN.
    """

    def __init__(self, values: Floats, holes: NDArray[np.bool_] | None = None):
        values = np.asarray(values, dtype=np.float32)
        rise = np.zeros_like(values)
        np.subtract(values[..., 1:], values[..., :-1], out=rise[..., :-1])
        first = values if holes is None else np.where(holes, np.float32(np.nan), values)
        _, self._height, self._depth = values.shape
        flat, slope = values.reshape(-1), rise.reshape(-1)
        steps = [(i * self._height + j) * self._depth for i in (0, 1) for j in (0, 1)]
        self._corners = [(first.reshape(-1), slope), *((flat[step:], slope[step:]) for step in steps[1:])]

    def __call__(self, at: Floats, out: Floats, room: Room) -> None:
        """Interpolate along the third axis, then the second, then the first.

        Args:
            at: places (3, n) counted in nodes, inside the box; on return, places within cells.
            out: the values, float32 (n,).
            room: for at least n.
        """
        n = at.shape[1]
        cell, corner, low, rise = room.cells[:, :n], room.corner[:n], room.low[:, :n], room.rise[:, :n]
        np.trunc(at, out=cell)
        at -= cell
        first = cell[0]  # floats count exactly up to 2**24
        for count, one in ((self._height, cell[1]), (self._depth, cell[2])):
            first *= np.float32(count)
            first += one
        np.copyto(corner, first, casting="unsafe")
        for (values, slopes), start, slope in zip(self._corners, low, rise, strict=True):
            np.take(values, corner, out=start, mode="clip")  # at the last nodes, what lies beyond has no weight
            np.take(slopes, corner, out=slope, mode="clip")
        rise *= at[2]
        low += rise
        for share in (at[1], at[0]):  # 4, then 2 values of a colour become half as many
            low, value = low[0::2], low[1::2]
            value -= low
            value *= share
            low += value
        out[:] = low[0]
