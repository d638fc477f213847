"""A learned taste in colours as a model file: what goes into its arrays and its header, and back.

`ffcolor.store` says how a file itself is built and guarded.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor import store
from ffcolor.engine.network import Network, to_numpy
from ffcolor.errors import FfcolorError
from ffcolor.files import quoted
from ffcolor.settings import Constraint, Flag, Number, Whole, check
from ffcolor.taste import features
from ffcolor.taste.learning import widths
from ffcolor.taste.picks import HEAVIEST, Picks

KIND = "color-preference"
_UNIT = "picks"  # a weight of 1 is one pick; in files that don't say so, the weights of a side sum to 1

MOST = 1e30  # of a threshold, and of the sum of a layer's squared weights: float32 ends at 3e38
_ROUNDING = 0.01  # of a sum of weights in float32


class Learned(NamedTuple):
    """All that a `ColorPreference` knows."""

    settings: dict[str, Any]
    """The settings that were used, in plain form."""
    network: Network
    l2: float
    """The penalty that was used."""
    liked: Picks
    disliked: Picks
    drawn: bool
    """Whether the disliked colours were drawn."""
    updates: int
    """How many updates there were since the first learning."""


def save(path: str | os.PathLike[str], learned: Learned) -> None:
    """Write what was learned, whole or not at all."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, picks in (("liked", learned.liked), ("disliked", learned.disliked)):
        arrays[f"{name}.colors"], arrays[f"{name}.weight"] = picks
    for depth, weights in enumerate(learned.network.weights):
        arrays[f"layer.{depth}"] = to_numpy(weights)
    header = {
        "config": learned.settings,
        "l2": learned.l2,
        "weights": _UNIT,
        "drawn_negatives": learned.drawn,
        "provenance": {
            "seed": learned.settings["seed"],
            "updates": learned.updates,
            "liked": {"count": len(learned.liked), "sha256": learned.liked.sha256()},
            "disliked": {"count": len(learned.disliked), "sha256": learned.disliked.sha256()},
        },
    }
    store.save(path, KIND, arrays, header)


def load(path: str | os.PathLike[str], limits: Mapping[str, Constraint], device: str) -> Learned:
    """Read what `save` wrote.

    Args:
        path: the file.
        limits: what each setting can be.
        device: where the network is to compute.

    Raises:
        FfcolorError: ``model-file``; see `ffcolor.store.load`.
    """
    arrays, header = store.load(path, KIND)
    try:
        settings = check(limits, **{**dict.fromkeys(limits), **header["config"]})  # None fits no setting
        Number(0, MOST).check("threshold", settings["threshold"])
        network = Network((), threshold=settings["threshold"], device=device)
        for depth, shape in enumerate(itertools.pairwise((features.SIZE, *widths(settings["hidden"])))):
            network.weights.append(network.array(_weights(arrays, f"layer.{depth}", shape)))
        liked, disliked = (_picks(arrays, side, header.get("weights")) for side in ("liked", "disliked"))
        l2 = Number(0).check("l2", header["l2"])
        drawn = Flag().check("drawn_negatives", header["drawn_negatives"])
        updates = Whole(0).check("updates", header["provenance"]["updates"])
    except (KeyError, TypeError, ValueError) as problem:
        place = os.fspath(path)
        message = f"{quoted(path)} does not describe a colour preference: {problem}"
        raise FfcolorError(message, code="model-file", value=place) from None
    return Learned(settings, network, l2, liked, disliked, drawn, updates)


def _weights(arrays: store.Arrays, name: str, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The weights of a layer, none so large that its goodness could overflow."""
    weights = store.array(arrays, name, shape, -MOST, MOST)
    if np.square(weights, dtype=np.float64).sum() > MOST:
        raise ValueError(f"the weights of {name} are too large to compute with")
    return weights


def _picks(arrays: store.Arrays, side: str, unit: str | None) -> Picks:
    """The colours of a side, at least one, and their weights: counted in picks, or (older files) shares."""
    colors = store.array(arrays, f"{side}.colors", (None, 3), 0, 1)
    weight = store.array(arrays, f"{side}.weight", (len(colors),), 0, HEAVIEST)
    total = weight.sum(dtype=np.float64)
    if unit == _UNIT and total > 0:
        return Picks(colors, weight)
    if not abs(total - 1) < _ROUNDING:
        raise ValueError(f"{side}.weight sums to {total:g}, not to 1")
    return Picks.merged(colors, weight * len(weight))
