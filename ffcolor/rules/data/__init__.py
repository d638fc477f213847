"""Data to learn from: labelled images, sequences made of them, and their augmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.rules.data import augment as augment
    from ffcolor.rules.data import sequences as sequences
    from ffcolor.rules.data.augment import affine as affine
    from ffcolor.rules.data.augment import shifts as shifts
    from ffcolor.rules.data.images import WHERE as WHERE
    from ffcolor.rules.data.images import Split as Split
    from ffcolor.rules.data.images import digits as digits
    from ffcolor.rules.data.images import read_idx as read_idx
    from ffcolor.rules.data.images import read_images as read_images
    from ffcolor.rules.data.images import subset as subset
    from ffcolor.rules.data.sequences import moving_digits as moving_digits
    from ffcolor.rules.data.sequences import strokes as strokes

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "augment": "affine shifts",
        "images": "Split WHERE digits read_idx read_images subset",
        "sequences": "moving_digits strokes",
    },
    modules=("augment", "sequences"),
)
