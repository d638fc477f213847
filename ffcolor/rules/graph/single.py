"""Single forward, SF: a node's activities agree with those of its label's node; one pass, no negatives.

C nodes are added to the graph, one a label, with fixed random features, and known nodes are joined to the node of their
label, both ways. A layer's opinion of node v is how its activities agree with those of the label nodes,

    logits_c = d(h_v) . d(h_c) / T,   d(h) = h / |h|

taught by the cross-entropy of its own opinions; layer l sees d(h) of the layer below, detached.

A joint tells a node its own label, which a node that is asked in earnest does not know. So in every step a share of the
known nodes is held out: they are not joined, and they alone are asked (`held_out=0` joins and asks all, as published).

Layers may hear from above, always detached: ``top="input"`` feeds a layer the directions of the next layer's
activities in the round before as well, so that layers together see further than their number of steps along the edges;
``top="loss"`` judges the mean of a layer's activities and of those above it in the round before.

Source: Park, Ahmed, Sontag and Faloutsos, "Forward Learning of Graph Neural Networks" (ICLR 2024), section 4. Holding
out is ours here; for labels as features of a graph it is Shi et al., UniMP (2021), arXiv 2009.03509, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ffcolor.errors import FfcolorError
from ffcolor.rules.graph.base import GraphLearner, direction
from ffcolor.rules.graph.data import Graph
from ffcolor.rules.protocol import choice, number, whole


class SingleForward(GraphLearner):
    """Graph layers that learn by agreement with label nodes.

    Args:
        top: None, ``"input"`` or ``"loss"``: how a layer hears from those above it. ``"loss"`` needs equal widths.
        readout: ``"last"`` answers by the last layer's opinion, ``"all"`` by the sum of all layers' probabilities.
        held_out: share of each label's known nodes that is asked in a step and not joined, 0 to 1; at least one node of
            each label stays joined.
        temperature: T of the agreement.
        rounds: passes in a step where layers hear from above, from silence on; one otherwise.
        **settings: of `GraphLearner`.
    """

    def __init__(
        self,
        graph: Graph,
        sizes: Sequence[int],
        *,
        top: str | None = "input",
        readout: str = "last",
        held_out: float = 0.5,
        temperature: float = 0.1,
        rounds: int = 3,
        **settings: Any,
    ):
        super().__init__(graph, sizes, **settings)
        self.top = None if top is None else choice("top", top, ("input", "loss"))
        self.readout = choice("readout", readout, ("last", "all"))
        self.held_out = number("held_out", held_out, 0, 1)
        self.temperature = number("temperature", temperature, 1e-6)
        self.rounds = whole("rounds", rounds, 1) if top else 1
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
        joined, asked = self._parted(truth)
        losses = [0.0] * len(self.layers)

        def teach(place: int, opinion: Tensor) -> None:
            loss = cross_entropy(opinion[nodes[asked]], truth[asked])
            self.optimizers[place].zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizers[place].step()
            losses[place] = float(loss.detach())

        self._opinions(x, nodes[joined], truth[joined], teach)
        named = {f"layer{place}": loss for place, loss in enumerate(losses)}
        return named | {"loss": sum(losses) / len(losses)}

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the probability of every label for each node (n, C), or of labels y (n,)."""
        every = [opinion.softmax(1) for opinion in self._opinions(self.as_inputs(x), *self._known())]
        return every if y is None else self._of(every, y)

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
        graph = self.graph.joined(nodes, truth, self.num_classes)
        states = [torch.zeros(graph.size, width) for width in self.sizes[1:]]
        opinions: list[Tensor] = []
        for _ in range(self.rounds):
            last, states, opinions = states, [], []
            below = torch.cat([direction(x), self._label_nodes()])
            for place, layer in enumerate(self.layers):
                seen = below
                if self.top == "input" and place + 1 < len(last):
                    seen = torch.cat([below, direction(last[place + 1])], 1)
                h = layer(graph, seen).relu()
                judged = torch.stack([h, *last[place + 1 :]]).mean(0) if self.top == "loss" else h
                opinion = direction(judged[: len(x)]) @ direction(judged[len(x) :]).T / self.temperature
                if teach is not None:
                    teach(place, opinion)
                opinions.append(opinion.detach())
                states.append(h.detach())
                below = direction(states[-1])
        return opinions
