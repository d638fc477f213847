"""A learned preference in palettes as a model file: what goes into its arrays and its header, and back.

`ffcolor.store` says how a file itself is built and guarded.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, TypeVar

import numpy as np

from ffcolor import store
from ffcolor.engine.network import Network
from ffcolor.errors import FfcolorError
from ffcolor.taste import palette_features, palette_sets

KIND = "palette-preference"

Taste = TypeVar("Taste")  # a PalettePreference, or a class made from it


def save(taste: Any, path: str | os.PathLike[str]) -> None:
    """Write a fitted preference in palettes."""
    arrays = {"weights": taste.network_.weights[0], "mean": taste.mean_, "scale": taste.scale_}
    provenance: dict[str, Any] = {"seed": taste.settings_["seed"]}
    for side, palettes in (("liked", taste.liked_), ("disliked", taste.disliked_)):
        colors = np.concatenate([np.zeros((0, 3), dtype=np.float32), *palettes])
        sizes = np.array([len(palette) for palette in palettes], dtype=np.int64)
        arrays[f"{side}.colors"], arrays[f"{side}.sizes"] = colors, sizes
        digest = hashlib.sha256(sizes.astype("<i8").tobytes() + colors.astype("<f4").tobytes())
        provenance[side] = {"count": len(palettes), "sha256": digest.hexdigest()}
    store.save(path, KIND, arrays, {"config": taste.settings_, "provenance": provenance})


def load(kind: type[Taste], path: str | os.PathLike[str]) -> Taste:
    """Read a preference in palettes; see `PalettePreference.load`."""
    arrays, header = store.load(path, KIND)
    try:
        taste: Any = kind(**header["config"])
        settings = taste._checked()
        network = Network((), threshold=settings["threshold"])
        network.weights = [arrays["weights"]]
        shapes = [arrays[name].shape for name in ("weights", "mean", "scale")]
        size = palette_features.SIZE
        if shapes != [(size + 1, settings["hidden"]), (size,), (size,)]:
            raise ValueError(f"arrays of shapes {shapes}")
        taste.network_, taste.mean_, taste.scale_ = network, arrays["mean"], arrays["scale"]
        taste.liked_, taste.disliked_ = (
            palette_sets.cut(arrays[f"{side}.colors"], arrays[f"{side}.sizes"]) for side in ("liked", "disliked")
        )
        taste.settings_ = settings
    except (KeyError, TypeError, ValueError) as problem:
        place = os.fspath(path)
        message = f"{place} is not a palette preference of this version of ffcolor ({problem})"
        raise FfcolorError(message, code="model-file", value=place) from None
    made: Taste = taste
    return made
