"""What the verbs have in common: the models they take, and the plain data they give."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from ffcolor.errors import FfcolorError, shown

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
    raise FfcolorError(f"{shown(model)} is not a model", code="model", value=model, advice=advice)


def is_empty(value: Any) -> bool:
    """Whether there is nothing in a value: None, or a collection without items."""
    try:
        return value is None or len(value) == 0
    except TypeError:
        return False


def output_of(output: Any) -> PathLike | None:
    """The path of a file to write, or None; checked before the work that is to be written.

    Raises:
        FfcolorError: ``invalid-option`` for anything else.
    """
    if output is None or (isinstance(output, (str, os.PathLike)) and os.fspath(output)):
        return output
    message = f"output is {shown(output)}; it must be the path of a file"
    raise FfcolorError(message, code="invalid-option", value=output, setting="output")


def finite(value: float) -> float | None:
    """A number, or None for what JSON cannot hold."""
    return float(value) if math.isfinite(value) else None
