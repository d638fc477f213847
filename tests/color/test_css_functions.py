"""Colours that CSS works out, compared with coloraide where it can; what it cannot is worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError, FfcolorWarning, read_colors
from ffcolor.color import css_tokens, space
from ffcolor.color.css import parse_css
from ffcolor.color.css_functions import parse
from ffcolor.color.css_spaces import SPACES

PIECES = [
    "#e67f86",
    "rgb(",
    "color-mix(in oklch, ",
    "calc(",
    "from ",
    "1",
    " 2%",
    ",",
    "/",
    ")",
    "none",
    "'",
    "\\",
    "h",
]


def linear(numbers):
    return space.srgb_to_linear(np.asarray(numbers))


@pytest.mark.parametrize("name", [name for name in SPACES if name not in ("rgb", "hsl", "hwb")])
@given(color=st.tuples(*[st.floats(-0.1, 1.1)] * 3))
def test_spaces_agree_with_coloraide(name, color):
    own = SPACES[name].from_linear(np.array(color))
    assert SPACES[name].to_linear(own) == pytest.approx(color, abs=1e-6)
    known = Color("srgb-linear", color).convert({"lab": "lab", "lch": "lch", "xyz": "xyz-d65"}.get(name, name))
    if SPACES[name].hue is None:  # where chroma is next to nothing, a hue is noise
        assert own == pytest.approx(known.coords(nans=False), abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "color(display-p3 1 0.5 0.2)",
        "color(srgb 50% 0.2 none)",
        "color(srgb-linear 0.2 0.3 0.4 / 50%)",
        "color(a98-rgb 0.5 0.4 0.3)",
        "color(prophoto-rgb 0.5 0.4 0.3)",
        "color(rec2020 0.5 0.4 0.3)",
        "color(xyz 0.3 0.3 0.4)",
        "color(xyz-d50 0.3 0.3 0.4)",
        "COLOR( Display-P3  1 0.5 0.2 )",
    ],
)
def test_color_agrees_with_coloraide(text):
    found, known = parse_css(text), Color(text.strip().lower())
    assert linear(found.numbers) == pytest.approx(known.convert("srgb-linear").coords(nans=False), abs=1e-4)
    assert found.alpha == pytest.approx(known.alpha(nans=False))


@pytest.mark.parametrize("name", ["oklab", "oklch", "lab", "lch", "hsl", "hwb", "srgb", "srgb-linear", "xyz"])
@pytest.mark.parametrize("turn", ["shorter", "longer", "increasing", "decreasing"])
@pytest.mark.parametrize("sides", [("#e67f86", "#1316bb"), ("#e67f8680", "#1316bb40"), ("teal", "gold")])
def test_mixes_agree_with_coloraide(name, turn, sides):
    polar = SPACES[name].hue is not None
    text = f"color-mix(in {name}{f' {turn} hue' if polar else ''}, {sides[0]} 30%, {sides[1]})"
    known = Color.mix(
        *map(Color, sides),
        0.7,
        space={"xyz": "xyz-d65"}.get(name, name),
        premultiplied=True,
        **({"hue": turn} if polar else {}),
    )
    found = parse(text)
    assert linear(found.numbers) == pytest.approx(known.convert("srgb-linear").coords(nans=False), abs=1e-4)
    assert found.alpha == pytest.approx(known.alpha())


@pytest.mark.parametrize(
    ("text", "hexed", "alpha"),
    [
        ("oklch(calc(.6 + .1) .1 120)", "#96A85E", 1),
        ("rgb(from #123456 r g b / 50%)", "#123456", 0.5),
        ("rgb(from #12345680 r g b)", "#123456", 128 / 255),
        ("rgb(from #123456 b g r)", "#563412", 1),
        ("hsl(from teal calc(h + 30) s l)", "#004080", 1),
        ("hsl(from teal calc(h - -30deg) s l)", "#004080", 1),
        ("hwb(from red h 10% b)", "#FF1A1A", 1),
        ("color(from #336699 srgb r g b)", "#336699", 1),
        ("rgb(calc(255 / 2) max(1, 2) min(3%, 4))", "#800204", 1),
        ("rgb(clamp(0, 300, 200) round(1.6) calc(pi * 10))", "#C8021F", 1),
        ("rgb(calc((1 + 2) * 3) calc(1 -1) calc(10% * 2))", "#090033", 1),
        ("light-dark(#e67f86, #1316bb)", "#E67F86", 1),
        ("light-dark(rgb(1 2 3), rgb(from red r g b))", "#010203", 1),
        ("color-mix(in srgb, red, blue)", "#800080", 1),
        ("color-mix(in srgb, red 20%, blue 20%)", "#800080", 0.4),
        ("color-mix(in srgb, red 0%, blue)", "#0000FF", 1),
        ("color-mix(in srgb, 25% red, blue)", "#4000BF", 1),
        ("color-mix(in srgb, color-mix(in srgb, red, blue), transparent 20%)", "#800080", 0.8),
        ("color-mix(in oklch, white, hsl(none 0% 0%))", "#636363", 1),
        ("color-mix(red, blue)", "#8C53A2", 1),
        ("rgba(from red r g b / calc(alpha / 2))", "#FF0000", 0.5),
        ("lch(from color-mix(in lch, red, red) l c h)", "#FF0000", 1),
    ],
)
def test_what_is_worked_out(text, hexed, alpha):
    found = parse_css(text)
    numbers = np.array([found.numbers])
    srgb = numbers if found.to_srgb is None else found.to_srgb(numbers)
    assert np.abs(srgb * 255 - [[*bytes.fromhex(hexed[1:])]]).max() < 0.51
    assert found.alpha == pytest.approx(alpha)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rgb(calc(1 + ) 1 1)", "is not a number"),
        ("rgb(calc(1 / 0) 1 1)", "no result"),
        ("rgb(calc(infinity) 1 1)", "not a number for a channel"),
        ("rgb(calc(1deg) 1 1)", "an angle"),
        ("hsl(calc(1%) 1% 1%)", "a percentage"),
        ("hsl(calc(1deg + 1%) 1% 1%)", "mixes"),
        ("rgb(foo(1) 1 1)", "no foo()"),
        ("rgb(from red r g)", "three values"),
        ("rgb(from)", "three values"),
        ("rgb(from )", "a colour behind from"),
        ("rgb(from red r g x)", "'x'"),
        ("color(foo 1 1 1)", "the spaces srgb, "),
        ("color(oklch 1 1 1)", "the spaces srgb, "),
        ("color()", "the spaces srgb, "),
        ("color-mix(in srgb, red)", "two colours, not 1"),
        ("color-mix(in foo, red, blue)", "in with one of"),
        ("color-mix(in srgb, red 0%, blue 0%)", "are 0"),
        ("color-mix(in srgb, red 120%, blue)", "120 %"),
        ("color-mix(in srgb, red blue)", "two colours, not 1"),
        ("light-dark(red)", "two colours"),
        ("color-mix(in srgb, bluw, red)", "did you mean 'blue'"),
        ("rgb(" + "calc(" * 100 + "1", "three values"),
        ("rgb(" + "calc(" * 100 + "1" + ")" * 100 + " 1 1)", "too deep"),
        ("light-dark(" * 100 + "red, red)" + ", red)" * 99, "deeper"),
    ],
)
def test_what_cannot_be_worked_out(text, why):
    with pytest.raises(FfcolorError, match=why) as caught:
        parse_css(text)
    assert caught.value.code == "invalid-color"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_written_is_read_or_refused(text):
    try:
        found = parse(text)
    except FfcolorError:
        return
    assert len(found.numbers) == 3
    assert 0 <= found.alpha <= 1


@given(st.text(alphabet="-\\#@\"'/*()url<>!:;{} \n0aA.%e+é\x00", max_size=40))
def test_every_character_is_in_one_token(text):
    found = [*css_tokens.tokens(text)]
    assert "".join(text[token.start : token.end] for token in found) == text


def test_names_lose_their_escapes():
    (token,) = css_tokens.tokens(r"--\31 0\e9\ x\:")
    assert token.value == "--10é x:"
    (token,) = css_tokens.tokens(r"#\0 a\d800 b\110000 c")
    assert token.value == "\ufffda\ufffdb\ufffdc"


def test_rgb_is_clamped_as_in_css_and_says_so():
    with pytest.warns(FfcolorWarning, match=r"rgb\(300 0 0\) is outside 0..255 and became rgb\(255 0 0\)"):
        assert read_colors("rgb(300 0 0)").tolist() == [[1, 0, 0]]
    with pytest.warns(FfcolorWarning, match="outside"):
        assert read_colors(["rgb(-20, 128, 0)", "red"])[0].tolist() == pytest.approx([0, 128 / 255, 0])
