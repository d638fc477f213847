"""`python -m benchmarks.rules.preset NAME --data PATH`: train one of the presets of the rules, then test it once.

A run that is stopped goes on where its checkpoint stands. The figure is the last epoch's, on the whole test set.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from ffcolor.rules import checkpoint, data  # noqa: E402
from ffcolor.rules.bench.presets import PRESETS, Preset  # noqa: E402

_PATIENCE_S = 60  # CPU-seconds between checkpoints


def load(path: str, preset: Preset, held_out: int = 0) -> data.Split:
    """The preset's data out of a data set, in its shape; with `held_out`, the last training images are the test."""
    found = data.read_images(path)
    split = data.subset(found) if preset.data == "subset" else found
    if held_out:
        split = data.subset(split, len(split.x) - held_out, held_out)
    if preset.shape is None:
        return split
    shape = (-1, *preset.shape)
    return split._replace(x=split.x.reshape(shape), x_test=split.x_test.reshape(shape))


def run(
    preset: Preset, split: data.Split, seed: int, *, save_to: Path | None = None, quiet: bool = False, **changes: Any
) -> dict[str, Any]:
    """Train a preset and test it once.

    Args:
        preset: what to train.
        split: its data.
        seed: of the run.
        save_to: a checkpoint to go on from, and to write; None for neither.
        quiet: whether to say nothing on the way.
        changes: settings other than the preset's.

    Returns:
        seed, test_accuracy_pct, train_accuracy_pct (of 10,000 at most), cpu_s of the learning in all sittings, steps.
    """
    rule = preset.make(seed, **changes)
    spent = 0.0
    if save_to is not None and save_to.exists():
        spent = float(checkpoint.load(save_to, rule)["cpu_s"])
        print(f"going on from step {rule.steps}, {spent:.0f} CPU-s", flush=True)
    start = saved = time.process_time()
    each = -(-len(split.x) // rule.batch_size)
    sums = [0.0, 0]

    def on_step(step: int, steps: int, loss: float) -> None:
        nonlocal saved
        now = time.process_time()
        sums[0], sums[1] = sums[0] + loss, sums[1] + 1
        if step % each == 0 and not quiet:
            mean, seconds = sums[0] / sums[1], spent + now - start
            print(f"epoch {step // each} of {steps // each}: loss {mean:.4f}, {seconds:.0f} CPU-s", flush=True)
            sums[:] = [0.0, 0]
        if save_to is not None and (now - saved > _PATIENCE_S or step == steps):
            checkpoint.save(save_to, rule, {"cpu_s": spent + now - start})
            saved = now

    rule.fit(split.x, split.y, epochs=preset.epochs, on_step=on_step, augment=preset.augmentation())
    learning = spent + time.process_time() - start
    return {
        "seed": seed,
        "test_accuracy_pct": 100 * rule.accuracy(split.x_test, split.y_test),
        "train_accuracy_pct": 100 * rule.accuracy(split.x[:10_000], split.y[:10_000]),
        "cpu_s": learning,
        "steps": rule.steps,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules.preset", description=__doc__)
    parser.add_argument("name", choices=sorted(PRESETS), help="which preset")
    parser.add_argument("--data", required=True, help="MNIST: an .npz file or a folder of IDX files")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="one run each (default: 1)")
    parser.add_argument("--held-out", type=int, default=0, help="test on so many of the training images instead")
    parser.add_argument("--learning-rate", type=float, help="in place of the preset's")
    parser.add_argument("--checkpoint", type=Path, help="a file to go on from and to write; with one seed only")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    if options.checkpoint and len(options.seeds) > 1:
        parser.error("--checkpoint is for one seed")
    import torch

    torch.set_num_threads(1)
    preset = PRESETS[options.name]
    split = load(options.data, preset, options.held_out)
    changes = {} if options.learning_rate is None else {"learning_rate": options.learning_rate}
    for seed in options.seeds:
        found = run(preset, split, seed, save_to=options.checkpoint, device=options.device, **changes)
        print(json.dumps({"preset": options.name, "held_out": options.held_out, **changes, **found}), flush=True)


if __name__ == "__main__":
    main()
