"""How fast: learning, scoring colours in bulk, starting up; one thread unless said; medians of repeats."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.lib import metrics, report
from benchmarks.lib.concepts import Floats, SyntheticConcept, rng_for
from benchmarks.lib.inputs import Fit, features
from benchmarks.lib.network_peers import backprop_mlp
from benchmarks.lib.peers import PEERS, peer
from benchmarks.lib.tasks import TEST_SEEDS, concepts, draw
from benchmarks.lib.timing import in_turn, median_ms, timed

LEARN_GOALS = {16: 12.0, 256: 35.0, 100_000: 300.0}  # colours of each side -> milliseconds
SPEEDUP_BAR = 5.0


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep numpy and torch on one thread."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(before)


def learn_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Milliseconds of a complete learn, encoding included, for three sizes of the task."""
    from ffcolor import ColorPreference

    default = ColorPreference()
    assert isinstance(default.hidden, int)
    same_shape = backprop_mlp(hidden=default.hidden, steps=default.steps, rate=default.learning_rate)
    backprop, backprop_bg = (
        f"backprop MLP, torch autograd, {default.hidden} units, {default.steps} steps",
        "… + background",
    )
    learners: dict[str, Fit] = {
        "ffcolor": lambda pos, neg: default.fit(pos, neg).probability,
        backprop: peer(same_shape, features),
        backprop_bg: peer(same_shape, features, with_background=True),
        **{name: PEERS[name] for name in ("naive FF layer, RGB", "fflib, RGB", "logistic regression, features + bg")},
        **{name: PEERS[name] for name in ("RBF-SVM, features + bg", "GP, features", "extra trees, D12")},
    }
    concept = SyntheticConcept("hue arc", TEST_SEEDS[0])
    times: dict[str, dict[int, float | None]] = {name: dict.fromkeys(LEARN_GOALS) for name in learners}
    for size in LEARN_GOALS:
        rng = rng_for("speed", size)
        pos, neg = draw(concept, True, size, rng), draw(concept, False, size, rng)
        here = {name: partial(fit, pos, neg) for name, fit in learners.items()}
        if size > 1000:
            times["ffcolor"][size] = median_ms(here["ffcolor"], 5 if quick else 7)
            times[backprop][size] = None if quick else timed(here[backprop])
            continue
        for name, milliseconds in in_turn(here, 5 if quick else 21).items():
            times[name][size] = milliseconds
    report.print_table(
        "One complete learn, encoding included: ms",
        ("learner", *(f"{size:,} + {size:,}" for size in LEARN_GOALS)),
        [(name, *row.values()) for name, row in times.items()],
    )
    ours = {size: value or 0.0 for size, value in times["ffcolor"].items()}
    goals = [report.at_most(f"learn {size:,} + {size:,}, ms", goal, ours[size]) for size, goal in LEARN_GOALS.items()]
    ratio = (times[backprop][16] or 0.0) / ours[16]
    goals.append(
        report.at_least("learn 16 + 16: times faster than the backprop MLP of the same shape", SPEEDUP_BAR, ratio)
    )
    return {"learn_ms": times}, goals


