"""Settings that were found good, by name: what to train, how long, with which augmentation, and on which data.

    preset = PRESETS["forward-forward-subset"]
    rule = preset.make(seed=1).fit(data.x, data.y, epochs=preset.epochs, augment=preset.augmentation())

Settings were chosen on a part of the training data (6,000 against 2,000 of the subset's 8,000; 55,000 against 5,000 of
MNIST's 60,000), never on test data. The figures that they reach are on the page of their rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from ffcolor.rules.data import augment as augmentations
from ffcolor.rules.deeper import residual_layers
from ffcolor.rules.parts.conv import Conv
from ffcolor.rules.protocol import Augment, Learner
from ffcolor.rules.registry import RULES


class Preset(NamedTuple):
    """A rule with its settings.

    Attributes:
        rule: its name in `ffcolor.rules.RULES`.
        data: ``"subset"`` (8,000 and 2,000 of the first 10,000 training images) or ``"mnist"`` (all).
        network: the rule's first argument, sizes of its layers mostly; None: what the rule has of its own.
        settings: its keywords.
        epochs: passes over the training data.
        augment: name of an augmentation in `ffcolor.rules.data.augment`, and its arguments; None for none.
        shape: shape of one input, such as ``(1, 28, 28)``; None for flat ones.
    """

    rule: str
    data: str
    network: Sequence[int] | int | None
    settings: dict[str, Any]
    epochs: int
    augment: tuple[str, dict[str, Any]] | None = None
    shape: tuple[int, ...] | None = None

    def make(self, seed: int = 0, device: str | torch.device = "cpu", **changes: Any) -> Learner:
        """A fresh rule of these settings, with `changes` to them."""
        first = () if self.network is None else (self.network,)
        rule: Learner = RULES[self.rule].load()(*first, **{**self.settings, **changes}, seed=seed, device=device)
        return rule

    def augmentation(self) -> Augment | None:
        """The augmentation for `fit`, or None."""
        if self.augment is None:
            return None
        name, arguments = self.augment
        made: Augment = getattr(augmentations, name)(**arguments)
        return made


def convolutions(width: int) -> tuple[Conv, ...]:
    """Four convolutions for images of 28 x 28 pixels: width, 2 width, 4 width and 4 width channels."""
    return Conv(width, 5, pool=2), Conv(2 * width, pool=2), Conv(4 * width, pool=2), Conv(4 * width)


_SMALL = convolutions(20)
_WARP = {"turn_deg": 10, "scale": 0.1, "shear": 0.1, "pixels": 2}
_COMPETE = {"separate": "none", "lr": 0.01, "windows": ((0, 0.6), (0, 0.75), (0, 0.9), (0, 1)), "batch_size": 64}
_FF = {"candidates": 3, "alpha": 8.0, "batch_size": 128}

PRESETS: dict[str, Preset] = {
    "forward-forward-subset": Preset("forward-forward", "subset", (784, 500, 500), _FF, 30),
    "forward-forward-subset-shifts": Preset(
        "forward-forward", "subset", (784, 500, 500), _FF, 60, ("shifts", {"pixels": 1})
    ),
    "forward-forward-mnist-quick": Preset(
        "forward-forward", "mnist", (784, 500, 500), _FF, 16, ("shifts", {"pixels": 1})
    ),
    "forward-forward-mnist": Preset("forward-forward", "mnist", (784, 1000, 1000), _FF, 30, ("shifts", {"pixels": 1})),
    "forward-forward-unsupervised-subset": Preset(
        "forward-forward-unsupervised",
        "subset",
        (784, 1000, 1000),
        {"shape": (28, 28), "loss": "swish", "head_lr": 0.003},
        20,
    ),
    "forward-forward-unsupervised-subset-untrained": Preset(
        "forward-forward-unsupervised",
        "subset",
        (784, 1000, 1000),
        {"shape": (28, 28), "lr": 0.0, "head_lr": 0.003},
        20,
    ),
    "cwcomp-subset": Preset("cwcomp", "subset", None, {"layers": _SMALL, "separate": "none", "batch_size": 64}, 10),
    "cwcomp-mnist": Preset("cwcomp", "mnist", None, _COMPETE | {"layers": convolutions(40)}, 14, ("affine", _WARP)),
    "cwcomp-mnist-long": Preset(
        "cwcomp", "mnist", None, _COMPETE | {"layers": convolutions(40)}, 32, ("affine", _WARP)
    ),
    "cwcomp-mnist-gpu": Preset(
        "cwcomp", "mnist", None, _COMPETE | {"layers": convolutions(160), "batch_size": 128}, 80, ("affine", _WARP)
    ),
    "deeper-forward-subset": Preset(
        "deeper-forward", "subset", None, {"layers": _SMALL, "dropout": 0.0, "pooling": "max", "batch_size": 64}, 10
    ),
    "deeper-forward-mnist-gpu": Preset(
        "deeper-forward",
        "mnist",
        None,
        {"layers": residual_layers(), "residual": True, "lr": 0.08},
        150,
        ("shifts", {"pixels": 2}),
    ),
    "vff-net-subset": Preset(
        "vff-net",
        "subset",
        None,
        {"layers": (Conv(20, 5, pool=2), Conv(20), Conv(40, pool=2), Conv(40)), "noise": 0.1, "temperature": 0.05},
        10,
    ),
    "mono-forward-subset": Preset("mono-forward", "subset", 784, {"layers": (500, 500), "batch_size": 100}, 10),
    "mono-forward-conv-subset": Preset(
        "mono-forward",
        "subset",
        (1, 28, 28),
        {"layers": _SMALL, "norm": "batch", "grid": 4, "lr": 0.003, "batch_size": 64},
        10,
    ),
    "self-contrastive-subset": Preset("self-contrastive", "subset", (784, 2000, 2000), {}, 20),
    "self-contrastive-subset-untrained": Preset("self-contrastive", "subset", (784, 2000, 2000), {"lr": 0.0}, 20),
    "distance-forward-subset": Preset("distance-forward", "subset", (784, 500), {}, 60),
    "distance-forward-mnist": Preset("distance-forward", "mnist", (784, 500, 500), {"collaboration": "overlap"}, 30),
    "recurrent-subset": Preset(
        "recurrent", "subset", (784, 200, 200, 200), {"standardize": (0.0, 0.3), "lr": 3e-4, "batch_size": 100}, 15
    ),
    "recurrent-mnist-gpu": Preset(
        "recurrent",
        "mnist",
        (784, 2000, 2000, 2000),
        {
            "loss": "logistic",
            "negatives": "random",
            "standardize": (0.1307, 0.3081),
            "lr": 5e-5,
            "cooldown": 0.2,
            "batch_size": 500,
        },
        100,
    ),
    "backprop-subset": Preset("backprop", "subset", (784, 500, 500), {}, 30),
}
"""Every preset by name."""
