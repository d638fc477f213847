"""A taste in plain numbers: what `TasteClassifier` learns of rows that are not colours.

The engine, the teaching and the penalty are those of colours. What a layer sees of a row are its columns, standardised
by their weighted mean and deviation and cut off at 4 deviations; random Fourier features of them at three scales; and a
constant. As with colours, the parts are of similar size and their length is nearly constant. There is no gamut,
so there is no background.

Source: Rahimi and Recht, "Random Features for Large-Scale Kernel Machines" (2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine.network import Network, to_numpy
from ffcolor.splitmix import normal, split
from ffcolor.taste.learning import Side, teach, widths
from ffcolor.taste.noise import fitting_penalty

Numbers = NDArray[np.float64]

_FOURIER, _WIDTHS = 63, (0.7, 1.5, 3.0)  # as in `ffcolor.taste.features`; widths for three columns
_FOURIER_SEED = 0x0FF_C0105
_PLAIN = 2.4  # mean squared length of the plain columns, as that of the twelve axes of a colour
_CUT = 4.0  # deviations


@dataclass(frozen=True)
class Encoder:
    """What a layer sees of rows."""

    mean: Numbers  # (columns,)
    scale: Numbers  # (columns,): 1 / deviation, or 0 where a column never changes

    @classmethod
    def of(cls, rows: Numbers, weight: Numbers) -> Encoder:
        """The encoder that standardises rows (n, columns) of these weights (n,)."""
        size = np.maximum(np.abs(rows).max(axis=0), np.finfo(np.float64).tiny)  # keeps the squares from overflowing
        share = weight / weight.sum()
        mean = share @ (rows / size)
        deviation = np.sqrt(share @ np.square(rows / size - mean))
        constant = deviation <= 1e-12
        scale = np.where(constant, 0, 1 / np.where(constant, 1, deviation)) / size
        return cls(mean * size, scale)

    def __call__(self, rows: Numbers) -> Numbers:
        """Rows (n, columns) to inputs float64 (n, 2 * 63 + columns + 1)."""
        z = np.clip((rows - self.mean) * self.scale, -_CUT, _CUT)
        phase = z @ _projection(z.shape[1])  # (n, 63)
        waves = np.concatenate([np.cos(phase), np.sin(phase)], axis=1) * _FOURIER**-0.5
        return np.concatenate([waves, z * (_PLAIN / z.shape[1]) ** 0.5, np.ones((len(z), 1))], axis=1)


@dataclass(frozen=True)
class NumberTaste:
    """A learned taste in rows of numbers."""

    encoder: Encoder
    network_: Network

    def score(self, rows: Numbers) -> Numbers:
        """Score of rows (n, columns), the sum over the layers of goodness minus threshold: float64 (n,)."""
        x = self.encoder(rows)
        goodness = self.network_.goodness(x if self.network_.device == "cpu" else self.network_.array(x))
        score: Numbers = to_numpy(goodness).sum(axis=1) - self.network_.threshold * len(self.network_.weights)
        return score


def learn(liked: Side, disliked: Side, settings: Mapping[str, Any], device: str) -> NumberTaste:
    """Learn from rows, of which each side's weights sum to 1.

    Args:
        liked: rows float64 (k, columns), distinct, in canonical order.
        disliked: the same, (m, columns).
        settings: those of `ColorPreference`, checked.
        device: where the network computes.
    """
    encoder = Encoder.of(np.concatenate([liked.rows, disliked.rows]), np.concatenate([liked.weight, disliked.weight]))
    inputs = 2 * _FOURIER + liked.rows.shape[1] + 1
    network = Network(
        (inputs, *widths(settings["hidden"])), threshold=settings["threshold"], seed=settings["seed"], device=device
    )
    l2 = fitting_penalty(liked.rows, disliked.rows, encoder) if settings["l2"] == "auto" else settings["l2"]
    teach(
        network,
        liked,
        disliked,
        encoder,
        l2=l2 / len(liked),
        steps=settings["steps"],
        learning_rate=settings["learning_rate"],
        seed=settings["seed"],
        noun="row",
    )
    return NumberTaste(encoder, network)


def _projection(columns: int) -> Numbers:
    """The projection of the Fourier features: fixed normal numbers, (columns, 63)."""
    drawn = normal(split(_FOURIER_SEED, columns), (columns, _FOURIER))
    projection: Numbers = drawn / (np.repeat(_WIDTHS, _FOURIER // 3) * (columns / 3) ** 0.5)
    return projection
