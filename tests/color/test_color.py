"""Reading colours: every way to write one gives the same sRGB; coloraide, Pillow and matplotlib are the judges."""

from __future__ import annotations

import io
import pathlib
from types import SimpleNamespace

import coloraide
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageCms, ImageColor

from ffcolor.color import read_color, read_colors, read_image, space, to_hex

try:
    import torch
except ImportError:  # it is an extra
    torch = None

BYTES = np.arange(256, dtype=np.uint8).repeat(3).reshape(256, 3)
FORK = {":seed": 1, ":hsl": {":hue": 261.984, ":saturation": 0.31, ":lightness": 0.9}, ":index": 0}
bytes_rows = arrays(np.uint8, st.tuples(st.integers(1, 5), st.just(3)))


# One colour, written in every way.


@pytest.mark.parametrize(
    "source",
    [
        "#f80",
        "F80",
        "#FF8800",
        "ff8800",
        "#f80f",
        "FF8800ff",
        "  #Ff8800 ",
        "rgb(255, 136, 0)",
        "RGB(255 136 0)",
        "rgba(255,136,0,1)",
        "rgb(100% 53.3333333% 0%)",
        "rgb(255 136 none / 100%)",
        "hsl(32 100% 50%)",
        "hsla(32deg, 100%, 50%, 1.0)",
        "hwb(32 0% 0%)",
        [255, 136, 0],
        (1, 136 / 255, 0),
        [1.0, 136 / 255, 0, 1],
        [255, 136, 0, 255],
        [np.uint8(255), np.int64(136), 0],
        [np.float32(1), np.float32(136 / 255), 0],
        {"r": 255, "g": 136, "b": 0},
        {"red": 1.0, "green": 136 / 255, "blue": 0},
        {"r": 255, "g": 136, "b": 0, "a": 1},
        {"hue": 32, "saturation": 1, "lightness": 0.5},
        {":hue": 32 - 720.0, ":saturation": 1.0, ":lightness": 0.5, ":alpha": 1},
        {"h": 392, "s": 1, "l": 0.5},
        {"seed": 7, "hsl": {"h": 32, "s": 1, "l": 0.5}, "hex": "#000000"},
        {"seed": 7, "hsl": [32, 1, 0.5]},
        {"seed": 7, "color": {"hue": 32, "saturation": 1, "lightness": 0.5}, "hex": None},
        {"seed": 7, "rgb": {"color": [1.0, 8 / 15, 0]}},
        {"hex": "#FF8800"},
        np.array([255, 136, 0], np.uint8),
        np.array([255, 136, 0]),
        *([torch.tensor([1, 136 / 255, 0], dtype=torch.float64)] if torch else []),
        *([torch.tensor([[255, 136, 0]], dtype=torch.uint8)] if torch else []),
        SimpleNamespace(colors=np.array([[1, 136 / 255, 0]])),
    ],
    ids=repr,
)
def test_ways_to_write_one_color(source):
    many = hasattr(source, "colors") or (hasattr(source, "detach") and source.ndim == 2)
    for color in (read_color(source), read_color(source if many else [source])):
        assert color.dtype == np.float32
        np.testing.assert_allclose(color, [1, 136 / 255, 0], atol=1e-6)


def test_a_whole_fork_map():
    expected = coloraide.Color("hsl(261.984 31% 90%)").convert("srgb").coords()
    np.testing.assert_allclose(read_color(FORK), expected, atol=1e-6)


def test_every_css_name_is_known_in_any_case():
    names = pytest.importorskip("matplotlib.colors").CSS4_COLORS
    assert len(names) == 148
    for name, code in names.items():
        assert to_hex([name, name.title()]) == [code, code]
        ImageColor.getrgb(name)  # Pillow keeps what it has read
        assert to_hex(name) == [code]


def test_no_css_name_is_also_hex():
    for name in ImageColor.colormap:
        assert set(name) - set("0123456789abcdef")


@pytest.mark.parametrize(
    "text",
    [
        "rgb(12.5 99% 3e1)",
        "rgb(+12 .5 0)",
        "rgb(none none none)",
        "hsl(210 40% 60%)",
        "hsl(210 40 60)",
        "hsl(0.5turn 40% 60%)",
        "hsl(-150deg 40% 60%)",
        "hsl(100grad 40% 60%)",
        "hsl(3.14rad 40% 60%)",
        "hsl(none 40% 60%)",
        "hwb(200 20% 30%)",
        "hwb(200 20 30)",
        "hwb(1turn 80% 60%)",
        "lab(50% 20 -30)",
        "lab(50 16% -24%)",
        "lch(70 40 300)",
        "lch(70% 20% 0.25turn)",
        "oklab(0.6 0.05 -0.1)",
        "oklab(60% 12% -25%)",
        "oklch(0.6 0.1 140)",
        "oklch(60% 25% 140deg)",
        "OKLCH( 60%   none none )",
        "oklch(0 0 0)",
    ],
)
def test_css_functions_agree_with_coloraide(text):
    expected = coloraide.Color(text.lower()).convert("srgb").coords(nans=False)
    np.testing.assert_allclose(read_color(text), expected, atol=5e-5)


