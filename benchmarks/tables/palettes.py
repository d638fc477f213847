"""Palettes out of a learned preference, judged by the truth behind it; and over the whole gamut, beside peers.

The share is of generated colours that satisfy the *true* concept, which the learner has seen k liked and k disliked
colours of; the least difference is exact CIEDE2000 over all pairs. `power` and the reach of a pick were chosen on other
concepts than those judged here.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from benchmarks.lib import report
from benchmarks.lib.concepts import Concept, Floats, rng_for
from benchmarks.lib.tasks import concepts, draw
from ffcolor import ColorPreference, Palette, diverse_palette, recolor

GAMUT_GOALS = {5: 54.0, 12: 31.0, 64: 15.0}
LEARNED_GOALS = {5: (0.93, 20.0), 12: (0.92, 11.0)}
TIME_GOALS = {5: 20.0, 12: 50.0, 64: 300.0, 256: 1000.0}
KS = (16, 64)
SEEDS = (100, 101, 102, 103)  # of the concepts judged; two more than for accuracy, as this is quick
_CONCEPTS = 48


def main(quick: bool = False) -> dict[str, Any]:
    gamut = _gamut((5, 12, 64) if quick else (5, 12, 64, 256))
    learned = _learned((5, 12, 64) if quick else (5, 12, 64, 256), 12 if quick else _CONCEPTS)
    image = _image()
    ours = {row["n"]: row for row in gamut if row["method"] == "ffcolor"}
    goals = []
    for n, goal in GAMUT_GOALS.items():
        best = max(row["least"] for row in gamut if row["n"] == n and row["method"] != "ffcolor")
        goals.append(report.at_least(f"whole gamut, n = {n}: least ΔE2000", goal, ours[n]["least"]))
        goals.append(report.at_least(f"whole gamut, n = {n}: ahead of the best peer", best, ours[n]["least"]))
    rows = {row["n"]: row for row in learned if row["k"] == 16}
    for n, (share, least) in LEARNED_GOALS.items():
        what = f"learned on 16 + 16, n = {n}"
        goals.append(report.at_least(f"{what}: share of the true concept", share, rows[n]["share"]))
        goals.append(report.at_least(f"{what}: least ΔE2000", least, rows[n]["least"]))
    goals += [
        report.at_most(f"palette time, n = {n}, ms", goal, rows[n]["ms"]) for n, goal in TIME_GOALS.items() if n in rows
    ]
    report.print_goals(goals)
    return {"gamut": gamut, "learned": learned, "image": image, "goals": goals}


def _milliseconds(make: Callable[[], Any], rounds: int) -> tuple[Any, float]:
    """What is made, and the median time that it takes after a first, uncounted time."""
    made, times = make(), []
    for _ in range(rounds):
        start = time.perf_counter()
        made = make()
        times.append((time.perf_counter() - start) * 1e3)
    return made, statistics.median(times)


# over the whole gamut ------------------------------------------------------------------------------------------------


def _qualpal(n: int) -> list[str]:
    from qualpal import Qualpal

    everything = {"h": (0, 360), "s": (0, 1), "l": (0, 1)}
    return [str(color.hex()) for color in Qualpal(colorspace=everything).generate(n)]


def _glasbey(n: int) -> list[str]:
    import glasbey

    return list(glasbey.create_palette(palette_size=n, lightness_bounds=(0, 100), chroma_bounds=(0, 150)))


def _distinctipy(n: int) -> Floats:
    import distinctipy

    return np.array(distinctipy.get_colors(n, rng=0))


PEERS: dict[str, Callable[[int], Any]] = {
    "ffcolor": diverse_palette,
    "qualpal": _qualpal,
    "glasbey": _glasbey,
    "distinctipy": _distinctipy,
}


def _gamut(sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in sizes:
            for method, make in PEERS.items():
                if method == "distinctipy" and n > 64:
                    continue  # minutes
                made, ms = _milliseconds(lambda make=make, n=n: make(n), 3)
                rows.append({"n": n, "method": method, "least": Palette(made).min_delta_e(), "ms": ms})
    report.print_table(
        "The whole gamut: least ΔE2000 of a palette of n",
        ("n", "method", "least ΔE2000", "ms"),
        [(row["n"], row["method"], row["least"], row["ms"]) for row in rows],
        "distinctipy with a fixed seed; qualpal and glasbey over the widest bounds that they take.",
    )
    return rows


# out of a learned preference -----------------------------------------------------------------------------------------


def _learned(sizes: tuple[int, ...], count: int) -> list[dict[str, Any]]:
    cases = [(k, *_taste(concept, k)) for k in KS for concept in islice(concepts(SEEDS), count)]
    rows = []
    for k in KS:
        for n in report.progress(f"k = {k}", sizes, len(sizes)):
            shares, leasts, times = [], [], []
            for taste, concept in [case[1:] for case in cases if case[0] == k]:
                palette, ms = _milliseconds(lambda taste=taste, n=n: taste.palette(n), 1)
                shares.append(float(np.mean(concept(palette.colors))))
                leasts.append(palette.min_delta_e())
                times.append(ms)
            rows.append(
                {
                    "k": k,
                    "n": n,
                    "concepts": len(shares),
                    "share": statistics.fmean(shares),
                    "share_median": statistics.median(shares),
                    "least": statistics.fmean(leasts),
                    "least_median": statistics.median(leasts),
                    "ms": statistics.median(times),
                }
            )
    report.print_table(
        f"Out of a preference learned on k + k colours of {count} synthetic concepts",
        ("k", "n", "concepts", "true share: mean", "median", "least ΔE2000: mean", "median", "ms"),
        [[row[key] for key in row] for row in rows],
    )
    return rows


def _taste(concept: Concept, k: int) -> tuple[ColorPreference, Concept]:
    rng = rng_for("palettes", concept.name, k)
    return ColorPreference().fit(draw(concept, True, k, rng), draw(concept, False, k, rng)), concept


# an image ------------------------------------------------------------------------------------------------------------


def _image() -> dict[str, float]:
    y, x = np.mgrid[0:3000, 0:4000].astype(np.float32)
    smooth = np.stack([x / 4000, y / 3000, (x + y) / 7000], axis=-1)
    noise = rng_for("photo").normal(0, 0.03, smooth.shape).astype(np.float32)
    photo = (np.clip(smooth + noise, 0, 1) * 255).astype(np.uint8)
    palette = diverse_palette(12)
    seconds = {}
    for name, dither in (("nearest", False), ("dithered", True)):
        start = time.perf_counter()
        recolor(photo, palette, dither=dither)
        seconds[name] = time.perf_counter() - start
    report.print_table("A 12-megapixel image in 12 colours", ("", "seconds"), list(seconds.items()))
    return seconds
