"""How consistent are the given likes and dislikes? The answer sets how smooth the learned preference should be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.taste import features
from ffcolor.taste.learning import Encoder

_SAMPLE = 128  # rows of each side that are looked at, at most
_RIDGE = 0.3


def leave_one_out_error(liked: NDArray[Any], disliked: NDArray[Any], encode: Encoder = features.encode) -> float:
    """Mean squared error of predicting each row's label (+1, -1) from all others, by ridge regression.

    With the kernel matrix K of the encoded rows and A = (K + ridge I)^-1 the error of leaving row i out is
    (A y)_i / A_ii, so that one inverse answers for all of them.

    Args:
        liked: colours float32 (k, 3), or other rows that `encode` takes; of more than 128, an even sample is used.
        disliked: (m, 3), likewise.
        encode: makes the inputs of a network of rows.

    Returns:
        About 0 for labels that follow from the rows, about 1 for labels at random.

    Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", section 7.10.
    """
    sides = [side[:: -(-len(side) // _SAMPLE)] for side in (liked, disliked)]
    code = encode(np.concatenate(sides)).astype(np.float64)
    y = np.repeat([1.0, -1.0], [len(side) for side in sides])
    kernel = code @ code.T
    kernel[np.diag_indices_from(kernel)] += _RIDGE
    inverse = np.linalg.inv(kernel)
    squared = ((inverse @ y) / np.diagonal(inverse)) ** 2
    return float((squared[y > 0].mean() + squared[y < 0].mean()) / 2)


def fitting_penalty(liked: NDArray[Any], disliked: NDArray[Any], encode: Encoder = features.encode) -> float:
    """The penalty on the weights (to be divided by the number of liked rows) that suits the rows' consistency."""
    error = leave_one_out_error(liked, disliked, encode)
    penalty = min(0.1 * np.exp(4 * min(error, 1.2)), len(liked) / 2)
    return float(f"{penalty:.6g}")  # the last digits depend on the threads that computed them
