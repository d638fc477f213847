"""Formats: what is written is read back, by us and by foreign readers; what is broken is refused in clear words."""

from __future__ import annotations

import io
import json
import re
import struct
import warnings
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import swatch
import tinycss2
from coloraide import Color
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import GimpPaletteFile, Image

from ffcolor import FfcolorError, FfcolorWarning, Palette, streams
from ffcolor.color import space
from ffcolor.palette import formats
from ffcolor.palette.formats import swatches

byte_colors = st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=256)
text = st.text(st.characters(codec="utf-8"), max_size=30)
HOSTILE = [
    *("line\nbreak", "tab\there", "<b>&amp;\"'", "*/ } body { color: red", "/* open", "]]>", "\x00nul", "\x1b[31m"),
    *(
        "--",
        "12",
        "#FF0000",
        '"quoted"',
        "{};:",
        "é ü 青い空 😀",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "  spaces  ",
        "a" * 900,
    ),
]


def palette_of(rgb: list[tuple[int, int, int]], names=None, title="palette") -> Palette:
    return Palette(np.array(rgb, dtype=np.uint8), names, title)


def read(data, format):
    return Palette.of(formats.read(data, format))


SAMPLE = palette_of([(230, 127, 134), (208, 101, 70), (19, 22, 187)], ["Dusty rose", None, "ink"], "Winter & sea")


# ---- round trips -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", formats.FORMATS)
@given(rgb=byte_colors)
@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
def test_eight_bit_colors_come_back_exactly(format, rgb):
    palette = palette_of(rgb)
    again = read(palette.to(format), format)
    assert again == palette
    assert again.names == palette.names
    assert again.title == "palette"


@pytest.mark.parametrize("format", [name for name, row in formats.FORMATS.items() if row.exact])
@given(colors=st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 3), min_size=1, max_size=12))
@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
def test_exact_formats_keep_every_float(format, colors):
    palette = Palette(np.array(colors, dtype=np.float32))
    assert read(palette.to(format), format).colors.tobytes() == palette.colors.tobytes()


@pytest.mark.parametrize("format", [name for name, row in formats.FORMATS.items() if not row.exact])
def test_other_formats_round(format):
    palette = Palette(np.float32([[0.1234, 0.5678, 0.9012]]))
    again = read(palette.to(format), format)
    assert again.hex == palette.hex
    assert again != palette


@pytest.mark.parametrize("format", ["json", "css", "png"])
@given(names=st.lists(text, min_size=1, max_size=8), title=text)
@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
def test_any_name_comes_back_verbatim(format, names, title):
    palette = palette_of([(i, 2 * i, 3 * i) for i in range(len(names))], names, title)
    again = read(palette.to(format), format)
    assert again == palette
    assert again.names == palette.names
    assert again.title == (title or "palette")


@pytest.mark.parametrize("format", [name for name, row in formats.FORMATS.items() if row.named])
def test_hostile_names_do_no_harm(format):
    palette = palette_of([(9, 9, i) for i in range(len(HOSTILE))], HOSTILE, "*/ <&>\n}")
    again = read(palette.to(format), format)
    assert again == palette
    kept = {
        "gpl": lambda name: " ".join(swatches.visible(name).split()),
        "svg": swatches.visible,
        "ase": lambda name: name.replace("\0", " "),
        "aco": lambda name: name.replace("\0", " "),
    }.get(format, str)
    assert again.names == tuple(kept(name) or code for name, code in zip(palette.names, palette, strict=True))
    assert again.title == ("palette" if format == "aco" else kept(palette.title))


@pytest.mark.parametrize("format", formats.FORMATS)
def test_the_same_palette_gives_the_same_bytes(format):
    assert SAMPLE.to(format) == SAMPLE.to(format)
    assert isinstance(SAMPLE.to(format), bytes if formats.FORMATS[format].binary else str)


@pytest.mark.parametrize("format", formats.FORMATS)
def test_many_colors(format):
    palette = Palette(streams.hash(3, 0, 3000))
    assert read(palette.to(format), format) == palette


# ---- foreign readers ---------------------------------------------------------------------------------------------


def test_pillow_reads_gpl():
    data, mode = GimpPaletteFile.GimpPaletteFile(io.BytesIO(SAMPLE.to("gpl").encode())).getpalette()
    assert mode == "RGB"
    assert [tuple(data[i : i + 3]) for i in (0, 3, 6)] == [(230, 127, 134), (208, 101, 70), (19, 22, 187)]


