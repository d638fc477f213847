"""One colour of a list, written in any way, as four numbers that know what they count.

Text is read by `ffcolor.css`. A row of three or four numbers waits for the scale rule of `ffcolor.color`, and so does
a map {r g b}; maps of HSL and LCh are turned into sRGB here.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from ffcolor import space
from ffcolor.css import WANTED, fit_or_refuse, parse_color
from ffcolor.errors import FfcolorError
from ffcolor.images import image_array, is_image_path, is_pillow_image, open_image

FIXED, UNIT, INT, BYTE = range(4)  # what a row's numbers are: sRGB already; 0..1 by type; ints; 0..255 by type


class Row(NamedTuple):
    """Red, green, blue and alpha; `kind` says what they count; an `alpha` of its own stands for the fourth number."""

    numbers: tuple[float, float, float, float]
    kind: int
    alpha: float | None = None


def fail(message: str, value: Any, code: str = "invalid-color", position: int | None = None) -> NoReturn:
    """Raise the error of the readers of colours."""
    raise FfcolorError(message, code=code, value=value, position=position)


def show(value: Any) -> str:
    """A value as an error message shows it: on one line, shortened."""
    if isinstance(value, np.ndarray) and value.size <= 4:
        value = value.tolist()
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:56]} ..."


def unwrap(source: Any) -> Any:
    """What holds an array of numbers gives it up: a tensor, an image, the path of one, a Palette."""
    if is_image_path(source):
        return open_image(source)
    if is_pillow_image(source):
        return image_array(source)
    if hasattr(source, "colors") and not isinstance(source, Mapping):
        source = source.colors
    if hasattr(source, "detach"):  # torch; NumPy has no bfloat16
        tensor = source.detach().cpu()
        source = (tensor.float() if tensor.is_floating_point() and tensor.itemsize < 4 else tensor).numpy()
    if hasattr(source, "__array__"):
        source = np.asarray(source)
        return source.tolist() if source.dtype.kind in "OUS" else source
    return source


def read_row(item: Any) -> Row:
    """Read one item; errors name the value, and leave naming the position to the caller."""
    item = unwrap(item)
    for kind, read in _ROWS.items():
        if isinstance(item, kind):
            return read(item)
    fail(f"{show(item)} is not a colour; {WANTED}", item)


def _text_row(text: str) -> Row:
    r, g, b, a = parse_color(text)
    return Row((r, g, b, 0), FIXED, a)


def _array_row(array: NDArray[Any]) -> Row:
    if array.shape not in ((3,), (4,)):
        fail(f"it is an array {array.shape}, not one colour (3,)", array.shape, "shape")
    if array.dtype.kind not in "fiu":
        fail(f"an array of {array.dtype} holds no colours; use floats in 0..1 or uint8", array.dtype)
    row = _number_row(array.tolist())
    return row._replace(kind=BYTE) if array.dtype == np.uint8 else row


def _number_row(row: list[Any] | tuple[Any, ...]) -> Row:
    for number in row:
        if isinstance(number, (bool, np.bool_)) or not isinstance(number, numbers.Real):
            fail(f"{show(row)} is not a colour: {show(number)} is not a number; {WANTED}", row)
    if len(row) not in (3, 4):
        fail(f"{show(row)} is not a colour: it has {len(row)} numbers, not 3 (or 4 with alpha)", row, "shape")
    r, g, b, a = (*(_to_float(number) for number in row), 0.0)[:4]
    kind = INT if all(isinstance(number, numbers.Integral) for number in row) else UNIT
    return Row((r, g, b, a), kind, None if len(row) == 4 else 1.0)


def _to_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf")


def _map_row(mapping: Mapping[Any, Any]) -> Row:
    fields = {str(key).removeprefix(":"): value for key, value in mapping.items()}
    if isinstance(inner := fields.get("hsl"), Mapping):
        return _map_row(inner)
    if "hex" in fields:
        return read_row(fields["hex"])
    for names, read in _MAPS.items():
        if fields.keys() >= set(names):
            alpha = fields.get("alpha", fields.get("a", 1.0))
            values = _number_row([fields[name] for name in names])
            opacity = _number_row([alpha, 0, 0]).numbers[0]
            if not 0 <= opacity <= 1:
                fail(f"{show(mapping)} is not a colour: its alpha is outside 0..1", mapping)
            return read(values, show(mapping))._replace(alpha=opacity)
    if fields.keys() >= {"l", "c", "h"}:
        fail(f"{show(mapping)} could be CIE LCh or OKLCh; write {{L C H}} or 'oklch(…)'", mapping)
    fail(f"{show(mapping)} is not a colour: a map holds hue saturation lightness, r g b, L C H or hex", mapping)


def _hsl_map(row: Row, shown: str) -> Row:
    hue, saturation, lightness, _ = row.numbers
    if not (np.isfinite(hue) and 0 <= saturation <= 1 and 0 <= lightness <= 1):
        fail(f"{shown} is not a colour: hue is in degrees, saturation and lightness are in 0..1", shown)
    return Row((*fit_or_refuse(space.hsl_to_srgb([hue, saturation, lightness]), shown), 0), FIXED)


def _lch_map(row: Row, shown: str) -> Row:
    lightness, chroma, hue, _ = row.numbers
    if not (0 <= lightness <= 100 and 0 <= chroma < np.inf and np.isfinite(hue)):
        fail(f"{shown} is not a colour: L is in 0..100, C is 0 or more, H is in degrees", shown)
    return Row((*fit_or_refuse(space.lab_to_srgb(space.from_polar(row.numbers[:3])), shown), 0), FIXED)


_ROWS: dict[Any, Callable[[Any], Row]] = {
    str: _text_row,
    Mapping: _map_row,
    np.ndarray: _array_row,
    (list, tuple): _number_row,
}
_MAPS: dict[tuple[str, str, str], Callable[[Row, str], Row]] = {
    ("hue", "saturation", "lightness"): _hsl_map,
    ("h", "s", "l"): _hsl_map,
    ("red", "green", "blue"): lambda row, shown: row,
    ("r", "g", "b"): lambda row, shown: row,
    ("L", "C", "H"): _lch_map,
}