def scoring_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Colours scored per second, exactly and through the table over the gamut, and what the table costs."""
    from ffcolor import ColorPreference

    rng = rng_for("scoring")
    many = rng.random((1_000_000 if quick else 8_000_000, 3), dtype=np.float32)
    some = many[: 50_000 if quick else 200_000]
    taste = _taste(SyntheticConcept("hue arc", TEST_SEEDS[0]))

    def make_table() -> None:
        taste._lookup = None
        taste.lookup()

    build = median_ms(make_table, 5)
    repeats = 3 if quick else 7
    rates = {
        "exact, 1 thread": len(some) / 1000 / median_ms(lambda: taste.probability(some), repeats),
        "33³ table, 1 thread": len(many) / 1000 / median_ms(lambda: taste.probability(many, exact=False), repeats),
    }
    cores = report.usable_cores()
    if cores >= 2:
        two = median_ms(lambda: taste.probability(many, exact=False, threads=2), repeats)
        rates["33³ table, 2 threads"] = len(many) / 1000 / two
    flips, losses, errors = [], [], []
    sample = rng.random((20_000, 3), dtype=np.float32)
    for concept in concepts(TEST_SEEDS[:1] if quick else TEST_SEEDS[:2]):
        fitted: ColorPreference = _taste(concept)
        exact, fast = fitted.probability(sample), fitted.probability(sample, exact=False)
        truth = concept(sample)
        flips.append(float(np.mean((exact >= 0.5) != (fast >= 0.5))))
        losses.append(metrics.auc(exact, truth) - metrics.auc(fast, truth))
        errors.append(float(np.abs(exact - fast).mean()))
    report.print_table(
        "Scoring in bulk",
        ("", "million colours a second"),
        rates.items(),
        f"Making the table: {build:.1f} ms. Against exact scores, over {len(flips)} learned preferences (k = 32) and "
        f"{len(sample):,} uniform colours each: decisions flipped {np.mean(flips):.3%} (at worst {max(flips):.3%}), "
        f"AUC lost {np.mean(losses):.5f} (at worst {max(losses):.5f}), mean |Δp| {np.mean(errors):.5f}.",
    )
    goals = [
        report.at_least("exact scoring, million colours a second, 1 core", 0.8, rates["exact, 1 thread"]),
        report.at_least("table scoring, million colours a second, 1 core", 25, rates["33³ table, 1 thread"]),
    ]
    if cores >= 2:
        two_threads = rates["33³ table, 2 threads"]
        goals.append(report.at_least("table scoring, million colours a second, 2 cores", 40, two_threads))
    goals.append(report.at_most("table scoring, AUC lost (mean)", 0.001, float(np.mean(losses))))
    goals.append(report.at_most("table scoring, share of decisions flipped (mean)", 0.002, float(np.mean(flips))))
    figures = {"flips": flips, "auc_losses": losses, "mean_errors": errors, "table_ms": build}
    return {"million_colors_a_second": rates, **figures}, goals


def _taste(concept: SyntheticConcept, k: int = 32) -> Any:
    from ffcolor import ColorPreference

    rng = rng_for("taste", concept.name)
    return ColorPreference().fit(draw(concept, True, k, rng), draw(concept, False, k, rng))


def startup_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Seconds to start, as a shell sees them."""
    commands = {
        "bare Python": [sys.executable, "-c", ""],
        "import ffcolor": [sys.executable, "-c", "import ffcolor"],
        "ffcolor --help": [sys.executable, "-c", "from ffcolor.doors.cli import main; main()", "--help"],
    }
    seconds: dict[str, float] = {}
    for name, command in commands.items():
        run = partial(subprocess.run, command, check=True, capture_output=True)
        seconds[name] = median_ms(run, 5 if quick else 21) / 1000
    report.print_table("Starting up (new process)", ("", "seconds"), seconds.items())
    over = seconds["import ffcolor"] - seconds["bare Python"]
    goals = [
        report.at_most("import ffcolor over bare Python, s", 0.1, over),
        report.at_most("ffcolor --help, s", 0.3, seconds["ffcolor --help"]),
    ]
    return {"startup_s": seconds}, goals


def same_bytes() -> tuple[dict[str, Any], list[report.Goal]]:
    """Whether a learn gives the same bytes again: in another order, in processes with other hash seeds and threads."""
    program = "import sys; from benchmarks.tables.speed import learned_digest; print(learned_digest(int(sys.argv[1])))"
    digests = {learned_digest(0), learned_digest(1)}
    for number, threads in ((2, "1"), (3, "2")):
        environment = {**os.environ, "PYTHONHASHSEED": str(number), "OMP_NUM_THREADS": threads}
        command = [sys.executable, "-c", program, str(number)]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=root)
        digests.add(done.stdout.strip())
    what = "distinct results of one learn in 2 orders, 3 processes, 3 hash seeds, 1 and 2 threads"
    return {"digests": sorted(digests)}, [report.at_most(what, 1, len(digests))]


def learned_digest(order: int) -> str:
    """SHA-256 of the probabilities that a preference learned in some order of its colours gives to 1000 others."""
    import hashlib

    from ffcolor import ColorPreference

    concept, rng = SyntheticConcept("pastel", TEST_SEEDS[0]), rng_for("digest")
    pos, neg = draw(concept, True, 40, rng), draw(concept, False, 40, rng)
    shuffle = random.Random(order)
    pos, neg = (colors[shuffle.sample(range(40), 40)] for colors in (pos, neg))
    probability: Floats = ColorPreference().fit(pos, neg).probability(rng.random((1000, 3), dtype=np.float32))
    return hashlib.sha256(probability.tobytes()).hexdigest()


def main(quick: bool = False) -> dict[str, Any]:
    """Print the tables of speed; `quick` repeats less."""
    figures: dict[str, Any] = {}
    goals: list[report.Goal] = []
    with one_thread():
        for table in (
            lambda: learn_table(quick),
            lambda: scoring_table(quick),
            lambda: startup_table(quick),
            same_bytes,
        ):
            some, met = table()
            figures |= some
            goals += met
    report.print_goals(goals)
    return {**figures, "goals": goals}
