"""Cells that grow a picture: gradients against autograd, a step by loops, the same bytes, a picture that is learned."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.cells import FF_NCA
from ffcolor.rules.cells.layers import Layer, sight
from ffcolor.rules.cells.pictures import cut, half_grown, living, wounded

COLORS = ["#ed738c", "#fcbf9e", "#264653"]
PICTURE = torch.tensor(
    [
        [-1, -1, 0, 0, 0, -1, -1],
        [-1, 0, 0, 1, 0, 0, -1],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 1, 1, 2, 1, 1, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [-1, 0, 0, 1, 0, 0, -1],
        [-1, -1, 0, 0, 0, -1, -1],
    ]
)


def small(**settings) -> FF_NCA:
    return FF_NCA(PICTURE, COLORS, **({"batch": 3, "seed": 4} | settings))


def random_state(cells: FF_NCA, count: int = 2, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(count, *cells.aim.shape, generator=generator)


def drawn(cells: FF_NCA) -> FF_NCA:
    """With an update that is not 0, so that something happens."""
    cells.update = Layer(16, 128, 1.0, torch.Generator().manual_seed(9))
    return cells


def loop_step(cells: FF_NCA, state: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """One step of one grid (16, h, w), cell by cell in float64; the cells that may change take draws in order."""
    wp, bp, wu, bu = (
        t.double().numpy() for layer in (cells.perceive, cells.update) for t in (layer.weight, layer.bias)
    )
    _, height, width = state.shape
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8

    def patch(grid, r, c):
        return np.array(
            [
                [grid[r + i, c + j] if 0 <= r + i < height and 0 <= c + j < width else 0.0 for j in (-1, 0, 1)]
                for i in (-1, 0, 1)
            ]
        )

    def lives(grid, r, c):
        return patch(grid[3], r, c).max() > 0.5

    after, turn = state.copy(), iter(draws)
    for r in range(height):
        for c in range(width):
            if not lives(state, r, c):
                continue
            seen = []
            for channel in state:
                around = patch(channel, r, c)
                seen += [around[1, 1], (around * sobel).sum(), (around * sobel.T).sum()]
            h = np.maximum(wp @ np.array(seen) + bp, 0)
            f = wu @ (h / (np.sqrt((h**2).mean()) + 1e-8)) + bu
            old = state[:, r, c]
            if next(turn) < cells.fire and ((f - old) ** 2).mean() > cells.rest**2:
                new = old + cells.pace * (f - old)
                after[:4, r, c] = new[:4].clip(0, 1)
                after[4:, r, c] = new[4:].clip(-2, 2)
    kept = [[lives(state, r, c) and lives(after, r, c) for c in range(width)] for r in range(height)]
    return after * np.array(kept)


def test_a_step_by_loops():
    cells = drawn(small())
    state = random_state(cells, 1)
    state[:, :, :3] *= 0.4  # some that are not alive
    generator = torch.Generator().manual_seed(3)
    draws = torch.rand(int(living(state).sum()), 1, generator=generator)[:, 0].numpy()
    wanted = loop_step(cells, state[0].double().numpy(), draws)
    before = state.clone()
    found = cells.step(state, generator.manual_seed(3))[0]
    assert torch.equal(state, before)
    assert found.numpy() == pytest.approx(wanted, abs=1e-5)
    assert 0 < (found != state[0]).any(0).sum() < found[0].numel()


@pytest.mark.parametrize("loss", ["projection", "goodness"])
def test_both_gradients_are_those_of_autograd(loss, monkeypatch):
    cells = drawn(small(loss=loss))
    state = random_state(cells)
    state[:, :, 4:] *= 0.3
    near = living(state)[:, 0]
    caught: dict[int, list[torch.Tensor]] = {}
    monkeypatch.setattr(Layer, "learn", lambda layer, dz, x, rate: caught.update({id(layer): [dz.T @ x, dz.sum(0)]}))
    cells.step(state, torch.Generator(), learn=1.0)

    layers = [cells.perceive, cells.update] + [cells.project] * (loss == "projection")
    for layer in layers:
        layer.weight.requires_grad_(True)
        layer.bias.requires_grad_(True)
    h = cells.perceive(sight(state).movedim(1, -1)[near]).relu()
    n = h / (h.square().mean(1, keepdim=True).sqrt() + 1e-8)
    aim = cells.aim.movedim(0, -1).expand(2, -1, -1, -1)[near]
    if loss == "projection":
        own = (cells.project(n) - aim).square().sum(1).mean() / 2
    else:
        right = cells.places.where(cells.places >= 0, torch.tensor(3)).expand(2, -1, -1)[near]
        own = functional.cross_entropy(h.view(len(h), 4, 32).square().mean(2), right)
    update = (cells.update(n.detach()) - aim).square().sum(1).mean() / 2
    total = own + update  # n is detached: no gradient crosses the layers
    wanted = torch.autograd.grad(total, [t for layer in layers for t in (layer.weight, layer.bias)])
    found = [gradient for layer in layers for gradient in caught[id(layer)]]
    for mine, theirs in zip(found, wanted, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-5)
        assert theirs.abs().max() > 1e-3
    assert cells.losses == pytest.approx({"perceive": own.item(), "update": update.item()}, rel=1e-5)


def test_no_gradient_crosses_layers_or_steps():
    """Perceive learns the same whatever update is; what is learned in a step depends on that step's states alone."""
    one, two = small(), drawn(small())
    state = random_state(one)
    for cells in (one, two):
        cells.step(state, torch.Generator().manual_seed(0), learn=1.0)
    assert torch.equal(one.perceive.weight, two.perceive.weight)
    assert not torch.equal(one.perceive.weight, small().perceive.weight)
    assert not torch.equal(one.update.weight, two.update.weight)

    watched = state.clone().requires_grad_(True)
    later = one.step(watched.detach(), torch.Generator(), learn=1.0)
    assert not later.requires_grad
    assert not any(tensor.requires_grad for tensor in one.state_dict().values())
    with torch.no_grad():  # nothing is recorded that learning would need
        first = small().fit(steps=9).state_dict()
    second = small().fit(steps=9).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_perceive_stays_as_drawn_at_rate_0():
    cells = small(perceive_learning_rate=0).fit(steps=5)
    assert torch.equal(cells.perceive.weight, small().perceive.weight)
    assert not torch.equal(cells.update.weight, small().update.weight)


