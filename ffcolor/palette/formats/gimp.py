"""GIMP's palettes (.gpl), which Inkscape and Krita read as well: a line of text for each colour."""

from __future__ import annotations

import re

from ffcolor.files import lines_of
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats.swatches import visible

_BLANKS = re.compile(r"[ \t]+")


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
    """Read the lines of three numbers and a name; "Untitled" does not count as a name.

    With "Channels: RGBA" a fourth number is the alpha: translucent colours are left out, and stand in the notes.
    """
    lines = lines_of(text)
    if not lines or lines[0].strip() != "GIMP Palette":
        raise file_error(f"its first line is {lines[0][:40] if lines else ''!r}, not 'GIMP Palette'")
    colors, names, notes, title, count = [], [], [], "", 3
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("Name:"):
            title = line[5:].strip()
        elif line.startswith("Channels:"):
            count = 4 if line[9:].strip().upper() == "RGBA" else 3
        elif line.strip() and not line.startswith(("#", "Columns:")):
            channels, name = _row(line, number, count)
            if channels[count - 1] == 255 or count == 3:
                colors.append([channel / 255 for channel in channels[:3]])
                names.append("" if name == "Untitled" else name)
            else:
                notes.append(f"line {number}, {name[:60] or 'a colour'}: translucent (alpha {channels[3]}), left out")
    if not colors:
        raise file_error("it holds no colours" + (f" ({notes[0]})" if notes else ""))
    return Content.of(colors, names, title).noted(notes)


def _row(line: str, number: int, count: int) -> tuple[list[int], str]:
    """The channels of a line, three or four, and its name."""
    words = _BLANKS.split(line.strip(" \t"), maxsplit=count)
    channels = [int(word) for word in words[:count] if re.fullmatch("[0-9]{1,3}", word)]
    if len(channels) < count or max(channels) > 255:
        wanted = {3: "three", 4: "four"}[count]
        raise file_error(f"line {number} is {line[:60]!r}, and {wanted} numbers from 0 to 255 were expected", line[:60])
    return channels, words[count].strip() if len(words) > count else ""
