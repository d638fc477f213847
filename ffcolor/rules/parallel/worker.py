"""One process of `Processes`, started as ``python -m ffcolor.rules.parallel.worker PLACE COUNT MEETING AHEAD``.

Its standard input holds pickles: its layers, and, at place 0, batches and a None; then layers again. So does its
standard output: ("ready", None), then ("losses", …) for each batch at the last place, then ("state", layers); or
("error", (error, traceback)). It ends when its input ends, whatever it is doing: the caller has closed it, or has died.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import traceback
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import torch
import torch.distributed as dist

from ffcolor.engine.modules import FFLayer
from ffcolor.errors import FfcolorError
from ffcolor.rules.parallel import carry, pipeline, ranks

_LOOPBACK = {"linux": "lo", "darwin": "lo0"}


def main(place: int, count: int, meeting: str, ahead: int) -> None:
    """Teach the layers that come in, until nothing comes."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not get between the pickles
    inbox: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_read, args=(source, inbox), daemon=True).start()

    def say(*what: Any) -> None:
        pickle.dump(what, sink, protocol=5)
        sink.flush()

    def batches() -> Iterator[ranks.Tensors]:
        while (item := inbox.get()) is not None:
            yield tuple(carry.tensor(each) for each in item)

    try:
        torch.set_num_threads(1)
        if sys.platform in _LOOPBACK:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", _LOOPBACK[sys.platform])
        dist.init_process_group(
            "gloo", init_method=f"file://{meeting}", rank=place, world_size=count, timeout=ranks.FOREVER
        )
        say("ready", None)
        while True:
            layers = [layer for layer in carry.unpack(inbox.get()) if isinstance(layer, FFLayer)]
            items = batches() if place == 0 else ()
            ranks.relay(pipeline.stages_of(layers), items, lambda losses: say("losses", losses), ahead=ahead)
            say("state", carry.pack(layers))
    except BaseException as error:
        say("error", (_portable(error), traceback.format_exc()))
        threading.Event().wait()  # until the caller ends this process: only it knows whether this was the cause


def _read(source: Any, inbox: SimpleQueue[Any]) -> None:
    try:
        while True:
            inbox.put(pickle.load(source))
    except BaseException:  # its end, in the midst of a pickle or not
        os._exit(0)


def _portable(error: BaseException) -> BaseException:
    """The error itself, if it survives a pickle, or one that says what it said."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return FfcolorError(f"{type(error).__name__}: {error}", code="process-error")
    return error


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
