"""GIMP's palettes (.gpl), which Inkscape and Krita read as well: a line of text for each colour."""

from __future__ import annotations

import re

from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats.swatches import visible


def write(content: Content) -> str:
    """Write the header, then a line a colour: its channels and its name."""
    lines = ["GIMP Palette", f"Name: {one_line(content.title)}", f"Columns: {min(len(content), 16)}", "#"]
    for code, name in zip(content.hex, content.labels, strict=True):
        lines.append("{:3d} {:3d} {:3d}".format(*bytes.fromhex(code[1:])) + f"\t{one_line(name) or code}")
    return "\n".join([*lines, ""])


def one_line(text: str) -> str:
    """A text on one line, without control characters."""
    return " ".join(visible(text).split())


def read(text: str) -> Content:
    """Read the lines of three numbers and a name; "Untitled" does not count as a name."""
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
                raise file_error(
                    f"line {number} is {line[:60]!r}, and three numbers from 0 to 255 were expected", line[:60]
                )
            colors.append([int(found[i]) / 255 for i in (1, 2, 3)])
            names.append("" if (found[4] or "").strip() == "Untitled" else (found[4] or "").strip())
    if not colors:
        raise file_error("it holds no colours")
    return Content.of(colors, names, title)
