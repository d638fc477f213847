"""How a palette looks: as a drawing (SVG, HTML, PNG) and in the terminal (ANSI).

One layout serves every drawing: a white card with a grid of rounded swatches, each labelled with its hex, and its name
if it has one, in black or white, whichever reads better on it.
"""

from __future__ import annotations

import html
import io
import math
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ffcolor.color import space
from ffcolor.palette.content import Content
from ffcolor.palette.fonts import font

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_MARGIN = 24
_TITLE_SIZE = 16
_INK, _QUIET = "#1B1F24", "#6B7280"
_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


class _Style(NamedTuple):
    """Sizes, in pixels, for palettes of up to `most` colours."""

    most: int
    width: int
    height: int
    gap: int
    radius: int
    font: int


_STYLES = (
    _Style(12, 128, 104, 12, 14, 14),
    _Style(64, 100, 76, 10, 12, 12),
    _Style(1024, 76, 48, 6, 8, 11),
    _Style(2**63, 8, 8, 0, 0, 0),  # too many to label
)


class Swatch(NamedTuple):
    """One colour on the card."""

    x: int
    y: int
    hex: str
    ink: str
    name: str
    """Empty if the colour has no name."""


class Sheet(NamedTuple):
    """A card: its size, the size of its swatches, and where each is."""

    width: int
    height: int
    style: _Style
    swatches: list[Swatch]
    title: str
    """Empty if the palette has the default title."""
    subtitle: str


def ink_on(content: Content) -> list[str]:
    """Black or white for each colour, whichever has the higher contrast on it (at least 4.5 : 1 always)."""
    dark = space.contrast_ratio(content.colors, np.zeros(3)) >= space.contrast_ratio(content.colors, np.ones(3))
    return ["#000000" if d else "#FFFFFF" for d in dark.tolist()]


def sheet(content: Content) -> Sheet:
    """Lay a palette out."""
    count = len(content)
    style = next(s for s in _STYLES if count <= s.most)
    columns = _columns(count, style)
    rows = -(-count // columns)
    header = _MARGIN + _TITLE_SIZE + 14
    step_x, step_y = style.width + style.gap, style.height + style.gap
    names = content.names or [""] * count
    swatches = [
        Swatch(
            x=_MARGIN + place % columns * step_x,
            y=header + place // columns * step_y,
            hex=code,
            ink=ink,
            name=" ".join(visible(name).split()),
        )
        for place, (code, name, ink) in enumerate(zip(content.hex, names, ink_on(content), strict=True))
    ]
    width = max(2 * _MARGIN + columns * step_x - style.gap, 176)
    title = "" if content.title in ("", "palette") else " ".join(visible(content.title).split())
    return Sheet(
        width=width,
        height=header + rows * step_y - style.gap + _MARGIN,
        style=style,
        swatches=swatches,
        title=title,
        subtitle=f"{count:,} colour{'s' if count > 1 else ''}",
    )


def _columns(count: int, style: _Style) -> int:
    """One row for up to six; else the grid nearest to three by two that leaves the fewest places empty."""
    if count <= 6:
        return count

    def cost(columns: int) -> float:
        rows = -(-count // columns)
        shape = columns * (style.width + style.gap) / (rows * (style.height + style.gap))
        return abs(math.log(shape / 1.8)) + 4 * (columns * rows - count) / count

    return min(range(4, max(6, math.isqrt(3 * count)) + 1), key=cost)


def visible(text: str) -> str:
    """A text with a space for each control character and non-character, which neither XML nor a font can show."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") or c in "\ufffe\uffff" else c for c in text)


def _fit(text: str, room: float, size: int) -> str:
    """Cut a text to what fits into `room` pixels, by a cautious guess of the letters' widths."""
    used = 0.0
    for place, letter in enumerate(text):
        used += size * (1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.6)
        if used > room:
            return text[: max(place - 1, 0)].rstrip() + "…"
    return text


# ---- SVG and HTML ------------------------------------------------------------------------------------------------


def svg(content: Content) -> str:
    """A palette as an SVG drawing that `formats` can read back: one rect of class "swatch" a colour."""
    card = sheet(content)
    width, height, style, swatches, *_ = card
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img">',
        f"<title>{_escaped(visible(content.title))}</title>",
        f'<rect width="{width}" height="{height}" rx="18" fill="#FFFFFF"/>',
        f'<text x="{_MARGIN}" y="{_MARGIN + _TITLE_SIZE - 2}" font-family="{_SANS}" font-size="{_TITLE_SIZE}">'
        f"{_heading(card)}</text>",
    ]
    rounded = f' rx="{style.radius}"' if style.radius else ""
    outline = ' stroke="#000000" stroke-opacity="0.1"' if style.font else ""
    for swatch, name in zip(swatches, content.labels, strict=True):
        parts.append(
            f'<rect class="swatch" x="{swatch.x}" y="{swatch.y}" width="{style.width}" height="{style.height}"{rounded}'
            f' fill="{swatch.hex}"{outline}><title>{_escaped(visible(name))}</title></rect>'
        )
        parts.extend(
            f'<text x="{swatch.x + x}" y="{swatch.y + y}" font-family="{family}" font-size="{style.font}"'
            f' fill="{swatch.ink}">{_escaped(text)}</text>'
            for x, y, family, text in _labels(swatch, style)
        )
    return "\n".join([*parts, "</svg>", ""])


def _heading(card: Sheet) -> str:
    title = _fit(card.title, card.width - 2 * _MARGIN - 90, _TITLE_SIZE)
    first = f'<tspan font-weight="600" fill="{_INK}">{_escaped(title)}</tspan>' if title else ""
    gap = ' dx="10"' if title else ""
    return f'{first}<tspan{gap} fill="{_QUIET}">{card.subtitle}</tspan>'


def _labels(swatch: Swatch, style: _Style) -> Iterator[tuple[int, int, str, str]]:
    """(x, y of the baseline, font family, text) of each line of writing on a swatch, from its corner."""
    if not style.font:
        return
    inset = style.font * 6 // 7 + 1
    bottom = style.height - inset
    yield inset, bottom, _MONO, swatch.hex
    if swatch.name and style.height > 3 * style.font + inset:
        yield inset, bottom - style.font - 5, _SANS, _fit(swatch.name, style.width - 2 * inset, style.font)


def _escaped(text: str) -> str:
    """Text as XML and HTML hold it between tags."""
    return html.escape(text, quote=False)


def as_html(content: Content) -> str:
    """A palette as a piece of HTML, for notebooks and pages: the SVG drawing, no wider than its place."""
    drawing = svg(content).replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)
    return f'<div class="ffcolor-palette">{drawing}</div>'


