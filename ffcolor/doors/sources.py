"""Where a person's colours come from: what one types as one argument becomes colours.

A *source* is a short text. It is read by the first of these rules that fits:

1. ``-`` is the standard input: colours as text, or a palette or image file;
2. ``@list.txt`` is a text file in which every line is a source of this table;
3. ``genesis:1069:1-32`` is a stream: see `ffcolor.streams`;
4. what has a slash or a backslash in it (outside brackets, and not that of Munsell notation, as in ``5R 4/14``), or
   ends in a known suffix such as ``.gpl``, is a file: a palette in any known format, an image, or a text of colours;
5. anything else is a colour, or several with commas or spaces in between. So ``red`` is a colour and ``./red`` a file.

In text, a line that begins with ``//`` or with ``#`` and a space is a comment. A picture of a few flat colours stands
for these, in the order in which one reads them; any other image for an even sample of at most 4,096 of its pixels.
Fully clear pixels count nowhere.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import FfcolorError
from ffcolor.files import lines_of, quoted, read_file

_BRACKETS = re.compile(r"\([^()]*\)")
_COMMENT = re.compile(r"\s*(//.*|#(\s.*)?)?")
_MARK = re.compile(r"#(?!\S)")  # what a comment may begin with
_PICTURES = re.compile(
    rb"(?s)\x89PNG|\xff\xd8\xff|GIF8|BM|II\*\x00|MM\x00\*|RIFF....WEBP|....ftypavi|\x00\x00\x01\x00|P[1-6]\s"
)

if TYPE_CHECKING:
    from ffcolor.palette import Content

Stdin = Callable[[], bytes]


def read_sources(texts: Sequence[str], stdin: Stdin | None = None) -> Content:
    """Read several sources, one after the other; names and title survive when there is only one.

    Raises:
        FfcolorError: naming the source and, in a list, the line.
    """
    from ffcolor.color import check_words
    from ffcolor.palette import Content

    check_words(texts)
    found = [read_source(text, stdin) for text in texts]
    if not found:
        raise FfcolorError("no colours are given", code="no-colors", value=[])
    return found[0] if len(found) == 1 else Content(np.concatenate([each.colors for each in found]))


def read_source(text: str, stdin: Stdin | None = None) -> Content:
    """Read one source: a colour, a palette file, an image, a stream, a list, or ``-`` for the standard input.

    Args:
        text: what was typed.
        stdin: gives the bytes of the standard input; without it ``-`` is refused.

    Raises:
        FfcolorError: `source`, `file-read`, or whatever is wrong with the colours.
    """
    from ffcolor import streams
    from ffcolor.palette import Content

    stripped = text.strip()
    if stripped == "-":
        if stdin is None:
            raise FfcolorError("'-' cannot be used here", code="source", value=text)
        return _read_bytes(stdin(), "standard input", "")
    if stripped.startswith("@"):
        return Content(_read_list(_load(stripped[1:]), stripped[1:], nested=True))
    if streams.is_spec(stripped):
        return Content(streams.parse(stripped))
    if is_file(stripped):
        return _read_bytes(_load(stripped), quoted(stripped), _suffix(stripped))
    return Content(_read_colors(stripped))


def streamed(source: Any) -> Any:
    """A verb's colours, not read yet: what names a stream, alone or in a list, becomes its colours; else unchanged.

    Returns:
        What `read_colors` takes.
    """
    from ffcolor import streams

    if isinstance(source, str) and streams.is_spec(source):
        return streams.parse(source)
    if isinstance(source, (list, tuple)) and any(isinstance(each, str) and streams.is_spec(each) for each in source):
        return _read_expanded(source)
    return source


def _read_expanded(source: Sequence[Any]) -> NDArray[np.float32]:
    """The colours of a list with streams in it, read as one list; an error names the place in the list given."""
    from ffcolor import streams
    from ffcolor.color import read_colors, to_hex

    items: list[Any] = []
    places: list[int] = []  # where each item stands in the list given
    for place, each in enumerate(source):
        found = [each]
        if isinstance(each, str) and streams.is_spec(each):
            try:
                found = to_hex(streams.parse(each))
            except FfcolorError as error:
                raise error.within(f"colour {place}", place) from None
        items += found
        places += [place] * len(found)
    try:
        return read_colors(items)
    except FfcolorError as error:
        if error.position is None:
            raise
        place, error.message = places[error.position], error.message.removeprefix(f"colour {error.position}: ")
        raise error.within(f"colour {place}", place) from None


def colors_of(source: Any) -> NDArray[np.float32]:
    """A verb's colours, read: anything `read_colors` takes, and streams in their short form, alone or in a list.

    Returns:
        float32 (n, 3), sRGB in [0, 1].
    """
    from ffcolor.color import read_colors

    return read_colors(streamed(source))


def is_file(text: str) -> bool:
    """Whether a source means a file: it has a slash or backslash outside brackets, or a suffix of a known format."""
    from ffcolor.color import MUNSELL
    from ffcolor.color.images import is_image_path
    from ffcolor.palette.formats import FORMATS, READ_ONLY

    plain = MUNSELL.sub("", _BRACKETS.sub("", text))
    known = {".safetensors", *(suffix for row in (FORMATS | READ_ONLY).values() for suffix in row.suffixes)}
    return "/" in plain or "\\" in plain or _suffix(plain) in known or is_image_path(plain)


def _suffix(text: str) -> str:
    return os.path.splitext(text)[1].lower()


def _load(path: str) -> bytes:
    from ffcolor.color import images

    return read_file(os.path.expanduser(path), images.LARGEST_FILE)


def _read_bytes(data: bytes, name: str, suffix: str) -> Content:
    """The colours of a file's bytes: of a palette if they are one, else of an image, else of a text."""
    from ffcolor.color import images
    from ffcolor.palette import Content, formats

    if not data.strip():
        raise FfcolorError(f"{name} is empty: there are no colours in it", code="no-colors", value=name)
    if suffix == ".safetensors":
        raise FfcolorError(f"{name} is a model, and colours are wanted here", code="source", value=name)
    rows = formats.FORMATS | formats.READ_ONLY
    kind = next((key for key, row in rows.items() if suffix in row.suffixes and key not in ("hex", "png")), None)
    if kind is None and (_PICTURES.match(data) or images.is_image_path("x" + suffix)):
        return _read_picture(data, name)
    if len(data) > formats.LARGEST_FILE:
        message = f"{name} is larger than {formats.LARGEST_FILE:,} bytes"
        raise FfcolorError(message, code="file-read", value=name)
    kind = kind or formats.tell(data)
    if kind is None:
        return Content(_read_list(data, name, nested=False))
    try:
        return formats.read(data, kind).warned(name)
    except FfcolorError as error:
        raise error.within(name) from None


