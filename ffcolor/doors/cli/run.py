"""The `ffcolor` command: reads the command line, runs a verb, prints; errors are one line."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import warnings
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TextIO

from ffcolor.doors.cli.exits import DONE, INTERRUPTED, PIPE_CLOSED, complain, discard_output, fail, say
from ffcolor.doors.cli.terminal import is_utf8
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.files import visible


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: done. 1: the data, a file or a model is bad (`skills`: there are findings). 2: the usage is (`skills`: a file,
    too). 130: interrupted. 141: the reader of the output has gone.
    """
    _open_closed_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        say("")
        return INTERRUPTED
    except BrokenPipeError:
        discard_output()
        return PIPE_CLOSED
    except OSError as error:
        discard_output()
        if os.name == "nt" and error.errno == errno.EINVAL and error.filename is None:
            return PIPE_CLOSED  # so Windows says that nobody reads the output
        return fail(f"{error.filename or 'output'}: {error.strerror or error}")


def _open_closed_streams() -> None:
    """Stand in for standard streams that the caller has closed, so that no file takes their numbers.

    What reads or writes them gets an error as from a closed one; but what would be said on a closed standard error is
    lost, as elsewhere.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                opened = os.open(os.devnull, os.O_RDONLY if number == 1 else os.O_WRONLY)
                if opened != number:
                    os.dup2(opened, number)
                    os.close(opened)
                stream = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
                setattr(sys, name, stream)


def _run(arguments: Sequence[str] | None) -> int:
    from ffcolor.doors.cli import jvm
    from ffcolor.doors.cli.parser import parse

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not is_utf8(stream):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign shows a question mark
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")  # of the name of a file that is not UTF-8
    try:
        options = parse(arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    command: Callable[[Namespace], int | None]
    if options.verb == "skills":
        from ffcolor.doors.cli.skills import run as command
    elif options.verb == "bench":
        from ffcolor.doors.cli.bench import run as command
    elif options.verb in jvm.COMMANDS:
        command = jvm.COMMANDS[options.verb]
    else:
        from ffcolor.doors.cli.commands import COMMANDS

        command = COMMANDS[options.verb]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", FfcolorWarning)
            warnings.showwarning = _show_warning
            code = command(options)
    except SystemExit as leaving:  # a usage error that only the verb could see
        return int(leaving.code or 0)
    except FfcolorError as error:
        return complain(error)
    except MemoryError:
        return fail("there is not enough memory for this much data")
    return code or DONE


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, FfcolorWarning):
        text = message.message if isinstance(message, FfcolorWarning) else str(message)
        say(f"ffcolor: warning: {visible(' '.join(text.split()))}")
    elif os.environ.get("FFCOLOR_DEBUG"):
        say(f"{filename}:{lineno}: {category.__name__}: {message}")


if __name__ == "__main__":
    sys.exit(main())
