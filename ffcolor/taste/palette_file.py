"""A learned taste in palettes as a model file: what goes into its arrays and its header, and back.

`ffcolor.store` says how a file itself is built and guarded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor import store
from ffcolor.engine.network import Network
from ffcolor.errors import FfcolorError
from ffcolor.files import quoted
from ffcolor.settings import Constraint, check
from ffcolor.taste import palette_features, palette_sets

Floats = NDArray[Any]  # float32 throughout

KIND = "palette-preference"

_MOST = 1e4  # of any weight, mean or scale: more than is ever learned, and no goodness overflows


class Learned(NamedTuple):
    """All that a `PalettePreference` knows."""

    settings: dict[str, Any]
    """The settings that were used, in plain form."""
    network: Network
    mean: Floats
    """What the layer's inputs are standardised by, as is `scale`: (`palette_features.SIZE`,)."""
    scale: Floats
    liked: list[Floats]
    """Palettes (n, 3) in canonical order."""
    disliked: list[Floats]


def save(path: str | os.PathLike[str], learned: Learned) -> None:
    """Write what was learned, whole or not at all."""
    arrays = {"weights": learned.network.weights[0], "mean": learned.mean, "scale": learned.scale}
    provenance: dict[str, Any] = {"seed": learned.settings["seed"]}
    for side, palettes in (("liked", learned.liked), ("disliked", learned.disliked)):
        colors = np.concatenate([np.zeros((0, 3), dtype=np.float32), *palettes])
        sizes = np.array([len(palette) for palette in palettes], dtype=np.int64)
        arrays[f"{side}.colors"], arrays[f"{side}.sizes"] = colors, sizes
        digest = hashlib.sha256(sizes.astype("<i8").tobytes() + colors.astype("<f4").tobytes())
        provenance[side] = {"count": len(palettes), "sha256": digest.hexdigest()}
    store.save(path, KIND, arrays, {"config": learned.settings, "provenance": provenance})


def load(path: str | os.PathLike[str], limits: Mapping[str, Constraint]) -> Learned:
    """Read what `save` wrote.

    Args:
        path: the file.
        limits: what each setting can be.

    Raises:
        FfcolorError: ``model-file``; see `ffcolor.store.load`.
    """
    arrays, header = store.load(path, KIND)
    size = palette_features.SIZE
    try:
        settings = check(limits, **{**dict.fromkeys(limits), **header["config"]})  # None fits no setting
        network = Network((), threshold=settings["threshold"])
        network.weights = [store.array(arrays, "weights", (size + 1, settings["hidden"]), -_MOST, _MOST)]
        mean = store.array(arrays, "mean", (size,), -_MOST, _MOST)
        scale = store.array(arrays, "scale", (size,), 0, _MOST)
        liked, disliked = (_palettes(arrays, side) for side in ("liked", "disliked"))
        if not liked:
            raise ValueError("there are no liked palettes")
    except (KeyError, TypeError, ValueError) as problem:
        place = os.fspath(path)
        message = f"{quoted(path)} is not a palette preference of this version of ffcolor: {problem}"
        raise FfcolorError(message, code="model-file", value=place) from None
    return Learned(settings, network, mean, scale, liked, disliked)


def _palettes(arrays: store.Arrays, side: str) -> list[Floats]:
    colors = store.array(arrays, f"{side}.colors", (None, 3), 0, 1)
    sizes = arrays[f"{side}.sizes"]
    least, most = palette_features.SMALLEST, palette_features.LARGEST
    if sizes.dtype != np.int64 or sizes.ndim != 1 or ((sizes < least) | (sizes > most)).any():
        raise ValueError(f"{side}.sizes is not a row of whole numbers from {least} to {most}")
    return palette_sets.cut(colors, sizes)
