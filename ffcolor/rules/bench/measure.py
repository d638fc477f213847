"""The benchmark of the rules: every rule beside backpropagation of the same architecture, on the same data.

    results = run("digits", seeds=5, out="out/bench")
    print(table(results))

Each run is a process of its own (see `ffcolor.rules.bench.trial`) and, when it is done, one line of `runs.jsonl` in the
folder. A line is found again by its key: rule, twin or not, task, data, seed, device and all settings. So a benchmark
that was stopped, or that is asked for more seeds, makes only the runs that are missing; one that was stopped in the
middle of its training goes on from its checkpoint in the folder `checkpoints`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.files import write_atomically
from ffcolor.rules.bench import lineup
from ffcolor.rules.bench.trial import Trial, start
from ffcolor.rules.registry import RULES
from ffcolor.settings import Whole

Run = dict[str, Any]
OnProgress = Callable[[str, int, int, float], None]
"""Told what runs, how many runs are done, of how many, and how far this one is, 0 to 1."""

RUNS, RESULTS, PLOT = "runs.jsonl", "rules-{task}.json", "rules-{task}"
CLASSES = 10
CHANCE_PCT = 200 / CLASSES
"""A run is above chance if it is right twice as often as by guessing."""


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
        task: one of `ffcolor.rules.bench.lineup.TASKS`.
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
            ``"bench-folder"`` (the record of runs is damaged), ``"invalid-setting"``, or ``"no-settings"``: a rule
            asked for by its name has no settings for the task. A run that fails is no error: it stands in `failed`,
            and is made anew the next time.
    """
    Whole(1).check("seeds", seeds)
    (Whole(1) | None).check("epochs", epochs)
    chosen = list(dict.fromkeys(rules or RULES))
    presets = {rule: lineup.settings(rule, task, epochs) for rule in chosen}
    unset = [rule for rule in chosen if presets[rule] is None]
    if rules and unset:
        message = f"no settings for the task {task}: {', '.join(unset)}; what this benchmark runs learns from images"
        raise FfcolorError(message, code="no-settings", value=unset[0])
    lineup.load(task, path)  # what is wrong with the data is said before anything runs
    mark = "digits" if task == "digits" else fingerprint(str(path))
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    known = read(folder / RUNS)
    trials = [
        Trial(rule, twin, task, seed, epochs, None if path is None else str(path), device)
        for seed in range(1, seeds + 1)
        for rule, preset in presets.items()
        if preset is not None
        for twin in ((False, True) if lineup.has_twin(preset) else (False,))
    ]
    found, failed = [], []
    for done, trial in enumerate(trials):
        what = f"{trial.rule}{' by backprop' if trial.twin else ''}, seed {trial.seed}"
        on_progress(what, done, len(trials), 0.0)
        told = _settings(presets[trial.rule])
        name = key(trial, told, mark)
        if name not in known:
            try:
                on_share = partial(on_progress, what, done, len(trials))
                known[name] = _made(trial, name, told, folder, on_share)
            except FfcolorError as error:
                failed.append({"run": what, "reason": str(error)})
                continue
        found.append(known[name])
    on_progress("", len(trials), len(trials), 0.0)
    results = {
        "task": task,
        "about": lineup.TASKS[task],
        "rows": [row(rule, [each for each in found if each["rule"] == rule]) for rule in chosen if presets[rule]],
        "left_out": unset,
        "failed": failed,
        "machine": _machine(device),
    }
    write_atomically(folder / RESULTS.format(task=task), (json.dumps(results, indent=1) + "\n").encode())
    if found:
        from ffcolor.rules.bench.plot import draw

        draw(results, folder / PLOT.format(task=task))
    return results


def _made(trial: Trial, name: str, told: dict[str, Any], folder: Path, on_share: Callable[[float], None]) -> Run:
    """Make a run and write its line; its checkpoint is needed no more then."""
    import ffcolor

    checkpoints = folder / "checkpoints"
    checkpoints.mkdir(exist_ok=True)
    save_to = checkpoints / f"{name}.safetensors"
    result = start(trial, save_to, lambda step, steps: on_share(step / steps))
    same = {field: getattr(trial, field) for field in ("rule", "twin", "task", "seed", "device")}
    made = {"key": name, **same, "settings": told, **result, "version": ffcolor.__version__}
    append(folder / RUNS, made)
    save_to.unlink(missing_ok=True)
    return made


# ---- the record of runs ----------------------------------------------------------------------------------------------


