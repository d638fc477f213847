"""The one reader of colours: whatever a colour is written as becomes float32 (n, 3) sRGB in [0, 1].

A source is one colour or many. One colour is

* text: hex (#rgb, #rrggbb, with or without #), a CSS name, or rgb(), hsl(), hwb(), lab(), lch(), oklab(), oklch(); with
  the extra ``ffcolor[spaces]`` also Munsell notation (5R 4/14, N 5/) and xyz(), xyy(), luv(), cam16-ucs(), which
  `ffcolor.color.notations` spells out;
* three numbers, or four with an alpha;
* a map {hue saturation lightness} or {h s l} (degrees, 0..1, 0..1), {r g b} or {red green blue}, {L C H} (CIE LCh under
  D65; in lower case it could as well be OKLCh and is refused), or a map that holds a colour under "hsl" (a map or three
  numbers), "hex", "rgb" or "color". Keys may begin with a colon, as in {":hue": 262}; other keys are ignored, except
  "alpha" or "a", in 0..1.

Many colours are a list or any other iterable with an order, of any mix of these; text that holds several, separated by
spaces, commas or new lines; an array or tensor (n, 3), (h, w, 3) or (3,), or with four channels; the path of an
image, an opened image; anything with ``.colors``, such as a `Palette`.

The scale rule. Numbers in a row [r g b] say by their *type* what they count; values are never looked at to guess:

* a row with any float is in 0..1, whole numbers in it included: [0.5 0 1];
* a row of ints is in 0..255: [255 128 0];
* an int row of only 0 and 1, with at least one 1, could be either: [1 1 1] is white or almost black. It takes the scale
  that the other rows of the same source show, if all that show one agree; else it is an error, code
  ``ambiguous-scale``, which asks for 1.0 or for ``scale="unit"`` or ``scale="byte"``;
* a float array is in 0..1, a uint8 array (or row of NumPy uint8) in 0..255, always; other int arrays are rows of ints;
* ``scale`` overrides all this: "unit" says 0..1 and "byte" says 0..255, for every row of numbers.

An alpha in a row of four counts as its row does; in a map it is in 0..1. Numbers that leave their range by no more than
0.0001 of it are rounding and are clipped, and so are colours of the wider spaces (lab, oklch, Munsell …) no more than
0.002 of OKLab outside sRGB; anything else outside is an error, which names the nearest colour inside.
"""

from __future__ import annotations

import itertools
import numbers
import re
from collections.abc import Iterable, Mapping, Sized
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.color.css_plain import MUNSELL, WANTED, ToSrgb, format_hex
from ffcolor.color.images import open_image
from ffcolor.color.rows import BYTE, INT, UNIT, fail, read_row, reading, show, unwrap
from ffcolor.color.scale import SLACK, scaled
from ffcolor.color.words import check_text, check_words
from ffcolor.errors import FfcolorError
from ffcolor.settings import Choice

Array = NDArray[Any]
Colors = NDArray[np.float32]

_TOKEN = re.compile(rf"(?i:{MUNSELL.pattern})|[^\s,;()]*\([^()]*\)|[^\s,;]+")
_MOST = 1 << 22  # colours of an iterator, which may never end
_MARKS = re.compile(r"[,;()/]")
_ALPHA, _SCALE = Choice("refuse", "composite"), Choice("unit", "byte") | None


