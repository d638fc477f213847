"""What Java can ask for: `ffcolor.doors.verbs`, and beside them what a REPL needs in arrays rather than in rows.

An operation takes the arguments of its call and a watch, which tells it whether it is still wanted. It returns plain
data with arrays and live objects in it, or a tuple of arrays. Models are values: none is changed, `update` teaches a
copy.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ffcolor_bridge.handles import HANDLES
from ffcolor_bridge.wire import Live

if TYPE_CHECKING:
    from ffcolor.taste.colors import ColorPreference

Floats = NDArray[Any]
Plain = dict[str, Any]


class Watch(Protocol):
    """The way back to the caller, see `ffcolor_bridge.threads.Watch`."""

    def on_step(self, step: int, steps: int, loss: float) -> None:
        """Tell of a learning step; raise if the caller has left."""


OPERATIONS: dict[str, Callable[..., Any]] = {}
"""The operations that are no verbs, by name."""


def run(operation: str, arguments: Plain, watch: Watch) -> Any:
    """Run an operation of this module, or else a verb of `ffcolor.doors.verbs`."""
    found = OPERATIONS.get(operation)
    if found is None:
        from ffcolor.doors.verbs import call

        return call(operation, **arguments)
    return found(watch, **arguments)


def _operation(function: Callable[..., Any]) -> Callable[..., Any]:
    OPERATIONS[function.__name__.strip("_")] = function
    return function


# ---- learning ----------------------------------------------------------------------------------------------------


@_operation
def learn(watch: Watch, liked: Floats, disliked: Floats | None = None, **settings: Any) -> Plain:
    """Learn a taste; everything that Clojure's ff-color-learning returns, and a second hold on it for the palette."""
    from ffcolor.doors.verbs import call

    taste: ColorPreference = call("learn", liked=liked, disliked=disliked, on_step=watch.on_step, **settings)["model"]
    other = taste.disliked_.colors if disliked is None else disliked
    found, cut = taste.judge(np.concatenate([liked, other])), len(liked)
    goodness, score, probability = found.goodness, found.score, found.probability
    return {
        "model": Live(taste),
        "palette_of": Live(taste),
        "goodness": {"positive": goodness[:cut], "negative": goodness[cut:]},
        "threshold": taste.threshold * len(taste.network_.weights),
        "accuracy": float(((score[:cut] >= 0).mean() + (score[cut:] < 0).mean()) / 2),
        "probability": {"positive": probability[:cut], "negative": probability[cut:]},
        "loss": np.array(taste.history_, dtype=np.float64),
        "drawn?": disliked is None,
    }


@_operation
def update(watch: Watch, model: ColorPreference, liked: Floats | None = None, disliked: Floats | None = None) -> Plain:
    """Teach a copy of a model a few more picks."""
    from ffcolor.doors.verbs import call

    fresh = copy.copy(model)
    call("update", model=fresh, liked=liked, disliked=disliked, on_step=watch.on_step)
    return {"model": Live(fresh)}


# ---- judging -----------------------------------------------------------------------------------------------------


@_operation
def score(watch: Watch, model: ColorPreference, colors: Floats) -> tuple[Floats]:
    """Score of colours, (n,)."""
    return (model.score(colors),)


@_operation
def probability(watch: Watch, model: ColorPreference, colors: Floats) -> tuple[Floats]:
    """Probability of colours, (n,)."""
    return (model.probability(colors),)


@_operation
def goodness(watch: Watch, model: ColorPreference, colors: Floats) -> tuple[Floats]:
    """Goodness of colours, (n,)."""
    return (model.goodness(colors),)


@_operation
def judge(watch: Watch, model: ColorPreference, colors: Floats) -> tuple[Floats, Floats, Floats]:
    """The colours as they were read, flat; their scores and probabilities, (n,)."""
    found = model.judge(colors)
    return colors.reshape(-1), found.score, found.probability


# ---- files, the table -------------------------------------------------------------------------------------------


@_operation
def load(watch: Watch, path: str) -> Plain:
    """Read a model's file."""
    from ffcolor.taste.colors import ColorPreference

    return {"model": Live(ColorPreference.load(path))}


@_operation
def save(watch: Watch, model: ColorPreference, path: str) -> None:
    """Write a model's file, whole or not at all."""
    model.save(path)


@_operation
def kept(watch: Watch) -> Plain:
    """How many live objects are kept for Java."""
    return {"kept": len(HANDLES)}


# ---- the classic layer -------------------------------------------------------------------------------------------


@_operation
def make_layer(watch: Watch, inputs: int, outputs: int, **settings: Any) -> Plain:
    """Make a Forward-Forward layer."""
    from ffcolor_bridge.classic_layer import ClassicLayer

    return {"layer": Live(ClassicLayer(inputs, outputs, **settings))}


@_operation
def forward(watch: Watch, layer: Any, x: Floats) -> tuple[Floats]:
    """Activations of inputs, flat."""
    return (layer.forward(x).reshape(-1),)


@_operation
def local_update(watch: Watch, layer: Any, positive: Floats, negative: Floats) -> float:
    """One local step of a layer; the loss before it."""
    loss: float = layer.step(positive, negative)
    return loss
