"""What the terminal can show: swatches in truecolor, and a sign of life on work that takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TextIO

_PATIENCE = 1.0  # seconds before a sign of life
_LATE = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_WIDTH = 20  # columns of the bar of a piece
_WIPED = "\r\x1b[K"


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


def _wipes() -> bool:
    """Whether a terminal takes escapes; the old console of Windows prints them as they are."""
    return os.name != "nt" or bool({"WT_SESSION", "TERM", "ANSICON", "ConEmuANSI"} & set(os.environ))


class Progress:
    """A sign of life, in one line of a terminal, on work that takes longer than a second; then it wipes itself away.

    The work runs inside ``with``. It may say how far it is: call it as ``progress(step, steps, …)`` where it is one
    piece, or `count` where it is one of several. On a stream that is not a terminal nothing is written.

    Args:
        what: what is being done.
        stream: where to write; None is standard error.
    """

    def __init__(self, what: str = "", stream: TextIO | None = None):
        self.what = what
        self.share: float | None = None
        self.counted: tuple[int, int] | None = None
        self._stream = sys.stderr if stream is None else stream
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __call__(self, step: int, steps: int, *_: object) -> None:
        """Note that `step` of `steps`, counted from 1, is done."""
        self.share = step / steps

    def count(self, what: str, done: int, total: int, share: float) -> None:
        """Note that `done` of `total` pieces are done, and that `share` (0 to 1) is of the one that runs, `what`."""
        if what:
            self.what, self.counted, self.share = what, (done, total), share

    def __enter__(self) -> Progress:
        self._begin = time.monotonic()
        if self._stream.isatty() and _wipes():
            self._thread = threading.Thread(target=self._report, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _report(self) -> None:
        if self._done.wait(_PATIENCE):
            return
        beat, done = 0, False
        while not done:
            self._stream.write(f"{_WIPED}{self._line(beat)}")
            self._stream.flush()
            beat, done = beat + 1, self._done.wait(0.1)
        self._stream.write(_WIPED)
        self._stream.flush()

    def _line(self, beat: int) -> str:
        seconds, is_utf = time.monotonic() - self._begin, is_utf8(self._stream)
        if self.counted is None:
            share = "" if self.share is None else f" {self.share:4.0%}"
            sign = _LATE[beat % len(_LATE)] if is_utf else "-\\|/"[beat % 4]
            return f"{sign} {self.what}{share} ({seconds:.0f} s)"
        done, total = self.counted
        part = self.share or 0.0
        filled = bar(part, _WIDTH) if is_utf else ("#" * round(part * _WIDTH)).ljust(_WIDTH, ".")
        elapsed = time.strftime("%H:%M:%S", time.gmtime(seconds))
        return f"{done + 1} of {total}  {filled} {part:4.0%}  {elapsed}  {self.what}"


def working(what: str) -> Progress:
    """While the body runs longer than a second, say so on standard error, if that is a terminal; then wipe it away."""
    return Progress(what)
