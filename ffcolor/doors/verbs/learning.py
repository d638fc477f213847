"""The verbs that teach: a taste from liked and disliked colours, and a few more picks for one that has learned."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.doors.sources import colors_of
from ffcolor.doors.verbs.arguments import PathLike, Plain, is_path, model_of

if TYPE_CHECKING:
    from ffcolor.taste import ColorPreference

OnStep = Callable[[int, int, float], object]


def learn(
    liked: Any,
    disliked: Any = None,
    output: PathLike | None = None,
    seed: int = 0,
    on_step: OnStep | None = None,
    hidden: int | Sequence[int] | None = None,
    steps: int | None = None,
    threshold: float | None = None,
    background: float | None = None,
) -> Plain:
    """Learn a taste from liked and disliked colours.

    Args:
        liked: liked colours.
        disliked: disliked colours; None draws some, away from the liked ones.
        output: the .safetensors file to write; None returns the live model.
        seed: of the first weights and the drawn colours.
        on_step: called as ``on_step(step, steps, loss)``.
        hidden: units of each layer; this and the next are settings of `ColorPreference`, None its own choice.
        steps: local steps of each layer.
        threshold: goodness between good and not good.
        background: share of the disliked side that is spread over the whole gamut.
    """
    from ffcolor.taste import ColorPreference

    given = {"hidden": hidden, "steps": steps, "threshold": threshold, "background": background}
    settings: Plain = {name: value for name, value in given.items() if value is not None}
    good, bad = colors_of(liked), None if disliked is None else colors_of(disliked)
    begin = time.perf_counter()
    taste = ColorPreference(seed=seed, **settings).fit(good, bad, on_step=on_step)
    return _learned(taste, good, bad, begin, output)


def update(
    model: Any, liked: Any = None, disliked: Any = None, output: PathLike | None = None, on_step: OnStep | None = None
) -> Plain:
    """Teach a model a few more picks, on top of what it knows.

    Args:
        model: a path or a live model, which is changed.
        liked: more liked colours.
        disliked: more disliked colours.
        output: the file to write; None writes the model's own file, or returns the live model that was given.
        on_step: called as ``on_step(step, steps, loss)``.
    """
    taste = model_of(model)
    good, bad = (None if colors is None else colors_of(colors) for colors in (liked, disliked))
    begin = time.perf_counter()
    taste.update(good, bad, on_step=on_step)
    return _learned(taste, good, bad, begin, output or (model if is_path(model) else None))


def _learned(
    taste: ColorPreference,
    liked: NDArray[np.float32] | None,
    disliked: NDArray[np.float32] | None,
    begin: float,
    output: PathLike | None,
) -> Plain:
    elapsed = time.perf_counter() - begin
    if output is not None:
        taste.save(output)
    sides = [side for side in (liked, disliked) if side is not None]
    likes = taste.judge(np.concatenate(sides)).score >= 0
    cut = 0 if liked is None else len(liked)
    return {
        "model": taste if output is None else os.fspath(output),
        "liked": 0 if liked is None else len(liked),
        "disliked": 0 if disliked is None else len(disliked),
        "drawn": bool(taste.drawn_),
        "liked_right": None if liked is None else float(likes[:cut].mean()),
        "disliked_right": None if disliked is None else float((~likes[cut:]).mean()),
        "milliseconds": round(elapsed * 1000, 3),
    }
