"""How a taste in palettes is learned: its two sides, its background, its standardised inputs and its batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine.network import Batch, Network, OnStep
from ffcolor.splitmix import split, uniform
from ffcolor.taste import palette_features, palette_sets

Floats = NDArray[Any]  # float32 throughout

_LEARNING_RATE, _BATCH = 0.02, 512
_BACKGROUND_COUNT = 1024
_LENGTH = np.float32(1.5 / palette_features.SIZE**0.5)  # deviation of a standardised input: all of them make 1.5
_WEIGHTS, _SHUFFLES, _BACKGROUND, _BATCHES = range(4)  # child streams of a seed


def learn(
    liked: list[Floats], disliked: list[Floats], settings: Mapping[str, Any], on_step: OnStep | None
) -> tuple[Network, Floats, Floats]:
    """Teach a new layer.

    Args:
        liked: palettes in canonical order.
        disliked: the same; where there are none, the liked ones are shuffled.
        settings: those of `PalettePreference`, checked.
        on_step: see `Network.learn`.

    Returns:
        The layer, and the mean and the scale of its inputs, see `standardize`.
    """
    seed = settings["seed"]
    disliked = disliked or palette_sets.shuffled(liked, settings["shuffles"], split(seed, _SHUFFLES))
    share = settings["background"] if disliked else 1.0
    sizes = [len(palette) for palette in liked]
    background = palette_sets.drawn(sizes, _BACKGROUND_COUNT if share else 0, split(seed, _BACKGROUND))

    code = palette_features.encode([*liked, *disliked, *background])
    mean = code.mean(axis=0, dtype=np.float64).astype(np.float32)
    deviation = np.sqrt(np.square(code - mean).mean(axis=0))
    scale = np.where(deviation > 1e-4, _LENGTH / np.maximum(deviation, np.float32(1e-4)), 0).astype(np.float32)
    x = standardize(code, mean, scale)
    sign = np.ones(len(x), dtype=np.float32)
    sign[: len(liked)] = -1
    sides = ((liked, 1.0), (disliked, 1 - share), (background, share))  # the weight of each, shared out evenly
    weight = np.concatenate([np.full(len(side), total / max(len(side), 1)) for side, total in sides])
    weight = weight.astype(np.float32)

    network = Network((x.shape[1], settings["hidden"]), threshold=settings["threshold"], seed=split(seed, _WEIGHTS))
    network.learn(
        _batches(x, sign, weight, split(seed, _BATCHES)),
        steps=settings["steps"],
        learning_rate=_LEARNING_RATE,
        l2=settings["l2"] / len(liked),
        cool_down=True,
        on_step=on_step,
    )
    network.balance(x, sign, weight)
    return network, mean, scale


def standardize(code: Floats, mean: Floats, scale: Floats) -> Floats:
    """Standardised inputs of the layer, cut off at 4 deviations, and a constant: (n, SIZE) to (n, SIZE + 1)."""
    x = np.ones((len(code), code.shape[1] + 1), dtype=np.float32)
    np.clip((code - mean) * scale, -4 * _LENGTH, 4 * _LENGTH, out=x[:, :-1])
    return x


def _batches(x: Floats, sign: Floats, weight: Floats, seed: int) -> Iterator[Batch]:
    """Endless batches in which every row has its turn, in a new order each time around."""
    if len(x) <= _BATCH:
        while True:
            yield x, sign, weight
    turn, raised = 0, weight * np.float32(len(x) / _BATCH)
    while True:
        order = np.argsort(uniform(split(seed, turn), len(x)), kind="stable")
        for start in range(0, len(x) - _BATCH + 1, _BATCH):
            rows = order[start : start + _BATCH]
            yield x[rows], sign[rows], raised[rows]
        turn += 1
