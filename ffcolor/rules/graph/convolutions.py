"""Graph convolutions: what a node takes from its neighbours. Each maps (n, in) to (n, out) on any graph.

Sources: GCN: Kipf and Welling, arXiv 1609.02907, equation 2; SAGE with the mean: Hamilton, Ying and Leskovec, arXiv
1706.02216, algorithm 1; GAT: Veličković et al., arXiv 1710.10903, equations 1 to 4, with one head.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ffcolor.rules.graph.data import Graph


class GCN(nn.Module):
    """The mean over neighbours and the node itself, weighted by degrees, then a linear map."""

    def __init__(self, fan_in: int, fan_out: int, generator: torch.Generator):
        super().__init__()
        self.weight = _glorot(fan_out, fan_in, generator)
        self.bias = nn.Parameter(torch.zeros(fan_out))

    def forward(self, graph: Graph, h: Tensor) -> Tensor:
        """Mix: (n, in) to (n, out)."""
        mixed: Tensor = torch.sparse.mm(graph.symmetric, h @ self.weight.T)
        return mixed + self.bias


class SAGE(nn.Module):
    """One linear map of the node itself plus another of the mean over its neighbours."""

    def __init__(self, fan_in: int, fan_out: int, generator: torch.Generator):
        super().__init__()
        self.own = _glorot(fan_out, fan_in, generator)
        self.others = _glorot(fan_out, fan_in, generator)
        self.bias = nn.Parameter(torch.zeros(fan_out))

    def forward(self, graph: Graph, h: Tensor) -> Tensor:
        """Mix: (n, in) to (n, out)."""
        others: Tensor = torch.sparse.mm(graph.mean, h @ self.others.T)
        return h @ self.own.T + others + self.bias


class GAT(nn.Module):
    """A mean over neighbours and the node itself whose weights depend on what both of them show."""

    def __init__(self, fan_in: int, fan_out: int, generator: torch.Generator):
        super().__init__()
        self.weight = _glorot(fan_out, fan_in, generator)
        self.start = _glorot(1, fan_out, generator)
        self.end = _glorot(1, fan_out, generator)
        self.bias = nn.Parameter(torch.zeros(fan_out))

    def forward(self, graph: Graph, h: Tensor) -> Tensor:
        """Mix: (n, in) to (n, out)."""
        z = h @ self.weight.T
        start, end = graph.with_loops
        affinity = nn.functional.leaky_relu((z @ self.start.T)[start, 0] + (z @ self.end.T)[end, 0], 0.2)  # (m,)
        highest = torch.full((graph.size,), -torch.inf).scatter_reduce(0, end, affinity.detach(), "amax")
        share = (affinity - highest[end]).exp()
        total = torch.zeros(graph.size).index_add(0, end, share)
        share = share / total[end]
        return torch.zeros_like(z).index_add(0, end, share[:, None] * z[start]) + self.bias


CONVOLUTIONS: dict[str, type[GCN] | type[SAGE] | type[GAT]] = {"gcn": GCN, "sage": SAGE, "gat": GAT}
"""Every convolution by name."""


def _glorot(fan_out: int, fan_in: int, generator: torch.Generator) -> nn.Parameter:
    """Uniform weights. Source: Glorot and Bengio (2010), equation 16."""
    reach = (6 / (fan_in + fan_out)) ** 0.5
    return nn.Parameter((torch.rand(fan_out, fan_in, generator=generator) * 2 - 1) * reach)
