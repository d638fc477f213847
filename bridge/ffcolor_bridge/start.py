"""Where the commands `ffcolor` and `ffcolor-java` start: Ctrl-C ends them without a traceback from the first moment on.

Python answers Ctrl-C with an exception, and shows a traceback where nothing catches it: while modules are still being
imported, say. So this module comes first, and imports only what Python itself has imported already.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

_INTERRUPTED = 130
_IMPORTING = "<frozen importlib"  # how the names of the files begin that Python's own importer was compiled from


def ffcolor() -> int:
    """The `ffcolor` command: its exit code."""
    if _signal.getsignal(_signal.SIGINT) is not _signal.default_int_handler:  # ignored, as behind nohup
        from ffcolor.doors.cli.run import main

        return main()
    _signal.signal(_signal.SIGINT, _leave)
    from ffcolor.doors.cli.run import main

    sys.unraisablehook = _unraisable
    try:
        _signal.signal(_signal.SIGINT, _interrupt)
        return main()
    except KeyboardInterrupt:
        _leave()
    finally:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def ffcolor_java() -> NoReturn:
    """The `ffcolor-java` command; Ctrl-C ends it as it ends any program, until Java takes it over."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from ffcolor_bridge.launcher import main

    main()


def _interrupt(_number: int, frame: FrameType | None) -> None:
    """Interrupt the command's work; while something is being imported, where an exception may get lost, just leave."""
    _signal.signal(_signal.SIGINT, _leave)  # whoever asks twice does not want to wait
    while frame is not None:
        if frame.f_code.co_filename.startswith(_IMPORTING):
            _leave()
        frame = frame.f_back
    raise KeyboardInterrupt


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Leave where the interruption met code that can raise nothing; Python would report it and go on."""
    if lost.exc_type is KeyboardInterrupt:
        _leave()
    sys.__unraisablehook__(lost)


def _leave(*_: object) -> NoReturn:
    try:
        os.write(2, b"\n")
    finally:  # even where there is no standard error
        os._exit(_INTERRUPTED)
