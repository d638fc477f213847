"""Repainting images, against a brute-force search and Pillow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ffcolor import FfcolorError, Palette, recolor
from ffcolor.color import space

PALETTE = ["#101010", "#F5F0E0", "#C0392B", "#2980B9", "#27AE60"]
LEVELS = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in PALETTE], dtype=np.uint8)


def photo(height: int = 40, width: int = 60, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, channels), dtype=np.uint8)


def brute_force(pixels: np.ndarray, levels: np.ndarray) -> np.ndarray:
    asked, targets = space.srgb_to_oklab(pixels / 255), space.srgb_to_oklab(levels / 255)
    return levels[((asked[:, :, None] - targets) ** 2).sum(-1).argmin(-1)]


def one_by_one(pixels: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Floyd-Steinberg as the paper has it: pixel after pixel, row after row."""
    rest = space.srgb_to_linear(pixels / 255)
    linear, targets = space.srgb_to_linear(levels / 255), space.srgb_to_oklab(levels / 255)
    out = np.empty_like(pixels)
    height, width, _ = pixels.shape
    for y in range(height):
        for x in range(width):
            wanted = np.clip(rest[y, x], -0.75, 1.75)
            best = ((space.linear_to_oklab(np.clip(wanted, 0, 1)) - targets) ** 2).sum(-1).argmin()
            out[y, x] = levels[best]
            for dx, dy, share in ((1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)):
                if 0 <= x + dx < width and y + dy < height:
                    rest[y + dy, x + dx] += (wanted - linear[best]) * share / 16
    return out


def test_each_pixel_gets_the_nearest_color() -> None:
    assert np.array_equal(recolor(photo(), PALETTE), brute_force(photo(), LEVELS))


def test_a_large_image_gives_the_same_as_its_parts() -> None:
    pixels = photo(1100, 1000)
    whole = recolor(pixels, PALETTE)
    assert np.array_equal(whole[:50], recolor(pixels[:50], PALETTE))
    assert np.array_equal(whole[-50:], recolor(pixels[-50:], PALETTE))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (13, 7), (7, 20)])
def test_dithering_is_floyd_steinberg(shape: tuple[int, int]) -> None:
    smooth = np.linspace(0, 255, shape[0] * shape[1] * 3).reshape(*shape, 3).astype(np.uint8)
    assert np.mean(recolor(smooth, PALETTE, dither=True) == one_by_one(smooth, LEVELS)) > 0.99


@pytest.mark.parametrize("level", [30, 90, 140, 200, 240])
def test_dithering_keeps_the_average_light(level: int) -> None:
    gray = np.full((64, 64, 3), level, dtype=np.uint8)
    light = space.srgb_to_linear(recolor(gray, ["black", "white"], dither=True) / 255).mean()
    assert abs(light - space.srgb_to_linear(level / 255)) < 0.015


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 9), st.booleans())
@settings(deadline=None, max_examples=40)
def test_only_palette_colors_and_own_colors_stay(height: int, width: int, count: int, dither: bool) -> None:
    levels = np.random.default_rng(count).integers(0, 256, (count, 3), dtype=np.uint8)
    painted = recolor(photo(height, width), levels, dither=dither)
    assert {*map(tuple, painted.reshape(-1, 3).tolist())} <= {*map(tuple, levels.tolist())}
    assert np.array_equal(recolor(painted, levels, dither=dither), painted)


def test_every_kind_of_image(tmp_path: Path) -> None:
    pixels, expected = photo(), brute_force(photo(), LEVELS)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    for image in (pixels / np.float32(255), Image.fromarray(pixels), tmp_path / "a.png", str(tmp_path / "a.png")):
        assert np.array_equal(recolor(image, Palette(PALETTE)), expected)


def test_alpha_stays() -> None:
    pixels = photo(channels=4)
    for image in (pixels, Image.fromarray(pixels), pixels / 255):
        painted = recolor(image, PALETTE)
        assert np.array_equal(painted[..., 3], pixels[..., 3])
        assert np.array_equal(painted[..., :3], brute_force(pixels[..., :3], LEVELS))


def test_an_empty_image_stays_empty() -> None:
    assert recolor(np.empty((0, 5, 3), dtype=np.uint8), PALETTE).shape == (0, 5, 3)


@pytest.mark.parametrize(
    "image", ["gone.png", np.zeros((3, 3)), np.full((2, 2, 3), np.nan), 7, np.full((2, 2, 4), 2.0)]
)
def test_what_is_no_image_is_refused(image: object) -> None:
    with pytest.raises(FfcolorError):
        recolor(image, PALETTE)


@pytest.mark.parametrize(("palette", "dither"), [([], False), (["#12g"], False), (PALETTE, "yes")])
def test_other_mistakes_are_refused(palette: list[str], dither: object) -> None:
    with pytest.raises(FfcolorError):
        recolor(photo(), palette, dither=dither)
