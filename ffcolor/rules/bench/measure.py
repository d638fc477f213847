"""The benchmark of the rules: every rule beside backpropagation of the same architecture, on the same data.

    results = run("digits", seeds=5, out="out/bench")
    print(table(results))

Each run is a process of its own (see `ffcolor.rules.bench.child`) and, when it is done, one line of `runs.jsonl` in the
folder. A line is found again by its key: rule, twin or not, task, data, seed, device and all settings. So a benchmark
that was stopped, or that is asked for more seeds, makes only the runs that are missing; one that was stopped in the
middle of its training goes on from its checkpoint in the folder `checkpoints`.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ffcolor.errors import FfcolorError
from ffcolor.files import write_atomically
from ffcolor.rules.bench import lineup
from ffcolor.rules.bench.child import start
from ffcolor.rules.bench.presets import Preset
from ffcolor.rules.bench.record import RUNS, Run, append, fingerprint, key, read, told
from ffcolor.rules.bench.report import row
from ffcolor.rules.bench.trial import Trial
from ffcolor.rules.registry import RULES
from ffcolor.settings import Whole
from ffcolor.version import __version__

OnProgress = Callable[[str, int, int, float], None]
"""Told what runs, how many runs are done, of how many, and how far this one is, 0 to 1."""

RESULTS, PLOT = "rules-{task}.json", "rules-{task}"


def run(
    task: str = "digits",
    *,
    path: str | os.PathLike[str] | None = None,
    rules: Sequence[str] | None = None,
    seeds: int = 5,
    epochs: int | None = None,
    device: str = "cpu",
    out: str | os.PathLike[str] = "out/bench",
    on_progress: OnProgress = lambda what, done, total, share: None,
) -> dict[str, Any]:
    """Make the runs that are missing, and put all into one table.

    Args:
        task: one of `ffcolor.rules.bench.TASKS`.
        path: MNIST, for all tasks but ``"digits"``: an .npz file or a folder of IDX files.
        rules: their names; None for all that have settings for the task.
        seeds: runs 1 to `seeds` of each.
        epochs: passes over the training data, None for each one's own.
        device: where to compute.
        out: the folder of results, which is made.
        on_progress: see `OnProgress`.

    Returns:
        task, about, rows (see `row`), left_out (rules without settings for this task), failed (run and reason) and
        machine; it is in the folder as JSON, and as a plot.

    Raises:
        FfcolorError: `code` is ``"unknown-rule"``, ``"unknown-task"``, ``"data-file"``, ``"missing-package"``,
            ``"bench-folder"`` (the record of runs is damaged), ``"invalid-setting"``; ``"no-settings"`` or
            ``"broken-rule"``: a rule asked for by its name has no settings for the task, or cannot be loaded. A run
            that fails does not raise: it stands in `failed`, and is made again the next time.
    """
    Whole(1).check("seeds", seeds)
    (Whole(1) | None).check("epochs", epochs)
    lined = _line_up(task, rules, epochs)
    lineup.load(task, path)  # what is wrong with the data is said before anything runs
    mark = "digits" if task == "digits" else fingerprint(str(path))
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    source = None if path is None else str(path)
    trials = [
        Trial(rule, twin, task, seed, epochs, source, device)
        for seed in range(1, seeds + 1)
        for rule, preset in lined.presets.items()
        for twin in ((False, True) if lineup.has_twin(preset) else (False,))
    ]
    found, failed = _runs(trials, lined.presets, mark, folder, on_progress)
    results = {
        "task": task,
        "about": lineup.TASKS[task],
        "rows": [row(rule, [each for each in found if each["rule"] == rule]) for rule in lined.presets],
        "left_out": lined.left_out,
        "failed": lined.broken + failed,
        "machine": _machine(device),
    }
    _write(results, folder)
    return results


def _write(results: dict[str, Any], folder: Path) -> None:
    """Put results into a folder, as JSON and, if there are any runs, as a plot."""
    task = results["task"]
    write_atomically(folder / RESULTS.format(task=task), (json.dumps(results, indent=1) + "\n").encode())
    if any(each["own"] or each["twin"] for each in results["rows"]):
        from ffcolor.rules.bench.plot import draw

        draw(results, folder / PLOT.format(task=task))


class _Lined(NamedTuple):
    """Who runs, who has no settings for the task, and who cannot be loaded."""

    presets: dict[str, Preset]
    left_out: list[str]
    broken: list[dict[str, str]]


def _line_up(task: str, rules: Sequence[str] | None, epochs: int | None) -> _Lined:
    """The presets of the rules that were asked for, or of all; of all, those that are broken are only named."""
    lined = _Lined({}, [], [])
    for rule in dict.fromkeys(rules or RULES):
        try:
            preset = lineup.settings(rule, task, epochs)
        except FfcolorError as error:
            if rules or error.code != "broken-rule":
                raise
            lined.broken.append({"run": rule, "reason": str(error)})
            continue
        if preset is None:
            lined.left_out.append(rule)
        else:
            lined.presets[rule] = preset
    if rules and lined.left_out:
        names = ", ".join(lined.left_out)
        message = f"no settings for the task {task}: {names}; this benchmark runs rules that learn from images"
        raise FfcolorError(message, code="no-settings", value=lined.left_out[0])
    return lined


def _runs(
    trials: Sequence[Trial], presets: Mapping[str, Preset], mark: str, folder: Path, on_progress: OnProgress
) -> tuple[list[Run], list[dict[str, str]]]:
    """The run of each trial, out of the record or made now; and the failures."""
    known = read(folder / RUNS)
    found, failed = [], []
    for done, trial in enumerate(trials):
        what = f"{trial.rule}{' by backprop' if trial.twin else ''}, seed {trial.seed}"
        on_progress(what, done, len(trials), 0.0)
        settings = told(presets[trial.rule])
        name = key(trial, settings, mark)
        if name not in known:
            try:
                known[name] = _made(trial, name, settings, folder, partial(on_progress, what, done, len(trials)))
            except FfcolorError as error:
                failed.append({"run": what, "reason": str(error)})
                continue
        found.append(known[name])
    on_progress("", len(trials), len(trials), 0.0)
    return found, failed


def _made(trial: Trial, name: str, settings: dict[str, Any], folder: Path, on_share: Callable[[float], None]) -> Run:
    """Make a run and write its line; its checkpoint goes."""
    checkpoints = folder / "checkpoints"
    checkpoints.mkdir(exist_ok=True)
    save_to = checkpoints / f"{name}.safetensors"
    result = start(trial, save_to, lambda step, steps: on_share(step / steps))
    same = {field: getattr(trial, field) for field in ("rule", "twin", "task", "seed", "device")}
    made = {"key": name, **same, "settings": settings, **result, "version": __version__}
    append(folder / RUNS, made)
    save_to.unlink(missing_ok=True)
    return made


def _machine(device: str) -> dict[str, str]:
    import torch

    name = torch.cuda.get_device_name(device) if torch.device(device).type == "cuda" else device
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "device": name,
        "threads": os.environ.get("OMP_NUM_THREADS") or "1",
    }
