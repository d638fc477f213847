"""Augmentations against loops: every shift is one of those allowed, warping is linear interpolation in place."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor.errors import FfcolorError
from ffcolor.rules.data.augment import affine, as_images, shifts


def moved(image: np.ndarray, down: int, right: int) -> np.ndarray:
    out = np.zeros_like(image)
    for i in range(len(image)):
        for j in range(image.shape[1]):
            if 0 <= i - down < len(image) and 0 <= j - right < image.shape[1]:
                out[i, j] = image[i - down, j - right]
    return out


@given(st.integers(0, 3), st.integers(3, 6), st.integers(3, 6), st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_shifts_are_shifts(pixels, height, width, seed):
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(7, height, width, generator=generator)
    found = shifts(pixels)(x, generator)
    assert found.shape == x.shape
    reach = range(-pixels, pixels + 1)
    for before, after in zip(x.numpy(), found.numpy(), strict=True):
        assert any(np.array_equal(after, moved(before, down, right)) for down in reach for right in reach)


def test_every_shift_comes_about_equally_often():
    x = torch.zeros(9000, 5, 5)
    x[:, 2, 2] = 1
    counts = shifts(1)(x, torch.Generator().manual_seed(0)).sum(0)[1:4, 1:4]
    assert float(counts.sum()) == 9000
    assert float((counts - 1000).abs().max()) < 150  # five standard deviations


def test_channels_move_together():
    x = torch.rand(4, 1, 6, 6, generator=torch.Generator().manual_seed(0)).repeat(1, 3, 1, 1)
    for change in (shifts(2), affine()):
        found = change(x, torch.Generator().manual_seed(1))
        assert found.shape == x.shape
        assert torch.equal(found[:, 0], found[:, 2])
        assert not torch.equal(found, x)


@pytest.mark.parametrize("change", [shifts(0), affine(0, 0, 0, 0)])
def test_nothing_allowed_changes_nothing(change):
    x = torch.rand(3, 49, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(change(x, torch.Generator().manual_seed(1)), x, atol=1e-5)


def test_warp_is_linear_interpolation_at_the_turned_place():
    """For each image the drawn numbers again, then every pixel out of four neighbours, by loops."""
    x = torch.rand(3, 9, 9, generator=torch.Generator().manual_seed(0))
    found = affine(20, 0.2, 0.1, 1.5)(x, torch.Generator().manual_seed(7))
    draws = torch.rand((5, 3), generator=torch.Generator().manual_seed(7)).double().numpy() * 2 - 1
    for n in range(3):
        turn, size, lean, dx, dy = draws[:, n] * [math.radians(20), 0.2, 0.1, 1.5, 1.5]
        for i in range(9):
            for j in range(9):
                u, v = (2 * j + 1) / 9 - 1, (2 * i + 1) / 9 - 1  # the pixel's place, -1 to 1
                cos, sin = math.cos(turn) * (1 + size), math.sin(turn) * (1 + size)
                column = ((cos * u + (lean - sin) * v + 2 * dx / 9 + 1) * 9 - 1) / 2
                row = ((sin * u + cos * v + 2 * dy / 9 + 1) * 9 - 1) / 2
                value = 0.0
                for a in (math.floor(row), math.floor(row) + 1):
                    for b in (math.floor(column), math.floor(column) + 1):
                        if 0 <= a < 9 and 0 <= b < 9:
                            value += (1 - abs(row - a)) * (1 - abs(column - b)) * float(x[n, a, b])
                assert float(found[n, i, j]) == pytest.approx(value, abs=1e-4)


def test_as_images():
    assert as_images(torch.zeros(2, 49)).shape == (2, 1, 7, 7)
    assert as_images(torch.zeros(2, 3, 4)).shape == (2, 1, 3, 4)
    with pytest.raises(FfcolorError, match="not images"):
        as_images(torch.zeros(2, 50))


@pytest.mark.parametrize("make", [lambda: shifts(-1), lambda: affine(turn_deg=181), lambda: affine(scale=-0.1)])
def test_faults(make):
    with pytest.raises(FfcolorError) as raised:
        make()
    assert raised.value.code == "invalid-setting"
