"""How much more memory a piece of work held resident at its peak than before it: all of it, by whomever allocated.

The operating system keeps the figure. On Linux its record can be set back before the work; elsewhere it is the record
of the whole life of the process, so that work that stays below what came before shows as 0. Measure each piece of work
in a process of its own.

Source: Linux manual page proc_pid_clear_refs(5) and proc_pid_status(5): VmHWM, VmRSS; POSIX getrusage.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path

_SELF = Path("/proc/self")


class Resident:
    """From its making on, the peak of what is resident in this process.

    Attributes:
        exact: whether the peak counts from the making on, and not from the start of the process.
    """

    def __init__(self) -> None:
        _give_back()
        self.exact = _forget()
        self._before = _read("VmRSS") if self.exact else _record()

    def grown_mb(self) -> float | None:
        """By how many MB (10^6 bytes) more was resident at the peak than at the making; None where nobody knows."""
        now = _record()
        return None if now is None or self._before is None else max(0, now - self._before) / 1e6


def _give_back() -> None:
    """What was freed already goes back to the system, so that using it anew counts."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # only glibc has it
            ctypes.CDLL(None).malloc_trim(0)


def _forget() -> bool:
    try:
        (_SELF / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return _read("VmHWM") is not None


def _record() -> int | None:
    """The most bytes that were ever resident."""
    found = _read("VmHWM")
    if found is not None:
        return found
    try:
        import resource
    except ImportError:  # Windows
        return None
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * (1 if sys.platform == "darwin" else 1024)


def _read(field: str) -> int | None:
    try:
        text = (_SELF / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    rows = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(rows[field].split()[0]) * 1024 if field in rows else None