def test_swatch_reads_ase(tmp_path):
    SAMPLE.save(tmp_path / "x.ase")
    (group,) = swatch.parse(str(tmp_path / "x.ase"))
    assert group["name"] == "Winter & sea"
    assert [each["name"] for each in group["swatches"]] == ["Dusty rose", "#D06546", "ink"]
    assert [each["data"]["mode"] for each in group["swatches"]] == ["RGB"] * 3
    assert np.float32([each["data"]["values"] for each in group["swatches"]]).tobytes() == SAMPLE.colors.tobytes()


def test_we_read_what_swatch_writes(tmp_path):
    rows = [("Gray", [0.5]), ("LAB", [0.6, 20.0, -30.0]), ("RGB", [1.0, 0.25, 0.0])]
    group = [{"name": m, "type": "Process", "data": {"mode": m, "values": v}} for m, v in rows]
    palette = read(swatch.dumps(group), "ase")
    assert palette.names == ("Gray", "LAB", "RGB")
    lab = Color("lab", [60, 20, -30]).convert("srgb")[:3]
    assert palette.colors == pytest.approx(np.array([[0.5] * 3, lab, [1, 0.25, 0]]), abs=2e-4)


def test_aco_by_the_letter_of_the_specification():
    """A decoder written from Adobe's file format specification: two versions, 16-bit RGB, UTF-16 names."""
    data = SAMPLE.to("aco")
    assert struct.unpack(">HH", data[:4]) == (1, 3)
    first = [struct.unpack(">5H", data[4 + 10 * i : 14 + 10 * i]) for i in range(3)]
    assert first == [(0, 230 * 257, 127 * 257, 134 * 257, 0), (0, 53456, 25957, 17990, 0), (0, 4883, 5654, 48059, 0)]
    at = 34
    assert struct.unpack(">HH", data[at : at + 4]) == (2, 3)
    at += 4
    names = []
    for row in first:
        assert struct.unpack(">5H", data[at : at + 10]) == row
        (units,) = struct.unpack(">I", data[at + 10 : at + 14])
        names.append(data[at + 14 : at + 14 + 2 * units].decode("utf-16-be"))
        at += 14 + 2 * units
    assert names == ["Dusty rose\0", "#D06546\0", "ink\0"]
    assert at == len(data)


def test_aco_rounds_to_the_nearest_of_16_bits():
    palette = Palette(streams.uniform(1, (200, 3)))
    error = np.abs(read(palette.to("aco"), "aco").colors.astype(np.float64) - palette.colors)
    assert error.max() <= 0.501 / 65535


def test_aco_of_version_1_and_in_other_spaces():
    rows = [(0, 65535, 0, 0, 0), (1, 21845, 65535, 65535, 0), (7, 6000, 2000, 65536 - 3000, 0)]
    data = struct.pack(">HH", 1, 3) + b"".join(struct.pack(">5H", *row) for row in rows)
    lab = Color("lab", [60, 20, -30]).convert("srgb")[:3]
    assert read(data, "aco").colors == pytest.approx(np.array([[1, 0, 0], [0, 1, 0], lab]), abs=2e-4)


def test_a_css_parser_reads_our_css():
    palette = palette_of([(1, 2, 3)] * 4, ["A b", "a  B!", "\n*/", None], "My palette")
    rules = tinycss2.parse_stylesheet(palette.to("css"), skip_comments=True, skip_whitespace=True)
    assert [rule.type for rule in rules] == ["qualified-rule"]
    found = tinycss2.parse_declaration_list(rules[0].content, skip_comments=True, skip_whitespace=True)
    assert [each.type for each in found] == ["declaration"] * 4
    assert [each.name for each in found] == [
        *("--my-palette-a-b", "--my-palette-a-b-2", "--my-palette-3", "--my-palette-4"),
    ]
    for each in found:
        assert Color(tinycss2.serialize(each.value).strip()).to_string(hex=True) == "#010203"


def test_hostile_names_stay_one_rule_for_a_css_parser():
    palette = palette_of([(9, 9, i) for i in range(len(HOSTILE))], HOSTILE, "*/ <&>\n}")
    (rule,) = tinycss2.parse_stylesheet(palette.to("css"), skip_comments=True, skip_whitespace=True)
    found = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
    assert len({each.name for each in found}) == len(HOSTILE)
    assert {each.type for each in found} == {"declaration"}


