"""A linear softmax on top of features, learned by its own gradient: the head of Forward-Forward, and the read-out.

loss = mean_i -log softmax(V f_i + b)[y_i],   dloss/dlogits = (softmax - onehot(y)) / n
"""

from __future__ import annotations

import torch
from torch import Tensor

from ffcolor.rules.parts.optimizer import adam, step


class Head:
    """A linear classifier that starts from zero.

    Args:
        inputs: number of features.
        classes: number of labels.
        learning_rate: of its Adam.
        weight_decay: of Adam: each step shrinks the weights by this times the learning rate.
        device: where it computes.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        learning_rate: float = 1e-3,
        weight_decay: float = 3e-3,
        device: torch.device | None = None,
    ):
        self.weight = torch.zeros(classes, inputs, device=device)
        self.bias = torch.zeros(classes, device=device)
        self.learning_rate = learning_rate
        self.optimizer = adam([self.weight, self.bias], learning_rate, weight_decay)

    def __call__(self, features: Tensor) -> Tensor:
        """Logits of features: (n, inputs) to (n, classes)."""
        return torch.addmm(self.bias, features, self.weight.T)

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of its state, but for its optimiser's."""
        return {"weight": self.weight, "bias": self.bias}

    @torch.no_grad()
    def learn(self, features: Tensor, y: Tensor, warmth: float = 1.0) -> float:
        """Take a step on features (n, inputs) with labels (n,), at `warmth` times the learning rate; give the loss."""
        log = self(features).log_softmax(1)
        slope = log.exp()
        slope[torch.arange(len(y), device=y.device), y] -= 1
        slope /= len(y)
        step(self.optimizer, [slope.T @ features, slope.sum(0)], self.learning_rate * warmth)
        return -float(log.gather(1, y[:, None]).mean())
