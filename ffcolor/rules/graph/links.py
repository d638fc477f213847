"""Link prediction: whether two nodes of a graph are joined, by layers with losses of their own.

A layer makes z = conv(d(h)) of the nodes, d(h) = h / |h|, and passes d(relu(z)) up, detached. Of a pair (u, v) it makes
e = z_u * z_v, number by number, and its margin is

    form="single"            m = sum e            one pass, the inner product of the two nodes
    form="forward-forward"   m = sum e^2 - threshold   the goodness of a link, as of any other input

with loss softplus(-m) for pairs that are joined and softplus(m) for those that are not. The answer is the sum of the
layers' margins; a pair is a link where it is above 0. `LinkBackprop` is the twin: the single form's last layer alone,
taught end to end.

Source: Park, Wang, Simoulin et al., "Forward Learning of Graph Neural Networks" (ICLR 2024), section 3; the
inner product: Kipf and Welling, "Variational Graph Auto-Encoders" (2016), arXiv 1611.07308.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ffcolor.errors import FfcolorError
from ffcolor.rules.graph.base import direction
from ffcolor.rules.graph.convolutions import CONVOLUTIONS
from ffcolor.rules.graph.data import Graph
from ffcolor.rules.graph.roc import auc
from ffcolor.rules.parts.dense_stack import SIZES
from ffcolor.rules.parts.learner import Learner
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Choice, Constraint, Number, check


class LinkForward(Learner):
    """Graph layers that each tell links from pairs that are not joined.

    Its inputs are pairs of nodes, whole numbers (n, 2); their labels are 1 for a link and 0 for none.

    Args:
        graph: along whose edges the layers mix; links to be predicted should not be in it.
        features: of its nodes, (nodes, sizes[0]).
        sizes: number of features of a node, then of units of each layer.
        form: ``"single"`` or ``"forward-forward"``.
        threshold: of the goodness in the form ``"forward-forward"``.
        convolution: ``"gcn"``, ``"sage"`` or ``"gat"``.
        learning_rate: of Adam, one for each layer.
        batch_size: pairs of one step.
        seed: of weights and of the order of pairs.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Learner.limits,
        "sizes": SIZES,
        "form": Choice("single", "forward-forward"),
        "threshold": Number(0),
        "convolution": Choice(*CONVOLUTIONS),
    }

    def __init__(
        self,
        graph: Graph,
        features: Any,
        sizes: Sequence[int],
        *,
        form: str = "single",
        threshold: float = 2.0,
        convolution: str = "gcn",
        learning_rate: float = 0.005,
        batch_size: int = 4096,
        seed: int = 0,
    ):
        super().__init__(learning_rate=learning_rate, num_classes=2, batch_size=batch_size, seed=seed)
        given = check(self.limits, sizes=sizes, form=form, threshold=threshold, convolution=convolution)
        self.graph = graph
        self.sizes: list[int] = given["sizes"]
        self.form: str = given["form"]
        self.threshold: float = given["threshold"]
        self.features = super().as_inputs(features)
        if self.features.shape != (graph.size, self.sizes[0]):
            message = f"the features are {tuple(self.features.shape)}; this graph needs {(graph.size, self.sizes[0])}"
            raise FfcolorError(message, code="shape", value=tuple(self.features.shape))
        layer = CONVOLUTIONS[given["convolution"]]
        self.layers = nn.ModuleList(layer(i, o, self.generator) for i, o in itertools.pairwise(self.sizes))
        self.optimizers = self._optimizers()

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        return [torch.optim.Adam(layer.parameters(), self.learning_rate) for layer in self.layers]

    def parts(self) -> dict[str, Part]:
        """The layers and their optimisers."""
        optimizers = {f"adam{place}": optimizer for place, optimizer in enumerate(self.optimizers)}
        return {"layers": self.layers, **optimizers}

    def as_inputs(self, x: Any) -> Tensor:
        """Pairs of nodes, int64 (n, 2).

        Raises:
            FfcolorError: `code` is ``"shape"``, or ``"invalid-edge"`` with the place of the first such pair.
        """
        pairs = torch.as_tensor(x)
        kinds = pairs.is_floating_point() or pairs.is_complex() or pairs.dtype == torch.bool
        if pairs.ndim != 2 or pairs.shape[1] != 2 or not len(pairs) or kinds:
            message = (
                f"the pairs are {pairs.dtype} {tuple(pairs.shape)}; they must be whole numbers (n, 2), n at least 1"
            )
            raise FfcolorError(message, code="shape", value=tuple(pairs.shape))
        outside = ((pairs < 0) | (pairs >= self.graph.size)).any(1)
        if bool(outside.any()):
            place = int(outside.nonzero()[0, 0])
            message = f"pair {place} is {pairs[place].tolist()}; nodes are numbered from 0 to {self.graph.size - 1}"
            raise FfcolorError(message, code="invalid-edge", value=pairs[place].tolist(), position=place)
        return pairs.to(torch.int64)

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """One step of every layer, on pairs (n, 2) and whether they are links (n,), 1 or 0."""
        pairs = self.as_inputs(x)
        sign = 1 - 2 * self.as_labels(y, len(pairs)).float()
        losses: dict[str, float] = {}
        below = direction(self.features)
        for place, (layer, adam) in enumerate(zip(self.layers, self.optimizers, strict=True)):
            z = layer(self.graph, below)
            loss = softplus(sign * self._margin(z, pairs)).mean()
            adam.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
            below = direction(z.detach().relu())
            losses[f"layer{place}"] = float(loss.detach())
        return losses | {"loss": sum(losses.values())}

    @torch.no_grad()
    def margins(self, x: Any) -> list[Tensor]:
        """For each layer, the margin of each pair (n,): above 0 it takes it for a link."""
        pairs = self.as_inputs(x)
        found, below = [], direction(self.features)
        for layer in self.layers:
            z = layer(self.graph, below)
            found.append(self._margin(z, pairs))
            below = direction(z.relu())
        return found

    def scores(self, x: Any) -> Tensor:
        """How much each pair looks like a link: the sum of the layers' margins, (n,)."""
        return torch.stack(self.margins(x)).sum(0)

    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the margin for each pair being none and one (n, 2), or for labels y (n,)."""
        every = [torch.stack([-margin, margin], 1) for margin in self.margins(x)]
        return self.of_labels(every, y)

    def predict(self, x: Any) -> Tensor:
        """Whether each pair is a link, 1 or 0: int64 (n,)."""
        return (self.scores(x) > 0).long()

    def auc(self, x: Any, y: Any) -> float:
        """How often a link scores above a pair that is not a link, 0 to 1: see `auc`."""
        return auc(self.scores(x), self.as_labels(y, len(x)))

    def _margin(self, z: Tensor, pairs: Tensor) -> Tensor:
        edge = z[pairs[:, 0]] * z[pairs[:, 1]]
        return edge.sum(1) if self.form == "single" else edge.square().sum(1) - self.threshold


class LinkBackprop(LinkForward):
    """The twin: the last layer's inner product alone, taught end to end; arguments as `LinkForward` has them."""

    def __init__(self, graph: Graph, features: Any, sizes: Sequence[int], **settings: Any):
        super().__init__(graph, features, sizes, **settings, form="single")

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        return [torch.optim.Adam(self.layers.parameters(), self.learning_rate)]

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """One step of all layers together."""
        pairs = self.as_inputs(x)
        sign = 1 - 2 * self.as_labels(y, len(pairs)).float()
        (adam,) = self.optimizers
        loss = softplus(sign * self._margin(self._last(), pairs)).mean()
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        adam.step()
        return {"loss": float(loss.detach())}

    @torch.no_grad()
    def margins(self, x: Any) -> list[Tensor]:
        """The margin of each pair (n,), as of one layer: no other has one."""
        return [self._margin(self._last(), self.as_inputs(x))]

    def _last(self) -> Tensor:
        z, below = self.features, direction(self.features)
        for layer in self.layers:
            z = layer(self.graph, below)
            below = direction(z.relu())
        return z
