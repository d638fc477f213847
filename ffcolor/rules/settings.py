"""Settings of the rules, checked: each function gives the value back, or an error that names it and what it may be."""

from __future__ import annotations

import math
from typing import Any

from ffcolor.errors import FfcolorError


def whole(name: str, value: Any, least: int | None) -> int:
    """A setting that is a whole number, at least `least`, or an error that names it."""
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        bound = "" if least is None else f", at least {least}"
        raise FfcolorError(
            f"{name} is {value!r}; it must be a whole number{bound}", code="invalid-setting", value=value
        )
    return value


def number(name: str, value: Any, least: float = 0.0, most: float = math.inf) -> float:
    """A setting that is a finite number from `least` to `most`, or an error that names it."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or not least <= value <= most:
        bound = f"from {least:g} to {most:g}" if math.isfinite(most) else f"at least {least:g}"
        raise FfcolorError(f"{name} is {value!r}; it must be a number {bound}", code="invalid-setting", value=value)
    return float(value)


def choice(name: str, value: Any, choices: Any) -> str:
    """A setting that is one of a few names, or an error that lists them."""
    if not isinstance(value, str) or value not in choices:
        message = f"{name} is {value!r}; it must be one of {', '.join(choices)}"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return value


def widths(name: str, value: Any, least: int = 2) -> list[int]:
    """A setting that is a list of sizes: the input's, then each layer's; at least `least` of them."""
    sizes = list(value) if not isinstance(value, (str, bytes)) and hasattr(value, "__iter__") else []
    if len(sizes) < least:
        message = f"{name} is {value!r}; it must hold at least {least} sizes: the input's, then each layer's"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return [whole(f"{name}[{place}]", size, 1) for place, size in enumerate(sizes)]
