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

from ffcolor.rules import RULES
from ffcolor.rules import augment as augmentations
from ffcolor.rules.protocol import Augment, Learner


class Preset(NamedTuple):
    """A rule with its settings.

    Attributes:
        rule: its name in `ffcolor.rules.RULES`.
        data: ``"subset"`` (8,000 and 2,000 of the first 10,000 training images) or ``"mnist"`` (all).
        network: the rule's first argument, sizes of its layers mostly; None where it has none.
        settings: its keywords.
        epochs: passes over the training data.
        augment: name of an augmentation in `ffcolor.rules.augment`, and its arguments; None for none.
        shape: shape of one input, such as ``(1, 28, 28)``; None for flat ones.
    """

    rule: str
    data: str
    network: Sequence[int] | None
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


_FF = {"candidates": 3, "alpha": 8.0, "batch_size": 128}

PRESETS: dict[str, Preset] = {
    "forward-forward-subset": Preset("forward-forward", "subset", (784, 500, 500), _FF, 30),
    "forward-forward-subset-shifts": Preset(
        "forward-forward", "subset", (784, 500, 500), _FF, 60, ("shifts", {"pixels": 1})
    ),
    "forward-forward-mnist": Preset("forward-forward", "mnist", (784, 1000, 1000), _FF, 30, ("shifts", {"pixels": 1})),
    "backprop-subset": Preset("backprop", "subset", (784, 500, 500), {}, 30),
}
"""Every preset by name."""
