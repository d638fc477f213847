"""What the terminal can show: swatches in truecolor, and a sign of life on work that takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_PATIENCE = 1.0  # seconds before a sign of life
_LATE = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def wants_color(wish: str, stream: TextIO) -> bool:
    """Whether to print swatches: as wished ("always", "never"), or ("auto") as the terminal and NO_COLOR have it.

    Source: no-color.org; COLORTERM as in the terminals' own documentation.
    """
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR") or not stream.isatty():
        return False
    return os.environ.get("COLORTERM", "") in ("truecolor", "24bit") or "direct" in os.environ.get("TERM", "")


def bar(share: float, width: int = 10) -> str:
    """A share in [0, 1] as a bar, `width` columns wide."""
    eighths = round(share * width * 8)
    full, part = divmod(eighths, 8)
    return ("█" * full + (" ▏▎▍▌▋▊▉"[part] if part else "")).ljust(width)


def is_utf8(stream: TextIO) -> bool:
    """Whether bars and dots can be printed."""
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


class Progress:
    """How far a piece of work has come; call it as ``progress(step, steps, …)``."""

    def __init__(self) -> None:
        self.share: float | None = None

    def __call__(self, step: int, steps: int, *_: object) -> None:
        """Note that `step` of `steps` is done."""
        self.share = (step + 1) / steps


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """While the body runs longer than a second, say so on standard error, if that is a terminal; then wipe it away."""
    progress = Progress()
    stream = sys.stderr
    if not stream.isatty():
        yield progress
        return
    done = threading.Event()
    begin = time.monotonic()

    def report() -> None:
        beat = 0
        if done.wait(_PATIENCE):
            return
        while True:
            share = "" if progress.share is None else f" {progress.share:4.0%}"
            sign = _LATE[beat % len(_LATE)] if is_utf8(stream) else "-\\|/"[beat % 4]
            stream.write(f"\r\x1b[K{sign} {what}{share} ({time.monotonic() - begin:.0f} s)")
            stream.flush()
            beat += 1
            if done.wait(0.1):
                stream.write("\r\x1b[K")
                stream.flush()
                return

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield progress
    finally:
        done.set()
        reporter.join()
