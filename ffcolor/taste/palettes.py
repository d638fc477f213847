"""Learning a taste in whole palettes: which colours a person likes *together*."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import to_hex
from ffcolor.engine import layer
from ffcolor.engine.network import Network, OnStep
from ffcolor.errors import FfcolorWarning, not_fitted
from ffcolor.settings import Number, Whole
from ffcolor.taste import palette_features, palette_file, palette_sets
from ffcolor.taste.palette_file import Learned
from ffcolor.taste.palette_learning import learn, standardize
from ffcolor.taste.parameters import Parameters

Floats = NDArray[Any]  # float32 throughout


class PalettePreference(Parameters):
    """A taste in whole palettes, learned from liked and disliked ones by one Forward-Forward layer.

    A palette is a set of 2 to 12 colours: their order does not matter, and sizes may be mixed. Palettes are given as a
    sequence, each of them anything `ffcolor.read_colors` takes, such as ``["#69d2e7", "#f38630"]``, or a `Palette`.

    Args:
        hidden: units of the layer.
        threshold: goodness above which a palette is liked rather than not.
        l2: penalty on the squared weights, divided by the number of liked palettes.
        background: what share of the disliked side goes to palettes drawn evenly from the gamut, in [0, 1]. They
            confine the liking to what was shown; with 0, only what sets the liked palettes apart from the disliked
            ones is learned.
        shuffles: how many shuffled palettes are made for each liked one if no disliked ones are given.
        steps: how many learning steps are taken.
        seed: a whole number, from which everything random is drawn.

    Attributes:
        liked_, disliked_: the palettes that it was taught, float32 (n, 3) each, in canonical order.
        network_: the layer.
        settings_: the settings that were used, in plain form.
        mean_, scale_: what its inputs are standardised by, (`palette_features.SIZE`,).

    >>> from ffcolor import PalettePreference
    >>> warm = [["#7f1d1d", "#dc2626", "#fca5a5"], ["#7c2d12", "#f97316", "#fdba74", "#fff7ed"]]
    >>> cold = [["#1e3a8a", "#3b82f6", "#bfdbfe"], ["#134e4a", "#14b8a6", "#99f6e4"]]
    >>> taste = PalettePreference().fit(warm, cold)
    >>> taste.rank([["#0c4a6e", "#38bdf8"], ["#881337", "#fb7185"]]).tolist()
    [1, 0]
    """

    LIMITS = MappingProxyType(
        {
            "hidden": Whole(1, 4096),
            "threshold": Number(0.001, 1000),
            "l2": Number(0, 1000),
            "background": Number(0, 1),
            "shuffles": Whole(1, 1000),
            "steps": Whole(1, 1_000_000),
            "seed": Whole(-(2**63), 2**64 - 1),
        }
    )

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
            return "PalettePreference, which has not learned anything yet"
        other = f"{len(self.disliked_)} disliked" if self.disliked_ else "no disliked"
        return f"PalettePreference learned from {len(self.liked_)} liked and {other} palettes"

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
            This preference. If anything is raised, it stays as it was.

        Raises:
            FfcolorError: ``palette-size``, ``no-palettes``, ``invalid-setting`` or what `read_colors` raises; it names
                the position of the palette and of the colour.
            FfcolorWarning: (a warning) for palettes that are both liked and disliked.
        """
        settings = self._checked()
        likes = palette_sets.sort(palette_sets.read(liked, "liked "))
        dislikes = [] if disliked is None else palette_sets.sort(palette_sets.read(disliked, "disliked "))
        _warn_of_contradictions(likes, dislikes)
        self._keep(Learned(settings, *learn(likes, dislikes, settings, on_step), likes, dislikes))
        return self

    def update(self, liked: Iterable[Any] = (), disliked: Iterable[Any] = ()) -> PalettePreference:
        """Learn from a few more palettes besides those that it was taught before.

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
        """How strongly the layer responds to each palette: the sum of its squared activations, (n,)."""
        goodness: Floats = self._network().goodness(self._encode(palette_sets.read(palettes)))[:, 0]
        return goodness

    def score(self, palettes: Iterable[Any]) -> Floats:
        """Goodness minus threshold, (n,): above 0 is liked."""
        return self._score(self._encode(palette_sets.read(palettes)))

    def probability(self, palettes: Iterable[Any]) -> Floats:
        """Probability that each palette is liked, if as many are liked as not: float32 (n,) in [0, 1]."""
        return np.asarray(layer.sigmoid(self.score(palettes)))

    def rank(self, palettes: Iterable[Any]) -> NDArray[np.int64]:
        """Indices of the palettes from the most to the least liked, int64 (n,); ties stay in the given order."""
        return np.argsort(-self.score(palettes), kind="stable").astype(np.int64)

    def accuracy(self, liked: Iterable[Any], disliked: Iterable[Any]) -> float:
        """Balanced accuracy in [0, 1]: the mean of the shares of liked and of disliked palettes judged right."""
        right = (self.score(liked) > 0).mean(), (self.score(disliked) <= 0).mean()
        return float(sum(right) / 2)

    def explain(self, palette: Any) -> dict[str, Any]:
        """Why a palette is liked or not, as plain data.

        Args:
            palette: one palette.

        Returns:
            ``score`` and ``probability``; ``because``, which divides the goodness among the parts of the encoding
            (exactly: as long as the same units fire, goodness is a quadratic form of the inputs, and so half of inputs
            times gradient); and ``colors``, which says for each colour by how much the score would change without it
            (None in a palette of two): the largest number belongs to the colour that fits in worst.
        """
        (colors,) = palette_sets.read([palette])
        (weights,) = self._network().weights
        x = self._encode([colors])
        part = x[0] * (weights @ layer.forward(x, weights)[0])  # half of x times the gradient of G
        because = {name: float(part[place].sum()) for name, place in palette_features.parts().items()}
        because["constant"] = float(part[-1])
        score = self._score(x)
        changes: list[float | None] = [None] * len(colors)
        if len(colors) > palette_features.SMALLEST:
            without = self._encode([np.delete(colors, place, axis=0) for place in range(len(colors))])
            changes = [float(each) - float(score[0]) for each in self._score(without)]
        return {
            "score": float(score[0]),
            "probability": float(layer.sigmoid(score)[0]),
            "because": because,
            "colors": [
                {"color": color, "without": change} for color, change in zip(to_hex(colors), changes, strict=True)
            ],
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write this preference to one .safetensors file, whole or not at all."""
        self._network()
        known = self.settings_, self.network_, self.mean_, self.scale_, self.liked_, self.disliked_
        palette_file.save(path, Learned(*known))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> PalettePreference:
        """Read a preference that `save` wrote.

        Raises:
            FfcolorError: ``model-file`` if the file is not a whole, unchanged palette preference.
        """
        learned = palette_file.load(path, cls.LIMITS)
        taste = cls(**learned.settings)
        taste._keep(learned)
        return taste

    def _keep(self, learned: Learned) -> None:
        """Take on what was learned, all of it at once."""
        self.settings_, self.network_, self.mean_, self.scale_, self.liked_, self.disliked_ = learned

    def _network(self) -> Network:
        if not hasattr(self, "network_"):
            raise not_fitted(self)
        return self.network_

    def _encode(self, palettes: Sequence[Floats]) -> Floats:
        self._network()
        return standardize(palette_features.encode(palettes), self.mean_, self.scale_)

    def _score(self, x: Floats) -> Floats:
        score: Floats = self.network_.goodness(x)[:, 0] - np.float32(self.network_.threshold)
        return score


def _warn_of_contradictions(liked: list[Floats], disliked: list[Floats]) -> None:
    other = {palette_sets.key(palette) for palette in disliked}
    both = {palette_sets.key(palette): palette for palette in liked if palette_sets.key(palette) in other}
    if both:
        count = "one palette is" if len(both) == 1 else f"{len(both)} palettes are"
        example = " ".join(to_hex(next(iter(both.values()))))
        message = f"{count} both liked and disliked ({example}): the sides are weighed against each other"
        warnings.warn(message, FfcolorWarning, stacklevel=3)
