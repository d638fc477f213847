"""Layers that learn at the same time: a thread and a queue for each of them.

A layer with a loss of its own needs the layer below it only for its input. While layer 2 learns from batch 1, layer 1
can learn from batch 2 already:

    time    1   2   3   4   5
    layer 1 b1  b2  b3  b4  …
    layer 2     b1  b2  b3  b4
    layer 3         b1  b2  b3

Each layer still sees the same batches in the same order, and passes up what it passes up in a loop over layers, so the
outcome is that loop's, to the bit. Backpropagation cannot do this: its layer 1 has to wait for the gradient of batch 1.

torch lets go of Python's lock while it computes, so threads are enough for layers whose steps are a few large products.
`ffcolor.rules.parallel.processes` gives the layers processes instead, and `ffcolor.rules.parallel.ranks` gives them
ranks of torch.distributed.

Source of the schedule: Sun et al., DeeperForward (ICLR 2025), "model parallelism"; for backpropagation, with idle time
between the phases: Huang et al., GPipe, arXiv 1811.06965.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ffcolor.engine.modules import FFLayer, FFNetwork
from ffcolor.errors import FfcolorError
from ffcolor.rules.parallel.carry import carried
from ffcolor.rules.protocol import OnStep
from ffcolor.settings import Whole

Stage = Callable[[Any], tuple[Any, float]]
"""A layer that learns from an item: (what the next layer gets, its loss)."""


class _Parcel(NamedTuple):
    item: Any
    losses: tuple[float, ...]


class _Failure(NamedTuple):
    error: BaseException


def run(
    stages: Sequence[Stage],
    items: Iterable[Any],
    *,
    parallel: bool = True,
    ahead: int = 2,
    on_step: OnStep | None = None,
) -> list[tuple[float, ...]]:
    """Let every layer learn from every item, one layer after the other or all at once: the outcome is the same.

    While it runs, torch computes each operation on one thread (`torch.set_num_threads`), so that layers don't compete.

    Args:
        stages: the layers, lowest first: each is called with what the one below gave, and gives
            (what the next gets, its loss). A stage is only ever called by one thread. Stages must not share state.
        items: what the first layer gets, one after the other; they are made in the caller's thread.
        parallel: a thread for each layer; otherwise a plain loop.
        ahead: items under way for each layer, at least 1: more even out layers of unequal speed, and take memory.
        on_step: called in the caller's thread with (step, steps, loss) after the last layer has learned from an item;
            steps is 0 where `items` has no length, loss the mean over layers. It may raise to stop.

    Returns:
        The losses of the layers for each item.

    Raises:
        Whatever a layer, `items` or `on_step` raises, or Ctrl-C; all threads have ended then. In parallel, lower layers
        may have learned from up to ``ahead * len(stages)`` items more than the highest one.
        FfcolorError: `code` is ``"invalid-setting"``: there are no stages.
    """
    if not stages:
        raise FfcolorError("there are no stages; give at least one layer", code="invalid-setting", value=stages)
    most = Whole(1).check("ahead", ahead) * len(stages)
    steps = len(items) if isinstance(items, Sized) else 0
    found: list[tuple[float, ...]] = []

    def told(parcel: _Parcel) -> None:
        found.append(parcel.losses)
        if on_step is not None:
            on_step(len(found), steps, sum(parcel.losses) / len(parcel.losses))

    with one_thread_each():
        if not parallel:
            for item in items:
                parcel = _Parcel(item, ())
                for stage in stages:
                    parcel = _passed(stage, parcel)
                told(parcel)
            return found
        with _threads(stages) as (first, done):
            count = 0
            for item in items:
                if count - len(found) == most:
                    told(_next(done))
                first.put(_Parcel(item, ()))
                count += 1
            while len(found) < count:
                told(_next(done))
    return found


def train_epoch(
    network: FFNetwork,
    batches: Iterable[tuple[Tensor, Tensor]],
    *,
    parallel: bool = True,
    ahead: int = 2,
    on_step: OnStep | None = None,
    devices: Sequence[str | torch.device] | None = None,
) -> float:
    """Teach all layers of a network with each batch, once: `FFNetwork.train_epoch`, with a thread for each layer.

    Args:
        network: a Forward-Forward network.
        batches: as `FFNetwork.train_epoch` has them, ``(x, y)`` or ``(x_pos, x_neg)``.
        parallel: a thread for each layer; otherwise a plain loop.
        ahead: batches under way for each layer.
        on_step: called with (step, 0, loss) after each batch; see `run`.
        devices: one for each layer, such as ``["cuda:0", "cuda:0", "cuda:1"]``: layers and their optimisers go there
            for the epoch, and come back; None leaves them where they are.

    Returns:
        The mean loss of a layer and batch.

    Raises:
        FfcolorError: `code` is ``"no-data"`` if there are no batches, ``"invalid-setting"`` if a device is not there or
            there are more or fewer devices than layers.
    """
    stack = layers(network)
    where = _device_of_each(stack, devices)
    with carried(stack, where):
        items = network.pairs(batches)
        losses = run(stages(network), items, parallel=parallel, ahead=ahead, on_step=on_step)
    return mean(losses)


def layers(network: FFNetwork) -> list[FFLayer]:
    """The layers of a Forward-Forward network, lowest first."""
    return [layer for layer in network.layers if isinstance(layer, FFLayer)]


def stages(network: FFNetwork) -> list[Stage]:
    """The layers of a Forward-Forward network as stages, on items ``(positives, negatives)``."""
    return stages_of(layers(network))


def stages_of(layers: Sequence[FFLayer]) -> list[Stage]:
    """Forward-Forward layers as stages, on items ``(positives, negatives)``, which go to each layer's own device."""

    def stage(layer: FFLayer) -> Stage:
        def learn(pair: tuple[Tensor, Tensor]) -> tuple[tuple[Tensor, Tensor], float]:
            device = layer.linear.weight.device
            loss, positive, negative = layer.train_step(*(side.to(device) for side in pair))
            return (positive, negative), loss

        return learn

    return [stage(layer) for layer in layers]


