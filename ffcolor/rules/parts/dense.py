"""One fully connected layer of Forward-Forward: its weights, its goodness, its own loss and its own optimiser.

    z = W n(x) + b,   h = relu(z),   g = mean h^2 (or sum h^2)
    dloss/dz = 2 h dloss/dg / width (or without the width),   dloss/dW = dloss/dz^T n(x)

Nothing comes from another layer, and nothing is recorded for automatic differentiation.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ffcolor.rules.parts.losses import ALPHA, LOSSES
from ffcolor.rules.parts.norms import Peers


class Dense:
    """A layer of units.

    Args:
        inputs: size of an input.
        units: number of units.
        goodness: ``"mean"`` or ``"sum"`` of the squared activities.
        threshold: goodness between positive and negative, for the logistic loss.
        loss: a name out of `ffcolor.rules.parts.losses.LOSSES`.
        alpha: sharpness of the loss; None for its own.
        peer: weight of peer normalisation, or 0.
        straight_through: whether the gradient passes units that are off.
        gain: weights are drawn with a standard deviation of gain / sqrt(inputs).
        lr: learning rate.
        weight_decay: by which Adam shrinks the weights a step, times lr.
        generator: draws the weights.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        *,
        goodness: str,
        threshold: float,
        loss: str,
        alpha: float | None,
        peer: float,
        straight_through: bool,
        gain: float,
        lr: float,
        weight_decay: float,
        generator: torch.Generator,
    ):
        device = generator.device
        self.weight = torch.randn(units, inputs, generator=generator, device=device) * (gain / inputs**0.5)
        self.bias = torch.zeros(units, device=device)
        self.share = 1 / units if goodness == "mean" else 1.0
        self.threshold = threshold
        self.loss = LOSSES[loss]
        self.alpha = ALPHA[loss] if alpha is None else alpha
        self.peers = Peers(units, peer, device=device) if peer else None
        self.straight_through = straight_through
        self.lr = lr
        self.optimizer = adam([self.weight, self.bias], lr, weight_decay)

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

    def learn(self, weight: Tensor, bias: Tensor, cooled: float) -> None:
        """Take a step down gradients of weight and bias, by the learning rate times `cooled`."""
        step(self.optimizer, [weight, bias], self.lr * cooled)


def cooled(progress: float, cooldown: float) -> float:
    """The factor of learning rates: 1, and over the last share `cooldown` of the learning falling in line to 0."""
    return min(1.0, (1 - progress) / cooldown) if cooldown else 1.0


def adam(tensors: list[Tensor], lr: float, weight_decay: float = 0.0) -> torch.optim.Optimizer:
    """An AdamW over plain tensors, in one pass over memory where torch can."""
    try:
        return torch.optim.AdamW(tensors, lr=lr, weight_decay=weight_decay, fused=True)
    except RuntimeError:  # torch before 2.4 has it on CUDA only
        return torch.optim.AdamW(tensors, lr=lr, weight_decay=weight_decay)


def step(optimizer: torch.optim.Optimizer, gradients: list[Tensor], lr: float) -> None:
    """Take a step with gradients that were worked out by hand, one for each tensor of the optimiser; none is kept."""
    group = optimizer.param_groups[0]
    group["lr"] = lr
    for tensor, gradient in zip(group["params"], gradients, strict=True):
        tensor.grad = gradient
    optimizer.step()
    optimizer.zero_grad()
