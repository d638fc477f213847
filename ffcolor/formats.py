"""The palette formats: `FORMATS` is the table, `write` and `read` use it, `guess` finds a format by a file's suffix.

What each format keeps is in the table too. Formats that are not `exact` hold 8 bits a channel (.aco 16): a colour that
is no 8-bit colour is rounded. Formats that are not `named` hold neither names nor the title. Of a name, .gpl keeps one
line, .svg what XML can hold, and the Adobe formats anything but NUL; .aco has no place for a title.
"""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.etree import ElementTree

from ffcolor import adobe, swatches
from ffcolor.color import read_color
from ffcolor.errors import FfcolorError
from ffcolor.palette import LARGEST, Palette

LARGEST_FILE = 32 << 20
"""The largest palette file, in bytes, that is looked at."""

_MOST_PIXELS = 64 << 20


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
                raise _error("its content is bytes, and text was given")
            return row.read(data)
        return row.read((data if isinstance(data, str) else data.decode()).removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 text: byte {error.start:,} is 0x{error.object[error.start]:02X}"
        raise _error(f"no {format} palette: {reason}") from error
    except FfcolorError as error:
        place = f"colour {error.position}: " if error.position is not None and error.code != "palette-file" else ""
        raise _error(f"no {format} palette: {place}{error}", error.value) from error


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


def _error(message: str, value: Any = None) -> FfcolorError:
    return FfcolorError(message, code="palette-file", value=value)


def _is_named(palette: Palette, place: int) -> bool:
    return palette.names[place] != palette[place]


# ---- hex ---------------------------------------------------------------------------------------------------------


def _write_hex(palette: Palette) -> str:
    return "\n".join(palette) + "\n"


def _read_hex(text: str) -> Palette:
    codes = re.split(r"[\s,;]+", text.strip(" \t\r\n,;"))
    if codes == [""]:
        raise _error("it holds no colours")
    for place, code in enumerate(codes):
        if not re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", code):
            raise _error(f"colour {place} is {code[:40]!r}, and only #rgb or #rrggbb may stand here", code[:40])
    return Palette(codes)


# ---- CSS ---------------------------------------------------------------------------------------------------------

_COLOR_FUNCTION = re.compile(r"(rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(", re.IGNORECASE)
_DECLARATION = re.compile(r"(?<![\w-])--([^\s:;{}\x00]+)[\s]*:([^;{}]*)(?:;[ \t]*\x00(\d+)\x00)?")


def _write_css(palette: Palette) -> str:
    stem = _identifier(palette.title) or "palette"
    used: set[str] = set()
    lines = [f"/* {_comment(palette.title)} */", ":root {"]
    for place, (code, name) in enumerate(zip(palette, palette.names, strict=True)):
        named = _is_named(palette, place)
        wanted = f"{stem}-{(_identifier(name) if named else '') or place + 1}"
        number, variable = 1, wanted
        while variable in used:
            number += 1
            variable = f"{wanted}-{number}"
        used.add(variable)
        lines.append(f"  --{variable}: {code};" + (f" /* {_comment(name)} */" if named else ""))
    return "\n".join([*lines, "}", ""])


def _identifier(text: str) -> str:
    """The letters and digits of a text, in lower case, with hyphens in between: always a CSS identifier after `--`."""
    kept = "".join(c if c.isalnum() and c.isprintable() else " " for c in text.lower())
    return "-".join(kept.split())


def _comment(text: str) -> str:
    """A text as it stands in a comment: plainly if it can, else as a JSON string."""
    plain = text.isprintable() and "*/" not in text and text.strip('" ') == text and text
    return text if plain else json.dumps(text).replace("*/", "*\\/")


def _uncomment(text: str) -> str:
    try:
        return str(json.loads(text)) if text.startswith('"') else text
    except ValueError:
        return text


def _read_css(text: str) -> Palette:
    text, comments = _lift_comments(text.replace("\0", "\ufffd"))
    title = comments[0] if text.lstrip().startswith("\0") and "\n" not in comments[0] else ""
    comments = [_uncomment(comment) for comment in comments]
    title = _uncomment(title)
    stem = _identifier(title) or "palette"
    colors, names = [], []
    for found in _DECLARATION.finditer(text):
        variable, value, mark = found[1], re.sub("\0\\d+\0", " ", found[2]).strip(), found[3]
        try:
            color = read_color(value)
        except FfcolorError as error:
            if value.startswith("#") or _COLOR_FUNCTION.match(value):
                raise _error(f"--{variable[:60]}: {error}", value[:60]) from error
            continue  # a length, a font, …
        if not (value.startswith("#") or _COLOR_FUNCTION.match(value) or _is_word(value)):
            continue
        colors.append(color)
        counted = re.fullmatch(re.escape(stem) + r"-\d+", variable)
        names.append(comments[int(mark)] if mark else "" if counted else variable)
    if not colors:
        raise _error("no custom property holds a colour; write them as --name: #rrggbb;")
    return _palette(colors, names, title)


def _lift_comments(text: str) -> tuple[str, list[str]]:
    """The text with each comment replaced by its number between two NULs, and the comments."""
    comments: list[str] = []
    kept, at = [], 0
    while (start := text.find("/*", at)) >= 0:
        end = text.find("*/", start + 2)
        if end < 0:
            raise _error("a comment is never closed")
        kept.append(f"{text[at:start]}\0{len(comments)}\0")
        comments.append(text[start + 2 : end].strip())
        at = end + 2
    return "".join([*kept, text[at:]]), comments


def _is_word(value: str) -> bool:
    """Whether a value that reads as a colour is a colour's name, not hex digits without their #."""
    return value.isalpha() and not re.fullmatch("[0-9a-fA-F]+", value)


def _palette(colors: list[Any], names: list[str], title: str = "") -> Palette:
    if len(colors) > LARGEST:
        raise _error(f"it holds {len(colors):,} colours, and a palette holds at most {LARGEST:,}")
    return Palette(colors, [name[:1000] for name in names], title[:1000] or "palette")


# ---- JSON --------------------------------------------------------------------------------------------------------


def _write_json(palette: Palette) -> str:
    rows = []
    eight_bit = Palette(palette.hex).colors
    for place, code in enumerate(palette):
        row: dict[str, Any] = {"hex": code}
        if _is_named(palette, place):
            row["name"] = palette.names[place]
        if (eight_bit[place] != palette.colors[place]).any():
            row["srgb"] = [float(str(channel)) for channel in palette.colors[place]]  # the shortest that reads back
        rows.append("    " + json.dumps(row, ensure_ascii=False))
    title = json.dumps(palette.title, ensure_ascii=False)
    return f'{{\n  "title": {title},\n  "colors": [\n' + ",\n".join(rows) + "\n  ]\n}\n"


def _read_json(text: str) -> Palette:
    try:
        data = json.loads(text)
    except RecursionError:
        raise _error("it is nested too deeply") from None
    except ValueError as error:
        raise _error(f"it is not JSON: {error}") from error
    title, rows = (data.get("title", ""), data.get("colors")) if isinstance(data, dict) else ("", data)
    if not isinstance(rows, list) or not rows:
        raise _error('it must be {"title": …, "colors": [{"hex": "#rrggbb", "name": …}, …]} or a list of colours')
    if not isinstance(title, str):
        raise _error(f"the title is {str(title)[:60]}, not text", title)
    colors, names = [], []
    for place, row in enumerate(rows):
        name = row.get("name") if isinstance(row, dict) else None
        if not isinstance(name, str | None):
            raise _error(f"the name of colour {place} is {str(name)[:60]}, not text", name)
        names.append(name or "")
        srgb = row.get("srgb") if isinstance(row, dict) else None
        colors.append([float(v) if isinstance(v, int) else v for v in srgb] if isinstance(srgb, list) else row)
    return _palette(colors, names, title)


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
        raise _error(f"its first line is {lines[0][:40] if lines else ''!r}, not 'GIMP Palette'")
    colors, names, title = [], [], ""
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("Name:"):
            title = line[5:].strip()
        elif line.strip() and not line.startswith(("#", "Columns:", "Channels:")):
            found = re.fullmatch(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*))?", line)
            if not found or max(int(found[i]) for i in (1, 2, 3)) > 255:
                raise _error(f"line {number} is {line[:60]!r}, and three numbers from 0 to 255 were due", line[:60])
            colors.append([int(found[i]) / 255 for i in (1, 2, 3)])
            names.append("" if (found[4] or "").strip() == "Untitled" else (found[4] or "").strip())
    if not colors:
        raise _error("it holds no colours")
    return _palette(colors, names, title)