@given(
    st.sampled_from(["hsl", "hwb", "lab", "lch", "oklab", "oklch"]),
    st.tuples(*[st.floats(0.02, 0.98)] * 3),
)
@settings(deadline=None, max_examples=150)
def test_what_coloraide_writes_is_read_back(name, srgb):
    text = coloraide.Color("srgb", srgb).convert(name).to_string(precision=8)
    np.testing.assert_allclose(read_color(text), srgb, atol=5e-5)


def test_negative_saturation_and_chroma_are_none_as_in_css():
    assert to_hex("hsl(120 -20% 40%) lch(70 -20 100)") == to_hex("hsl(120 0% 40%) lch(70 0 100)")


def test_the_rounded_numbers_of_vivid_colors_are_read_as_their_hex():
    assert to_hex("oklch(0.628 0.258 29.23) lch(29.568 131.2 301.36) oklab(0.9999999 0.0001 0)") == [
        "#FF0000",
        "#0000FF",
        "#FFFFFF",
    ]


def test_lch_map_is_cie_lch_under_d65():
    expected = coloraide.Color("lch-d65", [60, 30, 200]).convert("srgb").coords()
    np.testing.assert_allclose(read_color({"L": 60, "C": 30.0, "H": 200}), expected, atol=5e-4)
    np.testing.assert_allclose(read_color({":L": 60, ":C": 30, ":H": -160}), expected, atol=5e-4)


# Many colours.


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("red green", 2),
        ("red, #0f0;\nrgb(0, 0, 255)\tblue", 4),
        ("rgb(1,2,3),rgb(4 5 6 / 1)", 2),
        ("  teal\n", 1),
        ("112233 445566", 2),
        ("aabbcc\n112233\n", 2),
    ],
)
def test_text_with_several_colors(text, count):
    assert len(read_colors(text)) == count


def test_a_mix_of_kinds_in_one_list():
    mixed = ["#102030", "navy", [16, 32, 48], [0.0, 0, 0.5], FORK, {"r": 1, "g": 2, "b": 3}, np.array([0.5, 0, 0])]
    expected = ["#102030", "#000080", "#102030", "#000080", to_hex(FORK)[0], "#010203", "#800000"]
    assert to_hex(mixed) == expected
    assert to_hex(iter(mixed)) == expected
    assert to_hex(dict(enumerate(mixed)).values()) == expected


@given(bytes_rows)
@settings(deadline=None, max_examples=60)
def test_all_forms_give_the_very_same_floats(rows):
    expected = read_colors(rows)
    assert expected.dtype == np.float32
    hexes = to_hex(rows)
    for same in (
        hexes,
        [text[1:] for text in hexes],
        " ".join(hexes),
        [*hexes, "red"],
        [[*row, 255] for row in rows.tolist()],
        (rows / 255).tolist(),
        rows / 255,
        *([torch.from_numpy(rows)] if torch else []),
        [f"rgb({r} {g} {b})" for r, g, b in rows.tolist()],
        list(rows),
        list(rows / 255),
        expected,
        [tuple(row) for row in rows],
        rows[None],
    ):
        np.testing.assert_array_equal(read_colors(same)[: len(rows)], expected)
    np.testing.assert_array_equal(read_colors(rows.tolist(), scale="byte"), expected)


def test_to_hex_rounds_as_stated():
    assert to_hex([[0.5 / 255, 0.4999 / 255, 1.0]]) == ["#0100FF"]
    assert to_hex(BYTES) == [f"#{k:02X}{k:02X}{k:02X}" for k in range(256)]
    assert to_hex("rebeccapurple") == ["#663399"]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_numpy_floats_are_in_0_to_1(dtype):
    np.testing.assert_allclose(read_colors(np.array([[0, 0.5, 1]], dtype)), [[0, 0.5, 1]])


@pytest.mark.needs("torch")
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_torch_floats_are_in_0_to_1(dtype):
    tensor = torch.tensor([[0, 0.5, 1]], dtype=getattr(torch, dtype), requires_grad=True)
    np.testing.assert_allclose(read_colors(tensor), [[0, 0.5, 1]])


def test_the_answer_is_a_fresh_array():
    source = np.full((2, 3), 0.25, np.float32)
    read_colors(source)[:] = 1
    assert (source == 0.25).all()
    assert read_colors(["red"]).flags.writeable
    source = np.zeros((2, 4), np.float32) + [0, 0, 0, 1]
    assert read_colors(source).flags.c_contiguous


