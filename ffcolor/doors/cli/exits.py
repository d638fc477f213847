"""How the command ends: its exit codes, and the one line that says what went wrong."""

from __future__ import annotations

import os
import sys

DONE, FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def fail(message: str) -> int:
    """Say on one line of standard error what went wrong; with FFCOLOR_DEBUG, with the traceback before it."""
    if os.environ.get("FFCOLOR_DEBUG"):
        import traceback

        traceback.print_exc()
    print(f"ffcolor: {' '.join(message.split())}", file=sys.stderr)
    return FAILED