# ---- pictures ----------------------------------------------------------------------------------------------------


def _read_svg(text: str) -> Palette:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _error("it declares a document type or entities, which are not read")
    try:
        root = ElementTree.fromstring(text.encode())
    except (ElementTree.ParseError, ValueError) as error:
        raise _error(f"it is not XML: {error}") from error
    shapes = [e for e in root.iter() if e.tag.rpartition("}")[2] in ("rect", "circle", "path", "polygon", "ellipse")]
    ours = [e for e in shapes if "swatch" in e.get("class", "").split()]
    colors, names = [], []
    for shape in ours or shapes:
        styled = re.search(r"(?:^|;)\s*fill\s*:\s*([^;]+)", shape.get("style", ""))
        fill = (styled[1] if styled else shape.get("fill", "")).strip()
        if fill.lower() in ("", "none", "currentcolor", "transparent") or fill.startswith(("url", "var")):
            continue
        colors.append(fill)
        label = next((child for child in shape if child.tag.rpartition("}")[2] == "title"), None)
        names.append((label.text or "") if label is not None else "")
    if not colors:
        raise _error("no shape in it has a fill colour")
    heading = next((child for child in root if child.tag.rpartition("}")[2] == "title"), None)
    return _palette(colors, names, (heading.text or "") if heading is not None else "")


