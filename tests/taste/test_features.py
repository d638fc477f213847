"""The encoding of colours, and where negatives come from."""

from __future__ import annotations

import numpy as np
import pytest

from ffcolor import streams
from ffcolor.color import space
from ffcolor.taste import features, negatives
from ffcolor.taste.lookup import grid
from ffcolor.taste.noise import fitting_penalty, leave_one_out_error


def test_the_tuning_curves_are_gaussian_bumps() -> None:
    colors = grid()[::7]
    code, axes = features.encode(colors).astype(float), features.axes(colors).astype(float)
    at = 0
    for bumps in (6, 14):
        centers = np.linspace(-2, 2, bumps)
        expected = np.exp(-((axes[:, None] - centers[:, None]) ** 2) / (2 * (4 / (bumps - 1)) ** 2)) / 12**0.5
        size = bumps * 12
        np.testing.assert_allclose(code[:, at : at + size], expected.reshape(len(code), size), atol=3e-6)
        at += size
    np.testing.assert_allclose(code[:, -13:-1], 0.45 * axes, rtol=1e-6)
    assert (code[:, -1] == 1).all()


def test_the_fourier_features_approximate_a_gaussian_kernel() -> None:
    """Rahimi and Recht (2007), theorem 1: their inner products are those of a mixture of three Gaussians."""
    colors = streams.uniform(1, (200, 3)).astype(np.float32)
    waves = features.encode(colors)[:, 240:366].astype(float)
    oklab = space.srgb_to_oklab(colors.astype(float)) / [0.22, 0.11, 0.11]
    squared = ((oklab[:, None] - oklab) ** 2).sum(-1)
    kernel = np.mean([np.exp(-squared / (2 * width**2)) for width in (0.7, 1.5, 3.0)], axis=0)
    assert np.abs(waves @ waves.T - kernel).mean() < 0.1
    np.testing.assert_allclose((waves**2).sum(1), 1, rtol=1e-5)


def test_the_encoding_is_finite_and_of_even_length_over_the_gamut() -> None:
    code = features.encode(grid())
    assert np.isfinite(code).all()
    assert code.shape == (len(grid()), features.SIZE)
    length = np.linalg.norm(code, axis=1)
    assert 2.4 < length.min() < length.max() < 3.7


def test_hue_fades_out_towards_gray() -> None:
    near = np.float32([[0.5, 0.5, 0.5], [0.502, 0.5, 0.5], [0.5, 0.5, 0.502]])
    distance = np.linalg.norm(np.diff(features.encode(near), axis=0), axis=1)
    assert distance.max() < 0.3


def test_chunks_leave_no_trace() -> None:
    colors = streams.uniform(2, (5000, 3)).astype(np.float32)
    whole = features.encode(colors)
    pieces = np.concatenate([features.encode(colors[:2048]), features.encode(colors[2048:])])
    np.testing.assert_array_equal(whole, pieces)


def test_one_color_alone_is_encoded_as_among_others() -> None:
    colors = np.concatenate([grid()[::97], streams.uniform(3, (300, 3)).astype(np.float32)])
    alone = np.concatenate([features.encode(color[None]) for color in colors])
    np.testing.assert_allclose(alone, features.encode(colors), rtol=0, atol=5e-6)
    assert alone.dtype == np.float32


def test_spread_colors_cover_the_gamut_evenly() -> None:
    colors = negatives.spread(64)
    assert not colors.flags.writeable
    gamut = grid()[::11]

    def largest_hole(points: np.ndarray) -> float:
        return float(np.linalg.norm(gamut[:, None] - points, axis=2).min(axis=1).max())

    random = [largest_hole(streams.uniform(seed, (64, 3))) for seed in range(9)]
    assert largest_hole(colors) < np.median(random)


@pytest.mark.parametrize("seed", [0, -5, 2**64 - 1])
def test_drawn_negatives_keep_away_from_the_positives(seed: int) -> None:
    positive = streams.uniform(3, (300, 3)).astype(np.float32)
    drawn = negatives.draw(500, positive, seed)
    assert drawn.shape == (500, 3)
    assert drawn.tobytes() == negatives.draw(500, positive, seed).tobytes()
    distance = space.delta_e_2000(space.srgb_to_lab(drawn)[:, None], space.srgb_to_lab(positive))
    assert distance.min() >= negatives.JUST_NOTICEABLE - 1e-3


def test_the_leave_one_out_error_is_what_leaving_one_out_gives() -> None:
    colors = streams.uniform(4, (24, 3)).astype(np.float32)
    code = features.encode(colors).astype(float)
    y = np.repeat([1.0, -1.0], 12)
    squared = np.empty(24)
    for i in range(24):
        rest = np.delete(np.arange(24), i)
        alpha = np.linalg.solve(code[rest] @ code[rest].T + 0.3 * np.eye(23), y[rest])
        squared[i] = (y[i] - code[i] @ code[rest].T @ alpha) ** 2
    assert leave_one_out_error(colors[:12], colors[12:]) == pytest.approx(squared.mean(), rel=1e-3)


def test_the_penalty_grows_with_inconsistency_and_stays_below_what_kills() -> None:
    colors = streams.uniform(5, (400, 3)).astype(np.float32)
    light = colors[:, 1] > 0.5
    clean = fitting_penalty(colors[light][:100], colors[~light][:100])
    random = fitting_penalty(colors[:100], colors[100:200])
    assert clean < 1 < random
    assert fitting_penalty(colors[:1], colors[1:2]) <= 0.5
