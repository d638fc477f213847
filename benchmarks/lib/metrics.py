"""How well probabilities (n,) agree with boolean labels (n,): figures that do not depend on the share of positives."""

from __future__ import annotations

import numpy as np

from benchmarks.lib.concepts import Bools, Floats


def auc(probability: Floats, label: Bools) -> float:
    """Area under the ROC curve: the chance that a liked colour scores above a disliked one, ties counting half."""
    _, place, counts = np.unique(probability, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    liked, disliked = int(label.sum()), int((~label).sum())
    return float((rank[label].sum() - liked * (liked + 1) / 2) / (liked * disliked))


def balanced_accuracy(probability: Floats, label: Bools) -> float:
    """Mean of the shares of liked and of disliked colours that p = 0.5 tells rightly."""
    said = probability >= 0.5
    return float((np.mean(said[label]) + np.mean(~said[~label])) / 2)


def calibration_error(probability: Floats, label: Bools, bins: int = 10) -> float:
    """Expected calibration error in equal bins of p, with both classes weighing the same.

    Source: Guo et al., "On calibration of modern neural networks" (2017), equation 3, on reweighted samples.
    """
    weight = np.where(label, 0.5 / label.sum(), 0.5 / (~label).sum())
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    return float(np.abs(np.bincount(place, weight * (probability - label), bins)).sum())
