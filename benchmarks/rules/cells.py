"""Cells that grow a small picture: layer-local learning beside an untrained perceive, goodness, and backpropagation.

python -m benchmarks.rules.cells [--seeds N] [--steps N]

The twin is the automaton as published: 48-128-16 numbers, s <- s + f in half of the cells, alive above an alpha of 0.1,
learned by backpropagation through 16 to 32 steps from a pool of grids, the worst of which begins anew and one of which
is wounded, for as many CPU-seconds, and ten times as many. Its loss is of red, green, blue and alpha only.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from ffcolor.rules.cells import FF_NCA
from ffcolor.rules.cells.layers import sight
from ffcolor.rules.cells.pictures import cut, wounded

COLORS = ["#ed738c", "#fcbf9e", "#264653"]
PICTURE = [
    [-1, -1, 0, 0, 0, -1, -1],
    [-1, 0, 0, 1, 0, 0, -1],
    [0, 0, 1, 1, 1, 0, 0],
    [0, 1, 1, 2, 1, 1, 0],
    [0, 0, 1, 1, 1, 0, 0],
    [-1, 0, 0, 1, 0, 0, -1],
    [-1, -1, 0, 0, 0, -1, -1],
]
KINDS: dict[str, dict[str, Any]] = {
    "projection": {},
    "goodness": {"loss": "goodness", "perceive_learning_rate": 0.002},
    "untrained perceive": {"perceive_learning_rate": 0},
}


class Twin:
    """The published automaton, learned by backpropagation through time for a number of CPU-seconds."""

    def __init__(self, cells: FF_NCA, seconds: float, seed: int):
        self.cells, self.generator = cells, torch.Generator().manual_seed(seed)
        self.perceive, self.update = torch.nn.Linear(48, 128), torch.nn.Linear(128, 16)
        for value in self.perceive.parameters():
            value.data = torch.randn(value.shape, generator=self.generator) * 48**-0.5
        for value in self.update.parameters():
            value.data.zero_()
        weights = [*self.perceive.parameters(), *self.update.parameters()]
        adam = torch.optim.Adam(weights, 0.002)
        pool, begun = self.seeds(32), time.process_time()
        while time.process_time() - begun < seconds:
            chosen = torch.randperm(32, generator=self.generator)[:8]
            state = pool[chosen]
            state = state[self.off(state).argsort(descending=True)]
            state[0] = self.seeds(1)[0]
            state[7] = wounded(state[7], self.generator)
            for _ in range(int(torch.randint(16, 33, (), generator=self.generator))):
                state = self.step(state, self.generator)
            adam.zero_grad()
            self.off(state).mean().backward()  # type: ignore[no-untyped-call]
            for value in weights:
                if value.grad is not None:
                    value.grad /= value.grad.norm() + 1e-8
            adam.step()
            pool[chosen] = state.detach()

    def seeds(self, count: int) -> Tensor:
        """Grids with one cell each, all of its numbers but the colours 1, as published."""
        state = torch.zeros(count, *self.cells.aim.shape)
        state[:, 3:, self.cells.start[0], self.cells.start[1]] = 1
        return state

    def off(self, state: Tensor) -> Tensor:
        """Mean squared error of colours and alpha of each grid."""
        return (state[:, :4] - self.cells.aim[:4]).square().flatten(1).mean(1)

    def step(self, state: Tensor, generator: torch.Generator) -> Tensor:
        """One step of all cells."""
        alive = max_pool2d(state[:, 3:4], 3, 1, 1) > 0.1
        f = self.update(self.perceive(sight(state).movedim(1, -1)).relu()).movedim(-1, 1)
        state = state + f * (torch.rand(state[:, :1].shape, generator=generator) < 0.5)
        return state * (alive & (max_pool2d(state[:, 3:4], 3, 1, 1) > 0.1))


@torch.no_grad()
def figures(cells: FF_NCA, who: FF_NCA | Twin) -> list[float]:
    """Share of right cells after 40 and 1,000 steps, after a wound, and 60 steps later; means of eight runs."""
    generator, found = torch.Generator().manual_seed(3), []
    state = who.seeds(8)
    for step in range(1, 1001):
        state = who.step(state, generator)
        if step in (40, 1000):
            found.append(float(cells.likeness(state).mean()))
        if step == 40:
            young = state
    state = cut(young, 3, 5, 2.2)
    found.append(float(cells.likeness(state).mean()))
    for _ in range(60):
        state = who.step(state, generator)
    return [*found, float(cells.likeness(state).mean())]


def main() -> None:
    """Print a line for each kind and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=600)
    choice = parser.parse_args()
    torch.set_num_threads(1)
    print("                    seed CPU-s at 40 at 1000 cut healed")
    for seed in range(1, choice.seeds + 1):
        seconds = 0.0
        for name, settings in KINDS.items():
            begun = time.process_time()
            cells = FF_NCA(torch.tensor(PICTURE), COLORS, seed=seed, **settings).fit(steps=choice.steps)
            spent = time.process_time() - begun
            seconds = max(seconds, spent)
            print(f"{name:20}{seed:4} {spent:5.1f}", *(f"{each:5.2f}" for each in figures(cells, cells)), flush=True)
        for times in (1, 10):
            twin = Twin(cells, seconds * times, seed)
            line = (f"{each:5.2f}" for each in figures(cells, twin))
            print(f"{f'through time, {times}x':20}{seed:4} {seconds * times:5.1f}", *line, flush=True)


if __name__ == "__main__":
    main()
