"""Palette: a value with names that behaves like a sequence of hexes and shows itself."""

from __future__ import annotations

import copy
import itertools
import os
import pickle
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor import FfcolorError, Palette, streams

THREE = Palette(["#E67F86", "#D06546", "#1316BB"], ["Dusty rose", None, "ink"], "Winter")


def test_the_nearest_two_by_coloraide():
    for seed in range(5):
        palette = Palette(streams.genesis(seed, 1, 9))
        pairs = itertools.combinations(map(Color, palette), 2)
        assert palette.min_delta_e() == pytest.approx(min(a.delta_e(b, method="2000") for a, b in pairs), abs=0.02)
    assert Palette(["red", "blue", "red"]).min_delta_e() == 0
    assert Palette("red").min_delta_e() == float("inf")


@given(st.integers(0, 99), st.integers(1, 20), st.integers(-25, 25), st.integers(-25, 25), st.sampled_from([1, 2, -1]))
@settings(deadline=None, max_examples=60)
def test_a_slice_is_a_palette_of_what_a_list_would_give(seed, count, start, stop, step):
    names = [f"name {i}" for i in range(count)]
    palette = Palette(streams.hash(seed, 0, count), names, "all")
    cut = slice(start, stop, step)
    if not palette.hex[cut]:
        with pytest.raises(FfcolorError):
            palette[cut]
        return
    assert palette[cut].hex == palette.hex[cut]
    assert list(palette[cut].names) == names[cut]
    assert palette[cut].title == "all"


def test_it_is_a_sequence_of_hexes():
    assert list(THREE) == THREE.hex == ["#E67F86", "#D06546", "#1316BB"]
    assert len(THREE) == 3
    assert THREE[-1] == "#1316BB"
    assert list(reversed(THREE)) == THREE[::-1].hex
    assert "#e67f86" in THREE
    assert [208, 101, 70] in THREE
    assert "red" not in THREE
    assert THREE.index("#d06546") == 1
    assert Palette(["red", "blue", "red"]).index("red", 1) == 2
    assert Palette(["red", "blue", "#f00"]).count("red") == 2
    with pytest.raises(FfcolorError, match="'red' is not in Palette 'Winter' of 3"):
        THREE.index("red")
    with pytest.raises(IndexError):
        THREE[3]


def test_it_is_a_value():
    same = Palette(THREE.colors.copy(), title="other")
    assert same == THREE
    assert hash(same) == hash(THREE)
    assert {THREE: 1}[same] == 1
    assert THREE[::-1] != THREE
    assert THREE[:2] != THREE
    assert THREE.hex != THREE
    assert Palette(np.float32([[0.1, 0.2, 0.3]])) != Palette(Palette(np.float32([[0.1, 0.2, 0.3]])).hex)
    assert hash(Palette(np.float32([[-0.0, 0, 0]]))) == hash(Palette("black"))


def test_nothing_in_it_can_be_changed():
    source = np.float32([[0.5, 0.5, 0.5]])
    palette = Palette(source)
    source[:] = 0
    assert palette.hex == ["#808080"]
    with pytest.raises(ValueError, match="read-only"):
        palette.colors[0, 0] = 1
    palette.hex.append("x")
    assert palette.hex == ["#808080"]
    for name in ("colors", "title", "names", "anything"):
        with pytest.raises(AttributeError):
            setattr(palette, name, None)


def test_copies_keep_everything():
    for again in (pickle.loads(pickle.dumps(THREE)), copy.copy(THREE), copy.deepcopy(THREE)):
        assert again == THREE
        assert again.names == THREE.names
        assert again.title == "Winter"
        assert not again.colors.flags.writeable


def test_names_default_to_the_hex():
    assert THREE.names == ("Dusty rose", "#D06546", "ink")
    assert Palette("teal").names == ("#008080",)
    assert Palette("teal").title == "palette"


