"""Quick calls: a Java thread runs them itself, in here, and nothing but one piece of memory crosses; see Quick.java.

A room holds eight int32 (the text's bytes, how many arrays, their lengths), the arrays' floats, and the text: the
operation, a blank, and the header. The answer takes its place, without a text.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor_bridge import wire
from ffcolor_bridge.handles import HANDLES
from ffcolor_bridge.operations import run

QUICK = frozenset({"score:score", "score:probability", "goodness", "forward", "local_update"})
"""Operations that take about as long as a crossing, if their arrays are short, and answer with arrays of floats."""
_ROOMS = 8  # calls at a time
_SIZE = 1 << 15  # bytes of a room
_SIZES = 8
_DONE, _NOT_HERE = 0, 1
_LITTLE = 1 << 21  # multiplications that a Java thread may be held up for
_STATE = threading.local()


class Quick:
    """The rooms of quick calls, and what runs in them."""

    def __init__(self) -> None:
        memory = [bytearray(_SIZE) for _ in range(_ROOMS)]
        self._sizes: list[NDArray[np.int32]] = [np.frombuffer(room, np.int32, _SIZES) for room in memory]
        self._floats: list[NDArray[np.float32]] = [np.frombuffer(room, np.float32) for room in memory]
        self._memory = memory
        self._java: Any = None
        self._allowed: set[str] = set()

    def open(self) -> None:
        """Let Java threads in, once there are operations that they may run."""
        import jpype
        import jpype.nio

        rooms = jpype.JArray(jpype.JClass("java.nio.ByteBuffer"))(
            [jpype.nio.convertToDirectBuffer(room) for room in self._memory]
        )
        self._java = jpype.JClass("ffcolor.Quick")
        self._java.open(rooms, jpype.JProxy("java.util.function.IntUnaryOperator", {"applyAsInt": self.run}))

    def worked(self, operation: str) -> None:
        """Note that an operation has worked: if it is a quick one, all that it needs is loaded now."""
        if self._java is not None and operation in QUICK and operation not in self._allowed:
            self._allowed.add(operation)
            self._java.allow(operation)

    def run(self, room: int) -> int:
        """Run the call in a room and leave its answer there; 1 if it has none that fits, and nothing has changed."""
        _keep_state()
        sizes, floats = self._sizes[room], self._floats[room]
        length, count, *lengths = sizes.tolist()
        arrays, at = [], _SIZES
        for size in lengths[:count]:
            arrays.append(floats[at : at + size])
            at += size
        operation, _, header = self._memory[room][4 * at : 4 * at + length].decode().partition(" ")
        try:
            arguments = wire.read_header(header, arrays.__getitem__, HANDLES.get)
            if not _is_little(arguments, sum(lengths[:count])):
                return _NOT_HERE
            answer = run(operation, arguments, None)
        except BaseException:
            return _NOT_HERE  # it is tried again where errors are told
        if _SIZES + sum(map(len, answer)) > len(floats):
            return _NOT_HERE
        at = _SIZES
        for place, array in enumerate(answer):
            floats[at : at + len(array)] = array
            sizes[2 + place] = len(array)
            at += len(array)
        sizes[1] = len(answer)
        return _DONE


def _keep_state() -> None:
    """Keep what Python holds for this thread, for good.

    Otherwise Python makes that anew for each call and drops it afterwards, which on an idle machine takes as long as
    the call, and never quite all of it is freed. What is kept outlives its thread; Quick.java lets only few threads in.
    """
    if not getattr(_STATE, "is_kept", False):
        ctypes.pythonapi.PyGILState_Ensure()
        _STATE.is_kept = True


def _is_little(arguments: dict[str, Any], numbers: int) -> bool:
    """Whether the model or layer is so small, and so idle, that a call with so many numbers is soon done."""
    held: Any = arguments.get("layer", arguments.get("model"))
    if getattr(held, "is_at_work", False):
        return False
    network = getattr(held, "network_", None)
    weights = [held.weights] if network is None else network.weights
    rows = numbers / (weights[0].shape[0] if network is None else 3)
    return bool(rows * sum(int(np.prod(each.shape)) for each in weights) <= _LITTLE)
