"""What one types becomes colours: the table of sources, row by row."""

import re

import numpy as np
import pytest
from PIL import Image

from ffcolor import FfcolorError, Palette, streams
from ffcolor.color import to_hex
from ffcolor.doors.sources import is_file, read_source, read_sources
from ffcolor.palette.formats import FORMATS
from ffcolor.palette.sampling import SAMPLE, sample_image


def hexes(text, stdin=None):
    return to_hex(read_source(text, stdin).colors)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", ["#FF0000"]),
        (" ff8800 ", ["#FF8800"]),
        ("#f80", ["#FF8800"]),
        ("red,#0f0", ["#FF0000", "#00FF00"]),
        ("rgb(1 2 3 / 100%)", ["#010203"]),
        ("rgb(1, 2, 3)", ["#010203"]),
        ("genesis:1069:1-2", ["#E67F86", "#D06546"]),
    ],
)
def test_colors_and_streams(text, expected):
    assert hexes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", False),
        ("./red", True),
        ("C:\\x\\y.gpl", True),
        ("warm.gpl", True),
        ("photo.JPG", True),
        ("taste.safetensors", True),
        ("rgb(1 2 3 / 1)", False),
        ("oklch(.7 .1 20)", False),
        ("#ff0000", False),
    ],
)
def test_what_is_a_file(text, expected):
    assert is_file(text) is expected


def test_a_file_named_like_a_color_needs_a_slash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "red").write_text("blue")
    (tmp_path / "mine").write_text("blue")
    assert hexes("red") == ["#FF0000"]
    assert hexes("./red") == ["#0000FF"]
    with pytest.raises(FfcolorError, match=r"for the file of that name, write \./mine"):
        read_source("mine")


@pytest.mark.parametrize("kind", list(FORMATS))
@pytest.mark.parametrize("door", ["suffix", "stdin", "bare"])
def test_every_palette_format_by_name_and_by_content(kind, door, tmp_path):
    palette = Palette(["#E67F86", "#D06546", "#1316BB"], ["rose", "rust", "ink"], "three")
    data = palette.to(kind)
    data = data.encode() if isinstance(data, str) else data
    if door == "stdin":
        found = read_source("-", lambda: data)
    else:
        path = tmp_path / ("palette" + (FORMATS[kind].suffixes[0] if door == "suffix" else ""))
        path.write_bytes(data)
        found = read_source(str(path))
    assert to_hex(found.colors) == palette.hex
    if FORMATS[kind].named:
        assert found.labels == list(palette.names)


def test_a_photograph_is_sampled(tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (130, 170, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    colors = read_source(str(tmp_path / "photo.png")).colors
    assert SAMPLE * 0.9 < len(colors) <= SAMPLE
    own = {tuple(row) for row in pixels.reshape(-1, 3).tolist()}
    assert all(tuple(row) in own for row in (colors * 255).round().astype(int).tolist())


@pytest.mark.parametrize("shape", [(1, 1), (1, 9000), (9000, 1), (5000, 3), (64, 64), (65, 64)])
def test_samples_of_any_shape_fit_and_are_even(shape):
    image = np.zeros((*shape, 3), np.float32)
    image[..., 0] = np.linspace(0, 1, shape[0])[:, None]
    sample = sample_image(image)
    assert 1 <= len(sample) <= SAMPLE
    assert sample[:, 0].mean() == pytest.approx(image[..., 0].mean(), abs=0.02)


def test_lists_hold_comments_streams_and_files(tmp_path):
    Palette(["teal"]).save(tmp_path / "a.gpl")
    (tmp_path / "words.txt").write_text(
        f"\ufeff# liked\n#ff0000\n\n// and\nhash:7:0-1\n{tmp_path / 'a.gpl'}\n", encoding="utf-8"
    )
    expected = ["#FF0000", *to_hex(streams.parse("hash:7:0-1")), "#008080"]
    assert hexes(f"@{tmp_path / 'words.txt'}") == expected


def test_a_list_cannot_hold_itself(tmp_path):
    path = tmp_path / "loop.txt"
    path.write_text(f"@{path}\n")
    with pytest.raises(FfcolorError, match="line 1: a list cannot hold another list"):
        read_source(f"@{path}")


def test_the_line_of_a_wrong_color_is_named():
    lines = "\n".join(["#ff0000"] * 16 + ["#12g"])
    with pytest.raises(FfcolorError, match="standard input, line 17: '#12g'") as caught:
        read_source("-", lambda: lines.encode())
    assert caught.value.position == 16


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input is empty"),
        (b" \n\n", "standard input is empty"),
        (b"# nothing\n", "standard input is empty"),
        (b"\xc3\x28\xa0\xa1", "neither text nor a known palette or image"),
        (b"\x89PNG\r\n\x1a\nbroken", "not an image that can be read"),
        (b"ASEF\0", "standard input: not a palette in the ase format"),
        (b"[1, 2", "standard input: not a palette in the json format"),
    ],
)
def test_bad_standard_input(data, message):
    with pytest.raises(FfcolorError, match=message):
        read_source("-", lambda: data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("C:\\no\\such.gpl", r"cannot read 'C:\no\such.gpl': no such file"),
        ("./", "cannot read './': is a directory"),
        ("@", "cannot read ''"),
        ("-", "'-' cannot be used here"),
        ("nope", "'nope' is not a colo"),
        ("100,100,100", "could be numbers or hex"),
        ("genesis:x", "is not a stream"),
    ],
)
def test_bad_sources(text, message):
    with pytest.raises(FfcolorError, match=re.escape(message)):
        read_source(text)


def test_a_model_is_no_color(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"12345678")
    with pytest.raises(FfcolorError, match="is a model, and colours are wanted"):
        read_source(str(tmp_path / "x.safetensors"))


def test_several_sources_join_and_one_keeps_its_names():
    assert to_hex(read_sources(["red", "blue,lime"]).colors) == ["#FF0000", "#0000FF", "#00FF00"]
    assert not read_sources(["red", "blue"]).names
    with pytest.raises(FfcolorError, match="no colours are given"):
        read_sources([])
    named = read_sources(["-"], lambda: Palette(["red"], ["a"], "t").to("gpl").encode())
    assert (named.labels, named.title) == (["a"], "t")
