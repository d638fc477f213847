"""ColorPreference: learn which colours somebody likes from a few examples, then score, explain and generate."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor import features, space, store, streams
from ffcolor.color import read_color, read_colors, to_hex
from ffcolor.engine import layer, negatives
from ffcolor.engine.network import Batch, Network, OnStep
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.noise import fitting_penalty

if TYPE_CHECKING:
    from ffcolor.palette import Palette
    from ffcolor.table import Table

Floats = NDArray[np.float32]

_KIND = "color-preference"
_FULL_BATCH = 4096  # colours; more are learned from in minibatches
_MINIBATCH, _MINIBATCH_STEPS = 512, 200
_BACKGROUND = 64  # colours spread over the gamut that every preference leans against a little
_UNLABELED = 256  # negatives drawn where none are given, at least
_REPLAY = 2048  # colours of each side that an update looks back on, at most
_SCORE_CHUNK = 2048


class ColorPreference:
    """A taste in colour, learned by Forward-Forward layers from liked and disliked colours.

    Args:
        hidden: units of each layer; one layer of 8 is enough for colours.
        threshold: goodness between good and not good; probability is 1/2 there.
        l2: penalty on the weights, divided by the number of liked colours; ``"auto"`` fits it to how consistent the given
            colours are (leave-one-out error of a ridge regression on the same features).
        background: share in [0, 1) of the negative side that is spread over the whole gamut, so that colours far from
            all examples count as not liked.
        steps: local steps of each layer.
        learning_rate: of each layer's Adam.
        seed: stream of the first weights and of drawn negatives: an integer.
        device: ``"cpu"``, or a torch device such as ``"cuda"``.

    Attributes:
        positive_, negative_: the colours learned from, float32 (k, 3), in canonical order. `negative_` holds those drawn
            where none were given.
        network_: the learned layers.
        l2_: the penalty that was used.
        history_: the loss before each step, if `fit` was given an `on_step`.

    Example:
        >>> taste = ColorPreference().fit(["#ffd1dc", "#c1e1c1", "#aec6cf"], ["#8b0000", "#003300", "black"])
        >>> [bool(p > 0.5) for p in taste.probability(["#fdfd96", "#220011"])]
        [True, False]

    Source: Hinton, "The Forward-Forward Algorithm" (2022); features: see `ffcolor.features`.
    """

    def __init__(
        self,
        *,
        hidden: int | Sequence[int] = 8,
        threshold: float = 6.0,
        l2: float | str = "auto",
        background: float = 0.1,
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
        positive: Any,
        negative: Any = None,
        *,
        positive_weight: ArrayLike | None = None,
        negative_weight: ArrayLike | None = None,
        on_step: OnStep | None = None,
    ) -> ColorPreference:
        """Learn from colours, forgetting what was learned before.

        Args:
            positive: liked colours, anything `read_colors` takes.
            negative: disliked colours; None draws some from a stream, away from the liked ones.
            positive_weight: how much each liked colour counts, (k,), not negative; all the same if None.
            negative_weight: the same for the disliked ones.
            on_step: called as ``on_step(step, steps, loss)``; whatever it raises stops the learning and leaves this
                preference as it was.

        Returns:
            This preference.

        Raises:
            FfcolorError: colours that cannot be read, weights or settings that make no sense.
            FfcolorWarning: (a warning) colours given as both liked and disliked.
        """
        config = self._checked_config()
        liked, liked_weight = _side(positive, positive_weight, "positive")
        if negative is None and negative_weight is not None:
            raise _setting("negative_weight", negative_weight, "None where no negative colours are given")
        if negative is None:
            count = min(max(_UNLABELED, len(liked)), _FULL_BATCH)
            disliked = _canonical(negatives.draw(count, liked, streams.split(self.seed, -1)))[0]
            if not len(disliked):
                raise FfcolorError(
                    "the liked colours leave no room for colours away from them; give some disliked ones",
                    code="no-colors",
                )
            disliked_weight = np.full(len(disliked), 1 / len(disliked), dtype=np.float32)
        else:
            disliked, disliked_weight = _side(negative, negative_weight, "negative")
            _warn_of_contradictions(liked, disliked)
        network = Network(
            (features.SIZE, *config["hidden"]), threshold=self.threshold, seed=self.seed, device=self.device
        )
        l2 = fitting_penalty(liked, disliked) if self.l2 == "auto" else float(self.l2)
        history = _learn(
            network, liked, liked_weight, disliked, disliked_weight, config, l2, self.steps, self.learning_rate, on_step
        )
        self.positive_, self.positive_weight_ = liked, liked_weight
        self.negative_, self.negative_weight_ = disliked, disliked_weight
        self.drawn_ = negative is None
        self.network_, self.l2_, self.history_, self.updates_ = network, l2, history, 0
        self._table: Table | None = None
        return self

    def update(
        self,
        positive: Any = None,
        negative: Any = None,
        *,
        steps: int = 20,
        on_step: OnStep | None = None,
    ) -> ColorPreference:
        """Learn a few more picks on top of what is known, from the present weights: a fraction of a `fit`'s work.

        Args:
            positive: more liked colours, or None.
            negative: more disliked colours, or None.
            steps: local steps to take.
            on_step: as in `fit`.

        Returns:
            This preference. If anything is raised, it is as it was.
        """
        self._check_fitted()
        config = self._checked_config()
        _whole("steps", steps)
        if positive is None and negative is None:
            raise FfcolorError("update needs liked or disliked colours, or both; neither was given", code="no-colors")
        sides = []
        for new, old, old_weight, name in (
            (positive, self.positive_, self.positive_weight_, "positive"),
            (negative, self.negative_, self.negative_weight_, "negative"),
        ):
            if new is None:
                sides.append((old, old_weight))
                continue
            if name == "negative" and self.drawn_:  # picks of one's own say more than drawn ones
                old_weight = old_weight * np.float32(0.5)
            colors, _ = _side(new, None, name)
            fresh = np.full(len(colors), old_weight.mean(), dtype=np.float32)
            colors, weight = _canonical(np.concatenate([old, colors]), np.concatenate([old_weight, fresh]))
            sides.append((colors, weight / weight.sum()))
        (liked, liked_weight), (disliked, disliked_weight) = sides
        _warn_of_contradictions(liked, disliked)
        network = self.network_.copy()
        thin = (_thinned(liked, liked_weight), _thinned(disliked, disliked_weight))
        history = _learn(network, *thin[0], *thin[1], config, self.l2_, steps, self.learning_rate / 2, on_step)
        self.positive_, self.positive_weight_ = liked, liked_weight
        self.negative_, self.negative_weight_ = disliked, disliked_weight
        self.network_, self.history_, self._table = network, history, None
        self.updates_ += 1
        return self

    # judging ----------------------------------------------------------------------------------------------------------

    def goodness(self, colors: Any) -> Floats:
        """Goodness of colours, summed over the layers: float32 (n,), at least 0."""
        return self._goodness(read_colors(colors)).sum(axis=1)

    def score(self, colors: Any) -> Floats:
        """Score of colours, the sum over the layers of goodness less threshold: float32 (n,); liked above 0."""
        return self._score(read_colors(colors))

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

    def accuracy(self, positive: Any, negative: Any) -> float:
        """Balanced accuracy in [0, 1]: the mean share of liked and of disliked colours that are judged right at p = 1/2."""
        return float(((self.score(positive) >= 0).mean() + (self.score(negative) < 0).mean()) / 2)

    def explain(self, color: Any) -> dict[str, Any]:
        """Why one colour is liked or not, as plain data.

        Returns:
            color, liked (bool), probability, score, goodness (per layer); `nearest_liked` and `nearest_disliked` (known
            colour and its CIEDE2000 distance; None if there is none); `changes`: what small steps in OKLCh would do to the
            probability, the most helpful one first, as ``{"step", "color", "probability", "gain"}``.
        """
        rgb = read_color(color)[None]
        goodness = self._goodness(rgb)[0]
        probability = float(self._probability(rgb)[0])
        names, steps = _small_steps(rgb[0])
        there = self._probability(steps)
        changes = [
            {"step": name, "color": hex_, "probability": float(p), "gain": float(p) - probability}
            for name, hex_, p in zip(names, to_hex(steps), there, strict=True)
        ]
        return {
            "color": to_hex(rgb)[0],
            "liked": bool(self._score(rgb)[0] >= 0),
            "probability": probability,
            "score": float(self._score(rgb)[0]),
            "goodness": [float(g) for g in goodness],
            "nearest_liked": _nearest(rgb, self.positive_),
            "nearest_disliked": None if self.drawn_ else _nearest(rgb, self.negative_),
            "changes": sorted(changes, key=lambda change: -change["gain"]),
        }

    def table(self) -> Table:
        """The lookup table of probabilities over the whole gamut, made on first use."""
        from ffcolor import table

        self._check_fitted()
        if self._table is None:
            goodness = _goodness(self.network_, table.grid_code())
            self._table = table.Table(layer.sigmoid(goodness.mean(axis=1) - np.float32(self.threshold)))
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
            power: from safe to daring: the search maximises probability^power times the distance to the others.
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
        from ffcolor import table
        from ffcolor.generate import diverse_palette

        probability = self.table().values.numpy()
        liked = probability >= 0.5
        if not liked.any():
            liked = probability >= probability.max()
        nodes = np.round(table.grid()[liked] * 255).astype(np.float32) / np.float32(255)
        return diverse_palette(
            n,
            nodes,
            probability[liked],
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
        arrays = {
            "positive": self.positive_,
            "positive_weight": self.positive_weight_,
            "negative": self.negative_,
            "negative_weight": self.negative_weight_,
        }
        for depth, weights in enumerate(self.network_.weights):
            arrays[f"layer.{depth}"] = weights if isinstance(weights, np.ndarray) else weights.cpu().numpy()
        header = {
            "config": {**self._checked_config(), "l2": self.l2},
            "l2": self.l2_,
            "drawn_negatives": self.drawn_,
            "provenance": {
                "seed": self.seed,
                "positive": {"count": len(self.positive_), "sha256": _sha256(self.positive_)},
                "negative": {"count": len(self.negative_), "sha256": _sha256(self.negative_)},
                "updates": self.updates_,
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
            taste = cls(**{**header["config"], "hidden": tuple(header["config"]["hidden"]), "device": device})
            network = Network((), threshold=taste.threshold, device=device)
            sizes = (features.SIZE, *taste._checked_config()["hidden"])
            for depth, shape in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
                if arrays[f"layer.{depth}"].shape != shape:
                    raise KeyError(f"layer.{depth} is not of shape {shape}")
                network.weights.append(network.array(arrays[f"layer.{depth}"]))
            taste.positive_, taste.positive_weight_ = arrays["positive"], arrays["positive_weight"]
            taste.negative_, taste.negative_weight_ = arrays["negative"], arrays["negative_weight"]
            taste.network_, taste.l2_ = network, float(header["l2"])
            taste.drawn_ = bool(header["drawn_negatives"])
            taste.updates_ = int(header["provenance"]["updates"])
        except (KeyError, TypeError, ValueError) as problem:
            path = os.fspath(path)
            raise FfcolorError(
                f"{path} does not describe a colour preference: {problem}", code="model-file", value=path
            ) from None
        taste.history_, taste._table = [], None
        return taste

    def __repr__(self) -> str:
        if not hasattr(self, "network_"):
            return "ColorPreference, not fitted yet"
        kind = "drawn" if self.drawn_ else "disliked"
        return f"ColorPreference learned from {len(self.positive_)} liked and {len(self.negative_)} {kind} colours"

    # inside -----------------------------------------------------------------------------------------------------------

    def _goodness(self, rgb: Floats) -> Floats:
        self._check_fitted()
        return _by_chunks(lambda part: _goodness(self.network_, features.encode(part)), rgb)

    def _score(self, rgb: Floats) -> Floats:
        goodness = self._goodness(rgb)
        return goodness.sum(axis=1) - np.float32(self.threshold * goodness.shape[1])

    def _probability(self, rgb: Floats) -> Floats:
        return layer.sigmoid(self._goodness(rgb).mean(axis=1) - np.float32(self.threshold)).astype(np.float32)

    def _check_fitted(self) -> None:
        if not hasattr(self, "network_"):
            raise FfcolorError("this ColorPreference has not learned anything yet: call fit first", code="not-fitted")

    def _checked_config(self) -> dict[str, Any]:
        hidden = (self.hidden,) if isinstance(self.hidden, int) else tuple(self.hidden)
        if not hidden or any(isinstance(size, bool) or not isinstance(size, int) or size < 1 for size in hidden):
            raise _setting("hidden", self.hidden, "a whole number of units, or one for each layer, each at least 1")
        _whole("steps", self.steps)
        for name, least, below in (("threshold", 0, np.inf), ("learning_rate", 0, np.inf), ("background", -1e-9, 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not least < value < below:
                wanted = "a share from 0 up to 1" if name == "background" else "a number above 0"
                raise _setting(name, value, wanted)
        if self.l2 != "auto" and (not isinstance(self.l2, (int, float)) or not 0 <= self.l2 < np.inf):
            raise _setting("l2", self.l2, "'auto' or a number, 0 or more")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise _setting("seed", self.seed, "an integer")
        return {
            "hidden": hidden,
            "threshold": self.threshold,
            "background": self.background,
            "steps": self.steps,
            "learning_rate": self.learning_rate,
            "seed": self.seed,
        }


def _learn(
    network: Network,
    liked: Floats,
    liked_weight: Floats,
    disliked: Floats,
    disliked_weight: Floats,
    config: dict[str, Any],
    l2: float,
    steps: int,
    learning_rate: float,
    on_step: OnStep | None,
) -> list[float]:
    """Teach a network two sides of colours, in one batch or, if there are very many, in minibatches."""
    share = config["background"]
    spread = negatives.spread(_BACKGROUND)
    tail = [np.full(len(spread), share / len(spread), dtype=np.float32)] if share else []
    penalty = l2 / len(liked)

    def batch(liked: Floats, liked_weight: Floats, disliked: Floats, disliked_weight: Floats) -> Batch:
        colors = np.concatenate([liked, disliked, spread] if share else [liked, disliked])
        sign = np.ones(len(colors), dtype=np.float32)
        sign[: len(liked)] = -1
        weight = np.concatenate([liked_weight, disliked_weight * np.float32(1 - share), *tail])
        return network.array(features.encode(colors)), network.array(sign), network.array(weight)

    if len(liked) + len(disliked) <= _FULL_BATCH:
        whole = batch(liked, liked_weight, disliked, disliked_weight)
        batches: Iterator[Batch] = iter(lambda: whole, None)
        rows = len(liked) + len(disliked)
        cool_down = False
    else:
        draws = streams.uniform(streams.split(config["seed"], -2), (_MINIBATCH_STEPS, 2, _MINIBATCH // 2))
        sides = (
            (liked, np.cumsum(liked_weight, dtype=np.float64)),
            (disliked, np.cumsum(disliked_weight, dtype=np.float64)),
        )
        even = np.full(_MINIBATCH // 2, 2 / _MINIBATCH, dtype=np.float32)

        def drawn(draw: NDArray[np.float64]) -> Batch:
            picks = [
                colors[np.minimum(np.searchsorted(total, u * total[-1], side="right"), len(colors) - 1)]
                for (colors, total), u in zip(sides, draw, strict=True)
            ]
            return batch(picks[0], even, picks[1], even)

        batches = (drawn(draw) for draw in draws)
        steps, cool_down = _MINIBATCH_STEPS, True
        rows = _MINIBATCH
        whole = drawn(draws[0])
    history = network.learn(
        batches, steps=steps, learning_rate=learning_rate, l2=penalty, cool_down=cool_down, on_step=on_step
    )
    network.balance(*(part[:rows] for part in whole))
    if not float(_goodness(network, whole[0][: len(liked)]).max()) > 0:
        raise FfcolorError(
            "learning died: no unit fires on any liked colour; use a smaller learning_rate or l2", code="dead-units"
        )
    return history


def _goodness(network: Network, code: Any) -> Floats:
    goodness = network.goodness(network.array(code) if isinstance(code, np.ndarray) else code)
    return goodness if isinstance(goodness, np.ndarray) else goodness.cpu().numpy()


def _by_chunks(function: Callable[[Floats], Floats], rgb: Floats) -> Floats:
    parts = [function(rgb[start : start + _SCORE_CHUNK]) for start in range(0, len(rgb), _SCORE_CHUNK)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _side(source: Any, weight: ArrayLike | None, name: str) -> tuple[Floats, Floats]:
    """Read one side's colours and weights, in canonical order, weights summing to 1."""
    colors = read_colors(source)
    if weight is None:
        colors, _ = _canonical(colors)
        return colors, np.full(len(colors), 1 / len(colors), dtype=np.float32)
    weights = np.asarray(weight, dtype=np.float64)
    if weights.shape != (len(colors),):
        raise _setting(
            f"{name}_weight", f"of shape {weights.shape}", f"one weight for each of the {len(colors)} colours"
        )
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        at = int(bad.argmax())
        raise _setting(f"{name}_weight[{at}]", weights[at], "finite and not negative", position=at)
    if weights.sum() <= 0:
        raise _setting(f"{name}_weight", "all zero", "above zero for at least one colour")
    colors, weights = _canonical(colors, weights / weights.sum())
    return colors, weights.astype(np.float32)


