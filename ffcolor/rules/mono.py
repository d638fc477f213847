"""Mono-Forward: each layer has a projection of its own to the classes and learns by its cross-entropy, nothing else.

    a = relu(W x + b),   scores = M a,   loss = -log softmax(scores)_label

W, b and M step down it, and a goes on, detached. No negatives, no label in the input, no goodness of squares: the
plainest of the local rules, and a strong one. Layers may be dense or convolutional; a dense one after a convolution
takes the flat image.

    rule = MonoForward(784, [500, 500], seed=1).fit(x, y, epochs=10)
    rule = MonoForward((1, 28, 28), [Conv(20, pool=2), Conv(40, pool=2)], norm="batch", grid=4)

Source: Gong, Li and Abdulla, "Mono-Forward: Backpropagation-Free Algorithm for Efficient Neural Network Training
Harnessing Local Errors" (2025), arXiv 2501.09238, section 3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.rules.parts.blocks import Stack
from ffcolor.rules.parts.conv import Conv, convolutions, dense, output, steps, unit
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.settings import Choice, Constraint, Whole, check


class MonoForward(Stack):
    """A projection to the classes in every layer, taught together with the layer by its own cross-entropy.

    Args:
        shape: of one input: how many numbers, or (channels, height, width).
        layers: the layers: a number of units for a dense one, or a `Conv`.
        norm: ``"none"``, or ``"batch"`` for a BatchNorm before each relu.
        grid: the projection of a convolution sees means over grid x grid fields of its output; 0: every place.
        **settings: as in `Stack`; `readout` is the last layer if not given.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {**Stack.limits, "norm": Choice("none", "batch"), "grid": Whole(0)}
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe(64, {"layers": (200, 200), "learning_rate": 0.003, "batch_size": 64}, 10),
        "subset": Recipe(784, {"layers": (500, 500), "batch_size": 100}, 10),
        "conv-subset": Recipe(
            (1, 28, 28),
            {"layers": convolutions(20), "norm": "batch", "grid": 4, "learning_rate": 0.003, "batch_size": 64},
            10,
        ),
    }

    def __init__(
        self,
        shape: int | Sequence[int] = 784,
        layers: Sequence[int | Conv] = (500, 500),
        *,
        norm: str = "none",
        grid: int = 0,
        learning_rate: float = 0.001,
        weight_decay: float = 0.0,
        readout: tuple[int, int] = (-1, -1),
        **settings: Any,
    ):
        super().__init__(shape, learning_rate=learning_rate, weight_decay=weight_decay, readout=readout, **settings)
        check(self.limits, norm=norm, grid=grid)
        for size, layer in steps(self.shape, layers):
            self.blocks.append(Projected(layer, size, self.num_classes, norm, grid, self.generator))
        self._ready()


class Projected(nn.Module):
    """A layer with a projection: inputs to (scores (n, classes), activities)."""

    def __init__(
        self,
        layer: int | Conv,
        inputs: tuple[int, ...],
        classes: int,
        norm: str,
        grid: int,
        generator: torch.Generator,
    ):
        super().__init__()
        self.pool = layer.pool if isinstance(layer, Conv) else 1
        self.layer = unit(layer, inputs, generator)
        sizes = output(layer, inputs)
        self.grid = grid if isinstance(layer, Conv) and 0 < grid < max(sizes[1:]) else 0
        self.norm = {1: nn.BatchNorm1d, 3: nn.BatchNorm2d}[len(sizes)](sizes[0]) if norm == "batch" else nn.Identity()
        seen = sizes[0] * self.grid**2 if self.grid else math.prod(sizes)
        self.projection = dense(seen, classes, generator, gain=1.0, bias=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (n, classes) and activities of inputs."""
        z = self.norm(self.layer(x.flatten(1) if isinstance(self.layer, nn.Linear) else x))
        a = functional.relu(functional.max_pool2d(z, self.pool) if self.pool > 1 else z)
        seen = functional.adaptive_avg_pool2d(a, self.grid) if self.grid else a
        return self.projection(seen.flatten(1)), a
