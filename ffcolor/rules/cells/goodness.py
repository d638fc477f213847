"""Groups of units that compete for what a cell should be: their goodness, and its cross-entropy in closed form."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot


def goodness(h: Tensor, groups: int) -> Tensor:
    """The mean square of each group: activities (m, units) to (m, groups); units that are left over are in none."""
    each = h.shape[1] // groups
    return h[:, : each * groups].square().view(len(h), groups, each).mean(2)


def slopes(h: Tensor, own: Tensor, groups: int) -> tuple[float, Tensor]:
    """The cross-entropy of the groups' goodness, and its derivative by z (m, units), for the right groups (m,)."""
    g, each = goodness(h, groups), h.shape[1] // groups
    slope = (g.softmax(1) - one_hot(own, groups)) * (2 / each / len(h))
    dz = torch.zeros_like(h)
    dz[:, : each * groups] = slope.repeat_interleave(each, 1)
    return float(cross_entropy(g, own)), dz * h
