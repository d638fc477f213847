"""The streams themselves: each is a function of (seed, index) with the formula of the program that it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.splitmix import GAMMA, MASK, SEED, Words, index_range, indices, mix64, to_word
from ffcolor.streams.chains import GENESIS, UNWORLD, chain_range

Floats = NDArray[np.float32]

_UNIT = np.array([value / 255 for value in range(256)], dtype=np.float32)
_BLOCK = 8192


def genesis(seed: int = SEED, start: int = 1, count: int = 12) -> Floats:
    """The canonical Gay MCP chain: lively colours of middle lightness. Indices usually start at 1. Returns (count, 3).

    Colour i draws hue 360u, saturation 0.5 + 0.4u and lightness 0.35 + 0.4u (HSL) from a generator that was split off i
    times, one split after the other, so reaching index i costs i steps (about a microsecond each). Passed places are
    remembered every 256 steps: a range costs one pass, and the next range goes on from there.

    Source: Steele, Lea, Flood (2014), as in SplittableRandoms.jl.
    """
    states = GENESIS.states(to_word(seed), *chain_range("genesis", start, count))  # (count, 2): seed, gamma
    draws = np.arange(1, 4, dtype=np.uint64)
    u = (mix64(states[:, :1] + draws * states[:, 1:]) & np.uint64((1 << 52) - 1)) * 2.0**-52  # (count, 3)
    return _quantized(u * [360.0, 0.4, 0.4] + [0.0, 0.5, 0.35], space.hsl_to_srgb)


def hash(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """Gay.jl 0.4's `color_at`: every one of the 16.7 million colours is equally likely. Returns (count, 3).

    R, G, B are the low three bytes of mix64((seed ^ (index * GAMMA)) + GAMMA). Any part costs the same.
    """
    words = (indices(start, count) * np.uint64(GAMMA)) ^ np.uint64(to_word(seed))
    words += np.uint64(GAMMA)
    return _UNIT[mix64(words).astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)[:, :3]]


def lch(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """The gay-mcp page's stream: even in CIE LCh(ab), hence many greys, clipped to sRGB. Returns (count, 3).

    Three SplitMix64 numbers a colour, u = number / (2**64 - 1): L = 10 + 85u, C = 100u, hue = 360u degrees (D65).
    """
    return _quantized(lch_coordinates(seed, start, count), lambda lch: space.lab_to_srgb(space.from_polar(lch)))


def lch_coordinates(seed: int = SEED, start: int = 0, count: int = 12) -> NDArray[np.float64]:
    """The (L, C, hue in degrees) that `lch` draws before they are clipped and rounded, float64 (count, 3)."""
    first, size = index_range(start, count)
    before = np.uint64(
        to_word(seed) + 3 * first * GAMMA & MASK
    )  # the generator's state when it comes to colour `start`
    numbers = mix64(np.arange(1, 3 * size + 1, dtype=np.uint64) * np.uint64(GAMMA) + before).reshape(-1, 3)
    return numbers / float(MASK) * [85.0, 100.0, 360.0] + [10.0, 0.0, 0.0]


def fork(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """music-topos's parallel forks, kept for compatibility: a poor stream to train on. Returns (count, 3).

    By its formulas the lightness always comes out as 0.9 and the first thousand forks have only 125 hues.
    """
    return _quantized(fork_coordinates(seed, start, count)[1], space.hsl_to_srgb)


def fork_coordinates(
    seed: int = SEED, start: int = 0, count: int = 12
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """`fork`'s draws: child seeds, int64 (count,), and (hue in degrees, saturation, lightness) float64 (count, 3)."""
    x = (indices(start, count) + np.uint64(to_word(seed))).view(np.int64)
    child = (x << 13) | (x >> 51)  # on signed words: the right shift drags the sign along, so this is not a rotation
    hue = child % 1000 * 137.508 % 360
    saturation = np.minimum(1.0, 0.3 + 0.01 + child % 256 / 256 * 0.3)
    lightness = np.clip(0.3 + child % 70 + 70 - 1 / 20, 0.2, 0.9)
    return child, np.stack([hue, saturation, lightness], axis=-1)


def unworld(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """Unworld's derivational chain: 180 strong colours around red, green and blue. Returns (count, 3).

    The hue is 0, 120 or 240 by the seed's trit plus an offset in [-30, 30); HSL saturation 0.7, lightness 0.5, channels
    rounded down. Each colour derives the next seed, so reaching index i costs i steps, as in `genesis`.
    """
    seeds = unworld_seeds(seed, start, count)
    turn = (
        120 * (1 - _seed_trits(seeds)) + ((seeds >> np.uint64(16)) & np.uint64(255)).astype(np.int64) % 60 - 30
    ) % 360
    # 255 * (0.15 + 0.7 * part / 60), rounded down, in whole numbers; part is how far each channel has risen, 0 to 60
    k = (turn[:, None] + [120, 0, -120]) % 360
    part = np.clip(np.minimum(k, 240 - k), 0, 60)
    return _UNIT[((119 * part + 1530) // 40).astype(np.uint8)]


def unworld_seeds(seed: int = SEED, start: int = 0, count: int = 12) -> Words:
    """The chain of seeds behind `unworld`, as uint64 (count,)."""
    return UNWORLD.states(to_word(seed), *chain_range("unworld", start, count))[:, 0]


def _seed_trits(seeds: Words) -> NDArray[np.int64]:
    return (mix64(seeds + np.uint64(GAMMA)) % np.uint64(3)).astype(np.int64) - 1


def _quantized(coordinates: NDArray[np.float64], to_srgb: Callable[[NDArray[Any]], NDArray[Any]]) -> Floats:
    """Convert, clip and round to 8 bits, in blocks that stay in the processor's cache."""
    colors = np.empty(coordinates.shape, dtype=np.float32)
    for at in range(0, len(coordinates), _BLOCK):
        srgb = to_srgb(coordinates[at : at + _BLOCK])
        colors[at : at + _BLOCK] = _UNIT[(np.clip(srgb, 0, 1) * 255 + 0.5).astype(np.uint8)]
    return colors
