"""`python -m benchmarks.rules.rules_memory`: memory of a training step against depth: local, backprop, checkpointing.

Two figures for each: what is held from step to step (weights and what their optimisers keep), and how much more is
allocated at the peak of a step (activities, gradients, intermediate results). Both are sums of tensors' bytes, from
torch's own profiler, which sees every allocation and release; so they are the same on every run, and nothing of Python
or of the libraries is in them. Source of checkpointing: Chen et al. 2016, arXiv 1604.06174: one activity is kept for
every square root of the depth, the others are computed twice.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.profiler import ProfilerActivity, profile  # noqa: E402
from torch.utils.checkpoint import checkpoint  # noqa: E402

from benchmarks.lib.report import print_table  # noqa: E402
from ffcolor.rules import Backprop, Conv, CwComp, ForwardForward, Learner, MonoForward  # noqa: E402

DEPTHS = (8, 32, 128)
WIDTH, BATCH = 256, 512  # of dense layers
CHANNELS, SIDE, IMAGES = 20, 16, 64  # of convolutions
MB = 1e6


class Checkpointed(nn.Module):
    """A row of modules that keeps the inputs of every so-manieth, and computes what is between them once more.

    Args:
        parts: the modules, each from the output of the one before.
        head: from the last one's output to logits.
    """

    def __init__(self, parts: Sequence[nn.Module], head: nn.Module):
        super().__init__()
        self.parts, self.head = nn.ModuleList(parts), head
        self.stride = round(math.sqrt(len(parts)))

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        for start in range(0, len(self.parts), self.stride):
            x = checkpoint(self._segment, x, start, use_reentrant=False)
        return self.head(x)

    def _segment(self, x: Tensor, start: int) -> Tensor:
        for part in self.parts[start : start + self.stride]:
            x = part(x)
        return x


class _Upward(nn.Module):
    """A block of a stack without its scores."""

    def __init__(self, block: nn.Module):
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        return self.block(x)[1]


class _Scores(nn.Module):
    def __init__(self, block: nn.Module):
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        return self.block(x)[0]


class _Plain(nn.Module):
    """The same row with nothing computed twice."""

    def __init__(self, row: Checkpointed):
        super().__init__()
        self.row = row

    def forward(self, x: Tensor) -> Tensor:
        for part in self.row.parts:
            x = part(x)
        return self.row.head(x)


def _dense(depth: int) -> Checkpointed:
    layers = list(Backprop([WIDTH] * (depth + 1), batch_size=BATCH).network)[1:]  # without the flattening
    pairs = [nn.Sequential(*layers[place : place + 2]) for place in range(0, 2 * depth, 2)]
    return Checkpointed(pairs, layers[-1])


def _cwcomp(depth: int) -> CwComp:
    return CwComp((1, SIDE, SIDE), [Conv(CHANNELS)] * depth, separate="none", batch_size=IMAGES)


def _convolutions(depth: int) -> Checkpointed:
    blocks = list(_cwcomp(depth).blocks)
    return Checkpointed([_Upward(block) for block in blocks[:-1]], _Scores(blocks[-1]))


DENSE: dict[str, Callable[[int], Learner]] = {
    "Forward-Forward, three hard negatives": lambda d: ForwardForward([WIDTH] * (d + 1), candidates=3),
    "Forward-Forward, the same, lean": lambda d: ForwardForward([WIDTH] * (d + 1), candidates=3, lean=True),
    "Forward-Forward, one random negative": lambda d: ForwardForward([WIDTH] * (d + 1), negatives="random"),
    "Mono-Forward": lambda d: MonoForward(WIDTH, [WIDTH] * d),
    "backpropagation": lambda d: Backprop(_Plain(_dense(d))),
    "backpropagation, checkpointed": lambda d: Backprop(_dense(d)),
}
CONVOLUTIONAL: dict[str, Callable[[int], Learner]] = {
    "CwComp": _cwcomp,
    "backpropagation": lambda d: Backprop(_Plain(_convolutions(d))),
    "backpropagation, checkpointed": lambda d: Backprop(_convolutions(d)),
}


class Memory(NamedTuple):
    """Bytes held from step to step, and how many more at the peak of a step."""

    held: int
    step: int


def measure(rule: Learner, x: Tensor, y: Tensor) -> Memory:
    """The memory of a rule's step on a batch, after two steps that bring its optimisers' state into being."""
    rule.partial_fit(x, y)
    rule.partial_fit(x, y)
    state = rule.state_dict()
    held = sum(tensor.numel() * tensor.element_size() for name, tensor in state.items() if name[:5] != "rule.")
    del state
    for part in rule.parts().values():
        if isinstance(part, torch.optim.Optimizer):
            part.zero_grad()  # gradients of the step before count in the step that makes them
    return Memory(held, peak(lambda: rule.partial_fit(x, y)))


def peak(work: Callable[[], Any]) -> int:
    """By how many bytes of tensors a piece of work exceeds, at its peak, what was there before it."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        work()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        seen.export_chrome_trace(str(path))
        events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    changes = sorted((event["ts"], place) for place, event in enumerate(events) if event["name"] == "[memory]")
    most = now = 0
    for _, place in changes:
        now += events[place]["args"]["Bytes"]
        most = max(most, now)
    return most


def table(rules: dict[str, Callable[[int], Learner]], shape: tuple[int, ...], depths: Sequence[int]) -> dict[str, Any]:
    """For each rule, its memory at each depth."""
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(shape, generator=generator)
    y = torch.randint(0, 10, shape[:1], generator=generator)
    return {name: [measure(make(depth), x, y) for depth in depths] for name, make in rules.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.rules_memory", description=__doc__)
    parser.add_argument("--depths", type=int, nargs="+", default=DEPTHS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tables = (
        (f"Dense layers of {WIDTH}, batches of {BATCH}", DENSE, (BATCH, WIDTH)),
        (
            f"Convolutions of {CHANNELS} channels on {SIDE} x {SIDE} pixels, batches of {IMAGES}",
            CONVOLUTIONAL,
            (IMAGES, 1, SIDE, SIDE),
        ),
    )
    for title, rules, shape in tables:
        found = table(rules, shape, options.depths)
        head = ["MB held + MB of a step", *(f"{depth} layers" for depth in options.depths)]
        rows = [
            [name, *(f"{memory.held / MB:.1f} + {memory.step / MB:.1f}" for memory in each)]
            for name, each in found.items()
        ]
        print_table(title, head, rows)


if __name__ == "__main__":
    main()
