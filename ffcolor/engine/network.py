"""A network of Forward-Forward layers that learn side by side, each from its own inputs and its own loss.

Layer l + 1 sees the direction of layer l's activations, h / |h|, and not their length, which is layer l's goodness.
Nothing flows back: only `layer.local_step` changes a layer's weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.engine import layer
from ffcolor.engine.layer import Array as Array
from ffcolor.errors import FfcolorError, needs
from ffcolor.splitmix import split, uniform

OnStep = Callable[[int, int, float], object]
Batch = tuple[Array, Array, Array]  # x (n, in), sign (n,), weight (n,)


class Network:
    """Forward-Forward layers without biases: a weight matrix each, their goodness, and how they learn.

    Args:
        sizes: the number of inputs and the number of units of each layer, such as ``(379, 8)``.
        threshold: goodness that separates positive from negative inputs, the same for all layers.
        seed: a whole number, from which the first weights are drawn.
        device: ``"cpu"`` to compute with numpy, or a torch device.
    """

    def __init__(self, sizes: Sequence[int], *, threshold: float, seed: int = 0, device: str = "cpu"):
        self.threshold = threshold
        self.device = device
        self.weights: list[Array] = []
        for depth, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
            u = uniform(split(seed, depth), (fan_in, fan_out))
            self.weights.append(self.array(((2 * u - 1) / fan_in**0.5).astype(np.float32)))

    def array(self, values: Any) -> Array:
        """The values as float32, on the device on which this network computes."""
        values = np.asarray(values, dtype=np.float32)
        if self.device == "cpu":
            return values
        try:
            import torch
        except ImportError as missing:
            raise needs(f"device {self.device!r}", "torch", "rules") from missing
        try:
            return torch.from_numpy(values.copy()).to(self.device)
        except (RuntimeError, AssertionError) as problem:
            reason = str(problem).splitlines()[0]
            message = f"device {self.device!r} cannot be used ({reason}); write 'cpu', or 'cuda' where torch has it"
            raise FfcolorError(message, code="device", value=self.device) from None

    def copy(self) -> Network:
        """A network with the same weights, which can go on learning without changing this one."""
        other = Network((), threshold=self.threshold, device=self.device)
        other.weights = [weights * 1 for weights in self.weights]
        return other

    def goodness(self, x: Array) -> Array:
        """The goodness of every layer: (n, in) to (n, layers)."""
        h, columns = x, []
        for depth, weights in enumerate(self.weights):
            h = layer.forward(direction(h) if depth else x, weights)
            columns.append(layer.goodness(h))
        if len(columns) == 1:
            return columns[0][:, None]
        return np.stack(columns, axis=1) if self.device == "cpu" else _torch_stack(columns)

    def learn(
        self,
        batches: Iterator[Batch],
        *,
        steps: int,
        learning_rate: float,
        l2: float,
        cool_down: bool = False,
        on_step: OnStep | None = None,
    ) -> list[float]:
        """Teach all layers: one local step of each with each batch.

        Args:
            batches: inputs with signs and weights; each step takes one batch.
            steps: how many steps to take.
            learning_rate: of Adam.
            l2: factor of the penalty on the squared weights.
            cool_down: whether the learning rate falls linearly to zero, which suits batches that differ.
            on_step: called as ``on_step(step, steps, loss)`` after each step; whatever it raises stops the learning.

        Returns:
            The loss before each step, without the penalty and averaged over the layers; empty without `on_step`.
        """
        history = []
        optimizers = [layer.Adam() for _ in self.weights]
        for step in range(steps):
            x, sign, weight = next(batches)
            rate = learning_rate * (1 - step / steps) if cool_down else learning_rate
            total = 0.0
            for weights, adam in zip(self.weights, optimizers, strict=True):
                below = x
                if weights is not self.weights[-1]:
                    x = direction(layer.forward(below, weights))  # what the next layer sees: before this step
                g = layer.local_step(weights, adam, below, sign, weight, self.threshold, l2, rate)
                if on_step is not None:
                    total += float(layer.loss(g, sign, weight, self.threshold)) / len(self.weights)
            if on_step is not None:
                history.append(total)
                on_step(step + 1, steps, total)
        return history

    def balance(self, x: Array, sign: Array, weight: Array) -> None:
        """Scale the weights of every layer so that its threshold lies fairly between the two sides.

        A strong penalty shrinks all goodness, which favours the side below the threshold. One number per layer undoes
        this: the scale u that minimises sum_i c_i softplus(s_i (u G_i - threshold)). The problem is convex and solved
        by Newton's method.
        """
        goodness = self.goodness(x)
        for depth, weights in enumerate(self.weights):
            scale = _fair_scale(to_numpy(goodness[:, depth]), to_numpy(sign), to_numpy(weight), self.threshold)
            weights *= scale**0.5


def direction(h: Array) -> Array:
    """The direction of activations, h / |h|: (n, out)."""
    return h / (layer.goodness(h)[:, None] + 1e-12) ** 0.5


def _fair_scale(g: Array, sign: Array, weight: Array, threshold: float) -> float:
    """The scale of goodness g (n,) that minimises the local loss; see `Network.balance`."""
    scale = 1.0
    g = g.astype(np.float64)
    for _ in range(30):
        p = layer.sigmoid(sign * (scale * g - threshold))
        slope = (weight * p * sign * g).sum()
        curvature = (weight * p * (1 - p) * g * g).sum()
        move = np.clip(-slope / (curvature + 1e-9), -scale / 2, scale)
        scale += move
        if abs(move) < 1e-6 * scale:
            break
    return float(np.clip(scale, 0.1, 100))


def to_numpy(values: Array) -> NDArray[np.float32]:
    """The same numbers as a numpy array."""
    array: NDArray[np.float32] = values if isinstance(values, np.ndarray) else values.detach().cpu().numpy()
    return array


def _torch_stack(columns: list[Array]) -> Array:
    import torch

    return torch.stack(columns, dim=1)
