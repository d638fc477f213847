"""A picture that grows: cells on a grid, each seeing its neighbours only, that learn layer by layer and step by step.

A cell has 16 numbers: red, green, blue, alpha (how much of a cell it is) and 12 that tell its place. In a step

    p = (state, its slope along x, along y)         by Sobel filters: 48 numbers
    h = relu(W p + b)                               perceive: 128 units
    f = V n(h) + c                                  update: 16 numbers, n(h) of root mean square 1
    state <- state + pace (f - state)               in about half of the cells, by chance, so that no clock is needed

but a cell rests while it is near to f: so a grown picture stays as it is. Colours and alpha are kept within 0 and 1,
and cells die that have no alpha above 0.5 in or next to them. No gradient crosses a layer or a step:

* **update** learns by the delta rule: its loss is |f - aim|^2 / 2, n(h) given.
* **perceive** has a projection of its own, A n(h) + a, which nothing else reads, and the loss |A n(h) + a - aim|^2 / 2;
  or, with loss="goodness", groups of units, one for each colour and one for "no cell", and the cross-entropy of the
  groups' mean squares against the colour that the cell should have.

With backpropagation through time, cells find numbers of their own to pass on. Here they are told what to aim at: the
picture, and a code of place. They learn from the states that they come into by themselves, wounds included.

Source: the automaton: Mordvintsev, Randazzo, Niklasson and Levin, "Growing Neural Cellular Automata" (Distill, 2020),
which learns by backpropagation through time; own projections: Gong et al. (2025), arXiv 2501.09238; goodness of
classes: Papachristodoulou et al. (2024), arXiv 2312.12668; learning from own states: Ross et al. (2011), "DAgger".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from ffcolor.errors import FfcolorError
from ffcolor.rules.cells.layers import Layer, sight, through_norm
from ffcolor.rules.cells.pictures import CHANNELS, EMPTY, aims, half_grown, living, read_picture, wounded
from ffcolor.rules.parts.dense import cooled
from ffcolor.rules.parts.norms import normalize
from ffcolor.rules.protocol import OnStep
from ffcolor.rules.settings import choice, number, whole

SEEN = 3 * CHANNELS
HIDDEN = 128
_CODE = 2.0  # the numbers that tell a place stay within it
_NOISE = 0.03  # standard deviation of what is added to states that cells go on from
_WRONG = 0.4  # share of wrong cells from which a grid begins anew
_SPAN = 8  # steps that a batch of grids is watched for


class FF_NCA:  # noqa: N801
    """Cells that grow a picture in the colours of a palette, keep it, and heal.

    Args:
        picture: an image file, a Pillow image, an array (h, w, 4) whose empty pixels have no alpha, or whole numbers
            (h, w): places in the palette, -1 where there is no cell. A cell a pixel, so 16 to 64 pixels a side.
        palette: a `Palette` or colours; those of an image become the nearest of these.
        start: row and column of the cell that all begins with; None for the one nearest to the picture's middle.
        fire: probability that a cell changes in a step.
        pace: how far it goes to where it aims.
        rest: a cell that is nearer than this to where it aims stays as it is: root mean square of the 16 differences.
        loss: of perceive, ``"projection"`` or ``"goodness"``.
        learning_rate: of update; it falls to 0 in the second half of `fit`.
        perceive_rate: of perceive; 0 leaves it as it was drawn.
        batch: grids that learn together.
        seed: of weights, chance and wounds.

    Attributes:
        places: the picture: places in the palette (h, w).
        palette: its colours, float32 (k, 3).
        aim: what each cell should be, (16, h, w).
        steps: steps learned from.
        losses: of both layers in the last of them, per cell.

    Raises:
        FfcolorError: `code` is ``"shape"``, ``"invalid-setting"`` or ``"no-data"`` (the picture is empty); or as
            `recolor` and `read_colors`.

    Example:
        >>> dot = torch.tensor([[-1, 0, -1], [0, 1, 0], [-1, 0, -1]])
        >>> cells = FF_NCA(dot, ["#264653", "#e9c46a"]).fit(steps=20)
        >>> [tuple(state.shape) for state in cells.grow(2)]
        [(1, 16, 3, 3), (1, 16, 3, 3)]
    """

    def __init__(
        self,
        picture: Any,
        palette: Any,
        *,
        start: tuple[int, int] | None = None,
        fire: float = 0.5,
        pace: float = 0.5,
        rest: float = 0.05,
        loss: str = "projection",
        learning_rate: float = 0.01,
        perceive_rate: float = 0.01,
        batch: int = 8,
        seed: int = 0,
    ):
        self.places, self.palette = read_picture(picture, palette)
        self.aim = aims(self.places, self.palette)
        self.start = self._middle() if start is None else self._start(start)
        self.fire = number("fire", fire, 0.01, 1)
        self.pace = number("pace", pace, 0.01, 1)
        self.rest = number("rest", rest)
        self.loss = choice("loss", loss, ("projection", "goodness"))
        self.rates = number("perceive_rate", perceive_rate), number("learning_rate", learning_rate)
        self.batch = whole("batch", batch, 1)
        self.groups = len(self.palette) + 1
        if self.loss == "goodness" and self.groups > HIDDEN:
            message = f"goodness needs a unit for each colour and one more; {HIDDEN} are too few for {self.groups - 1}"
            raise FfcolorError(message, code="invalid-setting", value=self.groups - 1)
        self.generator = torch.Generator().manual_seed(whole("seed", seed, 0))
        self.perceive = Layer(HIDDEN, SEEN, 2**0.5, self.generator)
        self.project = Layer(CHANNELS, HIDDEN, 1.0, self.generator)
        self.update = Layer(CHANNELS, HIDDEN, 0.0, self.generator)
        self.pool = torch.stack([self._fresh(0.0) for _ in range(4 * self.batch)])
        self.ages = torch.zeros(len(self.pool), dtype=torch.int64)
        self.chosen = torch.arange(self.batch)
        self.steps = 0
        self.losses = {"perceive": math.nan, "update": math.nan}

    # ---- what cells do -----------------------------------------------------------------------------------------------

    def seeds(self, count: int = 1) -> Tensor:
        """Grids with one cell each: (count, 16, h, w)."""
        state = torch.zeros(count, *self.aim.shape)
        row, column = self.start
        state[:, :, row, column] = self.aim[:, row, column]
        return state

    def step(self, state: Tensor, generator: torch.Generator, *, learn: float | None = None) -> Tensor:
        """One step of all cells.

        Args:
            state: (n, 16, h, w), left as it is.
            generator: decides which cells change.
            learn: a factor of the learning rates with which both layers learn from this very step; None to not learn.

        Returns:
            The new state.
        """
        alive = living(state)
        near = alive[:, 0]
        seen = sight(state).movedim(1, -1)[near]  # (m, 48): of cells that are alive, or next to one that is
        h = self.perceive(seen).clamp_(0)
        below = normalize(h, "rms")
        f = self.update(below)
        if learn is not None and len(f):
            self._learn(seen, h, below, f, near, learn)
        rows = state.movedim(1, -1).clone()
        old = rows[near]
        restless = (f - old).square().mean(1, keepdim=True) > self.rest**2
        fires = restless & (torch.rand(len(f), 1, generator=generator) < self.fire)
        new = torch.where(fires, old + self.pace * (f - old), old)
        rows[near] = torch.cat([new[:, :4].clamp(0, 1), new[:, 4:].clamp(-_CODE, _CODE)], 1)
        after = rows.movedim(-1, 1).contiguous()
        return after * (alive & living(after))

    def grow(self, steps: int, *, state: Tensor | None = None, seed: int = 0) -> Iterator[Tensor]:
        """Let cells grow, from one cell or from a state (n, 16, h, w), and give the state after every step."""
        generator = torch.Generator().manual_seed(whole("seed", seed, 0))
        state = self.seeds() if state is None else state
        for _ in range(whole("steps", steps, 0)):
            state = self.step(state, generator)
            yield state

    def goodness(self, state: Tensor) -> Tensor:
        """Goodness of every colour, and of no cell last, in each cell of grids: (n, k + 1, h, w)."""
        h = self.perceive(sight(state).movedim(1, -1)).clamp_(0)
        return self._goodness(h.flatten(0, 2)).view(*h.shape[:3], -1).movedim(-1, 1)

    def colors(self, state: Tensor) -> Tensor:
        """The place in the palette of the colour nearest to each cell's, -1 where alpha is at most 0.5: (n, h, w)."""
        away = (state[:, :3].movedim(1, -1)[..., None, :] - self.palette).square().sum(-1)
        return away.argmin(-1).masked_fill(state[:, 3] <= 0.5, EMPTY)

    def likeness(self, state: Tensor) -> Tensor:
        """The share of right cells among the places with a cell in the picture or in the grid: (n,), 0 to 1."""
        colors = self.colors(state)
        either = (colors != EMPTY) | (self.places != EMPTY)
        return ((colors == self.places) & either).flatten(1).sum(1) / either.flatten(1).sum(1)

    # ---- learning ----------------------------------------------------------------------------------------------------

    def fit(self, *, steps: int = 2000, on_step: OnStep | None = None) -> FF_NCA:
        """Learn until `steps` steps of a batch of grids have been made in all, those made before counted in.

        Grids begin half-grown and go on by what has been learned, for longer the longer learning lasts; now and then
        they are wounded. A stopped automaton, or one whose state was loaded, goes on to the same bits.

        Args:
            steps: steps in all.
            on_step: called with (step, steps, loss of update) after each; it may raise to stop.
        """
        last = whole("steps", steps, 0)
        while self.steps < last:
            progress = self.steps / last
            if self.steps % _SPAN == 0:
                self._choose(progress)
            state = self.step(self.pool[self.chosen], self.generator, learn=cooled(progress, 0.5))
            self.pool[self.chosen] = state
            self.ages[self.chosen] += 1
            self.steps += 1
            if on_step is not None:
                on_step(self.steps, last, self.losses["update"])
        return self

    def _choose(self, progress: float) -> None:
        """Pick the grids to learn from next; begin anew those that are old, more rarely as learning goes on."""
        order = torch.randperm(len(self.pool), generator=self.generator)
        self.chosen = order[: self.batch]
        most = _SPAN + 1.5 * max(self.places.shape) * progress
        limits = most * 2 * torch.rand(self.batch, generator=self.generator)
        for place, (grid, limit) in enumerate(zip(self.chosen.tolist(), limits.tolist(), strict=True)):
            if self.ages[grid] >= limit or self._astray(self.pool[grid]):
                self.pool[grid] = self._fresh(progress)
                self.ages[grid] = 0
            if place % 3 == 1:
                self.pool[grid] = wounded(self.pool[grid], self.generator)
        noise = torch.randn(self.batch, *self.aim.shape, generator=self.generator) * _NOISE
        self.pool[self.chosen] += noise * (self.pool[self.chosen, 3:4] > 0)

    def _astray(self, state: Tensor) -> bool:
        """Whether so much of a grid is wrong that its cells cannot know their places any more."""
        colors = self.colors(state[None])[0]
        wrong = (colors != EMPTY) & (colors != self.places)
        return int(wrong.sum()) > _WRONG * int((colors != EMPTY).sum())

    def _fresh(self, progress: float) -> Tensor:
        """A grid to begin with: one cell, more often as learning goes on, or half-grown."""
        if float(torch.rand((), generator=self.generator)) < progress:
            return self.seeds()[0]
        most = int(max(self.places.shape) * (1 + 1 / (self.pace * self.fire)) / 2) + 1
        age = int(torch.randint(most, (), generator=self.generator))
        return half_grown(self.aim, self.start, self.fire, self.pace, age, self.generator)

    def _learn(self, seen: Tensor, h: Tensor, below: Tensor, f: Tensor, near: Tensor, factor: float) -> None:
        aim = self.aim.movedim(0, -1).expand(len(near), -1, -1, -1)[near]
        error = (f - aim) / len(f)
        self.losses["update"] = float((f - aim).square().sum(1).mean() / 2)
        if self.rates[0]:
            if self.loss == "goodness":
                self.losses["perceive"], dz = self._by_goodness(h, self._classes().expand(len(near), -1, -1)[near])
            else:
                off = self.project(below) - aim
                self.losses["perceive"] = float(off.square().sum(1).mean() / 2)
                dz = through_norm((off / len(off)) @ self.project.weight, h, below)
                self.project.learn(off / len(off), below, self.rates[0] * factor)
            self.perceive.learn(dz, seen, self.rates[0] * factor)
        self.update.learn(error, below, self.rates[1] * factor)

    def _by_goodness(self, h: Tensor, own: Tensor) -> tuple[float, Tensor]:
        """The cross-entropy of the groups' goodness, and its derivative by z (m, 128), for the right groups (m,)."""
        g, units = self._goodness(h), HIDDEN // self.groups
        slope = (g.softmax(1) - one_hot(own, self.groups)) * (2 / units / len(h))
        dz = torch.zeros_like(h)
        dz[:, : units * self.groups] = slope.repeat_interleave(units, 1)
        return float(cross_entropy(g, own)), dz * h

    def _goodness(self, h: Tensor) -> Tensor:
        """Of each group: (m, 128) to (m, groups); units that are left over are in none."""
        units = HIDDEN // self.groups
        return h[:, : units * self.groups].square().view(len(h), self.groups, units).mean(2)

    def _classes(self) -> Tensor:
        return self.places.where(self.places != EMPTY, torch.tensor(self.groups - 1))

    def _middle(self) -> tuple[int, int]:
        cells = (self.places != EMPTY).nonzero().float()
        row, column = cells[(cells - cells.mean(0)).square().sum(1).argmin()].long().tolist()
        return row, column

    def _start(self, start: tuple[int, int]) -> tuple[int, int]:
        row, column = (whole("start", at, 0) for at in start)
        height, width = self.places.shape
        if row >= height or column >= width or self.places[row, column] == EMPTY:
            message = f"start is {row}, {column}; it must be row and column of a cell of the {height} x {width} picture"
            raise FfcolorError(message, code="invalid-setting", value=(row, column))
        return row, column

    # ---- state -------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Tensor]:
        """All that was learned, and all that is needed to go on: tensors by name, copies of the live ones."""
        count = torch.tensor(self.steps)
        return {"generator": self.generator.get_state(), "steps": count} | {
            k: v.clone() for k, v in self._live().items()
        }

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state that an automaton of the same picture and settings gave.

        Raises:
            FfcolorError: `code` is ``"state"``: a tensor is missing, left over, or of another shape; nothing changes.
        """
        live = self._live()
        for name in state.keys() ^ (live.keys() | {"generator", "steps"}):
            fault = "holds" if name in state else "lacks"
            raise FfcolorError(f"the state {fault} {name}, unlike this automaton", code="state", value=name)
        for name, tensor in live.items():
            if state[name].shape != tensor.shape:
                message = f"{name} is of shape {tuple(state[name].shape)}; this automaton needs {tuple(tensor.shape)}"
                raise FfcolorError(message, code="state", value=name)
        for name, tensor in live.items():
            tensor.copy_(state[name])
        self.steps = int(state["steps"])
        self.generator.set_state(state["generator"].cpu())

    def _live(self) -> dict[str, Tensor]:
        layers = {"perceive": self.perceive, "project": self.project, "update": self.update}
        tensors = {f"{name}.{key}": value for name, layer in layers.items() for key, value in layer.tensors().items()}
        return tensors | {"pool": self.pool, "ages": self.ages, "chosen": self.chosen}
