"""ColorPreference: learn which colours somebody likes from a few examples, then score, explain and generate."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor import store
from ffcolor.color import read_color, read_colors, to_hex
from ffcolor.engine import layer
from ffcolor.engine.network import Network, OnStep, to_numpy
from ffcolor.errors import FfcolorError
from ffcolor.splitmix import split
from ffcolor.taste import explain, features, negatives
from ffcolor.taste.learning import teach
from ffcolor.taste.noise import fitting_penalty
from ffcolor.taste.picks import Picks, warn_of_contradictions

if TYPE_CHECKING:
    from ffcolor.palette import Palette
    from ffcolor.taste.lookup import Table

Floats = NDArray[np.float32]

_KIND = "color-preference"
_CONFIG = ("hidden", "threshold", "l2", "background", "steps", "learning_rate", "seed")
_UNLABELED, _MOST_UNLABELED = 256, 4096  # negatives drawn where none are given: as many as liked ones, within these
_REPLAY = 2048  # colours of each side that an update looks back on, at most
_CHUNK = 1376  # colours scored at a time: their encoding stays in the cache; 16 blocks of `layer.product`


class Judgement(NamedTuple):
    """What a taste says of n colours, in their order: the goodness of each layer, and what follows from it."""

    colors: Floats
    """(n, 3), sRGB in [0, 1], as they were read."""
    layers: Floats
    """(n, layers): the goodness of each layer, at least 0."""
    threshold: float
    """Of each layer."""

    @property
    def goodness(self) -> Floats:
        """(n,), at least 0: summed over the layers."""
        goodness: Floats = self.layers.sum(axis=1)
        return goodness

    @property
    def score(self) -> Floats:
        """(n,): goodness less threshold, summed over the layers; liked above 0."""
        score: Floats = self.layers.sum(axis=1) - np.float32(self.threshold * self.layers.shape[1])
        return score

    @property
    def probability(self) -> Floats:
        """(n,) in [0, 1]: the logistic function of the score's mean over the layers."""
        return _probability(self.layers, self.threshold)

    def at(self, places: NDArray[np.int64]) -> Judgement:
        """The judgement of the colours at these places, in their order."""
        return Judgement(self.colors[places], self.layers[places], self.threshold)