# ---- PNG ---------------------------------------------------------------------------------------------------------


def png(content: Content, note: str, scale: int = 2) -> bytes:
    """A palette as a PNG picture, `scale` pixels to the drawing's one, with `note` kept in it as text "ffcolor"."""
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    card = sheet(content)
    style = card.style
    picture = Image.new("RGB", (card.width * scale, card.height * scale), "#FFFFFF")
    draw = ImageDraw.Draw(picture)
    size = (style.width * scale, style.height * scale)
    whole = _rounded(size, style.radius * scale, 0)
    inner = _rounded(size, style.radius * scale, scale // 2 if style.font else 0)
    for swatch in card.swatches:
        corner = (swatch.x * scale, swatch.y * scale)
        color = tuple(bytes.fromhex(swatch.hex[1:]))
        picture.paste(tuple(channel * 9 // 10 for channel in color), corner, whole)
        picture.paste(color, corner, inner)
        for x, y, family, text in _labels(swatch, style):
            font = _font(family, style.font * scale)
            if _covers(font, text):
                draw.text(((swatch.x + x) * scale, (swatch.y + y) * scale), text, swatch.ink, font, "ls")
    baseline = (_MARGIN + _TITLE_SIZE - 2) * scale
    bold, plain = _font("bold", _TITLE_SIZE * scale), _font(_SANS, _TITLE_SIZE * scale)
    title = _fit(card.title, card.width - 2 * _MARGIN - 90, _TITLE_SIZE) if _covers(bold, card.title) else ""
    draw.text((_MARGIN * scale, baseline), title, _INK, bold, "ls")
    after = _MARGIN * scale + (bold.getlength(title) + 10 * scale if title else 0)
    draw.text((after, baseline), card.subtitle, _QUIET, plain, "ls")
    info = PngInfo()
    info.add_itxt("ffcolor", note)
    file = io.BytesIO()
    picture.save(file, "PNG", pnginfo=info)
    return file.getvalue()


def _rounded(size: tuple[int, int], radius: int, inset: int) -> Any:
    """An antialiased mask of a rounded rectangle."""
    from PIL import Image, ImageDraw

    fine = 4
    mask = Image.new("L", (size[0] * fine, size[1] * fine), 0)
    box = (inset * fine, inset * fine, (size[0] - inset) * fine - 1, (size[1] - inset) * fine - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, (radius - inset) * fine if radius else 0, 255)
    return mask.reduce(fine)


def _font(family: str, size: int) -> FreeTypeFont:
    return font({_MONO: "DejaVuSansMono", "bold": "DejaVuSans-Bold"}.get(family, "DejaVuSans"), size)


def _covers(font: FreeTypeFont, text: str) -> bool:
    """Whether a font has all the letters: rather no name than a row of boxes."""
    box = bytes(font.getmask("\U0010ffff"))
    return text.isascii() or all(bytes(font.getmask(letter)) != box for letter in set(text) - {" "})


# ---- the terminal ------------------------------------------------------------------------------------------------


def ansi(content: Content, width: int, labels: bool) -> str:
    """Blocks of colour: rows of two lines, the second one with the hexes, or of one line without labels."""
    cell = 9 if labels else 4
    rgb = [tuple(bytes.fromhex(code[1:])) for code in content.hex]
    paint = ["\x1b[48;2;{};{};{}m".format(*color) for color in rgb]
    ink = ["\x1b[38;2;0;0;0m" if i == "#000000" else "\x1b[38;2;255;255;255m" for i in ink_on(content)]
    lines = []
    columns = max(1, width // cell)
    for first in range(0, len(content), columns):
        row = range(first, min(first + columns, len(content)))
        lines.append("".join(paint[i] + " " * cell for i in row) + "\x1b[0m")
        if labels:
            lines.append("".join(f"{paint[i]}{ink[i]} {content.hex[i]} " for i in row) + "\x1b[0m")
    return "\n".join(lines) + "\n"
