"""Finer tables for the colours among which a taste can turn within a few steps of 8-bit colour: greys and near-blacks.

A hue turns about at every grey, and saturation at black: a coarse table over the gamut is wrong there. One finer table
lies along the grey axis, by green and by how far red and blue are from it; another one fills a small cube at black.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.taste.trilinear import Room, Trilinear

Floats = NDArray[np.float32]

_REACH = 40  # 8-bit steps between the channels of a near-grey
_DARK = 32  # 8-bit steps of the brightest channel of a near-black
_GREY_NODES, _DARK_NODES = (128, 41, 41), (33, 33, 33)


@functools.cache
def cells(side: int) -> NDArray[np.bool_]:
    """Which cells of a table of side x side x side nodes, by their first node, lie wholly in a finer table."""
    step = 255 / (side - 1)
    low = np.stack(np.meshgrid(*[np.arange(side) * step] * 3, indexing="ij"))
    spread = low.max(axis=0) - low.min(axis=0) + step  # the most that channels differ by in a cell
    return np.asarray((spread <= _REACH + 1e-6) | (low.max(axis=0) + step <= _DARK + 1e-6))


class Fine:
    """Values near the greys and near black, interpolated; each table is made when it is first needed.

    Args:
        exact: gives the exact values (n,) of colours float32 (n, 3), sRGB in [0, 1].
    """

    def __init__(self, exact: Callable[[Floats], Floats]):
        self._exact = exact
        self._tables: dict[bool, Trilinear] = {}

    def fill(self, colors: NDArray[Any], out: Floats, room: Room) -> None:
        """Give their values to those colours (n, 3), of `cells`, whose value (n,) is NaN."""
        found = np.flatnonzero(np.isnan(out))
        for start in range(0, len(found), room.most):
            where = found[start : start + room.most]
            channels = np.take(colors, where, axis=0).T.astype(np.float32, order="C")
            if colors.dtype != np.uint8:
                channels *= 255
            values = np.empty(len(where), dtype=np.float32)
            self._table(black=False)(_beside_grey(channels), values, room)  # the darkest lie in both tables
            dark = np.flatnonzero(functools.reduce(np.maximum, channels) <= _DARK)
            if len(dark):
                at, darkest = np.take(channels, dark, axis=1), np.empty(len(dark), dtype=np.float32)
                at *= np.float32((_DARK_NODES[0] - 1) / _DARK)
                self._table(black=True)(at, darkest, room)
                values[dark] = darkest
            out[where] = values

    def _table(self, black: bool) -> Trilinear:
        if black not in self._tables:
            nodes = _DARK_NODES if black else _GREY_NODES
            at = np.stack(np.meshgrid(*(np.linspace(0, 1, count) for count in nodes), indexing="ij"), axis=-1)
            if black:
                colors = at * _DARK
            else:
                green, off = at[..., :1] * 255, (at[..., 1:] * 2 - 1) * _REACH
                colors = np.concatenate([green + off[..., :1], green, green + off[..., 1:]], axis=-1)
            rgb = np.asarray(np.clip(colors, 0, 255) / 255, dtype=np.float32).reshape(-1, 3)
            self._tables[black] = Trilinear(self._exact(rgb).reshape(nodes))
        return self._tables[black]


def _beside_grey(channels: Floats) -> Floats:
    """Where 8-bit colours (3, n) lie in the table of greys, counted in its nodes, (3, n)."""
    red, green, blue = channels
    at = np.stack([green, red - green, blue - green])
    at[0] *= np.float32((_GREY_NODES[0] - 1) / 255)
    at[1:] += np.float32(_REACH)
    at[1:] *= np.float32((_GREY_NODES[1] - 1) / (2 * _REACH))
    return at
