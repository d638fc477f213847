"""Why is a colour liked? The known colours nearest to it, and what small steps would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space, to_hex
from ffcolor.taste.judgement import Judgement

Floats = NDArray[np.float32]

_STEPS = {  # in OKLCh: lightness, chroma, hue in degrees
    "lighter": (0.08, 0, 0),
    "darker": (-0.08, 0, 0),
    "more vivid": (0, 0.04, 0),
    "more muted": (0, -0.04, 0),
    "hue +20°": (0, 0, 20),
    "hue -20°": (0, 0, -20),
}
_GREY = 0.02  # OKLCh chroma below which a hue is noise


def changes(color: Floats, here: float, judge: Callable[[Floats], Judgement]) -> list[dict[str, Any]]:
    """What small steps from a colour would do to it, the most helpful one first: that of the highest score.

    Args:
        color: float32 (3,), sRGB.
        here: its probability.
        judge: gives the judgement of colours (n, 3).

    Returns:
        A dict for each step that leads to another colour: ``step`` (its name), ``color`` (hex; clipped to sRGB),
        ``probability``, ``gain`` (in probability), ``score``.
    """
    lightness, chroma, hue = space.to_polar(space.srgb_to_oklab(color.astype(np.float64)))
    steps = {name: step for name, step in _STEPS.items() if chroma >= _GREY or not step[2]}
    there = np.array([(lightness + dl, max(chroma + dc, 0), hue + dh) for dl, dc, dh in steps.values()])
    colors = np.clip(space.oklab_to_srgb(space.from_polar(there)), 0, 1).astype(np.float32)
    then, own = judge(colors), to_hex(color[None])[0]
    rows = zip(steps, to_hex(colors), then.probability.tolist(), then.score.tolist(), strict=True)
    found = [
        {"step": name, "color": code, "probability": p, "gain": p - here, "score": score}
        for name, code, p, score in rows
        if code != own
    ]
    return sorted(found, key=lambda change: -change["score"])


def nearest(color: Floats, known: Floats) -> dict[str, Any]:
    """The known colour nearest to a colour: ``color`` (hex) and ``delta_e`` (CIEDE2000)."""
    distance = space.delta_e_2000(space.srgb_to_lab(color), space.srgb_to_lab(known))
    at = int(distance.argmin())
    return {"color": to_hex(known[at : at + 1])[0], "delta_e": float(distance[at])}
