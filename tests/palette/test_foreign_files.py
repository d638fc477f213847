"""Files of other programs, with their right answers: each small case at its door, then format by format."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import numpy as np
import pytest

from ffcolor import FfcolorError, FfcolorWarning, Palette, read_colors
from ffcolor.color.images import open_image
from ffcolor.doors.sources import read_source, read_sources
from ffcolor.palette import Content, formats

CASES = Path(__file__).parent.parent / "data" / "cases"
TWO = ["#E67F86", "#1316BB"]
BLUE = ["#1316BB"]

# The door (a source of the shell, Palette.load, or open_image), what is right (all colours, or some of them, or only
# these), and by how many levels of a channel it may be off.
RIGHT = {
    "ase-empty-group.ase": ("source", "all", TWO, 0),
    "css-calc-relative.css": ("source", "some", TWO, 0),
    "css-escaped-name.css": ("source", "all", TWO, 0),
    "css-gamut.css": ("source", "all", ["#FFA2A2", "#1316BB"], 0),
    "css-glob-in-string.css": ("source", "all", TWO, 0),
    "css-important.css": ("source", "all", TWO, 0),
    "css-translucent.css": ("source", "some", TWO, 0),
    "css-two-colours.css": ("source", "some", BLUE, 0),
    "css-var.css": ("source", "some", BLUE, 0),
    "gpl-formfeed-name.gpl": ("source", "all", TWO, 0),
    "gpl-rgba.gpl": ("load", "all", TWO, 0),
    "gpl-u2028-name.gpl": ("source", "all", TWO, 0),
    "jasc.pal": ("source", "all", TWO, 0),
    "logo-clear.png": ("source", "only", ["#C81E28"], 0),
    "mpl-gray.mplstyle": ("source", "all", ["#000000", "#666666", "#999999", "#B3B3B3"], 1),
    "mpl-letters.mplstyle": ("source", "all", ["#000000", "#FF0000", "#0000FF", "#008000"], 0),
    "mpl-string.mplstyle": (
        *("source", "all"),
        ["#0000FF", "#008000", "#FF0000", "#00BFBF", "#BF00BF", "#BFBF00", "#000000"],
        0,
    ),
    "paintnet.txt": ("source", "all", TWO, 0),
    "paintnet-plain.txt": ("source", "refused", ["FFFF00FF' could be paint.net's AARRGGBB or CSS's RRGGBBAA"], 0),
    "png-gray16.png": ("load", "all", ["#000000", "#808080", "#FFFFFF"], 0),
    "png-p3.png": ("load", "all", ["#DB2531", "#00B94D"], 2),
    "rgb-decimal.txt": ("load", "all", ["#E67F86", "#777ABB"], 0),
    "rgb-decimal-commas.hex": ("load", "all", ["#FFFAFA", "#D2B48C"], 0),
    "rgb-decimal-named.csv": ("source", "all", ["#6496C8"], 0),
    "riff.pal": ("source", "all", TWO, 0),
    "svg-class.svg": ("source", "all", TWO, 0),
    "svg-icc-color.svg": ("source", "all", ["#CD853F"], 0),
    "svg-important.svg": ("source", "all", TWO, 0),
    "swatches-3.png": ("source", "all", ["#E67F86", "#1316BB", "#008080"], 0),
}
ALPHA = {"alpha-indexed-icc.png": [0, 255, 255], "alpha-la-icc.png": [0, 255]}


def content(path: Path, door: str = "source") -> Content:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FfcolorWarning)
        return Palette.load(path).content if door == "load" else read_source(str(path))


def test_every_case_has_its_answer():
    assert {path.name for path in CASES.iterdir()} == {*RIGHT, *ALPHA}


@pytest.mark.parametrize("name", RIGHT)
def test_a_case(name):
    door, kind, right, most = RIGHT[name]
    if kind == "refused":
        with pytest.raises(FfcolorError, match=right[0]):
            content(CASES / name, door)
        return
    found = content(CASES / name, door).hex
    if kind == "some":
        assert set(right) <= set(found)
    elif kind == "only":
        assert set(found) == set(right)
    else:
        assert len(found) == len(right)
        channels = [np.array([[*bytes.fromhex(code[1:])] for code in codes]) for codes in (found, right)]
        assert np.abs(channels[0] - channels[1]).max() <= most


@pytest.mark.parametrize("name", ALPHA)
def test_alpha_is_kept_beside_a_profile(name):
    assert open_image(CASES / name)[..., 3].ravel().tolist() == ALPHA[name]


# ---- Adobe -------------------------------------------------------------------------------------------------------


def ase(*colors: tuple[str, bytes], major: int = 1) -> bytes:
    blocks = b""
    for name, body in colors:
        text = (name + "\0").encode("utf-16-be")
        blocks += struct.pack(">HIH", 1, 2 + len(text) + len(body), len(text) // 2) + text + body
    return struct.pack(">4sHHI", b"ASEF", major, 0, len(colors)) + blocks


INK = b"CMYK" + struct.pack(">4fH", 0.1, 0.45, 0.42, 0.0, 2)
PAPER = b"RGB " + struct.pack(">3fH", 1, 1, 1, 2)
ODD = b"HSB " + struct.pack(">3fH", 0, 0, 0, 2)


def test_inks_are_converted_by_the_naive_formula_and_said():
    found = formats.read(ase(("rose", INK), ("paper", PAPER)), "ase")
    assert found.hex == ["#E68C94", "#FFFFFF"]
    assert found.notes == ("colour 'rose' in CMYK became (1 - ink)(1 - black): the look depends on the press",)


def test_a_swatch_of_an_unknown_model_is_left_out_and_named():
    found = formats.read(ase(("odd", ODD), ("paper", PAPER)), "ase")
    assert (found.hex, list(found.names)) == (["#FFFFFF"], ["paper"])
    assert found.notes == ("colour 'odd' is in the colour model b'HSB '; RGB, Gray, CMYK and LAB are read",)


def test_version_0_is_read_as_version_1():
    assert formats.read(ase(("paper", PAPER), major=0), "ase").hex == ["#FFFFFF"]


def test_grey_and_inks_of_aco():
    rows = [(8, 0, 0, 0, 0), (8, 10000, 0, 0, 0), (8, 5000, 0, 0, 0), (2, 65535, 0, 65535, 65535), (3, 0, 0, 0, 0)]
    found = formats.read(struct.pack(">HH", 1, 5) + b"".join(struct.pack(">5H", *row) for row in rows), "aco")
    assert found.hex == ["#FFFFFF", "#000000", "#808080", "#FF00FF"]
    assert [note.split(";")[0] for note in found.notes] == [
        "colour number 0, number 1, number 2 in grey was read as ink, so that 100 % is black",
        "colour number 3 in CMYK became (1 - ink)(1 - black): the look depends on the press",
        "colour number 4 is in colour space 3",
    ]


def test_aco_rounds_as_hex_does():
    edges = ((np.arange(255) + 0.5) / 255).astype(np.float32)
    values = np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, 1)]).reshape(-1, 3)
    palette = Palette(values)
    assert formats.read(palette.to("aco"), "aco").hex == palette.hex


# ---- text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["\f", "\v", "\x85", "\u2028", "\u2029", "\x1c"])
def test_only_newlines_part_the_lines_of_gpl(mark):
    found = formats.read(f"GIMP Palette\n255 0 0\ta{mark}b\r\n0 0 255 c\r0 0 0 d", "gpl")
    assert found.names == (f"a{mark}b", "c", "d")


def test_translucent_colors_of_gpl_are_left_out_and_said():
    found = formats.read("GIMP Palette\nChannels: RGBA\n1 2 3 255 kept\n1 2 3 128 half\n", "gpl")
    assert (found.hex, found.names) == (["#010203"], ("kept",))
    assert found.notes == ("line 4, half: translucent (alpha 128), left out",)


@pytest.mark.parametrize(
    ("items", "right"),
    [
        ("['k', 'tab:blue', 'C1', 'xkcd:dusty pink']", ["#000000", "#1F77B4", "#FF7F0E", "#D58A94"]),
        ("['xkcd:light grey', 'xkcd:light gray']", ["#D8DCD6", "#D8DCD6"]),
        ("[(1, 0, 0), (0.0, 0.5, 1)]", ["#FF0000", "#0080FF"]),
        ("('r', '0', '1.0', '.5')", ["#FF0000", "#000000", "#FFFFFF", "#808080"]),
        ("['C01234', '0e1234', '123456']", ["#C01234", "#0E1234", "#123456"]),
        ('["#E67F86", "c"]', ["#E67F86", "#00BFBF"]),
    ],
)
def test_colors_as_matplotlib_writes_them(items, right):
    text = f"axes.prop_cycle: cycler('ls', ['-', '--']) + cycler('color', {items})  # x [ color"
    assert formats.read(text, "mpl").hex == right


@pytest.mark.needs("matplotlib")
def test_matplotlib_reads_what_could_be_taken_for_a_place_in_its_cycle(tmp_path):
    from matplotlib import rc_params_from_file

    Palette(["#C01234", "#0E1234"]).save(tmp_path / "x.mplstyle")
    cycle = rc_params_from_file(tmp_path / "x.mplstyle", use_default_template=False)["axes.prop_cycle"]
    assert [color.upper() for color in cycle.by_key()["color"]] == ["#C01234", "#0E1234"]


@pytest.mark.parametrize(
    ("text", "right", "names"),
    [
        (
            "! $Xorg: rgb.txt\n255 250 250\t\tsnow\n248 248 255\t\tghost white\n",
            ["#FFFAFA", "#F8F8FF"],
            "snow|ghost white",
        ),
        ("1;2;3\n100; 150; 200 ;tan", ["#010203", "#6496C8"], "|tan"),
    ],
)
def test_decimal_triples(text, right, names, tmp_path):
    (tmp_path / "x.txt").write_text(text)
    for door in ("source", "load"):
        found = content(tmp_path / "x.txt", door)
        assert (found.hex, [*found.labels]) == (right, [n or c for n, c in zip(names.split("|"), right, strict=True)])


def test_triples_that_could_be_hex_are_said():
    with pytest.warns(FfcolorWarning, match="read as red, green and blue from 0 to 255"):
        Palette.load(CASES / "rgb-decimal.txt")


@pytest.mark.parametrize("text", ["100,150,200,tan", "tan 100 150 200", "100 150 200", "fff 0ff 100 150 200"])
def test_triples_in_an_argument_are_refused(text):
    with pytest.raises(FfcolorError, match="could be numbers or hex"):
        read_source(text)


@pytest.mark.parametrize(
    "words", [("230", "127", "134"), ("1", "2", "3", "4"), (".9", ".2", ".1"), ("000", "111", "222")]
)
def test_triples_in_three_arguments_or_items_are_refused(words):
    for read in (read_sources, read_colors):
        with pytest.raises(FfcolorError, match="could be numbers or hex") as caught:
            read(list(words))
        assert caught.value.code == "ambiguous-scale"


@pytest.mark.parametrize("text", ["1 2 3 4\n5 6 7 8\n", "100 100 300\n", "1 2\n", "100 150 200\nred\n"])
def test_lines_that_are_no_triples_are_refused(text, tmp_path):
    for name in ("x.txt", "x.csv"):
        (tmp_path / name).write_text(text)
        with pytest.raises(FfcolorError):
            read_source(str(tmp_path / name))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("; paint.net\nFFE67F86\n1316BB ; ink\n00FFFFFF\n", TWO),
        ("FFE67F86\nFF1316BB\n", TWO),
        ("E67F86FF\n1316BBFF\n", TWO),
    ],
)
def test_eight_digits(text, right, tmp_path):
    (tmp_path / "x.txt").write_text(text)
    for door in ("source", "load"):
        assert content(tmp_path / "x.txt", door).hex == right
    assert formats.read(text, "hex").notes


# ---- tables that are only read -----------------------------------------------------------------------------------

SOC = (
    '<?xml version="1.0"?><office:color-table xmlns:office="o" xmlns:draw="d">'
    '<draw:color draw:name="rose" draw:color="#e67f86"/><draw:color draw:name="ink" draw:color="#1316bb"/>'
    "</office:color-table>"
)
SCHEME = "[General]\nName=x\n\n[Colors:Window]\nBackgroundNormal=230,127,134\nForegroundNormal=19,22,187\n"
TABLES = {
    "soc": (SOC.encode(), ["rose", "ink"]),
    "colors": (SCHEME.encode(), ["Window BackgroundNormal", "Window ForegroundNormal"]),
    "pal": (b"JASC-PAL\r\n0100\r\n2\r\n230 127 134\r\n19 22 187\r\n", TWO),
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_by_suffix_and_by_content(kind, tmp_path):
    data, names = TABLES[kind]
    (tmp_path / f"x.{kind}").write_bytes(data)
    for found in (Palette.load(tmp_path / f"x.{kind}").content, read_source("-", lambda: data)):
        assert (found.hex, found.labels) == (TWO, names)


def test_kde_palettes_and_colour_tables(tmp_path):
    assert formats.read("KDE RGB Palette\n#\n230 127 134 rose\n19 22 187\n", "colors").labels == ["rose", "#1316BB"]
    table = bytes.fromhex("E67F861316BB") + bytes(762)
    assert formats.read(table + b"\0\2\xff\xff", "act").hex == TWO
    assert len(formats.read(table, "act")) == 256


@pytest.mark.parametrize(
    ("kind", "data", "gist"),
    [
        ("pal", b"JASC-PAL\n0100\n3\n1 2 3\n", "3 colours were expected, and there are 1"),
        ("pal", b"JASC-PAL\n0100\n1\n1 2 300\n", "line 4 is '1 2 300'"),
        ("pal", b"JASC-PAL\r\n0100\r\n2\x1d\n1 2 3\r\n", "2 colours were expected, and there are 1"),
        ("pal", b"RIFF\x18\0\0\0PAL data\x0c\0\0\0\0\3\2\0", "cut short"),
        ("pal", b"RIFF\x18\0\0\0WAVEdata", "b'WAVE'"),
        ("pal", b"", "neither with 'RIFF' nor with 'JASC-PAL'"),
        ("act", b"12", "768 or 772"),
        ("soc", "<x/>", "no colours"),
        ("soc", '<x color="red"/>', "not #rrggbb"),
        ("colors", "[x]\n", "Name=red,green,blue"),
        ("rgb", "", "no colours"),
        ("paintnet", "; x", "no colours"),
        ("paintnet", "; x\n12FFFFFF", "every colour of it is translucent: 12FFFFFF"),
        ("paintnet", "; x\nred", "colour 0 is 'red'"),
    ],
)
def test_broken_tables_are_refused_in_clear_words(kind, data, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        formats.read(data, kind)
    assert caught.value.code == "palette-file"


def test_tables_are_not_written(tmp_path):
    with pytest.raises(FfcolorError, match="the pal format is only read, not written; there are hex"):
        Palette(["red"]).save(tmp_path / "x.pal")


# ---- SVG ---------------------------------------------------------------------------------------------------------


def svg(body: str, sheet: str = "") -> list[str]:
    return formats.read(f'<svg xmlns="http://www.w3.org/2000/svg"><style>{sheet}</style>{body}</svg>', "svg").hex


@pytest.mark.parametrize(
    ("body", "sheet", "right"),
    [
        ('<g fill="red"><rect/><g><rect fill="inherit"/></g></g>', "", ["#FF0000", "#FF0000"]),
        ('<g style="fill: red"><rect fill="none"/><rect fill="lime"/></g>', "", ["#00FF00"]),
        ('<rect class="a b" fill="red"/>', ".a.b{fill:lime} .a{fill:blue}", ["#00FF00"]),
        ('<rect id="x" class="a"/>', "#x{fill:lime} .a{fill:blue} rect{fill:red}", ["#00FF00"]),
        ('<rect class="a" style="fill:red"/>', ".a{fill:lime!important}", ["#00FF00"]),
        ('<rect class="a" style="fill:red !important"/>', ".a{fill:lime!important}", ["#FF0000"]),
        ('<g class="k"><g><rect/></g></g><rect fill="blue"/>', ".k rect, circle {fill:lime}", ["#00FF00", "#0000FF"]),
        ('<g class="k"><g><rect fill="red"/></g></g>', ".k > rect {fill:lime}", ["#FF0000"]),
        ('<rect class="a"/>', ".a{fill:red} .a{fill:lime; stroke: blue}", ["#00FF00"]),
        ('<rect class="a"/>', "<![CDATA[ /* { */ .a{fill:lime} ]]>", ["#00FF00"]),
        ('<rect fill="#cd853f icc-color(press, 0.1, 0.2)"/>', "", ["#CD853F"]),
        ('<rect style="fill:rgb(0 255 0);stroke:x"/>', "", ["#00FF00"]),
    ],
)
def test_fills(body, sheet, right):
    assert svg(body, sheet) == right


def test_fills_and_rules_that_are_not_read_are_said():
    text = '<svg><style>.a:hover{fill:red}</style><rect fill="#12g"/><rect fill="red"/></svg>'
    found = formats.read(text, "svg")
    assert found.hex == ["#FF0000"]
    assert "'.a:hover' of its style sheet is not read" in found.notes[0]
    assert "<rect>: '#12g'" in found.notes[1]


def test_a_deep_drawing_is_refused():
    with pytest.raises(FfcolorError, match="deep in each other"):
        svg("<g>" * 5000 + '<rect fill="red"/>' + "</g>" * 5000)


def test_a_scheme_of_one_group_is_told_from_json():
    assert read_source("-", lambda: b"[Colors:Window]\nBackgroundNormal=230,127,134\n").hex == ["#E67F86"]
    assert read_source("-", lambda: b'["teal"]\n').hex == ["#008080"]
