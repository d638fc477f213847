"""CwComp: convolutional layers whose channels compete for the classes, each layer taught by its own cross-entropy.

The channels of a layer are divided into a run for each class. A layer fires y = BatchNorm(maxpool(relu(conv(x)))), and

    goodness of class c:  g_c = mean of y^2 over the channels of c and all places
    loss:                 -log softmax(g)_label

so the channels of the right class are driven up and those of all others down, by what this layer alone sees. In layers
with separated features (`separate`) the channels of a class see only that class's channels of the layer below: a
grouped convolution, which also costs a tenth.

    rule = CwComp((1, 28, 28), [Conv(20), Conv(80, pool=2), Conv(240, pool=2), Conv(480)], seed=1).fit(x, y, epochs=20)

Source: Papachristodoulou, Kyrkou, Timotheou and Theocharides, "Convolutional Channel-wise Competitive Learning for the
Forward-Forward Algorithm" (AAAI 2024), arXiv 2312.12668, section 3.
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
from ffcolor.settings import Choice, Constraint, check

_WARP = ("affine", {"turn_deg": 10, "scale": 0.1, "shear": 0.1, "pixels": 2})
_LONG = {
    "separate": "none",
    "learning_rate": 0.01,
    "windows": ((0, 0.6), (0, 0.75), (0, 0.9), (0, 1)),
    "batch_size": 64,
    "layers": convolutions(40),
}


class CwComp(Stack):
    """Channel-wise competition of the classes in every layer.

    Args:
        shape: of one input, (channels, height, width).
        layers: the layers; the channels of each must be a multiple of `num_classes`.
        separate: which layers see only their own class's channels: ``"none"``, ``"alternate"`` (the second, the
            fourth, …, as published) or ``"all"`` (all but the first).
        **settings: as in `Stack`; `readout` is the last layer if not given.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {**Stack.limits, "separate": Choice("none", "alternate", "all")}
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe(
            (1, 8, 8), {"layers": (Conv(20), Conv(40, pool=2), Conv(40)), "batch_size": 64}, 10, shape=(1, 8, 8)
        ),
        "subset": Recipe(None, {"layers": convolutions(20), "separate": "none", "batch_size": 64}, 10),
        "mnist": Recipe(None, _LONG, 14, _WARP),
        "mnist-long": Recipe(None, _LONG, 32, _WARP),
        "mnist-gpu": Recipe(None, _LONG | {"layers": convolutions(160), "batch_size": 128}, 80, _WARP),
    }

    def __init__(
        self,
        shape: Sequence[int] = (1, 28, 28),
        layers: Sequence[Conv] = (Conv(20), Conv(80, pool=2), Conv(240, pool=2), Conv(480)),
        *,
        separate: str = "alternate",
        learning_rate: float = 0.01,
        weight_decay: float = 0.0,
        readout: tuple[int, int] = (-1, -1),
        **settings: Any,
    ):
        super().__init__(shape, learning_rate=learning_rate, weight_decay=weight_decay, readout=readout, **settings)
        check(self.limits, separate=separate)
        inputs = self.shape[0]
        for place, layer in enumerate(class_layers(layers, self.num_classes)):
            apart = place > 0 and (separate == "all" or (separate == "alternate" and place % 2 == 1))
            made = layer._replace(groups=self.num_classes) if apart else layer
            self.blocks.append(Channels(made, inputs, self.num_classes, self.generator))
            inputs = layer.channels
        self._ready()


class Channels(nn.Module):
    """A convolution whose channels are divided among the classes: images to (class goodness (n, classes), outputs)."""

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
