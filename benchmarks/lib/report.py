"""What all benchmarks print alike: the machine, tables, progress, and goals met or not met."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from typing import Any, TypeVar

Goal = dict[str, Any]
T = TypeVar("T")

_PACKAGES = (
    "numpy",
    "torch",
    "scikit-learn",
    "colour-science",
    "matplotlib",
    "fflib",
    "glasbey",
    "distinctipy",
    "qualpal",
)


def machine() -> dict[str, str]:
    """CPU model, cores this process may use, system, Python, and the versions of what is measured."""
    import ffcolor

    versions = {"ffcolor": ffcolor.__version__, **{name: _version(name) for name in _PACKAGES}}
    cores = f"{usable_cores()} of {os.cpu_count()} cores"
    return {
        "cpu": _cpu(),
        "cores": cores,
        "system": platform.platform(),
        "python": platform.python_version(),
        **versions,
    }


def usable_cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def cell(value: Any) -> str:
    """A table's cell: floats in three figures, None as a dash."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return str(value)


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> None:
    """Print a table as aligned Markdown: it reads well in a terminal and can be pasted into a document."""
    cells = [list(head), *([cell(value) for value in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    print(f"\n### {title}\n")
    for number, row in enumerate(cells):
        padded = [
            text.ljust(w) if i == 0 else text.rjust(w) for i, (text, w) in enumerate(zip(row, widths, strict=True))
        ]
        print("| " + " | ".join(padded) + " |")
        if number == 0:
            print("|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|")
    if note:
        print(f"\n{note}")
    sys.stdout.flush()


def at_least(what: str, goal: float, value: float) -> Goal:
    """A goal that is met by a value not below it."""
    return {"what": what, "goal": f">= {goal:g}", "value": float(value), "met": bool(value >= goal)}


def at_most(what: str, goal: float, value: float) -> Goal:
    """A goal that is met by a value not above it."""
    return {"what": what, "goal": f"<= {goal:g}", "value": float(value), "met": bool(value <= goal)}


def print_goals(goals: Sequence[Goal], title: str = "Goals") -> None:
    """Print goals, each with its measured value and whether it is met."""
    rows = [(goal["what"], goal["goal"], goal["value"], "met" if goal["met"] else "NOT MET") for goal in goals]
    print_table(title, ("what", "goal", "measured", ""), rows)


def progress(name: str, items: Iterable[T], total: int) -> Iterator[T]:
    """Pass items on, and say on stderr how far it is: in one line on a terminal, in ten lines elsewhere."""
    terminal, start = sys.stderr.isatty(), time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        if terminal or done == total or done * 10 // total != (done - 1) * 10 // total:
            line = f"{name}: {done} of {total}, {time.monotonic() - start:.0f} s"
            end = "\n" if done == total or not terminal else ""
            print(("\r" if terminal else "") + line, end=end, file=sys.stderr, flush=True)