def test_the_seed_decides_every_byte_and_the_global_generator_nothing():
    torch.manual_seed(1)
    one = small().fit(steps=20)
    torch.manual_seed(2)
    two = small().fit(steps=20)
    grown = [list(cells.grow(9, seed=5))[-1] for cells in (one, two)]
    assert torch.equal(*grown)
    assert not torch.equal(grown[0], list(one.grow(9, seed=6))[-1])
    other = small(seed=5).fit(steps=20)
    assert not torch.equal(one.update.weight, other.update.weight)


def test_a_stopped_automaton_goes_on_to_the_bit():
    whole = small().fit(steps=30)

    def stop(step, steps, loss):
        if step == 13:
            raise KeyboardInterrupt

    part = small()
    with pytest.raises(KeyboardInterrupt):
        part.fit(steps=30, on_step=stop)
    fresh = small()
    fresh.load_state_dict(part.state_dict())
    fresh.fit(steps=30)
    wanted, found = whole.state_dict(), fresh.state_dict()
    assert wanted.keys() == found.keys()
    assert all(torch.equal(wanted[name], found[name]) for name in wanted)


def test_a_state_that_does_not_fit_changes_nothing():
    cells = small()
    state = cells.state_dict()
    for wrong in (
        {k: v for k, v in state.items() if k != "pool.states"},
        state | {"more": torch.zeros(1)},
        state | {"perceive.weight": torch.zeros(2, 2)},
    ):
        with pytest.raises(FfcolorError) as caught:
            cells.load_state_dict(wrong)
        assert caught.value.code == "state"
    assert all(torch.equal(state[name], value) for name, value in cells.state_dict().items())