def test_strided_and_big_endian_arrays():
    source = np.arange(24, dtype=">f4").reshape(4, 6)[:, ::2] / 24
    np.testing.assert_allclose(read_colors(source), source.astype(np.float32))


@given(arrays(np.float32, (4, 3), elements=st.floats(0, 1, width=32)))
@settings(deadline=None, max_examples=60)
def test_floats_pass_unchanged(colors):
    np.testing.assert_array_equal(read_colors(colors), colors)
    np.testing.assert_array_equal(read_colors(colors.tolist()), colors)


def test_rounding_beyond_the_range_is_clipped():
    assert read_colors([[1.00005, -0.00005, 0.5]]).tolist() == [[1.0, 0.0, 0.5]]


# The scale rule.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ([[1, 0, 0.0]], [[1, 0, 0]]),
        ([[2, 1, 0]], [[2 / 255, 1 / 255, 0]]),
        ([[0, 0, 0]], [[0, 0, 0]]),
        ([[1, 1, 1], [255, 0, 0]], [[1 / 255] * 3, [1, 0, 0]]),
        ([[1, 1, 1], [0.5, 0, 0]], [[1, 1, 1], [0.5, 0, 0]]),
        ([[1, 1, 1], {"r": 0.5, "g": 0, "b": 0}, "#fff"], [[1, 1, 1], [0.5, 0, 0], [1, 1, 1]]),
        ([{"r": 1, "g": 1, "b": 1}, np.array([2, 0, 0], np.uint8)], [[1 / 255] * 3, [2 / 255, 0, 0]]),
        (np.array([[1, 1, 1], [0, 3, 0]], np.int16), [[1 / 255] * 3, [0, 3 / 255, 0]]),
        (np.array([[1, 1, 1]], np.uint8), [[1 / 255] * 3]),
        (np.array([[1, 1, 1]], np.float16), [[1, 1, 1]]),
        ([np.array([1, 1, 1], np.uint8), [255, 0, 0]], [[1 / 255] * 3, [1, 0, 0]]),
    ],
    ids=repr,
)
def test_the_type_decides_the_scale(source, expected):
    np.testing.assert_allclose(read_colors(source), expected, atol=1e-7)


def test_scale_overrides_the_types():
    assert read_colors([1, 0, 1], scale="unit").tolist() == [[1, 0, 1]]
    np.testing.assert_allclose(read_colors([1, 0, 1], scale="byte"), [[1 / 255, 0, 1 / 255]])
    np.testing.assert_allclose(read_colors(np.float32([[1, 0, 1]]), scale="byte"), [[1 / 255, 0, 1 / 255]])
    np.testing.assert_allclose(read_colors(np.array([[255.0, 51, 0]]), scale="byte"), [[1, 0.2, 0]])
    assert read_colors(np.array([[1, 0, 1]], np.uint8), scale="unit").tolist() == [[1, 0, 1]]
    assert to_hex(read_colors(["#010203", [1, 0, 0], FORK], scale="unit")) == ["#010203", "#FF0000", *to_hex(FORK)]


@given(st.lists(st.lists(st.integers(0, 255), min_size=3, max_size=3), min_size=1, max_size=6), st.randoms())
@settings(deadline=None, max_examples=60)
def test_the_scale_does_not_depend_on_order(rows, random):
    rows = [*rows, [0, 0, 200]]
    shuffled = rows[:]
    random.shuffle(shuffled)
    by_row = {tuple(row): tuple(color) for row, color in zip(rows, read_colors(rows).tolist(), strict=True)}
    assert [by_row[tuple(row)] for row in shuffled] == [tuple(color) for color in read_colors(shuffled).tolist()]


# Alpha.


@pytest.mark.parametrize(
    "source",
    [
        "#ff000080",
        "rgb(255 0 0 / 50.19607843%)",
        "rgba(255, 0, 0, 0.5019607843)",
        [1.0, 0, 0, 128 / 255],
        [255, 0, 0, 128],
        {"r": 255, "g": 0, "b": 0, "a": 128 / 255},
        {"h": 0, "s": 1, "l": 0.5, "alpha": 128 / 255},
        np.array([[255, 0, 0, 128]], np.uint8),
        Image.new("RGBA", (1, 1), (255, 0, 0, 128)),
    ],
    ids=lambda source: "an image" if isinstance(source, Image.Image) else repr(source),
)
def test_composite_agrees_with_pillow(source):
    under = Image.new("RGBA", (1, 1), (0, 0, 255, 255))
    over = Image.alpha_composite(under, Image.new("RGBA", (1, 1), (255, 0, 0, 128)))
    expected = [channel / 255 for channel in over.getpixel((0, 0))[:3]]
    color = read_color(source, alpha="composite", background="blue")
    np.testing.assert_allclose(color, expected, atol=1 / 255)
    np.testing.assert_allclose(color, [128 / 255, 0, 127 / 255], atol=1e-6)


