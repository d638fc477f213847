"""The verb that describes a model, or ffcolor itself."""

from __future__ import annotations

from typing import Any

from ffcolor.doors.verbs.arguments import Plain, model_of


def info(model: Any = None) -> Plain:
    """Describe a model: what it learned from and how; without a model, ffcolor itself: version, formats, streams."""
    if model is None:
        from ffcolor import streams, version
        from ffcolor.doors.verbs.table import VERBS
        from ffcolor.palette import formats

        return {
            "version": version.__version__,
            "formats": {name: row.about for name, row in formats.FORMATS.items()}
            | {name: f"{row.about}, read only" for name, row in formats.READ_ONLY.items()},
            "streams": {name: row.about for name, row in streams.STREAMS.items()},
            "verbs": {name: row.about for name, row in VERBS.items()},
        }
    from ffcolor.color import to_hex

    taste = model_of(model)
    taste.check_fitted()
    return {
        "liked": len(taste.liked_),
        "disliked": len(taste.disliked_),
        "drawn": bool(taste.drawn_),
        "updates": taste.updates_,
        "settings": {name: taste.settings_[name] for name in ("hidden", "threshold", "background", "steps", "seed")},
        "l2": float(taste.l2_),
        "liked_colors": to_hex(taste.liked_.colors[:64]),
        "disliked_colors": [] if taste.drawn_ else to_hex(taste.disliked_.colors[:64]),
    }
