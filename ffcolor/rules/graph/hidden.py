"""Links hidden from a graph, to be predicted, and pairs that are not links to tell them from."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.graph.data import Graph
from ffcolor.settings import Number, Whole, check


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
    """Hide a share of the links of an undirected graph, to be predicted; and draw as many pairs that are not links.

    Args:
        graph: every edge both ways, as `Graph.undirected` makes it.
        share: of the links to hide, 0 to 1.
        seed: of what is hidden and drawn.

    Raises:
        FfcolorError: `code` is ``"no-data"``: nothing would be left to learn from or to test with, or the graph is so
            dense that there are not as many other pairs.
    """
    given = check({"share": Number(0, 1), "seed": Whole(0)}, share=share, seed=seed)
    generator = torch.Generator().manual_seed(given["seed"])
    links = graph.edges.T[graph.edges[0] < graph.edges[1]]  # (m, 2)
    links = links[torch.randperm(len(links), generator=generator)]
    joined = torch.eye(graph.size, dtype=torch.bool)
    joined[graph.edges[0], graph.edges[1]] = True
    others = (~joined).triu(1).nonzero()
    hidden = round(given["share"] * len(links))
    if not 0 < hidden < len(links) or len(others) < len(links):
        message = f"{hidden} of {len(links)} links would be hidden, with {len(others)} other pairs: too few"
        raise FfcolorError(message, code="no-data", value=share)
    others = others[torch.randperm(len(others), generator=generator)[: len(links)]]
    kept = Graph.undirected(graph.size, links[hidden:].T)
    labels = torch.cat([torch.ones(len(links), dtype=torch.int64), torch.zeros(len(links), dtype=torch.int64)])
    test = torch.cat([torch.arange(hidden), len(links) + torch.arange(hidden)])
    rest = torch.ones(len(labels), dtype=torch.bool).index_fill(0, test, False)
    pairs = torch.cat([links, others])
    return Links(kept, pairs[rest], labels[rest], pairs[test], labels[test])
