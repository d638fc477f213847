"""The base of rules on one graph: all of its nodes in every step, and labels of some of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ffcolor.errors import FfcolorError, not_fitted
from ffcolor.rules.graph.convolutions import CONVOLUTIONS
from ffcolor.rules.graph.data import Graph
from ffcolor.rules.parts.dense_stack import SIZES
from ffcolor.rules.parts.learner import Learner
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Choice, Constraint, check

UNKNOWN = -1
"""The label of a node whose label is not known."""


class GraphLearner(Learner):
    """The base of node classifiers: one graph, all of its nodes in every step, labels of some of them.

    Args:
        graph: the graph with n nodes.
        sizes: number of features of a node, then of units of each layer.
        num_classes: number of labels C.
        convolution: ``"gcn"``, ``"sage"`` or ``"gat"``.
        learning_rate: of Adam, one for each layer.
        seed: of weights and label nodes.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Learner.limits,
        "sizes": SIZES,
        "convolution": Choice(*CONVOLUTIONS),
    }

    def __init__(
        self,
        graph: Graph,
        sizes: Sequence[int],
        *,
        num_classes: int,
        convolution: str = "gcn",
        learning_rate: float = 0.005,
        seed: int = 0,
    ):
        super().__init__(learning_rate=learning_rate, num_classes=num_classes, batch_size=graph.size, seed=seed)
        given = check(self.limits, sizes=sizes, convolution=convolution)
        self.graph = graph
        self.sizes: list[int] = given["sizes"]
        self._convolution = CONVOLUTIONS[given["convolution"]]
        self.layers = nn.ModuleList()
        self.known = {"labels": torch.full((graph.size,), UNKNOWN)}

    def _add_layers(self, pairs: Sequence[tuple[int, int]]) -> None:
        self.layers.extend(self._convolution(fan_in, fan_out, self.generator) for fan_in, fan_out in pairs)
        self.optimizers = [torch.optim.Adam(layer.parameters(), self.learning_rate) for layer in self.layers]

    def parts(self) -> dict[str, Part]:
        """The layers, the known labels, and the optimisers."""
        optimizers = {f"adam{place}": optimizer for place, optimizer in enumerate(self.optimizers)}
        return {"layers": self.layers, "known": self.known, **optimizers}

    def order(self, count: int, epoch: int) -> Tensor:
        """The nodes in their order: a graph is learned as a whole."""
        return torch.arange(count)

    def as_inputs(self, x: Any) -> Tensor:
        """Features of all nodes, float32 (n, features)."""
        inputs = super().as_inputs(x)
        if inputs.shape != (self.graph.size, self.sizes[0]):
            message = f"the features are {tuple(inputs.shape)}; this graph needs {(self.graph.size, self.sizes[0])}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return inputs

    def as_labels(self, y: Any, count: int) -> Tensor:
        """Labels of all nodes, int64 (n,), `UNKNOWN` where not known; some must be."""
        labels = torch.as_tensor(y)
        hidden = labels == UNKNOWN
        labels = super().as_labels(labels.where(~hidden, torch.zeros_like(labels)), count)
        if bool(hidden.all()):
            raise FfcolorError("no node has a known label; give some labels other than -1", code="invalid-label")
        return labels.masked_fill(hidden, UNKNOWN)

    def accuracy(self, x: Any, y: Any, nodes: Any = None) -> float:
        """Share of nodes whose label is predicted, among all with a label, or among `nodes` (a mask or indices)."""
        truth = self.as_labels(y, self.graph.size)
        right = (self.predict(x) == truth)[truth != UNKNOWN if nodes is None else torch.as_tensor(nodes)]
        return int(right.sum()) / len(right)

    def _learn(self, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Note the labels; the known nodes (k,) and their labels (k,)."""
        self.known["labels"].copy_(labels)
        nodes = (labels != UNKNOWN).nonzero()[:, 0]
        return nodes, labels[nodes]

    def _known(self) -> tuple[Tensor, Tensor]:
        nodes = (self.known["labels"] != UNKNOWN).nonzero()[:, 0]
        if not len(nodes):
            raise not_fitted(self)
        return nodes, self.known["labels"][nodes]

    def _label_nodes(self) -> Tensor:
        """Fixed random features of the label nodes, of length 1: (C, features)."""
        return direction(torch.randn(self.num_classes, self.sizes[0], generator=self.seeded(-2)))

    def of_labels(self, every: list[Tensor], y: Any) -> list[Tensor]:
        """Of a layer's values for every label, (n, C) a layer, those of labels y (n,), all known; or all for None."""
        if y is None:
            return every
        labels = super().as_labels(y, self.graph.size)
        return [values.gather(1, labels[:, None])[:, 0] for values in every]

    @abstractmethod
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of nodes with every label (n, C), or with labels y (n,)."""

    def predict(self, x: Any) -> Tensor:
        """The label of each node, int64 (n,)."""
        return torch.stack(self.goodness(x)).sum(0).argmax(1)


def direction(h: Tensor) -> Tensor:
    """Rows with their length taken out, h / |h|; a row of zeros stays one."""
    return h / (h.square().sum(1, keepdim=True) + 1e-12).sqrt()
