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
from ffcolor.taste.picks import Picks, refuse_labels, warn_of_contradictions

Floats = NDArray[np.float32]

_UNLABELED, _MOST_UNLABELED = 256, 4096  # negatives drawn where none are given: as many as liked ones, within these
_RELEARNED = 2000  # picks of both sides that an update learns anew, at most
_GROWTH = 1.5  # as many times more picks are learned anew, too, however many they are
_REPLAY = 2048  # beyond these: colours of each side that an update looks back on, at most
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
            from all examples count as disliked. Only the disliked side has one: the two sides are not mirror images,
            and exchanging them does not turn p into 1 - p, not even with 0, for goodness is evidence of liking.
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
            liked: colours, anything `read_colors` takes; a picture (a path, an opened image) counts for an even sample
                of at most 4,096 of its pixels, as in the shell.
            disliked: colours; if None, some are drawn from a stream, away from the liked ones.
            liked_weight: how much each liked colour counts beside the other liked ones, (k,), 0 or more; all count
                the same if None. A colour of weight 2 is the same as that colour given twice, to the last bit. Each
                side as a whole counts the same, whatever its weights: those of one side do not move the other.
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
        if disliked is not None:
            refuse_labels(liked, disliked)
        likes = Picks.read(liked, liked_weight, "liked")
        dislikes = None
        if disliked is not None:
            dislikes = Picks.read(disliked, disliked_weight, "disliked")
            warn_of_contradictions(likes, dislikes)
        elif disliked_weight is not None:
            message = f"disliked_weight is {disliked_weight!r}; it must be None where no disliked colours are given"
            raise FfcolorError(message, code="invalid-setting", value=disliked_weight, setting="disliked_weight")
        self._keep(*_learn(settings, likes, dislikes, self.device, settings["steps"], on_step))
        return self

    def update(
        self,
        liked: Any = None,
        disliked: Any = None,
        *,
        steps: int | None = None,
        on_step: OnStep | None = None,
    ) -> ColorPreference:
        """Learn a few more colours on top of what is known.

        Up to 2,000 different picks are learned anew, all together, in milliseconds: the result is that of one `fit`
        with all of them, to the last bit; so are more, if there are half as many again as before. Else learning goes
        on from the present weights, with up to 2,048 picks of each side and a penalty that suits them all.

        Colours that were drawn because no disliked ones were given are drawn anew, away from all liked ones, as long
        as none are given; the first disliked colours that are given take their place.

        Args:
            liked: more liked colours, or None; each weighs 1, as an unweighted pick does in `fit`.
            disliked: more disliked colours, or None.
            steps: how many local steps each layer takes; None is as many as `fit` took, or a third of it where
                learning goes on.
            on_step: as in `fit`.

        Returns:
            This preference. If anything is raised, it stays as it was.
        """
        self.check_fitted()
        settings = self.settings_
        steps = None if steps is None else self.LIMITS["steps"].check("steps", steps)
        if liked is None and disliked is None:
            raise FfcolorError("update needs liked or disliked colours, or both; neither was given", code="no-colors")
        likes, dislikes = self.liked_, None if self.drawn_ else self.disliked_
        if liked is not None:
            likes = likes.joined(Picks.read(liked, None, "liked"))
        if disliked is not None:
            more = Picks.read(disliked, None, "disliked")
            dislikes = more if dislikes is None else dislikes.joined(more)
        if dislikes is not None:
            warn_of_contradictions(likes, dislikes)
        before, now = _count(self.liked_, None if self.drawn_ else self.disliked_), _count(likes, dislikes)
        if now <= _RELEARNED or now > _GROWTH * before:
            learned, history = _learn(settings, likes, dislikes, self.device, steps or settings["steps"], on_step)
        else:
            steps = steps or -(-settings["steps"] // 3)
            network, rate = self.network_.copy(), settings["learning_rate"] / 2
            learned, history = _taught(settings, network, likes, dislikes, steps, rate, on_step, _REPLAY)
        self._keep(learned._replace(updates=self.updates_ + 1), history)
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


def _learn(
    settings: dict[str, Any], likes: Picks, dislikes: Picks | None, device: str, steps: int, on_step: OnStep | None
) -> tuple[Learned, list[float]]:
    """Learn from all picks, from the first weights on."""
    sizes = features.SIZE, *widths(settings["hidden"])
    network = Network(sizes, threshold=settings["threshold"], seed=settings["seed"], device=device)
    return _taught(settings, network, likes, dislikes, steps, settings["learning_rate"], on_step)


def _taught(
    settings: dict[str, Any],
    network: Network,
    likes: Picks,
    dislikes: Picks | None,
    steps: int,
    learning_rate: float,
    on_step: OnStep | None,
    most: int | None = None,
) -> tuple[Learned, list[float]]:
    """Teach a network, from an even sample of at most `most` picks of a side; without disliked ones, some are drawn."""
    bad = _drawn(likes, settings["seed"]) if dislikes is None else dislikes
    l2 = _penalty(settings, likes, bad)
    positive, negative = (Side(each.colors, each.shares()) for each in (likes.thinned(most), bad.thinned(most)))
    history = teach(
        network,
        positive,
        negative,
        features.encode,
        background=_background(settings),
        l2=l2 / len(likes),
        steps=steps,
        learning_rate=learning_rate,
        seed=settings["seed"],
        on_step=on_step,
    )
    return Learned(settings, network, l2, likes, bad, dislikes is None, updates=0), history


def _count(likes: Picks, dislikes: Picks | None) -> int:
    return len(likes) + (0 if dislikes is None else len(dislikes))


def _penalty(settings: dict[str, Any], likes: Picks, dislikes: Picks) -> float:
    """The penalty on the weights, to be divided by the number of different liked colours."""
    given = settings["l2"]
    return fitting_penalty(likes.colors, dislikes.colors) if given == "auto" else float(given)


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
