"""One colour of a list, written in any way: its numbers, and what they count.

Nothing is converted here: that is done for all rows at once, in `ffcolor.color`.
"""

from __future__ import annotations

import contextlib
import numbers
import reprlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.color.css import parse_css
from ffcolor.color.css_plain import WANTED, ToSrgb, unround
from ffcolor.color.frames import by_name, is_frame
from ffcolor.color.images import image_array, is_image_path, is_pillow_image, open_image
from ffcolor.errors import FfcolorError, FfcolorWarning

FIXED, UNIT, INT, BYTE = range(4)  # what a row's numbers are: settled; 0..1 by type; ints; 0..255 by type

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 60
_REPR.maxdict = 6
_REPR.maxlevel = 3


class Row(NamedTuple):
    """Three numbers and alpha; `alpha`, where given, is settled and stands for the fourth number."""

    numbers: tuple[float, float, float, float]
    kind: int
    alpha: float | None = None
    to_srgb: ToSrgb | None = None


def fail(
    message: str, value: Any, code: str = "invalid-color", position: int | None = None, advice: str = ""
) -> NoReturn:
    """Raise the error of the readers of colours."""
    raise FfcolorError(message, code=code, value=value, position=position, advice=advice)


def show(value: Any) -> str:
    """Write a value as error messages do: on one line, and shortened."""
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size <= 4 and value.dtype.kind in "fiu":
        return f"[{', '.join(f'{number:g}' for number in value.tolist())}]"
    try:
        return " ".join(_REPR.repr(value).split())
    except Exception:  # a whole number with too many digits, or an object of one's own
        return f"<{type(value).__name__}>"


def unwrap(source: Any) -> Any:
    """Get the array out of what holds one: a tensor, an image, the path of one, a Palette."""
    if is_image_path(source):
        return open_image(source)
    if is_pillow_image(source):
        return image_array(source)
    if is_frame(source):
        source = by_name(source)
    elif hasattr(source, "colors") and not isinstance(source, Mapping):
        source = source.colors
    if hasattr(source, "read") and hasattr(source, "readline"):
        fail(f"{show(source)} is an open file; pass its path or its text", source)
    if all(hasattr(source, name) for name in ("detach", "cpu", "numpy")):  # torch; NumPy has no bfloat16
        tensor = source.detach().cpu()
        source = (tensor.float() if tensor.is_floating_point() and tensor.itemsize < 4 else tensor).numpy()
    if hasattr(source, "mask") and hasattr(source, "filled"):
        _refuse_masked(source)
    if hasattr(source, "__array__"):
        source = np.asarray(source)
        return source.tolist() if source.dtype.kind in "OUS" else source
    return source


def _refuse_masked(array: Any) -> None:
    """Refuse a masked array, unless nothing of it is masked."""
    masked = np.broadcast_to(array.mask, array.shape)
    if masked.any():
        rows = masked.reshape(-1, masked.shape[-1]) if masked.ndim > 1 else masked[None]
        position = int(np.argmax(rows.any(axis=1))) if masked.ndim > 1 else None
        place = "" if position is None else f"colour {position}: "
        message = f"{place}{masked.sum():,} of its {masked.size:,} numbers are masked, and a colour needs all three"
        fail(message, array, position=position, advice="leave these colours out: colors[~colors.mask.any(axis=-1)]")


@contextlib.contextmanager
def reading(source: Any) -> Iterator[None]:
    """Turn whatever an odd object raises while it is read, or nesting without end, into our error."""
    try:
        yield
    except (FfcolorError, MemoryError, Warning):
        raise
    except Exception as error:  # by the object's own methods
        why = "it is nested too deeply" if isinstance(error, RecursionError) else f"{type(error).__name__}: {error}"
        message = f"{show(source)} cannot be read as colours: {why}"
        raise FfcolorError(message, code="invalid-color", value=source) from error


def read_row(item: Any) -> Row:
    """Read one item; errors name the value, and leave naming the position to the caller."""
    if read := _ROWS.get(type(item)):
        return read(item)
    item = unwrap(item)
    for kind, read in _ROWS.items():
        if isinstance(item, kind):
            return read(item)
    fail(f"{show(item)} is not a colour", item, advice=WANTED)


def _text_row(text: str) -> Row:
    if "." in text and is_image_path(text):
        fail(f"{show(text)} is an image, not one colour", text, "shape", advice="pass it by itself")
    parsed = parse_css(text)
    if parsed.note:
        warnings.warn(parsed.note, FfcolorWarning, stacklevel=7)
    return Row((*parsed.numbers, 0), FIXED, parsed.alpha, parsed.to_srgb)


