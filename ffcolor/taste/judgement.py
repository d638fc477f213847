"""What a taste says of colours: from the goodness of each layer to a score and a probability."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine import layer

Floats = NDArray[np.float32]


class Judgement(NamedTuple):
    """What a taste says of n colours, in their order: the goodness of each layer, and what follows from it."""

    colors: Floats
    """(n, 3), sRGB in [0, 1], as they were read."""
    layers: Floats
    """(n, layers): goodness in each layer, a column for each; at least 0."""
    threshold: float
    """Of each layer."""

    @property
    def goodness(self) -> Floats:
        """(n,), at least 0: summed over the layers."""
        goodness: Floats = self.layers.sum(axis=1)
        return goodness

    @property
    def score(self) -> Floats:
        """(n,): goodness minus threshold, summed over the layers; liked above 0."""
        score: Floats = np.add.reduce(self.layers, axis=1) - np.float32(self.threshold * self.layers.shape[1])
        return score

    @property
    def probability(self) -> Floats:
        """(n,) in [0, 1]: the logistic function of goodness minus threshold, averaged over the layers."""
        return probability(self.layers, self.threshold)

    def at(self, places: NDArray[np.int64]) -> Judgement:
        """The judgement of the colours at these places, in their order."""
        return Judgement(self.colors[places], self.layers[places], self.threshold)


def probability(goodness: Floats, threshold: float) -> Floats:
    """The logistic function of goodness minus threshold, averaged over the layers: (n, layers) to (n,)."""
    probability: Floats = layer.sigmoid(goodness.mean(axis=1) - np.float32(threshold))
    return probability
