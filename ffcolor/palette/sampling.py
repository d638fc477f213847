"""What a picture counts for where colours are wanted: the swatches that it shows, or a sample of its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors
from ffcolor.errors import FfcolorError
from ffcolor.palette.content import Content
from ffcolor.palette.formats.pictures import in_picture

if TYPE_CHECKING:
    from PIL.Image import Image

SAMPLE = 4096
"""How many pixels a picture counts for, at most."""

_MANY = 1 << 22  # pixels that are looked at for an even sample


def photo(image: Image) -> Content:
    """The palette of a picture of swatches, ours or another's; of any other picture, an even sample of its pixels.

    Pixels that are fully clear do not count; those that are half clear lie on white.

    Raises:
        FfcolorError: ``image-file``; ``no-colors``: every pixel is fully clear.
    """
    found = in_picture(image)
    if isinstance(found, Content):
        return found
    sample = _visible(found) if found.shape[2] == 4 else sample_image(found)
    if not len(sample):
        raise FfcolorError("every pixel is fully clear", code="no-colors")
    return Content(read_colors(sample, alpha="composite"))


def sample_image(image: NDArray[Any], most: int = SAMPLE) -> NDArray[Any]:
    """At most `most` pixels (n, channels) of an image (h, w, channels), from an even grid over it."""
    height, width = image.shape[:2]
    step = max(1.0, (height * width / most) ** 0.5)
    rows = _centres(height, min(most, max(1, int(height / step))))
    columns = _centres(width, min(most // len(rows), max(1, int(width / step))))
    return image[rows[:, None], columns].reshape(-1, image.shape[2])


def _visible(image: NDArray[Any]) -> NDArray[Any]:
    """At most `SAMPLE` pixels (n, 4) of an image (h, w, 4), even over those that are not fully clear."""
    if image[..., 3].all():
        return sample_image(image)
    pixels = image.reshape(-1, 4)
    step = max(1, len(pixels) // _MANY)
    seen = np.flatnonzero(pixels[::step, 3]) * step
    seen = seen if len(seen) else np.flatnonzero(pixels[:, 3])
    return pixels[seen[_centres(len(seen), min(len(seen), SAMPLE))]]


def _centres(size: int, parts: int) -> NDArray[np.int64]:
    return ((2 * np.arange(parts) + 1) * size) // (2 * parts)
