"""A learned generator of negatives: it mixes two inputs by a mask of its own, and learns to be taken for one.

A generator that may give anything soon gives its input back, and teaches nothing. This one may not: of all that tells
the two inputs apart, by square difference, half comes from the one and half from the other, exactly:

    m = sigmoid(V relu(U [x, x'] + b) + c),   share = sum m w / sum w,   w = (x - x')^2
    m <- m / (2 share)  if share > 1/2,   else  1 - (1 - m) / (2 - 2 share)
    negative = m x + (1 - m) x'

It steps down softplus(theta+ - g(negative)), the loss its negatives would have as positives, while the layer steps down
softplus(g(negative) - theta-). Hybrid images (Hinton 2022, section 3.2) are the same with a mask that never learns.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.rules.parts.contrast import Contrast, standard
from ffcolor.rules.parts.conv import dense
from ffcolor.rules.parts.optimizer import descend

_TINY = 1e-12


class Mixer(nn.Module):
    """The generator.

    Args:
        shape: size of an input.
        hidden: units between inputs and mask.
        generator: draws the weights.
    """

    def __init__(self, shape: tuple[int, ...], hidden: int, generator: torch.Generator):
        super().__init__()
        size = math.prod(shape)
        self.inner = dense(2 * size, hidden, generator)
        self.outer = dense(hidden, size, generator, gain=1.0)

    def mask(self, x: Tensor, other: Tensor) -> Tensor:
        """For each number, the share of it that comes from x: (n, …), 0 to 1; half by square difference."""
        one, two = x.flatten(1), other.flatten(1)
        m = torch.sigmoid(self.outer(torch.relu(self.inner(torch.cat([one, two], 1)))))
        weight = (one - two).square()
        share = ((m * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True).clamp_min(_TINY)).clamp(_TINY, 1)
        less, more = m / (2 * share), 1 - (1 - m) / (2 - 2 * share).clamp_min(_TINY)
        return torch.where(share > 0.5, less, more).view(x.shape)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        """A negative of each pair of inputs (n, …)."""
        m = self.mask(x, other)
        return m * x + (1 - m) * other


def deceive(
    mixer: Mixer,
    optimizer: torch.optim.Optimizer,
    first: Contrast,
    inputs: Tensor,
    others: Tensor,
    learning_rate: float,
) -> float:
    """A step of the generator: its negatives should pass for positives in the first layer, which stays as it is."""
    with torch.enable_grad():
        g = first.goodness(first.respond(2 * first.drive(standard(mixer(inputs, others)))))
        loss = functional.softplus(first.thresholds[0] - g).mean()
    descend(optimizer, loss, learning_rate)
    return float(loss.detach())
