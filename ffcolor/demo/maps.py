"""The map of a taste: every hue and lightness in a well-liked chroma, faded where the taste does not like it."""

from __future__ import annotations

import functools
import io

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.taste.colors import ColorPreference

WIDTH, HEIGHT, _CHROMAS = 216, 108, 12


@functools.cache
def _grid() -> NDArray[np.float32]:
    """The gamut over OKLCh: sRGB (HEIGHT, WIDTH, _CHROMAS, 3), chroma from 0 to the most that a place can have."""
    lightness = 1 - (np.arange(HEIGHT) + 0.5) / HEIGHT
    hue = (np.arange(WIDTH) + 0.5) * 360 / WIDTH
    lch = np.empty((HEIGHT, WIDTH, 3))
    lch[..., 0], lch[..., 2] = lightness[:, None], hue
    low, high = np.zeros((HEIGHT, WIDTH)), np.full((HEIGHT, WIDTH), 0.4)
    for _ in range(16):  # bisection: the gamut has no holes along chroma
        lch[..., 1] = (low + high) / 2
        inside = space.in_gamut(space.oklab_to_srgb(space.from_polar(lch)))
        low, high = np.where(inside, lch[..., 1], low), np.where(inside, high, lch[..., 1])
    full = np.repeat(lch[:, :, None], _CHROMAS, axis=2)
    full[..., 1] = low[..., None] * np.linspace(0, 1, _CHROMAS)
    return np.clip(space.oklab_to_srgb(space.from_polar(full)), 0, 1).astype(np.float32)


def preference_map(taste: ColorPreference) -> NDArray[np.uint8]:
    """The map as pixels (HEIGHT, WIDTH, 4): hue to the right, lightness upwards, opacity is the probability."""
    grid = _grid()
    probability = taste.probability(grid.reshape(-1, 3), exact=False).reshape(grid.shape[:3])
    vivid = np.linspace(0.8, 1, _CHROMAS, dtype=np.float32)  # of equally liked chromas, the strongest is shown
    best = (probability * vivid).argmax(axis=2)[..., None]
    color = np.take_along_axis(grid, best[..., None], axis=2)[:, :, 0]
    opacity = np.take_along_axis(probability, best, axis=2)
    return (np.concatenate([color, opacity], axis=2) * 255 + 0.5).astype(np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels (h, w, 3 or 4) as a PNG file."""
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", optimize=True)
    return data.getvalue()
