"""What Java can ask for: every verb of `ffcolor.doors.verbs`, and what only a bridge has.

An operation is the name of a verb, or of a function here: those hand over live objects, or carry the textbook's layer.
With the names of columns behind it, as in ``score:score,probability``, a verb answers in those columns alone, which
cross as arrays. Models are values at this door: `update` teaches a copy.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ffcolor.doors.columns import Columns
from ffcolor.doors.verbs.table import VERBS, call, checked
from ffcolor.engine.network import to_numpy
from ffcolor.errors import FfcolorError, did_you_mean
from ffcolor_bridge.handles import HANDLES
from ffcolor_bridge.wire import Live

if TYPE_CHECKING:
    from ffcolor.taste.colors import ColorPreference

Floats = NDArray[Any]
Plain = dict[str, Any]


class Watch(Protocol):
    """The way back to the caller, see `ffcolor_bridge.threads.Watch`."""

    def on_step(self, step: int, steps: int, loss: float) -> None:
        """Report a learning step; raise if the caller has left."""


OPERATIONS: dict[str, Callable[..., Any]] = {}
"""The operations that are not verbs, by name. Each takes the watch and the arguments of its call."""


def run(operation: str, arguments: Plain, watch: Any) -> Any:
    """Run an operation: plain data with arrays, columns and live objects in it, or a tuple of arrays.

    Args:
        operation: its name.
        arguments: by name.
        watch: a `Watch`; None where the operation is known to report nothing.
    """
    found = OPERATIONS.get(operation)
    if found is not None:
        return found(watch, **arguments)
    name, columns, teaches = _parts(operation)
    answer = call(name, **(_watched(arguments, watch) if teaches else arguments))
    if columns:
        return tuple([_column(answer, name, column) for column in columns])
    kept = answer.get("model")  # the path of its file, where it was saved
    return answer if kept is None or isinstance(kept, str) else answer | {"model": _live(kept)}


def _column(answer: Plain, verb: str, column: str) -> Any:
    colors = answer.get("colors")
    known = colors.names if isinstance(colors, Columns) else ()
    if not isinstance(colors, Columns) or column not in known:
        message = f"{verb} answers with no column {column!r}: {did_you_mean(column, known) if known else 'it has none'}"
        raise FfcolorError(message, code="unknown-argument", value=column)
    return colors.array(column)


@lru_cache(maxsize=64)
def _parts(operation: str) -> tuple[str, list[str], bool]:
    """The verb of an operation, the columns that are wanted, and whether it reports its steps."""
    name, _, columns = operation.partition(":")
    teaches = name in VERBS and "on_step" in VERBS[name].parameters
    return name, columns.split(",") if columns else [], teaches


def _watched(arguments: Plain, watch: Watch) -> Plain:
    """The arguments of a verb that reports its steps, with the watch to report to; a model is copied."""
    given = arguments | {"on_step": watch.on_step}
    if "model" in given:
        given["model"] = copy.copy(given["model"])
    return given


def _operation(function: Callable[..., Any]) -> Callable[..., Any]:
    OPERATIONS[function.__name__] = function
    return function


def _live(taste: ColorPreference) -> Live:
    """A model to hand over; what it learned from and what it has become are its content."""
    content = hashlib.sha256(json.dumps(taste.get_params(), default=str).encode())
    for array in (*taste.network_.weights, *taste.liked_, *taste.disliked_):
        content.update(np.ascontiguousarray(to_numpy(array)).data)
    return Live(taste, content.hexdigest()[:32])


# ---- models ------------------------------------------------------------------------------------------------------


@_operation
def ff_color_learning(watch: Watch, **given: Any) -> Plain:
    """Learn a taste, and hand on its judgement of what taught it; with a second hold on the model for its palette."""
    from ffcolor.doors.verbs.learning import taught

    checked("learn", given)
    taste, found, cut, _ = taught(**_watched(given, watch), judge_drawn=True)
    right = found.score >= 0
    return {
        "model": _live(taste),
        "palette_of": Live(taste),
        "goodness": _sides(found.goodness, cut),
        "threshold": found.threshold * len(taste.network_.weights),
        "accuracy": float((right[:cut].mean() + (~right[cut:]).mean()) / 2),
        "probability": _sides(found.probability, cut),
        "loss": np.array(taste.history_, dtype=np.float64),
        "drawn?": bool(taste.drawn_),
    }


def _sides(column: Floats, cut: int) -> Plain:
    return {"liked": column[:cut], "disliked": column[cut:]}


@_operation
def goodness(watch: Watch, model: ColorPreference, colors: Floats) -> tuple[Floats]:
    """Goodness of colours, (n,)."""
    return (model.goodness(colors),)


@_operation
def load_model(watch: Watch, path: str) -> Plain:
    """Read a model's file."""
    from ffcolor.taste.colors import ColorPreference

    return {"model": _live(ColorPreference.load(path))}


@_operation
def save(watch: Watch, model: ColorPreference, path: str) -> None:
    """Write a model's file; a failure leaves no half-written file."""
    model.save(path)


@_operation
def kept(watch: Watch) -> Plain:
    """How many live objects are kept for Java."""
    return {"kept": len(HANDLES)}


# ---- the textbook's layer ----------------------------------------------------------------------------------------


@_operation
def make_layer(watch: Watch, **settings: Any) -> Plain:
    """Make a Forward-Forward layer."""
    from ffcolor_bridge.classic_layer import ClassicLayer

    return {"layer": Live(ClassicLayer(**settings))}


@_operation
def forward(watch: Watch, layer: Any, x: Floats) -> tuple[Floats]:
    """Activations of inputs, flat."""
    return (layer.forward(x).reshape(-1),)


@_operation
def local_update(watch: Watch, layer: Any, positive: Floats, negative: Floats) -> tuple[Floats]:
    """One local step of a layer; the loss before it, (1,)."""
    return (np.array([layer.step(positive, negative)], dtype=np.float32),)
