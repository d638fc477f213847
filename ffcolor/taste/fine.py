"""Finer tables for the colours among which a taste can turn within a few steps of 8-bit colour: greys and near-blacks.

A hue turns about at every grey, and saturation at black: a coarse table over the gamut is wrong there. One finer table
lies along the grey axis, by green and by how far red and blue are from it; another one fills a small cube at black.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_REACH = 40  # 8-bit steps between the channels of a near-grey
_DARK = 32  # 8-bit steps of the brightest channel of a near-black
_GREYS, _BLACKS = 1, 2
_GREY_NODES, _DARK_NODES = (128, 41, 41), (33, 33, 33)


def kinds_of_cells(side: int) -> NDArray[np.uint8]:
    """For each cell of a table of side x side x side nodes, by its first node: which finer table it lies in, or 0."""
    step = 255 / (side - 1)
    low = np.stack(np.meshgrid(*[np.arange(side) * step] * 3, indexing="ij"))
    spread = low.max(axis=0) - low.min(axis=0) + step  # the most that channels differ by in a cell
    kinds = np.where(spread <= _REACH + 1e-6, _GREYS, 0)
    kinds[low.max(axis=0) + step <= _DARK + 1e-6] = _BLACKS
    return kinds.astype(np.uint8).reshape(-1)


class Fine:
    """Values near the greys and near black, interpolated; each table is made when it is first needed.

    Args:
        exact: gives the exact values (n,) of colours float32 (n, 3), sRGB in [0, 1].
    """

    def __init__(self, exact: Callable[[Floats], Floats]):
        self._exact = exact
        self._tables: dict[bool, Floats] = {}

    def correct(self, colors: NDArray[Any], kinds: NDArray[np.uint8], out: Floats) -> None:
        """Replace the values (n,) of those colours (n, 3) whose cells are of a kind that has a finer table."""
        found = np.flatnonzero(kinds != 0)
        black = kinds[found] == _BLACKS
        for kind, where in ((_GREYS, found[~black]), (_BLACKS, found[black])):
            if len(where):
                channels = np.take(colors, where, axis=0).T.astype(np.float32)
                if colors.dtype != np.uint8:
                    channels *= 255
                out[where] = _interpolated(self._table(kind == _BLACKS), _place(channels, kind == _BLACKS))

    def _table(self, black: bool) -> Floats:
        if black not in self._tables:
            nodes = _DARK_NODES if black else _GREY_NODES
            at = np.stack(np.meshgrid(*(np.linspace(0, 1, count) for count in nodes), indexing="ij"), axis=-1)
            if black:
                colors = at * _DARK
            else:
                green, off = at[..., :1] * 255, (at[..., 1:] * 2 - 1) * _REACH
                colors = np.concatenate([green + off[..., :1], green, green + off[..., 1:]], axis=-1)
            rgb = np.asarray(np.clip(colors, 0, 255) / 255, dtype=np.float32).reshape(-1, 3)
            self._tables[black] = self._exact(rgb).reshape(nodes)
        return self._tables[black]


def _place(channels: Floats, black: bool) -> Floats:
    """Where colours (3, n) lie in a table, counted in its nodes, (3, n)."""
    if black:
        return channels * np.float32((_DARK_NODES[0] - 1) / _DARK)
    at = np.stack([channels[1], channels[0] - channels[1], channels[2] - channels[1]])
    at[0] *= np.float32((_GREY_NODES[0] - 1) / 255)
    at[1:] += np.float32(_REACH)
    at[1:] *= np.float32((_GREY_NODES[1] - 1) / (2 * _REACH))
    return at


def _interpolated(table: Floats, at: NDArray[Any]) -> Floats:
    """Trilinear interpolation in a table at places (3, n) counted in nodes: (n,)."""
    _, height, depth = table.shape
    cell = at.astype(np.intp)
    np.minimum(cell, np.array(table.shape)[:, None] - 2, out=cell)
    share = at - cell.astype(np.float32)
    first = (cell[0] * height + cell[1]) * depth + cell[2]
    flat, value = table.reshape(-1), np.empty((8, len(first)), dtype=np.float32)
    places = [(i * height + j) * depth + k for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    for place, row in zip(places, value, strict=True):  # no index is out of range: "clip" spares a check
        np.take(flat[place:], first, out=row, mode="clip")
    for one in share[::-1]:
        low, value = value[0::2], value[1::2]
        value -= low
        value *= one
        value += low
    return np.asarray(value[0])
