"""A learned taste in colours as a model file: what goes into its arrays and its header, and back.

`ffcolor.store` says how a file itself is built and guarded.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

from ffcolor import store
from ffcolor.engine.network import Network, to_numpy
from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint, check
from ffcolor.taste import features
from ffcolor.taste.learning import widths
from ffcolor.taste.picks import Picks

KIND = "color-preference"
_UNIT = "picks"  # a weight of 1 is one pick; in files that don't say so, the weights of a side sum to 1


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
        network = Network((), threshold=settings["threshold"], device=device)
        for depth, shape in enumerate(itertools.pairwise((features.SIZE, *widths(settings["hidden"])))):
            weights = arrays[f"layer.{depth}"]
            if weights.shape != shape:
                raise KeyError(f"layer {depth} is of shape {weights.shape}, not {shape}")
            network.weights.append(network.array(weights))
        liked, disliked = (_picks(arrays, side, header.get("weights")) for side in ("liked", "disliked"))
        l2, drawn = float(header["l2"]), bool(header["drawn_negatives"])
        updates = int(header["provenance"]["updates"])
    except (KeyError, TypeError, ValueError) as problem:
        place = os.fspath(path)
        message = f"{place} does not describe a colour preference: {problem}"
        raise FfcolorError(message, code="model-file", value=place) from None
    return Learned(settings, network, l2, liked, disliked, drawn, updates)


def _picks(arrays: Mapping[str, NDArray[Any]], side: str, unit: str | None) -> Picks:
    colors, weight = arrays[f"{side}.colors"], arrays[f"{side}.weight"]
    return Picks(colors, weight) if unit == _UNIT else Picks.merged(colors, weight * len(weight))
