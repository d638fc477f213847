"""Layers on ranks of torch.distributed: each rank teaches its layers, and sends on what they give.

The schedule is that of `ffcolor.rules.parallel.pipeline`: while the layers of rank 1 learn from batch 1, those of
rank 0 learn from batch 2 already. A layer sees the same batches in the same order as in a loop over layers, so the
outcome is that loop's, to the bit. Activities are all that travels, and they only travel upwards.

A program that is started on every rank with the same network, by ``torchrun --nproc-per-node 2 train.py``:

    torch.distributed.init_process_group("gloo")
    network = FFNetwork([784, 500, 500])      # the same weights on all ranks: seed torch's generator before
    loss = ranks.train_epoch(network, batches)

`ffcolor.rules.parallel.processes` starts the ranks on this machine by itself, from an ordinary program.

Source of the schedule: Sun et al., DeeperForward (ICLR 2025), "model parallelism".
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor

from ffcolor.engine.modules import FFNetwork
from ffcolor.errors import FfcolorError
from ffcolor.rules.parallel import carry, pipeline
from ffcolor.rules.protocol import OnStep
from ffcolor.settings import Whole

Tensors = tuple[Tensor, ...]
Losses = tuple[float, ...]
FOREVER = timedelta(days=30)  # waiting for a slow rank is not a failure; a rank that has ended is noticed at once

_DIMS = 6  # dimensions of a tensor that travels, at most
_MOST = 8  # tensors of an item, at most
_HEAD = 2 + _MOST * (2 + _DIMS)
_TYPES = (
    torch.float32,
    torch.float64,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.uint8,
    torch.bool,
)


def groups(costs: Sequence[float], count: int) -> list[range]:
    """Places of layers for each of `count` ranks: neighbours together, the costliest group as cheap as can be.

    Args:
        costs: of each layer, at least 0: its number of weights, say.
        count: ranks, 1 to the number of layers; each gets at least one layer.

    Returns:
        A range of places for each rank; together all layers, lowest first.

    Example:
        >>> groups([1, 1, 1, 1, 4], 2)
        [range(0, 4), range(4, 5)]
    """
    if not 1 <= count <= len(costs):
        message = f"there are {count} processes for {len(costs)} layers; give 1 to {len(costs)}: each needs a layer"
        raise FfcolorError(message, code="invalid-setting", value=count)
    # best[k][n]: the first n layers in k groups: (cost of the costliest, where the last group starts)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for k in range(1, count + 1):
        best.append(
            {
                n: min((max(best[-1][start][0], sum(costs[start:n])), start) for start in best[-1] if start < n)
                for n in range(k, len(costs) + 1)
            }
        )
    cuts = [len(costs)]
    for k in range(count, 0, -1):
        cuts.append(best[k][cuts[-1]][1])
    cuts.reverse()
    return [range(*pair) for pair in itertools.pairwise(cuts)]


def costs(network: FFNetwork) -> list[int]:
    """The number of weights of each layer: the time a step takes is about in proportion."""
    return [sum(weights.numel() for weights in layer.parameters()) for layer in pipeline.layers(network)]


def train_epoch(
    network: FFNetwork,
    batches: Iterable[tuple[Tensor, Tensor]],
    *,
    ahead: int = 2,
    on_step: OnStep | None = None,
    device: str | torch.device | None = None,
    group: Any = None,
) -> float:
    """Teach all layers with each batch, once, each rank its own: `FFNetwork.train_epoch`, called on all ranks at once.

    Args:
        network: the same on every rank, and again afterwards; its layers are given out by `groups`.
        batches: as `FFNetwork.train_epoch` has them; only rank 0 reads them.
        ahead: batches that may wait for the next rank.
        on_step: called on the last rank with (step, 0, loss) after each batch. It may raise to stop.
        device: where this rank computes, such as ``"cuda:1"``; None: where its layers are.
        group: of torch.distributed; None for the default one, which has to be initialised.

    Returns:
        The mean loss of a layer and batch, on every rank.

    Raises:
        FfcolorError: `code` is ``"no-data"`` if there are no batches, ``"rank-lost"`` if a neighbour has ended,
            ``"invalid-setting"`` if there are more ranks than layers, or no group.
        Whatever a layer, `batches` or `on_step` raises: let it end the program, so that the other ranks notice.
    """
    if not dist.is_initialized():
        message = "torch.distributed has no group yet; call torch.distributed.init_process_group('gloo') first"
        raise FfcolorError(message, code="invalid-setting")
    rank, world = dist.get_rank(group), dist.get_world_size(group)
    layers = pipeline.layers(network)
    shares = groups(costs(network), world)
    mine = [layers[place] for place in shares[rank]]
    where = next(mine[0].parameters()).device if device is None else torch.device(device)
    found: list[Losses] = []

    def told(losses: Losses) -> None:
        found.append(losses)
        if on_step is not None:
            on_step(len(found), 0, sum(losses) / len(losses))

    with pipeline.one_thread_each(), carry.carried(mine, [where] * len(mine)):
        items = network.pairs(batches) if rank == 0 else ()
        relay(pipeline.stages_of(mine), items, told, ahead=ahead, device=where, group=group)
    for source, share in enumerate(shares):
        packed = _shared(carry.pack([layers[place] for place in share]) if source == rank else None, source, group)
        if source != rank:
            carry.take([layers[place] for place in share], packed, next(layers[share[0]].parameters()).device)
    network.wrong.generator.set_state(_shared(network.wrong.generator.get_state() if rank == 0 else None, 0, group))
    found = _shared(found, world - 1, group)
    return pipeline.mean(found)


def relay(
    stages: Sequence[pipeline.Stage],
    items: Iterable[Tensors],
    told: Callable[[Losses], None],
    *,
    ahead: int = 2,
    device: str | torch.device = "cpu",
    group: Any = None,
) -> None:
    """Let this rank's stages learn from what the rank below sends, one item after the other, and send it on.

    Args:
        stages: this rank's, lowest first, on items that are tuples of tensors (at most 8, of at most 6 dimensions).
        items: what rank 0 starts with; not looked at on others.
        told: called on the last rank with the losses of all stages of all ranks, for each item.
        ahead: items that may wait for the next rank, at least 1.
        device: where this rank's stages want their items.
        group: of torch.distributed.

    Raises:
        FfcolorError: `code` is ``"rank-lost"``: the rank below or above has ended.
    """
    Whole(1).check("ahead", ahead)
    rank, last = dist.get_rank(group), dist.get_world_size(group) - 1
    line = _Line(rank, group, ahead)
    source = ((item, ()) for item in items) if rank == 0 else iter(line.receive, None)
    for item, losses in source:
        item = tuple(tensor.to(device) for tensor in item)
        for stage in stages:
            item, loss = stage(item)
            losses = (*losses, loss)
        if rank == last:
            told(losses)
        else:
            line.send(item, losses)
    if rank != last:
        line.end()


class _Head(NamedTuple):
    """What goes before an item: how many losses (-1: no more items), and the type and shape of each tensor."""

    losses: int
    kinds: tuple[tuple[torch.dtype, tuple[int, ...]], ...]

    def numbers(self) -> Tensor:
        """int64 (_HEAD,): the counts, then a row for each tensor; the rest is zero."""
        found = [self.losses, len(self.kinds)]
        for dtype, shape in self.kinds:
            found += [_TYPES.index(dtype), len(shape), *shape, *[0] * (_DIMS - len(shape))]
        return torch.tensor(found + [0] * (_HEAD - len(found)))

    @classmethod
    def read(cls, numbers: Tensor) -> _Head:
        """The head that has these numbers."""
        losses, count, *rest = numbers.tolist()
        rows = [rest[k * (2 + _DIMS) : (k + 1) * (2 + _DIMS)] for k in range(count)]
        return cls(losses, tuple((_TYPES[row[0]], tuple(row[2 : 2 + row[1]])) for row in rows))


class _Line:
    """From the rank below and to the rank above: items of any shape, up to `ahead` of them under way at once."""

    def __init__(self, rank: int, group: Any, ahead: int):
        self.rank, self.group, self.ahead = rank, group, ahead
        self.wire = wire(group)
        self.sending: deque[list[tuple[Any, Tensor]]] = deque()  # tensors must live until they have arrived

    def send(self, item: Tensors, losses: Losses) -> None:
        if len(self.sending) == self.ahead:
            self._wait()
        head = _Head(len(losses), tuple((tensor.dtype, tuple(tensor.shape)) for tensor in item))
        self._start([head.numbers(), torch.tensor(losses, dtype=torch.float64), *item])

    def end(self) -> None:
        self._start([_Head(-1, ()).numbers()])
        while self.sending:
            self._wait()

    def receive(self) -> tuple[Tensors, Losses] | None:
        head = _Head.read(self._get(torch.int64, (_HEAD,)))
        if head.losses < 0:
            return None
        losses = self._get(torch.float64, (head.losses,))
        return tuple(self._get(*kind) for kind in head.kinds), tuple(losses.tolist())

    def _start(self, tensors: Iterable[Tensor]) -> None:
        ready = [tensor.to(self.wire).contiguous() for tensor in tensors]
        with _noticing(self.rank + 1):
            to = self._global(self.rank + 1)
            self.sending.append([(dist.isend(tensor, to, group=self.group), tensor) for tensor in ready])

    def _wait(self) -> None:
        with _noticing(self.rank + 1):
            for work, _ in self.sending.popleft():
                work.wait()

    def _get(self, dtype: torch.dtype, shape: tuple[int, ...]) -> Tensor:
        tensor = torch.empty(shape, dtype=dtype, device=self.wire)
        with _noticing(self.rank - 1):
            dist.recv(tensor, self._global(self.rank - 1), group=self.group)
        return tensor

    def _global(self, rank: int) -> int:
        return rank if self.group is None else dist.get_global_rank(self.group, rank)


def wire(group: Any = None) -> torch.device:
    """Where tensors have to be to travel in a group: this rank's CUDA device if its backend is nccl, else the CPU."""
    return (
        torch.device("cuda", torch.cuda.current_device()) if dist.get_backend(group) == "nccl" else torch.device("cpu")
    )


class _noticing:  # noqa: N801
    """Turns a broken connection into an error that says which rank has gone."""

    def __init__(self, other: int):
        self.other = other

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, RuntimeError):
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            message = (
                f"the connection to rank {self.other} is lost ({reason}); it has ended, and its own error says why"
            )
            raise FfcolorError(message, code="rank-lost", value=self.other) from error


def _shared(value: Any, source: int, group: Any) -> Any:
    box = [value]
    with _noticing(source):
        whose = source if group is None else dist.get_global_rank(group, source)
        dist.broadcast_object_list(box, whose, group=group, device=wire(group))
    return box[0]
