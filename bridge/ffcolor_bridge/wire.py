"""What crosses between Java and Python: arguments as JSON and flat arrays on the way in, EDN and arrays on the way out.

The header of a call is a JSON object of arguments. In place of an argument it may hold

* ``{"$array": i}``: the call's i-th float[] as float32 (n, 3), if it can be that, else flat;
* ``{"$colors": i, "others": [[place, value], …], "lone": …}``: the same, but the colours at these places are written as
  text or as a map and are read here; lone says that one colour was given by itself, so that it has no place;
* ``{"$model": id}``: the live object with this number.

An answer is EDN. Keys become keywords in kebab case, and these tags stand for what is not text:

* ``#ffcolor/array i``: the answer's i-th array of numbers;
* ``#ffcolor/colors i``: the same array as colours, three floats each;
* ``#ffcolor/columns {:name column, …}``: a row for each place of its columns, which are arrays, colours or lists;
* ``#ffcolor/model [id text digest]``: a live object, and what its content amounts to, or nil;
* ``#ffcolor/error {…}``: all of the answer, where something went wrong.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.doors.columns import Columns
from ffcolor.skills import edn
from ffcolor_bridge.handles import Handles

if TYPE_CHECKING:
    from ffcolor.errors import FfcolorError

Floats = NDArray[np.float32]

_REMEMBERED = 80  # letters of a header that holds nothing but references, numbers and names


class Live(NamedTuple):
    """An object that the answer hands over: it stays in Python, and Java gets its number.

    Attributes:
        object: a model or a layer.
        digest: what its content amounts to, where objects of equal content are equal.
    """

    object: Any
    digest: str | None = None


class Reply:
    """The answer to a call: its text, its arrays, and the numbers of the live objects that it hands over.

    Args:
        handles: where live objects are kept.
    """

    def __init__(self, handles: Handles):
        self.arrays: list[NDArray[Any]] = []
        self.held: list[int] = []
        self._handles = handles

    def text(self, value: Any) -> str | None:
        """Write an answer as EDN; None for a tuple of arrays, which needs no text."""
        if isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
            self.arrays += value
            return None
        return to_edn(value, self._special)

    def drop(self) -> None:
        """Let go of everything in the answer, because it will not be delivered."""
        for number in self.held:
            self._handles.drop(number)
        self.held, self.arrays = [], []

    def _special(self, value: Any) -> str | None:
        if isinstance(value, Live):
            self.held.append(self._handles.add(value.object))
            return f"#ffcolor/model [{self.held[-1]} {to_edn(repr(value.object))} {to_edn(value.digest)}]"
        if isinstance(value, np.ndarray) and value.dtype == np.bool_:
            return to_edn(value.tolist())
        if isinstance(value, np.ndarray):
            self.arrays.append(value)
            return f"#ffcolor/{'array' if value.ndim == 1 else 'colors'} {len(self.arrays) - 1}"
        if isinstance(value, Columns):
            return f"#ffcolor/columns {to_edn({name: value.array(name) for name in value.names}, self._special)}"
        return _of_numpy(value)


def read_header(header: str, array: Callable[[int], Any], live: Callable[[int], Any]) -> dict[str, Any]:
    """Read the arguments of a call.

    Args:
        header: a JSON object, see the module's text.
        array: gives the flat float array of a number, anything with a buffer.
        live: gives the live object of a number.

    Raises:
        FfcolorError: colours that cannot be read; whatever `live` raises.
    """
    arguments = _parsed(header).copy()
    for name, value in arguments.items():
        if isinstance(value, dict):
            if "$array" in value:
                arguments[name] = _floats(array(value["$array"]))
            elif "$colors" in value:
                arguments[name] = _colors(_floats(array(value["$colors"])), value["others"], value["lone"])
            elif "$model" in value:
                arguments[name] = live(value["$model"])
    return arguments


@lru_cache(maxsize=64)
def _short(header: str) -> dict[str, Any]:
    """A header, remembered: the same few come again and again."""
    return dict(json.loads(header))


def _parsed(header: str) -> dict[str, Any]:
    return _short(header) if len(header) < _REMEMBERED else dict(json.loads(header))


def _floats(array: Any) -> Floats:
    flat = np.asarray(memoryview(array))
    return flat.reshape(-1, 3) if not len(flat) % 3 else flat


def _colors(given: Floats, others: list[tuple[int, Any]], lone: bool) -> Floats:
    """The given colours, completed by those that are read here."""
    colors = given.copy()
    for place, value in others:
        colors[place] = _read(value, None if lone else place)
    return colors


def _read(value: Any, place: int | None) -> Floats:
    """One colour that Java did not read: text, or a map; never the path of an image."""
    from ffcolor.color import read_colors
    from ffcolor.color.images import is_image_path
    from ffcolor.errors import FfcolorError

    try:
        if is_image_path(value):
            message = f"{value!r} is not a colour: it looks like the name of an image, and no image is opened here"
            raise FfcolorError(message, code="invalid-color", value=value)
        (color,) = read_colors([value])
    except FfcolorError as error:
        message = error.message.removeprefix("colour 0: ")
        told = FfcolorError(message, code=error.code, value=error.value, advice=error.advice)
        raise (told if place is None else told.within(f"colour {place}", place)) from None
    return np.asarray(color)


def to_edn(value: Any, special: edn.Special | None = None) -> str:
    """Write an answer as EDN, in the way of `ffcolor.skills.edn.answer`; NumPy's numbers are as Python's own.

    Args:
        value: None, bool, number, text, list, tuple or dict, nested in any way; anything else is its repr, shortened.
        special: writes what is not plain data; by default NumPy's values.

    >>> to_edn({"liked_right": np.float32(1), "colors": ["#FF0000"], "why": None})
    '{:liked-right 1.0 :colors ["#FF0000"] :why nil}'
    """
    return edn.answer(value, special or _of_numpy)


def _of_numpy(value: Any) -> str | None:
    if isinstance(value, np.bool_):
        return "true" if value else "false"
    if isinstance(value, np.integer):
        return str(int(value))
    if isinstance(value, np.floating):
        return edn.number(float(value))
    if isinstance(value, np.ndarray) and value.size <= 4:
        return to_edn(value.tolist())
    return None


_ADVICE = {
    "alpha": "drop its alpha",
    "ambiguous-scale": "write 1.0 for a share of one, or hex for bytes",
    "invalid-color": "write #rgb, #rrggbb, a CSS name or [r g b] in 0..1",
    "model": "learn and load-model make one",
    "no-colors": "give some disliked colours",
}
"""What to write instead, in Clojure, by the code of an error; Python's own advice is of no use there."""


