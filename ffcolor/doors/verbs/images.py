"""The verb for images: scored by a taste, recoloured with a palette."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.doors.sources import streamed
from ffcolor.doors.verbs.arguments import PathLike, Plain, model_of, output_of
from ffcolor.doors.verbs.warned import of_painting
from ffcolor.errors import FfcolorError
from ffcolor.files import quoted

_OPTIONS: dict[str, Plain] = {"JPEG": {"quality": 92}, "WEBP": {"lossless": True}}


def image(
    image: Any,
    model: Any = None,
    palette: Any = None,
    n: int = 8,
    output: PathLike | None = None,
    dither: bool = False,
) -> Plain:
    """Score an image by a taste, and recolour it with a palette or with colours that the taste likes.

    Args:
        image: the path of an image, or an array (h, w, 3).
        model: a path or a live model: scores the image, and makes the palette where none is given.
        palette: the colours to recolour with.
        n: how many colours the model's palette has.
        output: the image file to write; None only scores.
        dither: spread the error over neighbouring pixels, for smooth shades.
    """
    output = output_of(output)
    from ffcolor.color import read_image
    from ffcolor.color.images import is_image_path, open_image

    if model is None and palette is None:
        raise FfcolorError("an image needs a model or a palette; neither was given", code="missing-argument")
    opened = open_image(image) if isinstance(image, str) or is_image_path(image) else image
    whole = isinstance(opened, np.ndarray) and opened.dtype == np.uint8 and opened.ndim == 3 and opened.shape[2] == 3
    pixels = opened if whole and opened.size else read_image(opened, alpha="composite")  # 8 bits stay 8 bits
    taste = None if model is None else model_of(model)
    result: Plain = {"width": pixels.shape[1], "height": pixels.shape[0]}
    if taste is not None:
        probability = taste.probability(_seen(opened, pixels), exact=False)
        result["mean_probability"] = float(probability.mean(dtype=np.float64))
        result["liked_share"] = float((probability >= 0.5).mean())
    if output is not None:
        from ffcolor.palette import Palette
        from ffcolor.palette.repaint import recolor

        kind = _image_kind(output)
        chosen = Palette(streamed(palette)) if palette is not None else model_of(taste).palette(n)
        clear = kind in ("PNG", "WEBP", "TIFF")  # these keep the image's own alpha
        painted = recolor(opened if clear else pixels, chosen, dither=dither)
        of_painting(painted, chosen, kind)
        _save_image(painted, output, kind)
        result |= {"output": os.fspath(output), "palette": chosen.hex}
    return result


def _seen(opened: Any, pixels: NDArray[Any]) -> NDArray[Any]:
    """The pixels (n, 3) that count: those that are not fully clear."""
    rows = pixels.reshape(-1, 3)
    if not isinstance(opened, np.ndarray) or opened.ndim != 3 or opened.shape[2] != 4 or opened[..., 3].all():
        return rows
    if not opened[..., 3].any():
        raise FfcolorError("every pixel of the image is fully clear", code="no-colors")
    return rows[opened[..., 3].ravel() > 0]


def _image_kind(output: PathLike) -> str:
    from PIL import Image

    kind = Image.registered_extensions().get(Path(output).suffix.lower())
    if kind not in Image.SAVE:
        message = f"cannot write {quoted(output)}: its suffix names no image format; write .png, .jpg or .webp"
        raise FfcolorError(message, code="image-file", value=os.fspath(output))
    return str(kind)


def _save_image(pixels: NDArray[np.uint8], output: PathLike, kind: str) -> None:
    import io

    from PIL import Image

    from ffcolor.files import write_atomically

    data = io.BytesIO()
    options = _OPTIONS.get(kind, {})
    Image.fromarray(pixels).save(data, kind, **options)
    write_atomically(output, data.getvalue())
