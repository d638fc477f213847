"""How the command ends: its exit codes, and the one line that says what went wrong."""

from __future__ import annotations

import contextlib
import os
import sys

from ffcolor.errors import FfcolorError
from ffcolor.files import visible

DONE, FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def fail(message: str) -> int:
    """Say on one line of standard error what went wrong; with FFCOLOR_DEBUG, with the traceback before it."""
    if os.environ.get("FFCOLOR_DEBUG"):
        import traceback

        traceback.print_exc()
    say(f"ffcolor: {visible(' '.join(message.split()))}")
    return FAILED


def say(line: str) -> None:
    """Print a line on standard error, if that takes any."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def discard_output() -> None:
    """Point standard output at nothing, so that Python's own last flush stays silent."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


_ADVICE = {
    "alpha": "drop its alpha",
    "ambiguous-scale": "write rgb(…), or hex with #",
    "invalid-color": "write #rgb, #rrggbb, a CSS name, or a CSS colour such as 'rgb(230 127 134)'",
    "not-fitted": "learn it first: ffcolor learn",
}
"""What to write instead, in the shell, by the code of an error."""

_OPTIONS = {"n": "--number", "top": "--top", "vision": "--safe-for"}
"""The options of settings that are called otherwise in Python; all others only have dashes in their names."""


def complain(error: FfcolorError) -> int:
    """Say an error in the shell's words; bad usage is what is wrong with an option's value."""
    fail(in_shell(error))
    return USAGE if _is_of_option(error) else FAILED


def in_shell(error: FfcolorError) -> str:
    """An error's message as it stands in a shell: options by their names there, and the shell's own advice."""
    message = error.message
    if error.setting and _is_of_option(error):
        option = _OPTIONS.get(error.setting, "--" + error.setting.replace("_", "-"))
        message = option + message.removeprefix(error.setting)
    advice = _ADVICE.get(error.code, "") if error.advice else ""
    return f"{message}; {advice}" if advice else message


def _is_of_option(error: FfcolorError) -> bool:
    """Whether an error is about the value of an option, and not about a setting in a file, say."""
    return error.setting is not None and error.message.startswith(f"{error.setting} ")
