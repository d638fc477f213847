"""Single forward, SF: a node's activities agree with those of the nodes of its label; one pass, no negatives.

A layer's opinion of node v is how its activities h_v agree with the activities p_c that stand for label c,

    logits_c = h_v . p_c / T          or, by cosine, d(h_v) . d(p_c) / T with d(h) = h / |h|

taught by the cross-entropy of its own opinions; layer l sees d(h) of the layer below, detached.

* ``labels="mean"``: p_c is the mean of h over the known nodes of label c, without v itself. So a known node is asked
  exactly as it would be if its own label were hidden, and all of them are asked in every step.
* ``labels="joined"``: C nodes are added to the graph, one a label, with fixed random features; known nodes are joined
  to the node of their label, both ways, and p_c is the activity of that node. A joint tells a node its own label, which
  a node that is asked in earnest does not know; so in every step a share of the known nodes is held out: they are not
  joined, and they alone are asked (`held_out=0` joins and asks all, as published).

Layers may hear from above, always detached: ``top="input"`` feeds a layer the directions of the next layer's
activities in the round before as well, so that layers together see further than their number of steps along the edges;
``top="loss"`` judges the mean of a layer's activities and of those above it in the round before.

Source: Park, Wang, Simoulin et al., "Forward Learning of Graph Neural Networks" (ICLR 2024), arXiv 2403.11004,
sections 3.2 and 3.3. Means in place of joints: Snell, Swersky and Zemel, "Prototypical Networks" (2017), arXiv
1703.05175, section 2.2. Leaving out the node itself, and holding out, are ours here; for labels as features of a graph
the latter is Shi et al., UniMP (2021), arXiv 2009.03509, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ffcolor.errors import FfcolorError
from ffcolor.rules.graph.base import GraphLearner, direction
from ffcolor.rules.graph.data import Graph
from ffcolor.settings import Choice, Constraint, Number, Whole, check


class SingleForward(GraphLearner):
    """Graph layers that learn by agreement with what stands for the labels.

    Args:
        labels: ``"mean"``, the mean of the other known nodes stands for a label, or ``"joined"``, an added node.
        agreement: ``"dot"`` or ``"cosine"``.
        top: None, ``"input"`` or ``"loss"``: how a layer hears from those above it. ``"loss"`` needs equal widths.
        readout: ``"last"`` answers by the last layer's opinion, ``"all"`` by the sum of all layers' probabilities.
        held_out: where labels are joined, the share of each label's known nodes that is asked in a step and not
            joined, 0 to 1; at least one node of each label stays joined.
        temperature: T of the agreement.
        rounds: passes in a step where layers hear from above, from silence on; one otherwise.
        **settings: of `GraphLearner`.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **GraphLearner.limits,
        "labels": Choice("mean", "joined"),
        "agreement": Choice("dot", "cosine"),
        "top": Choice("input", "loss") | None,
        "readout": Choice("last", "all"),
        "held_out": Number(0, 1),
        "temperature": Number(1e-6),
        "rounds": Whole(1),
    }

    def __init__(
        self,
        graph: Graph,
        sizes: Sequence[int],
        *,
        labels: str = "mean",
        agreement: str = "dot",
        top: str | None = "input",
        readout: str = "last",
        held_out: float = 0.5,
        temperature: float = 0.3,
        rounds: int = 3,
        **settings: Any,
    ):
        super().__init__(graph, sizes, **settings)
        check(self.limits, labels=labels, agreement=agreement, top=top, readout=readout)
        given = check(self.limits, held_out=held_out, temperature=temperature, rounds=rounds)
        self.labels, self.agreement, self.top, self.readout = labels, agreement, top, readout
        self.held_out: float = given["held_out"]
        self.temperature: float = given["temperature"]
        self.rounds: int = given["rounds"] if top else 1
        hidden = self.sizes[1:]
        if top == "loss" and len(set(hidden)) > 1:
            message = f'top="loss" averages over layers, which must be of one width; sizes is {self.sizes}'
            raise FfcolorError(message, code="invalid-setting", value=self.sizes)
        above = [*hidden[1:], 0] if top == "input" else [0] * len(hidden)
        self._add_layers([(i + a, o) for i, a, o in zip(self.sizes, above, hidden, strict=False)])

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """One step of every layer on the whole graph (in every round, where layers hear from above)."""
        x = self.as_inputs(x)
        nodes, truth = self._learn(self.as_labels(y, len(x)))
        joined, asked = self._parted(truth) if self.labels == "joined" else (truth >= 0, truth >= 0)
        losses = [0.0] * len(self.layers)

        def teach(place: int, opinion: Tensor) -> None:
            loss = cross_entropy(opinion[nodes[asked]], truth[asked])
            self.optimizers[place].zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizers[place].step()
            losses[place] = float(loss.detach())

        self._opinions(x, nodes[joined], truth[joined], teach)
        named = {f"layer{place}": loss for place, loss in enumerate(losses)}
        return named | {"loss": sum(losses)}

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the probability of every label for each node (n, C), or of labels y (n,)."""
        every = [opinion.softmax(1) for opinion in self._opinions(self.as_inputs(x), *self._known())]
        return self.of_labels(every, y)

    def predict(self, x: Any) -> Tensor:
        """The label of each node, int64 (n,)."""
        every = self.goodness(x)
        return (every[-1] if self.readout == "last" else torch.stack(every).sum(0)).argmax(1)

    def _parted(self, truth: Tensor) -> tuple[Tensor, Tensor]:
        """Which of the known nodes with labels (k,) are joined in this step, and which are asked: bool (k,) each."""
        asked = torch.zeros(len(truth), dtype=torch.bool)
        for label in range(self.num_classes) if self.held_out else ():
            members = (truth == label).nonzero()[:, 0]
            count = max(0, min(max(1, round(self.held_out * len(members))), len(members) - 1))
            asked[members[torch.randperm(len(members), generator=self.generator)[:count]]] = True
        return (~asked, asked) if bool(asked.any()) else (~asked, ~asked)

    def _opinions(
        self, x: Tensor, nodes: Tensor, truth: Tensor, teach: Callable[[int, Tensor], None] | None = None
    ) -> list[Tensor]:
        """Every layer's opinion of each node in the last round, logits (n, C); `teach` is told of each as it arises."""
        graph, bottom = self.graph, direction(x)
        if self.labels == "joined":
            graph = graph.joined(nodes, truth, self.num_classes)
            bottom = torch.cat([bottom, self._label_nodes()])
        states = [torch.zeros(graph.size, width) for width in self.sizes[1:]]
        opinions: list[Tensor] = []
        for _ in range(self.rounds):
            last, states, opinions = states, [], []
            below = bottom
            for place, layer in enumerate(self.layers):
                seen = below
                if self.top == "input" and place + 1 < len(last):
                    seen = torch.cat([below, direction(last[place + 1])], 1)
                h = layer(graph, seen).relu()
                judged = torch.stack([h, *last[place + 1 :]]).mean(0) if self.top == "loss" else h
                opinion = self._agreed(judged, nodes, truth) / self.temperature
                if teach is not None:
                    teach(place, opinion)
                opinions.append(opinion.detach())
                states.append(h.detach())
                below = direction(states[-1])
        return opinions

    def _agreed(self, h: Tensor, nodes: Tensor, truth: Tensor) -> Tensor:
        """How each node's activities agree with those of every label, by activities of all nodes: (n, C)."""
        scaled = direction if self.agreement == "cosine" else torch.Tensor.contiguous
        if self.labels == "joined":
            return scaled(h[: self.graph.size]) @ scaled(h[self.graph.size :]).T
        count = torch.bincount(truth, minlength=self.num_classes)[:, None]
        total = torch.zeros(self.num_classes, h.shape[1]).index_add(0, truth, h[nodes])
        agreed = scaled(h) @ scaled(total / count.clamp(min=1)).T
        not_alone = count[truth, 0] > 1
        node, label = nodes[not_alone], truth[not_alone]
        others = (total[label] - h[node]) / (count[label] - 1)
        return agreed.index_put((node, label), (scaled(h[node]) * scaled(others)).sum(1))
