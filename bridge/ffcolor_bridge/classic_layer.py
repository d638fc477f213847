"""The textbook's Forward-Forward layer that Clojure holds: `ffcolor.FFLayer` in numpy, with a lock around each step."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine import layer
from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint, Flag, Number, Whole, check
from ffcolor.splitmix import split, uniform

Floats = NDArray[np.float32]

LIMITS: Mapping[str, Constraint] = {
    "inputs": Whole(1),
    "units": Whole(1),
    "seed": Whole(),
    "threshold": Number(),
    "learning_rate": Number(above=0),
    "normalize": Flag(),
}
"""What the settings may be."""


class ClassicLayer:
    """A layer h = relu(n(x) W + b) whose goodness is the mean of h^2, and which learns in one thread at a time.

    What it learns is what `ffcolor.FFLayer` with the same weights learns, up to rounding.

    Args:
        inputs: size of an input.
        units: how many there are.
        seed: of the first weights.
        threshold: goodness between positive and negative inputs.
        learning_rate: of the layer's Adam, above 0.
        normalize: whether n(x) scales each input to a root mean square of 1.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        *,
        seed: int = 0,
        threshold: float = 2.0,
        learning_rate: float = 0.03,
        normalize: bool = False,
    ):
        given = check(LIMITS, inputs=inputs, units=units, seed=seed, threshold=threshold, learning_rate=learning_rate)
        check(LIMITS, normalize=normalize)
        reach = inputs**-0.5
        rows, self.bias = (
            ((2 * uniform(split(given["seed"], place), shape) - 1) * reach).astype(np.float32)
            for place, shape in enumerate([(units, inputs), (units,)])
        )
        self.weights: Floats = np.ascontiguousarray(rows.T)  # (inputs, units)
        self.threshold: float = given["threshold"]
        self.learning_rate: float = given["learning_rate"]
        self.normalize = normalize
        self._adams = layer.Adam(), layer.Adam()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        inputs, units = self.weights.shape
        return f"{inputs} inputs, {units} units"

    @property
    def is_at_work(self) -> bool:
        """Whether a thread is in the middle of a step, which others would have to wait for."""
        return self._lock.locked()

    def forward(self, x: Floats) -> Floats:
        """Activations of inputs, (n, inputs) or flat, to float32 (n, units)."""
        seen = self._seen(x)
        with self._lock:
            return self._activations(seen)

    def step(self, positive: Floats, negative: Floats) -> float:
        """Take one local step; the loss before it."""
        sides = self._seen(positive), self._seen(negative)
        x = np.concatenate(sides)
        sign, weight = _weights(len(sides[0]), len(sides[1]))
        with self._lock:
            h = self._activations(x)
            width = h.shape[1]
            g = layer.goodness(h) / width
            loss = float(layer.loss(g, sign, weight, self.threshold))
            slope = layer.output_gradient(h, g, sign, weight, self.threshold) / width
            gradients = layer.product(x.T, slope), slope.sum(0)
            if not (np.isfinite(loss) and all(np.isfinite(each.sum()) for each in gradients)):
                message = (
                    "the inputs are so large that the step is not finite; scale them, or make the layer with normalize"
                )
                raise FfcolorError(message, code="not-finite", value=float(np.abs(x).max()))
            for array, gradient, adam in zip((self.weights, self.bias), gradients, self._adams, strict=True):
                adam.update(array, gradient, self.learning_rate)
        return loss

    def _activations(self, seen: Floats) -> Floats:
        h: Floats = layer.product(seen, self.weights)
        h += self.bias
        return np.maximum(h, 0, out=h)

    def _seen(self, x: Floats) -> Floats:
        x = np.asarray(x, dtype=np.float32).reshape(-1, len(self.weights))
        if not len(x):
            raise FfcolorError("a layer was given no inputs; give at least one", code="shape", value=0)
        if not np.isfinite(x).all():
            raise FfcolorError("the inputs hold a number that is not finite", code="not-finite")
        return x / (np.mean(x * x, axis=1, keepdims=True) ** 0.5 + np.float32(1e-8)) if self.normalize else x


@lru_cache(maxsize=16)
def _weights(positives: int, negatives: int) -> tuple[Floats, Floats]:
    """The signs of inputs, positives first, and how much each counts: each side sums to 1."""
    counts = (positives, negatives)
    signs, shares = (np.array(values, dtype=np.float32) for values in ((-1, 1), (1 / positives, 1 / negatives)))
    return np.repeat(signs, counts), np.repeat(shares, counts)