@pytest.mark.parametrize(
    ("arguments", "gist"),
    [
        ((["red", "blue"], ["one"]), "one name for a palette of 2; there must be one for each colour"),
        ((["red"], "x"), "names is 'x'; it must be a list of names"),
        ((["red"], [7]), "name 0 is int, not text"),
        ((["red"], ["x" * 1001]), "1,001 characters"),
        ((["red"], ["\ud800"]), "surrogate"),
        ((["red"], None, None), "the title is NoneType"),
        (([],), "colour"),
        ((np.zeros((65_536, 3), dtype=np.float32),), "65,536 colours are too many"),
        ((["#12g"],), "#12g"),
    ],
)
def test_what_it_refuses(arguments, gist):
    with pytest.raises(FfcolorError, match=gist):
        Palette(*arguments)


def test_its_repr_is_a_sentence():
    assert repr(THREE) == "Palette 'Winter' of 3 colours: #E67F86 #D06546 #1316BB"
    assert repr(Palette("red")) == "Palette 'palette' of 1 colour: #FF0000"
    assert repr(Palette(streams.hash(1, 0, 2000))).endswith("and 1,984 more")


@pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 12, 13, 64, 65, 256, 1025])
def test_drawings_hold_every_color_once_and_overlap_nowhere(count):
    palette = Palette(streams.hash(1, 0, count), title="<b>")
    root = ElementTree.fromstring(palette._repr_svg_())
    rects = [r for r in root.iter("{http://www.w3.org/2000/svg}rect") if r.get("class") == "swatch"]
    assert [r.get("fill") for r in rects] == palette.hex
    corners = {(int(r.get("x", 0)), int(r.get("y", 0))) for r in rects}
    assert len(corners) == count
    width, height = int(rects[0].get("width", 0)), int(rects[0].get("height", 0))
    assert all(abs(a[0] - b[0]) >= width or abs(a[1] - b[1]) >= height for a, b in itertools.pairwise(sorted(corners)))
    assert 0.25 < int(root.get("width", 0)) / int(root.get("height", 0)) < 7


def test_html_is_well_formed_and_harmless():
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.seen: set[str] = set()

        def handle_starttag(self, tag, attrs):
            self.seen.add(tag)
            self.open.append(tag)
            assert not any(name.startswith("on") for name, _ in attrs)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    tags = Tags()
    tags.feed(Palette(["red", "blue"], ["<script>alert(1)</script>", '" onload="x'], "</svg><img src=x>")._repr_html_())
    tags.close()
    assert not tags.open
    assert tags.seen == {"div", "svg", "title", "rect", "text", "tspan"}


def test_ansi_has_two_lines_a_row():
    lines = THREE.ansi().splitlines()
    assert len(lines) == 2
    assert "\x1b[48;2;230;127;134m\x1b[38;2;0;0;0m #E67F86 " in lines[1]
    assert len(THREE.ansi(labels=False).splitlines()) == 1


@pytest.mark.needs("matplotlib")
def test_colormap():
    assert THREE.colormap().name == "Winter"
    assert np.allclose(THREE.colormap().colors, THREE.colors)


def test_the_same_bytes_whatever_the_hash_seed():
    program = (
        "import hashlib, ffcolor\n"
        "from ffcolor.palette import formats\n"
        "p = ffcolor.Palette(ffcolor.streams.genesis(7, 1, 20), title='t')\n"
        "for f in formats.FORMATS:\n"
        "    w = p.to(f)\n"
        "    print(f, hashlib.sha256(w if isinstance(w, bytes) else w.encode()).hexdigest())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "42")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 10


def test_a_palette_costs_no_heavy_import():
    program = (
        "import sys, ffcolor.palette, ffcolor.palette.formats\n"
        "p = ffcolor.Palette(['#f00', '#088'])\n"
        "[p.to(f) for f in ('hex', 'css', 'json', 'gpl', 'ase', 'aco', 'svg', 'ansi', 'mpl')]\n"
        "print({'torch', 'matplotlib', 'colour', 'PIL.Image'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
