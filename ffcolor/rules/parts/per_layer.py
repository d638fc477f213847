"""Settings that are one for all layers, or one for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint


def per_layer(name: str, value: Any, depth: int, constraint: Constraint | None = None) -> list[Any]:
    """A setting for each of `depth` layers, given one for all or one each; each is checked if there is a constraint.

    >>> per_layer("penalty", 0.1, 2)
    [0.1, 0.1]

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``.
    """
    many = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value] * depth
    if len(many) != depth:
        message = f"{name} is {value!r}; it must be one for all layers, or {depth}, one each"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return many if constraint is None else [constraint.check(name, each) for each in many]
