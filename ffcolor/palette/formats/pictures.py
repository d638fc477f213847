"""Palettes in pictures of swatches: our own, which carry the palette as a note, and those of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import images
from ffcolor.errors import FfcolorError
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats import swatches
from ffcolor.palette.formats.plain import read_json, write_json

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[Any]

_FEW = 256  # different colours that flat swatches may have
_BLOCK = 1 << 16  # pixels that are looked at together


def write_png(content: Content) -> bytes:
    """Draw the swatches, with the palette kept exactly in the picture as a note."""
    return swatches.png(content, write_json(content))


def read_png(data: bytes) -> Content:
    """Read the note that our own pictures carry, which is a palette in JSON; the flat colours of any other picture."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 33:
        raise file_error("it is not a PNG file, or only the beginning of one")
    try:
        found = in_picture(images.decoded(data))
    except FfcolorError as error:
        if error.code != "image-file":
            raise
        reason = "its parts make no sense" if "as any of" in error.message else error.message
        raise file_error(reason if error.value else f"the PNG file is damaged: {reason}") from error
    if isinstance(found, Content):
        return found
    raise file_error(_why_not(found))


def in_picture(image: Image) -> Content | Pixels:
    """What a picture holds: the palette of its note; else its colours if they are few and flat; else its pixels.

    Args:
        image: as `images.decoded` gives it.

    Returns:
        A palette, its colours in the order in which one reads them; or pixels as of `images.image_array`.

    Raises:
        FfcolorError: ``image-file``; ``palette-file`` for a note that is damaged.
    """
    note = image.info.get("ffcolor") if image.format == "PNG" else None
    if note:
        return read_json(str(note))
    pixels = images.image_array(image)
    return pixels if _why_not(pixels) else Content.of([f"#{word:06X}" for word in _words_in_order(pixels)])


def _why_not(pixels: Pixels) -> str:
    """Why a picture does not show flat swatches; empty if it does."""
    if pixels.shape[2] == 4:
        top = 255 if pixels.dtype == np.uint8 else 1
        opacity = pixels[..., 3]
        if not opacity.any():
            return "the picture has 0 different colours: every pixel of it is fully clear"
        if ((opacity > 0) & (opacity < top)).any():
            return "it is translucent in places, so its colours depend on what lies behind them"
    if len(_words_in_order(pixels)) > _FEW:
        return f"the picture has more than {_FEW} different colours, and flat swatches have from 1 to {_FEW}"
    if pixels.shape[0] * pixels.shape[1] > _FEW and not _is_flat(pixels):
        return "the picture has no flat swatches: most of its pixels differ from their neighbours"
    return ""


def _is_flat(pixels: Pixels) -> bool:
    """Whether at least half of the pixels, along rows or along columns, are like the next one."""
    pairs = ((pixels[:, 1:], pixels[:, :-1]), (pixels[1:], pixels[:-1]))
    shares = ((one == other).all(axis=2).mean() for one, other in pairs if one.size)
    return any(share >= 0.5 for share in shares)


def _words(rows: Pixels) -> NDArray[np.uint32]:
    """Pixels (n, 3) or (n, 4), those that are not fully clear, as the numbers 0xRRGGBB."""
    rows = rows if rows.shape[1] == 3 else rows[rows[:, 3] > 0]
    bytes_ = rows[:, :3] if rows.dtype == np.uint8 else np.floor(rows[:, :3] * 255 + 0.5)
    r, g, b = bytes_.astype(np.uint32).T
    return np.asarray(r << 16 | g << 8 | b)


def _words_in_order(pixels: Pixels) -> list[int]:
    """The different colours of a picture, in the order in which one reads them; some of them if they are not few."""
    found: dict[int, None] = {}
    height = max(1, _BLOCK // max(1, pixels.shape[1]))
    for top in range(0, len(pixels), height):
        block = _words(pixels[top : top + height].reshape(-1, pixels.shape[2]))
        words, first = np.unique(block, return_index=True)
        found |= dict.fromkeys(words[np.argsort(first)].tolist())
        if len(found) > _FEW:
            break
    return list(found)