def _read_picture(data: bytes, name: str) -> Content:
    from ffcolor.color import images
    from ffcolor.palette import photo

    try:
        return photo(images.decoded(data))
    except FfcolorError as error:
        if error.code == "no-colors":
            raise error.within(name) from None
        message = f"{name} is not an image that can be read: {error.message}"
        raise FfcolorError(message, code=error.code, value=name) from error


def _read_list(data: bytes, name: str, *, nested: bool) -> NDArray[np.float32]:
    """The colours of a text, line by line; `nested` allows streams and files in it, as in ``@list.txt``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"{name} is neither text nor a known palette or image (byte {error.start} is {data[error.start]:#04x})"
        )
        raise FfcolorError(message, code="source", value=name) from None
    has_comments = "//" in text or _MARK.search(text) is not None
    if not nested and not has_comments:  # all at once; line by line only to say which one is wrong
        with contextlib.suppress(FfcolorError):
            return _read_colors(text)
    lines = [(number, line) for number, line in enumerate(lines_of(text), 1) if not _COMMENT.fullmatch(line)]
    if not lines:
        raise FfcolorError(f"{name} is empty: there are no colours in it", code="no-colors", value=name)
    if not nested and has_comments:
        with contextlib.suppress(FfcolorError):
            return _read_colors(" ".join(line for _, line in lines))
    found = []
    for number, line in lines:
        try:
            if line.lstrip().startswith("@"):
                raise FfcolorError("a list cannot hold another list", code="source", value=line)
            found.append(read_source(line).colors if nested else _read_colors(line))
        except FfcolorError as error:
            raise error.within(f"{name}, line {number}", number - 1) from None
    return np.concatenate(found)


def _read_colors(text: str) -> NDArray[np.float32]:
    from ffcolor.color import read_colors

    try:
        return read_colors(text)
    except FfcolorError as error:
        if os.path.exists(text):
            message = f"{error.message} (for the file of that name, write ./{text})"
            raise FfcolorError(message, code=error.code, value=error.value, position=error.position) from None
        raise
