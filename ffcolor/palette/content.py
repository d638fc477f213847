"""What a palette file holds: colours, names and a title, and nothing that needs more than numpy.

The formats read and write this; a `Palette` is made of it, and so is what a person names as the source of colours.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors, to_hex
from ffcolor.errors import FfcolorError, FfcolorWarning

LARGEST = 65_535
"""The most colours that a palette holds (and that an Adobe swatch file can)."""

LONGEST_NAME = 1_000
"""The most characters of a name or title."""

_SAID = 5  # notes that a warning says one by one


@dataclass(frozen=True)
class Content:
    """Colours in order, with a name each and a title; an empty name or title means that there is none."""

    colors: NDArray[np.float32]
    """(n, 3), sRGB in [0, 1]."""
    names: tuple[str, ...] = ()
    """One a colour; none at all where no colour has one."""
    title: str = ""
    notes: tuple[str, ...] = ()
    """What of a file could not be kept as it is, one sentence each; its reader says them as a warning."""

    def __len__(self) -> int:
        return len(self.colors)

    @cached_property
    def hex(self) -> list[str]:
        """The colours rounded to 8 bits, as "#RRGGBB"."""
        return to_hex(self.colors)

    @property
    def labels(self) -> list[str]:
        """The name of each colour, or its hex where it has none."""
        return [name or code for name, code in zip(self.names, self.hex, strict=True)] if self.names else self.hex

    def is_named(self, place: int) -> bool:
        """Whether the colour at this place has a name."""
        return bool(self.names and self.names[place])

    def noted(self, notes: Iterable[str]) -> Content:
        """The same with notes."""
        return replace(self, notes=tuple(notes))

    def warned(self, name: str) -> Content:
        """The same, after a warning of the notes, if there are any; `name` is the file's, for the message."""
        if self.notes:
            more = f"; and {len(self.notes) - _SAID:,} more" if len(self.notes) > _SAID else ""
            warnings.warn(f"{name}: {'; '.join(self.notes[:_SAID])}{more}", FfcolorWarning, stacklevel=3)
        return self

    @classmethod
    def of(cls, colors: Any, names: Sequence[str] = (), title: str = "") -> Content:
        """What a file holds: colours in any way that `read_colors` takes; names and title are cut to what may be kept.

        Raises:
            FfcolorError: ``palette-file`` for too many colours; else as `read_colors`.
        """
        if len(colors) > LARGEST:
            raise file_error(f"it holds {len(colors):,} colours, and a palette holds at most {LARGEST:,}")
        return cls(read_colors(colors), tuple(name[:LONGEST_NAME] for name in names), title[:LONGEST_NAME])


def file_error(message: str, value: Any = None) -> FfcolorError:
    """What is wrong with a palette file: code ``palette-file``."""
    return FfcolorError(message, code="palette-file", value=value)
