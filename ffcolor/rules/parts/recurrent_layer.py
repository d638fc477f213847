"""A layer that looks down, up and at itself: its three maps, its drive, and the gradients that it learns by.

    u = F p - B q + L s(h),    h <- (1 - d) h + d leaky_relu(u),    s(h) = h / sqrt(mean h^2)

Source: Hinton 2022, arXiv 2212.13345, section 4; see `ffcolor.rules.recurrent`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

SLOPE = 0.01  # of the leaky relu below zero
EPS = 1e-8


class Look(NamedTuple):
    """What a layer looks at: below (k or 1, n, units), above (k, n, units or classes) and itself (k, n, units)."""

    below: Tensor
    above: Tensor
    own: Tensor


class RecurrentLayer:
    """The three maps into one layer.

    Args:
        inputs: units below.
        units: units of the layer.
        above: units above, or classes.
        last: whether the label stands above.
        generator: draws the weights.
    """

    def __init__(self, inputs: int, units: int, above: int, *, last: bool, generator: torch.Generator):
        device = generator.device
        bound = math.sqrt(6 / inputs)
        self.forward = (torch.rand(units, inputs, generator=generator, device=device) * 2 - 1) * bound
        if last:
            self.backward = torch.randn(units, above, generator=generator, device=device) * (3 * math.sqrt(2 / above))
        else:
            self.backward = (torch.rand(units, above, generator=generator, device=device) * 2 - 1) * 0.05
        square, signs = torch.linalg.qr(torch.randn(units, units, generator=generator, device=device))
        self.lateral = square * signs.diagonal().sign() * math.sqrt(2)

    def tensors(self) -> dict[str, Tensor]:
        """The live weights by name."""
        return {"forward": self.forward, "backward": self.backward, "lateral": self.lateral}

    def drive(self, look: Look) -> Tensor:
        """What the layer is driven by: (k, n, units). An image that all streams share is multiplied once."""
        below = look.below.flatten(0, 1) @ self.forward.T
        u: Tensor = look.own.flatten(0, 1) @ self.lateral.T
        u.addmm_(look.above.flatten(0, 1), self.backward.T, alpha=-1)
        return u.view(look.own.shape).add_(below.view(*look.below.shape[:2], -1))

    def teach(self, slope: Tensor, look: Look) -> None:
        """Leave with the weights the gradients that follow from the loss's derivative by the drive (k, n, units)."""
        rows = slope.flatten(0, 1)
        shared = slope.sum(0) if len(look.below) == 1 else rows
        self.forward.grad = shared.T @ look.below.flatten(0, 1)
        self.backward.grad = (rows.T @ look.above.flatten(0, 1)).neg_()
        self.lateral.grad = rows.T @ look.own.flatten(0, 1)


def rms(h: Tensor) -> Tensor:
    """States (..., units) scaled to root mean square 1: h / sqrt(mean h^2 + 1e-8)."""
    scaled: Tensor = h * (torch.linalg.vecdot(h, h) / h.shape[-1] + EPS).rsqrt()[..., None]
    return scaled


def leaky(u: Tensor) -> Tensor:
    """The leaky relu of drives."""
    return torch.maximum(u, SLOPE * u)
