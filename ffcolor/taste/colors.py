"""ColorPreference: learn which colours somebody likes from a few examples, then score, explain and generate."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor.engine.network import Network, OnStep
from ffcolor.errors import FfcolorError
from ffcolor.settings import Choice, Number, Row, Whole
from ffcolor.splitmix import split
from ffcolor.taste import color_file, features, negatives
from ffcolor.taste.color_file import Learned
from ffcolor.taste.judging import ColorJudge
from ffcolor.taste.learning import Side, teach, widths
from ffcolor.taste.noise import fitting_penalty
from ffcolor.taste.picks import Picks, warn_of_contradictions

Floats = NDArray[np.float32]

_UNLABELED, _MOST_UNLABELED = 256, 4096  # negatives drawn where none are given: as many as liked ones, within these
_REPLAY = 2048  # colours of each side that an update looks back on, at most
_BACKGROUND = 128  # colours spread over the gamut


class ColorPreference(ColorJudge):
    """A taste in colour, learned by Forward-Forward layers from liked and disliked colours.

    Args:
        hidden: how many units the layer has, or a list with the units of each layer; one layer of 8 is enough for
            colours.
        threshold: the goodness at which a colour is as likely to be liked as not: its probability is 1/2 there.
        l2: penalty on the weights, divided by the number of liked colours; ``"auto"`` fits it to how consistent
            the given colours are (leave-one-out error of a ridge regression on the same features).
        background: what share of the disliked side is spread over the whole gamut, in [0, 1), so that colours far
            from all examples count as disliked.
        steps: how many local steps each layer takes.
        learning_rate: of each layer's Adam.
        seed: a whole number; the first weights, and the disliked colours where none are given, are drawn from it.
        device: ``"cpu"``, or a torch device such as ``"cuda"``.

    Attributes:
        liked_: the liked colours that were learned from, with their weights, in canonical order.
        disliked_: the same for the disliked colours, which were drawn if none were given.
        network_: the learned layers.
        settings_: the settings that were used, in plain form.
        l2_: the penalty that was used.
        history_: the loss before each step, if `fit` was given an `on_step`.

    Example:
        >>> taste = ColorPreference().fit(["#ffd1dc", "#c1e1c1", "#aec6cf"], ["#8b0000", "#003300", "black"])
        >>> [bool(p > 0.5) for p in taste.probability(["#fdfd96", "#220011"])]
        [True, False]

    Source: Hinton, "The Forward-Forward Algorithm" (2022); features: see `ffcolor.taste.features`.
    """

    LIMITS = MappingProxyType(
        {
            "hidden": Whole(1, 4096) | Row(Whole(1, 4096)),
            "threshold": Number(above=0, most=1000),
            "l2": Choice("auto") | Number(0),
            "background": Number(0, below=1),
            "steps": Whole(1),
            "learning_rate": Number(above=0),
            "seed": Whole(),
        }
    )

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
            disliked: colours; if None, some are drawn from a stream, away from the liked ones.
            liked_weight: how much each liked colour counts, (k,), 0 or more; all count the same if None.
            disliked_weight: the same for the disliked colours.
            on_step: called as ``on_step(step, steps, loss)``; whatever it raises stops the learning and leaves this
                preference as it was.

        Returns:
            This preference.

        Raises:
            FfcolorError: for colours that cannot be read, and for weights or settings that make no sense.
            FfcolorWarning: (a warning) for colours that are both liked and disliked.
        """
        settings = self._checked()
        likes = Picks.read(liked, liked_weight, "liked")
        if disliked is not None:
            dislikes = Picks.read(disliked, disliked_weight, "disliked")
            warn_of_contradictions(likes, dislikes)
        elif disliked_weight is not None:
            message = f"disliked_weight is {disliked_weight!r}; it must be None where no disliked colours are given"
            raise FfcolorError(message, code="invalid-setting", value=disliked_weight, setting="disliked_weight")
        else:
            dislikes = _drawn(likes, settings["seed"])
        sizes = features.SIZE, *widths(settings["hidden"])
        network = Network(sizes, threshold=settings["threshold"], seed=settings["seed"], device=self.device)
        l2 = fitting_penalty(likes.colors, dislikes.colors) if settings["l2"] == "auto" else settings["l2"]
        history = teach(
            network,
            Side(*likes),
            Side(*dislikes),
            features.encode,
            background=_background(settings),
            l2=l2 / len(likes),
            steps=settings["steps"],
            learning_rate=settings["learning_rate"],
            seed=settings["seed"],
            on_step=on_step,
        )
        self._keep(Learned(settings, network, l2, likes, dislikes, disliked is None, updates=0), history)
        return self

    def update(
        self,
        liked: Any = None,
        disliked: Any = None,
        *,
        steps: int = 20,
        on_step: OnStep | None = None,
    ) -> ColorPreference:
        """Learn a few more colours on top of what is known. It starts from the present weights: a fraction of a `fit`.

        Args:
            liked: more liked colours, or None.
            disliked: more disliked colours, or None.
            steps: how many local steps each layer takes.
            on_step: as in `fit`.

        Returns:
            This preference. If anything is raised, it stays as it was.
        """
        self.check_fitted()
        steps = self.LIMITS["steps"].check("steps", steps)
        if liked is None and disliked is None:
            raise FfcolorError("update needs liked or disliked colours, or both; neither was given", code="no-colors")
        likes, dislikes = self.liked_, self.disliked_
        if liked is not None:
            likes = likes.joined(Picks.read(liked, None, "liked"))
        if disliked is not None:
            dislikes = dislikes.joined(Picks.read(disliked, None, "disliked"))
        warn_of_contradictions(likes, dislikes)
        network = self.network_.copy()
        history = teach(
            network,
            Side(*likes.thinned(_REPLAY)),
            Side(*dislikes.thinned(_REPLAY)),
            features.encode,
            background=_background(self.settings_),
            l2=self.l2_ / len(likes),
            steps=steps,
            learning_rate=self.settings_["learning_rate"] / 2,
            seed=self.settings_["seed"],
            on_step=on_step,
        )
        known = Learned(self.settings_, network, self.l2_, likes, dislikes, self.drawn_, self.updates_ + 1)
        self._keep(known, history)
        return self

    # files ------------------------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write this preference to one .safetensors file, whole or not at all."""
        self.check_fitted()
        known = self.settings_, self.network_, self.l2_, self.liked_, self.disliked_, self.drawn_, self.updates_
        color_file.save(path, Learned(*known))

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, device: str = "cpu") -> ColorPreference:
        """Read a preference that `save` wrote.

        Raises:
            FfcolorError: `code` is ``"model-file"``; see `ffcolor.store.load`.
        """
        learned = color_file.load(path, cls.LIMITS, device)
        taste = cls(**learned.settings, device=device)
        taste._keep(learned, history=[])
        return taste

    def __repr__(self) -> str:
        if not hasattr(self, "network_"):
            return "ColorPreference, which has not learned anything yet"
        kind = "drawn" if self.drawn_ else "disliked"
        return f"ColorPreference learned from {len(self.liked_)} liked and {len(self.disliked_)} {kind} colours"

    # inside -----------------------------------------------------------------------------------------------------------

    def _keep(self, learned: Learned, history: list[float]) -> None:
        """Take on what was learned, all of it at once."""
        self.settings_, self.network_, self.l2_, self.liked_, self.disliked_, self.drawn_, self.updates_ = learned
        self.history_, self._lookup = history, None


def _drawn(liked: Picks, seed: int) -> Picks:
    """Colours that stand in for the disliked ones where none are given."""
    count = min(max(_UNLABELED, len(liked)), _MOST_UNLABELED)
    colors = negatives.draw(count, liked.colors, split(seed, -1))
    if not len(colors):
        message = "the liked colours fill the gamut and leave no room for colours away from them"
        raise FfcolorError(message, code="no-colors", advice="give some disliked colours")
    return Picks.even(colors)


def _background(settings: dict[str, Any]) -> tuple[float, Floats]:
    """The share of the negative side that is spread over the gamut, and its colours."""
    return settings["background"], negatives.spread(_BACKGROUND)