def test_it_reads_images(tmp_path):
    image = np.zeros((4, 5, 4), dtype=np.uint8)
    image[1:3, 1:4] = [240, 110, 140, 255]
    image[0, 0] = [40, 70, 80, 100]
    image[0, 1] = [40, 70, 80, 200]
    Image.fromarray(image).save(tmp_path / "dots.png")
    wanted = [[-1, 2, -1, -1, -1], [-1, 0, 0, 0, -1], [-1, 0, 0, 0, -1], [-1, -1, -1, -1, -1]]
    for picture in (image, tmp_path / "dots.png", Image.fromarray(image)):
        assert FF_NCA(picture, COLORS, batch=1).places.tolist() == wanted
    for same in (wanted, np.array(wanted)):
        cells = FF_NCA(same, COLORS, batch=1)
        assert (cells.places.tolist(), cells.start) == (wanted, (1, 2))


@pytest.mark.parametrize(
    ("picture", "settings", "code"),
    [
        (torch.full((4, 4), -1), {}, "no-data"),
        (torch.zeros(4, 4), {}, "shape"),
        ([[0, 1], [0]], {}, "shape"),
        (torch.zeros(2, 9, dtype=torch.int64), {}, "shape"),
        (torch.full((4, 4), 3), {}, "invalid-setting"),
        (torch.full((4, 4), -2), {}, "invalid-setting"),
        (PICTURE, {"start": (0, 0)}, "invalid-setting"),
        (PICTURE, {"start": (9, 3)}, "invalid-setting"),
        (PICTURE, {"fire": 0}, "invalid-setting"),
        (PICTURE, {"pace": 1.5}, "invalid-setting"),
        (PICTURE, {"loss": "end-to-end"}, "invalid-setting"),
        (PICTURE, {"batch": 0}, "invalid-setting"),
        ("nowhere.png", {}, "image-file"),
    ],
)
def test_what_it_refuses(picture, settings, code):
    with pytest.raises(FfcolorError) as caught:
        FF_NCA(picture, COLORS, **settings)
    assert caught.value.code == code


def test_states_to_begin_with():
    cells = small()
    generator = torch.Generator().manual_seed(0)
    young, old = (half_grown(cells.aim, cells.start, 0.5, 0.5, age, generator) for age in (0, 200))
    assert torch.equal(young, cells.seeds()[0])
    assert torch.allclose(old[:4], cells.aim[:4], atol=1e-4)
    assert torch.equal(cells.likeness(old[None]), torch.ones(1))
    hurt = wounded(old, generator)
    assert 0 < (hurt[3] < old[3]).sum() < (old[3] > 0.5).sum()
    assert int((cut(old, 3, 3, 1)[3] > 0.5).sum()) == 37 - 5


def test_a_picture_is_grown_kept_and_healed():
    cells = FF_NCA(PICTURE, COLORS, seed=1).fit(steps=500)

    def after(steps, state, seed):
        *_, last = cells.grow(steps, state=state, seed=seed)
        return last, float(cells.likeness(last).mean())

    grown, likeness = after(40, cells.seeds(4), 3)
    assert likeness > 0.9
    kept, likeness = after(500, grown, 4)
    assert likeness > 0.9
    hurt = cut(kept, 3, 5, 2.2)
    assert float(cells.likeness(hurt).mean()) < 0.75
    assert after(60, hurt, 5)[1] > 0.85
    untrained = FF_NCA(PICTURE, COLORS, seed=1)
    assert float(untrained.likeness(list(untrained.grow(40, state=untrained.seeds(4), seed=3))[-1]).mean()) < 0.2


def test_the_example_of_the_page_reaches_what_it_says():
    page = (Path(__file__).parents[3] / "docs" / "rules" / "cells.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)
    assert "tensor([1.])" in code
    assert found["cells"].likeness(found["grown"]).tolist() == [1.0]