def test_pillow_sees_the_colors_of_our_png():
    picture = Image.open(io.BytesIO(SAMPLE.to("png"))).convert("RGB")
    seen = {color: count for count, color in picture.getcolors(1 << 20)}
    for rgb in [(230, 127, 134), (208, 101, 70), (19, 22, 187)]:
        assert seen[rgb] > 10_000
    assert json.loads(Image.open(io.BytesIO(SAMPLE.to("png"))).info["ffcolor"])["title"] == "Winter & sea"


def test_our_svg_is_xml_with_one_swatch_a_color():
    root = ElementTree.fromstring(SAMPLE.to("svg"))
    rects = [e for e in root.iter("{http://www.w3.org/2000/svg}rect") if e.get("class") == "swatch"]
    assert [r.get("fill") for r in rects] == SAMPLE.hex
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for rect in rects:
        assert 0 < float(rect.get("x")) < float(rect.get("x")) + float(rect.get("width")) < width
        assert 0 < float(rect.get("y")) < float(rect.get("y")) + float(rect.get("height")) < height


@pytest.mark.needs("matplotlib")
def test_matplotlib_reads_the_style_and_the_colormap(tmp_path):
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    SAMPLE.save(tmp_path / "x.mplstyle")
    style = mpl.rc_params_from_file(tmp_path / "x.mplstyle", use_default_template=False)
    assert [to_hex(c).upper() for c in style["axes.prop_cycle"].by_key()["color"]] == SAMPLE.hex
    map_ = SAMPLE.colormap()
    assert map_.N == 3
    assert np.allclose(map_([0, 1, 2])[:, :3], SAMPLE.colors)


def test_matplotlib_reads_hexes_that_look_like_numbers(tmp_path):
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    palette = Palette(["#123456", "#1E1000", "#000000"])
    palette.save(tmp_path / "x.mplstyle")
    style = mpl.rc_params_from_file(tmp_path / "x.mplstyle", use_default_template=False)
    assert [to_hex(c).upper() for c in style["axes.prop_cycle"].by_key()["color"]] == palette.hex


def test_labels_are_readable():
    palette = Palette(streams.hash(1, 0, 2000))
    ink = Palette(swatches.ink_on(palette.content)).colors
    assert space.contrast_ratio(palette.colors, ink).min() >= 4.5


@pytest.mark.parametrize("labels", [True, False])
@pytest.mark.parametrize("width", [1, 20, 80, 200])
def test_ansi_fits_the_terminal(width, labels):
    palette = Palette(streams.genesis(1, 1, 30))
    written = palette.ansi(width=width, labels=labels)
    for line in written.splitlines():
        assert line.endswith("\x1b[0m")
        assert len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= max(width, 9)
    assert read(written, "ansi") == palette


# ---- what other programs write -----------------------------------------------------------------------------------

FOREIGN = {
    "hex": ["ff8000\n008080\n", "FF8000, #008080", "\ufeff#FF8000\r\n#008080\r\n", "ff8000;008080;"],
    "css": [
        ":root{--a:#ff8000;--gap:4px;--b:teal}",
        "/* Licence\n of this */ .x { color: red; --a: rgb(255 128 0) /* x */; --b : teal ; --n: 100; --z: var(--a) }",
        "html { --a: hsl(30.12 100% 50%); --font: 'x'; --b: #008080 }",
    ],
    "json": [
        '["#ff8000", "teal"]',
        '{"colors": ["#ff8000", {"r": 0, "g": 128, "b": 128}]}',
        "[[255,128,0],[0,128,128]]",
    ],
    "gpl": [
        "GIMP Palette\r\n#\r\n255 128 0 Untitled\r\n  0 128 128\tUntitled\r\n",
        "GIMP Palette\nName: x\nColumns: 0\n# c\n\n255 128   0\n0 128 128 Teal\n",
        "GIMP Palette\nChannels: RGB\n255 128 0 a b\n0\t128\t128",
    ],
    "svg": [
        '<svg xmlns="http://www.w3.org/2000/svg"><g><path d="" fill="#ff8000"/><circle fill="teal"/></g></svg>',
        '<svg><rect style="stroke:red; fill:#ff8000"/><rect fill="none"/><rect fill="rgb(0,128,128)"/></svg>',
    ],
    "ansi": ["\x1b[38;2;255;128;0m██\x1b[38;2;0;128;128m██\x1b[0m", "\x1b[48:2::255:128:0m \x1b[48:2::0:128:128m "],
    "mpl": [
        "axes.prop_cycle : cycler(color=['ff8000', 'teal'])  # x",
        "lines.linewidth: 2\naxes.prop_cycle: cycler('color', ['FF8000','008080'])",
    ],
}


