"""The rows that a classifier is given: X, as colours or as plain numbers.

Messages are worded as scikit-learn words them, for its own checks and its users; scikit-learn itself is not imported.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors
from ffcolor.errors import FfcolorError, FfcolorWarning

_SLACK = 1e-4  # by which a channel may leave 0..1, as in `read_colors`


class Columns(NamedTuple):
    """The columns of a table of numbers: how many, and their names if these are all text."""

    number: int
    names: tuple[str, ...] | None


class Rows(NamedTuple):
    """X as it was read."""

    values: NDArray[Any]
    """Colours float32 (n, 3), or plain numbers float64 (n, columns)."""
    colors: bool
    """Whether the rows are colours."""
    columns: Columns | None
    """None for colours that were not given as a table of numbers."""


def read_rows(X: Any, inputs: str, fitted: Columns | None = None, name: str = "") -> Rows:
    """Read n rows.

    Args:
        X: text, one colour each, (n,) or (n, 1); numbers (n, columns); or anything that `read_colors` takes.
        inputs: ``"colors"``, ``"numbers"``, or ``"auto"``, which takes as colours whatever is not a table of numbers,
            three columns of floats in 0..1, and three columns of uint8.
        fitted: the columns that a table must have again, those that a classifier was fitted to.
        name: that classifier's, for messages.

    Raises:
        FfcolorError: for what is neither, and for other columns; for colours, what `read_colors` raises.
        FfcolorWarning: (a warning) for what may be colours in 0..255, and where only one of the tables names its
            columns.
        TypeError: for a table of numbers with a cell of another type, such as a dict.
    """
    if hasattr(X, "toarray"):
        raise FfcolorError("X is sparse, which is not supported", code="shape", advice="pass X.toarray()")
    if fitted is not None:
        _check_names(_names(X), fitted.names)
    numbers = _numbers(X)
    if numbers is None:
        if inputs == "numbers":
            message = "X is not a table of numbers (n, columns), which is what this classifier takes"
            raise FfcolorError(message, code="shape")
        return Rows(read_colors(_cells(X)), True, None)
    columns = Columns(numbers.shape[1], _names(X))
    if fitted is not None:
        _check_columns(columns, fitted, name)
    if inputs == "colors" or (inputs == "auto" and _are_colors(numbers)):
        return Rows(_colors(numbers, fitted is not None), True, columns)
    if inputs == "auto":
        _warn_of_bytes(numbers)
    return Rows(numbers.astype(np.float64), False, columns)


def _numbers(X: Any) -> NDArray[Any] | None:
    """A table of finite numbers, or None where X is something else."""
    if isinstance(X, (str, Mapping)) or (hasattr(X, "colors") and not hasattr(X, "columns")):  # a palette, say
        return None
    try:
        values = np.asarray(X)
    except ValueError:  # rows of several lengths
        return None
    if values.dtype.kind == "O" and values.ndim == 2 and not any(isinstance(cell, str) for cell in values.flat):
        values = values.astype(np.float64)
    if values.dtype.kind == "c":
        raise FfcolorError("Complex data not supported: X holds complex numbers", code="shape")
    if values.dtype.kind not in "biuf":
        return None
    _check_shape(values)
    wrong = ~np.isfinite(values)
    if wrong.any():
        row, column = (int(place) for place in np.unravel_index(wrong.argmax(), wrong.shape))
        message = f"X contains NaN or infinity: {values[row, column]} at row {row}, column {column}"
        raise FfcolorError(message, code="not-finite", position=row)
    return values


def _colors(numbers: NDArray[Any], fitted: bool) -> NDArray[Any]:
    """The rows of a table of numbers as colours (n, 3); `fitted` are rows to judge, not to learn from."""
    try:
        return read_colors(numbers)
    except FfcolorError as error:
        taken = "; the rows of X were taken as colours in fit, so these are, too" if fitted else ""
        advice = "colours are floats in 0..1 or uint8; if the columns are not colours, set inputs='numbers'"
        message = error.message.removeprefix("colour ")
        if error.position is not None:
            message = message.removeprefix(f"{error.position}")
            message = f"row {error.position} of X" + message
        told = {"code": error.code, "value": error.value, "position": error.position}
        raise FfcolorError(message + taken, advice=advice, **told) from None


def _check_names(now: tuple[str, ...] | None, before: tuple[str, ...] | None) -> None:
    """Refuse columns of other names than before, or in another order, if both tables name their columns."""
    if now is None or before is None or now == before:
        return
    lines = ["The feature names should match those that were passed during fit."]
    unseen, missing = sorted({*now} - {*before}), sorted({*before} - {*now})
    for title, some in (("unseen at fit time", unseen), ("seen at fit time, yet now missing", missing)):
        lines += [f"Feature names {title}:", *(f"- {each}" for each in some)] if some else []
    if not unseen and not missing:
        lines.append("Feature names must be in the same order as they were in fit.")
    raise FfcolorError("\n".join(lines) + "\n", code="shape", value=list(now))


def _check_columns(columns: Columns, fitted: Columns, name: str) -> None:
    if columns.number != fitted.number:
        message = f"X has {columns.number} features, but {name} is expecting {fitted.number} features as input"
        raise FfcolorError(message, code="shape", value=columns.number)
    if fitted.names is not None and columns.names is None:
        message = f"X does not have valid feature names, but {name} was fitted with feature names"
        warnings.warn(message, FfcolorWarning, stacklevel=5)
    if fitted.names is None and columns.names is not None:
        message = f"X has feature names, but {name} was fitted without feature names"
        warnings.warn(message, FfcolorWarning, stacklevel=5)


def _check_shape(values: NDArray[Any]) -> None:
    shape = f"(shape={values.shape})"
    if values.ndim != 2:
        message = (
            f"Expected 2D array, got {values.ndim}D array instead {shape}. Reshape your data: "
            "X.reshape(1, -1) is a single row, X.reshape(-1, 1) a single column"
        )
        raise FfcolorError(message, code="shape", value=values.shape)
    for count, what in zip(values.shape, ("sample(s)", "feature(s)"), strict=True):
        if not count:
            message = f"Found array with 0 {what} {shape} while a minimum of 1 is required."
            raise FfcolorError(message, code="shape", value=values.shape)


def _names(X: Any) -> tuple[str, ...] | None:
    names = tuple(getattr(X, "columns", ()))
    return names if names and all(isinstance(name, str) for name in names) else None


def _cells(X: Any) -> Any:
    """What `read_colors` is to read: a column (n, 1), as data frames have it, becomes a list."""
    if isinstance(X, (list, tuple)):
        return [row[0] for row in X] if all(isinstance(row, (list, tuple)) and len(row) == 1 for row in X) else X
    if not hasattr(X, "__array__") or isinstance(X, str):
        return X
    cells = np.asarray(X)
    return (cells[:, 0] if cells.ndim == 2 and cells.shape[1] == 1 else cells).tolist()


def _are_colors(numbers: NDArray[Any]) -> bool:
    if numbers.shape[1] != 3:
        return False
    unit = numbers.dtype.kind == "f" and numbers.min() >= -_SLACK and numbers.max() <= 1 + _SLACK
    return bool(unit or numbers.dtype == np.uint8)


def _warn_of_bytes(numbers: NDArray[Any]) -> None:
    """Warn of what may be colours in 0..255."""
    if numbers.shape[1] == 3 and numbers.min() >= 0 and 1 < numbers.max() <= 255 and not (numbers % 1).any():
        message = (
            "the three columns of X are whole numbers up to 255 and are learned as plain numbers; if they are colours, "
            "divide them by 255 or set inputs='colors'; if they are not, set inputs='numbers'"
        )
        warnings.warn(message, FfcolorWarning, stacklevel=4)
