"""The data that ships is what the script derives, and what the packages say that it comes from."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest

from ffcolor.color import read_colors, vision

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "derive_data.py"


@pytest.mark.needs("colour", "matplotlib")
def test_each_file_is_what_the_script_derives() -> None:
    spec = importlib.util.spec_from_file_location("derive_data", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    derived = script.derived()
    assert len(derived) == 7
    for path, data in derived.items():
        assert path.read_bytes().replace(b"\r\n", b"\n") == data.replace(b"\r\n", b"\n"), path


@pytest.mark.needs("colour")
@pytest.mark.parametrize("kind", vision.KINDS)
def test_the_matrices_are_those_of_colour_science(kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from colour.blindness import CVD_MATRICES_MACHADO2010

    name = {"protan": "Protanomaly", "deutan": "Deuteranomaly", "tritan": "Tritanomaly"}[kind]
    assert len(CVD_MATRICES_MACHADO2010[name]) == 11
    for severity, expected in CVD_MATRICES_MACHADO2010[name].items():
        np.testing.assert_array_equal(vision.matrix(kind, severity), expected)


@pytest.mark.needs("matplotlib")
def test_the_names_of_the_survey_are_those_of_matplotlib() -> None:
    from matplotlib.colors import XKCD_COLORS

    lines = (ROOT / "ffcolor" / "color" / "xkcd.txt").read_text(encoding="utf-8").splitlines()
    rows = dict(reversed(line.split(" ", 1)) for line in lines if not line.startswith("# "))
    assert rows == {name.removeprefix("xkcd:"): code for name, code in XKCD_COLORS.items()}
    assert "CC0" in "".join(lines[:3])


def test_the_names_of_css_are_those_of_pillow() -> None:
    from PIL.ImageColor import colormap, getrgb

    names = sorted(colormap)
    assert len(names) == 148
    np.testing.assert_array_equal(read_colors(names), np.float32([getrgb(name)[:3] for name in names]) / 255)


def test_the_licence_of_the_fonts_travels_with_them() -> None:
    folder = ROOT / "ffcolor" / "palette" / "fonts"
    assert len(list(folder.glob("*.ttf"))) == 3
    assert "Bitstream Vera" in (folder / "LICENSE_DEJAVU").read_text(encoding="utf-8")
