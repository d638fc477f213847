"""DeeperForward: goodness is a mean, the norm takes it away completely, so many layers can follow each other.

The channels of a layer are divided into one run for each class, as in `CwComp`. A layer fires y = relu(conv(x)), and

    goodness of class c:  g_c = mean of y over the channels of c and all places
    loss:                 -log softmax(g)_label
    passed upward:        (y - mean) / spread, over the channels of each class and all places, detached

The mean of squares of plain Forward-Forward dies with its units and leaves a trace behind a norm of lengths; the mean
does not, and a norm that subtracts it leaves nothing to read off. With `residual`, every second layer adds what two
layers below passed upward, detached: the shortcut carries features, never gradients. `select` chooses by data the run
of layers whose summed goodness answers best.

    rule = DeeperForward((1, 28, 28), residual_layers((100, 200), 2), residual=True, seed=1).fit(x, y, epochs=20)
    rule.select(x_validation, y_validation)

Source: Sun et al., "DeeperForward: Enhanced Forward-Forward Training for Deeper and Better Performance" (ICLR 2025),
sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.rules.parts.blocks import Stack
from ffcolor.rules.parts.conv import Conv, class_layers, convolutions, group_means
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.settings import Choice, Constraint, Flag, Number, Whole, check


def residual_layers(planes: Sequence[int] = (100, 200, 400, 800), each: int = 4) -> list[Conv]:
    """Layers for `residual=True`: one convolution, then `each` for every number of planes, half as large each time.

    The defaults are the 17 layers of the paper's largest network.
    """
    Whole(1).check("each", each)
    layers = [Conv(planes[0])]
    for place, channels in enumerate(planes):
        layers += [Conv(channels, stride=2 if place and not number_in_stage else 1) for number_in_stage in range(each)]
    return layers


class DeeperForward(Stack):
    """Mean goodness, a norm that removes it, and detached shortcuts.

    Args:
        shape: of one input, (channels, height, width).
        layers: the layers; the channels of each must be a multiple of `num_classes`.
        residual: whether every second layer adds the output of two layers below.
        dropout: share of activities set to zero while learning.
        pooling: ``"mean"`` or ``"max"``: how layers with `pool` make their output smaller.
        **settings: as in `Stack`; `readout` is all layers if not given.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Stack.limits,
        "residual": Flag(),
        "dropout": Number(0, 0.99),
        "pooling": Choice("mean", "max"),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe(
            (1, 8, 8),
            {"layers": (Conv(20), Conv(40, pool=2), Conv(40)), "dropout": 0.0, "batch_size": 64},
            10,
            shape=(1, 8, 8),
        ),
        "subset": Recipe(None, {"layers": convolutions(20), "dropout": 0.0, "pooling": "max", "batch_size": 64}, 10),
        "mnist-gpu": Recipe(
            None,
            {"layers": residual_layers(), "residual": True, "learning_rate": 0.08},
            150,
            ("shifts", {"pixels": 2}),
        ),
    }

    def __init__(
        self,
        shape: Sequence[int] = (1, 28, 28),
        layers: Sequence[Conv] = (Conv(100, 5, pool=2), Conv(200, 5, pool=2), Conv(400), Conv(400)),
        *,
        residual: bool = False,
        dropout: float = 0.2,
        pooling: str = "mean",
        learning_rate: float = 0.02,
        weight_decay: float = 5e-4,
        **settings: Any,
    ):
        super().__init__(shape, learning_rate=learning_rate, weight_decay=weight_decay, **settings)
        given = check(self.limits, residual=residual, dropout=dropout, pooling=pooling)
        self.residual: bool = given["residual"]
        inputs = self.shape[0]
        for layer in class_layers(layers, self.num_classes):
            self.blocks.append(MeanChannels(layer, inputs, self.num_classes, given["dropout"], pooling, self.generator))
            inputs = layer.channels
        self._ready()

    def _forward(self, place: int, block: nn.Module, outputs: list[Tensor]) -> tuple[Tensor, Tensor]:
        scores, out = block(outputs[-1])
        if self.residual and place >= 2 and place % 2 == 0:
            out = out + shortcut(outputs[-2], out.shape, self.num_classes)
        return scores, out


class MeanChannels(nn.Module):
    """A convolution whose channels are divided among the classes: images to (class goodness (n, classes), outputs)."""

    def __init__(
        self, layer: Conv, inputs: int, classes: int, dropout: float, pooling: str, generator: torch.Generator
    ):
        super().__init__()
        self.classes = classes
        self.pool = layer.pool
        self.pooling = pooling
        self.dropout = dropout
        self.generator = generator
        self.conv = layer.module(inputs, generator)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Goodness (n, classes) and outputs (n, channels, height, width) of images (n, inputs, height, width)."""
        z = self.conv(x)
        if self.pool > 1 and self.pooling == "max":
            z = functional.max_pool2d(z, self.pool)
        y = functional.relu(z)
        if self.pool > 1 and self.pooling == "mean":
            y = functional.avg_pool2d(y, self.pool)
        if self.training and self.dropout:
            kept = torch.rand(y.shape, generator=self.generator, device=y.device) >= self.dropout
            y = y * kept / (1 - self.dropout)
        return group_means(y, self.classes), functional.group_norm(y, self.classes)


def shortcut(x: Tensor, shape: Sequence[int], classes: int) -> Tensor:
    """Fit an output (n, channels, height, width) to a later layer's shape: smaller by means, wider class by class.

    If the later layer has twice the channels, each class's channels come twice, so they stay with their class.
    """
    _, channels, height, width = shape
    if x.shape[2:] != (height, width):
        x = functional.adaptive_avg_pool2d(x, (height, width))
    if x.shape[1] != channels:
        n, had = x.shape[:2]
        runs = x.reshape(n, classes, had // classes, height, width)
        times = -(-channels // had)
        x = runs.repeat(1, 1, times, 1, 1)[:, :, : channels // classes].reshape(n, channels, height, width)
    return x
