"""Leaving the process without the destructors of the libraries that are loaded."""

from __future__ import annotations

import sys


def leave_at_once() -> None:
    """Let exit(3) end the process before any destructor of a loaded library runs.

    Some destructors want Python's lock, which may be held by a thread that Java has stopped for good. What is
    registered last runs first, so this is called again after a large library has been loaded, and shortly before the
    end. Only Linux has the function it needs; elsewhere it does nothing.
    """
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        libc.on_exit(libc._exit, None)
