"""Chains: streams in which each index needs the one before, walked in plain integers with a memory of the way."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np

from ffcolor.splitmix import GAMMA, MASK, MIX_1, MIX_2, Words, index_range, stream_error

_LARGEST_CHAIN = 1 << 26  # steps along a chain: about a minute and a half


def walk_genesis(first: tuple[int, ...], count: int) -> array[int]:
    """`count` states (seed, gamma) from `first` on, flat."""
    seed, gamma = first
    states = array("Q")
    push = states.append
    mask, mix_1, mix_2 = MASK, MIX_1, MIX_2
    for _ in range(count):
        push(seed)
        push(gamma)
        z = seed + gamma & mask
        y = z + gamma & mask
        z = (z ^ z >> 30) * mix_1 & mask
        z = (z ^ z >> 27) * mix_2 & mask
        seed = z ^ z >> 31
        y = (y ^ y >> 33) * 0xFF51AFD7ED558CCD & mask
        y = (y ^ y >> 33) * 0xC4CEB9FE1A85EC53 & mask
        gamma = (y ^ y >> 33) | 1
        if (gamma ^ gamma >> 1).bit_count() < 24:
            gamma ^= 0xAAAAAAAAAAAAAAAA
    return states


_UNWORLD_KEYS = (GAMMA, GAMMA >> 1, GAMMA << 1 & MASK)  # for trit -1, 0, +1


def walk_unworld(first: tuple[int, ...], count: int) -> array[int]:
    """`count` seeds from `first` on."""
    (seed,) = first
    states = array("Q")
    push = states.append
    mask, mix_1, mix_2, keys = MASK, MIX_1, MIX_2, _UNWORLD_KEYS
    for _ in range(count):
        push(seed)
        z = seed + GAMMA & mask
        z = (z ^ z >> 30) * mix_1 & mask
        z = (z ^ z >> 27) * mix_2 & mask
        seed = (seed ^ keys[(z ^ z >> 31) % 3]) * mix_1 & mask
    return states


class Chain:
    """A sequential stream with a memory of its state at every 256th index, for the 64 latest seeds."""

    STRIDE = 256
    SEEDS = 64

    def __init__(self, walk: Callable[[tuple[int, ...], int], array[int]], *rest: int):
        self.walk = walk
        self.rest = rest  # what the first state holds besides the seed
        self.marks: dict[int, list[tuple[int, ...]]] = {}
        self.lock = threading.Lock()

    def states(self, seed: int, start: int, count: int) -> Words:
        """States `start` … `start + count - 1` as uint64 (count, width)."""
        width = 1 + len(self.rest)
        if not count:
            return np.empty((0, width), dtype=np.uint64)
        with self.lock:
            marks = self.marks.pop(seed, None) or [(seed, *self.rest)]
            self.marks[seed] = marks  # the latest seed goes last, the oldest is forgotten
            if len(self.marks) > self.SEEDS:
                del self.marks[next(iter(self.marks))]
            place = min(start // self.STRIDE, len(marks) - 1)
            state = marks[place]
        while (begin := place * self.STRIDE) + self.STRIDE <= start:
            state = tuple(self.walk(state, self.STRIDE + 1)[-width:])
            place += 1
            self._remember(marks, place, state)
        flat = self.walk(state, start - begin + count)
        for mark in range(place + 1, (start + count - 1) // self.STRIDE + 1):
            at = (mark - place) * self.STRIDE * width
            self._remember(marks, mark, tuple(flat[at : at + width]))
        return np.frombuffer(flat, dtype=np.uint64).reshape(-1, width)[start - begin :]

    def _remember(self, marks: list[tuple[int, ...]], place: int, state: tuple[int, ...]) -> None:
        with self.lock:
            if place == len(marks):
                marks.append(state)


GENESIS = Chain(walk_genesis, GAMMA)
UNWORLD = Chain(walk_unworld)


def chain_range(name: str, start: Any, count: Any) -> tuple[int, int]:
    """A start and a count, checked as `index_range` does, and near enough to be walked to."""
    first, size = index_range(start, count)
    if first + size > _LARGEST_CHAIN:
        raise stream_error(
            f"{name} reaches an index by as many steps, so {first + size - 1:,} is too far (at most "
            f"{_LARGEST_CHAIN - 1:,}): take another seed, or the stream 'hash', which reaches any index at once",
            first,
        )
    return first, size
