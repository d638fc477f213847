"""How good is a learned taste? Accuracy on held-out colours, beside simple baselines that learn from the same picks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ffcolor import streams
from ffcolor.engine import auc as auc
from ffcolor.engine import layer

Floats = NDArray[np.float32]
Scores = NDArray[np.float64]
Scorer = Callable[[Floats], Scores]


def balanced_accuracy(liked: Scores, disliked: Scores) -> float:
    """The mean share of both sides judged right, where scores of 0 and more mean liked."""
    return float(((liked >= 0).mean() + (disliked < 0).mean()) / 2)


def nearest_mean(liked: Floats, disliked: Floats, seed: int) -> Scorer:
    """Liked is what lies nearer to the mean liked colour than to the mean disliked one, in sRGB."""
    one, two = liked.mean(axis=0), disliked.mean(axis=0)
    return lambda colors: np.linalg.norm(colors - two, axis=1) - np.linalg.norm(colors - one, axis=1)


def logistic_regression(liked: Floats, disliked: Floats, seed: int) -> Scorer:
    """Logistic regression on sRGB with an L2 penalty of 1, by Newton's method.

    Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning" (2009), section 4.4.1.
    """
    x = _with_one((np.concatenate([liked, disliked]) - 0.5) * 2)
    y = np.repeat([1.0, 0.0], [len(liked), len(disliked)])
    penalty = np.diag([1.0, 1.0, 1.0, 1e-6])
    weights = np.zeros(4)
    for _ in range(20):
        p = 1 / (1 + np.exp(-x @ weights))
        curvature = (x * (p * (1 - p))[:, None]).T @ x + penalty
        weights -= np.linalg.solve(curvature, x.T @ (p - y) + penalty @ weights)
    return lambda colors: _with_one((colors - 0.5) * 2) @ weights


def naive_layer(liked: Floats, disliked: Floats, seed: int) -> Scorer:
    """The Forward-Forward layer as it is usually printed: 3 to 16 units on sRGB, sum of squares, threshold 2.

    It learns as `ffcolor.FFLayer(3, 16, 2.0, naive=True)` does, without torch.
    """
    weights = ((streams.uniform(seed, (16, 4)) * 2 - 1) / 3**0.5).astype(np.float32).T.copy()  # (3 + bias, 16)
    x = _with_one(np.concatenate([liked, disliked])).astype(np.float32)
    sizes = np.array([len(liked), len(disliked)])
    sign, weight = np.repeat(np.array([-1, 1], np.float32), sizes), np.repeat((1 / sizes).astype(np.float32), sizes)
    adam = layer.Adam()
    for _ in range(100):
        layer.local_step(weights, adam, x, sign, weight, 2.0, 0.0, 0.03)
    return lambda colors: layer.goodness(layer.forward(_with_one(colors), weights)) - 2.0


BASELINES: dict[str, Callable[[Floats, Floats, int], Scorer]] = {
    "nearest mean": nearest_mean,
    "logistic": logistic_regression,
    "naive FF": naive_layer,
}
"""The baselines, by name: (liked, disliked, seed) to a function from colours (n, 3) to scores (n,)."""


def _with_one(x: NDArray[np.floating]) -> Scores:
    return np.column_stack([x, np.ones(len(x))]).astype(np.float64)
