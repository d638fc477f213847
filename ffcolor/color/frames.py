"""Colours out of data frames (pandas, polars and their like): columns count by name, not by place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ffcolor.errors import FfcolorError

_CHANNELS = (("r", "g", "b"), ("red", "green", "blue"))
_ALPHAS = ("a", "alpha")
_ONE = ("hex", "color", "colour")  # a column that holds whole colours


def is_frame(source: Any) -> bool:
    """Whether a source has named columns, or is one row of such a frame, and gives an array."""
    named = hasattr(source, "columns") or (hasattr(source, "index") and hasattr(source, "keys"))
    return named and hasattr(source, "__array__") and not isinstance(source, (np.ndarray, Mapping))


def by_name(frame: Any) -> Any:
    """The colours of a data frame, or of one row of it: an array of its r, g, b columns, or its column of colours.

    Raises:
        FfcolorError: ``shape`` where the names say nothing of colours.
    """
    is_row = not hasattr(frame, "columns")
    columns = list(frame.index if is_row else frame.columns)
    if not any(isinstance(name, str) for name in columns):  # numbered: by place
        return frame
    names = [str(name).strip().lower() for name in columns]
    chosen: tuple[str, ...] = next((wanted for wanted in _CHANNELS if set(wanted) <= set(names)), ())
    if chosen:
        chosen = (*chosen, *(name for name in _ALPHAS if name in names))
        twice = next((name for name in chosen if names.count(name) > 1), None)
        if twice or len(chosen) > 4:
            raise _refusal(columns, f"more than one {twice or 'alpha'}")
        labels = [columns[names.index(name)] for name in chosen]
        return np.asarray(frame[labels])
    if is_row:
        return frame
    one = [name for name, plain in zip(columns, names, strict=True) if plain in _ONE or len(columns) == 1]
    if len(one) != 1:
        raise _refusal(columns, "no r, g and b")
    return list(frame[one[0]])


def _refusal(columns: list[Any], what: str) -> FfcolorError:
    shown = ", ".join(map(str, columns[:8])) + (", …" if len(columns) > 8 else "")
    message = f"a data frame with the columns {shown} has {what}"
    return FfcolorError(message, code="shape", value=columns, advice="name its columns r, g, b or hex")
