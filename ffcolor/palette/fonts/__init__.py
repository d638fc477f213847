"""The fonts of drawn swatches, shipped so that a picture is the same on every machine: DejaVu Sans, bold and mono.

Their licence, of Bitstream and of Tavmjong Bah, lies beside them: LICENSE_DEJAVU.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont


@lru_cache(maxsize=16)
def font(name: str, size: int) -> FreeTypeFont:
    """A font at a size in pixels: "DejaVuSans", "DejaVuSans-Bold" or "DejaVuSansMono"."""
    from PIL import ImageFont

    return ImageFont.truetype(str(Path(__file__).with_name(f"{name}.ttf")), size)
