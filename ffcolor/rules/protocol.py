"""The protocol of the family: what every learning rule can do, and what some can do besides.

    rule = ForwardForward([784, 500, 500], seed=1).fit(x, y, epochs=20)
    rule.accuracy(x_test, y_test)

A rule is made with its settings as keywords, `learning_rate` and `seed` among them. It learns by `fit`, or batch by
batch by `partial_fit`, and answers by `predict`. Its whole state, optimisers and generator included, is a flat
dictionary of tensors: a run that was stopped goes on from the very step, to the same bits.

`partial_fit` returns the losses of its batch by name, and all rules use the same names:

    "loss"                  the total: the sum over the layers, or the one loss of a rule that has one for all layers
    "layer0", "layer1", …   the layers', lowest first, where layers have losses of their own
    "head"                  the loss of a linear read-out that learns beside the layers; it is not in the total
    "generator"             the loss of a generator of negatives that learns beside the layers; nor is this

A rule whose layers can say how much they like an input has `goodness`, too: ask by ``isinstance(rule, HasGoodness)``.

`ffcolor.rules.parts.learner.Learner` is a base class that does the parts that are all alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

OnStep = Callable[[int, int, float], None]
"""Told (step from 1, number of steps, loss) after every step; stops the learning by raising."""
Augment = Callable[[Tensor, torch.Generator], Tensor]
"""Makes a batch's inputs anew, by a generator: shifts of images, say."""


@runtime_checkable
class HasState(Protocol):
    """Something that learns, and whose state can be kept and taken up again."""

    seed: int
    steps: int

    def state_dict(self) -> dict[str, Tensor]:
        """All that was learned, and all that is needed to go on learning."""
        ...

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state that came from the same class and settings."""
        ...


@runtime_checkable
class Rule(HasState, Protocol):
    """A learning rule for labelled batches.

    Attributes:
        learning_rate: the main one of its settings; where layers may differ, one for all or one each.
        epoch: which pass `fit` is making, from 0, also after a resume; None outside of `fit`.
    """

    learning_rate: Any
    epoch: int | None
    num_classes: int
    batch_size: int

    def fit(
        self, x: Any, y: Any, *, epochs: int = ..., on_step: OnStep | None = ..., augment: Augment | None = ...
    ) -> Rule:
        """Learn until `epochs` passes over the inputs have been made in all."""
        ...

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Learn from one batch; returns the losses by name."""
        ...

    def predict(self, x: Any) -> Tensor:
        """The label of each input, int64 (n,)."""
        ...

    def accuracy(self, x: Any, y: Any) -> float:
        """The share of inputs whose label is predicted, 0 to 1."""
        ...


@runtime_checkable
class HasGoodness(Protocol):
    """A rule whose layers can say how much they like an input."""

    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs with their labels (n,), or with every label (n, classes).

        Layers that know no labels give (n,) either way.
        """
        ...
