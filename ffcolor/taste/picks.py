"""One side of a taste: the colours somebody picked, with weights, in an order of their own."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor.color import images, read_colors, to_hex
from ffcolor.color.images import is_image_path, is_pillow_image
from ffcolor.errors import FfcolorError, FfcolorWarning

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]

_BITS = np.uint64(21)  # of a channel in a sortable word; it holds 0 … 2^20
_SCALE = np.float32(1 << 20)
_LIGHTEST, HEAVIEST = 1e-30, 1e30  # weights that sums of float32 can bear


class Picks(NamedTuple):
    """Different colours float32 (k, 3) in canonical order, and their weights float32 (k,).

    A pick weighs 1 unless it is given a weight, and a colour that was picked k times weighs k.
    """

    colors: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.colors)

    @classmethod
    def read(cls, source: Any, weight: ArrayLike | None, name: str) -> Picks:
        """Read colours, anything `read_colors` takes, and their weights, (n,); `name` is for messages.

        Raises:
            FfcolorError: as `read_colors`; ``invalid-weight``.
        """
        colors = _sampled(source, weight)
        if weight is None:
            return cls.even(colors)
        weights = np.asarray(weight, dtype=np.float64)
        if weights.shape != (len(colors),):
            raise _weight_error(
                name, f"of shape {weights.shape}", f"there must be one for each of {len(colors)} colours"
            )
        wrong = ~((weights >= 0) & (weights <= HEAVIEST))
        if wrong.any():
            at = int(wrong.argmax())
            wanted = f"it must be a number, 0 or more, and at most {HEAVIEST:g}"
            raise _weight_error(f"{name} {at}", repr(float(weights[at])), wanted, at)
        counted = weights >= _LIGHTEST
        if not counted.any():
            wanted = f"at least one must be above 0 (what is below {_LIGHTEST:g} counts as 0)"
            raise _weight_error(name, "0 for every colour", wanted)
        return cls.merged(colors[counted], weights[counted])

    @classmethod
    def even(cls, colors: Floats) -> Picks:
        """Colours of which each pick weighs 1."""
        keys = _keys(colors)
        keys.sort()
        starts = _starts(keys)
        counts = np.diff(np.append(starts, len(keys)))
        return cls(_colors(keys[starts]), counts.astype(np.float32))

    @classmethod
    def merged(cls, colors: Floats, weight: NDArray[Any]) -> Picks:
        """Colours with the sum of their weights, so that neither order nor repetition makes a difference."""
        keys = _keys(colors)
        order = np.lexsort((weight, keys))
        keys = keys[order]
        starts = _starts(keys)
        total = np.add.reduceat(weight[order].astype(np.float64), starts)
        return cls(_colors(keys[starts]), total.astype(np.float32))

    def joined(self, other: Picks) -> Picks:
        """These picks and more."""
        return Picks.merged(np.concatenate([self.colors, other.colors]), np.concatenate([self.weight, other.weight]))

    def thinned(self, most: int | None) -> Picks:
        """An even sample of at most so many colours; all of them for None."""
        step = 1 if most is None else -(-len(self) // most)
        return Picks(self.colors[::step], self.weight[::step])

    def shares(self) -> Floats:
        """How much each colour counts within this side: float32 (k,), which sum to 1."""
        return np.asarray(self.weight / self.weight.sum(dtype=np.float64), dtype=np.float32)

    def sha256(self) -> str:
        """A fingerprint of the colours, in hex."""
        return hashlib.sha256(self.colors.astype("<f4").tobytes()).hexdigest()


def _sampled(source: Any, weight: ArrayLike | None) -> Floats:
    """Read colours; an image, a path's or an opened one, counts for an even sample of at most 4,096 of its pixels."""
    if weight is not None or not (is_image_path(source) or is_pillow_image(source)):
        return read_colors(source)
    from ffcolor.palette import photo

    return photo(images.opened(source) if is_image_path(source) else source).colors


def refuse_labels(liked: Any, disliked: Any) -> None:
    """Refuse what classifiers take, ``fit(X, y)``: labels of the liked colours in the place of disliked colours.

    Raises:
        FfcolorError: ``labels``.
    """
    if isinstance(disliked, str) or not (hasattr(liked, "__len__") and hasattr(disliked, "__len__")):
        return
    given = disliked if isinstance(disliked, (list, tuple)) else np.asarray(disliked)
    if len(given) != len(liked) or not all(isinstance(each, (str, int, float, np.generic)) for each in given):
        return
    if len({*given}) > 2 or _is_color(given) or _are_colors(given):
        return
    message = "the second argument holds labels, and disliked colours are wanted there"
    advice = "give liked and disliked colours apart, or use TasteClassifier, which takes fit(X, y)"
    raise FfcolorError(message, code="labels", value=disliked, advice=advice)


def _is_color(given: Sequence[Any] | NDArray[Any]) -> bool:
    """Whether a short vector is one colour: [0.0, 1.0, 0.0] is, and an array of zeros and ones is not."""
    if len(given) not in (3, 4) or any(isinstance(each, (str, bool, np.bool_)) for each in given):
        return False
    return not {*map(float, given)} <= {-1.0, 0.0, 1.0} or (
        isinstance(given, (list, tuple)) and any(isinstance(each, float) for each in given)
    )


def _are_colors(given: Sequence[Any] | NDArray[Any]) -> bool:
    """Whether the words of a vector can be read as colours."""
    try:
        return isinstance(given[0], str) and len(read_colors([str(each) for each in {*given}])) > 0
    except FfcolorError:
        return False


def warn_of_contradictions(liked: Picks, disliked: Picks) -> None:
    """Warn of colours that are on both sides."""
    ours, theirs = _keys(liked.colors), _keys(disliked.colors)
    place = np.minimum(np.searchsorted(ours, theirs), len(ours) - 1)
    both = theirs[ours[place] == theirs]
    if len(both):
        count = "one colour is" if len(both) == 1 else f"{len(both)} colours are"
        example = to_hex(_colors(both[:1]))[0]
        message = f"{count} both liked and disliked ({example}): the sides are weighed against each other"
        warnings.warn(message, FfcolorWarning, stacklevel=3)


def _keys(colors: Floats) -> Keys:
    """Colours as sortable words, channels rounded to a four-thousandth of a step of 8-bit colour."""
    words = np.round(colors * _SCALE).astype(np.uint64)
    return (words[:, 0] << _BITS | words[:, 1]) << _BITS | words[:, 2]


def _starts(keys: Keys) -> NDArray[np.int64]:
    """Where each different word begins among sorted ones (`numpy.unique` would import numpy.ma)."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))


def _colors(keys: Keys) -> Floats:
    mask = (np.uint64(1) << _BITS) - np.uint64(1)
    words = np.stack([keys >> _BITS >> _BITS, keys >> _BITS & mask, keys & mask], axis=1)
    return words.astype(np.float32) / _SCALE


def _weight_error(name: str, value: str, wanted: str, position: int | None = None) -> FfcolorError:
    message = f"the weight of {name} is {value}; {wanted}"
    return FfcolorError(message, code="invalid-weight", value=value, position=position)
