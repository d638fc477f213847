"""Sequences out of still images: digits that move about, and digits written with a pen.

    frames = moving_digits(images, frames=20)      # (n, 20, 64 * 64): each digit flies straight on and bounces
    pen = strokes(images, steps=60)                # (n, 60, 4): dx, dy, end of stroke, end of digit

`strokes` thins each image to lines one pixel wide and follows them as a pen would: from a free end straight on, and
again for what is left. Nothing is drawn at random but speeds, which follow from the seed.

Source: thinning: Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", CACM 27(3), 1984. Moving
digits after Srivastava et al. 2015, arXiv 1502.04681; the four columns as in de Jong's MNIST stroke sequences (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.data.augment import as_images
from ffcolor.settings import Number, Whole, check

_AROUND = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]  # clockwise from north
Point = tuple[int, int]


def moving_digits(images: Any, *, frames: int = 20, canvas: int = 64, speed: int = 5, seed: int = 0) -> Tensor:
    """Images that move over a dark canvas, straight on, and bounce off its sides.

    Args:
        images: (n, height, width), or square ones flat (n, pixels).
        frames: how many of each.
        canvas: height and width of a frame; images start in its middle.
        speed: pixels a frame, at most, along either axis; whole numbers of either sign, drawn evenly.
        seed: of the speeds.

    Returns:
        float32 (n, frames, canvas * canvas).

    Raises:
        FfcolorError: `code` is ``"shape"``, or ``"invalid-setting"``: the canvas is smaller than an image.
    """
    still = _still(images)
    n, *size = still.shape
    limits = {"frames": Whole(1), "canvas": Whole(max(size)), "speed": Whole(0), "seed": Whole()}
    check(limits, frames=frames, canvas=canvas, speed=speed, seed=seed)
    room = torch.tensor([canvas - side for side in size])
    generator = torch.Generator().manual_seed(seed)
    velocity = torch.randint(-speed, speed + 1, (n, 1, 2), generator=generator)
    way = room // 2 + velocity * torch.arange(frames)[:, None]  # (n, frames, 2)
    place = room - (room - way % (2 * room).clamp_min(1)).abs()
    rows, columns = (place[:, :, axis, None] + torch.arange(size[axis]) for axis in (0, 1))
    found = torch.zeros(n, frames, canvas, canvas)
    which, when = torch.arange(n)[:, None, None, None], torch.arange(frames)[:, None, None]
    found[which, when, rows[:, :, :, None], columns[:, :, None, :]] = still[:, None].expand(-1, frames, -1, -1)
    return found.flatten(2)


def strokes(images: Any, *, steps: int = 60, level: float = 0.5) -> Tensor:
    """Images as a pen would write them: its moves from pixel to pixel, begun again when they end.

    Args:
        images: (n, height, width), or square ones flat (n, pixels), from 0 to 1.
        steps: length of each sequence; a shorter one is repeated, a longer one cut.
        level: brightness from which a pixel counts as ink.

    Returns:
        float32 (n, steps, 4): dx and dy of the pen in pixels (the first from the image's middle), then 1 or 0: whether
        the point ends a stroke, whether it ends the digit. An image without ink is the one row (0, 0, 1, 1).

    Raises:
        FfcolorError: `code` is ``"shape"`` or ``"invalid-setting"``.
    """
    still = _still(images)
    ink = thin(still.numpy() >= Number(0, 1).check("level", level))
    found = [_moves(trace(lines)) for lines in ink]
    count = Whole(1).check("steps", steps)
    return torch.tensor(np.stack([np.resize(moves, (count, 4)) for moves in found]))


def thin(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Images of ink (n, height, width) thinned to lines one pixel wide, connected as before.

    In two turns a pass, all pixels go at once that are on an edge (south-east, then north-west), of 2 to 6 neighbours
    with ink, and where the ring of neighbours turns from none to ink but once; until none goes.
    """
    lines = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    height, width = ink.shape[1:]
    while True:
        before = lines.copy()
        for turn in (0, 1):
            ring = [lines[:, 1 + y : 1 + y + height, 1 + x : 1 + x + width] for y, x in _AROUND]
            north, east, south, west = ring[::2]
            count = np.sum(ring, axis=0)
            turns = np.sum([~one & two for one, two in zip(ring, ring[1:] + ring[:1], strict=True)], axis=0)
            edge = (north & east & south) | (east & south & west)
            if turn:
                edge = (north & east & west) | (north & south & west)
            inner = lines[:, 1:-1, 1:-1]
            lines[:, 1:-1, 1:-1] = inner & ~((count >= 2) & (count <= 6) & (turns == 1) & ~edge)
        if (lines == before).all():
            return lines[:, 1:-1, 1:-1]


def trace(lines: NDArray[np.bool_]) -> list[list[Point]]:
    """The strokes of one image of thin lines (height, width): points (y, x) from the image's middle, in pen order.

    A stroke starts where the fewest lines go on, topmost first, and takes at each point the neighbour that is most
    straight on. Points that are left over alone are dropped, if there are others.
    """
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(lines), strict=True)}
    middle = lines.shape[0] // 2, lines.shape[1] // 2
    found: list[list[Point]] = []
    while left:
        point = min(left, key=lambda at: (len(_next(at, left)), at))
        stroke, ahead = [point], (0, 0)
        left.remove(point)
        while options := _next(point, left):
            onward = max(options, key=lambda at: _straight(point, at, ahead))
            ahead = onward[0] - stroke[max(0, len(stroke) - 3)][0], onward[1] - stroke[max(0, len(stroke) - 3)][1]
            stroke.append(onward)
            left.remove(onward)
            point = onward
        found.append(stroke)
    long = [stroke for stroke in found if len(stroke) > 1] or found[:1]
    return [[(y - middle[0], x - middle[1]) for y, x in stroke] for stroke in long]


def _next(point: Point, left: set[Point]) -> list[Point]:
    return [at for y, x in _AROUND if (at := (point[0] + y, point[1] + x)) in left]


def _straight(point: Point, at: Point, ahead: Point) -> tuple[float, bool, Point]:
    """How well a step goes on in a direction, by the cosine; then sides before corners, then the topmost."""
    dy, dx = at[0] - point[0], at[1] - point[1]
    length = (dy * dy + dx * dx) ** 0.5 * ((ahead[0] ** 2 + ahead[1] ** 2) ** 0.5 or 1.0)
    return round((dy * ahead[0] + dx * ahead[1]) / length, 6), dy * dx == 0, (-at[0], -at[1])


def _moves(written: list[list[Point]]) -> NDArray[np.float32]:
    """Rows of dx, dy, end of stroke, end of digit."""
    if not written:
        return np.array([[0, 0, 1, 1]], dtype=np.float32)
    points = np.array([point for stroke in written for point in stroke], dtype=np.float32)
    moves = np.zeros((len(points), 4), dtype=np.float32)
    moves[:, :2] = np.diff(points, axis=0, prepend=np.float32(0))[:, ::-1]
    moves[np.cumsum([len(stroke) for stroke in written]) - 1, 2] = 1
    moves[-1, 3] = 1
    return moves


def _still(images: Any) -> Tensor:
    """Images (n, height, width), float32."""
    given = torch.as_tensor(images, dtype=torch.float32)
    if given.ndim not in (2, 3) or not given.numel():
        message = f"the images are of shape {tuple(given.shape)}; they must be (n, height, width), or flat squares"
        raise FfcolorError(message, code="shape", value=tuple(given.shape))
    return as_images(given)[:, 0]
