"""Repainting an image with the colours of a palette."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors, read_image
from ffcolor.color.images import image_array, is_image_path, is_pillow_image, open_image
from ffcolor.color.space import linear_to_oklab, srgb_to_linear, srgb_to_oklab
from ffcolor.errors import FfcolorError
from ffcolor.settings import Flag

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

_CHUNK = 1 << 21  # distances at a time
_DEBT = (-0.75, 1.75)  # the light that dithering remembers: enough for fair averages, too little for long smears
_MANY = 1 << 20  # pixels from which a table of all 24-bit colours is faster than sorting


def recolor(image: Any, palette: Any, *, dither: bool = False) -> Bytes:
    """An image in which every pixel has the palette's nearest colour (in OKLab).

    Args:
        image: the path of a file, an opened Pillow image, or an array (h, w, 3) or, with alpha, (h, w, 4): uint8, or
            floats in [0, 1].
        palette: a `Palette`, or colours in any way that `read_colors` takes; they are rounded to 8 bits.
        dither: whether neighbouring pixels make up for what each one is off, so that gradients and averages survive
            (Floyd-Steinberg, in linear light).

    Returns:
        uint8 (h, w, 3), or (h, w, 4) with the image's own alpha.

    Raises:
        FfcolorError: as `read_image` and `read_colors`; ``palette``: dither is not a truth value.

    Source: Floyd and Steinberg, "An adaptive algorithm for spatial grey scale" (1976).
    """
    Flag().check("dither", dither, "palette")
    colors = np.floor(read_colors(palette).astype(np.float64) * 255 + 0.5).astype(np.uint8)
    pixels, alpha = _read(image)
    if pixels.size == 0:
        painted = pixels
    else:
        painted = colors[_dithered(pixels, colors) if dither else _nearest_of_each(pixels, colors)]
    return painted if alpha is None else np.concatenate([painted, alpha], axis=2)


def _read(image: Any) -> tuple[Bytes, Bytes | None]:
    """An image as uint8 (h, w, 3), and its alpha (h, w, 1) if it has one."""
    if is_image_path(image) or isinstance(image, str):
        image = open_image(image)
    elif is_pillow_image(image):
        image = image_array(image)
    pixels = image.detach().cpu().numpy() if hasattr(image, "detach") else image
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
        read_image(image)  # says what is wrong
        raise FfcolorError("an image is an array (h, w, 3) or (h, w, 4)", code="shape", value=image)
    if pixels.dtype != np.uint8:
        alpha = pixels[:, :, 3:]
        if alpha.size and not (np.isfinite(alpha).all() and alpha.min() >= 0 and alpha.max() <= 1):
            raise FfcolorError("the alpha of an image of floats is not in 0..1", code="invalid-color")
        opaque = read_image(np.ascontiguousarray(pixels[:, :, :3]))
        pixels = np.floor(np.concatenate([opaque, alpha], axis=2) * 255 + 0.5).astype(np.uint8)
    return pixels[:, :, :3], pixels[:, :, 3:] if pixels.shape[2] == 4 else None


def _nearest(oklab: Floats, targets: Floats) -> NDArray[np.intp]:
    """Of each colour (n, 3), the index of the nearest target (m, 3); the first one of equals."""
    return np.asarray((0.5 * (targets * targets).sum(axis=1) - oklab @ targets.T).argmin(axis=1))


def _nearest_of_each(pixels: Bytes, colors: Bytes) -> NDArray[np.intp]:
    """Of each pixel (h, w, 3), the index of the nearest colour; each different colour is looked at once."""
    codes = pixels[..., 0].astype(np.uint32) << 16 | pixels[..., 1].astype(np.uint32) << 8 | pixels[..., 2]
    if codes.size < _MANY:
        different, place = np.unique(codes, return_inverse=True)
    else:
        there = np.zeros(1 << 24, dtype=bool)
        there[codes] = True
        different, place = np.flatnonzero(there).astype(np.uint32), None
    targets = srgb_to_oklab(colors / 255)
    nearest = np.empty(len(different), dtype=np.intp)
    rows = max(1, _CHUNK // len(colors))
    for i in range(0, len(different), rows):
        part = different[i : i + rows]
        asked = np.stack([part >> 16, part >> 8 & 255, part & 255], axis=1)
        nearest[i : i + rows] = _nearest(srgb_to_oklab(asked / 255), targets)
    if place is not None:
        return np.asarray(nearest[place].reshape(codes.shape))
    table = np.empty(1 << 24, dtype=np.uint16 if len(colors) <= 1 << 16 else np.intp)
    table[different] = nearest
    return np.asarray(table[codes])


def _dithered(pixels: Bytes, colors: Bytes) -> NDArray[np.intp]:
    """Of each pixel (h, w, 3), the index of its colour after Floyd-Steinberg diffusion of the error in linear light.

    A pixel needs only its left neighbour and three in the row above, so all pixels of equal x + 2 y are free to be
    decided at the same time.
    """
    height, width, _ = pixels.shape
    light = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
    rest = np.zeros((height + 1, width + 2, 3), dtype=np.float32)  # with a margin that takes what falls outside
    rest[:-1, 1:-1] = light[pixels]
    linear, targets = light[colors], srgb_to_oklab(colors / 255).astype(np.float32)
    chosen = np.empty((height, width), dtype=np.intp)
    for front in range(width + 2 * (height - 1)):
        y = np.arange(max(0, -((width - 1 - front) // 2)), min(height - 1, front // 2) + 1)
        x = front - 2 * y
        wanted = np.clip(rest[y, x + 1], *_DEBT)
        index = _nearest(linear_to_oklab(np.clip(wanted, 0, 1)), targets)
        chosen[y, x] = index
        error = (wanted - linear[index]) / 16
        rest[y, x + 2] += 7 * error
        rest[y + 1, x] += 3 * error
        rest[y + 1, x + 1] += 5 * error
        rest[y + 1, x + 2] += error
    return chosen