def key(trial: Trial, settings: dict[str, Any], mark: str) -> str:
    """A run's name: sixteen hexadecimal digits out of all that its outcome depends on.

    Args:
        trial: the run.
        settings: of its preset, as plain data.
        mark: what tells the data from other data; the path does not matter.
    """
    told = [trial.rule, trial.twin, trial.task, trial.seed, trial.device, settings, mark]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def fingerprint(path: str | os.PathLike[str]) -> str:
    """What tells a file, or a folder's files, from others: sixteen hexadecimal digits of their contents' SHA-256."""
    where, digest = Path(path), hashlib.sha256()
    for file in sorted(each for each in where.iterdir() if each.is_file()) if where.is_dir() else [where]:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def read(path: Path) -> dict[str, Run]:
    """The runs of a record by their keys. A last line that was cut short, by a power cut say, counts as not there.

    Raises:
        FfcolorError: `code` is ``"bench-folder"``: another line is damaged; the message says which.
    """
    if not path.exists():
        return {}
    lines = path.read_bytes().split(b"\n")
    found = {}
    for number, line in enumerate(lines, 1):
        if number == len(lines):  # after the last line's end there is nothing, or what was cut short
            break
        try:
            made = json.loads(line)
            found[made["key"]] = made
        except (ValueError, KeyError, TypeError):
            message = f"line {number} of {path} is no run: mend it or take it out"
            raise FfcolorError(message, code="bench-folder", value=str(path), position=number) from None
    return found


def append(path: Path, made: Run) -> None:
    """Add a run to a record, and see to it that it is on the disk; what was cut short before it goes."""
    with open(path, "ab+") as file:
        file.seek(0)
        whole_lines = file.read().rfind(b"\n") + 1
        file.truncate(whole_lines)
        file.write(json.dumps(made, allow_nan=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _settings(preset: Any) -> dict[str, Any]:
    """A preset as plain data, as JSON gives it back."""
    fields = {name: getattr(preset, name) for name in ("network", "settings", "epochs", "augment", "shape")}
    plain: dict[str, Any] = json.loads(json.dumps(fields))
    return plain


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


# ---- the table -------------------------------------------------------------------------------------------------------


def row(rule: str, runs: Sequence[Run]) -> dict[str, Any]:
    """A rule's row: its own figures and its twin's, each None where there is no run."""
    sides = {side: [each for each in runs if each["twin"] == twin] for side, twin in (("own", False), ("twin", True))}
    return {"rule": rule} | {side: summed(found) for side, found in sides.items()}


def summed(runs: Sequence[Run]) -> dict[str, Any] | None:
    """Runs of one kind summed up.

    Returns:
        accuracy_pct (mean), sd_pct (of n - 1; None of one run), worst_pct, above_chance (how many), runs, cpu_s and
        memory_mb (means), steps, epochs; None for no run.
    """
    if not runs:
        return None
    right = [each["accuracy_pct"] for each in runs]
    memory = [each["memory_mb"] for each in runs]
    return {
        "accuracy_pct": mean(right),
        "sd_pct": stdev(right) if len(right) > 1 else None,
        "worst_pct": min(right),
        "above_chance": sum(each > CHANCE_PCT for each in right),
        "runs": len(right),
        "cpu_s": mean(each["cpu_s"] for each in runs),
        "memory_mb": None if None in memory else mean(memory),
        "steps": runs[0]["steps"],
        "epochs": runs[0]["settings"]["epochs"],
    }


_HEAD = ("rule", "accuracy", "above chance", "CPU-s", "MB", "steps", "backprop twin", "CPU-s", "MB")


def table(results: dict[str, Any]) -> str:
    """The results as a Markdown table that reads well in a terminal, and what its columns say."""
    cells = [_HEAD, *(_cells(each) for each in results["rows"])]
    wide = [max(len(line[place]) for line in cells) for place in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(f"{cell:{'>' if place else '<'}{wide[place]}}" for place, cell in enumerate(line)) + " |"
        for line in cells
    ]
    rule_off = "|" + "|".join("-" * (width + 1) + (":" if place else "-") for place, width in enumerate(wide)) + "|"
    notes = [
        f"{results['about']}.",
        "Accuracy: % of the whole test set after the last epoch, mean ± sd over seeds.",
        "CPU-s: process time of training. MB: memory resident at the peak of training, less what was before it.",
        "The twin has the same layers, batches and passes, and learns end to end.",
    ]
    if results["left_out"]:
        notes.append(f"Without settings for this task: {', '.join(results['left_out'])}.")
    notes += [f"Failed: {each['run']}: {each['reason']}" for each in results["failed"]]
    return "\n".join([lines[0], rule_off, *lines[1:], "", *notes]) + "\n"


def _cells(found: dict[str, Any]) -> tuple[str, ...]:
    own, twin = found["own"], found["twin"]
    if own is None:
        figures = ["-"] * 5
    else:
        above = f"{own['above_chance']} of {own['runs']}"
        figures = [_accuracy(own), above, f"{own['cpu_s']:.1f}", _memory(own), f"{own['steps']:,}"]
    beside = ["-"] * 3 if twin is None else [_accuracy(twin), f"{twin['cpu_s']:.1f}", _memory(twin)]
    return (found["rule"], *figures, *beside)


def _accuracy(figures: dict[str, Any]) -> str:
    spread = "" if figures["sd_pct"] is None else f" ± {figures['sd_pct']:.2f}"
    return f"{figures['accuracy_pct']:.2f}{spread}"


def _memory(figures: dict[str, Any]) -> str:
    return "?" if figures["memory_mb"] is None else f"{figures['memory_mb']:.0f}"
