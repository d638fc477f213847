"""`python -m benchmarks.rules.fflib_twin --data PATH`: Forward-Forward beside the package fflib, on the same digits.

8,000 of MNIST's training digits to learn from, the next 2,000 to test with, once, after the last epoch. fflib 0.3.0
runs through its own layers, network and probe, with the negatives and batches of its example, for as many epochs as
fit into the budget; once with the example's threshold (20) and once with one that suits it much better (2).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, stdev
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import torch  # noqa: E402

from benchmarks.rules import preset as presets  # noqa: E402
from ffcolor.files import write_atomically  # noqa: E402
from ffcolor.rules.bench.presets import PRESETS  # noqa: E402
from ffcolor.rules.data import Split  # noqa: E402

BUDGET_S = 100.0
CHANCE_PCT = 20.0  # below it, a run counts as one at chance
OURS = {
    "ffcolor": "forward-forward-subset",
    "ffcolor, strictly local": "forward-forward-subset-local",
    "ffcolor, images shifted by a pixel": "forward-forward-subset-shifts",
    "backprop of the same layers": "backprop-subset",
}
FFLIB = {"fflib, its example's threshold 20": 20.0, "fflib, threshold 2": 2.0}


def fflib(split: Split, seed: int, threshold: float, budget_s: float) -> dict[str, Any]:
    """An FFNet of 794-500-500: learning rate 0.02, batches of 128, random wrong labels, until the budget is spent."""
    from fflib.nn.ff_linear import FFLinear
    from fflib.nn.ff_net import FFNet
    from fflib.probes.one_hot import TryAllClasses
    from torch.nn.functional import one_hot

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layers = [FFLinear(fan_in, 500, loss_threshold=threshold, lr=0.02) for fan_in in (794, 500)]
        net = FFNet(layers, torch.device("cpu"))
        start, epochs, last = time.process_time(), 0, 0.0
        while time.process_time() - start + last <= budget_s:
            began = time.process_time()
            for rows in torch.randperm(len(split.x)).split(128):
                x, y = split.x[rows], split.y[rows]
                wrong = (y + torch.randint(1, 10, y.shape)) % 10
                sides = (torch.cat([x, one_hot(label, 10).float()], 1) for label in (y, wrong))
                net.run_train_combined(*sides)
            epochs, last = epochs + 1, time.process_time() - began
        spent = time.process_time() - start
        with torch.no_grad():
            probe = TryAllClasses(lambda x, y: net(torch.cat((x, y), 1)), output_classes=10)
            right = (probe.predict(split.x_test) == split.y_test).float().mean()
    return {"seed": seed, "test_accuracy_pct": 100 * float(right), "cpu_s": spent, "epochs": epochs}


def row(name: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean, standard deviation (n - 1) and worst of runs, and how many were above chance."""
    found = [run["test_accuracy_pct"] for run in runs]
    return {
        "name": name,
        "mean_pct": mean(found),
        "sd_pct": stdev(found) if len(found) > 1 else 0.0,
        "worst_pct": min(found),
        "above_chance": f"{sum(pct > CHANCE_PCT for pct in found)} of {len(found)}",
        "cpu_s": mean(run["cpu_s"] for run in runs),
        "epochs": runs[0]["epochs"],
        "runs": runs,
    }


def measure(
    path: str,
    seeds: list[int],
    budget_s: float = BUDGET_S,
    kept: Path | None = None,
    names: Iterable[str] = (*OURS, *FFLIB),
) -> list[dict[str, Any]]:
    """Rows of the table, printed as they come. Runs are kept in a file; those that are there are not run again."""
    done: dict[str, dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if kept and kept.exists() else {}
    rows = []
    print(f"{'':<40}{'mean':>7} {'sd':>5} {'worst':>6}  above chance  epochs  CPU-s")
    for name in names:
        runs = []
        for seed in seeds:
            key = f"{name}, seed {seed}" + (f", {budget_s:g} s" if name in FFLIB else "")
            if key in done:
                runs.append(done[key])
                continue
            if name in OURS:
                preset = PRESETS[OURS[name]]
                found = presets.run(preset, presets.load(path, preset), seed, quiet=True)
                runs.append({**found, "epochs": preset.epochs})
            else:
                split = presets.load(path, PRESETS["forward-forward-subset"])
                runs.append(fflib(split, seed, FFLIB[name], budget_s))
            done[key] = runs[-1]
            if kept:
                write_atomically(kept, json.dumps(done, indent=1).encode())
        rows.append(row(name, runs))
        r = rows[-1]
        figures = f"{r['mean_pct']:7.2f} {r['sd_pct']:5.2f} {r['worst_pct']:6.2f}"
        print(f"{name:<40}{figures}{r['above_chance']:>14}{r['epochs']:>8}{r['cpu_s']:7.1f}", flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.fflib_twin", description=__doc__)
    parser.add_argument("--data", required=True, help="MNIST: an .npz file or a folder of IDX files")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--budget", type=float, default=BUDGET_S, help="CPU-seconds for each run of fflib")
    parser.add_argument("--json", type=Path, help="keep the runs in this file, and go on from it")
    parser.add_argument("--rows", nargs="+", choices=[*OURS, *FFLIB], default=[*OURS, *FFLIB], help="only these")
    options = parser.parse_args()
    torch.set_num_threads(1)
    measure(options.data, options.seeds, options.budget, options.json, options.rows)


if __name__ == "__main__":
    main()
