"""How consistent are the given likes and dislikes? The answer sets how smooth the learned preference should be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ffcolor.taste import features

Floats = NDArray[np.float32]

_SAMPLE = 128  # colours of each side that are looked at, at most
_RIDGE = 0.3


def leave_one_out_error(positive: Floats, negative: Floats) -> float:
    """Mean squared error of predicting each colour's label (+1, -1) from all others, by ridge regression.

    With the kernel matrix K of the encoded colours and A = (K + ridge I)^-1 the error of leaving colour i out is
    (A y)_i / A_ii, so that one inverse answers for all of them.

    Args:
        positive: float32 (k, 3); of more than 128, an even sample is used.
        negative: float32 (m, 3), likewise.

    Returns:
        About 0 for labels that follow from the colours, about 1 for labels at random.

    Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", section 7.10.
    """
    sides = [side[:: -(-len(side) // _SAMPLE)] for side in (positive, negative)]
    code = features.encode(np.concatenate(sides)).astype(np.float64)
    y = np.repeat([1.0, -1.0], [len(side) for side in sides])
    kernel = code @ code.T
    kernel[np.diag_indices_from(kernel)] += _RIDGE
    inverse = np.linalg.inv(kernel)
    squared = ((inverse @ y) / np.diagonal(inverse)) ** 2
    return float((squared[y > 0].mean() + squared[y < 0].mean()) / 2)


def fitting_penalty(positive: Floats, negative: Floats) -> float:
    """The penalty on the weights (to be divided by the number of positives) that suits the colours' consistency."""
    error = leave_one_out_error(positive, negative)
    penalty = min(0.1 * np.exp(4 * min(error, 1.2)), len(positive) / 2)
    return float(f"{penalty:.6g}")  # the last digits hang on the threads that computed them
