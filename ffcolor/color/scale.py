"""The scale rule: rows of numbers, which say by their type what they count, become float32 in 0..1.

The rule itself stands at the top of `ffcolor.color.read`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color.rows import BYTE, FIXED, INT, UNIT, fail, show

Array = NDArray[Any]

_BYTES = (np.arange(256) / 255).astype(np.float32)

SLACK = 1e-4
"""How far a number may leave its range, as a share of it, and still be rounding."""


def scaled(rows: Array, kinds: Array | int, scale: str | None, items: Any) -> Array:
    """The scale rule: rows (n, 3) or (n, 4) of the given kinds (n,), to float32 in 0..1."""
    if isinstance(items, np.ndarray) and rows.dtype == np.uint8 and scale != "unit":
        return _BYTES[rows]  # an image, in a fifth of the memory
    kinds = np.asarray(kinds)
    counted = kinds >= INT if scale is None else (kinds != FIXED) & (scale == "byte")
    whole = np.where(counted, 255.0, 1.0)
    if scale is None and (kinds == INT).any():
        whole = _settle(rows, np.broadcast_to(kinds, len(rows)), np.broadcast_to(whole, len(rows)).copy(), items)
    whole = whole[..., None]  # (n, 1) or (1,)
    with np.errstate(over="ignore", invalid="ignore"):
        values: Array = (rows if (whole == 1).all() else rows / whole).astype(np.float32)
    low, high = values.min(), values.max()
    if low >= 0 and high <= 1:
        return values
    if not (low >= -SLACK and high <= 1 + SLACK):
        inside = (values >= -SLACK) & (values <= 1 + SLACK)  # False for NaN
        position, channel = divmod(int(np.argmin(inside)), rows.shape[1])
        top, number = np.broadcast_to(whole, (len(rows), 1))[position, 0], rows[position, channel]
        why = f"{number:g} is outside 0..{top:g}" if np.isfinite(number) else f"{number} is not a finite number"
        advice = 'for 0..255 write ints, or pass scale="byte"' if top == 1 and 1 < number <= 255 else ""
        fail(f"{show(items[position])} is not a colour: {why}", items[position], position=position, advice=advice)
    return np.clip(values, 0, 1)


def _settle(rows: Array, kinds: Array, whole: Array, items: Any) -> Array:
    """Int rows of only 0 and 1 take the scale that the other rows show, if these agree. Changes and returns `whole`."""
    ints = kinds == INT
    small = ints & ((rows == 0) | (rows == 1)).all(axis=1)
    unsure = small & rows.any(axis=1)
    if unsure.any():
        shows_unit, shows_byte = (kinds == UNIT).any(), ((kinds == BYTE) | (ints & ~small)).any()
        if shows_unit == shows_byte:
            position = int(np.argmax(unsure))
            message = f"{show(items[position])} could count in 0..1 or in 0..255"
            advice = 'write 1.0, or pass scale="unit" or scale="byte"'
            fail(message, items[position], "ambiguous-scale", position, advice)
        whole[unsure] = 1.0 if shows_unit else 255.0
    return whole
