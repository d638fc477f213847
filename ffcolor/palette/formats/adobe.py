"""Adobe's two swatch formats, byte by byte: Swatch Exchange (.ase) and Color Swatches (.aco)."""

from __future__ import annotations

import colorsys
import struct
import warnings
from collections.abc import Sequence

import numpy as np

from ffcolor.color import space
from ffcolor.errors import FfcolorWarning
from ffcolor.palette.content import Content, file_error

_GROUP, _GROUP_END, _COLOR = 0xC001, 0xC002, 0x0001
_SAID = 3  # names that a note lists
_INKS = "{} in CMYK became (1 - ink)(1 - black): the look depends on the press"
_GREYS = "{} in grey was read as ink, so that 100 % is black"


class _Bytes:
    """A reader that says so when the data ends too soon."""

    def __init__(self, data: bytes, what: str):
        self.data, self.what, self.at = data, what, 0

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            missing = count - (len(self.data) - self.at)
            raise file_error(
                f"{self.what} is cut short: {missing:,} more bytes were expected after byte {len(self.data):,}"
            )
        self.at += count
        return self.data[self.at - count : self.at]

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def text(self, units: int) -> str:
        return self.take(2 * units).decode("utf-16-be", "replace").split("\0")[0]

    @property
    def rest(self) -> int:
        return len(self.data) - self.at


def _utf16(text: str) -> bytes:
    return (text.replace("\0", " ") + "\0").encode("utf-16-be")


def _palette(colors: Sequence[Sequence[float]], names: Sequence[str], title: str = "") -> Content:
    if not colors:
        raise file_error("it holds no colours")
    srgb = np.array(colors)
    outside = ~space.in_gamut(srgb, 1e-3)
    if np.isfinite(srgb).all() and outside.any():
        message = f"{outside.sum()} of {len(srgb)} colours lie outside sRGB and were brought inside"
        warnings.warn(message, FfcolorWarning, stacklevel=4)
        srgb[outside] = space.fit_gamut(srgb[outside])
    # what is not a number stays so, and is refused as a colour
    return Content.of(np.clip(srgb, 0, 1).astype(np.float32), names, title)


class _Found:
    """The swatches read so far, and what is to be said of some."""

    def __init__(self) -> None:
        self.colors: list[Sequence[float]] = []
        self.names: list[str] = []
        self._said: dict[str, list[str]] = {}

    def add(self, name: str, color: Sequence[float], note: str = "") -> None:
        """Keep a colour, with a note about its kind."""
        if note:
            self._said.setdefault(note, []).append(self._shown(name))
        self.colors.append(color)
        self.names.append(name)

    def leave_out(self, name: str, kind: str) -> None:
        """Pass over a colour of a kind that is not read."""
        self._said.setdefault("{} is in " + kind.replace("{", "{{").replace("}", "}}"), []).append(self._shown(name))

    def _shown(self, name: str) -> str:
        return repr(name[:60]) if name else f"number {len(self.names)}"

    def content(self, title: str = "") -> Content:
        """All of it, with notes."""
        notes = []
        for note, names in self._said.items():
            more = f" and {len(names) - _SAID:,} more" if len(names) > _SAID else ""
            notes.append(note.format(f"colour {', '.join(names[:_SAID])}{more}"))
        if not self.colors and notes:
            raise file_error(notes[0])
        return _palette(self.colors, self.names, title).noted(notes)


# ---- .ase --------------------------------------------------------------------------------------------------------


def write_ase(content: Content) -> bytes:
    """One group, named after the palette, of RGB colours as 32-bit floats: nothing is rounded."""
    blocks = [_block(_GROUP, _named(content.title))]
    for name, color in zip(content.labels, content.colors.tolist(), strict=True):
        blocks.append(_block(_COLOR, _named(name) + b"RGB " + struct.pack(">3fH", *color, 2)))  # 2: an ordinary colour
    blocks.append(_block(_GROUP_END, b""))
    return struct.pack(">4sHHI", b"ASEF", 1, 0, len(blocks)) + b"".join(blocks)


def _block(kind: int, body: bytes) -> bytes:
    return struct.pack(">HI", kind, len(body)) + body


