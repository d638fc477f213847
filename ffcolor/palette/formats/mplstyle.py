"""A palette as a matplotlib style (.mplstyle): its cycle of colours."""

from __future__ import annotations

import re

from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats.gimp import one_line


def write(content: Content) -> str:
    """Write the title as a comment, and the cycle of colours."""
    colors = ", ".join(f"'{code[1:]}'" for code in content.hex)  # '#' would begin a comment
    return f"# {one_line(content.title)}\naxes.prop_cycle: cycler('color', [{colors}])\n"


def read(text: str) -> Content:
    """Read the cycle of colours of a style file."""
    found = re.search(r"^[ \t]*axes\.prop_cycle[ \t]*:.*?\bcolor\b['\"]?\s*[,=]\s*\[([^\]]*)\]", text, re.MULTILINE)
    if not found:
        raise file_error("it has no line axes.prop_cycle: cycler('color', ['RRGGBB', …])")
    colors = [each.strip(" '\"") for each in found[1].split(",") if each.strip(" '\"")]
    if not colors:
        raise file_error("its cycle of colours is empty")
    first = text.splitlines()[0]
    return Content.of(colors, [""] * len(colors), first[1:].strip() if first.startswith("#") else "")
