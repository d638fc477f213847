"""Teaching a network two sides of colours: which rows make a batch, and how much each row counts."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine import layer
from ffcolor.engine.network import Array, Batch, Network, OnStep
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.splitmix import split, uniform
from ffcolor.taste import features, negatives
from ffcolor.taste.picks import Picks

_FULL_BATCH = 4096  # colours; more are learned from in minibatches
_MINIBATCH, _MINIBATCH_STEPS = 512, 200
_BACKGROUND = 128  # colours spread over the gamut


def teach(
    network: Network,
    liked: Picks,
    disliked: Picks,
    *,
    background: float,
    l2: float,
    steps: int,
    learning_rate: float,
    seed: int,
    on_step: OnStep | None = None,
) -> list[float]:
    """Teach a network to find the liked colours good, and the disliked ones and the gamut at large not good.

    Up to 4,096 colours are one batch, the same at each step. More are drawn, with replacement and by weight, into 200
    minibatches of 256 + 256, while the learning rate falls to zero.

    Args:
        network: changed in place.
        liked: positive colours.
        disliked: negative colours.
        background: share of the negative side that is spread evenly over the gamut.
        l2: penalty on the squared weights, divided by the number of liked colours.
        steps: local steps of each layer, if one batch holds everything.
        learning_rate: of each layer's Adam.
        seed: of the draws.
        on_step: see `Network.learn`.

    Returns:
        The loss before each step, if there is an `on_step`.

    Raises:
        FfcolorError: `code` is ``"dead-units"`` where no unit fires on any liked colour any more.
        FfcolorWarning: (a warning) where the two sides could not be told apart.
    """
    if len(liked) + len(disliked) <= _FULL_BATCH:
        whole = _batch(network, liked, disliked, background)
        batches: Iterator[Batch] = itertools.repeat(whole)
        cool_down = False
    else:
        drawn = _draws(liked, disliked, seed)
        first = next(drawn)
        whole = _batch(network, *first, background)
        batches = (_batch(network, *sides, background) for sides in itertools.chain([first], drawn))
        liked, disliked = first
        steps, cool_down = _MINIBATCH_STEPS, True
    history = network.learn(
        batches,
        steps=steps,
        learning_rate=learning_rate,
        l2=l2,
        cool_down=cool_down,
        on_step=on_step,
    )
    given = len(liked) + len(disliked)
    x, sign, weight = (part[:given] for part in whole)
    network.balance(x, sign, weight)
    _check(network, x, sign, weight)
    return history


def _check(network: Network, x: Array, sign: Array, weight: Array) -> None:
    """Complain of a network that learned nothing."""
    goodness = network.goodness(x).mean(1)
    if not 0 < float(goodness[sign < 0].max()) < float("inf"):
        message = "learning died: no unit fires on any liked colour; use a smaller learning_rate or l2"
        raise FfcolorError(message, code="dead-units")
    chance = np.log(2) * float(weight.sum())  # the loss of answering 1/2 always
    if float(layer.loss(goodness, sign, weight, network.threshold)) > 0.98 * chance:
        message = (
            "the liked and the disliked colours could not be told apart: every probability will be about 1/2; "
            "if they do differ, use a smaller learning_rate or l2"
        )
        warnings.warn(message, FfcolorWarning, stacklevel=5)


def _batch(network: Network, liked: Picks, disliked: Picks, background: float) -> Batch:
    """Inputs, signs and weights of both sides and, last, of the background."""
    colors, weight = [liked.colors, disliked.colors], [liked.weight, disliked.weight * np.float32(1 - background)]
    if background:
        colors.append(negatives.spread(_BACKGROUND))
        weight.append(np.full(_BACKGROUND, background / _BACKGROUND, dtype=np.float32))
    x = features.encode(np.concatenate(colors))
    sign = np.ones(len(x), dtype=np.float32)
    sign[: len(liked)] = -1
    return network.array(x), network.array(sign), network.array(np.concatenate(weight))


def _draws(liked: Picks, disliked: Picks, seed: int) -> Iterator[tuple[Picks, Picks]]:
    """Minibatches of both sides, drawn with replacement, each colour by its weight."""
    half = _MINIBATCH // 2
    even = np.full(half, 1 / half, dtype=np.float32)
    u = uniform(split(seed, -2), (2, _MINIBATCH_STEPS, half))
    for ours, theirs in zip(_places(liked, u[0]), _places(disliked, u[1]), strict=True):
        yield Picks(liked.colors[ours], even), Picks(disliked.colors[theirs], even)


def _places(side: Picks, u: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which colours random numbers in [0, 1) fall on, if each takes up its weight of that range."""
    if (side.weight == side.weight[0]).all():
        return (u * len(side)).astype(np.int64)
    ends = np.cumsum(side.weight, dtype=np.float64)
    places: NDArray[np.int64] = np.searchsorted(ends, u * ends[-1], side="right")
    return places
