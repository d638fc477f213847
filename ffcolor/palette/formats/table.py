"""The palette formats: `FORMATS` is the table, `write` and `read` use it, `guess` finds a format by a file's suffix.

What each format keeps is in the table too. Formats that are not `exact` hold 8 bits a channel (.aco 16): other colours
are rounded. Formats that are not `named` hold neither names nor the title. Of a name, .gpl keeps one
line, .svg what XML can hold, and the Adobe formats anything but NUL; .aco has no place for a title.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from ffcolor.errors import FfcolorError, did_you_mean, shown
from ffcolor.files import quoted
from ffcolor.palette.content import Content, file_error

LARGEST_FILE = 32 << 20
"""The largest palette file, in bytes, that is looked at."""


class Format(NamedTuple):
    """One row of the table of formats."""

    suffixes: tuple[str, ...]
    """The file suffixes, in lower case with their dot; the first is the usual one."""
    binary: bool
    """Whether it is bytes rather than UTF-8 text."""
    exact: bool
    """Whether it keeps colours that are not 8-bit colours."""
    named: bool
    """Whether it keeps names."""
    home: str
    """The module that writes and reads it, and which of its functions, where it has several: ``"adobe.ase"``."""
    about: str
    """One line for people."""

    @property
    def write(self) -> Callable[[Content], Any]:
        """Content to str, or bytes for a binary format."""
        write: Callable[[Content], Any] = self._function("write")
        return write

    @property
    def read(self) -> Callable[[Any], Content]:
        """str, or bytes for a binary format, to content."""
        read: Callable[[Any], Content] = self._function("read")
        return read

    def _function(self, verb: str) -> Any:
        module, _, kind = self.home.partition(".")
        return getattr(importlib.import_module(f"ffcolor.palette.formats.{module}"), f"{verb}_{kind}" if kind else verb)


def write(content: Content, format: str) -> str | bytes:
    """Write a palette in the named format: text for text formats, bytes for binary ones.

    Raises:
        FfcolorError: ``palette-format`` for an unknown format, or one that is only read.
    """
    if isinstance(format, str) and format in READ_ONLY:
        message = f"the {format} format is only read, not written; there are {', '.join(FORMATS)}"
        raise FfcolorError(message, code="palette-format", value=format)
    written: str | bytes = _row(format).write(content)
    return written


def read(data: str | bytes, format: str) -> Content:
    """Read a palette in the named format.

    Raises:
        FfcolorError: ``palette-format`` for an unknown format; ``palette-file``, saying what is wrong, otherwise.
    """
    row = _row(format)
    try:
        if row.binary:
            if isinstance(data, str):
                raise file_error("its content is bytes, and text was given")
            return row.read(data)
        return row.read((data if isinstance(data, str) else data.decode()).removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 text: byte {error.start:,} is 0x{error.object[error.start]:02X}"
        raise file_error(f"not a palette in the {format} format: {reason}") from error
    except FfcolorError as error:
        raise file_error(f"not a palette in the {format} format: {error.message}", error.value) from error


def guess(path: str | os.PathLike[str]) -> str:
    """The name of the format that a file's suffix stands for.

    Raises:
        FfcolorError: ``palette-format``, listing the suffixes that are known.
    """
    suffix = os.path.splitext(os.fspath(path))[1].lower()
    for name, row in (FORMATS | READ_ONLY).items():
        if suffix in row.suffixes:
            return name
    known = ", ".join(s for row in FORMATS.values() for s in row.suffixes)
    what = f"the suffix {suffix!r} of {quoted(path)}" if suffix else f"{quoted(path)} has no suffix, which"
    raise FfcolorError(f"{what} names no palette format; the suffixes are {known}", code="palette-format", value=suffix)


def _row(format: str) -> Format:
    known = FORMATS | READ_ONLY
    if not isinstance(format, str) or format not in known:
        message = f"{shown(format)} is not a palette format: {did_you_mean(format, FORMATS)}"
        raise FfcolorError(message, code="palette-format", value=format)
    return known[format]


FORMATS: dict[str, Format] = {
    "hex": Format((".hex", ".txt"), False, False, False, "plain.hex", "hex codes, one a line"),
    "css": Format((".css",), False, False, True, "css", "CSS custom properties"),
    "json": Format((".json",), False, True, True, "plain.json", "JSON with names, exact"),
    "gpl": Format((".gpl",), False, False, True, "gimp", "GIMP, Inkscape, Krita palette"),
    "ase": Format((".ase",), True, True, True, "adobe.ase", "Adobe Swatch Exchange, exact"),
    "aco": Format((".aco",), True, False, True, "adobe.aco", "Photoshop colour swatches"),
    "svg": Format((".svg",), False, False, True, "svg", "drawing of the swatches"),
    "png": Format((".png",), True, True, True, "pictures.png", "picture of the swatches, exact"),
    "ansi": Format((".ansi", ".ans"), False, False, False, "terminal", "truecolor blocks for a terminal"),
    "mpl": Format((".mplstyle",), False, False, False, "mplstyle", "matplotlib style: its colour cycle"),
}
"""The table of formats, by name; each is imported when it is first used."""

READ_ONLY: dict[str, Format] = {
    "pal": Format((".pal",), True, False, False, "tables.pal", "RIFF or JASC palette"),
    "act": Format((".act",), True, False, False, "tables.act", "Adobe colour table"),
    "soc": Format((".soc",), False, False, True, "tables.soc", "LibreOffice colour table"),
    "colors": Format((".colors",), False, False, True, "tables.colors", "KDE colour scheme or palette"),
    "rgb": Format((), False, False, True, "triples.rgb", "lines of red, green, blue and a name"),
    "paintnet": Format((), False, False, False, "triples.paintnet", "paint.net palette"),
}
"""The formats of other programs that are read and not written."""
