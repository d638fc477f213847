"""The verbs that ask: what a taste thinks of colours, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ffcolor.doors.columns import Columns
from ffcolor.doors.sources import streamed
from ffcolor.doors.verbs.arguments import Plain, model_of
from ffcolor.settings import Whole

if TYPE_CHECKING:
    from ffcolor.taste import Judgement


def score(model: Any, colors: Any) -> Plain:
    """Score colours by a taste: score (liked above 0) and probability in [0, 1], in the order given.

    Args:
        model: a path or a live model.
        colors: the colours to score.
    """
    return {"colors": judged(model_of(model).judge(streamed(colors)))}


def rank(model: Any, colors: Any, top: int | None = None) -> Plain:
    """Rank colours by a taste, the most liked first; each with its index in the order given.

    Args:
        model: a path or a live model.
        colors: the colours to rank.
        top: how many to return; None for all.
    """
    most = None if top is None else Whole(1).check("top", top)
    found = model_of(model).judge(streamed(colors))
    order = np.argsort(-found.score, kind="stable")[:most]  # as `ColorPreference.rank`
    return {"colors": judged(found.at(order), index=order)}


def explain(model: Any, color: Any) -> Plain:
    """Explain why one colour is liked or not: its nearest known colours, and what small steps would change.

    Args:
        model: a path or a live model.
        color: one colour.
    """
    from ffcolor.color import read_color

    rgb = read_color(streamed(color))
    return model_of(model).explain(rgb)


def judged(found: Judgement, **before: Any) -> Columns:
    """What a taste says of colours: hex, score, probability and whether it likes them, behind other columns."""
    return Columns(
        **before,
        hex=found.colors,
        score=lambda: found.score,
        probability=lambda: found.probability,
        liked=lambda: found.score >= 0,
    )
