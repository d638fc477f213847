"""One run of the benchmark of the rules, in a process of its own: train a rule or its twin, then test it once.

A process of its own keeps the peak of memory honest, and a crash from taking the rest along. `start` runs one and
passes on how far it is. A run that is stopped, by an interrupt or because nobody listens any more, leaves a checkpoint
and goes on from it the next time.

The accuracy is the last epoch's on the whole test set. CPU-seconds are the process time of the training alone, of all
threads (one, unless OMP_NUM_THREADS says otherwise) and of all sittings.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple

from ffcolor.errors import FfcolorError

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_PATIENCE_S = 60.0  # CPU-seconds between checkpoints
_BEAT_S = 0.2  # seconds between two words of progress
_GRACE_S = 60.0  # seconds that an interrupted run has to write its checkpoint

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


class Stopped(Exception):  # noqa: N818 - it is no error
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
    from ffcolor.rules.parts import checkpoint

    preset = lineup.settings(trial.rule, trial.task, trial.epochs)
    if preset is None:
        message = f"'{trial.rule}' has no settings for the task {trial.task}"
        raise FfcolorError(message, code="unknown-task", value=trial.task)
    split = lineup.shaped(lineup.load(trial.task, trial.path), preset)
    torch.manual_seed(trial.seed)  # for dropout in a twin: modules of torch know no other source
    _warm_up(trial.device)
    resident = Resident()
    rule = lineup.twin(preset, trial.seed, trial.device) if trial.twin else preset.make(trial.seed, trial.device)
    spent, peak = 0.0, 0.0
    if save_to is not None and save_to.exists():
        header = checkpoint.load(save_to, rule)
        spent, peak = float(header["cpu_s"]), float(header["memory_mb"] or 0)
    start = saved = time.process_time()

    def memory() -> float | None:
        if torch.device(trial.device).type == "cuda":
            return max(peak, torch.cuda.max_memory_allocated(trial.device) / 1e6)
        grown = resident.grown_mb()
        return None if grown is None else max(peak, grown)

    def watch(step: int, steps: int, loss: float) -> None:
        nonlocal saved
        on_step(step, steps)
        now, stop = time.process_time(), is_stopped() and step < steps
        if save_to is not None and (stop or now - saved > _PATIENCE_S or step == steps):
            checkpoint.save(save_to, rule, {"cpu_s": spent + now - start, "memory_mb": memory()})
            saved = time.process_time()
        if stop:
            raise Stopped

    rule.fit(split.x, split.y, epochs=preset.epochs, on_step=watch, augment=preset.augmentation())
    cpu_s, most = spent + time.process_time() - start, memory()
    return {
        "accuracy_pct": 100 * rule.accuracy(split.x_test, split.y_test),
        "cpu_s": cpu_s,
        "memory_mb": most,
        "steps": rule.steps,
        "train": len(split.x),
        "test": len(split.x_test),
    }


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


# ---- in a process of its own -----------------------------------------------------------------------------------------


def start(trial: Trial, save_to: Path | None = None, on_step: OnProgress = lambda step, steps: None) -> dict[str, Any]:
    """Run a trial in a process of its own, and return what `run` returns.

    An interrupt stops the run, too; its checkpoint is written before this one is raised.

    Raises:
        FfcolorError: what the run raised, or `code` is ``"run-failed"``: its process died, and what it said last.
    """
    words = [
        sys.executable,
        "-m",
        "ffcolor.rules.bench.trial",
        json.dumps(trial),
        "" if save_to is None else str(save_to),
    ]
    environment = dict.fromkeys(_THREADS, "1") | os.environ
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, env=environment
        ) as process:
            try:
                assert process.stdout is not None
                answer = _listen(process.stdout, on_step)
                code = process.wait()
            except BaseException:
                _end(process)
                raise
        if "result" in answer:
            result: dict[str, Any] = answer["result"]
            return result
        if "error" in answer:
            raise FfcolorError(answer["error"], code=answer["code"])
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip().splitlines()
        why = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        last = f": {said[-1]}" if said else " (the system kills what needs more memory than there is)" * (code == -9)
        raise FfcolorError(f"the run {why}{last}", code="run-failed", value=code)


def _listen(lines: IO[bytes], on_step: OnProgress) -> dict[str, Any]:
    for line in lines:
        word: dict[str, Any] = json.loads(line)
        if "step" not in word:
            return word
        on_step(word["step"], word["steps"])
    return {}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a run to write its checkpoint and go; insist if it does not."""
    with contextlib.suppress(OSError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(_GRACE_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


def main() -> int:
    """Run the trial that the command line gives as JSON; say progress and the result on standard output, as JSON."""
    asked: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: asked.append(number))
    trial, save_to = Trial(*json.loads(sys.argv[1])), Path(sys.argv[2]) if sys.argv[2] else None
    last = 0.0

    def on_step(step: int, steps: int) -> None:
        nonlocal last
        if time.monotonic() - last > _BEAT_S or step == steps:
            last = time.monotonic()
            try:
                print(json.dumps({"step": step, "steps": steps}), flush=True)
            except BrokenPipeError:  # nobody listens any more
                asked.append(0)

    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or 1))
    found: dict[str, Any]
    try:
        found = {"result": run(trial, save_to, on_step, lambda: bool(asked))}
    except FfcolorError as error:
        found = {"error": str(error), "code": error.code}
    except Stopped:
        return 130
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