def _named(text: str) -> bytes:
    data = _utf16(text)
    return struct.pack(">H", len(data) // 2) + data


def read_ase(data: bytes) -> Content:
    """Read the colours of all groups; the first group names the palette. RGB is taken as sRGB; Lab is under D50."""
    file = _Bytes(data, "the file")
    if data[:4] != b"ASEF":
        raise file_error(f"it begins with {data[:4]!r}, not with b'ASEF'")
    major, _, count = file.unpack(">4xHHI")
    if major not in (0, 1):
        raise file_error(f"it has version {major} of the format, and only versions 0 and 1 are known")
    found = _Found()
    title = ""
    for number in range(count):
        kind, size = file.unpack(">HI")
        block = _Bytes(file.take(size), f"block {number}")
        if kind in (_GROUP, _COLOR):
            name = block.text(*block.unpack(">H")) if block.rest else ""  # a group may have none
            if kind == _GROUP:
                title = title or name
            else:
                _ase_color(block, name, found)
    return found.content(title)


def _ase_color(block: _Bytes, name: str, found: _Found) -> None:
    model = block.take(4)
    if model == b"RGB ":
        found.add(name, block.unpack(">3f"))
    elif model == b"Gray":
        found.add(name, block.unpack(">f") * 3)
    elif model == b"LAB ":
        lightness, a, b = block.unpack(">3f")
        found.add(name, _lab(100 * lightness, a, b))
    elif model == b"CMYK":
        found.add(name, _of_inks(*block.unpack(">4f")), _INKS)
    else:
        found.leave_out(name, f"the colour model {model!r}; RGB, Gray, CMYK and LAB are read")


def _of_inks(cyan: float, magenta: float, yellow: float, black: float) -> Sequence[float]:
    """The naive formula, which knows no press. Source: CSS Color 5, device-cmyk()."""
    return [(1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)]


def _lab(lightness: float, a: float, b: float) -> Sequence[float]:
    color: list[float] = space.lab_d50_to_srgb(np.array([lightness, a, b])).tolist()
    return color


# ---- .aco --------------------------------------------------------------------------------------------------------


def write_aco(content: Content) -> bytes:
    """Version 1, for old programs, then version 2 with names, as Photoshop does; channels are rounded to 16 bits.

    Rounded once more, to 8 bits, they give the palette's hexes.
    """
    whole = np.array([[*bytes.fromhex(code[1:])] for code in content.hex]) * 257
    fine = np.floor(content.colors.astype(np.float64) * 65535 + 0.5).astype(int)
    channels = np.clip(fine, whole - 128, whole + 128).tolist()
    rows = [struct.pack(">H4H", 0, *rgb, 0) for rgb in channels]
    named = [
        row + struct.pack(">I", len(text := _utf16(name)) // 2) + text
        for row, name in zip(rows, content.labels, strict=True)
    ]
    count = len(content)
    return struct.pack(">HH", 1, count) + b"".join(rows) + struct.pack(">HH", 2, count) + b"".join(named)


def read_aco(data: bytes) -> Content:
    """Read version 2 with its names if the file has it, else version 1."""
    file = _Bytes(data, "the file")
    version, count = file.unpack(">HH")
    if version not in (1, 2):
        raise file_error(f"it begins with version {version}, and the format has versions 1 and 2")
    if version == 1:
        rows = [file.unpack(">H4H") for _ in range(count)]
        if file.rest < 4:
            unnamed = _Found()
            for row in rows:
                _aco_color(row, "", unnamed)
            return unnamed.content()
        version, count = file.unpack(">HH")
        if version != 2:
            raise file_error(f"its second part has version {version}, not 2")
    found = _Found()
    for _ in range(count):
        row = file.unpack(">H4H")
        _aco_color(row, file.text(*file.unpack(">I")), found)
    return found.content()


def _aco_color(row: tuple[int, ...], name: str, found: _Found) -> None:
    kind, w, x, y, z = row
    if kind == 0:
        found.add(name, (w / 65535, x / 65535, y / 65535))
    elif kind == 1:
        found.add(name, colorsys.hsv_to_rgb(w / 65535, x / 65535, y / 65535))
    elif kind == 2:  # 0 is all the ink there is
        found.add(name, _of_inks(*(1 - each / 65535 for each in (w, x, y, z))), _INKS)
    elif kind == 7:
        a, b = struct.unpack(">2h", struct.pack(">2H", x, y))
        found.add(name, _lab(w / 100, a / 100, b / 100))
    elif kind == 8:
        found.add(name, [1 - min(w, 10000) / 10000] * 3, _GREYS)
    else:
        found.leave_out(name, f"colour space {kind}; RGB, HSB, CMYK, Lab and grey are read")
