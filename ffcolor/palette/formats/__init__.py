"""Palette formats: `FORMATS` is the table, `write` and `read` use it, `guess` finds a format by a file's suffix.

Each speaks `ffcolor.palette.Content`: colours, names, title. Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.palette.formats import swatches as swatches
    from ffcolor.palette.formats.pictures import in_picture as in_picture
    from ffcolor.palette.formats.table import FORMATS as FORMATS
    from ffcolor.palette.formats.table import LARGEST_FILE as LARGEST_FILE
    from ffcolor.palette.formats.table import READ_ONLY as READ_ONLY
    from ffcolor.palette.formats.table import Format as Format
    from ffcolor.palette.formats.table import guess as guess
    from ffcolor.palette.formats.table import read as read
    from ffcolor.palette.formats.table import write as write
    from ffcolor.palette.formats.telling import tell as tell
    from ffcolor.palette.formats.terminal import swatch as swatch

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "pictures": "in_picture",
        "table": "FORMATS LARGEST_FILE READ_ONLY Format guess read write",
        "telling": "tell",
        "terminal": "swatch",
    },
    modules=("swatches",),
)
