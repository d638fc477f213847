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

from ffcolor import palette_features, store, streams
from ffcolor.color import read_colors, to_hex
from ffcolor.engine import layer
from ffcolor.engine.network import Batch, Network, OnStep
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.palette_features import LARGEST, SMALLEST

Floats = NDArray[Any]  # float32 throughout

_KIND = "palette-preference"
_LEARNING_RATE, _BATCH = 0.02, 512
_BACKGROUND_COUNT = 1024
_OPTIONS: dict[str, tuple[type, float, float]] = {  # what each can be
    "hidden": (Integral, 1, 4096),
    "threshold": (Real, 0.001, 1000),
    "penalty": (Real, 0, 1000),
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
        penalty: weight of the penalty on squared weights, divided by the number of liked palettes.
        background: what share of the disliked side goes to palettes drawn evenly from the gamut, in [0, 1]. They keep
            the liking to what was shown; 0 asks only for what sets the liked palettes apart from the disliked ones.
        shuffles: how many shuffled palettes are made for each liked one when no disliked ones are given.
        steps: learning steps.
        seed: stream of everything random.

    Attributes:
        positive_, negative_: the palettes it was taught, as float32 (n, 3) each, in canonical order.
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
        penalty: float = 0.8,
        background: float = 0.1,
        shuffles: int = 12,
        steps: int = 400,
        seed: int = streams.SEED,
    ):
        self.hidden = hidden
        self.threshold = threshold
        self.penalty = penalty
        self.background = background
        self.shuffles = shuffles
        self.steps = steps
        self.seed = seed

    def __repr__(self) -> str:
        if not hasattr(self, "network_"):
            return "PalettePreference: not taught yet"
        other = f"{len(self.negative_)} disliked" if self.negative_ else "no disliked"
        return f"PalettePreference taught by {len(self.positive_)} liked and {other} palettes"

    def fit(
        self, positive: Iterable[Any], negative: Iterable[Any] | None = None, *, on_step: OnStep | None = None
    ) -> PalettePreference:
        """Learn from liked and, if there are any, disliked palettes.

        Without disliked ones, the liked palettes' own colours are shuffled across palettes (sizes kept), so that what
        is learned is which colours go together; a single palette is told apart from the whole gamut instead. The order
        of the palettes and of their colours makes no difference to a single byte of the result.

        Args:
            positive: liked palettes, each of 2 to 12 colours; a palette that is given twice counts twice.
            negative: disliked palettes, or None.
            on_step: called as ``on_step(step, steps, loss)`` after each learning step.

        Returns:
            This preference. If anything is raised, it is as it was before.

        Raises:
            FfcolorError: naming the palette's and the colour's position: ``palette-size``, ``no-palettes``,
                ``invalid-option`` or what `read_colors` raises.

        Warns:
            FfcolorWarning: the same palette is both liked and disliked.
        """
        self._check_options()
        liked = sorted(_read(positive, "liked "), key=_key)
        disliked = [] if negative is None else sorted(_read(negative, "disliked "), key=_key)
        both = {_key(palette) for palette in liked} & {_key(palette) for palette in disliked}
        if both:
            example = next(to_hex(palette) for palette in liked if _key(palette) in both)
            message = f"{len(both)} palettes are both liked and disliked, such as {' '.join(example)}; both votes count"
            warnings.warn(message, FfcolorWarning, stacklevel=2)

        against = disliked or self._shuffle(liked)
        count = _BACKGROUND_COUNT if self.background or not against else 0
        background = self._draw([len(palette) for palette in liked], count)
        share = self.background if against else 1.0

        code = palette_features.encode([*liked, *against, *background])
        mean, deviation = code.mean(axis=0, dtype=np.float64), code.std(axis=0, dtype=np.float64)
        scale = np.where(deviation > 1e-4, 1.5 / palette_features.SIZE**0.5 / np.maximum(deviation, 1e-4), 0)
        mean, scale = mean.astype(np.float32), scale.astype(np.float32)
        x = _standardize(code, mean, scale)
        sign = np.ones(len(x), dtype=np.float32)
        sign[: len(liked)] = -1
        weight = [(len(liked), 1.0), (len(against), 1 - share), (len(background), share if count else 0.0)]
        each = np.concatenate([np.full(size, total / max(size, 1), dtype=np.float32) for size, total in weight])
        each[len(liked) :] /= each[len(liked) :].sum()

        seed = streams.split(self.seed, _WEIGHTS)
        network = Network((x.shape[1], self.hidden), threshold=self.threshold, seed=seed)
        batches = _batches(x, sign, each, streams.split(self.seed, _BATCHES))
        l2 = self.penalty / len(liked)
        network.learn(batches, steps=self.steps, learning_rate=_LEARNING_RATE, l2=l2, cool_down=True, on_step=on_step)
        network.balance(x, sign, each)
        self.positive_, self.negative_ = liked, disliked
        self.network_, self.mean_, self.scale_ = network, mean, scale
        return self

    def update(self, positive: Iterable[Any] = (), negative: Iterable[Any] = ()) -> PalettePreference:
        """Learn from a few more palettes besides those it was taught before.

        The result is that of one `fit` to all of them: learning anew takes less than a second, and forgets nothing.

        Args:
            positive: more liked palettes; may be empty.
            negative: more disliked palettes; may be empty.

        Raises:
            FfcolorError: ``not-fitted`` before the first `fit`, else as `fit`.
        """
        self._network()
        more, less = (_read(new, what, empty=True) for new, what in ((positive, "liked "), (negative, "disliked ")))
        return self.fit([*self.positive_, *more], [*self.negative_, *less] or None)

    def goodness(self, palettes: Iterable[Any]) -> Floats:
        """How strongly the layer answers to each palette: the sum of its squared activations, (n,)."""
        goodness: Floats = self._network().goodness(self._encode(_read(palettes)))[:, 0]
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

    def accuracy(self, positive: Iterable[Any], negative: Iterable[Any]) -> float:
        """Balanced accuracy: the mean of the shares of liked and of disliked palettes that are told rightly."""
        right = (self.score(positive) > 0).mean(), (self.score(negative) <= 0).mean()
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
        (colors,) = _read([palette])
        network = self._network()
        x = self._encode([colors])
        (weights,) = network.weights
        part = x[0] * (weights @ layer.forward(x, weights)[0])  # half of x times the gradient of G
        because = {name: float(part[place].sum()) for name, place in palette_features.parts().items()}
        because["constant"] = float(part[-1])
        score = float(self.score([colors])[0])
        changes: list[float | None] = [None] * len(colors)
        if len(colors) > SMALLEST:
            changes = [float(s) - score for s in self.score([np.delete(colors, i, axis=0) for i in range(len(colors))])]
        return {
            "score": score,
            "probability": float(layer.sigmoid(np.float64(score))),
            "because": because,
            "colors": [
                {"color": color, "without": change} for color, change in zip(to_hex(colors), changes, strict=True)
            ],
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write this preference into one .safetensors file, whole or not at all."""
        network = self._network()
        arrays = {"weights": network.weights[0], "mean": self.mean_, "scale": self.scale_}
        sides = {"positive": self.positive_, "negative": self.negative_}
        header: dict[str, Any] = {"options": self._options(), "counts": {}, "inputs": {}}
        for side, palettes in sides.items():
            arrays[side] = np.concatenate([np.zeros((0, 3), dtype=np.float32), *palettes])
            arrays[f"{side}_sizes"] = np.array([len(palette) for palette in palettes], dtype=np.int64)
            header["counts"][side] = len(palettes)
            header["inputs"][side] = hashlib.sha256(b"|".join(palette.tobytes() for palette in palettes)).hexdigest()
        store.save(path, _KIND, arrays, header)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> PalettePreference:
        """Read a preference that `save` wrote.

        Raises:
            FfcolorError: ``model-file`` if the file is not a whole, unchanged palette preference.
        """
        arrays, header = store.load(path, _KIND)
        try:
            self = cls(**header["options"])
            self._check_options()
            network = Network((), threshold=self.threshold)
            network.weights = [arrays["weights"]]
            shapes = [arrays[name].shape for name in ("weights", "mean", "scale")]
            size = palette_features.SIZE
            if shapes != [(size + 1, self.hidden), (size,), (size,)]:
                raise ValueError(f"arrays of shapes {shapes}")
            self.network_, self.mean_, self.scale_ = network, arrays["mean"], arrays["scale"]
            self.positive_, self.negative_ = (
                np.split(arrays[side], np.cumsum(arrays[f"{side}_sizes"])[:-1]) if len(arrays[side]) else []
                for side in ("positive", "negative")
            )
        except (KeyError, TypeError, ValueError) as problem:
            message = f"{os.fspath(path)} is not a palette preference of this version of ffcolor ({problem})"
            raise FfcolorError(message, code="model-file", value=os.fspath(path)) from None
        return self

    def _options(self) -> dict[str, Any]:
        return {
            name: int(getattr(self, name)) if kind is Integral else float(getattr(self, name))
            for name, (kind, _, _) in _OPTIONS.items()
        }

    def _check_options(self) -> None:
        for name, (kind, low, high) in _OPTIONS.items():
            value = getattr(self, name)
            fits = isinstance(value, kind) and not isinstance(value, bool)
            if not fits or not low <= value <= high:
                sort = "a whole number" if kind is Integral else "a number"
                message = f"{name} is {value!r}; it must be {sort} from {low} to {high}"
                raise FfcolorError(message, code="invalid-option", value=value)

    def _network(self) -> Network:
        if not hasattr(self, "network_"):
            message = "this PalettePreference was not taught yet; call .fit(positive) with palettes you like"
            raise FfcolorError(message, code="not-fitted")
        return self.network_

    def _encode(self, palettes: Sequence[Floats]) -> Floats:
        return _standardize(palette_features.encode(palettes), self.mean_, self.scale_)

    def _shuffle(self, palettes: list[Floats]) -> list[Floats]:
        """Palettes of the same sizes from the same colours, but mixed up; none of them is one of the given ones."""
        known = {_key(palette) for palette in palettes}
        pool = np.concatenate(palettes)
        ends = np.cumsum([len(palette) for palette in palettes])[:-1]
        stream = streams.split(self.seed, _SHUFFLES)
        made: list[Floats] = []
        for turn in range(self.shuffles):
            order = np.argsort(streams.uniform(streams.split(stream, turn), len(pool)), kind="stable")
            made += [mixed for mixed in np.split(pool[order], ends) if _key(mixed) not in known]
        return made

    def _draw(self, sizes: list[int], count: int) -> list[Floats]:
        """Palettes of uniformly drawn colours, of the given sizes in turn."""
        wanted = np.resize(sizes, count)
        colors = streams.uniform(streams.split(self.seed, _BACKGROUND), (int(wanted.sum()), 3)).astype(np.float32)
        return np.split(colors, np.cumsum(wanted)[:-1]) if count else []


def _read(palettes: Iterable[Any], what: str = "", empty: bool = False) -> list[Floats]:
    """Read palettes; each becomes float32 (n, 3) with its colours in one canonical order."""
    hint = "wanted is a sequence of palettes, each of 2 to 12 colours; write [palette] for a single one"
    if isinstance(palettes, (str, bytes, dict)) or hasattr(palettes, "colors") or not isinstance(palettes, Iterable):
        raise FfcolorError(f"{type(palettes).__name__} is no sequence of palettes; {hint}", code="no-palettes")
    found = [_read_one(palette, place, what, hint) for place, palette in enumerate(palettes)]
    if not found and not empty:
        raise FfcolorError(f"there are no {what}palettes; {hint}", code="no-palettes")
    return found


def _read_one(palette: Any, place: int, what: str, hint: str) -> Floats:
    try:
        colors = read_colors(palette)
    except FfcolorError as error:
        message = f"{what}palette {place}: {error}"
        raise FfcolorError(message, code=error.code, value=error.value, position=place) from None
    if not SMALLEST <= len(colors) <= LARGEST:
        count = "1 color" if len(colors) == 1 else f"{len(colors)} colors"
        message = f"{what}palette {place} has {count}; {hint}"
        raise FfcolorError(message, code="palette-size", value=len(colors), position=place)
    return colors[np.lexsort(colors.T)]


def _key(palette: Floats) -> tuple[int, bytes]:
    """The same for the same set of colours, whatever their order."""
    return len(palette), b"".join(sorted(color.tobytes() for color in palette))


def _standardize(code: Floats, mean: Floats, scale: Floats) -> Floats:
    """Standardised inputs of the layer, cut off at 4 deviations, and a constant: (n, SIZE) to (n, SIZE + 1)."""
    limit = np.float32(4 * 1.5 / code.shape[1] ** 0.5)
    x = np.ones((len(code), code.shape[1] + 1), dtype=np.float32)
    np.clip((code - mean) * scale, -limit, limit, out=x[:, :-1])
    return x


def _batches(x: Floats, sign: Floats, weight: Floats, seed: int) -> Iterator[Batch]:
    """Endless batches in which every row has its turn, in a new order each time around."""
    if len(x) <= _BATCH:
        while True:
            yield x, sign, weight
    turn, raised = 0, weight * np.float32(len(x) / _BATCH)
    while True:
        order = np.argsort(streams.uniform(streams.split(seed, turn), len(x)), kind="stable")
        for start in range(0, len(x) - _BATCH + 1, _BATCH):
            rows = order[start : start + _BATCH]
            yield x[rows], sign[rows], raised[rows]
        turn += 1
