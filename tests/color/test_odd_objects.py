"""Whatever is handed to the reader of colours: it answers with colours, or with its own error."""

from __future__ import annotations

import contextlib
import itertools
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ffcolor import FfcolorError, FfcolorWarning
from ffcolor.color import read_color, read_colors, read_image, to_hex


class Odd:
    """An object that fails in a way of its own where it is asked for something."""

    def __init__(self, wrong: str):
        self.wrong = wrong

    def __getattr__(self, name: str) -> Any:
        if name == self.wrong:
            raise RuntimeError(f"no {name}")
        raise AttributeError(name)


def _raising(name: str) -> Any:
    def fails(self, *args):
        raise TypeError(f"{name} fails")

    return type(f"Raising{name.strip('_').title()}", (), {name: fails})()


class Endless(list):
    """A list that holds itself."""

    def __init__(self) -> None:
        super().__init__([self])


def endless_map() -> dict[str, Any]:
    """A map whose colour is the map."""
    found: dict[str, Any] = {}
    found["color"] = found
    return found


def deep(kind: str, levels: int) -> Any:
    """A colour in a list in a list …, or in a map in a map …"""
    found: Any = "red"
    for _ in range(levels):
        found = {"color": found} if kind == "map" else [found] if kind == "list" else (found,)
    return found


ODD = [
    *(Odd(name) for name in ("colors", "detach", "__array__", "columns", "mask", "filled", "index")),
    *map(_raising, ("__iter__", "__repr__", "__array__", "__len__", "__str__", "__hash__", "__float__")),
    *(deep(kind, levels) for kind in ("map", "list", "tuple") for levels in (50, 5000)),
    *(Endless(), endless_map(), {"hsl": endless_map()}, {1: 2}, {None: None}, object, type, int, len, NotImplemented),
    *(10**5000, [10**5000, 0, 0], 1j, b"red", bytearray(3), memoryview(b"abc"), range(3), ..., np.datetime64(0, "s")),
    *(np.array([[]], object), np.array(None), np.array("red"), np.zeros((2, 3), complex), np.zeros((0, 3))),
    *(np.array([(1, 2, 3)], [("b", int), ("g", int), ("r", int)]), np.zeros((2, 2, 2, 3)), np.ma.masked),
    itertools.repeat([1.0, 0, 0]),
]
kinds = st.sampled_from(["f4", "f8", "u1", "i8", "?", "O", "U3"])
plain = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=4)),
    st.integers(0, len(ODD) - 2).map(lambda place: ODD[place]),
    st.sampled_from(["red", "#12g", "rgb(1 2 3)", "r", "hex", "color", "1 2 3"]),
    arrays.arrays(kinds, arrays.array_shapes(min_dims=0, max_dims=4)),
)
anything = st.recursive(
    plain,
    lambda inner: st.one_of(
        *(st.lists(inner, max_size=4), st.tuples(inner, inner, inner)),
        st.dictionaries(st.sampled_from(["r", "g", "b", "hex", "color", "hsl", ":h", "s", "l", 7]), inner, max_size=4),
    ),
    max_leaves=6,
)


def check(source: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for read in (read_colors, read_color, read_image, to_hex):
            with contextlib.suppress(FfcolorError):
                found = read(source)
                assert isinstance(found, list) or (found.dtype == np.float32 and found.shape[-1] == 3)


@pytest.mark.parametrize("source", ODD, ids=lambda source: type(source).__name__)
def test_odd_objects_are_refused_in_our_own_words(source: Any) -> None:
    check(source)


@given(source=anything)
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
def test_no_raw_error_ever_comes_out(source: Any) -> None:
    check(source)


@pytest.mark.parametrize("option", [{"alpha": np.zeros(2)}, {"scale": []}, {"alpha": None}, {"scale": "bytes"}])
def test_odd_options(option: dict[str, Any]) -> None:
    with pytest.raises(FfcolorError, match="it must be"):
        read_colors("red", **option)


def test_our_warnings_stay_warnings() -> None:
    with pytest.raises(FfcolorWarning):
        read_colors(["rgb(300 0 0)"])


# ---- masked arrays and data frames -------------------------------------------------------------------------------


def test_masked_colors_are_refused() -> None:
    colors = np.ma.masked_array(np.zeros((3, 3)), mask=[[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    with pytest.raises(FfcolorError, match="colour 1: 1 of its 9 numbers are masked") as caught:
        read_colors(colors)
    assert caught.value.position == 1
    assert len(read_colors(colors[~colors.mask.any(axis=-1)])) == 2
    assert len(read_colors(np.ma.masked_array(np.zeros((3, 3))))) == 3
    for source in (colors[1], [colors[0], colors[1]], np.ma.masked_all((2, 2, 3))):
        with pytest.raises(FfcolorError, match="masked"):
            read_colors(source)


@pytest.mark.needs("pandas")
def test_columns_count_by_name() -> None:
    import pandas

    frame = pandas.DataFrame({"B": [187, 70], "name": ["x", "y"], "g": [22, 101], " R": [19, 208]})
    assert to_hex(frame) == ["#1316BB", "#D06546"]
    assert to_hex(frame.iloc[0]) == ["#1316BB"]
    assert to_hex(pandas.DataFrame({"blue": [0.0], "red": [1.0], "green": [0.5]})) == ["#FF8000"]
    assert to_hex(pandas.DataFrame({"hex": ["#ff8000"], "n": [1]})) == ["#FF8000"]
    assert to_hex(pandas.DataFrame({"colors": ["#ff8000"]})) == ["#FF8000"]
    assert to_hex(pandas.DataFrame([[19, 22, 187]])) == ["#1316BB"]
    assert to_hex(pandas.Series(["red", "blue"])) == ["#FF0000", "#0000FF"]
    alpha = pandas.DataFrame({"a": [0.5], "b": [1.0], "r": [1.0], "g": [1.0]})
    with pytest.raises(FfcolorError, match="translucent"):
        read_colors(alpha)


@pytest.mark.needs("pandas")
@pytest.mark.parametrize("names", ["x y z", "h s l", "r R g b", "r g b a alpha"])
def test_frames_without_clear_names_are_refused(names: str) -> None:
    import pandas

    frame = pandas.DataFrame(np.zeros((2, len(names.split()))), columns=names.split())
    with pytest.raises(FfcolorError, match="a data frame with the columns"):
        read_colors(frame)
