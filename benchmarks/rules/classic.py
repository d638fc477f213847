"""`python -m benchmarks.rules.classic --data PATH`: `FFNetwork` as it is usually called, at three learning rates.

8,000 of MNIST's training digits to learn from, the next 2,000 to test with, once, after the last of 20 epochs, and
scikit-learn's digits; batches of 100; beside the printed form (``naive=True``). A unit is dead if it fires for no test
digit with any label.
"""

from __future__ import annotations

import argparse
import os
import time
from statistics import mean, stdev

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import torch  # noqa: E402

from ffcolor import FFNetwork  # noqa: E402
from ffcolor.rules import data  # noqa: E402

EPOCHS, BATCH = 20, 100


def run(split: data.Split, dims: list[int], lr: float, seed: int, naive: bool = False) -> tuple[float, float]:
    """Accuracy in % and the largest share of dead units of a layer in %."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = FFNetwork(dims, threshold=2.0, lr=lr, naive=naive, seed=seed)
    order = torch.Generator().manual_seed(seed)
    for _ in range(EPOCHS):
        rows = torch.randperm(len(split.x), generator=order).split(BATCH)
        network.train_epoch([(split.x[each], split.y[each]) for each in rows], lambda x, y: x)
    right = float((network.predict(split.x_test) == split.y_test).float().mean())
    h = torch.cat([network.embed_label(split.x_test, label) for label in range(10)])
    dead = []
    for layer in network.layers:
        h = layer(h)
        dead.append(float((h == 0).all(0).float().mean()))
    return 100 * right, 100 * max(dead)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.classic", description=__doc__)
    parser.add_argument("--data", help="MNIST: an .npz file or a folder of IDX files; else only the small digits")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--rates", type=float, nargs="+", default=[0.03, 0.01, 0.003])
    options = parser.parse_args()
    torch.set_num_threads(1)
    tasks = {"scikit-learn's digits": (data.digits(), [64, 500, 500, 10])}
    if options.data:
        tasks["MNIST, 8,000 / 2,000"] = (data.subset(data.read_images(options.data)), [784, 500, 500, 10])
    print("| digits | form | lr | accuracy, mean ± sd (n - 1) | dead at most | CPU-s |\n|---|---|---|---|---|---|")
    for task, (split, dims) in tasks.items():
        for naive, rates in ((False, options.rates), (True, options.rates[:1])):
            for lr in rates:
                start = time.process_time()
                found = [run(split, dims, lr, seed, naive) for seed in options.seeds]
                right = [accuracy for accuracy, _ in found]
                spread = f" ± {stdev(right):.2f}" if len(right) > 1 else ""
                cost = (time.process_time() - start) / len(found)
                form = "naive" if naive else "as it is"
                dead = max(share for _, share in found)
                line = f"{task} | {form} | {lr:g} | {mean(right):.2f}{spread} % | {dead:.0f} % | {cost:.0f}"
                print(f"| {line} |", flush=True)


if __name__ == "__main__":
    main()