def _write_png(palette: Palette) -> bytes:
    return swatches.png(palette, _write_json(palette))


def _read_png(data: bytes) -> Palette:
    import io

    from PIL import Image

    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 33:
        raise _error("it is no PNG file, or only the beginning of one")
    width, height = struct.unpack(">II", data[16:24])
    if width * height > _MOST_PIXELS:
        raise _error(f"its {width:,} × {height:,} pixels are too many for a picture of swatches")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
            note = picture.info.get("ffcolor")
            pixels = None if note else picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise _error(f"the PNG file is damaged: {error}") from error
    if note:
        return _read_json(str(note))
    assert pixels is not None
    return _from_pixels(pixels)


def _from_pixels(picture: Any) -> Palette:
    """The colours of a picture of swatches by another program, in the order in which one reads them."""
    import numpy as np

    rgba = np.asarray(picture).reshape(-1, 4)
    rgba = rgba[rgba[:, 3] > 0]
    if len(rgba) and rgba[:, 3].min() < 255:
        raise _error("it is translucent in places, and a translucent colour is not one colour")
    words = rgba.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1, 0], dtype=np.uint32)
    found, first = np.unique(words, return_index=True)
    if not 1 <= len(found) <= 256:
        raise _error(f"the picture has {len(found):,} different colours, and flat swatches have from 1 to 256")
    return Palette([f"#{word:06X}" for word in found[np.argsort(first)].tolist()])


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
                raise _error(f"the escape {part!r} has a channel above 255", part)
            if found[1] == "4":
                paper.append(rgb)
            else:
                ink.append(rgb)
                labelled.extend(paper[-1:])
    colors = labelled or paper or ink  # a labelled swatch sets its ink too; its first line doesn't
    if not colors:
        raise _error("it holds no truecolor escapes (ESC [ 48;2;r;g;b m)")
    return _palette(["#{:02X}{:02X}{:02X}".format(*rgb) for rgb in colors], [""] * len(colors))


def _write_mpl(palette: Palette) -> str:
    colors = ", ".join(f"'{code[1:]}'" for code in palette)  # '#' would begin a comment
    return f"# {_one_line(palette.title)}\naxes.prop_cycle: cycler('color', [{colors}])\n"


def _read_mpl(text: str) -> Palette:
    found = re.search(r"^[ \t]*axes\.prop_cycle[ \t]*:.*?\bcolor\b['\"]?\s*[,=]\s*\[([^\]]*)\]", text, re.MULTILINE)
    if not found:
        raise _error("it has no line axes.prop_cycle: cycler('color', ['RRGGBB', …])")
    colors = [each.strip(" '\"") for each in found[1].split(",") if each.strip(" '\"")]
    if not colors:
        raise _error("its cycle of colours is empty")
    first = text.splitlines()[0]
    return _palette(colors, [""] * len(colors), first[1:].strip() if first.startswith("#") else "")


FORMATS: dict[str, Format] = {
    "hex": Format((".hex", ".txt"), False, False, False, _write_hex, _read_hex, "hex codes, one a line"),
    "css": Format((".css",), False, False, True, _write_css, _read_css, "CSS custom properties"),
    "json": Format((".json",), False, True, True, _write_json, _read_json, "JSON with names, exact"),
    "gpl": Format((".gpl",), False, False, True, _write_gpl, _read_gpl, "GIMP, Inkscape, Krita palette"),
    "ase": Format((".ase",), True, True, True, adobe.write_ase, adobe.read_ase, "Adobe Swatch Exchange, exact"),
    "aco": Format((".aco",), True, False, True, adobe.write_aco, adobe.read_aco, "Photoshop color swatches"),
    "svg": Format((".svg",), False, False, True, swatches.svg, _read_svg, "drawing of the swatches"),
    "png": Format((".png",), True, True, True, _write_png, _read_png, "picture of the swatches, exact"),
    "ansi": Format((".ansi", ".ans"), False, False, False, _write_ansi, _read_ansi, "truecolor blocks for a terminal"),
    "mpl": Format((".mplstyle",), False, False, False, _write_mpl, _read_mpl, "matplotlib style: its color cycle"),
}
"""The table of formats, by name."""
