"""Palettes as SVG drawings: our own, and the fills of those by other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from ffcolor.color import css
from ffcolor.errors import FfcolorError
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats import swatches
from ffcolor.palette.formats.svg_style import Element, Rules
from ffcolor.palette.formats.xml_text import parsed_xml

_SHAPES = ("rect", "circle", "path", "polygon", "polyline", "ellipse")
_NO_COLOR = re.compile(r"none|currentcolor|transparent|inherit|context-(fill|stroke)|(url|var)\(.*", re.I | re.S)
_ICC = re.compile(r"(?<=\S)\s+(icc-color\([^()]*\)|device-\w+\([^()]*\))$", re.IGNORECASE)


def write(content: Content) -> str:
    """Draw the swatches, one rect of class "swatch" a colour."""
    return swatches.svg(content)


def read(text: str) -> Content:
    """Read the fill colours of the shapes of class "swatch", or of all shapes, each named by its title.

    A fill comes from a style sheet, the shape's own style or attribute, or the group around it. One that cannot be
    read stands in the content's notes.
    """
    root = parsed_xml(text)
    rules = Rules("\n".join(each.text or "" for each in root.iter() if _tag(each) == "style"))
    shapes = [(each, fill) for each, fill in _fills(root, rules) if each.tag in _SHAPES]
    ours = [(each, fill) for each, fill in shapes if "swatch" in each.classes]
    colors, names, notes = [], [], list(rules.notes)
    for shape, fill in ours or shapes:
        if not fill or _NO_COLOR.fullmatch(fill):
            continue
        try:
            css.parse_css(fill)
        except FfcolorError as error:
            notes.append(f"<{shape.tag}>: {error.message}")
            continue
        colors.append(fill)
        names.append(_title(shape.node))
    if not colors:
        raise file_error("no shape in it has a fill colour" + (f" ({notes[0]})" if notes else ""))
    return Content.of(colors, names, _title(root)).noted(notes)


def _fills(root: ElementTree.Element, rules: Rules) -> Iterator[tuple[Element, str]]:
    """Every element in order, with the fill that it has or inherits; without ``!important`` and ICC colours."""
    waiting: list[tuple[ElementTree.Element, Element | None, str]] = [(root, None, "")]
    while waiting:
        node, parent, inherited = waiting.pop()
        element = Element(node, parent)
        own = _ICC.sub("", rules.fill(element))
        fill = inherited if own.lower() in ("", "inherit", "unset") else own
        yield element, fill
        waiting.extend((child, element, fill) for child in reversed(node) if isinstance(child.tag, str))


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _title(node: ElementTree.Element) -> str:
    return next((child.text or "" for child in node if _tag(child) == "title"), "")
