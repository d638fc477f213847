"""Forward-Forward on a graph: nodes with their labels are positive, nodes with wrong ones negative.

Two ways to bring labels into a graph:

* ``labels="append"``, FF-LA: a label is appended to a node's features, one-hot; a node of unknown label has 1/C
  everywhere.
* ``labels="virtual"``, FF-VN: C nodes are added, one a label, with fixed random features; known nodes are joined to the
  node of their label (positive) or of a wrong one (negative).

The goodness of a node is g = sum h^2. Layer l sees the direction of the activities below, h / |h|, and learns by

    mean over known nodes of softplus(threshold - g) with the label, and of softplus(g - threshold) with each wrong one

An unknown node gets the label with which its goodness, over all layers, is highest.

Source: Park, Wang, Simoulin et al., "Forward Learning of Graph Neural Networks" (ICLR 2024), arXiv 2403.11004,
section 3.1.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn.functional import one_hot, softplus

from ffcolor.rules.graph.base import GraphLearner, direction
from ffcolor.rules.graph.data import Graph
from ffcolor.settings import Choice, Constraint, Number, check


class GraphForwardForward(GraphLearner):
    """Forward-Forward with appended labels (FF-LA) or label nodes (FF-VN).

    Args:
        labels: ``"append"`` or ``"virtual"``.
        threshold: of the goodness, the sum of a node's squared activities.
        **settings: of `GraphLearner`.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **GraphLearner.limits,
        "labels": Choice("append", "virtual"),
        "threshold": Number(0),
    }

    def __init__(
        self, graph: Graph, sizes: Sequence[int], *, labels: str = "append", threshold: float = 2.0, **settings: Any
    ):
        super().__init__(graph, sizes, **settings)
        given = check(self.limits, labels=labels, threshold=threshold)
        self.labels: str = given["labels"]
        self.threshold: float = given["threshold"]
        first = self.sizes[0] + (self.num_classes if labels == "append" else 0)
        self._add_layers(list(itertools.pairwise([first, *self.sizes[1:]])))

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """One step of every layer on the whole graph."""
        x = self.as_inputs(x)
        nodes, truth = self._learn(self.as_labels(y, len(x)))
        streams = [self._seen(x, nodes, (truth + shift) % self.num_classes) for shift in range(self.num_classes)]
        losses: dict[str, float] = {}
        for place, (layer, adam) in enumerate(zip(self.layers, self.optimizers, strict=True)):
            adam.zero_grad()
            loss = torch.zeros(())
            above = []
            for shift, (graph, seen) in enumerate(streams):
                h = layer(graph, seen).relu()
                margin = (h[nodes].square().sum(1) - self.threshold) * (1 if shift else -1)
                loss = loss + softplus(margin).mean() / (self.num_classes - 1 if shift else 1)
                above.append((graph, direction(h.detach())))
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
            streams = above
            losses[f"layer{place}"] = float(loss.detach())
        return losses | {"loss": sum(losses.values())}

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of nodes with every label (n, C), or with labels y (n,)."""
        x = self.as_inputs(x)
        nodes, truth = self._known()
        everyone = torch.arange(len(x))
        layers: list[list[Tensor]] = [[] for _ in self.layers]
        for label in range(self.num_classes):
            tried = torch.full((len(x),), label)
            tried[nodes] = truth
            graph, h = self._seen(x, everyone, tried)
            for found, layer in zip(layers, self.layers, strict=True):
                h = layer(graph, h).relu()
                found.append(h[: len(x)].square().sum(1))
                h = direction(h)
        every = [torch.stack(found, 1) for found in layers]  # (n, C)
        return self.of_labels(every, y)

    def predict(self, x: Any) -> Tensor:
        """The label of each node, int64 (n,); known ones as they are."""
        nodes, truth = self._known()
        return super().predict(x).scatter(0, nodes, truth)

    def _seen(self, x: Tensor, nodes: Tensor, labels: Tensor) -> tuple[Graph, Tensor]:
        """What the first layer sees where `nodes` have `labels`."""
        if self.labels == "virtual":
            graph = self.graph.joined(nodes, labels, self.num_classes)
            return graph, torch.cat([direction(x), self._label_nodes()])
        shown = torch.full((len(x), self.num_classes), 1 / self.num_classes)
        shown[nodes] = one_hot(labels, self.num_classes).float()
        return self.graph, torch.cat([direction(x), shown], 1)
