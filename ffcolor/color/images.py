"""Opening images: a file or a Pillow image of any mode becomes an array of sRGB, upright, with its alpha if any."""

from __future__ import annotations

import contextlib
import io
import os
import re
import struct
import sys
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from ffcolor.errors import FfcolorError
from ffcolor.files import quoted, read_file

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FILE = 256 << 20
"""The largest image file, in bytes, that is looked at."""

MOST_PIXELS = 64 << 20
"""The most pixels of an image that is unpacked."""

_SUFFIX = re.compile(r".*\.(png|jpe?g|gif|webp|bmp|tiff?|avif|ico|jp2|tga|p[bgnp]m)", re.IGNORECASE)
_COMMON = ("PNG", "JPEG", "GIF", "BMP", "PPM")  # Pillow knows these without looking for more
_OTHER = ("WEBP", "TIFF", "AVIF", "ICO", "JPEG2000", "TGA")
_GREYS = ("1", "L", "LA", "La")


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
        FfcolorError: ``image-file`` if there is no such file, or it is not an image, or it is too large.
    """
    return image_array(opened(path))


def opened(path: str | os.PathLike[str]) -> Image:
    """Open and unpack an image file: see `decoded`.

    Raises:
        FfcolorError: ``image-file``, naming the file.
    """
    path = Path(path.strip() if isinstance(path, str) else path)
    try:
        return decoded(read_file(path, LARGEST_FILE))
    except FfcolorError as error:
        missing = isinstance(error.__cause__, FileNotFoundError)
        why = "there is no such file" if missing else error.message.removeprefix(f"cannot read {quoted(path)}: ")
        message = f"{quoted(path)} is not an image: {why}"
        raise FfcolorError(message, code="image-file", value=str(path)) from error


def decoded(data: bytes) -> Image:
    """Unpack an image file's bytes, if it is of one of the kinds listed here and not too large.

    Raises:
        FfcolorError: ``image-file``.
    """
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        _check_size(*struct.unpack(">II", data[16:24]))  # sooner than Pillow, which may warn
    with _refusing():
        image = _identified(data)
        _check_size(*image.size)
        image.load()
        return image


def _identified(data: bytes) -> Image:
    """The image with its header read. Pillow is offered only these kinds: others, such as PostScript, run programs."""
    from PIL import Image, UnidentifiedImageError

    with contextlib.suppress(UnidentifiedImageError):
        return Image.open(io.BytesIO(data), formats=_COMMON)
    Image.init()
    try:
        return Image.open(io.BytesIO(data), formats=[kind for kind in _OTHER if kind in Image.OPEN])
    except UnidentifiedImageError:
        kinds = ", ".join((*_COMMON, *_OTHER))
        raise FfcolorError(f"it cannot be read as any of {kinds}", code="image-file") from None


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        message = f"its {width:,} × {height:,} pixels are too many: {MOST_PIXELS:,} are read at most"
        raise FfcolorError(message, code="image-file", value=(width, height))


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Turn whatever Pillow says about a damaged file into our error."""
    try:
        yield
    except FfcolorError:
        raise
    except Exception as error:  # its decoders raise nearly anything
        why = f"it cannot be read: {error}" if str(error) else "it is damaged"
        raise FfcolorError(why, code="image-file") from error


def image_array(image: Image) -> np.ndarray[Any, Any]:
    """Turn a Pillow image of any mode into uint8 (h, w, 3), (h, w, 4) if it has alpha, or float32 of 16-bit greys.

    The first frame, turned as its EXIF orientation says, and converted to sRGB where it carries another colour profile.

    Raises:
        FfcolorError: ``image-file`` for a mode without a fixed range (I, F).
    """
    is_deep = image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PPM", "PNG"))
    if image.mode in ("I", "F") and not is_deep:
        message = f"an image of mode {image.mode} has no fixed range; pass an array of floats in 0..1"
        raise FfcolorError(message, code="image-file", value=image.mode)
    with _refusing():
        upright = _upright(image)
        return _deep_grey(upright) if is_deep else _eight_bits(upright)


def _upright(image: Image) -> Image:
    from PIL import ImageOps

    return ImageOps.exif_transpose(image) if image.getexif().get(0x0112, 1) != 1 else image  # 0x0112: orientation


def _deep_grey(image: Image) -> np.ndarray[Any, Any]:
    """A 16-bit grey image as float32; a colour profile is applied to it in 8 bits."""
    from PIL import Image

    values = np.asarray(image)
    grey = values.astype(np.float32) / np.float32(65535)
    profile, clear = image.info.get("icc_profile"), image.info.get("transparency")
    if profile:
        shallow = Image.fromarray(np.floor(grey * 255 + 0.5).astype(np.uint8))
        rgb = np.asarray(_to_srgb(shallow, profile, is_grey=True).convert("RGB")) / np.float32(255)
    else:
        rgb = np.repeat(grey[..., None], 3, axis=2)
    if not isinstance(clear, int):
        return rgb
    return np.concatenate([rgb, (values != clear)[..., None].astype(np.float32)], axis=2)


def _eight_bits(image: Image) -> np.ndarray[Any, Any]:
    is_grey, profile = image.mode in _GREYS, image.info.get("icc_profile")
    alpha = None
    if image.mode.lower().endswith("a") or "transparency" in image.info:
        image = image.convert("LA") if image.mode == "La" else image
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        if not profile:
            return np.asarray(image)
        alpha, image = image.getchannel("A"), image.convert("RGB")
    image = _to_srgb(image, profile, is_grey=is_grey) if profile else image
    rgb = np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    return rgb if alpha is None else np.concatenate([rgb, np.asarray(alpha)[..., None]], axis=2)


def _to_srgb(image: Image, profile: bytes, *, is_grey: bool) -> Image:
    """Use a photograph's own colour profile where that can be read and fits; a broken profile counts as none."""
    from PIL import ImageCms

    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(source.profile.xcolor_space.strip())
        if mode is None or (mode == "L" and not is_grey) or (mode == "CMYK") != (image.mode == "CMYK"):
            return image
        own = image if image.mode == mode else image.convert(mode)
        converted = ImageCms.profileToProfile(own, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image
