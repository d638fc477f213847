"""What the command reads and prints: the standard input, once; palettes as files or text; answers as JSON."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ffcolor.doors.cli.terminal import is_utf8, wants_color
from ffcolor.errors import FfcolorError
from ffcolor.files import json_text, reason, visible, visible_lines

if TYPE_CHECKING:
    from ffcolor.palette import Content

Options = argparse.Namespace
Plain = dict[str, Any]


def stdin_once() -> Callable[[], bytes]:
    """Reads the standard input, once."""
    unread = [sys.stdin.buffer]

    def read() -> bytes:
        if not unread:
            raise FfcolorError("the standard input, '-', can be used only once", code="source", value="-")
        try:
            return unread.pop().read()
        except OSError as error:
            message = f"the standard input cannot be read: {reason(error)}"
            raise FfcolorError(message, code="source", value="-") from error

    return read


def gathered(options: Options) -> Content:
    """The colours of the sources named, or of the standard input where none is."""
    from ffcolor.doors.sources import read_sources

    sources: Sequence[str] = options.sources
    if not sources:
        if sys.stdin.isatty():
            options.parser.error("no colours are given, and the standard input is a terminal")
        sources = ["-"]
    return read_sources(sources, stdin_once())


def format_of(options: Options) -> str | None:
    """The format asked for, or the one that the output's suffix names."""
    from ffcolor.palette import formats

    if options.format or not options.output:
        return str(options.format) if options.format else None
    return formats.guess(options.output)


def put(options: Options, result: Plain) -> None:
    """Write a palette to the file named, or print it; `--json` describes it instead of printing it."""
    from ffcolor.files import write_atomically

    if options.output:
        data = base64.b64decode(result["base64"]) if "base64" in result else result["text"].encode()
        write_atomically(options.output, data)
        if not printed_json(options, {**result, "output": options.output}):
            print(f"wrote {visible(options.output)}")
    elif not printed_json(options, result):
        if "text" in result:
            text = result["text"] if result["text"].endswith("\n") else result["text"] + "\n"
            is_data = not sys.stdout.isatty()  # which stays as it is
            sys.stdout.write(text if is_data else visible_lines(text, styled=result["format"] == "ansi"))
        elif sys.stdout.isatty():
            options.parser.error(f"{result['format']} is binary: give -o, or redirect the output")
        else:
            sys.stdout.buffer.write(base64.b64decode(result["base64"]))


def printed_json(options: Options, result: Plain) -> bool:
    """Print an answer as JSON where that is wanted, and say whether it was."""
    if options.json:
        print_json(result)
    return bool(options.json)


def print_json(answer: Any, *, indented: bool = False) -> None:
    """Print an answer as JSON: in ASCII where the output cannot show more, indented if asked for or on a terminal."""
    indent = 2 if indented or sys.stdout.isatty() else None
    print(as_json(answer, indent, in_ascii=not is_utf8(sys.stdout)))


def as_json(answer: Any, indent: int | None = None, *, in_ascii: bool = False) -> str:
    """Plain data as JSON, columns as rows; what a terminal would obey is escaped."""
    return json_text(answer, indent, in_ascii=in_ascii, default=_rows)


def _rows(value: Any) -> Any:
    from ffcolor.doors.columns import Columns

    if isinstance(value, Columns):
        return value.rows()
    raise TypeError(f"{type(value).__name__} is not plain data")


def painter(options: Options, width: int = 6) -> Callable[[str], str]:
    """Puts a swatch before a colour where colour is wanted, and nothing elsewhere."""
    from ffcolor.palette.formats import swatch

    if wants_color(options.color, sys.stdout):
        return lambda code: swatch(code, width) + "  "
    return lambda code: ""
