"""The fast CIEDE2000, against colour-science and the slow one."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from ffcolor.color.difference import difference_table, prepare, squared_differences
from ffcolor.color.space import delta_e_2000, srgb_to_lab

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

RNG = np.random.default_rng(3)
ONE, MANY = (srgb_to_lab(RNG.integers(0, 256, (count, 3)) / 255) for count in (60, 2000))


def not_opposite(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Pairs whose hues are not opposite to within a degree, where the formula jumps."""
    hue_1, hue_2 = (np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) for lab in (one[:, None], many[None]))
    return np.abs(np.abs((hue_1 - hue_2 + 180) % 360 - 180) - 180) > 1


def test_agrees_with_colour_science() -> None:
    expected = colour.delta_E(ONE[:, None], MANY[None], method="CIE 2000")
    result = difference_table(ONE, MANY)
    assert result.dtype == np.float32
    wrong = np.abs(result - expected)
    assert wrong[not_opposite(ONE, MANY)].max() < 1e-3
    assert np.quantile(wrong, 0.99) < 2e-4


def test_neighbors_and_grays() -> None:
    near = ONE + RNG.normal(0, 1, ONE.shape)
    assert np.abs(np.diag(difference_table(ONE, near)) - delta_e_2000(ONE, near)).max() < 1e-4
    gray = srgb_to_lab(np.repeat(np.linspace(0, 1, 9)[:, None], 3, axis=1))
    assert np.abs(difference_table(gray, MANY) - delta_e_2000(gray[:, None], MANY)).max() < 1e-3


def test_symmetric_with_an_exact_zero() -> None:
    table = difference_table(ONE, ONE)
    assert (np.diag(table) == 0).all()
    assert np.array_equal(table, table.T)


@pytest.mark.parametrize(("n", "m"), [(0, 5), (5, 0), (1, 1), (3, 20_000), (700, 30)])
def test_shapes_and_blocks(n: int, m: int) -> None:
    one, many = prepare(srgb_to_lab(RNG.random((n, 3)))), prepare(srgb_to_lab(RNG.random((m, 3))))
    table = squared_differences(one, many)
    assert table.shape == (n, m)
    if table.size:
        assert table[-1, -1] == squared_differences(one[:, -1:], many[:, -1:])[0, 0]
