"""Who runs in the benchmark of the rules: for each task its data, the settings of every rule, and each one's twin.

The settings are the recipes that each rule's class brings, by the name of the task; a rule without a recipe for MNIST
runs with its recipe for the subset. They were chosen on a part of the training data, never on test data.

A twin has the same layers, batches, passes and augmentation, and learns end to end by backpropagation and Adam at
0.001, which is not tuned for each; the rule `backprop` has rates of its own. Where a rule has no `twin` of its own, its
twin is dense: ReLU layers of the rule's widths and a linear one to the classes. A recurrent rule's twin so has its
forward connections only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import torch

from ffcolor.errors import FfcolorError, did_you_mean
from ffcolor.rules import data
from ffcolor.rules.backprop import Backprop
from ffcolor.rules.bench.presets import TASKS as TASKS
from ffcolor.rules.bench.presets import Preset, presets_of
from ffcolor.rules.registry import RULES, known_rule


def settings(rule: str, task: str, epochs: int | None = None) -> Preset | None:
    """What a rule runs with on a task, or None where it has no settings for it.

    Args:
        rule: its name in `ffcolor.rules.RULES`.
        task: one of `TASKS`.
        epochs: passes over the training data in place of its own.

    Raises:
        FfcolorError: `code` is ``"unknown-rule"`` or ``"unknown-task"``; the message lists those there are.
    """
    known_rule(rule)
    if task not in TASKS:
        raise FfcolorError(f"{task!r} is not a task: {did_you_mean(task, TASKS)}", code="unknown-task", value=task)
    presets = presets_of(rule)
    found = presets.get(task) or (presets.get("subset") if task == "mnist" else None)
    return found if found is None or epochs is None else found._replace(epochs=epochs)


def load(task: str, path: str | os.PathLike[str] | None = None) -> data.Split:
    """A task's data.

    Args:
        task: one of `TASKS`.
        path: for all but ``"digits"``, MNIST: an .npz file or a folder of IDX files.

    Raises:
        FfcolorError: `code` is ``"data-file"``, ``"missing-package"`` or ``"invalid-setting"``.
    """
    if task == "digits":
        return data.digits()
    if path is None:
        message = f"the task {task} needs data. {data.WHERE}"
        raise FfcolorError(message, code="data-file", advice="give the path of either")
    found = data.read_images(path)
    return data.subset(found) if task == "subset" else found


def shaped(split: data.Split, preset: Preset) -> data.Split:
    """The data in the shape that a preset wants its inputs in."""
    if preset.shape is None:
        return split
    shape = (-1, *preset.shape)
    return split._replace(x=split.x.reshape(shape), x_test=split.x_test.reshape(shape))


def has_twin(preset: Preset) -> bool:
    """Whether a preset has a twin: its rule makes one, or all its layers are dense. Backpropagation needs none."""
    return preset.rule != "backprop" and (_makes_one(preset) or _is_dense(preset))


def twin(preset: Preset, seed: int, device: str | torch.device = "cpu") -> Backprop:
    """Backpropagation of the architecture that a preset makes.

    Raises:
        FfcolorError: `code` is ``"no-twin"`` where `has_twin` says so.
    """
    if not has_twin(preset):
        raise FfcolorError(f"{preset.rule!r} with these settings has no twin", code="no-twin", value=preset.rule)
    rule: Any = preset.make(seed, device)
    network: Any = rule.twin() if _makes_one(preset) else preset.network
    return Backprop(network, num_classes=rule.num_classes, batch_size=rule.batch_size, seed=seed, device=device)


def _makes_one(preset: Preset) -> bool:
    return hasattr(RULES[preset.rule].load(), "twin")


def _is_dense(preset: Preset) -> bool:
    return isinstance(preset.network, Sequence) and all(isinstance(size, int) for size in preset.network)
