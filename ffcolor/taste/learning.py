"""Teaching a network two sides: which rows make a batch, and how much each row counts."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine import layer
from ffcolor.engine.network import Array, Batch, Network, OnStep
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.splitmix import split, uniform

Encoder = Callable[[Any], NDArray[Any]]  # rows (n, columns) to inputs (n, in)

_FULL_BATCH = 4096  # rows; more are learned from in minibatches
_MINIBATCH, _MINIBATCH_STEPS = 512, 200


class Side(NamedTuple):
    """Rows (k, columns), not encoded yet, and how much each counts: float32 (k,), which sum to 1."""

    rows: NDArray[Any]
    weight: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)


def widths(hidden: int | list[int]) -> list[int]:
    """The number of units of each layer, from a setting that may be a single number."""
    return [hidden] if isinstance(hidden, int) else hidden


def teach(
    network: Network,
    positive: Side,
    negative: Side,
    encode: Encoder,
    *,
    background: tuple[float, NDArray[Any]] | None = None,
    l2: float,
    steps: int,
    learning_rate: float,
    seed: int,
    on_step: OnStep | None = None,
    noun: str = "colour",
) -> list[float]:
    """Teach a network to find the positive rows good, and the negative rows and the background not good.

    Up to 4,096 rows are one batch, the same at each step. More are drawn, with replacement and by weight, into 200
    minibatches of 256 + 256, while the learning rate falls to zero.

    Args:
        network: changed in place.
        positive: rows of what is liked.
        negative: rows of what is disliked.
        encode: makes the network's inputs of rows.
        background: a share in [0, 1) of the negative side, and the rows that share it evenly.
        l2: penalty on the squared weights.
        steps: local steps of each layer, if one batch holds everything.
        learning_rate: of each layer's Adam.
        seed: of the draws.
        on_step: see `Network.learn`.
        noun: what one row is, for messages.

    Returns:
        The loss before each step, if there is an `on_step`.

    Raises:
        FfcolorError: `code` is ``"dead-units"`` where no unit fires on any positive row any more.
        FfcolorWarning: (a warning) where the two sides could not be told apart.
    """
    make = partial(_batch, network, encode, background)
    cool_down = len(positive) + len(negative) > _FULL_BATCH
    if cool_down:
        steps, drawn = _MINIBATCH_STEPS, _draws(positive, negative, seed)
        positive, negative = next(drawn)
        whole = make(positive, negative)
        batches: Iterator[Batch] = itertools.chain([whole], (make(*sides) for sides in drawn))
    else:
        whole = make(positive, negative)
        batches = itertools.repeat(whole)
    history = network.learn(
        batches, steps=steps, learning_rate=learning_rate, l2=l2, cool_down=cool_down, on_step=on_step
    )
    given = len(positive) + len(negative)
    x, sign, weight = (part[:given] for part in whole)
    network.balance(x, sign, weight)
    _check(network, x, sign, weight, noun)
    return history


def _check(network: Network, x: Array, sign: Array, weight: Array, noun: str) -> None:
    """Refuse a network that died, and warn of one that learned nothing."""
    goodness = network.goodness(x).mean(1)
    if not 0 < float(goodness[sign < 0].max()) < float("inf"):
        message = f"learning failed: no unit of the network responds to any liked {noun} any more"
        raise FfcolorError(message, code="dead-units", advice="use a smaller learning_rate or l2")
    chance = np.log(2) * float(weight.sum())  # the loss of answering 1/2 always
    if float(layer.loss(goodness, sign, weight, network.threshold)) > 0.98 * chance:
        message = f"the liked and the disliked {noun}s could not be told apart: every probability will be about 1/2"
        advice = "if they do differ, use a smaller learning_rate or l2"
        warnings.warn(FfcolorWarning(message, advice), stacklevel=4)


def _batch(
    network: Network,
    encode: Encoder,
    background: tuple[float, NDArray[Any]] | None,
    positive: Side,
    negative: Side,
) -> Batch:
    """Inputs, signs and weights of both sides and, last, of the background."""
    share, around = background or (0.0, positive.rows[:0])
    rows, weight = [positive.rows, negative.rows], [positive.weight, negative.weight * np.float32(1 - share)]
    if share:
        rows.append(around)
        weight.append(np.full(len(around), share / len(around), dtype=np.float32))
    x = encode(np.concatenate(rows))
    sign = np.ones(len(x), dtype=np.float32)
    sign[: len(positive)] = -1
    return network.array(x), network.array(sign), network.array(np.concatenate(weight))


def _draws(positive: Side, negative: Side, seed: int) -> Iterator[tuple[Side, Side]]:
    """Minibatches of both sides, drawn with replacement, each row by its weight."""
    half = _MINIBATCH // 2
    even = np.full(half, 1 / half, dtype=np.float32)
    u = uniform(split(seed, -2), (2, _MINIBATCH_STEPS, half))
    for ours, theirs in zip(_places(positive, u[0]), _places(negative, u[1]), strict=True):
        yield Side(positive.rows[ours], even), Side(negative.rows[theirs], even)


def _places(side: Side, u: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which rows random numbers in [0, 1) fall on, if each takes up its weight of that range."""
    if (side.weight == side.weight[0]).all():
        return (u * len(side)).astype(np.int64)
    ends = np.cumsum(side.weight, dtype=np.float64)
    places: NDArray[np.int64] = np.searchsorted(ends, u * ends[-1], side="right")
    return places
