"""Palettes in pictures: SVG drawings and PNG pictures of swatches, our own and those of other programs."""

from __future__ import annotations

import io
import re
import struct
from typing import Any
from xml.etree import ElementTree

from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats import swatches
from ffcolor.palette.formats.plain import read_json, write_json

_MOST_PIXELS = 64 << 20


def write_svg(content: Content) -> str:
    """Draw the swatches, one rect of class "swatch" a colour."""
    return swatches.svg(content)


def read_svg(text: str) -> Content:
    """Read the fill colours of the shapes of class "swatch", or of all shapes, each named by its title."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise file_error("it declares a document type or entities, which are not read")
    try:
        root = ElementTree.fromstring(text.encode())
    except (ElementTree.ParseError, ValueError) as error:
        raise file_error(f"it is not XML: {error}") from error
    shapes = [e for e in root.iter() if e.tag.rpartition("}")[2] in ("rect", "circle", "path", "polygon", "ellipse")]
    ours = [e for e in shapes if "swatch" in e.get("class", "").split()]
    colors, names = [], []
    for shape in ours or shapes:
        styled = re.search(r"(?:^|;)\s*fill\s*:\s*([^;]+)", shape.get("style", ""))
        fill = (styled[1] if styled else shape.get("fill", "")).strip()
        if fill.lower() in ("", "none", "currentcolor", "transparent") or fill.startswith(("url", "var")):
            continue
        colors.append(fill)
        label = next((child for child in shape if child.tag.rpartition("}")[2] == "title"), None)
        names.append((label.text or "") if label is not None else "")
    if not colors:
        raise file_error("no shape in it has a fill colour")
    heading = next((child for child in root if child.tag.rpartition("}")[2] == "title"), None)
    return Content.of(colors, names, (heading.text or "") if heading is not None else "")


def write_png(content: Content) -> bytes:
    """Draw the swatches, with the palette kept exactly in the picture as a note."""
    return swatches.png(content, write_json(content))


def read_png(data: bytes) -> Content:
    """Read the note that our own pictures carry, which is a palette in JSON; the flat colours of any other picture."""
    from PIL import Image, UnidentifiedImageError

    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 33:
        raise file_error("it is not a PNG file, or only the beginning of one")
    width, height = struct.unpack(">II", data[16:24])
    if width * height > _MOST_PIXELS:
        raise file_error(f"its {width:,} × {height:,} pixels are too many for a picture of swatches")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
            note = picture.info.get("ffcolor")
            pixels = None if note else picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        reason = "its parts make no sense" if isinstance(error, UnidentifiedImageError) else error
        raise file_error(f"the PNG file is damaged: {reason}") from error
    if note:
        return read_json(str(note))
    assert pixels is not None
    return _from_pixels(pixels)


def _from_pixels(picture: Any) -> Content:
    """The colours of a picture of swatches by another program, in the order in which one reads them."""
    import numpy as np

    rgba = np.asarray(picture).reshape(-1, 4)
    rgba = rgba[rgba[:, 3] > 0]
    if len(rgba) and rgba[:, 3].min() < 255:
        raise file_error("it is translucent in places, so its colours depend on what lies behind them")
    words = rgba.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1, 0], dtype=np.uint32)
    found, first = np.unique(words, return_index=True)
    if not 1 <= len(found) <= 256:
        raise file_error(f"the picture has {len(found):,} different colours, and flat swatches have from 1 to 256")
    return Content.of([f"#{word:06X}" for word in found[np.argsort(first)].tolist()])
