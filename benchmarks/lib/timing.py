"""Timing work in this process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Median wall time of some work in milliseconds, after one unmeasured round."""
    work()
    return statistics.median(timed(work) for _ in range(repeats))


def in_turn(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of several pieces of work, done in turn, so that a slow minute of the machine meets all."""
    for work in works.values():
        work()
    times = [[timed(work) for work in works.values()] for _ in range(rounds)]
    return {name: statistics.median(column) for name, column in zip(works, zip(*times, strict=True), strict=True)}


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that some work takes, once."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)