def read_colors(source: Any, *, alpha: str = "refuse", background: Any = "#ffffff", scale: str | None = None) -> Colors:
    """Read colours written in any common way: the top of this module lists them, and says what the numbers mean.

    Args:
        source: one colour or many.
        alpha: what to do about a translucent colour: "refuse" it, or "composite" it over the background (in sRGB, as
            browsers do).
        background: one opaque colour, for alpha="composite".
        scale: None to tell the scale of numbers by their type, or "unit" for 0..1, "byte" for 0..255.

    Returns:
        float32 (n, 3), sRGB in [0, 1]; a fresh array.

    Raises:
        FfcolorError: naming the value and its 0-based position, with code ``invalid-color``, ``no-colors``, ``alpha``,
            ``out-of-gamut``, ``ambiguous-scale``, ``shape``, ``image-file`` or ``invalid-option``.

    >>> read_colors(["#ff0000", [0, 0, 1.0], {"hue": 120, "saturation": 1, "lightness": 0.5}]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    _ALPHA.check("alpha", alpha, "invalid-option")
    if scale is not None:
        _SCALE.check("scale", scale, "invalid-option")
    if scale != "byte" and _is_ready(source):
        return np.array(source)
    with reading(source):
        return _read(source, alpha, background, scale)


def _read(source: Any, alpha: str, background: Any, scale: str | None) -> Colors:
    source = unwrap(source)
    rows, lone = (source, source.ndim == 1) if isinstance(source, np.ndarray) else _items(source)
    try:
        values = _from_array(rows, scale) if isinstance(rows, np.ndarray) else _from_items(rows, scale)
        return _opaque(values, alpha, background, rows)
    except FfcolorError as error:
        if error.position is None or lone:
            error.position = None
            raise
        place = f"colour {error.position}"
        if isinstance(rows, np.ndarray) and rows.ndim == 3:
            place = "pixel at row {}, column {}".format(*divmod(error.position, rows.shape[1]))
        raise error.within(place) from None


def read_color(source: Any, *, alpha: str = "refuse", background: Any = "#ffffff", scale: str | None = None) -> Colors:
    """Read exactly one colour, written in any way that `read_colors` takes.

    Returns:
        float32 (3,), sRGB in [0, 1].

    Raises:
        FfcolorError: as `read_colors`; ``shape`` if the source holds several colours.

    >>> to_hex(read_color("rebeccapurple"))
    ['#663399']
    """
    colors = read_colors(source, alpha=alpha, background=background, scale=scale)
    if len(colors) != 1:
        shown = ", ".join(format_hex(colors[:3])) + ", …" * (len(colors) > 3)
        fail(f"one colour is wanted here, and there are {len(colors):,}: {shown}", source, "shape")
    (color,) = colors
    return np.asarray(color)


def read_image(source: Any, *, alpha: str = "refuse", background: Any = "#ffffff", scale: str | None = None) -> Colors:
    """Read an image: the path of a file, an opened Pillow image, or an array (h, w, 3) or (h, w, 4).

    Files are turned upright by their EXIF orientation and converted to sRGB by their colour profile.

    Returns:
        float32 (h, w, 3), sRGB in [0, 1].

    Raises:
        FfcolorError: ``image-file`` for a file that is not an image; else as `read_colors`.
    """
    with reading(source):
        pixels = unwrap(open_image(source) if isinstance(source, str) else source)
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 3:
        advice = "pass a path, a Pillow image or an array (h, w, 3)"
        fail(f"{show(source)} is not an image", source, "shape", advice=advice)
    colors = read_colors(pixels, alpha=alpha, background=background, scale=scale)
    return colors.reshape(*pixels.shape[:2], 3)


def to_hex(colors: Any) -> list[str]:
    """Write colours, given in any way that `read_colors` takes, as "#RRGGBB": channel = floor(255 x + 0.5).

    >>> to_hex([[1.0, 0.5, 0.0], "teal"])
    ['#FF8000', '#008080']
    """
    return format_hex(read_colors(colors))


def _is_ready(source: Any) -> bool:
    """Whether a source is float32 (n, 3) in 0..1 already, so that nothing is left to be read."""
    if type(source) is not np.ndarray or source.dtype != np.float32 or source.shape[1:] != (3,) or not len(source):
        return False
    return bool(source.min() >= 0 and source.max() <= 1)


# From a source to an array of numbers, or to a list of single colours.


def _items(source: Any) -> tuple[list[Any], bool]:
    """The single colours of a source that is not an array, and whether the source itself is one of them."""
    if isinstance(source, str):
        items: list[Any] = _TOKEN.findall(source) if _MARKS.search(source) else source.split()
        check_text(source, items)
        return items, len(items) == 1
    if isinstance(source, Mapping):
        return [source], True
    if isinstance(source, (set, frozenset)):
        advice = "pass a list, such as sorted(...)"
        fail("a set has no order, and colours need one", source, "shape", advice=advice)
    if isinstance(source, (bytes, bytearray, memoryview)) or not isinstance(source, Iterable):
        fail(f"{show(source)} is not a colour", source, advice=WANTED)
    items = list(source if isinstance(source, Sized) else itertools.islice(source, _MOST + 1))
    if len(items) > _MOST and not isinstance(source, Sized):
        fail(f"an iterator gives more than {_MOST:,} colours", source, "shape", advice="pass an array")
    check_words(items)
    return ([items], True) if items and isinstance(items[0], (numbers.Number, np.bool_)) else (items, False)


# From there to numbers in 0..1: (n, 3), or (n, 4) where there may be alpha.


def _from_array(array: Array, scale: str | None) -> Array:
    kind = {"f": UNIT, "u": INT, "i": INT}.get(array.dtype.kind)
    if kind is None:
        fail(f"an array of {array.dtype} holds no colours; use floats in 0..1 or uint8", array.dtype)
    if array.size == 0:
        fail("there are no colours here", array.shape, "no-colors")
    if array.ndim not in (1, 2, 3) or array.shape[-1] not in (3, 4):
        advice = "put its channels last" if array.ndim == 3 and array.shape[0] in (3, 4) else ""
        message = f"an array of colours is (n, 3) or (h, w, 3), or has 4 channels; not {array.shape}"
        fail(message, array.shape, "shape", advice=advice)
    rows = array.reshape(-1, array.shape[-1])
    return scaled(rows, BYTE if array.dtype == np.uint8 else kind, scale, rows)


def _from_items(items: list[Any], scale: str | None) -> Array:
    if not items:
        fail("there are no colours here", items, "no-colors")
    if bulk := _bulk_hex(items) or _bulk_numbers(items) or _bulk_arrays(items):
        return scaled(*bulk, scale, items)
    rows = []
    for position, item in enumerate(items):
        try:
            rows.append(read_row(item))
        except FfcolorError as error:
            error.position = position
            raise
    channels = np.array([row.numbers for row in rows])
    converters = np.array([row.to_srgb for row in rows], dtype=object)
    for to_srgb in dict.fromkeys(converters):
        if to_srgb is not None:
            _convert(channels, np.flatnonzero(converters == to_srgb), to_srgb, items)
    values = scaled(channels, np.array([row.kind for row in rows]), scale, items)
    alphas = np.array([row.alpha for row in rows], dtype=np.float32)  # None becomes NaN
    values[:, 3] = np.where(np.isnan(alphas), values[:, 3], alphas)
    return values


def _convert(channels: Array, chosen: Array, to_srgb: ToSrgb, items: list[Any]) -> None:
    """Turn the chosen rows of channels (n, 4), in place, into sRGB; one outside sRGB is an error."""
    srgb = to_srgb(channels[chosen, :3])
    inside = space.in_gamut(srgb, SLACK)
    if not inside.all():
        first = int(np.argmin(inside))
        item, (nearest,) = items[chosen[first]], format_hex(space.fit_gamut(srgb[first : first + 1]))
        message = f"{show(item)} is a colour outside sRGB; the nearest inside is {nearest}"
        fail(message, item, "out-of-gamut", int(chosen[first]))
    channels[chosen, :3] = srgb


def _bulk_hex(items: list[Any]) -> tuple[Array, Array | int] | None:
    """All at once, if every item is #rrggbb, or every one rrggbb."""
    try:
        text = "".join(items)
        digits = bytes.fromhex(text.replace("#", ""))
    except (TypeError, ValueError):
        return None
    count, width = len(items), 7 if text[:1] == "#" else 6
    if len(digits) != 3 * count or set(map(len, items)) != {width} or (width == 7 and text[::7] != "#" * count):
        return None
    return np.frombuffer(digits, np.uint8).reshape(count, 3), BYTE


