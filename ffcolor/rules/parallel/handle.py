"""A process of `Processes`, as its caller holds it: started, spoken to by pickles, listened to, and ended."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any, NamedTuple

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 5.0  # seconds to wait for the cause, when a process only says that another one has gone


class Word(NamedTuple):
    """What a process says: "ready", "losses", "state" or "error", and to it; "end" when it has ended."""

    place: int
    what: str
    value: Any = None


class Handle:
    """A process, a pipe to it, and a thread that puts what it says into the caller's queue."""

    def __init__(self, place: int, settings: tuple[Any, ...], words: SimpleQueue[Word]):
        self.place = place
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        with _deaf_to_ctrl_c():
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ffcolor.rules.parallel.worker", *map(str, settings)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
            )
        _widen(self.process.stdin)
        _widen(self.process.stdout)
        self._listener = threading.Thread(target=self._listen, args=(words,), name=f"process {place}", daemon=True)
        self._listener.start()

    def say(self, what: Any) -> None:
        """Send it something."""
        assert self.process.stdin is not None
        pickle.dump(what, self.process.stdin, protocol=5)
        self.process.stdin.flush()

    def fate(self) -> str:
        """How the process ended, in words."""
        try:
            code = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        if code < 0:
            return f"been killed by signal {-code} ({signal.Signals(-code).name})"
        return f"ended with exit code {code}"

    def end(self) -> None:
        """End it, and wait until it has ended."""
        self.process.kill()
        self.process.wait()
        self._listener.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):  # what was still to be written to it
                stream.close()

    def _listen(self, words: SimpleQueue[Word]) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                words.put(Word(self.place, *pickle.load(self.process.stdout)))
        except (EOFError, OSError, pickle.UnpicklingError):
            words.put(Word(self.place, "end"))


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A process that is started now gets no SIGINT: Ctrl-C goes to the caller, who ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _widen(pipe: Any) -> None:
    """Let a pipe hold 1 MiB where the system can: fewer turns to wait for."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