@pytest.mark.parametrize(("format", "data"), [(name, data) for name, all_ in FOREIGN.items() for data in all_])
def test_we_read_what_others_write(format, data):
    assert read(data, format).hex == ["#FF8000", "#008080"]
    assert read(data.encode(), format).hex == ["#FF8000", "#008080"]


def test_a_name_that_looks_like_a_number_takes_no_place():
    palette = palette_of([(1, 1, 1), (2, 2, 2), (3, 3, 3)], ["2", None, "2"])
    assert read(palette.to("css"), "css").names == ("2", "#020202", "2")


def test_names_in_foreign_css():
    palette = read(":root { --brand-1: #fff; --b: #000; /* ink */ --palette-3: red }", "css")
    assert palette.names == ("brand-1", "ink", "#FF0000")


def test_a_picture_of_swatches_by_another_program():
    picture = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    picture.paste((255, 128, 0, 255), (0, 0, 10, 20))
    picture.paste((0, 128, 128, 255), (10, 0, 30, 20))
    file = io.BytesIO()
    picture.save(file, "PNG")
    assert read(file.getvalue(), "png").hex == ["#FF8000", "#008080"]


# ---- broken files ------------------------------------------------------------------------------------------------


def ase(*colors: bytes) -> bytes:
    blocks = b"".join(struct.pack(">HIHH", 1, len(c) + 4, 1, 0) + c for c in colors)
    return struct.pack(">4sHHI", b"ASEF", 1, 0, len(colors)) + blocks