def _bulk_numbers(items: list[Any]) -> tuple[Array, Array | int] | None:
    """All at once, if every item is a list or tuple of three Python numbers, or every one of four."""
    if not set(map(type, items)) <= {list, tuple} or (sizes := set(map(len, items))) not in ({3}, {4}):
        return None
    flat = list(itertools.chain.from_iterable(items))
    if not set(map(type, flat)) <= {float, int}:
        return None
    try:
        rows = np.array(flat, dtype=np.float64).reshape(len(items), *sizes)
    except OverflowError:
        return None
    is_float = np.fromiter((kind is float for kind in map(type, flat)), bool, len(flat)).reshape(rows.shape).any(axis=1)
    return rows, np.where(is_float, UNIT, INT)


def _bulk_arrays(items: list[Any]) -> tuple[Array, Array | int] | None:
    """All at once, if every item is an array of one float type, as when a list is made of an array's rows."""
    if set(map(type, items)) != {np.ndarray} or len({(item.dtype, item.shape) for item in items}) != 1:
        return None
    return (np.stack(items), UNIT) if items[0].dtype.kind == "f" and items[0].shape in ((3,), (4,)) else None


def _opaque(values: Array, alpha: str, background: Any, source: Any) -> Colors:
    """Colours (n, 3) out of values (n, 3) or (n, 4): see `read_colors` about alpha."""
    if values.shape[1] == 3:
        return values
    opacity = values[:, 3:]
    if (opacity == 1).all():
        return values[:, :3].copy()
    if alpha == "refuse":
        position = int(np.argmax(opacity < 1))
        item = source[position] if isinstance(source, list) else source.reshape(-1, 4)[position]
        message = f"{show(item)} is translucent (alpha {opacity[position, 0]:.3g})"
        fail(message, item, "alpha", position, 'drop its alpha, or pass alpha="composite"')
    return np.asarray(values[:, :3] * opacity + read_color(background) * (1 - opacity))
