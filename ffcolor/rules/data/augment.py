"""Making a batch's images anew: small shifts, turns and stretches, for `fit(augment=…)`. Each image gets its own.

rule.fit(x, y, augment=shifts(2))
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.protocol import Augment
from ffcolor.settings import Number, Whole, check

_AFFINE = {"turn_deg": Number(0, 180), "scale": Number(0, 0.9), "shear": Number(0), "pixels": Number(0)}


def shifts(pixels: int = 2) -> Augment:
    """An augmentation that shifts each image by up to so many pixels either way, zeros moving in.

    It takes images (n, height, width), (n, channels, height, width), or square ones flat (n, pixels).
    """
    Whole(0).check("pixels", pixels)

    def shift(x: Tensor, generator: torch.Generator) -> Tensor:
        images = as_images(x)
        n, _, height, width = images.shape
        around = functional.pad(images, (pixels,) * 4)
        offsets = torch.randint(2 * pixels + 1, (2, n), generator=generator, device=x.device)
        rows = offsets[0][:, None] + torch.arange(height, device=x.device)  # (n, height)
        columns = offsets[1][:, None] + torch.arange(width, device=x.device)  # (n, width)
        which = torch.arange(n, device=x.device)[:, None, None]
        moved = around.permute(0, 2, 3, 1)[which, rows[:, :, None], columns[:, None, :]]  # (n, height, width, channels)
        return moved.permute(0, 3, 1, 2).reshape(x.shape)

    return shift


def affine(turn_deg: float = 10.0, scale: float = 0.1, shear: float = 0.1, pixels: float = 2.0) -> Augment:
    """An augmentation that turns, scales, shears and shifts each image a little, by linear interpolation.

    Args:
        turn_deg: largest turn either way, degrees.
        scale: largest change of size either way, as a share.
        shear: largest shear either way, as a share of the height.
        pixels: largest shift either way.

    It takes what `shifts` takes.
    """
    given = check(_AFFINE, turn_deg=turn_deg, scale=scale, shear=shear, pixels=pixels)
    bounds = [math.radians(given["turn_deg"]), given["scale"], given["shear"], given["pixels"], given["pixels"]]

    def warp(x: Tensor, generator: torch.Generator) -> Tensor:
        images = as_images(x)
        n, _, height, width = images.shape
        limits = torch.tensor(bounds, device=x.device)[:, None]
        turn, size, lean, dx, dy = (torch.rand((5, n), generator=generator, device=x.device) * 2 - 1) * limits
        cos, sin = turn.cos() * (1 + size), turn.sin() * (1 + size)
        rows = [cos, lean - sin, dx * 2 / width, sin, cos, dy * 2 / height]
        grid = functional.affine_grid(torch.stack(rows, 1).view(n, 2, 3), list(images.shape), align_corners=False)
        return functional.grid_sample(images, grid, align_corners=False).reshape(x.shape)

    return warp


def as_images(x: Tensor) -> Tensor:
    """Images as (n, channels, height, width): a channel is added where there are none; flat ones count as square."""
    if x.ndim == 4:
        return x
    if x.ndim == 3:
        return x[:, None]
    side = math.isqrt(x[0].numel())
    if side * side != x[0].numel():
        message = f"inputs of shape {tuple(x.shape)} are not images: give (n, height, width) or flat squares"
        raise FfcolorError(message, code="shape", value=tuple(x.shape))
    return x.view(len(x), 1, side, side)
