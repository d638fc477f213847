"""One run of the benchmark of the rules: train a rule or its twin, then test it once.

The accuracy is the last epoch's on the whole test set. CPU-seconds are the process time of the training alone, of all
threads (one, unless OMP_NUM_THREADS says otherwise) and of all sittings.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ffcolor.errors import FfcolorError

_PATIENCE_S = 60.0  # CPU-seconds between checkpoints

OnProgress = Callable[[int, int], None]


class Trial(NamedTuple):
    """What to run.

    Attributes:
        rule: its name in `ffcolor.rules.RULES`.
        twin: whether to run backpropagation of its architecture in its place.
        task: one of `ffcolor.rules.bench.lineup.TASKS`.
        seed: of the run.
        epochs: passes over the training data, None for the preset's.
        path: of the data, None for the task that needs none.
        device: where to compute.
    """

    rule: str
    twin: bool
    task: str
    seed: int
    epochs: int | None = None
    path: str | None = None
    device: str = "cpu"


class Stopped(Exception):  # noqa: N818 - it is not an error
    """The run was asked to stop, and left a checkpoint."""


def run(
    trial: Trial,
    save_to: Path | None = None,
    on_step: OnProgress = lambda step, steps: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Run a trial in this process.

    Args:
        trial: what to run.
        save_to: a checkpoint to go on from, and to write; None for neither.
        on_step: called with (step, steps) after each step.
        is_stopped: asked after each step whether to stop.

    Returns:
        accuracy_pct, cpu_s, memory_mb (by how much more was resident at the peak of training than before the rule was
        made; None where the system does not say), steps, train, test (how many inputs).

    Raises:
        Stopped: is_stopped said so; the checkpoint is written.
        FfcolorError: the data or the settings are bad.
    """
    import torch

    from ffcolor.rules.bench import lineup
    from ffcolor.rules.bench.resident import Resident

    preset = lineup.settings(trial.rule, trial.task, trial.epochs)
    if preset is None:
        message = f"{trial.rule!r} has no settings for the task {trial.task}"
        raise FfcolorError(message, code="no-settings", value=trial.task)
    split = lineup.shaped(lineup.load(trial.task, trial.path), preset)
    torch.manual_seed(trial.seed)  # for dropout in a twin: modules of torch know no other source
    _warm_up(trial.device)
    resident = Resident()
    rule = lineup.twin(preset, trial.seed, trial.device) if trial.twin else preset.make(trial.seed, trial.device)
    sitting = _Sitting(rule, save_to, torch.device(trial.device), resident)

    def watch(step: int, steps: int, loss: float) -> None:
        on_step(step, steps)
        stop = is_stopped() and step < steps
        if stop or step == steps or sitting.is_due():
            sitting.save()
        if stop:
            raise Stopped

    rule.fit(split.x, split.y, epochs=preset.epochs, on_step=watch, augment=preset.augmentation())
    costs = sitting.costs()
    return {
        "accuracy_pct": 100 * rule.accuracy(split.x_test, split.y_test),
        **costs,
        "steps": rule.steps,
        "train": len(split.x),
        "test": len(split.x_test),
    }


class _Sitting:
    """What training has cost by now, the sittings before this one included, and its checkpoint."""

    def __init__(self, rule: Any, save_to: Path | None, device: Any, resident: Any):
        from ffcolor.rules.parts import checkpoint

        self.rule = rule
        self.save_to = save_to
        self.device = device
        self.resident = resident
        self.spent, self.peak = 0.0, 0.0
        if save_to is not None and save_to.exists():
            header = checkpoint.load(save_to, rule)
            self.spent, self.peak = float(header["cpu_s"]), float(header["memory_mb"] or 0)
        self.start = self.saved = time.process_time()

    def costs(self) -> dict[str, float | None]:
        """CPU-seconds, and by how many MB memory grew at its peak."""
        import torch

        cpu_s = self.spent + time.process_time() - self.start
        if self.device.type == "cuda":
            grown: float | None = torch.cuda.max_memory_allocated(self.device) / 1e6
        else:
            grown = self.resident.grown_mb()
        return {"cpu_s": cpu_s, "memory_mb": None if grown is None else max(self.peak, grown)}

    def is_due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return time.process_time() - self.saved > _PATIENCE_S

    def save(self) -> None:
        """Write the checkpoint, if there is one to write."""
        from ffcolor.rules.parts import checkpoint

        if self.save_to is not None:
            checkpoint.save(self.save_to, self.rule, self.costs())
            self.saved = time.process_time()


def _warm_up(device: str) -> None:
    """A step of a small network brings in torch's own libraries, so that they count for no rule."""
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):
        network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(72, 2))
    network.to(device)
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.zeros(2, 1, 8, 8, device=device)).logsumexp(1).mean().backward()
    optimizer.step()
    optimizer.zero_grad()
