"""`python -m benchmarks.rules.jax_twin`: a step of a Forward-Forward layer in JAX, compiled, beside the torch layer's.

Square layers with as many positives as negatives, on one core, and then on all cores this process may use; each in a
process of its own. The two take steps by turns, up to 25 in a row, in the same run: the medians are of these rows.
Compiling is not in them, and said apart. Inputs are each library's own arrays already.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

SIZES = ((64, 32), (256, 64), (784, 128), (1024, 512))  # units, positives
ROW = 25


def rows_of(work: Callable[[], object], row: int) -> float:
    """Milliseconds of a step, over a row of them."""
    begin = time.perf_counter()
    for _ in range(row):
        work()
    return (time.perf_counter() - begin) / row * 1000


def measure(width: int, size: int, repeats: int) -> tuple[float, float, float]:
    """Milliseconds of a step of torch and of JAX, and seconds to compile the latter."""
    import jax
    import jax.numpy as jnp
    import optax
    import torch

    from ffcolor.engine.modules import FFLayer
    from ffcolor.rules.jax_twin import FFLayerJAX, ff_train_step

    torch.manual_seed(1)
    layer = FFLayer(width, width, normalize=True)
    sides = torch.rand(size, width), torch.rand(size, width)
    twin, optimizer = FFLayerJAX.from_torch(layer), optax.adam(layer.lr)
    pos, neg = (jnp.array(side.numpy()) for side in sides)
    state = optimizer.init(twin)

    def step() -> None:
        nonlocal twin, state
        twin, state, loss, *_ = ff_train_step(twin, state, pos, neg, optimizer)
        float(loss)  # the torch layer gives a number, too

    begin = time.perf_counter()
    step()
    compiling = time.perf_counter() - begin
    row = max(3, min(ROW, 25_000_000 // (width * width * max(1, size // 64))))
    found = [
        (rows_of(lambda: layer.train_step(*sides), row), rows_of(step, row)) for _ in range(repeats + 1)
    ]  # the first row of each warms up
    jax.block_until_ready(twin.weight)
    return median(t for t, _ in found[1:]), median(j for _, j in found[1:]), compiling


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.jax_twin", description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--cores", type=int, help="measure on so many cores, in this process")
    options = parser.parse_args()
    every = sorted(os.sched_getaffinity(0))
    if options.cores is None:
        for cores in sorted({1, len(every)}):
            command = [sys.executable, "-m", "benchmarks.rules.jax_twin", "--cores", str(cores)]
            subprocess.run([*command, "--repeats", str(options.repeats)], check=True)
        return
    os.sched_setaffinity(0, every[: options.cores])
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.cores)

    from benchmarks.lib.report import print_table

    rows = []
    for width, size in SIZES:
        ours, theirs, compiling = measure(width, size, options.repeats)
        rows.append((f"{width}, {size} + {size} inputs", ours, theirs, f"{ours / theirs:.2f}", f"{compiling:.1f}"))
    print_table(
        f"A step of a layer on {options.cores} core{'s' * (options.cores > 1)}, ms",
        ("units", "torch", "JAX", "torch by JAX", "s to compile"),
        rows,
    )


if __name__ == "__main__":
    main()