def png(size: tuple[int, int], colors) -> bytes:
    picture = Image.fromarray(np.asarray(colors, dtype=np.uint8).reshape(size[1], size[0], -1))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("format", "data", "gist"),
    [
        ("hex", "", "no colours"),
        ("hex", "#fff #12g", "colour 1 is '#12g'"),
        ("hex", "#11223344", "only #rgb or #rrggbb"),
        ("hex", b"\xff\xfe", "not UTF-8 text: byte 0 is 0xFF"),
        ("css", "body { color: red }", "no custom property"),
        ("css", ":root { --a: #12g }", "--a: .*12g"),
        ("css", ":root { --a: rgb(1 2 }", "--a"),
        ("css", ":root { --a: #11223344 }", "--a"),
        ("css", ":root { --a: swatch.png; --b: url(x); --c: 12px }", "no custom property"),
        ("css", "/* --a: #fff;", "never closed"),
        ("css", "/*" * 100_000, "never closed"),
        ("json", "", "not JSON"),
        ("json", "{", "not JSON"),
        ("json", "[" * 100_000, "nested too deeply|not JSON"),
        ("json", "{}", "it must be"),
        ("json", "[]", "it must be"),
        ("json", "7", "it must be"),
        ("json", '{"title": 3, "colors": ["#fff"]}', "the title is 3"),
        ("json", '{"colors": [{"hex": "#fff", "name": []}]}', "name of colour 0"),
        ("json", '{"colors": ["#fff", null]}', "1"),
        ("json", '{"colors": [{"srgb": [NaN, 0, 0]}]}', "0"),
        ("json", '{"colors": [{"hex": "#fff", "srgb": [2, 0, 0]}]}', "2"),
        ("json", "[" + "9" * 5000 + "]", "not JSON"),
        ("gpl", "", "first line"),
        ("gpl", "JASC-PAL\n0100", "'JASC-PAL', not 'GIMP Palette'"),
        ("gpl", "GIMP Palette\nName: x\n", "no colours"),
        ("gpl", "GIMP Palette\n1 2\n", "line 2 is '1 2'"),
        ("gpl", "GIMP Palette\n#\n1 2 256\n", "line 3 is '1 2 256'"),
        ("ase", b"", "begins with b''"),
        ("ase", b"ASEF", "cut short"),
        ("ase", b"ASEF\0\2\0\0\0\0\0\0", "version 2"),
        ("ase", b"ASEF\0\1\0\0\0\0\0\0", "no colours"),
        ("ase", b"ASEF\0\1\0\0\xff\xff\xff\xff", "cut short"),
        ("ase", ase(b"HSV " + struct.pack(">3fH", 0, 0, 0, 2)), "colour model b'HSV '"),
        ("ase", ase(b"RGB " + struct.pack(">2f", 0, 0)), "block 0 is cut short"),
        ("ase", ase(b"RGB " + struct.pack(">3fH", float("nan"), 0, 0, 2)), "nan|finite"),
        ("ase", "text", "bytes"),
        ("aco", b"", "cut short"),
        ("aco", b"\0\3\0\1", "version 3"),
        ("aco", b"\0\1\0\0", "no colours"),
        ("aco", b"\0\1\0\2" + bytes(10), "cut short"),
        ("aco", b"\0\2\0\1" + bytes(10) + b"\xff\xff\xff\xff", "cut short"),
        ("aco", struct.pack(">HH5H", 1, 1, 3, 0, 0, 0, 0), "colour space 3"),
        ("svg", "<svg", "not XML"),
        ("svg", "<svg/>", "no shape"),
        (
            "svg",
            '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><svg>&c;</svg>',
            "document type declares '<!ENTITY'",
        ),
        ("svg", '<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><svg>&a;</svg>', "document type declares"),
        ("svg", '<!DOCTYPE x [<!ENTITY % a "b"> %a;]><svg/>', "document type declares"),
        ("svg", "<!DOCTYPE svg [<svg/>", "not closed"),
        ("svg", f'<!DOCTYPE x [<!ENTITY a "{"b" * 3000}">]><svg>{"&a;" * 3000}</svg>', "come to 9,006,000 letters"),
        ("svg", '<svg><rect fill="#12g"/></svg>', "colour 0|color 0|12g"),
        ("png", b"", "not a PNG"),
        ("png", b"\x89PNG\r\n\x1a\n", "not a PNG"),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged: its parts make no sense"),
        ("png", png((300, 300), np.random.default_rng(0).integers(0, 256, (300, 300, 3))), "different colours"),
        ("png", png((1, 1), [1, 2, 3, 128]), "translucent"),
        ("png", png((1, 1), [1, 2, 3, 0]), "0 different colours"),
        ("ansi", "no escapes", "no truecolor"),
        ("ansi", "\x1b[48;2;256;0;0m", "above 255"),
        ("mpl", "lines.linewidth: 2", "axes.prop_cycle"),
        ("mpl", "axes.prop_cycle: cycler('color', [])", "empty"),
        ("mpl", "axes.prop_cycle: cycler('color', ['__import__'])", "__import__"),
    ],
)
def test_a_broken_file_is_refused_in_clear_words(format, data, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        read(data, format)
    assert caught.value.code == "palette-file"
    assert str(caught.value).startswith(f"not a palette in the {format} format: ")
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("format", formats.FORMATS)
def test_cut_off_and_spoilt_files_never_crash(format):
    written = SAMPLE.to(format)
    whole = written.encode() if isinstance(written, str) else written
    rng = np.random.default_rng(1)
    step = max(1, len(whole) // 60)
    codes = set()
    for cut in range(0, len(whole), step):
        spoilt = bytearray(whole)
        spoilt[cut] = int(rng.integers(256))
        codes |= {outcome(whole[:cut], format), outcome(bytes(spoilt), format)}
    assert codes <= {"read", "palette-file"}
    assert "palette-file" in codes


def outcome(data: bytes, format: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FfcolorWarning)
        try:
            palette = read(data, format)
        except FfcolorError as error:
            return error.code
    return "read" if np.isfinite(palette.colors).all() else "nonsense"


def test_a_png_that_claims_to_be_huge_is_not_unpacked():
    data = bytearray(SAMPLE.to("png"))
    data[16:24] = struct.pack(">II", 1 << 20, 1 << 20)
    with pytest.raises(FfcolorError, match="1,048,576 × 1,048,576"):
        read(bytes(data), "png")


def test_lab_colors_outside_srgb_come_inside_with_a_warning():
    with pytest.warns(FfcolorWarning, match="1 of 2 colours lie outside sRGB"):
        palette = read(
            ase(b"LAB " + struct.pack(">3fH", 0.5, 120, -120, 2), b"Gray" + struct.pack(">fH", 0.25, 2)), "ase"
        )
    assert palette.colors.min() >= 0
    assert palette.colors.max() <= 1


# ---- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", formats.FORMATS)
def test_save_and_load_by_suffix(format, tmp_path):
    for suffix in formats.FORMATS[format].suffixes:
        assert formats.guess(tmp_path / f"x{suffix.upper()}") == format
        SAMPLE.save(tmp_path / f"x{suffix}")
        assert Palette.load(tmp_path / f"x{suffix}") == SAMPLE
    SAMPLE.save(tmp_path / "odd.name", format)
    assert Palette.load(tmp_path / "odd.name", format) == SAMPLE
    assert len(list(tmp_path.iterdir())) == len(formats.FORMATS[format].suffixes) + 1


def test_suffixes_are_unique():
    suffixes = [suffix for row in formats.FORMATS.values() for suffix in row.suffixes]
    assert len(set(suffixes)) == len(suffixes)


def test_files_fail_clearly(tmp_path: Path):
    for path, gist in [("x.xyz", r"'.xyz'.*\.hex, .*\.css"), ("x", "no suffix"), ("x.gpl.bak", "'.bak'")]:
        with pytest.raises(FfcolorError, match=gist) as caught:
            SAMPLE.save(tmp_path / path)
        assert caught.value.code == "palette-format"
    with pytest.raises(FfcolorError, match="'jpg' is not a palette format: did you mean 'png'"):
        SAMPLE.to("jpg")
    with pytest.raises(FfcolorError, match="no such file") as caught:
        Palette.load(tmp_path / "none.gpl")
    assert caught.value.code == "file-read"
    with pytest.raises(FfcolorError, match="there is no folder") as caught:
        SAMPLE.save(tmp_path / "none" / "x.gpl")
    assert caught.value.code == "file-write"
    (tmp_path / "bad.gpl").write_text("nonsense")
    with pytest.raises(FfcolorError, match=r"bad\.gpl': not a palette in the gpl format: its first line is 'nonsense'"):
        Palette.load(tmp_path / "bad.gpl")
    with open(tmp_path / "big.json", "wb") as file:
        file.truncate(formats.LARGEST_FILE + 1)
    with pytest.raises(FfcolorError, match="larger than"):
        Palette.load(tmp_path / "big.json")


def test_saving_replaces_at_once_and_leaves_nothing_behind(tmp_path, monkeypatch):
    import os

    from ffcolor.files import write_atomically

    path = tmp_path / "x.hex"
    SAMPLE.save(path)
    path.chmod(0o600)
    before = path.read_bytes()

    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(FfcolorError, match="no space left"):
            Palette(["red"]).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    link = tmp_path / "link.hex"
    link.symlink_to(path)
    Palette(["red"]).save(link)
    assert link.is_symlink()
    assert path.read_text() == "#FF0000\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FfcolorError, match="cannot write"):
        write_atomically(tmp_path, b"x")
    with pytest.raises(FfcolorError, match="cannot write"):
        write_atomically("nul\0", b"x")
    write_atomically(os.devnull, b"x")


def test_exactness_does_not_hang_on_how_numpy_prints():
    palette = Palette(np.array([[0.1, 1 / 3, 0.4140625]], dtype=np.float32))
    with np.printoptions(legacy="1.13", precision=3):
        text = palette.to("json")
    assert text == palette.to("json")
    assert read(text, "json").colors.tobytes() == palette.colors.tobytes()


@pytest.mark.parametrize(
    "kind",
    [
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        """<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' "svg11.dtd" [
            <!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!-- as drawing programs write it -->
            <!ENTITY red '#E67F86'>
            <!ATTLIST svg xmlns:a CDATA #FIXED "http://example.org">
        ]>""",
        "<!DOCTYPE svg>",
    ],
)
def test_a_drawing_may_have_a_document_type(kind):
    red = "&red;" if "red" in kind else "#E67F86"
    text = f'<?xml version="1.0"?>\n{kind}<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0" fill="{red}"/></svg>'
    assert Palette.of(read(text, "svg")).hex == ["#E67F86"]
