"""What a person does first, in fresh processes: CPU seconds, beside `import numpy` in the same rounds.

Every round starts each command once, in turn, so that a slow minute of the machine meets all; the figure is the median
of user and system time, which the operating system counts for the child alone.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.lib import house, report
from benchmarks.lib.concepts import rng_for

ROUNDS = 10
LIKED, DISLIKED = ["#ffd1dc", "#c1e1c1", "#aec6cf"], ["#8b0000", "#003300", "black"]
ASKED = ["#ffc0cb", "#000000", "#88ccee", "#550000"]

NUMPY, IN_PYTHON, HEXES = "import numpy", "100,000 hexes in Python", "ffcolor score of 100,000 hexes"
OVER_NUMPY = {  # the goals: CPU seconds over `import numpy`
    "ffcolor score of 4 colours": 0.15,
    "ffcolor learn of 3 + 3 colours": 0.15,
    "ffcolor palette MODEL -n 5": 0.35,
    "ffcolor palette MODEL -n 5 --safe-for all": 0.45,
}
IMAGE, IMAGE_GOAL = "ffcolor image of 12 megapixels", 3.0
HEXES_GOAL, LOOKUP_GOAL = 1.3, 25.0

_IN_PYTHON = """
import sys
from ffcolor import ColorPreference, read_colors
taste = ColorPreference.load(sys.argv[1])
with open(sys.argv[2]) as file:
    taste.score(read_colors(file.read()))
"""
_LOOKUP = """
import json, sys, time
import numpy as np
from ffcolor import ColorPreference
taste = ColorPreference.load(sys.argv[1])
colors = np.random.default_rng(0).random((int(sys.argv[2]), 3), dtype=np.float32)
taste.probability(colors[:100_000], exact=False)
times = []
for _ in range(7):
    start = time.process_time()
    taste.probability(colors, exact=False)
    times.append(time.process_time() - start)
print(json.dumps([len(colors) / 1e6 / sorted(times)[3], "torch" in sys.modules]))
"""


def main(quick: bool = False, install: bool = False) -> dict[str, Any]:
    """Print the tables; `install` also measures what `pip install .` puts into a new environment."""
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(Path(folder))
        seconds = _medians(commands, 3 if quick else ROUNDS)
        rate, torch = _lookup(Path(folder), 1_000_000 if quick else 8_000_000)
    rows = [(name, value, value - seconds[NUMPY]) for name, value in seconds.items()]
    report.print_table("First calls (a fresh process each): CPU seconds", ("", "seconds", "over import numpy"), rows)
    ratio = seconds[HEXES] / seconds[IN_PYTHON]
    counts, of_counts = house.walls()
    sizes, of_sizes = house.installed() if install else ({}, [])
    facts: dict[str, Any] = {
        "score of 100,000 hexes by the shell, over that in Python": ratio,
        "table lookup on one core, million colours a second": rate,
        "torch is loaded for it": torch,
        **counts,
        **sizes,
    }
    report.print_table("And", ("", ""), facts.items())
    goals = [
        report.at_most(f"{name}, CPU s over import numpy", goal, seconds[name] - seconds[NUMPY])
        for name, goal in OVER_NUMPY.items()
    ]
    goals.append(report.at_most(f"{IMAGE}, CPU s", IMAGE_GOAL, seconds[IMAGE]))
    goals.append(report.at_least("table lookup, 1 core, million colours a second", LOOKUP_GOAL, rate))
    goals.append(report.at_most("table lookup: libraries of torch's size that it loads", 0, int(torch)))
    goals.append(report.at_most("100,000 hexes: the shell's CPU time over Python's", HEXES_GOAL, ratio))
    goals += [*of_counts, *of_sizes]
    report.print_goals(goals)
    return {"cpu_s": seconds, "facts": facts, "goals": goals}


# ---- commands ------------------------------------------------------------------------------------------------------


def _commands(folder: Path) -> dict[str, list[str]]:
    """The arguments of this Python for each row, with the files that they need made in a folder."""
    from ffcolor import ColorPreference

    model, hexes, photo = (str(folder / name) for name in ("taste.safetensors", "hexes.txt", "photo.jpg"))
    ColorPreference().fit(LIKED, DISLIKED).save(model)
    rows = rng_for("hexes").integers(0, 256, (100_000, 3))
    Path(hexes).write_text("".join(f"#{r:02x}{g:02x}{b:02x}\n" for r, g, b in rows.tolist()))
    _photo(photo)
    ffcolor = ["-m", "ffcolor"]
    palette = [*ffcolor, "palette", model, "-n", "5"]
    learned = str(folder / "learned.safetensors")
    return {
        NUMPY: ["-c", "import numpy"],
        "ffcolor score of 4 colours": [*ffcolor, "score", model, *ASKED],
        "ffcolor learn of 3 + 3 colours": [*ffcolor, "learn", "--like", *LIKED, "--dislike", *DISLIKED, "-o", learned],
        "ffcolor palette MODEL -n 5": palette,
        "ffcolor palette MODEL -n 5 --safe-for all": [*palette, "--safe-for", "all"],
        IMAGE: [*ffcolor, "image", model, photo],
        HEXES: [*ffcolor, "score", model, hexes],
        IN_PYTHON: ["-c", _IN_PYTHON, model, hexes],
    }


def _photo(path: str) -> None:
    """Twelve megapixels of smooth colours with noise, the same every time."""
    from PIL import Image

    y, x = np.mgrid[0:3000, 0:4000].astype(np.float32)
    smooth = np.stack([x / 4000, y / 3000, (x + y) / 7000], axis=-1)
    noise = rng_for("photo").normal(0, 0.03, smooth.shape).astype(np.float32)
    Image.fromarray((np.clip(smooth + noise, 0, 1) * 255).astype(np.uint8)).save(path, quality=90)


def _medians(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """Median CPU seconds of each command, after one unmeasured round."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in report.progress("first calls", range(rounds + 1), rounds + 1):
        for name, arguments in commands.items():
            seconds = _cpu_seconds(arguments)
            if number:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}


def _cpu_seconds(arguments: Sequence[str]) -> float:
    """User and system seconds of one child that runs this Python."""
    if not hasattr(os, "wait4"):
        raise RuntimeError("first calls are measured where the system counts a child's CPU time: Linux or macOS")
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    command = [sys.executable, *arguments]
    _, status, usage = os.wait4(os.posix_spawn(sys.executable, command, os.environ, file_actions=silent), 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} left with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime


def _lookup(folder: Path, count: int) -> tuple[float, bool]:
    """Million colours a second through the table on one core, and whether torch was loaded for it."""
    pin = {} if not hasattr(os, "sched_setaffinity") else {"preexec_fn": _one_core}
    command = [sys.executable, "-c", _LOOKUP, str(folder / "taste.safetensors"), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, **pin)  # type: ignore[call-overload]
    rate, torch = json.loads(done.stdout)
    return float(rate), bool(torch)


def _one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
