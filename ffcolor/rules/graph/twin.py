"""The twin to measure by: the same convolutions and a linear read-out, taught end to end by cross-entropy.

Source: Kipf and Welling, "Semi-Supervised Classification with Graph Convolutional Networks"
(2017), arXiv 1609.02907, section 3.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ffcolor.rules.graph.base import GraphLearner, direction
from ffcolor.rules.graph.data import Graph
from ffcolor.rules.parts.conv import dense
from ffcolor.rules.parts.stateful import Part


class GraphBackprop(GraphLearner):
    """Graph layers and a linear read-out that learn by the chain rule; arguments as `GraphLearner` has them."""

    def __init__(self, graph: Graph, sizes: Sequence[int], **settings: Any):
        super().__init__(graph, sizes, **settings)
        self._add_layers(list(itertools.pairwise(self.sizes)))
        self.head = dense(self.sizes[-1], self.num_classes, self.generator, gain=1.0)
        self.optimizers = [torch.optim.Adam([*self.layers.parameters(), *self.head.parameters()], self.learning_rate)]

    def parts(self) -> dict[str, Part]:
        """What a rule on a graph has, and the head."""
        return {**super().parts(), "head": self.head}

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """One step of all layers together."""
        x = self.as_inputs(x)
        nodes, truth = self._learn(self.as_labels(y, len(x)))
        (adam,) = self.optimizers
        adam.zero_grad()
        loss = cross_entropy(self._logits(x)[nodes], truth)
        loss.backward()  # type: ignore[no-untyped-call]
        adam.step()
        return {"loss": float(loss.detach())}

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """The probability of every label (n, C), or of labels y (n,): of the last layer, the only one that has any."""
        every = [self._logits(self.as_inputs(x)).softmax(1)]
        return self.of_labels(every, y)

    def _logits(self, x: Tensor) -> Tensor:
        h = direction(x)
        for layer in self.layers:
            h = layer(self.graph, h).relu()
        logits: Tensor = self.head(h)
        return logits
