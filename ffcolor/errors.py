"""The one error of ffcolor."""

from __future__ import annotations

from functools import partial
from typing import Any


class FfcolorError(ValueError):
    """Bad input, said clearly: what is wrong, the value, and what would be accepted.

    Attributes:
        code: a stable kebab-case word for programs, such as ``"invalid-color"`` or ``"model-file"``.
        value: the offending value (or its part), if there is one.
        position: 0-based place in the caller's sequence, if there is one.
    """

    def __init__(self, message: str, *, code: str, value: Any = None, position: int | None = None):
        super().__init__(message)
        self.code = code
        self.value = value
        self.position = position

    def __reduce__(self) -> tuple[Any, ...]:  # for pickle, copy and process pools: `code` has no place in args
        return partial(type(self), code=self.code), self.args, self.__dict__


class FfcolorWarning(UserWarning):
    """Something was accepted, but its owner should look at it (contradicting labels, say)."""
