"""A stack of Forward-Forward layers: what is alike whether labels or hybrids make the negatives."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ffcolor.rules.parts.dense import Dense
from ffcolor.rules.parts.dense_stack import DenseStack
from ffcolor.rules.parts.head import Head
from ffcolor.settings import Constraint, Number, check


class GoodnessStack(DenseStack):
    """The base of rules whose layers each learn by a loss of their own goodness.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        loss, alpha, goodness, threshold, peer, straight_through, gain, weight_decay: of each layer; see
            `ffcolor.rules.parts.dense.Dense`.
        head_learning_rate: learning rate of the head's Adam, if there is a head.
        **settings: as in `ffcolor.rules.parts.dense_stack.DenseStack`.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **DenseStack.limits,
        **Dense.limits,
        "head_learning_rate": Number(0),
    }

    def __init__(
        self,
        dims: Sequence[int],
        *,
        loss: str = "swish",
        alpha: float | None = None,
        goodness: str = "mean",
        threshold: float | None = None,
        peer: float = 0.0,
        straight_through: bool = False,
        gain: float = 1.0,
        weight_decay: float = 0.0,
        head_learning_rate: float = 0.001,
        **settings: Any,
    ):
        super().__init__(dims, **settings)
        self._of_layers = {
            "loss": loss,
            "alpha": alpha,
            "goodness": goodness,
            "threshold": threshold,
            "peer": peer,
            "straight_through": straight_through,
            "gain": gain,
            "weight_decay": weight_decay,
        }
        self.head_learning_rate: float = check(self.limits, head_learning_rate=head_learning_rate)["head_learning_rate"]
        self.layers: list[Dense] = []

    def _add_layers(self, inputs: int) -> None:
        """Make the layers; the first sees so many inputs."""
        common = {"learning_rate": self.learning_rate, "generator": self.generator, **self._of_layers}
        sizes = itertools.pairwise([inputs, *self.dims[1:]])
        self.layers = [Dense(fan_in, units, **common) for fan_in, units in sizes]

    def _add_head(self, first: int) -> Head:
        """Make the head, on the activities of the layers from the first one (from 0) on."""
        features = sum(self.dims[1 + first :])
        self.head = Head(features, self.num_classes, learning_rate=self.head_learning_rate, device=self.device)
        return self.head
