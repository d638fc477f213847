"""The area under the ROC curve, for whoever measures how well two sides are told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def auc(positive: NDArray[Any], negative: NDArray[Any]) -> float:
    """The probability that a random positive scores above a random negative; ties count half.

    Args:
        positive: scores (n,), n at least 1.
        negative: scores (m,), m at least 1.

    >>> auc(np.array([0.8]), np.array([0.1, 0.4, 0.8]))
    0.8333333333333334

    Source: Mann and Whitney (1947): the statistic U over the number of pairs; Fawcett, "An introduction to ROC
    analysis" (2006), section 7.
    """
    pool = np.sort(negative)
    below, up_to = np.searchsorted(pool, positive, "left"), np.searchsorted(pool, positive, "right")
    return float((below + up_to).mean() / 2 / len(pool))
