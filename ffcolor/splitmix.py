"""SplitMix64 and what follows from it: random access numbers, uniform floats, split seeds; and checks.

Seeds and indices are whole numbers modulo 2**64; seeds may be given as Clojure longs, that is from -2**63 on.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import FfcolorError

Words = NDArray[np.uint64]

SEED = 1069
"""The seed that is meant when none is given."""

GAMMA = 0x9E3779B97F4A7C15
"""The golden gamma: the odd number nearest to 2**64 over the golden ratio."""

MASK = (1 << 64) - 1
MIX_1, MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_LARGEST_COUNT = 1 << 27  # colours in one call: 1.5 GB


def mix64(words: Words) -> Words:
    """Scramble 64-bit words (any shape) one to one: the finaliser of SplitMix64.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), with Stafford's mix 13.
    """
    z = (words ^ (words >> np.uint64(30))) * np.uint64(MIX_1)
    z ^= z >> np.uint64(27)
    z *= np.uint64(MIX_2)
    z ^= z >> np.uint64(31)
    return z


def splitmix64(seed: int = SEED, start: int = 0, count: int = 1) -> Words:
    """Numbers `start`, `start + 1`, … of the SplitMix64 generator with this seed, as uint64 (count,).

    Number k is `mix64(seed + (k + 1) * GAMMA)` modulo 2**64: any part of the sequence costs the same.
    """
    word = to_word(seed)
    return mix64((indices(start, count) + np.uint64(1)) * np.uint64(GAMMA) + np.uint64(word))


def uniform(seed: int, shape: int | tuple[int, ...]) -> NDArray[np.float64]:
    """Random numbers in [0, 1), evenly spread, as float64 of the given shape: the only randomness in ffcolor.

    Number k (in C order) is the upper 53 bits of SplitMix64 number k, times 2**-53.
    """
    size = int(np.prod(shape, dtype=np.int64))
    return ((splitmix64(seed, 0, size) >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)


def normal(seed: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Random numbers of the standard normal distribution, as float64 of the given shape.

    Source: Box and Muller, "A note on the generation of random normal deviates" (1958).
    """
    u = uniform(seed, (2, *shape))
    numbers: NDArray[np.float64] = np.sqrt(-2 * np.log1p(-u[0])) * np.cos(2 * np.pi * u[1])
    return numbers


def split(seed: int, index: int) -> int:
    """The seed of independent child stream number `index`: seed ^ (index * GAMMA), in [0, 2**64)."""
    return to_word(seed) ^ (to_word(index, "index") * GAMMA & MASK)


def stream_error(message: str, value: object, setting: str | None = None) -> FfcolorError:
    """The error of this family: code ``stream``."""
    return FfcolorError(message, code="stream", value=value, setting=setting)


def _whole(value: Any, what: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise stream_error(f"{what} {value!r} is not a whole number", value, what) from None


def to_word(value: Any, what: str = "seed") -> int:
    """A whole number from -2**63 to 2**64 - 1 as a 64-bit word, or an error that names it."""
    number = _whole(value, what)
    if not -(1 << 63) <= number <= MASK:
        raise stream_error(f"{what} {number} does not fit in 64 bits: it goes from -2**63 to 2**64 - 1", number, what)
    return number & MASK


def index_range(start: Any, count: Any) -> tuple[int, int]:
    """A start and a count, checked: indices that exist, and no more than one call gives."""
    first, size = _whole(start, "start"), _whole(count, "count")
    if not 0 <= first <= MASK:
        raise stream_error(f"start {first} is not an index: indices go from 0 to 2**64 - 1", first, "start")
    if not 0 <= size <= _LARGEST_COUNT:
        message = f"count {size} is out of range: one call gives from 0 to {_LARGEST_COUNT:,} colours"
        raise stream_error(message, size, "count")
    if first + size > MASK + 1:
        raise stream_error(f"{size} colours from index {first} on would pass the last index, 2**64 - 1", first)
    return first, size


def indices(start: Any, count: Any) -> Words:
    """The indices from `start` on as uint64 (count,)."""
    first, size = index_range(start, count)
    return np.arange(size, dtype=np.uint64) + np.uint64(first)
