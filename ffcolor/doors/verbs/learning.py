"""The verbs that teach: a taste from liked and disliked colours, and a few more picks for one that has learned."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.doors.sources import colors_of
from ffcolor.doors.verbs.arguments import PathLike, Plain, is_path, model_of, output_of

if TYPE_CHECKING:
    from ffcolor.taste import ColorPreference, Judgement

Colors = NDArray[np.float32]
OnStep = Callable[[int, int, float], object]


class Lesson(NamedTuple):
    """What came of teaching a taste."""

    taste: ColorPreference
    judgement: Judgement
    """Of the colours that taught it, the liked ones first."""
    cut: int
    """How many of these are liked."""
    seconds: float
    """How long the learning took."""


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
    output = output_of(output)
    settings: Plain = {"hidden": hidden, "steps": steps, "threshold": threshold, "background": background}
    return _plain(taught(liked, disliked, seed, on_step, **settings), output)


def taught(
    liked: Any,
    disliked: Any = None,
    seed: int = 0,
    on_step: OnStep | None = None,
    *,
    judge_drawn: bool = False,
    **settings: Any,
) -> Lesson:
    """Learn a taste as `learn` does, for who wants the live model and all of the judgement.

    Args:
        liked: as the next four, an argument of `learn`.
        disliked: see there.
        seed: see there.
        on_step: see there.
        judge_drawn: whether drawn colours are judged, too, where no disliked ones are given.
        settings: see there; None is the model's own choice.
    """
    from ffcolor.taste import ColorPreference

    chosen = {name: value for name, value in settings.items() if value is not None}
    good, bad = colors_of(liked), None if disliked is None else colors_of(disliked)
    begin = time.perf_counter()
    taste = ColorPreference(seed=seed, **chosen).fit(good, bad, on_step=on_step)
    elapsed = time.perf_counter() - begin
    if judge_drawn and bad is None:
        bad = taste.disliked_.colors
    return _judged(taste, good, bad, elapsed)


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
    output = output_of(output)
    taste = model_of(model)
    good, bad = (None if colors is None else colors_of(colors) for colors in (liked, disliked))
    begin = time.perf_counter()
    taste.update(good, bad, on_step=on_step)
    lesson = _judged(taste, good, bad, time.perf_counter() - begin)
    return _plain(lesson, output or (model if is_path(model) else None))


def _judged(taste: ColorPreference, liked: Colors | None, disliked: Colors | None, seconds: float) -> Lesson:
    sides = [side for side in (liked, disliked) if side is not None]
    return Lesson(taste, taste.judge(np.concatenate(sides)), 0 if liked is None else len(liked), seconds)


def _plain(lesson: Lesson, output: PathLike | None) -> Plain:
    taste, judgement, cut, seconds = lesson
    if output is not None:
        taste.save(output)
    likes = judgement.score >= 0
    return {
        "model": taste if output is None else os.fspath(output),
        "liked": cut,
        "disliked": len(likes) - cut,
        "drawn": bool(taste.drawn_),
        "liked_right": float(likes[:cut].mean()) if cut else None,
        "disliked_right": float((~likes[cut:]).mean()) if cut < len(likes) else None,
        "milliseconds": round(seconds * 1000, 3),
    }
