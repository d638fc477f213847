"""Colour tables of other programs, which are read and not written: .pal, .act, .soc and .colors.

Sources: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF PAL); JASC-PAL 0100 as Paint
Shop Pro writes it; Adobe, "Photoshop File Formats" (color table); OpenDocument (draw:color); KDE's colour schemes.
"""

from __future__ import annotations

import re
import struct

import numpy as np

from ffcolor.files import lines_of
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats.triples import numbers_of
from ffcolor.palette.formats.xml_text import parsed_xml


def read_pal(data: bytes) -> Content:
    """Read a RIFF palette or a JASC palette, whichever it is."""
    if data[:4] == b"RIFF":
        return _read_riff(data)
    lines = lines_of(data.decode("latin-1").removeprefix("\xef\xbb\xbf"))
    if not lines or lines[0].strip() != "JASC-PAL":
        raise file_error(f"it begins with {data[:8]!r}, neither with 'RIFF' nor with 'JASC-PAL'")
    return _read_jasc(lines)


def _read_riff(data: bytes) -> Content:
    if data[8:12] != b"PAL ":
        raise file_error(f"it is a RIFF file of the kind {data[8:12]!r}, not b'PAL '")
    at = 12
    while len(data) - at >= 8:
        name, size = struct.unpack("<4sI", data[at : at + 8])
        if name == b"data":
            return _riff_colors(data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    raise file_error("it has no part named 'data'")


def _riff_colors(data: bytes) -> Content:
    count = struct.unpack("<2xH", data[:4])[0] if len(data) >= 4 else 0
    if len(data) - 4 < 4 * count:
        raise file_error(
            f"it is cut short: {count:,} colours were expected, and there are {max(0, len(data) - 4) // 4:,}"
        )
    return _of_bytes(np.frombuffer(data, np.uint8, 4 * count, 4).reshape(count, 4)[:, :3])


def _read_jasc(lines: list[str]) -> Content:
    rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip()][1:]
    if len(rows) < 2 or rows[0][1].strip() != "0100" or not re.fullmatch(r"\d{1,6}", rows[1][1].strip()):
        raise file_error("its second line is not '0100', or its third not the number of its colours")
    count = int(rows[1][1].strip())
    colors = [_numbers(line, number) for number, line in rows[2:]]
    if len(colors) != count:
        raise file_error(f"{count:,} colours were expected, and there are {len(colors):,}")
    return _of_bytes(np.array(colors, np.uint8).reshape(-1, 3))


def _numbers(line: str, number: int) -> list[int]:
    found = numbers_of(re.split(r"[\s,]+", line.strip())[:3])
    if found is None:
        raise file_error(f"line {number} is {line[:60]!r}, and three numbers from 0 to 255 were expected", line[:60])
    return found


def _of_bytes(rows: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], names: tuple[str, ...] = ()) -> Content:
    if not len(rows):
        raise file_error("it holds no colours")
    return Content.of(rows, names or ("",) * len(rows))


def read_act(data: bytes) -> Content:
    """Read Adobe's colour table: 256 colours, of which the last four bytes may say how many count."""
    if len(data) not in (768, 772):
        raise file_error(f"it has {len(data):,} bytes, and a colour table has 768 or 772")
    (count,) = struct.unpack(">H", data[768:770]) if len(data) == 772 else (256,)
    return _of_bytes(np.frombuffer(data, np.uint8, 768).reshape(256, 3)[: count or 256])


def read_soc(text: str) -> Content:
    """Read the colour table of LibreOffice and OpenOffice: each draw:color has a name and #rrggbb."""
    root = parsed_xml(text)
    rows = [{key.rpartition("}")[2]: value for key, value in node.attrib.items()} for node in root.iter()]
    rows = [row for row in rows if "color" in row]
    for row in rows:
        if not re.fullmatch("#[0-9a-fA-F]{6}", row["color"]):
            raise file_error(f"the colour {row.get('name', '')[:60]!r} is {row['color'][:40]!r}, not #rrggbb")
    if not rows:
        raise file_error("it holds no colours")
    return Content.of([row["color"] for row in rows], [row.get("name", "") for row in rows])


def read_colors(text: str) -> Content:
    """Read KDE's colours: a colour scheme, each key with its r,g,b, or a "KDE RGB Palette" with a colour a line."""
    lines = lines_of(text)
    colors, names = [], []
    if lines and lines[0].strip() == "KDE RGB Palette":
        for number, line in enumerate(lines[1:], 2):
            if line.strip() and not line.startswith("#"):
                colors.append(_numbers(line, number))
                names.append(" ".join(line.split()[3:]))
        return _of_bytes(np.array(colors, np.uint8).reshape(-1, 3), tuple(names))
    group = ""
    for line in lines:
        key, equals, value = line.partition("=")
        if line.startswith("[") and line.rstrip().endswith("]"):
            group = line.strip()[1:-1].replace("][", " ").removeprefix("Colors:")
        found = numbers_of(value.strip().split(",")) if equals else None
        if found is not None:
            colors.append(found)
            names.append(f"{group} {key.strip()}".strip())
    if not colors:
        raise file_error("no line of it is Name=red,green,blue")
    return _of_bytes(np.array(colors, np.uint8).reshape(-1, 3), tuple(names))
