"""What a taste says of colours: from the goodness of each layer to a score and a probability."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine import layer

Floats = NDArray[np.float32]


class Judgement(NamedTuple):
    """What a taste says of n colours, in their order."""

    colors: Floats
    """(n, 3), sRGB in [0, 1], as they were read."""
    goodness: Floats
    """(n,), at least 0: summed over the layers."""
    score: Floats
    """(n,): goodness minus threshold, summed over the layers; liked above 0."""
    probability: Floats
    """(n,) in [0, 1]: the logistic function of the score's mean over the layers."""

    def at(self, places: NDArray[np.int64]) -> Judgement:
        """The judgement of the colours at these places, in their order."""
        return Judgement(*(column[places] for column in self))


def score(goodness: Floats, threshold: float) -> Floats:
    """Goodness minus threshold, summed over the layers: (n, layers) to (n,)."""
    score: Floats = goodness.sum(axis=1) - np.float32(threshold * goodness.shape[1])
    return score


def probability(goodness: Floats, threshold: float) -> Floats:
    """The logistic function of goodness minus threshold, averaged over the layers: (n, layers) to (n,)."""
    probability: Floats = layer.sigmoid(goodness.mean(axis=1) - np.float32(threshold))
    return probability
