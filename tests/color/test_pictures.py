"""Images at every door: which kinds are opened, how large they may be, what their greys, profiles and alpha say."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from ffcolor import ColorPreference, FfcolorError, Palette
from ffcolor.color import images, read_image
from ffcolor.color.images import open_image
from ffcolor.doors import verbs
from ffcolor.doors.sources import read_source
from ffcolor.files import read_file

POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"


def saved(path: Path, pixels: Any, **options: Any) -> str:
    Image.fromarray(np.asarray(pixels)).save(path, **options)
    return str(path)


def doors(path: str) -> dict[str, Any]:
    """Every way in which a picture is read."""
    return {
        "open": lambda: open_image(path),
        "read": lambda: read_image(path),
        "source": lambda: read_source(path),
        "load": lambda: Palette.load(path, "png"),
        "stdin": lambda: read_source("-", lambda: Path(path).read_bytes()),
        "verb": lambda: verbs.call("image", image=path, palette=["red"]),
    }


@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x.gif"])
def test_postscript_under_another_name_starts_no_program(name, tmp_path, monkeypatch):
    def started(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", started)
    (tmp_path / name).write_bytes(POSTSCRIPT)
    for door in ("open", "read", "source", "load", "verb"):
        with pytest.raises(FfcolorError):
            doors(str(tmp_path / name))[door]()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose pixels are all zero, packed as tightly as can be."""
    packer = zlib.compressobj(9)
    row = bytes(1 + -(-width // 8))
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_huge_pictures_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    (tmp_path / "bomb.png").write_bytes(bomb(13_000, 13_000))
    monkeypatch.setattr(Image.Image, "load", lambda *args: pytest.fail("it was unpacked"))
    for read in doors(str(tmp_path / "bomb.png")).values():
        with pytest.raises(FfcolorError, match="13,000 × 13,000 pixels are too many"):
            read()


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM"])
def test_huge_pictures_of_other_kinds_are_refused(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 99)
    path = saved(tmp_path / "x.bin", np.zeros((10, 10), np.uint8), format=kind)
    with pytest.raises(FfcolorError, match="10 × 10 pixels are too many: 99 are read"):
        open_image(path)


# ---- greys, profiles, alpha --------------------------------------------------------------------------------------


def test_sixteen_bit_greys_are_right_at_every_door(tmp_path):
    path = saved(tmp_path / "grey.png", np.array([[0, 32896, 65535]], np.uint16))
    expected = ["#000000", "#808080", "#FFFFFF"]
    assert Palette.load(path).hex == read_source(path).hex == expected
    assert open_image(path).dtype == np.float32
    (tmp_path / "grey.pgm").write_bytes(b"P5 3 1 65535\n" + np.array([0, 32896, 65535], ">u2").tobytes())
    assert read_source(str(tmp_path / "grey.pgm")).hex == expected


def test_sixteen_bit_greys_keep_their_clear_value(tmp_path):
    path = tmp_path / "grey.png"
    Image.fromarray(np.array([[0, 32896]], np.uint16)).save(path, transparency=0)
    assert open_image(path)[..., 3].tolist() == [[0.0, 1.0]]
    assert Palette.load(path).hex == ["#808080"]


def swapped() -> bytes:
    """A profile of a space in which red and green are each other."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    places = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * struct.unpack(">I", data[128:132])[0], 12)}
    data[places[b"rXYZ"] : places[b"rXYZ"] + 4], data[places[b"gXYZ"] : places[b"gXYZ"] + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def test_profiles_count_at_every_door_and_alpha_is_kept_beside_them(tmp_path):
    pixels = np.array([[[255, 0, 0, 255], [0, 255, 0, 0]]], np.uint8)
    path = saved(tmp_path / "x.png", pixels, icc_profile=swapped())
    assert Palette.load(path).hex == read_source(path).hex == ["#00FF00"]
    assert open_image(path).tolist() == [[[0, 255, 0, 255], [255, 0, 0, 0]]]
    indexed = Image.fromarray(pixels[..., :3]).quantize(2)
    indexed.save(tmp_path / "p.png", icc_profile=swapped(), transparency=bytes([255, 7]))
    assert sorted(open_image(tmp_path / "p.png")[..., 3].ravel().tolist()) == [7, 255]


def test_a_profile_of_another_kind_counts_as_none(tmp_path):
    path = saved(tmp_path / "x.png", np.full((1, 1, 3), 200, np.uint8), icc_profile=b"nonsense")
    assert Palette.load(path).hex == ["#C8C8C8"]


# ---- flat swatches and clear pixels --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["png", "gif", "bmp"])
def test_flat_swatches_are_their_colors_in_order(kind, tmp_path):
    colors = np.array([[230, 127, 134], [19, 22, 187], [0, 128, 128], [230, 127, 134]], np.uint8)
    path = saved(tmp_path / f"x.{kind}", np.repeat(np.repeat(colors[None], 40, axis=0), 30, axis=1))
    assert read_source(path).hex == ["#E67F86", "#1316BB", "#008080"]
    if kind == "png":
        assert Palette.load(path).hex == read_source("-", Path(path).read_bytes).hex == read_source(path).hex


def test_a_photograph_of_few_colors_is_no_swatches(tmp_path):
    noise = np.random.default_rng(0).integers(0, 6, (90, 90, 3), dtype=np.uint8) * 50
    path = saved(tmp_path / "x.png", noise)
    assert len(read_source(path).colors) > 3000
    with pytest.raises(FfcolorError, match="no flat swatches"):
        Palette.load(path)


def test_clear_pixels_never_count(tmp_path):
    rng = np.random.default_rng(0)
    logo = np.zeros((100, 100, 4), np.uint8)
    logo[..., :3] = [0, 255, 0]  # what is clear is green
    logo[47:53, 47:53] = 255
    logo[47:53, 47:53, 1:3] = rng.integers(0, 99, (6, 6, 2))
    path = saved(tmp_path / "flat.png", logo)
    assert len(read_source(path).colors) == 36
    photo = np.concatenate([rng.integers(0, 256, (100, 100, 3)), np.zeros((100, 100, 1))], axis=2).astype(np.uint8)
    photo[40:60, 40:60, 3], photo[..., 1] = 255, np.where(photo[..., 3] > 0, 0, 255)
    photo[40:60, 40:60, 1] = 0
    colors = read_source(saved(tmp_path / "photo.png", photo)).colors
    assert len(colors) == 400
    assert colors[:, 1].max() == 0
    logo[..., 3] = 0
    with pytest.raises(FfcolorError, match="fully clear"):
        read_source(saved(tmp_path / "clear.png", logo))


# ---- files that are none -----------------------------------------------------------------------------------------


def test_devices_and_folders_are_refused_with_the_reason(tmp_path):
    for read in (read_source, open_image, lambda path: Palette.load(path, "hex"), lambda path: read_file(path, 9)):
        with pytest.raises(FfcolorError, match="it is a device, not a file"):
            read("/dev/zero")
        with pytest.raises(FfcolorError, match="is a directory"):
            read(f"{tmp_path}/")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_pipes_with_names_are_read(tmp_path):
    picture = io.BytesIO()
    Image.new("RGB", (2, 2), "#1316BB").save(picture, "PNG")
    cases = [("p.hex", b"#1316BB\n", Palette.load), ("p.txt", b"#1316BB\n", read_source)]
    cases += [("p.png", picture.getvalue(), Palette.load), ("q.png", picture.getvalue(), read_source)]
    for name, data, read in cases:
        path = tmp_path / name
        os.mkfifo(path)
        writer = threading.Thread(target=path.write_bytes, args=[data])
        writer.start()
        assert read(str(path)).hex[0] == "#1316BB"
        writer.join()


def test_an_endless_input_is_refused():
    program = (
        "import sys, ffcolor.color.images as images; images.LARGEST_FILE = 1 << 20\n"
        "from ffcolor.doors.cli.run import main; sys.exit(main(['convert', '-', '-f', 'hex']))"
    )
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            [sys.executable, "-c", program], stdin=endless, capture_output=True, text=True, timeout=60
        )
    assert done.returncode not in (0, -9)
    assert "the standard input is larger than 1,048,576 bytes" in done.stderr


def test_a_text_has_a_smaller_limit_than_an_image(monkeypatch):
    from ffcolor.palette import formats

    monkeypatch.setattr(formats, "LARGEST_FILE", 9, raising=False)
    with pytest.raises(FfcolorError, match="standard input is larger than 9 bytes"):
        read_source("-", lambda: b"#ff0000 #00ff00")


def test_clear_pixels_have_no_say_in_what_an_image_scores(tmp_path):
    taste = ColorPreference(seed=0).fit(["#E67F86", "#D06546"], ["#1316BB", "#00FF00"])
    pixels = np.array([[[230, 127, 134, 255], [0, 255, 0, 0]]], np.uint8)
    clear = verbs.call("image", image=saved(tmp_path / "clear.png", pixels), model=taste)
    alone = verbs.call("image", image=saved(tmp_path / "alone.png", pixels[:, :1, :3]), model=taste)
    assert clear["mean_probability"] == alone["mean_probability"]
    assert (clear["width"], clear["liked_share"]) == (2, 1.0)
    assert read_source(str(tmp_path / "clear.png")).hex == ["#E67F86"]
