"""Whole runs of the convolutional rules on a data set of images: stopped at any time, they go on where they were.

    python -m ffcolor.rules.recipes cwcomp --data mnist.npz --checkpoint run.safetensors

trains on the training images, saves the state after every epoch, and tests once, after the last one, on all the test
images. Each recipe has a size: "cpu" for an hour at most on one core of a laptop, "gpu" for the best it can do.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import safe_open
from safetensors.torch import save

from ffcolor.errors import FfcolorError
from ffcolor.files import write_atomically
from ffcolor.rules.augment import affine
from ffcolor.rules.blocks import Conv, Stack
from ffcolor.rules.channels import CwComp
from ffcolor.rules.data import Split, read_images
from ffcolor.rules.protocol import Augment


class Recipe(NamedTuple):
    """How to make a rule for images of 28 x 28 grey pixels, and how to train it."""

    make: Callable[..., Stack]
    settings: dict[str, Any]
    epochs: int
    augment: Augment


def _mnist(small: bool) -> tuple[Conv, ...]:
    wide = 1 if small else 4
    return Conv(40 * wide, 5, pool=2), Conv(80 * wide, pool=2), Conv(160 * wide, pool=2), Conv(160 * wide)


_WINDOWS = ((0, 0.6), (0, 0.75), (0, 0.9), (0, 1))
_ALIKE: dict[str, Any] = {"separate": "none", "lr": 0.01, "windows": _WINDOWS}
RECIPES: dict[tuple[str, str], Recipe] = {
    ("cwcomp", "cpu"): Recipe(CwComp, {"layers": _mnist(True), "batch_size": 64} | _ALIKE, 14, affine(10, 0.1, 0.1, 2)),
    ("cwcomp", "gpu"): Recipe(
        CwComp, {"layers": _mnist(False), "batch_size": 128} | _ALIKE, 60, affine(12, 0.12, 0.15, 2)
    ),
}
"""The recipes by name of the rule and size."""


def run(
    rule: str,
    data: Split,
    *,
    size: str = "cpu",
    checkpoint: str | Path | None = None,
    held_out: int = 0,
    epochs: int | None = None,
    seed: int = 0,
    device: str = "cpu",
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train by a recipe, from the checkpoint on if there is one, and test after the last epoch.

    Args:
        rule: ``"cwcomp"``, …: see `RECIPES`.
        data: images to train and test with.
        size: ``"cpu"`` or ``"gpu"``.
        checkpoint: file that is written after every epoch and read at the start.
        held_out: learn without so many training images, the last ones, and test on them instead of the test images:
            for choosing settings.
        epochs: passes in all, instead of the recipe's.
        seed: of the rule.
        device: where to compute.
        say: told a line after every epoch.

    Returns:
        ``rule``, ``size``, ``seed``, ``epochs``, ``error`` (share of test images that are wrong after the last epoch),
        ``cpu_seconds`` (of this process while learning, all threads and all stages) and ``weights``.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"`` for an unknown recipe.
    """
    if (rule, size) not in RECIPES:
        message = f"there is no recipe {rule!r} of size {size!r}; there are {', '.join(map('/'.join, RECIPES))}"
        raise FfcolorError(message, code="invalid-setting", value=rule)
    recipe = RECIPES[rule, size]
    kept = len(data.x) - held_out
    x, y = data.x[:kept], data.y[:kept]
    test = (data.x[kept:], data.y[kept:]) if held_out else (data.x_test, data.y_test)
    learner = recipe.make((1, 28, 28), seed=seed, device=device, **recipe.settings)
    spent = _resume(learner, checkpoint)
    total = recipe.epochs if epochs is None else epochs
    each = -(-len(x) // learner.batch_size)
    losses: list[float] = []
    begun = time.process_time()

    def after_step(step: int, steps: int, loss: float) -> None:
        losses.append(loss)
        if step % each == 0:
            used = spent + time.process_time() - begun
            _save(learner, checkpoint, used)
            say(f"epoch {step // each} of {total}: loss {sum(losses) / len(losses):.4f}, {used:.0f} CPU seconds")
            losses.clear()

    learner.fit(x, y, epochs=total, on_step=after_step, augment=recipe.augment)
    used = spent + time.process_time() - begun
    error = 1 - learner.accuracy(*test)
    weights = sum(value.numel() for value in learner.blocks.parameters())
    return {
        "rule": rule, "size": size, "seed": seed, "epochs": total, "error": round(error, 6),
        "cpu_seconds": round(used, 1), "weights": weights,
    }  # fmt: skip


def _save(learner: Stack, checkpoint: str | Path | None, used: float) -> None:
    if checkpoint is not None:
        state = {name: value.contiguous() for name, value in learner.state_dict().items()}
        write_atomically(checkpoint, save(state, metadata={"cpu_seconds": f"{used:.3f}"}))


def _resume(learner: Stack, checkpoint: str | Path | None) -> float:
    """Load the checkpoint, if there is one; the CPU seconds spent until then."""
    if checkpoint is None or not Path(checkpoint).exists():
        return 0.0
    with safe_open(str(checkpoint), "pt") as file:
        learner.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
        return float((file.metadata() or {})["cpu_seconds"])


def main(arguments: list[str] | None = None) -> None:
    """The command line: prints a line an epoch, and the result as JSON at the end."""
    parser = argparse.ArgumentParser(prog="python -m ffcolor.rules.recipes", description=__doc__.partition("\n")[0])
    parser.add_argument("rule", choices=sorted({name for name, _ in RECIPES}))
    parser.add_argument("--data", required=True, help="an .npz file or a folder of IDX files")
    parser.add_argument("--size", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--checkpoint")
    parser.add_argument("--held-out", type=int, default=0)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    settings = vars(parser.parse_args(arguments))
    torch.set_num_threads(settings.pop("threads"))
    device = "cuda" if settings["size"] == "gpu" and torch.cuda.is_available() else "cpu"
    data = read_images(settings.pop("data"))
    found = run(settings.pop("rule"), data, device=device, say=lambda line: print(line, file=sys.stderr), **settings)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
