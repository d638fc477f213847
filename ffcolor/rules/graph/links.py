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
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ffcolor.errors import FfcolorError
from ffcolor.rules.graph.base import direction
from ffcolor.rules.graph.convolutions import CONVOLUTIONS
from ffcolor.rules.graph.data import Graph
from ffcolor.rules.protocol import Learner, Part, choice, number, whole, widths


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
        super().__init__(num_classes=2, batch_size=batch_size, seed=seed)
        self.graph = graph
        self.sizes = widths("sizes", sizes)
        self.form = choice("form", form, ("single", "forward-forward"))
        self.threshold = number("threshold", threshold)
        self.learning_rate = number("learning_rate", learning_rate)
        self.features = super().as_inputs(features)
        if self.features.shape != (graph.size, self.sizes[0]):
            message = f"the features are {tuple(self.features.shape)}; this graph needs {(graph.size, self.sizes[0])}"
            raise FfcolorError(message, code="shape", value=tuple(self.features.shape))
        layer = CONVOLUTIONS[choice("convolution", convolution, CONVOLUTIONS)]
        self.layers = nn.ModuleList(layer(i, o, self.generator) for i, o in itertools.pairwise(self.sizes))
        self.optimizers = self._optimizers()

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        return [torch.optim.Adam(layer.parameters(), self.learning_rate) for layer in self.layers]

    def _parts(self) -> dict[str, Part]:
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
            message = f"pair {place} is {pairs[place].tolist()}; nodes count from 0 to {self.graph.size - 1}"
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
        return losses | {"loss": sum(losses.values()) / len(losses)}

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
        if y is None:
            return every
        labels = self.as_labels(y, len(every[0]))
        return [values.gather(1, labels[:, None])[:, 0] for values in every]

    def predict(self, x: Any) -> Tensor:
        """Whether each pair is a link, 1 or 0: int64 (n,)."""
        return (self.scores(x) > 0).long()

    def auc(self, x: Any, y: Any) -> float:
        """How often a link scores above a pair that is none, 0 to 1: see `auc`."""
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


class Links(NamedTuple):
    """A graph less some of its links, and pairs to learn from and to test with: as many links as others in each."""

    graph: Graph
    pairs: Tensor
    """int64 (n, 2)."""
    labels: Tensor
    """int64 (n,), 1 for a link."""
    test_pairs: Tensor
    test_labels: Tensor


def split_links(graph: Graph, share: float = 0.2, seed: int = 0) -> Links:
    """Hide a share of the links of an undirected graph, to be predicted; and draw as many pairs that are no links.

    Args:
        graph: every edge both ways, as `Graph.undirected` makes it.
        share: of the links to hide, 0 to 1.
        seed: of what is hidden and drawn.

    Raises:
        FfcolorError: `code` is ``"no-data"``: nothing would be left to learn from or to test with, or the graph is so
            dense that there are not as many other pairs.
    """
    generator = torch.Generator().manual_seed(whole("seed", seed, 0))
    links = graph.edges.T[graph.edges[0] < graph.edges[1]]  # (m, 2)
    links = links[torch.randperm(len(links), generator=generator)]
    joined = torch.eye(graph.size, dtype=torch.bool)
    joined[graph.edges[0], graph.edges[1]] = True
    others = (~joined).triu(1).nonzero()
    hidden = round(number("share", share, 0, 1) * len(links))
    if not 0 < hidden < len(links) or len(others) < len(links):
        message = f"of {len(links)} links {hidden} would be hidden, beside {len(others)} pairs that are none: too few"
        raise FfcolorError(message, code="no-data", value=share)
    others = others[torch.randperm(len(others), generator=generator)[: len(links)]]
    kept = Graph.undirected(graph.size, links[hidden:].T)
    labels = torch.cat([torch.ones(len(links), dtype=torch.int64), torch.zeros(len(links), dtype=torch.int64)])
    test = torch.cat([torch.arange(hidden), len(links) + torch.arange(hidden)])
    rest = torch.ones(len(labels), dtype=torch.bool).index_fill(0, test, False)
    pairs = torch.cat([links, others])
    return Links(kept, pairs[rest], labels[rest], pairs[test], labels[test])


def auc(scores: Tensor, labels: Tensor) -> float:
    """The share of pairs of a 1 and a 0 in which the 1 scores higher, ties counting half: scores (n,), labels (n,).

    >>> auc(torch.tensor([0.1, 0.8, 0.4, 0.8]), torch.tensor([0, 1, 0, 0]))
    0.8333333333333334

    Source: Mann and Whitney (1947); Fawcett, "An introduction to ROC analysis" (2006), section 7.
    """
    ones, zeros = scores[labels == 1], scores[labels == 0].sort().values
    if not len(ones) or not len(zeros):
        raise FfcolorError("the labels are all alike; give both links and pairs that are none", code="no-data")
    below, up_to = torch.searchsorted(zeros, ones), torch.searchsorted(zeros, ones, right=True)
    return float((below + up_to).double().sum() / 2 / (len(ones) * len(zeros)))
