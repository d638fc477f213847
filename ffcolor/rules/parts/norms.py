"""What stands between layers: a scale that keeps direction only; and peers that keep each other from dying.

A layer must not read off its input how good the layer below found it, so each input is scaled to a fixed length:

    rms   z / (sqrt(mean z^2) + eps)     root mean square 1, whatever the width; no mean is subtracted
    l2    z / (|z| + eps)                length 1
    none  z                              what is usually printed, and does not work beyond one layer

Peer normalisation pulls the running mean activity of each unit to that of its layer, m_j <- 0.9 m_j + 0.1 mean_i h_ij:

    loss = mean_j (M - m_j)^2,  M = mean_k m_k;     dloss/dh_ij = 0.1 / n * 2 / width * (m_j - M)

(the terms through M cancel). With the straight-through ReLU this gradient reaches units that no input wakes, which is
all that the straight-through ReLU changes: the gradient of goodness, 2 h, is zero there in any case.

Source: Hinton 2022, arXiv 2212.13345, section 2.1 and note 7; peer normalisation as in the re-implementation by Loewe
(MIT), from its formula.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

_EPS = 1e-8


def _rms(mean_square: Tensor, width: int) -> Tensor:
    return (mean_square.sqrt() + _EPS).reciprocal()


def _l2(mean_square: Tensor, width: int) -> Tensor:
    return ((mean_square * width).sqrt() + _EPS).reciprocal()


def _none(mean_square: Tensor, width: int) -> Tensor:
    return torch.ones_like(mean_square)


NORMS: dict[str, Callable[[Tensor, int], Tensor]] = {"rms": _rms, "l2": _l2, "none": _none}
"""Every norm by name: (mean square of a row, its width) to the factor that scales the row."""


def normalize(z: Tensor, norm: str) -> Tensor:
    """Rows (..., d) scaled by a norm; a row of zeros stays.

    >>> normalize(torch.tensor([[3.0, 4.0]]), "l2")
    tensor([[0.6000, 0.8000]])
    """
    return z * NORMS[norm](z.square().mean(-1, keepdim=True), z.shape[-1])


class Peers:
    """The running mean activity of a layer's units, and the pull of each to the mean of all.

    Args:
        width: number of units.
        weight: of the loss beside the layer's own.
        momentum: what the running mean keeps at each step.
        start: its first value.
    """

    def __init__(
        self,
        width: int,
        weight: float,
        *,
        momentum: float = 0.9,
        start: float = 0.5,
        device: torch.device | None = None,
    ):
        self.weight = weight
        self.momentum = momentum
        self.mean = torch.full((width,), start, device=device)

    def pull(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Update the means by the activities of positives (n, width).

        Returns:
            The weighted loss, and its derivative by each activity of a unit, alike for all inputs: (width,).
        """
        self.mean.mul_(self.momentum).add_(h.mean(0), alpha=1 - self.momentum)
        off = self.mean - self.mean.mean()
        slope = (self.weight * (1 - self.momentum) * 2 / (len(h) * len(off))) * off
        return self.weight * off.square().mean(), slope
