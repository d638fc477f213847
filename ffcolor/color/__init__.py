"""Colours: the one reader of them, and colour science on plain arrays.

Any input becomes float32 (n, 3) sRGB in [0, 1] by `read_colors`; `space` converts between spaces, `difference` compares
many colours with many, `vision` shows them as others see them. Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.color import difference as difference
    from ffcolor.color import images as images
    from ffcolor.color import space as space
    from ffcolor.color import vision as vision
    from ffcolor.color.css import MUNSELL as MUNSELL
    from ffcolor.color.read import read_color as read_color
    from ffcolor.color.read import read_colors as read_colors
    from ffcolor.color.read import read_image as read_image
    from ffcolor.color.read import to_hex as to_hex

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {"css": "MUNSELL", "read": "read_color read_colors read_image to_hex"},
    modules=("difference", "images", "space", "vision"),
)
