"""Palette formats: `FORMATS` is the table, `write` and `read` use it, `guess` finds a format by a file's suffix.

Each speaks `ffcolor.palette.Content`: colours, names, title. Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.palette.formats import swatches as swatches
    from ffcolor.palette.formats.registry import FORMATS as FORMATS
    from ffcolor.palette.formats.registry import LARGEST_FILE as LARGEST_FILE
    from ffcolor.palette.formats.registry import Format as Format
    from ffcolor.palette.formats.registry import guess as guess
    from ffcolor.palette.formats.registry import read as read
    from ffcolor.palette.formats.registry import write as write

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {"registry": "FORMATS LARGEST_FILE Format guess read write"}, modules=("swatches",)
)
