"""A learned preference in colours as a model file: what goes into its arrays and its header, and back.

`ffcolor.store` says how a file itself is built and guarded.
"""

from __future__ import annotations

import itertools
import os
from typing import Any, TypeVar

from numpy.typing import NDArray

from ffcolor import store
from ffcolor.engine.network import Network, to_numpy
from ffcolor.errors import FfcolorError
from ffcolor.taste import features
from ffcolor.taste.learning import widths
from ffcolor.taste.picks import Picks

KIND = "color-preference"

Taste = TypeVar("Taste")  # a ColorPreference, or a class made from it


def save(taste: Any, path: str | os.PathLike[str]) -> None:
    """Write a fitted preference in colours."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, picks in (("liked", taste.liked_), ("disliked", taste.disliked_)):
        arrays[f"{name}.colors"], arrays[f"{name}.weight"] = picks
    for depth, weights in enumerate(taste.network_.weights):
        arrays[f"layer.{depth}"] = to_numpy(weights)
    header = {
        "config": taste.settings_,
        "l2": taste.l2_,
        "drawn_negatives": taste.drawn_,
        "provenance": {
            "seed": taste.settings_["seed"],
            "updates": taste.updates_,
            "liked": {"count": len(taste.liked_), "sha256": taste.liked_.sha256()},
            "disliked": {"count": len(taste.disliked_), "sha256": taste.disliked_.sha256()},
        },
    }
    store.save(path, KIND, arrays, header)


def load(kind: type[Taste], path: str | os.PathLike[str], device: str) -> Taste:
    """Read a preference in colours; see `ColorPreference.load`."""
    arrays, header = store.load(path, KIND)
    try:
        taste: Any = kind(**header["config"], device=device)
        settings = taste._checked()
        network = Network((), threshold=settings["threshold"], device=device)
        for depth, shape in enumerate(itertools.pairwise((features.SIZE, *widths(settings["hidden"])))):
            weights = arrays[f"layer.{depth}"]
            if weights.shape != shape:
                raise KeyError(f"layer {depth} is of shape {weights.shape}, not {shape}")
            network.weights.append(network.array(weights))
        liked, disliked = (Picks(arrays[f"{side}.colors"], arrays[f"{side}.weight"]) for side in ("liked", "disliked"))
        taste.settings_, taste.l2_, taste.drawn_ = settings, float(header["l2"]), bool(header["drawn_negatives"])
        taste._learned(network, liked, disliked, [], int(header["provenance"]["updates"]))
    except (KeyError, TypeError, ValueError) as problem:
        place = os.fspath(path)
        message = f"{place} does not describe a colour preference: {problem}"
        raise FfcolorError(message, code="model-file", value=place) from None
    made: Taste = taste
    return made
