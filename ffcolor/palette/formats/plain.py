"""The plainest formats: hex codes one a line, and JSON, which keeps everything exactly."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from ffcolor.color import read_colors
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats import triples


def write_hex(content: Content) -> str:
    """Write a code a line."""
    return "\n".join(content.hex) + "\n"


def read_hex(text: str) -> Content:
    """Read codes, #rgb or #rrggbb, with spaces, commas or new lines in between.

    Other programs give the same suffixes to lines of three numbers and to the palettes of paint.net, which are read,
    too.
    """
    other = triples.told(text)
    if other:
        return triples.read_rgb(text) if other == "rgb" else triples.read_paintnet(text)
    codes = re.split(r"[\s,;]+", text.strip(" \t\r\n,;"))
    if codes == [""]:
        raise file_error("it holds no colours")
    for place, code in enumerate(codes):
        if not re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", code):
            raise file_error(f"colour {place} is {code[:40]!r}, and only #rgb or #rrggbb may stand here", code[:40])
    return Content.of(codes)


def write_json(content: Content) -> str:
    """Write title, hexes and names, and the exact channels of colours that are not 8-bit colours."""
    rows = []
    eight_bit = read_colors(content.hex)
    for place, code in enumerate(content.hex):
        row: dict[str, Any] = {"hex": code}
        if content.is_named(place):
            row["name"] = content.names[place]
        if (eight_bit[place] != content.colors[place]).any():
            shortest = map(np.format_float_positional, content.colors[place])  # that reads back the same
            row["srgb"] = [float(channel) for channel in shortest]
        rows.append("    " + json.dumps(row, ensure_ascii=False))
    title = json.dumps(content.title, ensure_ascii=False)
    return f'{{\n  "title": {title},\n  "colors": [\n' + ",\n".join(rows) + "\n  ]\n}\n"


def read_json(text: str) -> Content:
    """Read {"title": …, "colors": […]}, or a plain list of colours."""
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
    return Content.of(colors, names, title)
