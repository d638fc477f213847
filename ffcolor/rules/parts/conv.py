"""Layers in words, for the rules on images: a number of units, or a `Conv`; their sizes, and their modules.

No weight is drawn by a global generator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ffcolor.errors import FfcolorError


class Conv(NamedTuple):
    """A convolutional layer in words: channels, kernel size, and how often smaller its output is.

    `pool` is the size of the max-pooling after the convolution, `stride` that of the convolution itself; `padding` is
    half the kernel if not given. `groups` parts the channels: each part of the outputs sees its part of the inputs.
    """

    channels: int
    kernel: int = 3
    pool: int = 1
    stride: int = 1
    groups: int = 1
    padding: int | None = None

    def module(self, inputs: int, generator: torch.Generator, bias: bool = False) -> nn.Conv2d:
        """The convolution on `inputs` channels, with weights of standard deviation sqrt(2 / inputs of a unit)."""
        around = self.kernel // 2 if self.padding is None else self.padding
        made = nn.Conv2d(
            inputs, self.channels, self.kernel, self.stride, around, groups=self.groups, bias=bias, device="meta"
        ).to_empty(device=generator.device)
        with torch.no_grad():
            draw(made.weight, generator)
            if made.bias is not None:
                made.bias.zero_()
        return made


def convolutions(width: int) -> tuple[Conv, ...]:
    """Four convolutions for images of 28 x 28 pixels: width, 2 width, 4 width and 4 width channels."""
    return Conv(width, 5, pool=2), Conv(2 * width, pool=2), Conv(4 * width, pool=2), Conv(4 * width)


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


def draw(weight: Tensor, generator: torch.Generator, gain: float = 2.0) -> None:
    """Fill weights (units, …) from a normal distribution of variance gain / numbers a unit sees."""
    fan_in = weight[0].numel()
    weight.copy_(torch.randn(weight.shape, generator=generator, device=weight.device) * math.sqrt(gain / fan_in))


def class_layers(layers: Sequence[Conv], classes: int) -> list[Conv]:
    """The layers, checked: at least one, and the channels of each a multiple of the number of classes."""
    if not layers:
        raise FfcolorError("layers is empty; it must hold at least one Conv", code="invalid-setting", value=layers)
    for place, layer in enumerate(layers):
        if not isinstance(layer, Conv) or layer.channels < 1 or layer.channels % classes:
            message = f"layers[{place}] is {layer!r}; it must be a Conv, its channels a multiple of {classes}"
            raise FfcolorError(message, code="invalid-setting", value=layer)
    return list(layers)


def group_means(h: Tensor, groups: int) -> Tensor:
    """Mean of activities (n, channels, …) over each of `groups` equal runs of channels and all places: (n, groups)."""
    each = h.flatten(2).mean(2) if h.ndim > 2 else h  # (n, channels)
    return each.view(len(h), groups, -1).mean(2)
