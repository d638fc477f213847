"""How well probabilities (n,) agree with boolean labels (n,): figures that do not depend on the share of positives."""

from __future__ import annotations

import numpy as np

from benchmarks.lib.concepts import Bools, Floats
from ffcolor import engine


def auc(probability: Floats, label: Bools) -> float:
    """Area under the ROC curve: the chance that a liked colour scores above a disliked one, ties counting half."""
    return engine.auc(probability[label], probability[~label])


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
