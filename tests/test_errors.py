"""Bad colours are refused with a code, the place and the value, in words that say what would be accepted."""

from __future__ import annotations

import pathlib
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ffcolor.color import read_color, read_colors, read_image
from ffcolor.errors import FfcolorError

try:
    import torch
except ImportError:  # it is an extra
    torch = None

EMPTY_TENSOR = np.empty((0, 3)) if torch is None else torch.empty(0, 3)
INF, NAN = float("inf"), float("nan")
GOOD = "#112233"


def error_of(read, *args, **options) -> FfcolorError:
    with pytest.raises(FfcolorError) as caught:
        read(*args, **options)
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    return caught.value


def test_the_message_of_a_typo_in_a_list():
    error = error_of(read_colors, [*[GOOD] * 17, "#12g", GOOD])
    assert str(error) == (
        "colour 17: '#12g' is not a colour: 'g' is not a hex digit; write #rgb, #rrggbb, a CSS name or [r g b] in 0..1"
    )
    assert (error.code, error.position, error.value) == ("invalid-color", 17, "#12g")


@pytest.mark.parametrize(
    ("bad", "code", "says"),
    [
        ("#12g", "invalid-color", "'g' is not a hex digit"),
        ("#12345", "invalid-color", "5 hex digits"),
        ("#", "invalid-color", "0 hex digits"),
        ("12345", "invalid-color", "5 hex digits"),
        ("", "invalid-color", "empty"),
        ("salmno", "invalid-color", "did you mean 'salmon'?"),
        ("light blue", "invalid-color", "did you mean 'lightblue'?"),
        ("currentcolor", "invalid-color", "not a CSS name"),
        ("#١٢٣", "invalid-color", "not a hex digit"),
        ("rbg(1, 2, 3)", "invalid-color", "there is no rbg()"),
        ("rgb(1, 2", "invalid-color", "parentheses"),
        ("rgb(1 2)", "invalid-color", "three values"),
        ("rgb(1 2 3 4)", "invalid-color", "three values"),
        ("rgb(1 2 3 / 2)", "invalid-color", "alpha 2 is outside"),
        ("rgb(1 2 3 /)", "invalid-color", "its alpha ''"),
        ("rgb(1 2 x)", "invalid-color", "its blue 'x'"),
        ("rgb(1, 2 3)", "invalid-color", "three values"),
        ("rgb(1, 2%, 3)", "invalid-color", "number, number, number or %, %, %"),
        ("rgb(none, 2, 3)", "invalid-color", "with commas"),
        ("hsl(120, 50, 50)", "invalid-color", "number, %, %"),
        ("hsl(50% 50% 50%)", "invalid-color", "not an angle"),
        ("lab(50, 1, 1)", "invalid-color", "no commas"),
        ("lab(50deg 1 1)", "invalid-color", "number or percentage"),
        ("oklch(1e999 0 0)", "invalid-color", "lightness"),
        ("oklch(0.7 0.4 30)", "out-of-gamut", "nearest inside is #FF5843"),
        ("hsl(0 150% 50%)", "out-of-gamut", "nearest inside"),
        ({"L": 50, "C": 150, "H": 200}, "out-of-gamut", "nearest inside"),
        ("photo.png", "shape", "is an image"),
        ([0.1, 2.0, 0.3], "invalid-color", 'for 0..255 write ints, or pass scale="byte"'),
        ([0.5, -0.1, 0.3], "invalid-color", "-0.1 is outside 0..1"),
        ([NAN, 0, 0], "invalid-color", "nan is not a finite number"),
        ([0, INF, 0], "invalid-color", "inf is not a finite number"),
        ([300, 0, 0], "invalid-color", "300 is outside 0..255"),
        ([-1, 0, 0], "invalid-color", "-1 is outside 0..255"),
        ([10**400, 0, 0], "invalid-color", "not a finite number"),
        ([1, 1, 1], "ambiguous-scale", "write 1.0"),
        ([0, 0, 0, 1], "ambiguous-scale", "[0, 0, 0, 1] could count"),
        ({"r": 1, "g": 0, "b": 0}, "ambiguous-scale", "write 1.0"),
        ([True, False, True], "invalid-color", "True is not a number"),
        ([0.5, None, 0.5], "invalid-color", "None is not a number"),
        ([0.5, "0.5", 0.5], "invalid-color", "'0.5' is not a number"),
        ([1 + 2j, 0, 0], "invalid-color", "is not a"),
        ([0.1, 0.2], "shape", "2 numbers"),
        ([0.1] * 5, "shape", "5 numbers"),
        ({"l": 0.5, "c": 0.1, "h": 20}, "invalid-color", "CIE LCh or OKLCh"),
        ({"hue": 20, "saturation": 31, "lightness": 0.5}, "invalid-color", "0..1"),
        ({"hue": NAN, "saturation": 0.31, "lightness": 0.5}, "invalid-color", "degrees"),
        ({"hue": 20, "saturation": True, "lightness": 0.5}, "invalid-color", "True is not a number"),
        ({"L": 101, "C": 1, "H": 2}, "invalid-color", "L is in 0..100"),
        ({"L": 50, "C": -1, "H": 2}, "invalid-color", "C in 0..1000"),
        ({"r": 255, "g": 0, "b": 0, "a": 128}, "invalid-color", "alpha is outside 0..1"),
        ({"hue": 1}, "invalid-color", "a map holds"),
        ({}, "invalid-color", "a map holds"),
        (np.array([0.5, NAN, 0]), "invalid-color", "nan is not a finite number"),
        (np.array([True, False, True]), "invalid-color", "bool"),
        ("#ff000080", "alpha", "translucent (alpha 0.502)"),
        ("transparent", "alpha", "translucent (alpha 0)"),
        ([1.0, 0, 0, 0.5], "alpha", 'pass alpha="composite"'),
        ({"r": 255, "g": 0, "b": 0, "a": 0.5}, "alpha", "alpha 0.5"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_one_bad_color_alone_and_in_a_list(bad, code, says):
    error = error_of(read_colors, [GOOD, GOOD, bad])
    assert error.code == code
    assert error.position == 2
    assert str(error).startswith("colour 2: ")
    assert says in str(error)
    if not isinstance(bad, str):  # text alone may be a path or several colours
        alone = error_of(read_colors, bad)
        assert (alone.code, alone.position) == (code, None)
        assert not str(alone).startswith("color")


@pytest.mark.parametrize("nothing", [[], (), "", " \n", np.empty((0, 3)), EMPTY_TENSOR, iter([]), np.empty(0)])
def test_no_colors(nothing):
    assert error_of(read_colors, nothing).code == "no-colors"


@pytest.mark.parametrize("nothing", [None, 7, 0.5, True, b"#ff0000", bytearray(3), object(), 1j, np.float32(0.5), len])
def test_what_is_no_color_at_all(nothing):
    assert error_of(read_colors, nothing).code in ("invalid-color", "shape")
    assert error_of(read_colors, [GOOD, nothing]).position == 1


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (5,), (3, 8, 8), (2, 2, 2, 3), ()])
def test_wrong_shapes(shape):
    error = error_of(read_colors, np.full(shape, 0.5))
    assert error.code == "shape"
    assert str(shape) in str(error)
    assert error_of(read_image, np.full(shape, 0.5)).code == "shape"


def test_channels_first_is_pointed_out():
    assert "channels last" in str(error_of(read_colors, np.zeros((3, 8, 8))))


@pytest.mark.parametrize("dtype", [bool, complex, "datetime64[s]", [("r", float)]])
def test_wrong_dtypes(dtype):
    assert error_of(read_colors, np.zeros((2, 3), dtype)).code == "invalid-color"


def test_places_in_arrays_and_images():
    colors = np.full((5, 3), 0.5)
    colors[3, 1] = 1.5
    assert str(error_of(read_colors, colors)).startswith("colour 3: [0.5, 1.5, 0.5] is not a colour: 1.5 is outside")
    image = np.full((2, 5, 3), 0.5)
    image[1, 2, 0] = NAN
    error = error_of(read_image, image)
    assert str(error).startswith("pixel at row 1, column 2: [nan, 0.5, 0.5]")
    assert error.position == 7


def test_the_lowest_place_of_a_bad_number_is_named():
    rows = [[0.1, 0.2, 0.3]] * 50
    rows[9], rows[30] = [5.0, 0, 0], [NAN, 0, 0]
    assert error_of(read_colors, rows).position == 9


def test_scales_that_disagree_leave_ones_undecided():
    error = error_of(read_colors, [[255, 0, 0], [0.5, 0, 0], [0, 1, 1]])
    assert (error.code, error.position, error.value) == ("ambiguous-scale", 2, [0, 1, 1])
    assert error_of(read_colors, np.array([[1, 1, 1], [0, 0, 0]])).code == "ambiguous-scale"


@pytest.mark.parametrize("text", ["255 128 100", "255, 128, 100", "0.5 0.2 0.1", "12 13 14"])
def test_bare_numbers_in_text(text):
    error = error_of(read_colors, text)
    assert error.code == "ambiguous-scale"
    assert f"rgb({text.replace(',', '')})" in str(error)


def test_sets_have_no_order():
    assert "a set has no order" in str(error_of(read_colors, {"red", "blue"}))
    assert error_of(read_colors, frozenset(["red"])).code == "shape"


def test_one_color_is_one_color():
    assert "there are 2: #FF0000, #0000FF" in str(error_of(read_color, "red blue"))
    assert error_of(read_color, np.zeros((2, 3))).code == "shape"
    assert error_of(read_colors, ["red", ["blue"]]).position == 1


def test_options():
    assert "'refuse', 'composite'" in str(error_of(read_colors, "red", alpha="keep"))
    assert error_of(read_colors, "red", scale="percent").code == "invalid-option"


def test_the_background_is_one_opaque_color():
    error = error_of(read_colors, ["#fff", "#f008"], alpha="composite", background="nowhere")
    assert str(error).startswith("'nowhere'")
    assert error_of(read_colors, "#f008", alpha="composite", background="#0008").code == "alpha"
    assert error_of(read_colors, "#f008", alpha="composite", background="red blue").code == "shape"


def test_image_files(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not an image")
    Image.new("RGB", (40, 40), "red").save(tmp_path / "b.png")
    (tmp_path / "c.png").write_bytes((tmp_path / "b.png").read_bytes()[:70])
    for path in (tmp_path / "a.png", tmp_path / "c.png", tmp_path / "none.jpg", tmp_path, pathlib.Path("red")):
        for read in (read_colors, read_image):
            assert error_of(read, path).code == "image-file"
    assert error_of(read_image, "no such picture").code == "image-file"
    assert error_of(read_image, Image.new("F", (2, 2))).code == "image-file"
    assert error_of(read_image, ["red"]).code == "shape"


def test_huge_values_make_short_messages():
    error_of(read_colors, "x" * 100_000)
    error_of(read_colors, [GOOD, "#" + "12" * 100_000])
    error_of(read_colors, [GOOD, list(range(100_000))])
    error_of(read_colors, {str(key): key for key in range(100_000)})


@given(st.text(max_size=12) | st.from_regex(r"(rgb|hsl|lab|oklch)\([0-9a-z%,/ .-]{0,12}\)", fullmatch=True))
@settings(deadline=None, max_examples=300)
def test_any_text_is_a_color_or_an_ffcolor_error(text):
    try:
        (color,) = read_colors([text], alpha="composite")
    except FfcolorError:
        return
    assert ((color >= 0) & (color <= 1)).all()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("hslrgbLCHa"), inner, max_size=4),
        max_leaves=8,
    )
)
@settings(deadline=None, max_examples=300)
def test_any_plain_data_is_colors_or_an_ffcolor_error(data):
    try:
        colors = read_colors(data, alpha="composite")
    except FfcolorError:
        return
    assert colors.dtype == np.float32
    assert colors.shape[1:] == (3,)
    assert ((colors >= 0) & (colors <= 1)).all()


def test_errors_survive_a_process_boundary():
    error = error_of(read_colors, [GOOD, "#12g"])
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.code, copy.position) == (str(error), "invalid-color", 1)
