"""`python -m benchmarks [TABLE …] [--quick]`: measure, print the tables beside their peers, say which goals are met.

The figures are kept in benchmarks/results/TABLE.json. A goal that is not met is news, not a failure: the exit code is 0
unless a benchmark could not run.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

# One thread unless a table says otherwise: set before numpy and torch are loaded, and inherited by worker processes.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from benchmarks.lib import report  # noqa: E402
from benchmarks.tables import TABLES  # noqa: E402

RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str] | None = None) -> int:
    width = max(map(len, TABLES))
    listing = "\n".join(f"  {name:<{width}} {what}" for name, what in TABLES.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"Measure ffcolor beside its peers.\n\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="TABLE", help="which tables to measure (default: all)")
    parser.add_argument("--quick", action="store_true", help="a small sample, in a minute or two, that judges no goal")
    parser.add_argument("--install", action="store_true", help="first_calls: measure pip install ., too (network)")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in TABLES]
    if unknown:
        print(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(TABLES)}", file=sys.stderr)
        return 2
    machine = report.machine()
    print("# ffcolor benchmarks" + (" (quick: small samples)" if options.quick else ""))
    print("\n".join(f"{what}: {value}" for what, value in machine.items()))
    if not options.names and not options.quick:
        print("all tables take about an hour; name some to measure only those", file=sys.stderr)
    goals: list[report.Goal] = []
    failed: list[str] = []
    for name in options.names or TABLES:
        print(f"\n## {name}: {TABLES[name]}", flush=True)
        start = time.monotonic()
        try:
            result = _run(name, quick=options.quick, install=options.install)
        except Exception:  # the other tables still want to be printed
            traceback.print_exc()
            failed.append(name)
            continue
        seconds = round(time.monotonic() - start, 1)
        print(f"\n({seconds:.0f} s)", flush=True)
        RESULTS.mkdir(exist_ok=True)
        whole = {"machine": machine, "quick": options.quick, "seconds": seconds, **result}
        (RESULTS / f"{name}.json").write_text(json.dumps(whole, indent=1, default=float) + "\n", encoding="utf-8")
        goals += [{**goal, "what": f"{name}: {goal['what']}"} for goal in result.get("goals", [])]
    report.print_goals(goals, f"Summary: {sum(goal['met'] for goal in goals)} of {len(goals)} goals met")
    for name in failed:
        print(f"{name} could not run: see its traceback above", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str, **wishes: bool) -> dict[str, Any]:
    """Run a table with those of the wishes that it knows."""
    measure = import_module(f"benchmarks.tables.{name}").main
    known = inspect.signature(measure).parameters
    result: dict[str, Any] = measure(**{wish: value for wish, value in wishes.items() if wish in known})
    return result


if __name__ == "__main__":
    raise SystemExit(main())