def _canonical(colors: Floats, weight: Any = None) -> tuple[Floats, Any]:
    """Sort colours (and their weights), so that the order in which they were given leaves no trace.

    Channels are rounded to 20 bits, a two-thousandth of a step of 8-bit colour: three of them fit into one sortable word.
    """
    words = np.round(colors * np.float32(1 << 20)).astype(np.uint64)
    keys = words[:, 0] << np.uint64(42) | words[:, 1] << np.uint64(21) | words[:, 2]
    if weight is None:
        keys.sort()
    else:
        order = np.lexsort((weight, keys))
        keys, weight = keys[order], weight[order]
    mask = np.uint64((1 << 21) - 1)
    unpacked = np.stack([keys >> np.uint64(42), keys >> np.uint64(21) & mask, keys & mask], axis=1)
    return unpacked.astype(np.float32) * np.float32(2**-20), weight


def _thinned(colors: Floats, weight: Floats) -> tuple[Floats, Floats]:
    step = -(-len(colors) // _REPLAY)
    colors, weight = colors[::step], weight[::step]
    return colors, weight / weight.sum()


def _warn_of_contradictions(liked: Floats, disliked: Floats) -> None:
    both = {bytes(color) for color in liked} & {bytes(color) for color in disliked} if len(liked) < 4096 else set()
    if both:
        example = to_hex(np.frombuffer(min(both), dtype=np.float32)[None])[0]
        count = f"{len(both)} colours are" if len(both) > 1 else "one colour is"
        message = f"{count} both liked and disliked, {example} for one; the sides are weighed against each other"
        warnings.warn(message, FfcolorWarning, stacklevel=3)


def _small_steps(rgb: Floats) -> tuple[list[str], Floats]:
    lightness, chroma, hue = space.to_polar(space.srgb_to_oklab(rgb.astype(np.float64)))
    moves = {
        "lighter": (0.08, 0, 0),
        "darker": (-0.08, 0, 0),
        "more colorful": (0, 0.04, 0),
        "more muted": (0, -0.04, 0),
        "hue +20°": (0, 0, 20),
        "hue -20°": (0, 0, -20),
    }
    if chroma < 0.02:  # the hue of a grey is noise
        moves = {name: move for name, move in moves.items() if not move[2]}
    there = np.array([(lightness + dl, max(chroma + dc, 0), hue + dh) for dl, dc, dh in moves.values()])
    return list(moves), np.clip(space.oklab_to_srgb(space.from_polar(there)), 0, 1).astype(np.float32)


def _nearest(rgb: Floats, known: Floats) -> dict[str, Any]:
    distance = space.delta_e_2000(space.srgb_to_lab(rgb), space.srgb_to_lab(known))
    at = int(distance.argmin())
    return {"color": to_hex(known[at : at + 1])[0], "delta_e": float(distance[at])}


def _sha256(colors: Floats) -> str:
    return hashlib.sha256(np.ascontiguousarray(colors, dtype="<f4").tobytes()).hexdigest()


def _whole(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _setting(name, value, "a whole number, at least 1")


def _setting(name: str, value: Any, wanted: str, position: int | None = None) -> FfcolorError:
    shown = value if isinstance(value, str) and value.startswith(("of ", "all ")) else repr(value)
    return FfcolorError(
        f"{name} is {shown}; it must be {wanted}", code="invalid-setting", value=value, position=position
    )
