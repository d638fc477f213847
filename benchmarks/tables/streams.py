"""Deterministic colour streams: colours per second, and what it costs to start far along."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.lib import report
from ffcolor import streams

_ROUNDS = 5


def main(quick: bool = False) -> dict[str, Any]:
    count = 100_000 if quick else 1_000_000
    figures: dict[str, dict[str, float]] = {}
    for name, row in streams.STREAMS.items():
        bulk = _seconds(lambda seed, row=row: row.colors(seed, row.first, count))
        row.colors(7, row.first + count, 1)  # a chain walks there once
        single = _seconds(lambda _, row=row: row.colors(7, row.first + count, 1))
        figures[name] = {
            "million_per_s": count / bulk / 1e6,
            "ms_per_million": bulk * 1e9 / count,
            "again_us": single * 1e6,
        }
    peers = {
        "numpy's default generator, uint8": lambda seed: np.random.default_rng(seed).integers(
            0, 256, (count, 3), np.uint8
        ),
        "Python's random module": lambda seed: random.Random(seed).randbytes(3 * count),
    }
    others = {name: _seconds(draw) for name, draw in peers.items()}
    rows: list[tuple[Any, ...]] = [
        (name, f["million_per_s"], f["ms_per_million"], f["again_us"], streams.STREAMS[name].about)
        for name, f in figures.items()
    ]
    rows += [(f"({name})", count / s / 1e6, s * 1e9 / count, None, "not random access") for name, s in others.items()]
    report.print_table(
        f"{count:,} colours of each stream, median of {_ROUNDS} seeds",
        ("stream", "million colours/s", "ms for a million", "µs for one far along", "what"),
        rows,
        "genesis and unworld are chains: 'far along' is where they have been before.",
    )
    goals = [report.at_most("a million hash colours, ms", 60, figures["hash"]["ms_per_million"])]
    report.print_goals(goals)
    return {"count": count, "streams": figures, "peers_s": others, "goals": goals}


def _seconds(draw: Callable[[int], object]) -> float:
    """The median time over seeds that were not used before; the first round warms up."""
    times = []
    for seed in range(_ROUNDS + 1):
        start = time.perf_counter()
        draw(1000 + seed)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])
