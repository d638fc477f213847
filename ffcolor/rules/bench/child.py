"""A run in a process of its own, which keeps the peak of memory honest, and a crash from taking the rest along.

`start` makes the process, ``python -m ffcolor.rules.bench.child TRIAL CHECKPOINT``, and passes on how far it is. A run
that is stopped, by an interrupt or because nobody listens any more, leaves a checkpoint and goes on from it the next
time.
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
from pathlib import Path
from typing import IO, Any

from ffcolor.errors import FfcolorError
from ffcolor.rules.bench.trial import OnProgress, Stopped, Trial, run

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_BEAT_S = 0.2  # seconds between two words of progress
_GRACE_S = 60.0  # seconds that an interrupted run has to write its checkpoint


def start(trial: Trial, save_to: Path | None = None, on_step: OnProgress = lambda step, steps: None) -> dict[str, Any]:
    """Run a trial in a process of its own, and return what `run` returns.

    An interrupt stops the run, too; its checkpoint is written before this one is raised.

    Raises:
        FfcolorError: what the run raised, or `code` is ``"run-failed"``: its process died, and what it said last.
    """
    words = [
        sys.executable,
        "-m",
        "ffcolor.rules.bench.child",
        json.dumps(trial),
        "" if save_to is None else str(save_to),
    ]
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    environment = dict.fromkeys(_THREADS, "1") | os.environ | {"PYTHONPATH": path}
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
