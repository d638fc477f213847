"""What runs come to: sums over seeds, a row for each rule and its twin, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, stdev
from typing import Any

from ffcolor.rules.bench.record import Run

CLASSES = 10
CHANCE_PCT = 200 / CLASSES
"""A run is above chance if it is right twice as often as by guessing."""


def row(rule: str, runs: Sequence[Run]) -> dict[str, Any]:
    """A rule's row: its own figures and its twin's, each None where there is no run."""
    sides = {side: [each for each in runs if each["twin"] == twin] for side, twin in (("own", False), ("twin", True))}
    return {"rule": rule} | {side: summed(found) for side, found in sides.items()}


def summed(runs: Sequence[Run]) -> dict[str, Any] | None:
    """Runs of one kind summed up.

    Returns:
        accuracy_pct (mean), sd_pct (of n - 1; None of one run), worst_pct, above_chance (how many), runs, cpu_s and
        memory_mb (means), steps, epochs; None for no run.
    """
    if not runs:
        return None
    right = [each["accuracy_pct"] for each in runs]
    memory = [each["memory_mb"] for each in runs]
    return {
        "accuracy_pct": mean(right),
        "sd_pct": stdev(right) if len(right) > 1 else None,
        "worst_pct": min(right),
        "above_chance": sum(each > CHANCE_PCT for each in right),
        "runs": len(right),
        "cpu_s": mean(each["cpu_s"] for each in runs),
        "memory_mb": None if None in memory else mean(memory),
        "steps": runs[0]["steps"],
        "epochs": runs[0]["settings"]["epochs"],
    }


_HEAD = ("rule", "accuracy", "above chance", "CPU-s", "MB", "steps", "backprop twin", "CPU-s", "MB")


def table(results: dict[str, Any]) -> str:
    """The results as a Markdown table that reads well in a terminal, and what its columns say."""
    cells = [_HEAD, *(_cells(each) for each in results["rows"])]
    wide = [max(len(line[place]) for line in cells) for place in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(f"{cell:{'>' if place else '<'}{wide[place]}}" for place, cell in enumerate(line)) + " |"
        for line in cells
    ]
    rule_off = "|" + "|".join("-" * (width + 1) + (":" if place else "-") for place, width in enumerate(wide)) + "|"
    notes = [
        f"{results['about']}.",
        "Accuracy: % of the whole test set after the last epoch, mean ± sd over seeds.",
        "CPU-s: process time of training. MB: memory resident at the peak of training, less what was before it.",
        "The twin has the same layers, batches and passes, and learns end to end.",
    ]
    if results["left_out"]:
        notes.append(f"Without settings for this task: {', '.join(results['left_out'])}.")
    notes += [f"Failed: {each['run']}: {each['reason']}" for each in results["failed"]]
    return "\n".join([lines[0], rule_off, *lines[1:], "", *notes]) + "\n"


def _cells(found: dict[str, Any]) -> tuple[str, ...]:
    own, twin = found["own"], found["twin"]
    if own is None:
        figures = ["-"] * 5
    else:
        above = f"{own['above_chance']} of {own['runs']}"
        figures = [_accuracy(own), above, f"{own['cpu_s']:.1f}", _memory(own), f"{own['steps']:,}"]
    beside = ["-"] * 3 if twin is None else [_accuracy(twin), f"{twin['cpu_s']:.1f}", _memory(twin)]
    return (found["rule"], *figures, *beside)


def _accuracy(figures: dict[str, Any]) -> str:
    spread = "" if figures["sd_pct"] is None else f" ± {figures['sd_pct']:.2f}"
    return f"{figures['accuracy_pct']:.2f}{spread}"


def _memory(figures: dict[str, Any]) -> str:
    return "?" if figures["memory_mb"] is None else f"{figures['memory_mb']:.0f}"
