"""A classic Forward-Forward layer that Clojure holds: torch behind, a lock around each step."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import needs
from ffcolor.splitmix import split, uniform
from ffcolor_bridge.leaving import leave_at_once

if TYPE_CHECKING:
    from torch import Tensor

Floats = NDArray[np.float32]


@cache
def _torch() -> Any:
    """Import torch, for use by many threads, and without its destructors at exit: they want Python's lock."""
    try:
        import torch
    except ImportError as missing:
        raise needs("an FFLayer", "torch", "rules") from missing

    leave_at_once()
    torch.set_num_threads(1)
    return torch


class ClassicLayer:
    """An `ffcolor.FFLayer` whose first weights come from a seed and which learns in one thread at a time.

    Args:
        inputs: size of an input.
        outputs: number of units.
        seed: stream of the first weights; torch's own generator is not touched.
        settings: of `FFLayer`: threshold, lr, normalize.
    """

    def __init__(self, inputs: int, outputs: int, seed: int = 0, **settings: Any):
        torch = _torch()
        from ffcolor.engine.modules import FFLayer

        with torch.device("meta"):  # no numbers yet, so none are drawn
            layer = FFLayer(inputs, outputs, **settings)
        self.torch_layer = layer.to_empty(device="cpu")
        reach = inputs**-0.5
        for place, parameter in enumerate(layer.linear.parameters()):
            u = uniform(split(seed, place), tuple(parameter.shape))
            parameter.copy_(torch.from_numpy(((2 * u - 1) * reach).astype(np.float32)))
        self._size = inputs
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        linear = self.torch_layer.linear
        return f"{linear.in_features} inputs, {linear.out_features} units"

    def forward(self, x: Floats) -> Floats:
        """Activations of inputs, (n, inputs) or flat, to float32 (n, outputs)."""
        with self._lock:
            h: Floats = self.torch_layer(self._tensor(x)).numpy()
        return h

    def step(self, positive: Floats, negative: Floats) -> float:
        """Take one local step; the loss before it."""
        with self._lock:
            loss, _, _ = self.torch_layer.train_step(self._tensor(positive), self._tensor(negative))
        return loss

    def _tensor(self, x: Floats) -> Tensor:
        tensor: Tensor = _torch().from_numpy(np.array(x, dtype=np.float32).reshape(-1, self._size))
        return tensor
