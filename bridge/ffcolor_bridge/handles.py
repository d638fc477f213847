"""The live objects that Java holds by their numbers: models and layers."""

from __future__ import annotations

import itertools
from typing import Any


class Handles:
    """Live objects by number. Any thread may use it.

    >>> handles = Handles()
    >>> number = handles.add("a model")
    >>> handles.get(number)
    'a model'
    """

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        return len(self._objects)

    def add(self, found: Any) -> int:
        """Keep an object; its number is never used again."""
        number = next(self._numbers)
        self._objects[number] = found
        return number

    def get(self, number: int) -> Any:
        """The object of a number.

        Raises:
            FfcolorError: ``closed-model`` if it has been dropped.
        """
        try:
            return self._objects[number]
        except KeyError:
            from ffcolor.errors import FfcolorError

            raise FfcolorError("this model is closed", code="closed-model") from None

    def drop(self, number: int) -> None:
        """Drop an object; a number that is not in use is ignored."""
        self._objects.pop(number, None)


HANDLES = Handles()
"""The handles of this process."""