class ColorPreference:
    """A taste in colour, learned by Forward-Forward layers from liked and disliked colours.

    Args:
        hidden: units of each layer; one layer of 8 is enough for colours.
        threshold: goodness between good and not good; probability is 1/2 there.
        l2: penalty on the weights, divided by the number of liked colours; ``"auto"`` fits it to how consistent
            the given colours are (leave-one-out error of a ridge regression on the same features).
        background: share in [0, 1) of the negative side that is spread over the whole gamut, so that colours far from
            all examples count as not liked.
        steps: local steps of each layer.
        learning_rate: of each layer's Adam.
        seed: stream of the first weights and of drawn negatives: an integer.
        device: ``"cpu"``, or a torch device such as ``"cuda"``.

    Attributes:
        liked_: the liked colours learned from, with weights, in canonical order.
        disliked_: the same for the disliked ones, or those drawn where none were given.
        network_: the learned layers.
        l2_: the penalty that was used.
        history_: the loss before each step, if `fit` was given an `on_step`.

    Example:
        >>> taste = ColorPreference().fit(["#ffd1dc", "#c1e1c1", "#aec6cf"], ["#8b0000", "#003300", "black"])
        >>> [bool(p > 0.5) for p in taste.probability(["#fdfd96", "#220011"])]
        [True, False]

    Source: Hinton, "The Forward-Forward Algorithm" (2022); features: see `ffcolor.taste.features`.
    """

    def __init__(
        self,
        *,
        hidden: int | Sequence[int] = 8,
        threshold: float = 6.0,
        l2: float | str = "auto",
        background: float = 0.15,
        steps: int = 60,
        learning_rate: float = 0.05,
        seed: int = 0,
        device: str = "cpu",
    ):
        self.hidden = hidden
        self.threshold = threshold
        self.l2 = l2
        self.background = background
        self.steps = steps
        self.learning_rate = learning_rate
        self.seed = seed
        self.device = device

    # learning ---------------------------------------------------------------------------------------------------------

    def fit(
        self,
        liked: Any,
        disliked: Any = None,
        *,
        liked_weight: ArrayLike | None = None,
        disliked_weight: ArrayLike | None = None,
        on_step: OnStep | None = None,
    ) -> ColorPreference:
        """Learn from colours, forgetting what was learned before.

        Args:
            liked: colours, anything `read_colors` takes.
            disliked: colours; None draws some from a stream, away from the liked ones.
            liked_weight: how much each liked colour counts, (k,), not negative; all the same if None.
            disliked_weight: the same for the disliked ones.
            on_step: called as ``on_step(step, steps, loss)``; whatever it raises stops the learning and leaves this
                preference as it was.

        Returns:
            This preference.

        Raises:
            FfcolorError: colours that cannot be read, weights or settings that make no sense.
            FfcolorWarning: (a warning) colours given as both liked and disliked.
        """
        sizes = self._checked_sizes()
        likes = Picks.read(liked, liked_weight, "liked")
        if disliked is not None:
            dislikes = Picks.read(disliked, disliked_weight, "disliked")
            warn_of_contradictions(likes, dislikes)
        elif disliked_weight is not None:
            raise _setting("disliked_weight", disliked_weight, "None where no disliked colours are given")
        else:
            dislikes = self._drawn(likes)
        network = Network(sizes, threshold=self.threshold, seed=self.seed, device=self.device)
        l2 = fitting_penalty(likes.colors, dislikes.colors) if self.l2 == "auto" else float(self.l2)
        history = self._teach(network, likes, dislikes, l2 / len(likes), self.steps, self.learning_rate, on_step)
        self.liked_, self.disliked_, self.drawn_ = likes, dislikes, disliked is None
        self.network_, self.l2_, self.history_, self.updates_ = network, l2, history, 0
        self._table: Table | None = None
        return self

    def update(
        self,
        liked: Any = None,
        disliked: Any = None,
        *,
        steps: int = 20,
        on_step: OnStep | None = None,
    ) -> ColorPreference:
        """Learn a few more picks on top of what is known, from the present weights: a fraction of a `fit`'s work.

        Args:
            liked: more liked colours, or None.
            disliked: more disliked colours, or None.
            steps: local steps to take.
            on_step: as in `fit`.

        Returns:
            This preference. If anything is raised, it is as it was.
        """
        self._check_fitted()
        _whole("steps", steps)
        if liked is None and disliked is None:
            raise FfcolorError("update needs liked or disliked colours, or both; neither was given", code="no-colors")
        likes, dislikes = self.liked_, self.disliked_
        if liked is not None:
            likes = likes.joined(Picks.read(liked, None, "liked"))
        if disliked is not None:
            dislikes = dislikes.joined(Picks.read(disliked, None, "disliked"))
        warn_of_contradictions(likes, dislikes)
        network = self.network_.copy()
        replay = likes.thinned(_REPLAY), dislikes.thinned(_REPLAY)
        history = self._teach(network, *replay, self.l2_ / len(likes), steps, self.learning_rate / 2, on_step)
        self.liked_, self.disliked_ = likes, dislikes
        self.network_, self.history_, self._table = network, history, None
        self.updates_ += 1
        return self

    # judging ----------------------------------------------------------------------------------------------------------

    def judge(self, colors: Any) -> Judgement:
        """All that is known of colours, in one pass: goodness, score and probability, see `Judgement`."""
        rgb = read_colors(colors)
        return Judgement(rgb, self._goodness(rgb), self.threshold)

    def goodness(self, colors: Any) -> Floats:
        """Goodness of colours, summed over the layers: float32 (n,), at least 0."""
        goodness: Floats = self._goodness(read_colors(colors)).sum(axis=1)
        return goodness

    def score(self, colors: Any) -> Floats:
        """Score of colours, the sum over the layers of goodness less threshold: float32 (n,); liked above 0."""
        return self._score(self._goodness(read_colors(colors)))

    def probability(self, colors: Any, *, exact: bool = True, threads: int = 1) -> Floats:
        """Probability that each colour is liked, in [0, 1]: the logistic function of the score's mean over the layers.

        Args:
            colors: anything `read_colors` takes, n colours.
            exact: False looks it up in a table over the gamut, made on first use: for images, some thirty times faster.
            threads: threads that share the looking up.

        Returns:
            float32 (n,).
        """
        rgb = read_colors(colors)
        if exact:
            return self._probability(rgb)
        return self.table()(rgb, threads)

    def rank(self, colors: Any) -> NDArray[np.int64]:
        """Indices of colours from the most to the least liked, int64 (n,); ties stay in the given order."""
        return np.argsort(-self.score(colors), kind="stable").astype(np.int64)

    def accuracy(self, liked: Any, disliked: Any) -> float:
        """Balanced accuracy in [0, 1]: the mean share of liked and of disliked colours judged right at p = 1/2."""
        return float(((self.score(liked) >= 0).mean() + (self.score(disliked) < 0).mean()) / 2)

    def explain(self, color: Any) -> dict[str, Any]:
        """Why one colour is liked or not, as plain data.

        Returns:
            ``color``, ``liked``, ``probability``, ``score``, ``goodness`` (of each layer); ``nearest_liked`` and
            ``nearest_disliked``, see `ffcolor.taste.explain.nearest` (None where none were given); ``changes``, see
            `ffcolor.taste.explain.changes`.
        """
        rgb = read_color(color)
        layers = self._goodness(rgb[None])
        score = float(self._score(layers)[0])
        return {
            "color": to_hex(rgb[None])[0],
            "liked": score >= 0,
            "probability": float(_probability(layers, self.threshold)[0]),
            "score": score,
            "goodness": layers[0].tolist(),
            "nearest_liked": explain.nearest(rgb, self.liked_.colors),
            "nearest_disliked": None if self.drawn_ else explain.nearest(rgb, self.disliked_.colors),
            "changes": explain.changes(rgb, self._probability),
        }

    def table(self) -> Table:
        """The lookup table of probabilities over the whole gamut, made on first use."""
        from ffcolor.taste import lookup as table

        self._check_fitted()
        if self._table is None:
            goodness = to_numpy(self.network_.goodness(self.network_.array(table.grid_code())))
            self._table = table.Table(_probability(goodness, self.threshold))
        return self._table

    # making -----------------------------------------------------------------------------------------------------------

    def palette(
        self,
        n: int = 5,
        *,
        locked: Any = (),
        power: float = 10.0,
        background: Any = None,
        contrast: float = 4.5,
        vision: Sequence[str] = (),
        min_delta_e: float = 0.0,
        order: str = "lightness",
    ) -> Palette:
        """A palette of n colours that are liked and differ from each other as much as they can.

        Args:
            n: how many colours, 1 to 256, locked ones included.
            locked: colours that must be in it, exactly as given.
            power: from daring (0) to safe (50): the search maximises (probability * nearness to the liked
                colours)^power times the distance to the others.
            background: a colour that every colour must stand out from, or None.
            contrast: the least WCAG 2.1 contrast ratio against it.
            vision: ``"deutan"``, ``"protan"``, ``"tritan"``: viewers who must tell the colours apart, too.
            min_delta_e: the least CIEDE2000 difference between two colours.
            order: ``"lightness"``, ``"hue"`` or ``"chosen"``.

        Returns:
            The palette.

        Raises:
            FfcolorError: `code` is ``"palette-infeasible"`` where it cannot be had: which wish binds, and by how much.
        """
        from ffcolor.palette.generate import diverse_palette
        from ffcolor.taste.candidates import gather

        candidates, weight = gather(n, self.table(), self._probability, self.liked_)
        return diverse_palette(
            n,
            candidates,
            weight,
            locked=locked,
            power=power,
            background=background,
            contrast=contrast,
            vision=vision,
            min_delta_e=min_delta_e,
            order=order,
        )

    # files ------------------------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write this preference to one .safetensors file, whole or not at all."""
        self._check_fitted()
        arrays: dict[str, NDArray[Any]] = {}
        for name, picks in (("liked", self.liked_), ("disliked", self.disliked_)):
            arrays[f"{name}.colors"], arrays[f"{name}.weight"] = picks
        for depth, weights in enumerate(self.network_.weights):
            arrays[f"layer.{depth}"] = to_numpy(weights)
        header = {
            "config": {name: getattr(self, name) for name in _CONFIG},
            "l2": self.l2_,
            "drawn_negatives": self.drawn_,
            "provenance": {
                "seed": self.seed,
                "updates": self.updates_,
                "liked": {"count": len(self.liked_), "sha256": self.liked_.sha256()},
                "disliked": {"count": len(self.disliked_), "sha256": self.disliked_.sha256()},
            },
        }
        store.save(path, _KIND, arrays, header)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, device: str = "cpu") -> ColorPreference:
        """Read a preference that `save` wrote.

        Raises:
            FfcolorError: `code` is ``"model-file"``; see `ffcolor.store.load`.
        """
        arrays, header = store.load(path, _KIND)
        try:
            taste = cls(**header["config"], device=device)
            network = Network((), threshold=taste.threshold, device=device)
            for depth, shape in enumerate(itertools.pairwise(taste._checked_sizes())):
                weights = arrays[f"layer.{depth}"]
                if weights.shape != shape:
                    raise KeyError(f"layer {depth} is of shape {weights.shape}, not {shape}")
                network.weights.append(network.array(weights))
            taste.liked_ = Picks(arrays["liked.colors"], arrays["liked.weight"])
            taste.disliked_ = Picks(arrays["disliked.colors"], arrays["disliked.weight"])
            taste.network_, taste.l2_ = network, float(header["l2"])
            taste.drawn_ = bool(header["drawn_negatives"])
            taste.updates_ = int(header["provenance"]["updates"])
        except (KeyError, TypeError, ValueError) as problem:
            place = os.fspath(path)
            message = f"{place} does not describe a colour preference: {problem}"
            raise FfcolorError(message, code="model-file", value=place) from None
        taste.history_, taste._table = [], None
        return taste

    def __repr__(self) -> str:
        if not hasattr(self, "network_"):
            return "ColorPreference, not fitted yet"
        kind = "drawn" if self.drawn_ else "disliked"
        return f"ColorPreference learned from {len(self.liked_)} liked and {len(self.disliked_)} {kind} colours"

    # inside -----------------------------------------------------------------------------------------------------------

    def _goodness(self, rgb: Floats) -> Floats:
        self._check_fitted()
        network = self.network_

        def goodness(part: Floats) -> Floats:
            return to_numpy(network.goodness(network.array(features.encode(part))))

        parts = [goodness(rgb[start : start + _CHUNK]) for start in range(0, len(rgb), _CHUNK)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _score(self, goodness: Floats) -> Floats:
        """From the goodness of each layer, (n, layers), to (n,)."""
        score: Floats = goodness.sum(axis=1) - np.float32(self.threshold * goodness.shape[1])
        return score

    def _probability(self, rgb: Floats) -> Floats:
        return _probability(self._goodness(rgb), self.threshold)

    def _check_fitted(self) -> None:
        if not hasattr(self, "network_"):
            raise FfcolorError("this ColorPreference has not learned anything yet: call fit first", code="not-fitted")

    def _checked_sizes(self) -> tuple[int, ...]:
        """The sizes of the network; complains of settings that make no sense."""
        hidden = (self.hidden,) if isinstance(self.hidden, int) else tuple(self.hidden)
        if not hidden or any(isinstance(size, bool) or not isinstance(size, int) or size < 1 for size in hidden):
            raise _setting("hidden", self.hidden, "a whole number of units, or one for each layer, each at least 1")
        _whole("steps", self.steps)
        for name in ("threshold", "learning_rate"):
            if not _is_number(getattr(self, name)) or not 0 < getattr(self, name) < np.inf:
                raise _setting(name, getattr(self, name), "a number above 0")
        if not _is_number(self.background) or not 0 <= self.background < 1:
            raise _setting("background", self.background, "a share from 0 up to, but not including, 1")
        if self.l2 != "auto" and (not _is_number(self.l2) or not 0 <= float(self.l2) < np.inf):
            raise _setting("l2", self.l2, "'auto' or a number, 0 or more")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise _setting("seed", self.seed, "an integer")
        return features.SIZE, *hidden

    def _drawn(self, liked: Picks) -> Picks:
        count = min(max(_UNLABELED, len(liked)), _MOST_UNLABELED)
        colors = negatives.draw(count, liked.colors, split(self.seed, -1))
        if not len(colors):
            message = "the liked colours leave no room for colours away from them; give some disliked ones"
            raise FfcolorError(message, code="no-colors")
        return Picks.even(colors)

    def _teach(
        self,
        network: Network,
        liked: Picks,
        disliked: Picks,
        l2: float,
        steps: int,
        learning_rate: float,
        on_step: OnStep | None,
    ) -> list[float]:
        return teach(
            network,
            liked,
            disliked,
            background=self.background,
            l2=l2,
            steps=steps,
            learning_rate=learning_rate,
            seed=self.seed,
            on_step=on_step,
        )


def _probability(goodness: Floats, threshold: float) -> Floats:
    """From the goodness of each layer, (n, layers), to (n,)."""
    probability: Floats = layer.sigmoid(goodness.mean(axis=1) - np.float32(threshold))
    return probability


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _setting(name, value, "a whole number, at least 1")


def _setting(name: str, value: Any, wanted: str) -> FfcolorError:
    return FfcolorError(f"{name} is {value!r}; it must be {wanted}", code="invalid-setting", value=value)