def test_composite_over_white_by_default_and_opaque_alpha_is_no_alpha():
    assert to_hex(read_colors("transparent", alpha="composite")) == ["#FFFFFF"]
    assert to_hex(["#ff0000ff", [0, 0, 255, 255], [0, 1.0, 0, 1]]) == ["#FF0000", "#0000FF", "#00FF00"]


# Images.


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (4, 6, 3), dtype=np.uint8)


def test_an_image_by_path_by_text_and_opened(tmp_path, pixels):
    path = tmp_path / "with space, and comma.PNG"
    Image.fromarray(pixels).save(path)
    expected = pixels.astype(np.float32) / np.float32(255)
    for source in (path, str(path), pathlib.PurePosixPath(path), Image.open(path), pixels, expected.astype(float)):
        np.testing.assert_array_equal(read_image(source), expected)
        np.testing.assert_array_equal(read_colors(source), expected.reshape(-1, 3))
    assert read_image(path).dtype == np.float32


def test_windows_paths_are_seen_as_images():
    with pytest.raises(ValueError, match="not an image: there is no such file") as caught:
        read_colors(r"C:\pictures\sunset 1.jpeg")
    assert caught.value.code == "image-file"


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "HSV", "RGB"])
def test_modes_of_images_agree_with_pillow(mode, pixels):
    image = Image.fromarray(pixels).convert(mode)
    np.testing.assert_array_equal(read_image(image), np.asarray(image.convert("RGB")) / np.float32(255))


@pytest.mark.parametrize("mode", ["LA", "RGBA", "La", "RGBa"])
def test_modes_with_alpha(mode, pixels):
    image = Image.fromarray(pixels).convert("RGBA")
    image.putalpha(100)
    image = image.convert("LA").convert(mode) if mode == "La" else image.convert(mode)
    with pytest.raises(ValueError, match=r"pixel at row 0, column 0: .*translucent \(alpha 0.392\)"):
        read_image(image)
    assert read_image(image, alpha="composite", background="#000").max() <= 102 / 255


def test_a_transparent_palette_entry(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "a.gif", transparency=1)
    colors = read_colors(tmp_path / "a.gif", alpha="composite", background=[0.0, 0, 1])
    assert to_hex(colors) == ["#FF0000", "#0000FF"]


def test_sixteen_bit_gray():
    gray = np.array([[0, 257, 65535]], np.uint16)
    np.testing.assert_allclose(read_image(Image.fromarray(gray))[0, :, 1], [0, 1 / 255, 1], atol=1e-7)


def test_images_are_turned_upright(tmp_path, pixels):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    Image.fromarray(pixels).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), np.rot90(pixels, -1) / np.float32(255))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_color_profile_that_is_srgb_changes_next_to_nothing(mode, pixels):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    if mode != "L":
        Image.fromarray(pixels).convert(mode).save(file, "PNG", icc_profile=profile)
        np.testing.assert_allclose(read_image(Image.open(file)), pixels / 255, atol=1.5 / 255)
    else:  # a profile that does not fit the image is left aside
        Image.fromarray(pixels).convert(mode).save(file, "PNG", icc_profile=b"not a profile")
        expected = np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))
        np.testing.assert_array_equal(read_image(Image.open(file)), expected / np.float32(255))


def test_a_color_profile_that_is_not_srgb_is_honored():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
    image = Image.new("RGB", (1, 1), (200, 60, 30))
    image.info["icc_profile"] = swapped  # red and green are each other
    np.testing.assert_allclose(read_image(image)[0, 0], np.array([60, 200, 30]) / 255, atol=2 / 255)


# What else colours can come in.


def test_a_matplotlib_colormap():
    colormap = pytest.importorskip("matplotlib").colormaps["viridis"]
    assert len(read_colors(colormap)) == 256


def test_object_and_text_arrays():
    assert to_hex(np.array(["red", "#00f"])) == ["#FF0000", "#0000FF"]
    assert to_hex(np.array([[0.5, 0, 0]], dtype=object)) == ["#800000"]


def test_bulk_and_single_reading_agree():
    hexes = to_hex(BYTES)
    np.testing.assert_array_equal(read_colors(hexes), np.concatenate([read_colors(text) for text in hexes]))
    maps = [{"h": float(hue), "s": 0.5, "l": 0.4} for hue in range(0, 360, 7)]
    assert to_hex(maps) == [to_hex(one)[0] for one in maps]
    np.testing.assert_allclose(
        read_colors(maps), space.hsl_to_srgb([[m["h"], m["s"], m["l"]] for m in maps]), atol=1e-6
    )
