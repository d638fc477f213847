"""The pieces of `FF_NCA`: what a cell sees, a layer with its own Adam, and the way of a gradient through a norm."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import conv2d, linear

from ffcolor.rules.cells.pictures import CHANNELS
from ffcolor.rules.parts.optimizer import adam, step


class Layer:
    """Weights, bias and their Adam: z = W x + b, for rows of x."""

    def __init__(self, units: int, inputs: int, gain: float, generator: torch.Generator):
        self.weight = torch.randn(units, inputs, generator=generator) * (gain / inputs**0.5)
        self.bias = torch.randn(units, generator=generator) * (0.2 * gain)
        self.optimizer = adam([self.weight, self.bias], learning_rate=0.0)  # each step brings its rate

    def __call__(self, x: Tensor) -> Tensor:
        """Of rows (…, inputs): (…, units)."""
        return linear(x, self.weight, self.bias)

    def learn(self, dz: Tensor, x: Tensor, rate: float) -> None:
        """A step of Adam, down the gradient of a loss whose derivative by z is dz, (m, units), for rows x."""
        step(self.optimizer, [dz.T @ x, dz.sum(0)], rate)

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of the layer's state, but for its optimiser's."""
        return {"weight": self.weight, "bias": self.bias}


def through_norm(by_below: Tensor, h: Tensor, below: Tensor) -> Tensor:
    """A loss's derivative by z, from that by n(h), where h = relu(z) and n scales rows to root mean square 1."""
    size = h.square().mean(1, keepdim=True).sqrt() + 1e-8
    return (by_below - below * (by_below * below).mean(1, keepdim=True)) / size * (h > 0)


def sight(state: Tensor) -> Tensor:
    """What each cell sees, its own numbers and their slopes by Sobel filters: (n, 16, h, w) to (n, 48, h, w)."""
    return conv2d(state, _FILTERS, padding=1, groups=CHANNELS)


def _filters() -> Tensor:
    across = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
    own = torch.zeros(3, 3)
    own[1, 1] = 1
    return torch.stack([own, across, across.T]).repeat(CHANNELS, 1, 1)[:, None]


_FILTERS = _filters()
