"""Palettes: ordered colours with names, the search that makes them, their file formats, and repainting with them.

Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.palette import fonts as fonts
    from ffcolor.palette import formats as formats
    from ffcolor.palette.content import Content as Content
    from ffcolor.palette.generate import diverse_palette as diverse_palette
    from ffcolor.palette.palette import Palette as Palette
    from ffcolor.palette.repaint import recolor as recolor
    from ffcolor.palette.sampling import photo as photo
    from ffcolor.palette.wishes import check_wishes as check_wishes

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "content": "Content",
        "generate": "diverse_palette",
        "palette": "Palette",
        "sampling": "photo",
        "repaint": "recolor",
        "wishes": "check_wishes",
    },
    modules=("fonts", "formats"),
)
