"""Losses of a layer's goodness on positive and negative inputs, each with its gradient in closed form.

Every loss takes the goodnesses of positives and of negatives, (n,) each, and gives the mean loss with its derivative by
either: no automatic differentiation is needed, since a layer's loss sees nothing but its own goodness.

    logistic  mean softplus(theta - g+) + mean softplus(g- - theta)           each side against a threshold
    symba     mean softplus(-alpha D),  D = g+ - g-                           each pair against each other
    swish     mean -alpha D sigmoid(-alpha D)                                 the same, and a pair well apart lets go

Source: logistic: Hinton 2022, arXiv 2212.13345, equation 1; symba: Lee and Song 2023, arXiv 2303.08418; swish as a
pairwise loss: the explorations of "dah33" (explore_forward_forward), from the formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import silu, softplus


class Slope(NamedTuple):
    """A mean loss, and its derivatives by the goodness of positives (n,) and of negatives (n,)."""

    loss: Tensor
    positive: Tensor
    negative: Tensor


def logistic(positive: Tensor, negative: Tensor, threshold: float, alpha: float) -> Slope:
    """The loss of Hinton: goodness of positives above the threshold, of negatives below; `alpha` sharpens both."""
    low, high = alpha * (threshold - positive), alpha * (negative - threshold)
    loss = softplus(low).mean() + softplus(high).mean()
    return Slope(loss, -alpha / len(low) * torch.sigmoid(low), alpha / len(high) * torch.sigmoid(high))


def symba(positive: Tensor, negative: Tensor, threshold: float, alpha: float) -> Slope:
    """The symmetric loss: a positive's goodness above its own negative's; the threshold plays no part."""
    lag = alpha * (negative - positive)
    slope = alpha / len(lag) * torch.sigmoid(lag)
    return Slope(softplus(lag).mean(), -slope, slope)


def swish(positive: Tensor, negative: Tensor, threshold: float, alpha: float) -> Slope:
    """The pairwise loss with a floor: it is lowest a little apart, so that easy pairs draw no strength."""
    lag = alpha * (negative - positive)
    sigmoid = torch.sigmoid(lag)
    slope = alpha / len(lag) * sigmoid * (1 + lag * (1 - sigmoid))
    return Slope(silu(lag).mean(), -slope, slope)


LOSSES: dict[str, Callable[[Tensor, Tensor, float, float], Slope]] = {
    "logistic": logistic,
    "symba": symba,
    "swish": swish,
}
"""Every loss by name: (positive (n,), negative (n,), threshold, alpha) to its mean and slopes."""

ALPHA = {"logistic": 1.0, "symba": 4.0, "swish": 6.0}
"""The usual sharpness of each."""
