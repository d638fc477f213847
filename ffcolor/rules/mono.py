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
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.blocks import Conv, Stack, draw
from ffcolor.rules.protocol import choice, whole


class MonoForward(Stack):
    """A projection to the classes in every layer, taught together with the layer by its own cross-entropy.

    Args:
        shape: of one input: how many numbers, or (channels, height, width).
        layers: the layers: a number of units for a dense one, or a `Conv`.
        norm: ``"none"``, or ``"batch"`` for a BatchNorm before each relu.
        grid: the projection of a convolution sees means over grid x grid fields of its output; 0: every place.
        **settings: as in `Stack`; `readout` is the last layer if not given.
    """

    def __init__(
        self,
        shape: int | Sequence[int] = 784,
        layers: Sequence[int | Conv] = (500, 500),
        *,
        norm: str = "none",
        grid: int = 0,
        lr: float = 0.001,
        weight_decay: float = 0.0,
        readout: tuple[int, int] = (-1, -1),
        **settings: Any,
    ):
        super().__init__(shape, lr=lr, weight_decay=weight_decay, readout=readout, **settings)
        choice("norm", norm, ("none", "batch"))
        whole("grid", grid, 0)
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


# ---- layers in words, dense or convolutional -------------------------------------------------------------------------


def steps(shape: tuple[int, ...], layers: Sequence[int | Conv]) -> list[tuple[tuple[int, ...], int | Conv]]:
    """Each layer with the size of its inputs, checked: (units,) or (channels, height, width)."""
    found: list[tuple[tuple[int, ...], int | Conv]] = []
    for place, layer in enumerate(layers):
        if isinstance(layer, Conv):
            fits = len(shape) == 3 and layer.channels > 0 and min(output(layer, shape)) > 0
        else:
            fits = isinstance(layer, int) and layer > 0
        if not fits:
            message = (
                f"layers[{place}] is {layer!r}, on inputs {shape}; it must be a number of units, or a Conv on images"
            )
            raise FfcolorError(message, code="invalid-setting", value=layer)
        found.append((shape, layer))
        shape = output(layer, shape)
    if not found:
        raise FfcolorError("layers is empty; it must hold at least one layer", code="invalid-setting", value=layers)
    return found


def output(layer: int | Conv, inputs: tuple[int, ...]) -> tuple[int, ...]:
    """Size of a layer's output, after its pooling, for one input of size `inputs`."""
    if not isinstance(layer, Conv):
        return (layer,)
    around = layer.kernel // 2 if layer.padding is None else layer.padding
    height, width = (((size + 2 * around - layer.kernel) // layer.stride + 1) // layer.pool for size in inputs[1:])
    return (layer.channels, height, width)


def unit(layer: int | Conv, inputs: tuple[int, ...], generator: torch.Generator) -> nn.Module:
    """The module of a layer, with biases, its weights drawn for a relu after it."""
    if isinstance(layer, Conv):
        return layer.module(inputs[0], generator, bias=True)
    return dense(math.prod(inputs), layer, generator)


def dense(inputs: int, units: int, generator: torch.Generator, gain: float = 2.0, bias: bool = True) -> nn.Linear:
    """A linear layer, its weights drawn with variance gain / inputs, its biases zero."""
    made = nn.Linear(inputs, units, bias=bias, device="meta").to_empty(device=generator.device)
    with torch.no_grad():
        draw(made.weight, generator, gain)
        if made.bias is not None:
            made.bias.zero_()
    return made
