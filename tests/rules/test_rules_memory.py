"""The memory benchmark: its peak is of known size, checkpointing changes no figure, and what the page says holds."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import torch

from benchmarks.rules import rules_memory as memory
from ffcolor.rules import Backprop

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "memory.md"


@pytest.fixture(autouse=True)
def _taught() -> None:
    """In place of the other tests' fixture: gradients that were kept would count."""


def test_the_peak_is_what_was_there_at_once():
    held = []

    def work() -> None:
        big = torch.ones(1_000_000)  # 4 MB
        small = big[:250_000] * 2  # 1 MB more
        del big
        held.append(small)
        torch.ones(500_000)  # 2 MB, when 4 are gone

    assert memory.peak(work) == pytest.approx(5e6, rel=0.001)


def test_what_is_held_are_weights_and_both_moments():
    x, y = torch.rand(8, 20), torch.arange(8)
    found = memory.measure(Backprop([20, 30]), x, y)
    weights = 20 * 30 + 30 + 30 * 10 + 10
    assert found.held == 3 * 4 * weights + 4 * 4, "a step's number for each of four tensors"
    assert found.step >= 4 * weights, "the gradients"


@pytest.mark.parametrize("make", [memory._dense, memory._convolutions])
def test_checkpointing_changes_no_gradient(make):
    row = make(9)
    assert row.stride == 3
    plain = memory._Plain(copy.deepcopy(row))
    shape = (4, memory.WIDTH) if make is memory._dense else (4, 1, memory.SIDE, memory.SIDE)
    x = torch.rand(shape, generator=torch.Generator().manual_seed(2))
    gradients = []
    for network in (row, plain):
        logits = network(x)
        logits.square().sum().backward()
        gradients.append([logits, *(weight.grad for weight in network.parameters() if weight.grad is not None)])
    for one, other in zip(*gradients, strict=True):
        assert torch.equal(one, other)


def test_depth_costs_what_the_page_says():
    """For a layer more: local steps nearly nothing, backpropagation its activities, four labels that are kept more."""
    depths = (8, 20)
    shape = (memory.IMAGES, 1, memory.SIDE, memory.SIDE)
    found = memory.table(memory.CONVOLUTIONAL, shape, depths)
    slope = {name: (each[1].step - each[0].step) / 12 for name, each in found.items()}
    assert slope["CwComp"] < 0.05 * slope["backpropagation"]
    assert slope["CwComp"] < slope["backpropagation, checkpointed"] < 0.5 * slope["backpropagation"]
    found = memory.table(memory.DENSE, (memory.BATCH, memory.WIDTH), depths)
    slope = {name: (each[1].step - each[0].step) / 12 for name, each in found.items()}
    for name in ("Forward-Forward, the same, lean", "Forward-Forward, one random negative", "Mono-Forward"):
        assert slope[name] < 0.05 * slope["backpropagation"], name
    assert slope["Forward-Forward, three hard negatives"] > 3 * slope["backpropagation"]


def test_the_page_has_all_rows():
    text = PAGE.read_text(encoding="utf-8")
    for rules in (memory.DENSE, memory.CONVOLUTIONAL):
        for name in rules:
            assert re.search(rf"^\| {re.escape(name)} +\|", text, re.MULTILINE), name
