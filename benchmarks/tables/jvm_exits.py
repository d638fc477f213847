"""Leaving ffcolor-java in every way while the engine's threads are at work: right exit codes, no hang, no core.

    python -m benchmarks.tables.jvm_exits [COUNT [WAY …]]

Each way is taken COUNT times (200 by default), while one thread learns, one updates a layer with many numbers, and one
enters the engine itself for few.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.lib import report

WAYS = {  # name: (Storm's argument, signal, exit code)
    "main returns": ("return", None, 0),
    "System.exit in a thread": ("exit", None, 7),
    "main throws": ("throw", None, 1),
    "SIGINT": ("wait", signal.SIGINT, 130),
    "SIGTERM": ("wait", signal.SIGTERM, 143),
    "SIGINT at any time": ("wait", signal.SIGINT, 130),
}
PATIENCE = 120  # seconds until it is called a hang
LAUNCHER = os.path.join(sysconfig.get_path("scripts"), "ffcolor-java")


def main(quick: bool = False, count: int = 200, ways: Sequence[str] = ()) -> dict[str, Any]:
    """Print a table; returns how many of each way were as under java, and the goal."""
    import resource  # not on Windows

    from ffcolor_bridge import classes

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job hands on that it is ignored
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    count = 10 if quick else count
    rights: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(__file__).parents[2] / "tests" / "bridge" / "java" / "Storm.java"
        subprocess.run(["javac", "-cp", classes.folder(), "-d", folder, source], check=True)
        print(f"{'way':26}{'runs':>6}{'right':>7}  others")
        for name in ways or WAYS:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                ends = pool.map(lambda run, way=name: leave(way, folder, seed=run), range(count))
                codes = Counter(ends)
            rights[name] = codes.pop("right", 0)
            print(f"{name:26}{count:6}{rights[name]:7}  {dict(codes) or ''}".rstrip(), flush=True)
    goals = [report.at_least(f"{name}: right of {count}", count, right) for name, right in rights.items()]
    return {"count": count, "right": rights, "goals": goals}


def leave(way: str, folder: str, *, seed: int) -> str:
    """Start the program, let it leave, and say "right" or what happened instead."""
    argument, number, expected = WAYS[way]
    chance = random.Random(seed)
    command = [LAUNCHER, "-cp", folder, "Storm", argument]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=_heed_interrupts)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        if way == "SIGINT at any time":  # from when Java takes signals: numpy is being imported
            while not _takes(process.pid, signal.SIGINT) and process.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.1, 3))
        elif process.stdout.readline() != "working\n":
            return f"did not start: {process.stderr.read()[-300:]!r}"
        elif number is not None:
            time.sleep(chance.uniform(0, 0.1))
        if number is not None:
            process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return "hang"
    finally:
        process.kill()
        process.communicate()
    noise = [line for line in errors.splitlines() if not line.startswith(("Exception in", "\tat Storm.main"))]
    if noise:
        return f"noise: {noise[:3]}"
    return "right" if process.returncode == expected else f"exit code {process.returncode}"


def _heed_interrupts() -> None:
    """Where a shell started this in the background, SIGINT is ignored, and Java would heed that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _takes(process: int, number: int) -> bool:
    """Whether a process has a handler of Java's for a signal (Linux); Python's own was taken away before."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")), "0")
    both = 1 << (number - 1) | 1 << (signal.SIGTERM - 1)
    return int(caught, 16) & both == both


if __name__ == "__main__":
    found = main(count=int(sys.argv[1]) if sys.argv[1:] else 200, ways=sys.argv[2:])
    sys.exit(not all(goal["met"] for goal in found["goals"]))
