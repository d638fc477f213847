"""What a peer sees of a colour, and the kinds of functions that peers are made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from benchmarks.lib.concepts import Floats, rng_for
from ffcolor.color.space import srgb_to_oklab

Probability = Callable[[Floats], Floats]
Fit = Callable[[Floats, Floats | None], Probability]
Model = Callable[[Floats, Floats, Floats], Probability]  # inputs (n, d), labels (n,), weights (n,) -> inputs -> p


def rgb(colors: Floats) -> Floats:
    """Scaled RGB, (n, 3)."""
    return (np.asarray(colors, dtype=np.float64) - 0.5) / 0.289


def d12(colors: Floats) -> Floats:
    """Lightness, chroma, gated hue direction (and turned by 45 degrees), RGB, saturation, largest, least: (n, 12)."""
    r = np.asarray(colors, dtype=np.float64)
    L, a, b = srgb_to_oklab(r).T
    C = np.hypot(a, b)
    x, y = 1.4 * a / (C + 0.03), 1.4 * b / (C + 0.03)
    high, low = r.max(axis=1), r.min(axis=1)
    hue = [x, y, (x - y) / 2**0.5, (x + y) / 2**0.5]
    rest = [((high - low) / (high + 0.001) - 0.6) / 0.3, (high - 0.75) / 0.2, (low - 0.25) / 0.2]
    return np.column_stack([(L - 0.62) / 0.22, (C - 0.13) / 0.07, *hue, rgb(r), *rest])


def features(colors: Floats) -> Floats:
    """What the learner of ffcolor sees, (n, d)."""
    from ffcolor.taste.features import encode

    return np.asarray(encode(np.asarray(colors, dtype=np.float32)))


@lru_cache(maxsize=1)
def background() -> Floats:
    """256 colours drawn uniformly from the gamut, float32 (256, 3)."""
    return rng_for("background").random((256, 3), dtype=np.float32)
