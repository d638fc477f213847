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
from typing import Any, ClassVar

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.cells import goodness as groups
from ffcolor.rules.cells.layers import Layer, sight, through_norm
from ffcolor.rules.cells.pictures import CHANNELS, DOT, DOT_COLORS, EMPTY, aims, half_grown, living, read_picture
from ffcolor.rules.cells.pool import SPAN, Pool
from ffcolor.rules.parts.cooling import cooled
from ffcolor.rules.parts.norms import normalize
from ffcolor.rules.parts.stateful import Part, Stateful
from ffcolor.rules.protocol import OnStep
from ffcolor.settings import Choice, Constraint, Number, Whole, check
from ffcolor.splitmix import MASK

SEEN = 3 * CHANNELS
HIDDEN = 128
_CODE = 2.0  # the numbers that tell a place stay within it
_WRONG = 0.4  # share of wrong cells from which a grid begins anew


class FF_NCA(Stateful):  # noqa: N801
    """Cells that grow a picture in the colours of a palette, keep it, and heal.

    Args:
        picture: an image file, a Pillow image, an array (h, w, 4) whose empty pixels have no alpha, or whole numbers
            (h, w): places in the palette, -1 where there is no cell. A cell is a pixel: make it small, some 15 a side.
            By default, a cross of five cells.
        palette: a `Palette` or colours; those of an image become the nearest of these.
        start: row and column of the cell that all begins with; None for the one nearest to the picture's middle.
        fire: probability that a cell changes in a step.
        pace: how far it goes to where it aims.
        rest: a cell that is nearer than this to where it aims stays as it is: root mean square of the 16 differences.
        loss: of perceive, ``"projection"`` or ``"goodness"``.
        learning_rate: of update; it falls to 0 in the second half of `fit`.
        perceive_learning_rate: of perceive; 0 leaves it as it was drawn.
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

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Stateful.limits,
        "fire": Number(0.01, 1),
        "pace": Number(0.01, 1),
        "rest": Number(0),
        "loss": Choice("projection", "goodness"),
        "learning_rate": Number(0),
        "perceive_learning_rate": Number(0),
        "batch": Whole(1),
        "steps": Whole(0),
    }

    def __init__(
        self,
        picture: Any = DOT,
        palette: Any = DOT_COLORS,
        *,
        start: tuple[int, int] | None = None,
        fire: float = 0.5,
        pace: float = 0.5,
        rest: float = 0.05,
        loss: str = "projection",
        learning_rate: float = 0.01,
        perceive_learning_rate: float = 0.01,
        batch: int = 8,
        seed: int = 0,
    ):
        self.places, self.palette = read_picture(picture, palette)
        self.aim = aims(self.places, self.palette)
        self.start = self._middle() if start is None else self._start(start)
        self.fire, self.pace, self.rest = check(self.limits, fire=fire, pace=pace, rest=rest).values()
        self.loss: str = check(self.limits, loss=loss)["loss"]
        rates = check(self.limits, learning_rate=learning_rate, perceive_learning_rate=perceive_learning_rate)
        self.learning_rate, self.perceive_learning_rate = rates.values()
        numbers = check(self.limits, batch=batch, seed=seed)
        self.groups = len(self.palette) + 1
        if self.loss == "goodness" and self.groups > HIDDEN:
            message = f"goodness needs a unit for each colour and one more; {HIDDEN} are too few for {self.groups - 1}"
            raise FfcolorError(message, code="invalid-setting", value=self.groups - 1)
        generator = torch.Generator().manual_seed(numbers["seed"] & MASK)
        super().__init__(seed=numbers["seed"], generator=generator)
        self.perceive = Layer(HIDDEN, SEEN, 2**0.5, generator)
        self.project = Layer(CHANNELS, HIDDEN, 1.0, generator)
        self.update = Layer(CHANNELS, HIDDEN, 0.0, generator)
        self.pool = Pool(numbers["batch"], self._fresh, self._is_astray, generator)
        self.losses = {"perceive": math.nan, "update": math.nan}

    # ---- what cells do -----------------------------------------------------------------------------------------------

    def seeds(self, count: int = 1) -> Tensor:
        """Grids with one cell each: (count, 16, h, w)."""
        state = torch.zeros(count, *self.aim.shape)
        row, column = self.start
        state[:, :, row, column] = self.aim[:, row, column]
        return state

    def step(self, state: Tensor, generator: torch.Generator | None = None, *, learn: float | None = None) -> Tensor:
        """One step of all cells.

        Args:
            state: (n, 16, h, w), left as it is.
            generator: decides which cells change; None for the cells' own.
            learn: a factor of the learning rates with which both layers learn from this very step; None to not learn.

        Returns:
            The new state.
        """
        if state.ndim != 4 or state.shape[1] != CHANNELS or not bool(state.isfinite().all()):
            message = f"the grids are of shape {tuple(state.shape)}; they must be finite numbers (n, {CHANNELS}, h, w)"
            raise FfcolorError(message, code="shape", value=tuple(state.shape))
        generator = generator or self.generator
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
        given = check(self.limits, steps=steps, seed=seed)
        generator = torch.Generator().manual_seed(given["seed"])
        state = self.seeds() if state is None else state
        for _ in range(given["steps"]):
            state = self.step(state, generator)
            yield state

    def goodness(self, state: Tensor) -> Tensor:
        """Goodness of every colour, and of no cell last, in each cell of grids: (n, k + 1, h, w)."""
        h = self.perceive(sight(state).movedim(1, -1)).clamp_(0)
        return groups.goodness(h.flatten(0, 2), self.groups).view(*h.shape[:3], -1).movedim(-1, 1)

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
        last = check(self.limits, steps=steps)["steps"]
        while self.steps < last:
            progress = self.steps / last
            if self.steps % SPAN == 0:
                self.pool.choose(progress)
            self.pool.take(self.step(self.pool.states[self.pool.chosen], self.generator, learn=cooled(progress, 0.5)))
            self.steps += 1
            if on_step is not None:
                on_step(self.steps, last, self.losses["update"])
        return self

    def _is_astray(self, state: Tensor) -> bool:
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
        if self.perceive_learning_rate:
            rate = self.perceive_learning_rate * factor
            if self.loss == "goodness":
                own = self.places.where(self.places != EMPTY, torch.tensor(self.groups - 1))
                self.losses["perceive"], dz = groups.slopes(h, own.expand(len(near), -1, -1)[near], self.groups)
            else:
                off = self.project(below) - aim
                self.losses["perceive"] = float(off.square().sum(1).mean() / 2)
                dz = through_norm((off / len(off)) @ self.project.weight, h, below)
                self.project.learn(off / len(off), below, rate)
            self.perceive.learn(dz, seen, rate)
        self.update.learn(error, below, self.learning_rate * factor)

    def _middle(self) -> tuple[int, int]:
        cells = (self.places != EMPTY).nonzero().float()
        row, column = cells[(cells - cells.mean(0)).square().sum(1).argmin()].long().tolist()
        return row, column

    def _start(self, start: tuple[int, int]) -> tuple[int, int]:
        row, column = (Whole(0).check("start", at) for at in start)
        height, width = self.places.shape
        if row >= height or column >= width or self.places[row, column] == EMPTY:
            message = f"start is {row}, {column}; it must be row and column of a cell of the {height} x {width} picture"
            raise FfcolorError(message, code="invalid-setting", value=(row, column))
        return row, column

    # ---- state -------------------------------------------------------------------------------------------------------

    def parts(self) -> dict[str, Part]:
        """The layers with their optimisers, and the grids that are learned from."""
        layers = {"perceive": self.perceive, "project": self.project, "update": self.update}
        parts: dict[str, Part] = {"pool": self.pool.tensors()}
        for name, layer in layers.items():
            parts |= {name: layer.tensors(), f"{name}_adam": layer.optimizer}
        return parts
