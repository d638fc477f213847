"""Graphs: a list of edges, ready to be mixed along; and two sources of graphs to learn on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.settings import Number, Whole, check


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph without self-loops, every edge once for each direction it goes in.

    Args:
        size: number of nodes n.
        edges: int64 (2, m): from, to. Use `undirected` for edges that go both ways.
    """

    size: int
    edges: Tensor

    def __post_init__(self) -> None:
        edges = torch.as_tensor(self.edges)
        if edges.ndim != 2 or len(edges) != 2 or edges.is_floating_point():
            message = f"the edges are {edges.dtype} {tuple(edges.shape)}; they must be whole numbers (2, m): from, to"
            raise FfcolorError(message, code="shape", value=tuple(edges.shape))
        outside = (edges < 0) | (edges >= self.size)
        if bool(outside.any()):
            place = int(outside.any(0).nonzero()[0, 0])
            message = f"edge {place} is {edges[:, place].tolist()}; nodes are numbered from 0 to {self.size - 1}"
            raise FfcolorError(message, code="invalid-edge", value=edges[:, place].tolist(), position=place)
        object.__setattr__(self, "edges", edges.to(torch.int64))

    @classmethod
    def undirected(cls, size: int, pairs: Any) -> Graph:
        """A graph from pairs (m, 2) or (2, m), in which every edge goes both ways, once, and none to itself."""
        pairs = torch.as_tensor(pairs, dtype=torch.int64)
        pairs = pairs.T if pairs.ndim == 2 and pairs.shape[1] == 2 and pairs.shape[0] != 2 else pairs
        pairs = pairs[:, pairs[0] != pairs[1]]
        return cls(size, torch.unique(torch.cat([pairs, pairs.flip(0)], 1), dim=1))

    def joined(self, nodes: Tensor, to: Tensor, added: int) -> Graph:
        """The graph with `added` more nodes, and an edge both ways between each of `nodes` (k,) and its `to` (k,)."""
        more = torch.stack([nodes, self.size + to])
        return Graph(self.size + added, torch.cat([self.edges, more, more.flip(0)], 1))

    @cached_property
    def with_loops(self) -> Tensor:
        """The edges and a loop at each node: (2, m + n)."""
        loops = torch.arange(self.size)
        return torch.cat([self.edges, torch.stack([loops, loops])], 1)

    @cached_property
    def symmetric(self) -> Tensor:
        """The sparse matrix D^-1/2 (A + I) D^-1/2. Source: Kipf and Welling, arXiv 1609.02907, equation 2."""
        start, end = self.with_loops
        scale = torch.bincount(end, minlength=self.size).float().rsqrt()
        return self._matrix(self.with_loops, scale[start] * scale[end])

    @cached_property
    def mean(self) -> Tensor:
        """The sparse matrix that takes the mean over each node's neighbours; zero for a node without any."""
        end = self.edges[1]
        share = 1 / torch.bincount(end, minlength=self.size).clamp(min=1).float()
        return self._matrix(self.edges, share[end])

    def _matrix(self, edges: Tensor, values: Tensor) -> Tensor:
        size = (self.size, self.size)
        return torch.sparse_coo_tensor(edges.flip(0), values, size, check_invariants=True).coalesce()


_LIMITS = {
    "blocks": Whole(2),
    "size": Whole(1),
    "inside": Number(0, 1),
    "across": Number(0, 1),
    "features": Whole(1),
    "signal": Number(0),
    "known": Whole(1),
    "seed": Whole(0),
}


class Labelled(NamedTuple):
    """A graph with features and labels of its nodes, and which of them may be learned from."""

    graph: Graph
    features: Tensor
    """float32 (n, d)."""
    labels: Tensor
    """int64 (n,)."""
    known: Tensor
    """bool (n,): nodes whose labels the learner sees."""


def karate_club(known: int = 4, seed: int = 0) -> Labelled:
    """Zachary's karate club: 34 members, 78 friendships, two sides; a member's features are its own number, one-hot.

    Args:
        known: members of each side whose side is known.
        seed: which.

    Source: Zachary, "An information flow model for conflict and fission in small groups" (1977); data: networkx.
    """
    import networkx

    club = networkx.karate_club_graph()
    labels = torch.tensor([int(club.nodes[node]["club"] == "Officer") for node in club])
    graph = Graph.undirected(len(club), list(club.edges))
    return Labelled(graph, torch.eye(len(club)), labels, _known(labels, Whole(1).check("known", known), seed))


def block_graph(
    blocks: int = 4,
    size: int = 100,
    inside: float = 0.08,
    across: float = 0.01,
    features: int = 16,
    signal: float = 0.5,
    known: int = 10,
    seed: int = 0,
) -> Labelled:
    """A stochastic block graph: nodes of one block are joined more often, and their features have a common mean.

    Args:
        blocks: number of blocks, which are the labels.
        size: nodes in a block.
        inside: probability of an edge between two nodes of a block.
        across: between nodes of two blocks.
        features: number of features, normal with standard deviation 1.
        signal: standard deviation of a block's mean in each feature: 0 leaves only the edges to tell.
        known: nodes of each block whose labels are known.
        seed: of everything random.

    Source: Holland, Laskey and Leinhardt, "Stochastic blockmodels: first steps" (1983).
    """
    check(_LIMITS, blocks=blocks, size=size, features=features, known=known, seed=seed)
    check(_LIMITS, inside=inside, across=across, signal=signal)
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(blocks).repeat_interleave(size)
    chance = torch.where(labels[:, None] == labels, inside, across)
    drawn = torch.rand(chance.shape, generator=generator).triu(1)
    pairs = ((drawn > 0) & (drawn < chance)).nonzero().T
    means = signal * torch.randn(blocks, features, generator=generator)
    values = means[labels] + torch.randn(len(labels), features, generator=generator)
    return Labelled(Graph.undirected(len(labels), pairs), values, labels, _known(labels, known, seed))


def _known(labels: Tensor, each: int, seed: int) -> Tensor:
    """`each` random nodes of every label: bool (n,)."""
    generator = torch.Generator().manual_seed(seed + 1)
    known = torch.zeros(len(labels), dtype=torch.bool)
    for label in range(int(labels.max()) + 1):
        members = (labels == label).nonzero()[:, 0]
        known[members[torch.randperm(len(members), generator=generator)[:each]]] = True
    return known
