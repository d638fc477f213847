"""Colours: the one reader of them, and colour science on plain arrays.

Any input becomes float32 (n, 3) sRGB in [0, 1] by `read_colors`; `space` converts between spaces, `difference` compares
many colours with many, `vision` shows them as others see them. Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.color import css as css
    from ffcolor.color import css_plain as css_plain
    from ffcolor.color import css_tokens as css_tokens
    from ffcolor.color import difference as difference
    from ffcolor.color import images as images
    from ffcolor.color import names as names
    from ffcolor.color import space as space
    from ffcolor.color import survey as survey
    from ffcolor.color import vision as vision
    from ffcolor.color.css_plain import MUNSELL as MUNSELL
    from ffcolor.color.read import read_color as read_color
    from ffcolor.color.read import read_colors as read_colors
    from ffcolor.color.read import read_image as read_image
    from ffcolor.color.read import to_hex as to_hex
    from ffcolor.color.words import check_words as check_words

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {"css_plain": "MUNSELL", "read": "read_color read_colors read_image to_hex", "words": "check_words"},
    modules=("css", "css_plain", "css_tokens", "difference", "images", "names", "space", "survey", "vision"),
)