_OPTIONS = {"n": "n", "normalize": ":normalize?", "inputs": "inputs", "units": "units"}
"""What settings are called in Clojure; all others are keywords in kebab case."""


def in_clojure(error: FfcolorError) -> str:
    """An error's message with settings, arguments and their values as Clojure writes them."""
    message = error.message
    if error.setting and message.startswith(f"{error.setting} "):
        name = _OPTIONS.get(error.setting, ":" + error.setting.replace("_", "-"))
        message = name + message.removeprefix(error.setting)
        if error.value is None or isinstance(error.value, (bool, float)):
            message = message.replace(f" is {error.value};", f" is {to_edn(error.value)};", 1)
        for python, clojure in (
            ("True or False", "true or false"),
            (" or None", " or nil"),
            ("a list in", "a vector in"),
        ):
            message = message.replace(python, clojure)
        return message
    if error.code == "unknown-argument":
        return re.sub(r"'(\w+)'", lambda found: ":" + found[1].replace("_", "-"), message)
    return message


def error_edn(error: BaseException) -> str:
    """Write an exception as ``#ffcolor/error {:type … :code … :message … :value … :position … :traceback …}``.

    An exception that ffcolor did not raise on purpose has the code ``python-error`` and names its class.
    """
    from ffcolor.errors import FfcolorError

    if isinstance(error, FfcolorError):
        code, advice = error.code, _ADVICE.get(error.code, "") if error.advice else ""
        message = "; ".join([in_clojure(error), *filter(None, [advice])])
    else:
        code, message = "python-error", f"{type(error).__name__} inside the engine: {error}"
    fields = {"message": message}
    if isinstance(error, FfcolorError):
        fields |= {name: value for name in ("value", "position") if (value := getattr(error, name)) is not None}
    else:
        fields["python_class"] = type(error).__name__
    fields["traceback"] = "".join(traceback.format_exception(error))
    return f"#ffcolor/error {{:type :ffcolor/{code} :code :{code} {to_edn(fields)[1:]}"
