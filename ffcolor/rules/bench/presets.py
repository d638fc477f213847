"""Settings that were found good, by name: the recipes of all rules, each under its rule's name and its own.

    preset = PRESETS["forward-forward-subset"]
    rule = preset.make(seed=1).fit(data.x, data.y, epochs=preset.epochs, augment=preset.augmentation())

Settings were chosen on a part of the training data (6,000 against 2,000 of the subset's 8,000; 55,000 against 5,000 of
MNIST's 60,000), never on test data. The figures that they reach are on the page of their rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import torch

from ffcolor.rules.parts.learner import Learner
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.protocol import Augment
from ffcolor.rules.registry import OWN, RULES


class Preset(NamedTuple):
    """A rule with its settings.

    Attributes:
        rule: its name in `ffcolor.rules.RULES`.
        data: ``"digits"``, ``"subset"`` (8,000 and 2,000 of the first 10,000 training images) or ``"mnist"`` (all).
        network, settings, epochs, augment, shape: see `ffcolor.rules.parts.recipe.Recipe`.
    """

    rule: str
    data: str
    network: Any
    settings: Mapping[str, Any]
    epochs: int
    augment: tuple[str, Mapping[str, Any]] | None = None
    shape: tuple[int, ...] | None = None

    def make(self, seed: int = 0, device: str | torch.device = "cpu", **changes: Any) -> Learner:
        """A fresh rule of these settings, with `changes` to them."""
        first = () if self.network is None else (self.network,)
        rule: Learner = RULES[self.rule].load()(*first, **{**self.settings, **changes}, seed=seed, device=device)
        return rule

    def augmentation(self) -> Augment | None:
        """The augmentation for `fit`, or None."""
        return Recipe(*self[2:]).augmentation()


TASKS = {
    "digits": "1,437 / 360 digits of 8 x 8 pixels, which scikit-learn brings",
    "subset": "8,000 / 2,000 of MNIST's first 10,000 training images",
    "mnist": "MNIST, 60,000 / 10,000",
}
"""Every task by name: how many images to train and to test with, and of what."""


@cache
def presets_of(rule: str) -> dict[str, Preset]:
    """The presets of one rule, by the names of its recipes.

    Raises:
        FfcolorError: as `ffcolor.rules.registry.Entry.load`.
    """
    recipes: Mapping[str, Recipe] = getattr(RULES[rule].load(), "recipes", {})
    return {name: Preset(rule, _task(name), *recipe) for name, recipe in recipes.items()}


def _task(recipe: str) -> str:
    """The task that is among the words of a recipe's name."""
    return next((word for word in recipe.split("-") if word in TASKS), recipe)


PRESETS: dict[str, Preset] = {
    f"{rule}-{name}": preset for rule in OWN for name, preset in presets_of(rule).items() if preset.data != "digits"
}
"""Every preset of ffcolor's own rules for MNIST, by name."""
