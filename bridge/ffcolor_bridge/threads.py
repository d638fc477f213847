"""The engine's threads: they take the calls of Java threads (see Engine.java), run them and answer them.

The threads belong to Python. A Java thread only waits, and runs callbacks in the middle of a call; so however many Java
threads come and go, Python sees the same few. While an engine thread waits for a callback, another one takes its place,
so that a callback may itself call the engine, to any depth. What takes no longer than a crossing has its own way in,
once it has worked here: see `ffcolor_bridge.quick`.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ffcolor_bridge import wire
from ffcolor_bridge.handles import HANDLES
from ffcolor_bridge.leaving import leave_at_once
from ffcolor_bridge.operations import run
from ffcolor_bridge.quick import Quick

_SIZE = max(4, min(os.cpu_count() or 1, 16))  # threads at work
_LOOK = 0.002  # seconds after which a running operation looks whether it is still wanted
_SPARE = 4  # idle threads kept beyond these, for callbacks
_GIVE = {"f": "giveFloats", "d": "giveDoubles", "l": "giveLongs", "q": "giveLongs"}  # by the type of an array
_NOBODY = object()
_COLLECTED = threading.local()  # .warnings: what the running call was warned of


class Cancelled(BaseException):
    """The caller no longer waits: whatever runs for it stops."""


class Watch:
    """What a running operation sees of its call: whether it is still wanted, and the way to ask the caller.

    Args:
        call: an ``ffcolor.Engine.Call``.
        threads: the threads that serve it.
    """

    def __init__(self, call: Any, threads: Threads):
        self._call = call
        self._threads = threads
        self.asks = bool(call.asks)
        self._looked = time.monotonic()

    def check(self) -> None:
        """Raise `Cancelled` if nobody waits for the answer any more."""
        self._looked = time.monotonic()
        if self._call.cancelled():
            raise Cancelled

    def on_step(self, step: int, steps: int, loss: float) -> None:
        """Report a learning step to the caller, if it asked for that; stop if it has left."""
        if self.asks or time.monotonic() - self._looked > _LOOK:
            self.check()
        if self.asks:
            with self._threads.waiting():
                self._call.ask([step, steps, float(loss)])


class Threads:
    """A number of threads at work, and as many more as wait for callbacks.

    Args:
        engine: the Java class ``ffcolor.Engine``.
        size: how many are at work.
    """

    def __init__(self, engine: Any, size: int = _SIZE):
        self._engine = engine
        self._size = size
        self._lock = threading.Lock()
        self._active = 0
        self._names = itertools.count(1)
        self._quick = Quick()

    def start(self) -> None:
        """Start the threads."""
        self._quick.open()
        for _ in range(self._size):
            self._add()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While this thread waits for a callback, another one is at work in its place."""
        with self._lock:
            self._active -= 1
            short = self._active < self._size
        if short:
            self._add()
        try:
            yield
        finally:
            with self._lock:
                self._active += 1

    def _add(self) -> None:
        with self._lock:
            self._active += 1
            name = f"ffcolor-engine-{next(self._names)}"
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        import jpype

        thread = jpype.JClass("java.lang.Thread")
        thread.attachAsDaemon()
        thread.currentThread().setName(threading.current_thread().name)
        call, answer = None, None
        while not self._retired():
            call = self._engine.take(call, answer)
            answer = self._serve(call)
            if answer is _NOBODY:
                call, answer = None, None
        if call is not None:
            call.answer(answer)
        thread.detach()

    def _retired(self) -> bool:
        with self._lock:
            surplus = self._active > self._size + _SPARE
            self._active -= surplus
        return surplus

    def _serve(self, call: Any) -> Any:
        """Run a call; its answer as EDN, or None where arrays are all of it, or _NOBODY if nobody waits for one."""
        reply = wire.Reply(HANDLES)
        _COLLECTED.warnings = []
        try:
            operation, _, header = str(call.text).partition(" ")
            if operation == "release":
                HANDLES.drop(int(header))
                return _NOBODY
            arguments = wire.read_header(header, call.floats, HANDLES.get)
            text = reply.text(_with_warnings(run(operation, arguments, Watch(call, self))))
            for array in reply.arrays:
                getattr(call, _GIVE[array.dtype.char])(array if array.ndim == 1 else array.reshape(-1))
            for number in reply.held:
                call.hold(number)
            self._quick.worked(operation)
        except BaseException as error:
            reply.drop()
            return _NOBODY if call.cancelled() else wire.error_edn(error)
        return text


def _with_warnings(value: Any) -> Any:
    return value | {"warnings": _COLLECTED.warnings} if isinstance(value, dict) and _COLLECTED.warnings else value


def start() -> None:
    """Start the engine's threads in a running JVM that has ``ffcolor.Engine`` on its class path; return at once."""
    import jpype

    from ffcolor.errors import FfcolorWarning

    usual = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if issubclass(category, FfcolorWarning) and hasattr(_COLLECTED, "warnings"):
            _COLLECTED.warnings.append(message.message if isinstance(message, FfcolorWarning) else str(message))
        else:
            usual(message, category, *place, **more)

    warnings.showwarning = show
    warnings.simplefilter("always", FfcolorWarning)
    engine = jpype.JClass("ffcolor.Engine")
    Threads(engine).start()
    engine.attach()
    leave_at_once()  # again, for numpy has been loaded
