"""What the verbs have in common: the models they take, and the plain data they give."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from ffcolor.errors import FfcolorError

if TYPE_CHECKING:
    from ffcolor.taste import ColorPreference

Plain = dict[str, Any]
PathLike = str | os.PathLike[str]


def is_path(model: Any) -> bool:
    """Whether a model is named by the path of its file."""
    return isinstance(model, (str, os.PathLike))


def model_of(model: Any) -> ColorPreference:
    """A live model, from itself or from the path of its file.

    Raises:
        FfcolorError: ``model`` for what is neither; ``model-file`` for a file that cannot be loaded.
    """
    from ffcolor.taste import ColorPreference

    if isinstance(model, ColorPreference):
        return model
    if is_path(model):
        return ColorPreference.load(model)
    advice = "give a path or a ColorPreference"
    raise FfcolorError(f"{model!r} is not a model", code="model", value=model, advice=advice)


def is_empty(value: Any) -> bool:
    """Whether there is nothing in a value: None, or a collection without items."""
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def finite(value: float) -> float | None:
    """A number, or None for what JSON cannot hold."""
    return float(value) if math.isfinite(value) else None
