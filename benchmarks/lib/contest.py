"""Contenders learn the same tasks, and are judged on the same held-out colours."""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.lib import metrics, report
from benchmarks.lib.inputs import Fit, Probability, background
from benchmarks.lib.peers import LARGEST_K, PEERS
from benchmarks.lib.tasks import Task

OURS = "ffcolor"

Scores = dict[str, tuple[float, float, float, float]]  # contender -> AUC, BA, ECE, milliseconds to learn


def ours(pos: Any, neg: Any) -> Probability:
    """The learner of ffcolor with its default options."""
    from ffcolor import ColorPreference

    return ColorPreference().fit(pos, neg).probability


@lru_cache(maxsize=1)
def contenders() -> dict[str, Fit]:
    """First ffcolor, then its peers."""
    return {OURS: ours, **PEERS}


def judge(task: Task, names: Sequence[str]) -> Scores:
    """Let contenders learn a task (encoding included in the time), and judge them on its held-out colours."""
    scores: Scores = {}
    for name in names:
        if task.k > LARGEST_K.get(name, task.k):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            start = time.perf_counter()
            probability = contenders()[name](task.pos, task.neg)
            elapsed = 1000 * (time.perf_counter() - start)
            p = np.asarray(probability(task.test_colors), dtype=np.float64)
        measures = (metrics.auc, metrics.balanced_accuracy, metrics.calibration_error)
        auc, accuracy, error = (measure(p, task.test_labels) for measure in measures)
        scores[name] = (auc, accuracy, error, elapsed)
    return scores


def _warm_up(names: Sequence[str]) -> None:
    """Load each contender's libraries, so that no first task pays for them."""
    import torch

    torch.set_num_threads(1)
    for name in names:
        contenders()[name](background()[:8], background()[8:16])(background())


def _judge(item: tuple[Task, Sequence[str]]) -> Scores:
    return judge(*item)


def measure(title: str, chosen: Sequence[Task], names: Sequence[str], workers: int = 2) -> list[Scores]:
    """Judge contenders on tasks, in `workers` processes of one thread each."""
    items = [(task, names) for task in chosen]
    workers = min(workers, report.usable_cores())
    if workers <= 1:
        _warm_up(names)
        return list(report.progress(title, map(_judge, items), len(items)))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_warm_up, initargs=(names,)) as pool:
        return list(report.progress(title, pool.map(_judge, items, chunksize=2), len(items)))


class Results:
    """Scores of contenders on tasks, and their summaries."""

    def __init__(self, chosen: Sequence[Task], scores: Sequence[Scores], names: Sequence[str]):
        self.tasks, self.names = list(chosen), list(names)
        missing = (np.nan,) * 4
        self.values = {name: np.array([score.get(name, missing) for score in scores]) for name in names}  # (tasks, 4)
        self.is_xkcd = np.array([task.kind == "xkcd" for task in chosen])
        self.families = np.array([task.family for task in chosen])

    def mean(self, name: str, where: Any = None) -> tuple[Any, Any, Any]:
        """AUC, BA and ECE of a contender: over XKCD, over synthetic, and the mean of both (None where no task is)."""
        rows, seen = self.values[name][:, :3], np.ones(len(self.tasks), dtype=bool) if where is None else where
        halves = [
            rows[kind & seen].mean(axis=0) if (kind & seen).any() else None for kind in (self.is_xkcd, ~self.is_xkcd)
        ]
        present = [half for half in halves if half is not None]
        return halves[0], halves[1], np.mean(present, axis=0)

    def learned(self, name: str) -> Any:
        """Which tasks a contender was given (tasks,)."""
        return ~np.isnan(self.values[name][:, 0])

    def milliseconds(self, name: str) -> float:
        """Median time to learn."""
        return float(np.nanmedian(self.values[name][:, 3]))

    def ahead(self, name: str) -> tuple[float, float, int, int]:
        """By how much the AUC of ffcolor leads on the same tasks, its standard error, and concepts won of how many."""
        seen = self.learned(name)
        gain = (self.values[OURS] - self.values[name])[seen, 0]
        kinds, families = self.is_xkcd[seen], self.families[seen]
        weight, deviation = np.zeros(len(gain)), np.zeros(len(gain))
        present = [kind for kind in (kinds, ~kinds) if kind.any()]
        for kind in present:
            weight[kind] = 1 / (len(present) * kind.sum())
            deviation[kind] = gain[kind] - gain[kind].mean()
        clusters = [families == family for family in np.unique(families)]
        count = len(clusters)
        sums = [(weight * deviation)[cluster].sum() for cluster in clusters]
        error = float(np.sqrt(np.square(sums).sum() * count / max(count - 1, 1)))
        won = sum(gain[cluster].mean() > 0 for cluster in clusters)
        return float((weight * gain).sum()), error, int(won), count
