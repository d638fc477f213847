"""Layers in processes of this machine, from an ordinary program: a rank of torch.distributed for each group of layers.

    with processes.Processes(network, 2) as two:
        for epoch in range(10):
            loss = two.train_epoch(batches)

The caller's process makes the batches, watches over the others and gets all state back; the layers learn in the others,
which pass activities on among themselves (`ffcolor.rules.parallel.ranks`, gloo over the loopback device). The outcome
is that of `FFNetwork.train_epoch` on one thread, to the bit.

An epoch is learned wholly or not at all: if a layer or the caller raises, if a process dies or Ctrl-C is pressed, all
processes end at once, and the network is what it was before the epoch. If the caller's process dies, so do they.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sized
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, NoReturn

from torch import Tensor

from ffcolor.engine.modules import FFNetwork
from ffcolor.errors import FfcolorError
from ffcolor.rules.parallel import carry, pipeline, ranks
from ffcolor.rules.parallel.handle import PATIENCE, Handle, Word
from ffcolor.rules.protocol import OnStep
from ffcolor.settings import Whole


def train_epoch(
    network: FFNetwork,
    batches: Iterable[tuple[Tensor, Tensor]],
    processes: int | None = None,
    *,
    ahead: int = 2,
    on_step: OnStep | None = None,
) -> float:
    """Teach all layers with each batch, once, in processes that are started for it, which takes some seconds.

    For more than one epoch, see `Processes`; arguments, result and errors are those of its methods.
    """
    with Processes(network, processes, ahead=ahead) as started:
        return started.train_epoch(batches, on_step=on_step)


class Processes:
    """Processes that teach a network's layers, until they are closed.

    Args:
        network: a Forward-Forward network on the CPU.
        processes: how many, 1 to the number of layers; None: as many as this process may use cores.
        ahead: batches under way for each process.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``.
    """

    def __init__(self, network: FFNetwork, processes: int | None = None, *, ahead: int = 2):
        self.network = network
        self.ahead: int = Whole(1).check("ahead", ahead)
        costs = ranks.costs(network)
        self.groups = ranks.groups(costs, min(_cores(), len(costs)) if processes is None else processes)
        self._words: SimpleQueue[Word] = SimpleQueue()
        self._workers: list[Handle] = []
        self._folder = tempfile.TemporaryDirectory(prefix="ffcolor-meeting-")
        self._open = True
        self._awaited = set(range(len(self.groups)))
        try:
            for place in range(len(self.groups)):
                settings = (place, len(self.groups), os.path.join(self._folder.name, "meeting"), self.ahead)
                self._workers.append(Handle(place, settings, self._words))
        except BaseException:
            self.close()
            raise

    def train_epoch(self, batches: Iterable[tuple[Tensor, Tensor]], *, on_step: OnStep | None = None) -> float:
        """Teach all layers with each batch, once: `FFNetwork.train_epoch` in these processes.

        The processes learn from the network as it is at the call; at the end it holds what they have learned.

        Args:
            batches: as `FFNetwork.train_epoch` has them.
            on_step: called in the caller's thread with (step, steps, loss) after the last layer has learned from a
                batch; steps is 0 where `batches` has no length. It may raise to stop.

        Returns:
            The mean loss of a layer and batch.

        Raises:
            FfcolorError: `code` is ``"no-data"`` if there are no batches, ``"process-died"`` if a process did,
                ``"closed"`` if the processes have ended already.
            Whatever a layer, `batches` or `on_step` raises. After any of these the processes have ended.
        """
        if not self._open:
            raise FfcolorError("the processes have ended; make new Processes", code="closed")
        drawn = self.network.wrong.generator.get_state()
        try:
            losses, states = self._epoch(batches, on_step)
        except BaseException:
            self.network.wrong.generator.set_state(drawn)
            self.close()
            raise
        layers = pipeline.layers(self.network)
        for group, state in zip(self.groups, states, strict=True):
            carry.take([layers[place] for place in group], state)
        return pipeline.mean(losses)

    @property
    def pids(self) -> list[int]:
        """The process of each group of layers, lowest first; none when they have ended."""
        return [worker.process.pid for worker in self._workers]

    def close(self) -> None:
        """End all processes, and wait until they have ended."""
        self._open = False
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._folder.cleanup()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _epoch(
        self, batches: Iterable[tuple[Tensor, Tensor]], on_step: OnStep | None
    ) -> tuple[list[ranks.Losses], list[bytes]]:
        steps = len(batches) if isinstance(batches, Sized) else 0
        layers = pipeline.layers(self.network)
        found: list[ranks.Losses] = []
        states: dict[int, bytes] = {}

        def hear() -> None:
            """The losses of a batch from the last process, or the state of one that has learned all: often before."""
            word = self._hear("losses", "state")
            if word.what == "state":
                states[word.place] = word.value
                return
            found.append(word.value)
            if on_step is not None:
                on_step(len(found), steps, sum(word.value) / len(word.value))

        self._meet()
        for worker, group in zip(self._workers, self.groups, strict=True):
            self._say(worker, carry.pack([layers[place] for place in group]))
        count = 0
        for pair in self.network.pairs(batches):
            if count - len(found) == self.ahead * len(self.groups):
                hear()
            self._say(self._workers[0], tuple(carry.plain(tensor) for tensor in pair))
            count += 1
        self._say(self._workers[0], None)
        while len(found) < count or len(states) < len(self._workers):
            hear()
        return found, [states[place] for place in sorted(states)]

    def _meet(self) -> None:
        """Wait until all processes are connected; the file by which they found each other can go then."""
        while self._awaited:
            self._awaited.discard(self._hear("ready").place)
        self._folder.cleanup()

    def _say(self, worker: Handle, what: Any) -> None:
        try:
            worker.say(what)
        except BrokenPipeError:
            self._fail(Word(worker.place, "end"))

    def _hear(self, *wanted: str) -> Word:
        word = self._words.get()
        if word.what not in wanted:
            self._fail(word)
        return word

    def _fail(self, word: Word) -> NoReturn:
        """Raise the cause: a layer's own error, or that a process died, rather than that its neighbour noticed."""
        words, latest = [word], monotonic() + PATIENCE
        while all(_is_echo(each) for each in words):
            try:
                words.append(self._words.get(timeout=max(0.0, latest - monotonic())))
            except Empty:
                break
        words.sort(
            key=lambda each: 0 if each.what == "error" and not _is_echo(each) else 1 if each.what == "end" else 2
        )
        first = words[0]
        if first.what == "error":
            error, trace = first.value
            raise error from _Traceback(trace)
        group, worker = self.groups[first.place], self._workers[first.place]
        which = f"layer {group[0]}" if len(group) == 1 else f"layers {group[0]} to {group[-1]}"
        message = f"the process of {which} has {worker.fate()}; the network is as it was before this epoch"
        raise FfcolorError(message, code="process-died", value=first.place)


def _is_echo(word: Word) -> bool:
    """Whether a word only says that another process has gone, or nothing of any trouble."""
    if word.what == "error":
        return isinstance(word.value[0], FfcolorError) and word.value[0].code == "rank-lost"
    return word.what != "end"


class _Traceback(Exception):  # noqa: N818
    """The traceback of an error in another process, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
