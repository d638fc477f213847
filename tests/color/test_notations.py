"""Munsell and CIE notations, against colour-science; and what is said where it is not installed."""

from __future__ import annotations

import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest

from ffcolor import FfcolorError, Palette, read_color, read_colors
from ffcolor.color import MUNSELL, space
from ffcolor.doors.sources import is_file, read_source

CHIPS = ("5R 4/14", "10PB 3/8", "2.5YR 6/12", "7.5gy 5/4", "5bg 5/6", "n5", "N 5/", "N5.2/", "N 9.5/", "N10", "N0")


def colour() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import colour

    return colour


def said(source: Any) -> FfcolorError:
    with pytest.raises(FfcolorError) as caught:
        read_colors(source)
    return caught.value


@pytest.mark.needs("colour")
@pytest.mark.parametrize("chip", CHIPS)
def test_munsell_agrees_with_colour_science(chip: str) -> None:
    oracle = colour()
    name = chip.upper().replace("N ", "N")
    white = oracle.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["C"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        xyz = oracle.xyY_to_XYZ(oracle.munsell_colour_to_xyY(name.rstrip("/") if name.startswith("N") else name))
        adapted = oracle.chromatic_adaptation(
            xyz,
            oracle.xy_to_XYZ(white),
            oracle.xy_to_XYZ(oracle.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]),
            transform="Bradford",
        )
        expected = np.clip(oracle.XYZ_to_sRGB(adapted), 0, 1)
    np.testing.assert_allclose(read_color(chip), expected, atol=1e-5)


@pytest.mark.needs("colour")
def test_a_published_chip_and_the_neutrals() -> None:
    lch = space.to_polar(space.srgb_to_lab(read_color("5R 4/14")))
    assert lch[0] == pytest.approx(41, abs=0.7)  # value 4 is L* 41
    neutral = space.srgb_to_lab(read_colors([f"N{value}" for value in range(2, 10)]))
    assert np.abs(neutral[:, 1:]).max() < 0.1
    assert np.diff(neutral[:, 0]).min() > 8


@pytest.mark.needs("colour")
def test_the_functions_agree_with_colour_science() -> None:
    oracle = colour()
    srgb = np.random.default_rng(3).random((20, 3)) * 0.9 + 0.05
    xyz = oracle.sRGB_to_XYZ(srgb)
    written = {
        "xyz": xyz,
        "xyY": oracle.XYZ_to_xyY(xyz),
        "luv": oracle.XYZ_to_Luv(xyz),
        "cam16-ucs": oracle.XYZ_to_CAM16UCS(xyz),
    }
    for name, numbers in written.items():
        texts = [f"{name}({' '.join(map(repr, row))})" for row in numbers.tolist()]
        np.testing.assert_allclose(read_colors(texts), srgb, atol=2e-4, err_msg=name)


@pytest.mark.needs("colour")
def test_they_mix_with_all_else_and_a_shell_takes_them_as_one() -> None:
    one, two = read_colors(["5R 4/14", "10PB 3/8"])
    text = "red, 5R 4/14, 10PB 3/8 #fff"
    np.testing.assert_array_equal(read_colors(text), np.stack([[1, 0, 0], one, two, [1, 1, 1]]).astype(np.float32))
    assert len(read_source("5R 4/14").colors) == 1
    assert len(read_source("5R 4/14,N 5/").colors) == 2
    assert Palette(["5R 4/14", "luv(50 30 20)", "xyz(0.3 0.4 0.2)"]).hex[0] == "#BC1A33"


def test_a_slash_of_munsell_names_no_file() -> None:
    assert not is_file("5R 4/14")
    assert not is_file("2.5YR 6/12, N 5/")
    assert is_file("./5R 4/14")
    assert is_file("5R 4/14.gpl")
    assert is_file("a/5R 4/14")
    assert not MUNSELL.search("#5b4")
    assert not MUNSELL.search("n5x teal")


@pytest.mark.needs("colour")
@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("5R 4/40", "invalid-color", "there is no such chip in the Munsell renotation"),
        ("11R 5/5", "invalid-color", "there is no such chip in the Munsell renotation"),
        ("5R 5/20", "out-of-gamut", "outside sRGB; the nearest inside is #"),
        ("xyz(2 0 0)", "out-of-gamut", "outside sRGB"),
        ("luv(50 30)", "invalid-color", "luv() takes three values"),
        ("cam16-ucs(50, 0, 0)", "invalid-color", "takes no commas"),
        ("xyz(1 x 0)", "invalid-color", "its Y 'x' is not a number"),
    ],
)
def test_what_is_no_colour_is_refused(text: str, code: str, says: str) -> None:
    error = said([text])
    assert error.code == code
    assert says in str(error)
    assert error.position == 0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("5R 4/14", "Munsell notation"),
        ("N5", "Munsell notation"),
        ("xyz(0.3 0.4 0.2)", "xyz()"),
        ("luv(1 2 3)", "luv()"),
    ],
)
def test_without_colour_science_the_extra_is_named(text: str, what: str) -> None:
    script = f"import sys; sys.modules['colour'] = None; from ffcolor.doors.cli import main; main(['show', {text!r}])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == f"ffcolor: {what} needs colour-science: pip install 'ffcolor[spaces]'\n"
