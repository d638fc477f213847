"""Opening images: a file or a Pillow image of any mode becomes an array of sRGB, upright, with its alpha if any."""

from __future__ import annotations

import io
import re
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from ffcolor.errors import FfcolorError
from ffcolor.files import quoted

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGE_SAMPLE = 4096
"""How many pixels an image counts for where a taste is learned from it, at most."""

_SUFFIX = re.compile(r".*\.(png|jpe?g|gif|webp|bmp|tiff?|avif|ico|jp2|tga|p[bgnp]m)", re.IGNORECASE)


def is_image_path(source: Any) -> bool:
    """Whether a source is a path (any path object), or text that ends as the name of an image file does."""
    return isinstance(source, PathLike) or (isinstance(source, str) and bool(_SUFFIX.fullmatch(source.strip())))


def is_pillow_image(source: Any) -> TypeGuard[Image]:
    """Whether a source is an opened Pillow image; does not import Pillow to tell."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(source, pillow.Image)


def open_image(path: str | PathLike[str]) -> np.ndarray[Any, Any]:
    """Read an image file into an array (h, w, 3) or (h, w, 4): see `image_array`.

    Raises:
        FfcolorError: ``image-file`` if there is no such file, or it is not an image.
    """
    from PIL import Image

    path = Path(path.strip() if isinstance(path, str) else path)
    try:
        with Image.open(path) as image:
            return image_array(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, FfcolorError):
            raise
        why = "there is no such file" if isinstance(error, FileNotFoundError) else f"it cannot be read: {error}"
        raise FfcolorError(f"{quoted(path)} is not an image: {why}", code="image-file", value=str(path)) from None


def image_array(image: Image) -> np.ndarray[Any, Any]:
    """Turn a Pillow image of any mode into uint8 (h, w, 3), (h, w, 4) if it has alpha, or float of 16-bit greys.

    The first frame, turned as its EXIF orientation says, and converted to sRGB where it carries another colour profile.

    Raises:
        FfcolorError: ``image-file`` for a mode without a fixed range (I, F).
    """
    from PIL import ImageOps

    if image.mode in ("I", "F"):
        message = f"an image of mode {image.mode} has no fixed range; pass an array of floats in 0..1"
        raise FfcolorError(message, code="image-file", value=image.mode)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        grey = np.asarray(image).astype(np.float32) / 65535
        return np.repeat(grey[..., None], 3, axis=2)
    image = image.convert("LA") if image.mode == "La" else image
    has_alpha = image.mode.lower().endswith("a") or "transparency" in image.info
    profile = image.info.get("icc_profile")
    image = _to_srgb(image, profile) if profile else image
    return np.asarray(image.convert("RGBA" if has_alpha else "RGB"))


def _to_srgb(image: Image, profile: bytes) -> Image:
    """Use a photograph's own colour profile where that can be read; a broken profile counts as none."""
    from PIL import ImageCms

    mode = {"P": "RGB", "PA": "RGBA", "CMYK": "CMYK", "L": "L", "RGBA": "RGBA"}.get(image.mode, "RGB")
    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image.convert(mode), source, ImageCms.createProfile("sRGB"), outputMode="RGBA" if mode == "RGBA" else "RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def sample_image(image: np.ndarray[Any, Any], most: int = IMAGE_SAMPLE) -> np.ndarray[Any, Any]:
    """At most `most` pixels (n, 3) of an image (h, w, 3), from an even grid over it."""
    height, width = image.shape[:2]
    step = max(1.0, (height * width / most) ** 0.5)
    rows = _centres(height, min(most, max(1, int(height / step))))
    columns = _centres(width, min(most // len(rows), max(1, int(width / step))))
    sample: np.ndarray[Any, Any] = image[rows[:, None], columns].reshape(-1, 3)
    return sample


def _centres(size: int, parts: int) -> np.ndarray[Any, Any]:
    return ((2 * np.arange(parts) + 1) * size) // (2 * parts)
