"""One side of a taste: the colours somebody picked, with weights, in an order of their own."""

from __future__ import annotations

import hashlib
import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor.color import read_colors, to_hex
from ffcolor.errors import FfcolorError, FfcolorWarning

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]

_BITS = np.uint64(21)  # of a channel in a sortable word; it holds 0 … 2^20
_SCALE = np.float32(1 << 20)


class Picks(NamedTuple):
    """Colours float32 (k, 3) in canonical order, and their weights float32 (k,), which sum to 1."""

    colors: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.colors)

    @classmethod
    def read(cls, source: Any, weight: ArrayLike | None, name: str) -> Picks:
        """Read k colours, anything `read_colors` takes, and their weights, (k,); `name` is for messages."""
        colors = read_colors(source)
        if weight is None:
            return cls.even(colors)
        weights = np.asarray(weight, dtype=np.float64)
        if weights.shape != (len(colors),):
            raise _weight_error(
                name, f"of shape {weights.shape}", f"there must be one for each of {len(colors)} colours"
            )
        wrong = ~(np.isfinite(weights) & (weights >= 0))
        if wrong.any():
            at = int(wrong.argmax())
            raise _weight_error(f"{name} {at}", repr(float(weights[at])), "it must be a number, 0 or more", at)
        if weights.sum() <= 0:
            raise _weight_error(name, "0 for every colour", "at least one must be above 0")
        return cls.sorted(colors, weights)

    @classmethod
    def even(cls, colors: Floats) -> Picks:
        """Colours that count the same."""
        keys = _keys(colors)
        keys.sort()
        return cls(_colors(keys), np.full(len(keys), 1 / len(keys), dtype=np.float32))

    @classmethod
    def sorted(cls, colors: Floats, weight: NDArray[Any]) -> Picks:
        """Colours and weights in canonical order, so that the order in which they were given makes no difference."""
        keys = _keys(colors)
        order = np.lexsort((weight, keys))
        return cls(_colors(keys[order]), (weight[order] / weight[order].sum()).astype(np.float32))

    def joined(self, other: Picks) -> Picks:
        """These and more; each of the others counts as much as one of these does on average."""
        weight = np.concatenate([self.weight, other.weight * np.float32(len(other) / len(self))])
        return Picks.sorted(np.concatenate([self.colors, other.colors]), weight)

    def thinned(self, most: int) -> Picks:
        """An even sample of at most so many colours."""
        step = -(-len(self) // most)
        weight = self.weight[::step]
        return Picks(self.colors[::step], weight / weight.sum())

    def sha256(self) -> str:
        """A fingerprint of the colours, in hex."""
        return hashlib.sha256(self.colors.astype("<f4").tobytes()).hexdigest()


def warn_of_contradictions(liked: Picks, disliked: Picks) -> None:
    """Warn of colours that are on both sides."""
    ours, theirs = _keys(liked.colors), _keys(disliked.colors)
    place = np.minimum(np.searchsorted(ours, theirs), len(ours) - 1)
    both = theirs[ours[place] == theirs]
    if len(both):
        both = np.unique(both)  # only here: its first call imports numpy.ma
        count = "one colour is" if len(both) == 1 else f"{len(both)} colours are"
        example = to_hex(_colors(both[:1]))[0]
        message = f"{count} both liked and disliked ({example}): the sides are weighed against each other"
        warnings.warn(message, FfcolorWarning, stacklevel=3)


def _keys(colors: Floats) -> Keys:
    """Colours as sortable words, channels rounded to a four-thousandth of a step of 8-bit colour."""
    words = np.round(colors * _SCALE).astype(np.uint64)
    return (words[:, 0] << _BITS | words[:, 1]) << _BITS | words[:, 2]


def _colors(keys: Keys) -> Floats:
    mask = (np.uint64(1) << _BITS) - np.uint64(1)
    words = np.stack([keys >> _BITS >> _BITS, keys >> _BITS & mask, keys & mask], axis=1)
    return words.astype(np.float32) / _SCALE


def _weight_error(name: str, value: str, wanted: str, position: int | None = None) -> FfcolorError:
    message = f"the weight of {name} is {value}; {wanted}"
    return FfcolorError(message, code="invalid-weight", value=value, position=position)