def _array_row(array: NDArray[Any]) -> Row:
    if array.shape not in ((3,), (4,)):
        fail(f"it is an array {array.shape}, not one colour (3,)", array.shape, "shape")
    if array.dtype.kind not in "fiu":
        fail(f"an array of {array.dtype} holds no colours; use floats in 0..1 or uint8", array.dtype)
    return _number_row(list(array))


def _number_row(row: list[Any] | tuple[Any, ...]) -> Row:
    for number in row:
        if isinstance(number, (bool, np.bool_)) or not isinstance(number, numbers.Real):
            fail(f"{show(row)} is not a colour: {show(number)} is not a number", row, advice=WANTED)
    if len(row) not in (3, 4):
        fail(f"{show(row)} is not a colour: it has {len(row)} numbers, not 3 (or 4 with alpha)", row, "shape")
    r, g, b, a = (*(_to_float(number) for number in row), 0.0)[:4]
    types = set(map(type, row))
    kind = BYTE if types == {np.uint8} else INT if all(issubclass(kind, numbers.Integral) for kind in types) else UNIT
    return Row((r, g, b, a), kind, None if len(row) == 4 else 1.0)


def _to_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf")


def _map_row(mapping: Mapping[Any, Any]) -> Row:
    fields = {str(key).removeprefix(":"): value for key, value in mapping.items()}
    hsl = fields.get("hsl")
    if isinstance(hsl, Mapping):
        return _map_row(hsl)
    if isinstance(hsl, (list, tuple)) and len(hsl) == 3:
        return _map_row(dict(zip("hsl", hsl, strict=True)))
    if fields.get("hex") is not None:
        return read_row(fields["hex"])
    names = next((names for names in _MAPS if fields.keys() >= set(names)), None)
    if names is None:
        inner = fields.get("color") if fields.get("rgb") is None else fields["rgb"]
        if inner is not None:
            return read_row(inner)
        if fields.keys() >= {"l", "c", "h"}:
            fail(f"{show(mapping)} could be CIE LCh or OKLCh; write {{L C H}} or 'oklch(…)'", mapping)
        known = "hue saturation lightness, r g b, L C H, hex, hsl, rgb or color"
        fail(f"{show(mapping)} is not a colour: a map holds {known}", mapping)
    row = _number_row([fields[name] for name in names])
    alpha = _number_row([fields.get("alpha", fields.get("a", 1.0)), 0, 0]).numbers[0]
    if not 0 <= alpha <= 1:
        fail(f"{show(mapping)} is not a colour: its alpha is outside 0..1", mapping)
    return _MAPS[names](row, mapping)._replace(alpha=alpha)


def _rgb_map(row: Row, mapping: Mapping[Any, Any]) -> Row:
    return row


def _hsl_map(row: Row, mapping: Mapping[Any, Any]) -> Row:
    hue, saturation, lightness, _ = row.numbers
    if not (abs(hue) < np.inf and 0 <= saturation <= 1 and 0 <= lightness <= 1):
        fail(f"{show(mapping)} is not a colour: hue is in degrees, saturation and lightness are in 0..1", mapping)
    return row._replace(kind=FIXED, to_srgb=space.hsl_to_srgb)


def _lch_map(row: Row, mapping: Mapping[Any, Any]) -> Row:
    lightness, chroma, hue, _ = row.numbers
    if not (0 <= lightness <= 100 and 0 <= chroma <= 1000 and abs(hue) < np.inf):
        fail(f"{show(mapping)} is not a colour: L is in 0..100, C in 0..1000, H is in degrees", mapping)
    return row._replace(kind=FIXED, to_srgb=_lch_to_srgb)


def _lch_to_srgb(lch: NDArray[Any]) -> NDArray[Any]:
    return unround(space.lab_to_srgb(space.from_polar(lch)))


_ROWS: dict[type, Callable[[Any], Row]] = {
    str: _text_row,
    list: _number_row,
    tuple: _number_row,
    dict: _map_row,
    Mapping: _map_row,
    np.ndarray: _array_row,
}
_MAPS: dict[tuple[str, str, str], Callable[[Row, Mapping[Any, Any]], Row]] = {
    ("hue", "saturation", "lightness"): _hsl_map,
    ("h", "s", "l"): _hsl_map,
    ("red", "green", "blue"): _rgb_map,
    ("r", "g", "b"): _rgb_map,
    ("L", "C", "H"): _lch_map,
}
