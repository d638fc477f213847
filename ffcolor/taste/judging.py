"""What a learned taste in colour can be asked: scores, ranks, explanations, a lookup table and palettes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_color, read_colors, to_hex
from ffcolor.engine.network import Network, to_numpy
from ffcolor.errors import not_fitted
from ffcolor.taste import explain, features, judgement
from ffcolor.taste.judgement import Judgement
from ffcolor.taste.parameters import Parameters
from ffcolor.taste.picks import Picks

if TYPE_CHECKING:
    from ffcolor.palette import Palette
    from ffcolor.taste.lookup import Lookup

Floats = NDArray[np.float32]

_CHUNK = 1376  # colours scored at a time: their encoding stays in the cache; 16 blocks of `layer.product`


class ColorJudge(Parameters):
    """The judging half of `ColorPreference`, which learns the attributes below."""

    liked_: Picks
    disliked_: Picks
    drawn_: bool
    network_: Network
    _lookup: Lookup | None

    def judge(self, colors: Any) -> Judgement:
        """Goodness, score and probability of colours in one pass; see `Judgement`. They are read and encoded once."""
        rgb = read_colors(colors)
        return Judgement(rgb, self._goodness(rgb), self.network_.threshold)

    def goodness(self, colors: Any) -> Floats:
        """Goodness of colours, summed over the layers: float32 (n,), at least 0."""
        goodness: Floats = self._goodness(read_colors(colors)).sum(axis=1)
        return goodness

    def score(self, colors: Any) -> Floats:
        """Score of colours: goodness minus threshold, summed over the layers; float32 (n,), liked above 0."""
        return self.judge(colors).score

    def probability(self, colors: Any, *, exact: bool = True, threads: int = 1) -> Floats:
        """Probability that each colour is liked, in [0, 1]: the logistic function of the score's mean over the layers.

        Args:
            colors: anything `read_colors` takes, n colours.
            exact: if False, probabilities are looked up in a table over the gamut that is made on first use: about
                thirty times faster for an image.
            threads: how many threads share the lookup.

        Returns:
            float32 (n,).
        """
        if exact:
            return self._probability(read_colors(colors))
        whole = isinstance(colors, np.ndarray) and colors.dtype == np.uint8 and colors.shape[-1:] == (3,)
        return self.lookup()(colors.reshape(-1, 3) if whole and colors.size else read_colors(colors), threads)

    def rank(self, colors: Any) -> NDArray[np.int64]:
        """Indices of colours from the most to the least liked, int64 (n,); ties stay in the given order."""
        return np.argsort(-self.score(colors), kind="stable").astype(np.int64)

    def accuracy(self, liked: Any, disliked: Any) -> float:
        """Balanced accuracy in [0, 1]: the mean of the shares of liked and of disliked colours judged right."""
        return float(((self.score(liked) >= 0).mean() + (self.score(disliked) < 0).mean()) / 2)

    def explain(self, color: Any) -> dict[str, Any]:
        """Why one colour is liked or not, as plain data.

        Returns:
            ``color``, ``liked``, ``probability``, ``score``, ``goodness`` (of each layer); ``nearest_liked`` and
            ``nearest_disliked``, see `ffcolor.taste.explain.nearest` (None where none were given); ``changes``, see
            `ffcolor.taste.explain.changes`.
        """
        rgb = read_color(color)
        found = self.judge(rgb[None])
        score, probability = float(found.score[0]), float(found.probability[0])
        return {
            "color": to_hex(rgb[None])[0],
            "liked": score >= 0,
            "probability": probability,
            "score": score,
            "goodness": found.layers[0].tolist(),
            "nearest_liked": explain.nearest(rgb, self.liked_.colors),
            "nearest_disliked": None if self.drawn_ else explain.nearest(rgb, self.disliked_.colors),
            "changes": explain.changes(rgb, probability, self._probability),
        }

    def lookup(self) -> Lookup:
        """The lookup table of probabilities over the whole gamut, made on first use."""
        from ffcolor.taste.lookup import Lookup, grid

        self._check_fitted()
        if self._lookup is None:
            self._lookup = Lookup(self._probability(grid()))
        return self._lookup

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
        """A palette of n colours that are liked and differ from each other as much as possible.

        Args:
            n: how many colours, 1 to 256, locked ones included.
            locked: colours that must be in it, exactly as given.
            power: from daring (0) to safe (50): the search maximises (probability * nearness to the liked
                colours)^power times the distance to the other colours.
            background: a colour that every colour must stand out from, or None.
            contrast: the smallest WCAG 2.1 contrast ratio with the background.
            vision: viewers who must be able to tell the colours apart, too: ``"deutan"``, ``"protan"``, ``"tritan"``.
            min_delta_e: the smallest CIEDE2000 difference between two colours.
            order: ``"lightness"``, ``"hue"`` or ``"chosen"``.

        Returns:
            The palette.

        Raises:
            FfcolorError: ``palette-infeasible`` if there is no such palette; it says which wish cannot be met, and by
                how much.
        """
        from ffcolor.palette.generate import diverse_palette
        from ffcolor.taste.candidates import gather

        candidates, weight = gather(n, self.lookup(), self._probability, self.liked_)
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

    def _goodness(self, rgb: Floats) -> Floats:
        self._check_fitted()
        network = self.network_

        def goodness(part: Floats) -> Floats:
            return to_numpy(network.goodness(network.array(features.encode(part))))

        parts = [goodness(rgb[start : start + _CHUNK]) for start in range(0, len(rgb), _CHUNK)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _probability(self, rgb: Floats) -> Floats:
        return judgement.probability(self._goodness(rgb), self.network_.threshold)

    def _check_fitted(self) -> None:
        if not hasattr(self, "network_"):
            raise not_fitted(self)
