"""The record of runs: a line for each run that is done, found again by a key out of all that its outcome depends on."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.rules.bench.presets import Preset
from ffcolor.rules.bench.trial import Trial

RUNS = "runs.jsonl"
"""The record's name in a folder of results."""
Run = dict[str, Any]
"""A line of the record."""


def key(trial: Trial, settings: dict[str, Any], mark: str) -> str:
    """A run's name: sixteen hexadecimal digits out of all that its outcome depends on.

    Args:
        trial: the run.
        settings: of its preset, as plain data.
        mark: what tells the data from other data; the path does not matter.
    """
    parts = [trial.rule, trial.twin, trial.task, trial.seed, trial.device, settings, mark]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


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
            message = f"line {number} of {path} is not a run: repair it or delete it"
            raise FfcolorError(message, code="bench-folder", value=str(path), position=number) from None
    return found


def append(path: Path, made: Run) -> None:
    """Add a run to a record, and see to it that it is on the disk; what was cut short before it goes."""
    with open(path, "ab+") as file:
        file.seek(0)
        complete = file.read().rfind(b"\n") + 1
        file.truncate(complete)
        file.write(json.dumps(made, allow_nan=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def told(preset: Preset) -> dict[str, Any]:
    """A preset as plain data, as JSON gives it back."""
    fields = {name: getattr(preset, name) for name in ("network", "settings", "epochs", "augment", "shape")}
    plain: dict[str, Any] = json.loads(json.dumps(fields))
    return plain
