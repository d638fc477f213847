"""CwComp: convolutional layers whose channels compete for the classes, each layer taught by its own cross-entropy.

The channels of a layer are parted into one run for each class. A layer fires y = BatchNorm(maxpool(relu(conv(x)))), and

    goodness of class c:  g_c = mean of y^2 over the channels of c and all places
    loss:                 -log softmax(g)_label

so the channels of the right class are driven up and those of all others down, by what this layer sees alone. In layers
with separated features (`separate`) the channels of a class see only that class's channels of the layer below: a
grouped convolution, which also costs a tenth.

    rule = CwComp((1, 28, 28), [Conv(20), Conv(80, pool=2), Conv(240, pool=2), Conv(480)], seed=1).fit(x, y, epochs=20)

Source: Papachristodoulou, Kyrkou, Timotheou and Theocharides, "Convolutional Channel-wise Competitive Learning for the
Forward-Forward Algorithm" (AAAI 2024), arXiv 2312.12668, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.blocks import Stack
from ffcolor.rules.parts.conv import Conv, group_means
from ffcolor.rules.protocol import choice


class CwComp(Stack):
    """Channel-wise competition of the classes in every layer.

    Args:
        shape: of one input, (channels, height, width).
        layers: the layers; the channels of each must be a multiple of `num_classes`.
        separate: which layers see only their own class's channels: ``"none"``, ``"alternate"`` (the second, the
            fourth, …, as published) or ``"all"`` (all but the first).
        **settings: as in `Stack`; `readout` is the last layer if not given.
    """

    def __init__(
        self,
        shape: Sequence[int] = (1, 28, 28),
        layers: Sequence[Conv] = (Conv(20), Conv(80, pool=2), Conv(240, pool=2), Conv(480)),
        *,
        separate: str = "alternate",
        lr: float = 0.01,
        weight_decay: float = 0.0,
        readout: tuple[int, int] = (-1, -1),
        **settings: Any,
    ):
        super().__init__(shape, lr=lr, weight_decay=weight_decay, readout=readout, **settings)
        choice("separate", separate, ("none", "alternate", "all"))
        inputs = self.shape[0]
        for place, layer in enumerate(class_layers(layers, self.num_classes)):
            apart = place > 0 and (separate == "all" or (separate == "alternate" and place % 2 == 1))
            made = layer._replace(groups=self.num_classes) if apart else layer
            self.blocks.append(Channels(made, inputs, self.num_classes, self.generator))
            inputs = layer.channels
        self._ready()


class Channels(nn.Module):
    """A convolution whose channels are parted among the classes: images to (class goodness (n, classes), outputs)."""

    def __init__(self, layer: Conv, inputs: int, classes: int, generator: torch.Generator):
        super().__init__()
        self.classes = classes
        self.pool = layer.pool
        self.conv = layer.module(inputs, generator)
        self.norm = nn.BatchNorm2d(layer.channels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Goodness (n, classes) and outputs (n, channels, height, width) of images (n, inputs, height, width)."""
        z = self.conv(x)
        if self.pool > 1:
            z = functional.max_pool2d(z, self.pool)
        y = self.norm(functional.relu(z))  # pooling before relu: the same, and cheaper
        return group_means(y.square(), self.classes), y


def class_layers(layers: Sequence[Conv], classes: int) -> list[Conv]:
    """The layers, checked: at least one, and the channels of each a multiple of the number of classes."""
    if not layers:
        raise FfcolorError("layers is empty; it must hold at least one Conv", code="invalid-setting", value=layers)
    for place, layer in enumerate(layers):
        if not isinstance(layer, Conv) or layer.channels < 1 or layer.channels % classes:
            message = f"layers[{place}] is {layer!r}; it must be a Conv, its channels a multiple of {classes}"
            raise FfcolorError(message, code="invalid-setting", value=layer)
    return list(layers)
