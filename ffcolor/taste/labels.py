"""The labels y of a classifier's rows, which of them mean "liked", and how much each row counts.

Messages are worded as scikit-learn words them, for its own checks and its users; scikit-learn itself is not imported.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor.errors import FfcolorError, FfcolorWarning, shown
from ffcolor.taste.picks import HEAVIEST

Weights = NDArray[np.float64]


def read_labels(y: Any, rows: int, name: str) -> NDArray[Any]:
    """Read the labels of so many rows, (n,), for a classifier of this name.

    Raises:
        FfcolorError: ``invalid-label`` for labels that are missing, not finite or continuous, or of the wrong number.
    """
    if y is None:
        raise _error(f"{name} requires y to be passed, but the target y is None")
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        _warn_of_column()
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise _error(f"y should be a 1d array, got an array of shape {labels.shape} instead")
    if len(labels) != rows:
        raise _error(f"X has {rows} rows and y has {len(labels)} labels; there must be one label for each row")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise _error("y contains NaN or infinity")
        if (labels % 1).any():
            raise _error("Unknown label type: continuous. y must hold two classes, not numbers on a scale")
    if labels.dtype.kind not in "bifuUSO":
        raise _error(f"Unknown label type: {labels.dtype}. y must hold two classes: text, whole numbers or booleans")
    return labels


def read_weights(weights: ArrayLike | None, rows: int) -> Weights:
    """Read how much each of so many rows counts, (n,), 0 or more; all the same if None.

    Raises:
        FfcolorError: ``invalid-weight``.
    """
    if weights is None:
        return np.ones(rows)
    read = np.asarray(weights, dtype=np.float64)
    if read.shape != (rows,):
        message = f"sample_weight is of shape {read.shape}; there must be one weight for each of {rows} rows"
        raise FfcolorError(message, code="invalid-weight", value=read.shape)
    wrong = ~((read >= 0) & (read <= HEAVIEST))
    if wrong.any():
        at = int(wrong.argmax())
        message = f"sample_weight {at} is {read[at]}; it must be a number, 0 or more, and at most {HEAVIEST:g}"
        raise FfcolorError(message, code="invalid-weight", value=float(read[at]), position=at)
    if not read.any():
        raise FfcolorError("every sample_weight is zero; at least one must be above zero", code="invalid-weight")
    return read


def two_classes(labels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The two classes in sorted order, and which labels are the second one: "liked".

    Raises:
        FfcolorError: ``invalid-label`` unless there are exactly two.
    """
    try:
        classes, place = np.unique(labels, return_inverse=True)
    except TypeError:
        raise _error("Unknown label type: y mixes types that cannot be sorted; use one type for both classes") from None
    if len(classes) > 2:
        raise _error(f"Only binary classification is supported. y holds {len(classes)} classes")
    if len(classes) < 2:
        raise _error(
            f"y holds only 1 class ({classes[:1].tolist()[0]!r}), rows of weight 0 left out; two classes are needed"
        )
    return classes, place == 1


def check_kind(labels: NDArray[Any], classes: NDArray[Any]) -> None:
    """Refuse labels that cannot be those of the fitted classes: numbers where these are text, or the other way round.

    Raises:
        FfcolorError: ``invalid-label``.
    """
    given, fitted = ({isinstance(each, str) for each in side.tolist()} for side in (labels, classes))
    if not given & fitted:
        known = " and ".join(map(repr, classes.tolist()))
        raise _error(f"y holds {shown(labels[0].item())}, and the classes that were fitted are {known}")


def merged(rows: NDArray[Any], weights: Weights) -> tuple[NDArray[Any], Weights]:
    """Distinct rows (k, columns) in canonical order, each with the sum of its weights, (k,).

    A row that is given twice and a row of weight two become the very same numbers, in whatever order they came.
    """
    order = np.lexsort((weights, *rows.T))
    rows, weights = rows[order], weights[order]
    start = np.flatnonzero(np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)]))
    return rows[start], np.add.reduceat(weights, start)


def _warn_of_column() -> None:
    message = "A column-vector y was passed when a 1d array was expected; pass y.ravel()"
    if "sklearn" in sys.modules:
        from ffcolor.taste.known_to_sklearn import DataConversionWarning

        warnings.warn(message, DataConversionWarning, stacklevel=4)
    else:
        warnings.warn(message, FfcolorWarning, stacklevel=4)


def _error(message: str) -> FfcolorError:
    return FfcolorError(message, code="invalid-label")
