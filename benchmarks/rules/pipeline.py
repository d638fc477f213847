"""`python -m benchmarks.rules.pipeline`: layers that learn at the same time, beside loops over layers, on two cores.

Ways to teach the same Forward-Forward network with the same batches:

* a loop over layers, with one thread of torch, and with two: what anybody would do first;
* a thread for each layer, each computing on one thread (`ffcolor.rules.parallel.pipeline`);
* two processes, each with half of the layers (`ffcolor.rules.parallel.processes`), already started; the time of an
  epoch holds the way of all weights and moments there and back.

In each repeat every way teaches one epoch, one after the other, so that a disturbance of the machine meets all alike. A
speed-up is the median over repeats of the loop's time by this way's, in the same repeat. Others' share is the part of
the two cores that other programs took meanwhile: on a quiet machine it is nothing, and where these measurements have
precedence over all others it is what they leave idle: half of the cores in a loop with one thread.
"""

from __future__ import annotations

import argparse
import copy
import gc
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any, NamedTuple

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import torch  # noqa: E402

from benchmarks.lib.report import at_least, machine, print_goals, print_table, usable_cores  # noqa: E402
from ffcolor.engine.modules import FFNetwork  # noqa: E402
from ffcolor.rules import pipeline, processes  # noqa: E402

BATCHES = {64: 32, 128: 32, 512: 16}  # positives of a batch (there are as many negatives): batches of an epoch
LOOP = "a loop, 1 thread"
Way = Callable[[FFNetwork, list[Any]], float]


class Epoch(NamedTuple):
    """Seconds of an epoch, its loss, and the share of the cores that others took."""

    seconds: float
    loss: float
    others: float


def plain_loop(threads: int) -> Way:
    """`FFNetwork.train_epoch` with so many threads of torch."""

    def teach(network: FFNetwork, batches: list[Any]) -> float:
        torch.set_num_threads(threads)
        try:
            return network.train_epoch(batches)
        finally:
            torch.set_num_threads(1)

    return teach


def measure(size: int, count: int, layers: int, width: int, cores: int, repeats: int) -> dict[str, Any]:
    """All ways with batches of one size: their epochs, and whether their networks ended with the loop's bits."""
    torch.manual_seed(1)
    first = FFNetwork([width] * (layers + 1), num_classes=0)
    generator = torch.Generator().manual_seed(2)
    batches = [tuple(torch.rand(size, width, generator=generator) for _ in range(2)) for _ in range(count)]
    with ExitStack() as stack:
        begin = time.perf_counter()
        network = copy.deepcopy(first)
        started = stack.enter_context(processes.Processes(network, cores))
        started.train_epoch(batches[:1])
        start = time.perf_counter() - begin
        ways: dict[str, tuple[FFNetwork, Way]] = {
            LOOP: (copy.deepcopy(first), plain_loop(1)),
            f"a loop, {cores} threads": (copy.deepcopy(first), plain_loop(cores)),
            f"{layers} layers, {layers} threads": (copy.deepcopy(first), pipeline.train_epoch),
            f"{layers} layers, {cores} processes": (network, lambda _, batches: started.train_epoch(batches)),
        }
        for each, _ in list(ways.values())[:-1]:
            pipeline.train_epoch(each, batches[:1], parallel=False)  # as the processes have learned from it, too
        pids = [os.getpid(), *started.pids]
        epochs: dict[str, list[Epoch]] = {name: [] for name in ways}
        for _ in range(repeats):
            for name, (each, way) in ways.items():
                epochs[name].append(timed(lambda each=each, way=way: way(each, batches), pids, cores))
    reference = ways[LOOP][0].state_dict()
    same = {
        name: [epoch.loss for epoch in epochs[name]] == [epoch.loss for epoch in epochs[LOOP]]
        and all(torch.equal(reference[key], value) for key, value in each.state_dict().items())
        for name, (each, _) in ways.items()
    }
    return {"epochs": epochs, "same": same, "start": start}


def timed(work: Callable[[], float], pids: Sequence[int], cores: int) -> Epoch:
    """One epoch; whatever else runs on the cores of this process counts as others' share."""
    gc.collect()
    busy, own, begin = _busy(), sum(map(_used, pids)), time.perf_counter()
    loss = work()
    seconds = time.perf_counter() - begin
    others = (_busy() - busy) - (sum(map(_used, pids)) - own)
    return Epoch(seconds, loss, max(0.0, others) / (seconds * cores))


def _busy() -> float:
    """Seconds that this process's cores have computed since they started, whatever for."""
    mine = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    with open("/proc/stat", encoding="ascii") as lines:
        rows = [line.split() for line in lines]
    ticks = sum(int(value) for row in rows if row[0] in mine for value in (*row[1:4], *row[6:9]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _used(pid: int) -> float:
    """Seconds that a process has computed."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.pipeline", description=__doc__.split("\n\n")[0])
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--batches", type=int, nargs="+", default=list(BATCHES), help="positives of a batch")
    parser.add_argument("--cores", type=int, default=2, help="cores to run on, and processes")
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args(arguments)
    if usable_cores() < options.cores:
        parser.error(f"this process may use {usable_cores()} cores; {options.cores} were asked for")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    torch.set_num_threads(1)
    print("\n".join(f"{what}: {value}" for what, value in machine().items() if what in ("cpu", "cores", "torch")))
    goals = []
    for size in options.batches:
        count = BATCHES.get(size, 16)
        found = measure(size, count, options.layers, options.width, options.cores, options.repeats)
        loop = [epoch.seconds for epoch in found["epochs"][LOOP]]
        rows = []
        for name, epochs in found["epochs"].items():
            ratios = sorted(base / epoch.seconds for base, epoch in zip(loop, epochs, strict=True))
            each = median(epoch.seconds for epoch in epochs) / count * 1000
            spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
            others = f"{median(epoch.others for epoch in epochs):.0%}"
            rows.append((name, round(each, 1), f"{median(ratios):.2f}", spread, found["same"][name], others))
            if "layers" in name:
                goals.append(at_least(f"batches of {size}: {name}, by the loop with 1 thread", 1.5, median(ratios)))
        print_table(
            f"{options.layers} layers of {options.width}, {size} + {size} inputs a batch, {count} batches an epoch",
            ("", "ms a batch", "speed-up", "of the repeats", "same bits", "others' share"),
            rows,
            f"To start the processes: {found['start']:.1f} s.",
        )
    print_goals(goals)


if __name__ == "__main__":
    main()
