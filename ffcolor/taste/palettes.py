"""Learning a taste in whole palettes: which colours a person likes *together*."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor import store
from ffcolor.color import to_hex
from ffcolor.engine import layer
from ffcolor.engine.network import Batch, Network, OnStep
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.splitmix import split, uniform
from ffcolor.taste import palette_features, palette_sets

Floats = NDArray[Any]  # float32 throughout

_KIND = "palette-preference"
_LEARNING_RATE, _BATCH = 0.02, 512
_BACKGROUND_COUNT = 1024
_LENGTH = np.float32(1.5 / palette_features.SIZE**0.5)  # deviation of a standardised input: all of them make 1.5
_CONFIG: dict[str, tuple[type, float, float]] = {  # what each can be
    "hidden": (Integral, 1, 4096),
    "threshold": (Real, 0.001, 1000),
    "l2": (Real, 0, 1000),
    "background": (Real, 0, 1),
    "shuffles": (Integral, 1, 1000),
    "steps": (Integral, 1, 1_000_000),
    "seed": (Integral, -(2**63), 2**64 - 1),
}
_WEIGHTS, _SHUFFLES, _BACKGROUND, _BATCHES = range(4)  # child streams of a seed


class PalettePreference:
    """A taste in whole palettes, learned from liked and disliked ones by one Forward-Forward layer.

    A palette is a set of 2 to 12 colours: their order does not matter, and sizes may be mixed. Palettes are given as a
    sequence, each of them anything `ffcolor.read_colors` takes, such as ``["#69d2e7", "#f38630"]``, or a `Palette`.

    Args:
        hidden: units of the layer.
        threshold: goodness above which a palette is liked rather than not.
        l2: penalty on the squared weights, divided by the number of liked palettes.
        background: what share of the disliked side goes to palettes drawn evenly from the gamut, in [0, 1]. They keep
            the liking to what was shown; 0 asks only for what sets the liked palettes apart from the disliked ones.
        shuffles: how many shuffled palettes are made for each liked one when no disliked ones are given.
        steps: learning steps.
        seed: stream of everything random.

    Attributes:
        liked_, disliked_: the palettes it was taught, as float32 (n, 3) each, in canonical order.
        network_: the layer.
        mean_, scale_: what its inputs are standardised by, (`palette_features.SIZE`,).

    >>> from ffcolor import PalettePreference
    >>> warm = [["#7f1d1d", "#dc2626", "#fca5a5"], ["#7c2d12", "#f97316", "#fdba74", "#fff7ed"]]
    >>> cold = [["#1e3a8a", "#3b82f6", "#bfdbfe"], ["#134e4a", "#14b8a6", "#99f6e4"]]
    >>> taste = PalettePreference().fit(warm, cold)
    >>> taste.rank([["#0c4a6e", "#38bdf8"], ["#881337", "#fb7185"]]).tolist()
    [1, 0]
    """

    def __init__(
        self,
        *,
        hidden: int = 32,
        threshold: float = 6.0,
        l2: float = 0.8,
        background: float = 0.1,
        shuffles: int = 8,
        steps: int = 300,
        seed: int = 0,
    ):
        self.hidden = hidden
        self.threshold = threshold
        self.l2 = l2
        self.background = background
        self.shuffles = shuffles
        self.steps = steps
        self.seed = seed

    def __repr__(self) -> str:
        if not hasattr(self, "network_"):
            return "PalettePreference: not taught yet"
        other = f"{len(self.disliked_)} disliked" if self.disliked_ else "no disliked"
        return f"PalettePreference taught by {len(self.liked_)} liked and {other} palettes"

    def fit(
        self, liked: Iterable[Any], disliked: Iterable[Any] | None = None, *, on_step: OnStep | None = None
    ) -> PalettePreference:
        """Learn from liked and, if there are any, disliked palettes.

        Without disliked ones, the liked palettes' own colours are shuffled across palettes (sizes kept), so that what
        is learned is which colours go together; a single palette is told apart from the whole gamut instead. The order
        of the palettes and of their colours makes no difference to a single byte of the result.

        Args:
            liked: palettes, each of 2 to 12 colours; a palette that is given twice counts twice.
            disliked: palettes, or None.
            on_step: called as ``on_step(step, steps, loss)`` after each learning step.

        Returns:
            This preference. If anything is raised, it is as it was before.

        Raises:
            FfcolorError: naming the palette's and the colour's position: ``palette-size``, ``no-palettes``,
                ``invalid-setting`` or what `read_colors` raises.

        Warns:
            FfcolorWarning: the same palette is both liked and disliked.
        """
        self._check_config()
        likes = palette_sets.sort(palette_sets.read(liked, "liked "))
        dislikes = [] if disliked is None else palette_sets.sort(palette_sets.read(disliked, "disliked "))
        _warn_of_contradictions(likes, dislikes)
        made = palette_sets.shuffled(likes, self.shuffles, split(self.seed, _SHUFFLES)) if not dislikes else []
        learned = self._learn(likes, dislikes or made, on_step)
        self.network_, self.mean_, self.scale_ = learned
        self.liked_, self.disliked_ = likes, dislikes
        return self

    def _learn(
        self, liked: list[Floats], disliked: list[Floats], on_step: OnStep | None
    ) -> tuple[Network, Floats, Floats]:
        """Teach a new layer; give it back with the mean and the scale of its inputs."""
        share = self.background if disliked else 1.0
        sizes = [len(palette) for palette in liked]
        count = _BACKGROUND_COUNT if share else 0
        background = palette_sets.drawn(sizes, count, split(self.seed, _BACKGROUND))

        code = palette_features.encode([*liked, *disliked, *background])
        mean = code.mean(axis=0, dtype=np.float64).astype(np.float32)
        deviation = np.sqrt(np.square(code - mean).mean(axis=0))
        scale = np.where(deviation > 1e-4, _LENGTH / np.maximum(deviation, np.float32(1e-4)), 0).astype(np.float32)
        x = _standardize(code, mean, scale)
        sign = np.ones(len(x), dtype=np.float32)
        sign[: len(liked)] = -1
        sides = ((liked, 1.0), (disliked, 1 - share), (background, share))  # the weight of each, shared out evenly
        weight = np.concatenate([np.full(len(side), total / max(len(side), 1)) for side, total in sides])
        weight = weight.astype(np.float32)

        network = Network((x.shape[1], self.hidden), threshold=self.threshold, seed=split(self.seed, _WEIGHTS))
        network.learn(
            _batches(x, sign, weight, split(self.seed, _BATCHES)),
            steps=self.steps,
            learning_rate=_LEARNING_RATE,
            l2=self.l2 / len(liked),
            cool_down=True,
            on_step=on_step,
        )
        network.balance(x, sign, weight)
        return network, mean, scale

    def update(self, liked: Iterable[Any] = (), disliked: Iterable[Any] = ()) -> PalettePreference:
        """Learn from a few more palettes besides those it was taught before.

        The result is that of one `fit` to all of them: learning anew takes less than a second, and forgets nothing.

        Args:
            liked: more liked palettes; may be empty.
            disliked: more disliked palettes; may be empty.

        Raises:
            FfcolorError: ``not-fitted`` before the first `fit`, else as `fit`.
        """
        self._network()
        more = palette_sets.read(liked, "liked ", empty=True)
        less = palette_sets.read(disliked, "disliked ", empty=True)
        return self.fit([*self.liked_, *more], [*self.disliked_, *less] or None)

    def goodness(self, palettes: Iterable[Any]) -> Floats:
        """How strongly the layer answers to each palette: the sum of its squared activations, (n,)."""
        goodness: Floats = self._network().goodness(self._encode(palette_sets.read(palettes)))[:, 0]
        return goodness

    def score(self, palettes: Iterable[Any]) -> Floats:
        """Goodness less the threshold, (n,): above 0 is liked."""
        return self.goodness(palettes) - np.float32(self.network_.threshold)

    def probability(self, palettes: Iterable[Any]) -> Floats:
        """How probably each palette is liked, if as many are liked as not: float32 (n,) in [0, 1]."""
        return np.asarray(layer.sigmoid(self.score(palettes)))

    def rank(self, palettes: Iterable[Any]) -> NDArray[np.int64]:
        """Positions of the palettes from best to worst, int64 (n,); equals keep their order."""
        return np.argsort(-self.score(palettes), kind="stable").astype(np.int64)

    def accuracy(self, liked: Iterable[Any], disliked: Iterable[Any]) -> float:
        """Balanced accuracy: the mean of the shares of liked and of disliked palettes that are told rightly."""
        right = (self.score(liked) > 0).mean(), (self.score(disliked) <= 0).mean()
        return float(sum(right) / 2)

    def explain(self, palette: Any) -> dict[str, Any]:
        """Why a palette is liked or not, as plain data.

        Args:
            palette: one palette.

        Returns:
            ``score`` and ``probability``; ``because``, which shares the goodness out over what the layer looks at
            (exactly: the goodness is a quadratic form as long as the same units fire, so it is half of inputs times
            gradient); and ``colors``, for each colour what the score would change by if it were left out (None in a
            palette of two): the largest number belongs to the colour that fits in worst.
        """
        (colors,) = palette_sets.read([palette])
        network = self._network()
        x = self._encode([colors])
        (weights,) = network.weights
        part = x[0] * (weights @ layer.forward(x, weights)[0])  # half of x times the gradient of G
        because = {name: float(part[place].sum()) for name, place in palette_features.parts().items()}
        because["constant"] = float(part[-1])
        score = float(self.score([colors])[0])
        changes: list[float | None] = [None] * len(colors)
        if len(colors) > palette_features.SMALLEST:
            changes = [float(s) - score for s in self.score([np.delete(colors, i, axis=0) for i in range(len(colors))])]
        return {
            "score": score,
            "probability": float(self.probability([colors])[0]),
            "because": because,
            "colors": [
                {"color": color, "without": change} for color, change in zip(to_hex(colors), changes, strict=True)
            ],
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write this preference into one .safetensors file, whole or not at all."""
        network = self._network()
        arrays = {"weights": network.weights[0], "mean": self.mean_, "scale": self.scale_}
        provenance: dict[str, Any] = {"seed": self._config()["seed"]}
        for side, palettes in (("liked", self.liked_), ("disliked", self.disliked_)):
            colors = np.concatenate([np.zeros((0, 3), dtype=np.float32), *palettes])
            sizes = np.array([len(palette) for palette in palettes], dtype=np.int64)
            arrays[f"{side}.colors"], arrays[f"{side}.sizes"] = colors, sizes
            digest = hashlib.sha256(sizes.astype("<i8").tobytes() + colors.astype("<f4").tobytes())
            provenance[side] = {"count": len(palettes), "sha256": digest.hexdigest()}
        store.save(path, _KIND, arrays, {"config": self._config(), "provenance": provenance})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> PalettePreference:
        """Read a preference that `save` wrote.

        Raises:
            FfcolorError: ``model-file`` if the file is not a whole, unchanged palette preference.
        """
        arrays, header = store.load(path, _KIND)
        try:
            self = cls(**header["config"])
            self._check_config()
            network = Network((), threshold=self.threshold)
            network.weights = [arrays["weights"]]
            shapes = [arrays[name].shape for name in ("weights", "mean", "scale")]
            size = palette_features.SIZE
            if shapes != [(size + 1, self.hidden), (size,), (size,)]:
                raise ValueError(f"arrays of shapes {shapes}")
            self.network_, self.mean_, self.scale_ = network, arrays["mean"], arrays["scale"]
            self.liked_, self.disliked_ = (
                palette_sets.cut(arrays[f"{side}.colors"], arrays[f"{side}.sizes"]) for side in ("liked", "disliked")
            )
        except (KeyError, TypeError, ValueError) as problem:
            message = f"{os.fspath(path)} is not a palette preference of this version of ffcolor ({problem})"
            raise FfcolorError(message, code="model-file", value=os.fspath(path)) from None
        return self

    def _config(self) -> dict[str, Any]:
        return {
            name: int(getattr(self, name)) if kind is Integral else float(getattr(self, name))
            for name, (kind, _, _) in _CONFIG.items()
        }

    def _check_config(self) -> None:
        for name, (kind, low, high) in _CONFIG.items():
            value = getattr(self, name)
            fits = isinstance(value, kind) and not isinstance(value, bool)
            if not fits or not low <= value <= high:
                sort = "a whole number" if kind is Integral else "a number"
                message = f"{name} is {value!r}; it must be {sort} from {low} to {high}"
                raise FfcolorError(message, code="invalid-setting", value=value)

    def _network(self) -> Network:
        if not hasattr(self, "network_"):
            message = "this PalettePreference has not learned anything yet: call fit first"
            raise FfcolorError(message, code="not-fitted")
        return self.network_

    def _encode(self, palettes: Sequence[Floats]) -> Floats:
        return _standardize(palette_features.encode(palettes), self.mean_, self.scale_)


def _warn_of_contradictions(liked: list[Floats], disliked: list[Floats]) -> None:
    other = {palette_sets.key(palette) for palette in disliked}
    both = {palette_sets.key(palette): palette for palette in liked if palette_sets.key(palette) in other}
    if both:
        count = "one palette is" if len(both) == 1 else f"{len(both)} palettes are"
        example = " ".join(to_hex(next(iter(both.values()))))
        message = f"{count} both liked and disliked ({example}): the sides are weighed against each other"
        warnings.warn(message, FfcolorWarning, stacklevel=3)


def _standardize(code: Floats, mean: Floats, scale: Floats) -> Floats:
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
