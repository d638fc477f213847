"""A palette as a style sheet: one custom property a colour, with the names that CSS can't spell in comments."""

from __future__ import annotations

import json
import re

from ffcolor.color import read_color
from ffcolor.errors import FfcolorError
from ffcolor.palette.content import Content, file_error

_COLOR_FUNCTION = re.compile(r"(rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[A-Za-z]+$")
_DECLARATION = re.compile(r"(?<![\w-])--([^\s:;{}\x00]+)[\s]*:([^;{}]*)(?:;[ \t]*\x00(\d+)\x00)?")


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
    """Read the custom properties of any style sheet that hold a colour; a comment behind one is its name."""
    text, comments = _lift_comments(text.replace("\0", "\ufffd"))
    title = comments[0] if text.lstrip().startswith("\0") and "\n" not in comments[0] else ""
    comments = [_uncomment(comment) for comment in comments]
    title = _uncomment(title)
    stem = _identifier(title) or "palette"
    colors, names = [], []
    for found in _DECLARATION.finditer(text):
        variable, value, mark = found[1], re.sub("\0\\d+\0", " ", found[2]).strip(), found[3]
        written_out = value.startswith("#") or _COLOR_FUNCTION.match(value)
        if not (written_out or _is_word(value)) or _SUFFIX.search(value):
            continue  # a length, a font, a file, …
        try:
            color = read_color(value)
        except FfcolorError as error:
            if written_out:
                raise file_error(f"--{variable[:60]}: {error}", value[:60]) from error
            continue  # a word, but no colour's name
        colors.append(color)
        counted = re.fullmatch(re.escape(stem) + r"-\d+(-\d+)?", variable)
        names.append(comments[int(mark)] if mark else "" if counted else variable)
    if not colors:
        raise file_error("no custom property holds a colour; write them as --name: #rrggbb;")
    return Content.of(colors, names, title)


def _lift_comments(text: str) -> tuple[str, list[str]]:
    """The text with each comment replaced by its number between two NULs, and the comments."""
    comments: list[str] = []
    kept, at = [], 0
    while (start := text.find("/*", at)) >= 0:
        end = text.find("*/", start + 2)
        if end < 0:
            raise file_error("a comment is never closed")
        kept.append(f"{text[at:start]}\0{len(comments)}\0")
        comments.append(text[start + 2 : end].strip())
        at = end + 2
    return "".join([*kept, text[at:]]), comments


def _is_word(value: str) -> bool:
    """Whether a value can be a colour's name: letters, but not hex digits without their #."""
    return value.isalpha() and not re.fullmatch("[0-9a-fA-F]+", value)
