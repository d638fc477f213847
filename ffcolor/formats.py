"""The palette formats: `FORMATS` is the table, `write` and `read` use it, `guess` finds a format by a file's suffix.

What each format keeps is in the table too. Formats that are not `exact` hold 8 bits a channel (.aco 16): a colour that
is no 8-bit colour is rounded. Formats that are not `named` hold neither names nor the title. Of a name, .gpl keeps one
line, .svg what XML can hold, and the Adobe formats anything but NUL; .aco has no place for a title.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ffcolor import adobe, pictures, stylesheet, swatches
from ffcolor.errors import FfcolorError
from ffcolor.palette import Palette, file_error, from_file

LARGEST_FILE = 32 << 20
"""The largest palette file, in bytes, that is looked at."""


class Format(NamedTuple):
    """One row of the table of formats."""

    suffixes: tuple[str, ...]
    """The file suffixes, in lower case with their dot; the first is the usual one."""
    binary: bool
    """Whether it is bytes rather than UTF-8 text."""
    exact: bool
    """Whether it keeps colours that are no 8-bit colours."""
    named: bool
    """Whether it keeps names."""
    write: Callable[[Palette], Any]
    """Palette to str, or bytes for a binary format."""
    read: Callable[[Any], Palette]
    """str, or bytes for a binary format, to palette."""
    about: str
    """One line for people."""


def write(palette: Palette, format: str) -> str | bytes:
    """Write a palette in the named format: text for text formats, bytes for binary ones.

    Raises:
        FfcolorError: ``palette-format`` for an unknown format.
    """
    written: str | bytes = _row(format).write(palette)
    return written


def read(data: str | bytes, format: str) -> Palette:
    """Read a palette in the named format.

    Raises:
        FfcolorError: ``palette-format`` for an unknown format; ``palette-file``, saying what is wrong, otherwise.
    """
    row = _row(format)
    try:
        if row.binary:
            if isinstance(data, str):
                raise file_error("its content is bytes, and text was given")
            return row.read(data)
        return row.read((data if isinstance(data, str) else data.decode()).removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 text: byte {error.start:,} is 0x{error.object[error.start]:02X}"
        raise file_error(f"no {format} palette: {reason}") from error
    except FfcolorError as error:
        raise file_error(f"no {format} palette: {error}", error.value) from error


def guess(path: str | os.PathLike[str]) -> str:
    """The name of the format that a file's suffix stands for.

    Raises:
        FfcolorError: ``palette-format``, listing the suffixes that are known.
    """
    suffix = os.path.splitext(os.fspath(path))[1].lower()
    for name, row in FORMATS.items():
        if suffix in row.suffixes:
            return name
    known = ", ".join(s for row in FORMATS.values() for s in row.suffixes)
    what = f"the suffix {suffix!r} of {os.fspath(path)!r}" if suffix else f"{os.fspath(path)!r} has no suffix, which"
    raise FfcolorError(f"{what} names no palette format; the suffixes are {known}", code="palette-format", value=suffix)


def _row(format: str) -> Format:
    if format not in FORMATS:
        message = f"{format!r} is not a palette format; the formats are {', '.join(FORMATS)}"
        raise FfcolorError(message, code="palette-format", value=format)
    return FORMATS[format]


# ---- hex ---------------------------------------------------------------------------------------------------------


def _write_hex(palette: Palette) -> str:
    return "\n".join(palette) + "\n"


def _read_hex(text: str) -> Palette:
    codes = re.split(r"[\s,;]+", text.strip(" \t\r\n,;"))
    if codes == [""]:
        raise file_error("it holds no colours")
    for place, code in enumerate(codes):
        if not re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", code):
            raise file_error(f"colour {place} is {code[:40]!r}, and only #rgb or #rrggbb may stand here", code[:40])
    return Palette(codes)


# ---- JSON --------------------------------------------------------------------------------------------------------


def _write_json(palette: Palette) -> str:
    rows = []
    eight_bit = Palette(palette.hex).colors
    for place, code in enumerate(palette):
        row: dict[str, Any] = {"hex": code}
        if palette.is_named(place):
            row["name"] = palette.names[place]
        if (eight_bit[place] != palette.colors[place]).any():
            shortest = map(np.format_float_positional, palette.colors[place])  # that reads back the same
            row["srgb"] = [float(channel) for channel in shortest]
        rows.append("    " + json.dumps(row, ensure_ascii=False))
    title = json.dumps(palette.title, ensure_ascii=False)
    return f'{{\n  "title": {title},\n  "colors": [\n' + ",\n".join(rows) + "\n  ]\n}\n"


def _read_json(text: str) -> Palette:
    try:
        data = json.loads(text)
    except RecursionError:
        raise file_error("it is nested too deeply") from None
    except ValueError as error:
        raise file_error(f"it is not JSON: {error}") from error
    title, rows = (data.get("title", ""), data.get("colors")) if isinstance(data, dict) else ("", data)
    if not isinstance(rows, list) or not rows:
        raise file_error('it must be {"title": …, "colors": [{"hex": "#rrggbb", "name": …}, …]} or a list of colours')
    if not isinstance(title, str):
        raise file_error(f"the title is {str(title)[:60]}, not text", title)
    colors, names = [], []
    for place, row in enumerate(rows):
        name = row.get("name") if isinstance(row, dict) else None
        if not isinstance(name, str | None):
            raise file_error(f"the name of colour {place} is {str(name)[:60]}, not text", name)
        names.append(name or "")
        srgb = row.get("srgb") if isinstance(row, dict) else None
        colors.append([float(v) if isinstance(v, int) else v for v in srgb] if isinstance(srgb, list) else row)
    return from_file(colors, names, title)


# ---- GIMP --------------------------------------------------------------------------------------------------------


def _write_gpl(palette: Palette) -> str:
    lines = ["GIMP Palette", f"Name: {_one_line(palette.title)}", f"Columns: {min(len(palette), 16)}", "#"]
    for code, name in zip(palette, palette.names, strict=True):
        lines.append("{:3d} {:3d} {:3d}".format(*bytes.fromhex(code[1:])) + f"\t{_one_line(name) or code}")
    return "\n".join([*lines, ""])


def _one_line(text: str) -> str:
    return " ".join(swatches.visible(text).split())


def _read_gpl(text: str) -> Palette:
    lines = text.splitlines()
    if not lines or lines[0].strip() != "GIMP Palette":
        raise file_error(f"its first line is {lines[0][:40] if lines else ''!r}, not 'GIMP Palette'")
    colors, names, title = [], [], ""
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("Name:"):
            title = line[5:].strip()
        elif line.strip() and not line.startswith(("#", "Columns:", "Channels:")):
            found = re.fullmatch(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*))?", line)
            if not found or max(int(found[i]) for i in (1, 2, 3)) > 255:
                raise file_error(f"line {number} is {line[:60]!r}, and three numbers from 0 to 255 were due", line[:60])
            colors.append([int(found[i]) / 255 for i in (1, 2, 3)])
            names.append("" if (found[4] or "").strip() == "Untitled" else (found[4] or "").strip())
    if not colors:
        raise file_error("it holds no colours")
    return from_file(colors, names, title)


# ---- PNG -----------------------------------------------------------------------------------------------------------


def _write_png(palette: Palette) -> bytes:
    return swatches.png(palette, _write_json(palette))


def _read_png(data: bytes) -> Palette:
    found = pictures.read_png(data)
    return _read_json(found) if isinstance(found, str) else found


# ---- terminal and matplotlib ---------------------------------------------------------------------------------------


def _write_ansi(palette: Palette) -> str:
    return swatches.ansi(palette, 80, True)


def _read_ansi(text: str) -> Palette:
    paper, labelled, ink = [], [], []
    for part in re.findall(r"\x1b\[([0-9;:]*)m", text):
        found = re.match(r"([34])8[;:]2[;:]+(\d{1,3})[;:](\d{1,3})[;:](\d{1,3})$", part)
        if found:
            rgb = [int(found[i]) for i in (2, 3, 4)]
            if max(rgb) > 255:
                raise file_error(f"the escape {part!r} has a channel above 255", part)
            if found[1] == "4":
                paper.append(rgb)
            else:
                ink.append(rgb)
                labelled.extend(paper[-1:])
    colors = labelled or paper or ink  # a labelled swatch sets its ink too; its first line doesn't
    if not colors:
        raise file_error("it holds no truecolor escapes (ESC [ 48;2;r;g;b m)")
    return from_file(["#{:02X}{:02X}{:02X}".format(*rgb) for rgb in colors], [""] * len(colors))


def _write_mpl(palette: Palette) -> str:
    colors = ", ".join(f"'{code[1:]}'" for code in palette)  # '#' would begin a comment
    return f"# {_one_line(palette.title)}\naxes.prop_cycle: cycler('color', [{colors}])\n"


def _read_mpl(text: str) -> Palette:
    found = re.search(r"^[ \t]*axes\.prop_cycle[ \t]*:.*?\bcolor\b['\"]?\s*[,=]\s*\[([^\]]*)\]", text, re.MULTILINE)
    if not found:
        raise file_error("it has no line axes.prop_cycle: cycler('color', ['RRGGBB', …])")
    colors = [each.strip(" '\"") for each in found[1].split(",") if each.strip(" '\"")]
    if not colors:
        raise file_error("its cycle of colours is empty")
    first = text.splitlines()[0]
    return from_file(colors, [""] * len(colors), first[1:].strip() if first.startswith("#") else "")


FORMATS: dict[str, Format] = {
    "hex": Format((".hex", ".txt"), False, False, False, _write_hex, _read_hex, "hex codes, one a line"),
    "css": Format((".css",), False, False, True, stylesheet.write_css, stylesheet.read_css, "CSS custom properties"),
    "json": Format((".json",), False, True, True, _write_json, _read_json, "JSON with names, exact"),
    "gpl": Format((".gpl",), False, False, True, _write_gpl, _read_gpl, "GIMP, Inkscape, Krita palette"),
    "ase": Format((".ase",), True, True, True, adobe.write_ase, adobe.read_ase, "Adobe Swatch Exchange, exact"),
    "aco": Format((".aco",), True, False, True, adobe.write_aco, adobe.read_aco, "Photoshop color swatches"),
    "svg": Format((".svg",), False, False, True, swatches.svg, pictures.read_svg, "drawing of the swatches"),
    "png": Format((".png",), True, True, True, _write_png, _read_png, "picture of the swatches, exact"),
    "ansi": Format((".ansi", ".ans"), False, False, False, _write_ansi, _read_ansi, "truecolor blocks for a terminal"),
    "mpl": Format((".mplstyle",), False, False, False, _write_mpl, _read_mpl, "matplotlib style: its color cycle"),
}
"""The table of formats, by name."""
