"""What the cells of `FF_NCA` are told: a picture in a palette's colours, a code of place, states to start from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from ffcolor.color import read_colors
from ffcolor.errors import FfcolorError
from ffcolor.palette.repaint import recolor

CHANNELS = 16
EMPTY = -1
"""In a picture of places in a palette: no cell."""
ALIVE = 0.5
_WAVES = (2.0, 0.9, 0.4)  # lengths of the code of place, in sides of the picture
_LARGEST = 256
DOT = ((EMPTY, 0, EMPTY), (0, 1, 0), (EMPTY, 0, EMPTY))
"""A picture for a start: a cell of the second colour among four of the first."""
DOT_COLORS = ("#264653", "#e9c46a")


def read_picture(picture: Any, palette: Any) -> tuple[Tensor, Tensor]:
    """A picture in the colours of a palette.

    Args:
        picture: an image with alpha as `ffcolor.recolor` takes it (a file, a Pillow image, an array (h, w, 4)), where
            pixels of less than half alpha are empty; or whole numbers (h, w): places in the palette, or `EMPTY`.
        palette: a `Palette`, or k colours in any way that `read_colors` takes.

    Returns:
        The place of each pixel's colour in the palette, or `EMPTY`, int64 (h, w); and the palette, float32 (k, 3).

    Raises:
        FfcolorError: `code` is ``"shape"``, ``"invalid-setting"`` or ``"no-data"``; or as `recolor` and `read_colors`.
    """
    colors = torch.from_numpy(np.array(read_colors(palette), dtype=np.float32))
    if isinstance(picture, (list, tuple)):
        picture = _array(picture)
    if isinstance(picture, (np.ndarray, Tensor)) and picture.ndim == 2:
        places = _places(torch.as_tensor(picture), len(colors))
    else:
        painted = torch.from_numpy(recolor(picture, palette).astype(np.int64))
        exact = (colors * 255).round().long()
        away = (painted[..., None, :3] - exact).abs().sum(-1)
        places = away.argmin(-1)
        if painted.shape[2] == 4:
            places = places.masked_fill(painted[..., 3] < 128, EMPTY)
    height, width = places.shape
    if not 3 <= min(height, width) <= max(height, width) <= _LARGEST:
        message = f"the picture is {height} x {width}; it must be from 3 x 3 to {_LARGEST} x {_LARGEST}, a cell a pixel"
        raise FfcolorError(message, code="shape", value=(height, width))
    if bool((places == EMPTY).all()):
        raise FfcolorError("the picture is empty; give some of its pixels a colour", code="no-data")
    return places, colors


def _array(rows: Any) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(rows)
    except ValueError:
        raise FfcolorError("the rows of the picture are not all of one length", code="shape") from None


def _places(places: Tensor, colors: int) -> Tensor:
    if places.is_floating_point() or places.is_complex() or places.dtype == torch.bool:
        message = f"a picture (h, w) holds places in the palette, whole numbers; it holds {places.dtype}"
        raise FfcolorError(message, code="shape", value=str(places.dtype))
    places = places.long()
    wrong = (places < EMPTY) | (places >= colors)
    if bool(wrong.any()):
        row, column = wrong.nonzero()[0].tolist()
        value = int(places[row, column])
        message = f"the picture has {value} at row {row}, column {column}; it must be -1 to {colors - 1}"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return places


def aims(places: Tensor, colors: Tensor) -> Tensor:
    """What each cell should be: (16, h, w): red, green, blue, alpha (all 0 where there is no cell), and its place.

    The place is told by sine and cosine of three wave lengths along x and along y, also where the picture is empty, so
    that a cell which strays there knows that it should fade.
    """
    height, width = places.shape
    side = max(height, width)
    y, x = torch.meshgrid(torch.arange(height) / side, torch.arange(width) / side, indexing="ij")
    code = [wave(2 * math.pi * at / length) for length in _WAVES for at in (x, y) for wave in (torch.sin, torch.cos)]
    shown = torch.cat([colors[places.clamp(0)].movedim(-1, 0), torch.ones(1, height, width)]) * (places != EMPTY)
    return torch.cat([shown, torch.stack(code)])


def living(state: Tensor) -> Tensor:
    """Where a cell may be, alpha above 0.5 in it or next to it: grids (n, 16, h, w) to bool (n, 1, h, w)."""
    return max_pool2d(state[:, 3:4], 3, stride=1, padding=1) > ALIVE


def wounded(state: Tensor, generator: torch.Generator) -> Tensor:
    """A grid (16, h, w) with a round hole of random place and size, a seventh to a half of its longer side wide."""
    height, width = state.shape[1:]
    row, column, size = torch.rand(3, generator=generator).tolist()
    return cut(state, row * height, column * width, max(height, width) * (1 / 14 + size * (1 / 4 - 1 / 14)))


def cut(state: Tensor, row: float, column: float, radius: float) -> Tensor:
    """Grids (…, h, w) without the cells that are within a radius of a place, all in cells."""
    height, width = state.shape[-2:]
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return state * ((y - row) ** 2 + (x - column) ** 2 > radius**2)


def half_grown(
    aim: Tensor, seed: tuple[int, int], fire: float, pace: float, age: int, generator: torch.Generator
) -> Tensor:
    """A grid as cells that make no mistake would leave it `age` steps after the seed: (16, h, w)."""
    grown = torch.zeros(1, 1, *aim.shape[1:])
    grown[..., seed[0], seed[1]] = 1
    inside = aim[3] > 0
    for _ in range(age):
        may = max_pool2d(grown * inside, 3, stride=1, padding=1) > ALIVE
        fires = may & (torch.rand(grown.shape, generator=generator) < fire)
        grown = torch.where(fires, grown + pace * (1 - grown), grown)
    may = max_pool2d(grown * inside, 3, stride=1, padding=1) > ALIVE
    return aim * (grown * may)[0]
