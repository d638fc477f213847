"""`python -m benchmarks.rules.ff_choices --data PATH`: what each choice in Forward-Forward is worth, one at a time.

6,000 of MNIST's training digits to learn from, the next 2,000 to look at: these are the digits settings were chosen on,
so the figures are for comparing choices with each other, not with other work. 784-500-500, 20 epochs.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from statistics import mean
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import torch  # noqa: E402

from ffcolor.rules import Backprop, ForwardForward, UnsupervisedForwardForward  # noqa: E402
from ffcolor.rules.bench.presets import PRESETS  # noqa: E402
from ffcolor.rules.data import Split, read_images, subset  # noqa: E402

_LOGISTIC = {"loss": "logistic", "alpha": None, "negatives": "random", "goodness": "sum", "learning_rate": 0.001}
_HINTON = {**_LOGISTIC, "peer": 0.03, "straight_through": True, "scored": "upper"}
CHOICES: dict[str, dict[str, Any]] = {
    "preset: swish, hard negatives out of 3": {},
    "hard negatives out of all 9": {"candidates": None},
    "random negatives": {"negatives": "random"},
    "hybrid images and random labels": {"negatives": "hybrid", "shape": (28, 28)},
    "symba": {"loss": "symba", "alpha": None},
    "random patterns for labels": {"labels": "pattern"},
    "an answer by the head": {"answer": "head"},
    "length 1 between layers": {"norm": "l2"},
    "no norm": {"norm": "none"},
    "logistic, sum, random negatives": _LOGISTIC,
    "  with peers, without the first layer": _HINTON,
    "  and an answer by the head": {**_HINTON, "answer": "head"},
    "  and hard negatives by the head": {**_HINTON, "answer": "head", "negatives": "hard"},
}
SIZES = (784, 500, 500)


def learners(seed: int) -> dict[str, Any]:
    """Every rule of the table by name, fresh."""
    preset = PRESETS["forward-forward-subset"]
    made = {name: ForwardForward(SIZES, seed=seed, **{**preset.settings, **change}) for name, change in CHOICES.items()}
    made["without labels, a linear read-out"] = UnsupervisedForwardForward(SIZES, seed=seed)
    made["  layers as drawn, the read-out alone"] = UnsupervisedForwardForward(SIZES, seed=seed, learning_rate=0)
    made["backprop"] = Backprop(SIZES, seed=seed)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.ff_choices", description=__doc__)
    parser.add_argument("--data", required=True, help="MNIST: an .npz file or a folder of IDX files")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--json", type=Path, help="keep the figures in this file, too")
    options = parser.parse_args()
    torch.set_num_threads(1)
    split: Split = subset(read_images(options.data), 6000, 2000)
    rows = []
    print(f"{'':<42}{'held out':>9}{'learned':>9}{'CPU-s':>7}")
    for name in learners(0):
        runs = []
        for seed in options.seeds:
            rule = learners(seed)[name]
            start = time.process_time()
            rule.fit(split.x, split.y, epochs=options.epochs)
            spent = time.process_time() - start
            held, learned = rule.accuracy(split.x_test, split.y_test), rule.accuracy(split.x, split.y)
            runs.append({"seed": seed, "held_out_pct": 100 * held, "learned_pct": 100 * learned, "cpu_s": spent})
        found = [mean(run[what] for run in runs) for what in ("held_out_pct", "learned_pct", "cpu_s")]
        rows.append({"name": name.strip(), "runs": runs})
        print(f"{name:<42}{found[0]:9.2f}{found[1]:9.2f}{found[2]:7.1f}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
