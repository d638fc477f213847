"""The lookup table over the gamut, against a plain slow interpolation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ffcolor import ColorPreference, FfcolorError, streams
from ffcolor.taste.lookup import SIDE, Lookup


def test_the_lookup_is_a_plain_trilinear_interpolation_of_floats_and_of_bytes() -> None:
    values = streams.uniform(2, SIDE**3).astype(np.float32)
    bytes_ = (streams.uniform(3, (400, 3)) * 256).astype(np.uint8)
    bytes_[:3] = [[0, 0, 0], [255, 255, 255], [255, 0, 128]]
    floats = np.concatenate([streams.uniform(4, (400, 3)).astype(np.float32), np.eye(3, dtype=np.float32)])
    cube = values.reshape(SIDE, SIDE, SIDE).astype(np.float64)

    def slow(color: np.ndarray) -> float:
        total = 0.0
        at = [min(int(channel * 32), 31) for channel in color]
        for corner in itertools.product((0, 1), repeat=3):
            shares = [
                share if up else 1 - share
                for up, share in zip(corner, (float(c) * 32 - a for c, a in zip(color, at, strict=True)), strict=True)
            ]
            total += float(np.prod(shares)) * cube[tuple(a + up for a, up in zip(at, corner, strict=True))]
        return total

    found = Lookup(values)
    np.testing.assert_allclose(found(floats), [slow(color) for color in floats], atol=1e-5)
    np.testing.assert_allclose(found(bytes_), [slow(color / 255) for color in bytes_], atol=1e-5)
    np.testing.assert_array_equal(found(bytes_), found(bytes_ / np.float32(255)))
    assert found(floats[:0]).shape == (0,)
    many = np.tile(bytes_, (500, 1))
    np.testing.assert_array_equal(found(many), np.tile(found(bytes_), 500))
    np.testing.assert_array_equal(found(many), found(many, threads=3))


def test_an_image_of_bytes_is_looked_up_as_it_is() -> None:
    taste = ColorPreference().fit(["#ffd1dc", "#c1e1c1", "#aec6cf"], ["#8b0000", "#003300"])
    image = (streams.uniform(5, (30, 40, 3)) * 256).astype(np.uint8)
    expected = taste.probability(image.astype(np.float32) / 255, exact=False)
    assert taste.probability(image, exact=False).tobytes() == expected.tobytes()
    with pytest.raises(FfcolorError, match="no colours"):
        taste.probability(np.empty((0, 3), np.uint8), exact=False)


@pytest.mark.parametrize("seed", range(4))
def test_near_greys_and_near_black_it_is_within_five_hundredths(seed: int) -> None:
    """Tastes that turn about at grey: warm against cool, vivid against grey, and at random."""
    random = streams.uniform(40 + seed, (12, 3)).astype(np.float32)
    sides = [
        (["#807f7f", "#c9c7c6", "#403e3e", "red"], ["#7f7f80", "#c6c7c9", "#3e3e40", "blue"]),
        (["#808080", "#ccc", "#333"], ["#877f7f", "#7f877f", "#7f7f87", "#d4cccc", "#33333a"]),
        (["#100000", "#000a00", "#00000c"], ["#000", "#0a0a0a", "#101010"]),
        (random[:6], random[6:]),
    ]
    taste = ColorPreference().fit(*sides[seed])
    level = streams.uniform(seed, (6000, 1)) * 256
    off = (streams.uniform(seed + 9, (6000, 3)) - 0.5) * 30
    colors = np.clip(level + off, 0, 255).astype(np.uint8)[None]
    exact = taste.probability((colors[0] / np.float32(255)).astype(np.float32))
    quick = taste.probability(colors, exact=False)
    assert np.abs(exact - quick).max() <= 0.05
    assert quick.tobytes() == taste.probability(np.tile(colors, (40, 1, 1)), exact=False, threads=3)[:6000].tobytes()
