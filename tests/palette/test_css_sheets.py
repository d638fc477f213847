"""Style sheets as people have them: read as far as they can be, the rest noted by property and line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError, FfcolorWarning, Palette
from ffcolor.color import css_tokens
from ffcolor.doors.sources import read_source
from ffcolor.palette.formats import read
from ffcolor.palette.formats.css_properties import Sheet

PIECES = ("--a", "--b", ":", ";", "{", "}", "#e67f86", "var(--a)", "var(--b, red)", "/*", "*/", "'", "\\", "!important")


@pytest.mark.parametrize(
    ("text", "hexes", "notes"),
    [
        ("--a: #fff; --b: rgba(0 0 0 / .2)", ["#FFFFFF"], ["line 1, --b: rgba(0 0 0 / .2) is translucent (alpha 0.2)"]),
        ("--a: #fff;\n--b: transparent", ["#FFFFFF"], ["line 2, --b: transparent is translucent (alpha 0)"]),
        ("--a: oklch(80.8% 0.114 19.571)", ["#FFA2A2"], ["line 1, --a: oklch(80.8% 0.114 19.571) is outside sRGB and"]),
        ("--a: rgb(300 0 0)", ["#FF0000"], ["line 1, --a: rgb(300 0 0) is outside 0..255 and became rgb(255 0 0)"]),
        ("--a: #fff; --b: #12g", ["#FFFFFF"], ["line 1, --b: '#12g' is not a colour: 'g' is not a hex digit"]),
        ("--a: #fff; --b: hsl(var(--h) 1% 1%)", ["#FFFFFF"], ["line 1, --b: --h is not declared"]),
        ("--a: #fff; --b: rgb(var(--b) 1 1)", ["#FFFFFF"], ["line 1, --b: --b names itself"]),
        ("--a: #e67f86 !important; --b:#1316bb ! IMPORTANT", ["#E67F86", "#1316BB"], []),
        ("--rgb: 19, 22, 187; --a: rgb(var(--rgb))", ["#1316BB"], []),
        ("--h: 200; --a: hsl(var(--h) 50% 50%)", ["#4095BF"], []),
        ("--a: hsl(var(--h, 200) 50% var(--l, var(--m, 50%)))", ["#4095BF"], []),
        ("--a: var(--nothing, teal); --b: var(--a); --c: var(--c)", ["#008080"], []),
        ("--a: #888 #eee; --b: #111, #222", ["#888888", "#EEEEEE", "#111111", "#222222"], []),
        ("--a: 1px solid #ccc; --b: 0 1px rgb(0 0 0); --c: teal", ["#008080"], []),
        ("--a: url(x;--y:#fff); --b: 'a;--c:#fff;'; --c: teal", ["#008080"], []),
        ("--\\31 0: #e67f86; --A: teal; --a: red", ["#E67F86", "#008080", "#FF0000"], []),
        ("@x '/*'; a{--a: #e67f86} /* end */ b{--b: teal}", ["#E67F86", "#008080"], []),
        ("<!-- :root{--a: teal} -->", ["#008080"], []),
        ("a{&:hover{--a: teal}--b: red}", ["#008080", "#FF0000"], []),
        ("--a:/* c */teal/* d */;", ["#008080"], []),
        ("--a: light-dark(teal, red); --b: color-mix(in srgb, red, blue)", ["#008080", "#800080"], []),
        ("--a: {--b: red}; --c: teal", ["#008080"], []),
        ("--a: teal; --b: currentColor; --c: inherit; --d: Canvas; --e: initial", ["#008080"], []),
    ],
)
@pytest.mark.parametrize("wrap", ["{}", ":root {{ {} }}", "@layer x {{ :root {{ {} }} }}"])
def test_sheets(text, hexes, notes, wrap):
    found = read(wrap.format(text), "css")
    assert found.hex == hexes
    assert len(found.notes) == len(notes)
    assert all(note.startswith(start) for note, start in zip(found.notes, notes, strict=True)), found.notes


def test_a_property_is_looked_up_where_the_page_would():
    text = """
    :root { --ink: #111111; --l: 10% }
    .soft { --l: 50%; --a: hsl(0 0% var(--l)) }
    .plain { --b: hsl(0 0% var(--l)) }
    @media (prefers-color-scheme: dark) { :root { --l: 90% } .plain { --c: hsl(0 0% var(--l)) } }
    """
    found = read(text, "css")
    assert dict(zip(found.names, found.hex, strict=True)) == {
        "ink": "#111111", "a": "#808080", "b": "#1A1A1A", "c": "#E6E6E6"
    }  # fmt: skip


def test_values_do_not_grow_without_end():
    bombs = "".join(f"--x{n}: var(--x{n + 1}) var(--x{n + 1});" for n in range(25))
    found = read(f"{bombs} --x25: red red; --a: rgb(var(--x0)); --b: teal;", "css")
    assert "#008080" in found.hex
    assert any("too long" in note for note in found.notes)


@pytest.mark.parametrize("piece", ["/*", "!--", '"', "url(", "\\", "--a", "--a:", "{", "(", "--a:(", "[", "<!--", "}"])
def test_the_reader_takes_as_many_tokens_as_there_are(piece):
    counts = [len([*css_tokens.tokens(piece * number)]) for number in (500, 1000)]
    assert counts[1] <= 2 * counts[0] + 2
    Sheet(piece * 1000)


def test_both_doors_warn_of_what_was_left_out(tmp_path):
    path = tmp_path / "a.css"
    path.write_text("--a: teal;\n" + "--b: #0008;\n" * 9)
    with pytest.warns(FfcolorWarning, match=r"a.css': line 2, --b: .* and 4 more"):
        assert Palette.load(path).hex == ["#008080"]
    with pytest.warns(FfcolorWarning, match="line 3, --b"):
        assert read_source(str(path)).hex == ["#008080"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_whatever_is_written_is_read_or_refused(text):
    with contextlib.suppress(FfcolorError):
        found = read(text, "css")
        assert len(found) == len(found.names)
