"""The grids that cells learn from: a pool of them, some chosen for some steps, begun anew when old or gone astray."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ffcolor.rules.cells.pictures import wounded

SPAN = 8  # steps that a batch of grids is watched for
_NOISE = 0.03  # standard deviation of what is added to states that cells go on from


class Pool:
    """Four times as many grids as learn together.

    Args:
        batch: grids that learn together.
        fresh: makes a grid (16, h, w) to begin with, given how far learning has come, 0 to 1.
        is_astray: whether cells of a grid cannot know their places any more.
        generator: the source of randomness.

    Attributes:
        states: the grids (4 batch, 16, h, w).
        ages: how many steps each has lived (4 batch,).
        chosen: the places of those that learn now (batch,).
    """

    def __init__(
        self,
        batch: int,
        fresh: Callable[[float], Tensor],
        is_astray: Callable[[Tensor], bool],
        generator: torch.Generator,
    ):
        self.batch = batch
        self.fresh = fresh
        self.is_astray = is_astray
        self.generator = generator
        self.states = torch.stack([fresh(0.0) for _ in range(4 * batch)])
        self.ages = torch.zeros(len(self.states), dtype=torch.int64)
        self.chosen = torch.arange(batch)

    def choose(self, progress: float) -> None:
        """Pick the grids to learn from next; begin anew those that are old, more rarely as learning goes on."""
        order = torch.randperm(len(self.states), generator=self.generator)
        self.chosen.copy_(order[: self.batch])
        most = SPAN + 1.5 * max(self.states.shape[2:]) * progress
        limits = most * 2 * torch.rand(self.batch, generator=self.generator)
        for place, (grid, limit) in enumerate(zip(self.chosen.tolist(), limits.tolist(), strict=True)):
            if self.ages[grid] >= limit or self.is_astray(self.states[grid]):
                self.states[grid] = self.fresh(progress)
                self.ages[grid] = 0
            if place % 3 == 1:
                self.states[grid] = wounded(self.states[grid], self.generator)
        noise = torch.randn(self.batch, *self.states.shape[1:], generator=self.generator) * _NOISE
        self.states[self.chosen] += noise * (self.states[self.chosen, 3:4] > 0)

    def take(self, states: Tensor) -> None:
        """The chosen grids as a step has left them."""
        self.states[self.chosen] = states
        self.ages[self.chosen] += 1

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of its state."""
        return {"states": self.states, "ages": self.ages, "chosen": self.chosen}
