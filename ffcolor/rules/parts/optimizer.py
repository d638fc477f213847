"""Optimisers over plain tensors, for gradients that were worked out by hand."""

from __future__ import annotations

import torch
from torch import Tensor


def adam(tensors: list[Tensor], learning_rate: float, weight_decay: float = 0.0) -> torch.optim.Optimizer:
    """An AdamW over plain tensors, in one pass over memory where torch can."""
    try:
        return torch.optim.AdamW(tensors, lr=learning_rate, weight_decay=weight_decay, fused=True)
    except RuntimeError:  # torch before 2.4 has it on CUDA only
        return torch.optim.AdamW(tensors, lr=learning_rate, weight_decay=weight_decay)


def step(optimizer: torch.optim.Optimizer, gradients: list[Tensor], learning_rate: float | None) -> None:
    """Take a step with one gradient for each tensor of the optimiser, and keep none; None: at its own rate."""
    group = optimizer.param_groups[0]
    if learning_rate is not None:
        group["lr"] = learning_rate
    for tensor, gradient in zip(group["params"], gradients, strict=True):
        tensor.grad = gradient
    optimizer.step()
    optimizer.zero_grad()


def descend(optimizer: torch.optim.Optimizer, loss: Tensor, learning_rate: float) -> None:
    """Take a step down the gradient of a loss by the optimiser's tensors, and keep none of it."""
    tensors = optimizer.param_groups[0]["params"]
    step(optimizer, list(torch.autograd.grad(loss, tensors)), learning_rate)