def mean(losses: Sequence[Sequence[float]]) -> float:
    """The mean loss of a layer and batch.

    Raises:
        FfcolorError: `code` is ``"no-data"`` if there are no losses.
    """
    if not losses:
        raise FfcolorError("train_epoch was given no batches", code="no-data")
    return sum(sum(each) for each in losses) / (len(losses) * len(losses[0]))


def _device_of_each(
    layers: Sequence[FFLayer], devices: Sequence[str | torch.device] | None
) -> Sequence[str | torch.device]:
    if devices is None:
        return [layer.linear.weight.device for layer in layers]
    if isinstance(devices, str) or len(devices) != len(layers):
        message = f"devices is {devices!r}; it must name a device for each of the {len(layers)} layers"
        raise FfcolorError(message, code="invalid-setting", value=devices)
    return devices


# ---- threads ---------------------------------------------------------------------------------------------------------

_Queue = SimpleQueue  # of _Parcel, or None when there are no more; the last one of _Parcel and _Failure


@contextmanager
def _threads(stages: Sequence[Stage]) -> Iterator[tuple[_Queue[Any], _Queue[Any]]]:
    """A thread for each stage; the queue into the first, and that of what comes out of the last. All end with it."""
    queues: list[_Queue[Any]] = [SimpleQueue() for _ in range(len(stages) + 1)]
    stop = threading.Event()

    def work(stage: Stage, inbox: _Queue[Any], outbox: _Queue[Any]) -> None:
        torch.set_num_threads(1)  # holds for the thread that says it
        try:
            while (parcel := inbox.get()) is not None and not stop.is_set():
                outbox.put(_passed(stage, parcel))
        except BaseException as error:
            queues[-1].put(_Failure(error))

    threads = [
        threading.Thread(target=work, args=(stage, queues[place], queues[place + 1]), name=f"layer {place}")
        for place, stage in enumerate(stages)
    ]
    try:
        for thread in threads:
            thread.start()
        yield queues[0], queues[-1]
    finally:
        stop.set()
        for inbox in queues[:-1]:
            inbox.put(None)
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def _passed(stage: Stage, parcel: _Parcel) -> _Parcel:
    item, loss = stage(parcel.item)
    return _Parcel(item, (*parcel.losses, loss))


def _next(done: _Queue[Any]) -> _Parcel:
    """What comes out of the last layer next, or the error of whichever layer failed, raised."""
    found: _Parcel | _Failure = done.get()
    if isinstance(found, _Failure):
        raise found.error
    return found


@contextmanager
def one_thread_each() -> Iterator[None]:
    """While it lasts, torch computes each operation of this thread on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
