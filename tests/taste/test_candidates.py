"""Nearness to what was picked, against colour-science's colour difference."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from ffcolor import FfcolorError
from ffcolor.color.space import srgb_to_lab
from ffcolor.taste.candidates import nearness

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

COLORS = np.random.default_rng(0).random((200, 3)).astype(np.float32)


def test_fades_with_the_difference_to_the_nearest_pick() -> None:
    lab = srgb_to_lab(COLORS.astype(np.float64))
    nearest = colour.delta_E(lab[:, None], lab[None, :9], method="CIE 2000").min(axis=1)
    result = nearness(COLORS, COLORS[:9])
    assert result.dtype == np.float32
    assert (result[:9] == 1).all()
    assert np.abs(result - np.exp(-((nearest / 42) ** 2))).max() < 1e-3


def test_many_picks_are_thinned_out() -> None:
    picks = np.repeat(COLORS, 50, axis=0)
    assert (nearness(COLORS[[0, -1]], picks) == 1).all()
    assert nearness(COLORS, picks).min() > 0.9


@pytest.mark.parametrize("picks", [[], ["#12g"]])
def test_bad_picks(picks: list[str]) -> None:
    with pytest.raises(FfcolorError):
        nearness(COLORS, picks)
