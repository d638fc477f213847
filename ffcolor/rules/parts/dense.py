"""One fully connected layer of Forward-Forward: its weights, its goodness, its own loss and its own optimiser.

    z = W n(x) + b,   h = relu(z),   g = mean h^2 (or sum h^2)
    dloss/dz = 2 h dloss/dg / width (or without the width),   dloss/dW = dloss/dz^T n(x)

Nothing comes from another layer, and nothing is recorded for automatic differentiation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor

from ffcolor.rules.parts.losses import ALPHA, LOSSES
from ffcolor.rules.parts.norms import Peers
from ffcolor.rules.parts.optimizer import adam, step
from ffcolor.settings import Choice, Constraint, Flag, Number, check


class Dense:
    """A layer of units.

    Args:
        inputs: size of an input.
        units: number of units.
        goodness: ``"mean"`` or ``"sum"`` of the squared activities.
        threshold: goodness between positive and negative, for the logistic loss; None for what a mean square of 1
            gives, that is 1 for a mean, and the number of units for a sum.
        loss: ``"swish"``, ``"symba"`` or ``"logistic"``; see `ffcolor.rules.parts.losses`.
        alpha: the loss's sharpness; None for 6, 4 and 1, in this order.
        peer: weight of peer normalisation, or 0; Loewe's recipe has 0.03.
        straight_through: whether the gradient passes units that are off; it matters with `peer` only.
        gain: weights are drawn with a standard deviation of gain / sqrt(inputs).
        learning_rate: of its Adam.
        weight_decay: of Adam: each step shrinks the weights by this times the learning rate.
        generator: draws the weights.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        "goodness": Choice("mean", "sum"),
        "threshold": Number(0) | None,
        "loss": Choice(*LOSSES),
        "alpha": Number(0) | None,
        "peer": Number(0),
        "straight_through": Flag(),
        "gain": Number(0),
        "weight_decay": Number(0),
    }

    def __init__(
        self,
        inputs: int,
        units: int,
        *,
        goodness: str,
        threshold: float | None,
        loss: str,
        alpha: float | None,
        peer: float,
        straight_through: bool,
        gain: float,
        learning_rate: float,
        weight_decay: float,
        generator: torch.Generator,
    ):
        check(
            self.limits,
            goodness=goodness,
            threshold=threshold,
            loss=loss,
            alpha=alpha,
            peer=peer,
            straight_through=straight_through,
            gain=gain,
            weight_decay=weight_decay,
        )
        device = generator.device
        self.weight = torch.randn(units, inputs, generator=generator, device=device) * (gain / inputs**0.5)
        self.bias = torch.zeros(units, device=device)
        self.share = 1 / units if goodness == "mean" else 1.0
        usual = 1.0 if goodness == "mean" else float(units)
        self.threshold = usual if threshold is None else threshold
        self.loss = LOSSES[loss]
        self.alpha = ALPHA[loss] if alpha is None else alpha
        self.peers = Peers(units, peer, device=device) if peer else None
        self.straight_through = straight_through
        self.learning_rate = learning_rate
        self.optimizer = adam([self.weight, self.bias], learning_rate, weight_decay)

    def goodness(self, h: Tensor) -> Tensor:
        """Goodness of activities: (..., units) to (...)."""
        g: Tensor = torch.linalg.vecdot(h, h) * self.share
        return g

    def forward(self, x: Tensor) -> Tensor:
        """Activities of inputs that are normalised already: (n, k, inputs) to (n, k, units)."""
        z = torch.addmm(self.bias, x.flatten(0, 1), self.weight.T)
        return z.clamp_(0).view(*x.shape[:2], -1)

    def slopes(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """The layer's loss, and its derivative by z.

        Args:
            h: activities (n, 2, units), of a positive and of its negative.

        Returns:
            The loss, and (n, 2, units).
        """
        g = self.goodness(h)
        loss, up, down = self.loss(g[:, 0], g[:, 1], self.threshold, self.alpha)
        dz = h * (2 * self.share * torch.stack([up, down], 1))[:, :, None]
        if self.peers is not None:
            extra, pull = self.peers.pull(h[:, 0])
            loss = loss + extra
            dz[:, 0] += pull if self.straight_through else pull * (h[:, 0] > 0)
        return loss, dz

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of the layer's state, but for its optimiser's."""
        peers = {} if self.peers is None else {"peers": self.peers.mean}
        return {"weight": self.weight, "bias": self.bias} | peers

    def learn(self, weight: Tensor, bias: Tensor, warmth: float) -> None:
        """Take a step down gradients of weight and bias, by the learning rate times `warmth`."""
        step(self.optimizer, [weight, bias], self.learning_rate * warmth)
