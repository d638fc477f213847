"""A recipe: what a rule runs with on a task. Each rule's class keeps its own, by name, beside its code.

    class MyRule(Learner):
        recipes = {"digits": Recipe((64, 200, 200), {"learning_rate": 0.003}, 20)}

The name of a recipe is that of a task of the benchmark (``"digits"``, ``"subset"``, ``"mnist"``), and maybe a word
more: ``"subset-shifts"`` is another recipe for the data of ``"subset"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ffcolor.rules.data import augment as augmentations
from ffcolor.rules.protocol import Augment


class Recipe(NamedTuple):
    """What to make of a rule, how long to train it, and on inputs of which shape.

    Attributes:
        network: the rule's first argument, sizes of its layers mostly; None: what the rule has of its own.
        settings: its keywords.
        epochs: passes over the training data.
        augment: name of an augmentation in `ffcolor.rules.data.augment`, and its arguments; None for none.
        shape: shape of one input, such as ``(1, 28, 28)``; None for flat ones.
    """

    network: Any
    settings: Mapping[str, Any]
    epochs: int
    augment: tuple[str, Mapping[str, Any]] | None = None
    shape: tuple[int, ...] | None = None

    def augmentation(self) -> Augment | None:
        """The augmentation for `fit`, or None."""
        if self.augment is None:
            return None
        name, arguments = self.augment
        made: Augment = getattr(augmentations, name)(**arguments)
        return made
