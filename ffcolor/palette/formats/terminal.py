"""A palette as a terminal shows it: truecolor escapes, written and read."""

from __future__ import annotations

import re

from ffcolor.palette.content import Content, file_error


def swatch(code: str, width: int = 6) -> str:
    """A block of one colour ("#RRGGBB"), `width` columns wide, as truecolor escapes."""
    r, g, b = (int(code[place : place + 2], 16) for place in (1, 3, 5))
    return f"\x1b[48;2;{r};{g};{b}m{' ' * width}\x1b[0m"


def write(content: Content) -> str:
    """Write blocks of colour, 80 columns wide, with their hexes."""
    from ffcolor.palette.formats import swatches

    return swatches.ansi(content, 80, True)


def read(text: str) -> Content:
    """Read the colours of truecolor escapes: of the paper where there is any."""
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
    return Content.of(["#{:02X}{:02X}{:02X}".format(*rgb) for rgb in colors], [""] * len(colors))
