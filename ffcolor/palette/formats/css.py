"""A palette as a style sheet: one custom property a colour, with the names that CSS can't spell in comments."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import css, css_tokens, names, space, to_hex
from ffcolor.errors import FfcolorError
from ffcolor.palette.content import Content, file_error
from ffcolor.palette.formats.css_properties import Declaration, Sheet, UndefinedError

_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


def write(content: Content) -> str:
    """Write each colour as a custom property of :root, named after the title and the colour's name or number."""
    stem = _identifier(content.title) or "palette"
    used: set[str] = set()
    lines = [f"/* {_comment(content.title)} */", ":root {"]
    for place, (code, name) in enumerate(zip(content.hex, content.labels, strict=True)):
        named = content.is_named(place)
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


def read(text: str) -> Content:
    """Read the custom properties of any style sheet that hold colours; a comment behind one is its name.

    What cannot be kept as it is stands in the content's notes, by property and line: a translucent colour is left out,
    one outside sRGB is brought inside as CSS does, and what cannot be worked out is left out.
    """
    sheet = Sheet(text.replace("\0", "\ufffd"))
    if sheet.is_open():
        raise file_error("a comment is never closed")
    opening = sheet.comment
    title = _uncomment(opening) if opening is not None and "\n" not in opening else ""
    counted = re.compile(re.escape(_identifier(title) or "palette") + r"-\d+(-\d+)?")
    colors: list[NDArray[np.float32]] = []
    labels: list[str] = []
    notes: list[str] = []
    for each in sheet.declarations:
        place = f"line {each.line}, {each.name[:60]}"
        found = _colors(sheet, each, place, notes)
        bare = each.name.removeprefix("--")
        name = _uncomment(each.comment) if each.comment is not None else "" if counted.fullmatch(bare) else bare
        colors += found
        labels += [name] if len(found) == 1 else [f"{name}-{number}" for number in range(1, len(found) + 1)]
    if not colors:
        why = f" ({notes[0]})" if notes else ""
        raise file_error(f"no custom property holds a colour{why}; write them as --name: #rrggbb;")
    return Content.of(np.stack(colors), labels, title).noted(notes)


def _colors(sheet: Sheet, declaration: Declaration, place: str, notes: list[str]) -> list[NDArray[np.float32]]:
    """The colours that a property's value consists of: none where it is anything else."""
    if sheet.is_alias(declaration):
        return []
    try:
        text = _IMPORTANT.sub("", sheet.expanded(declaration))
    except UndefinedError as problem:
        if any(token.kind == "function" and token.value.lower() in css.FUNCTIONS for token in declaration.value):
            notes.append(f"{place}: {problem}")
        return []
    parts = css_tokens.components([*css_tokens.tokens(text)])
    if not parts or not all(map(_is_color, parts)):
        return []  # a length, a font, a shadow, …
    found = []
    for part in parts:
        color = _color(text[part[0].start : part[-1].end], place, notes)
        if color is not None:
            found.append(color)
    return found


def _color(text: str, place: str, notes: list[str]) -> NDArray[np.float32] | None:
    """One colour, brought into sRGB where it is outside; None, with a note, where it cannot be kept."""
    try:
        parsed = css.parse_css(text)
    except FfcolorError as error:
        notes.append(f"{place}: {error.message}")
        return None
    shown = text if len(text) <= 60 else text[:57] + "..."
    if parsed.alpha < 1:
        notes.append(f"{place}: {shown} is translucent (alpha {parsed.alpha:.3g}) and was left out")
        return None
    if parsed.note:
        notes.append(f"{place}: {parsed.note}")
    numbers = np.array([parsed.numbers])
    srgb = numbers if parsed.to_srgb is None else parsed.to_srgb(numbers)
    if not space.in_gamut(srgb)[0]:
        srgb = space.fit_gamut(srgb)
        notes.append(f"{place}: {shown} is outside sRGB and became {to_hex(srgb)[0]}")
    (color,) = np.clip(srgb, 0, 1).astype(np.float32)
    return np.asarray(color)


def _is_color(part: Sequence[css_tokens.Token]) -> bool:
    """Whether a component value can only be a colour: a hash, a function of colours, or a colour's name."""
    first = part[0]
    if first.kind == "function":
        return first.value.lower() in css.FUNCTIONS
    return first.kind == "hash" or (first.kind == "name" and first.value.lower() in (*names.NAMES, "transparent"))
