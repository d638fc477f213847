"""One Forward-Forward layer: its goodness, its local loss with the gradient in closed form, and one local step.

A layer with weights W turns inputs x into activations h = relu(x W). Its goodness is G = sum of h^2. It learns to have
a goodness above a threshold on positive inputs and below it on negative ones, by a loss of its own:

    loss = sum_i c_i softplus(s_i (G_i - threshold)) + l2 |W|^2,    s = -1 for positive inputs, +1 for negative ones

whose gradient needs no automatic differentiation and nothing from any other layer:

    dloss/dz_i = 2 s_i c_i sigmoid(s_i (G_i - threshold)) h_i      (z = x W; zero where h is)
    dloss/dW   = x^T dloss/dz + 2 l2 W

Every function works on numpy arrays and on torch tensors of any device.

Source: Hinton, "The Forward-Forward Algorithm: Some Preliminary Investigations" (2022), section 2, equation 1; Adam:
Kingma and Ba (2015), algorithm 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = Any  # a numpy array or a torch tensor


_ONE_THREAD = 1 << 18  # multiplications that OpenBLAS does on one thread (its GEMM_MULTITHREAD_THRESHOLD)


def product(a: Array, b: Array) -> Array:
    """Product of (n, k) and (k, m), in blocks so small that the result does not depend on BLAS's threads: (n, m)."""
    rows = max(1, _ONE_THREAD // max(1, b.shape[0] * b.shape[1]))
    if not isinstance(a, np.ndarray) or len(a) <= rows:
        return a @ b
    out = np.empty((len(a), b.shape[1]), dtype=np.result_type(a, b))
    for start in range(0, len(a), rows):
        np.matmul(a[start : start + rows], b, out=out[start : start + rows])
    return out


def forward(x: Array, weights: Array) -> Array:
    """Activations h = relu(x W): (n, in) and (in, out) to (n, out)."""
    return product(x, weights).clip(0)


def goodness(h: Array) -> Array:
    """Goodness of activations: the sum of their squares, (..., out) to (...)."""
    return np.einsum("...i,...i->...", h, h) if isinstance(h, np.ndarray) else (h * h).sum(-1)


def sigmoid(u: Array) -> Array:
    """The logistic function, safe for large arguments."""
    return 0.5 * (1 + (np.tanh(0.5 * u) if isinstance(u, np.ndarray) else (0.5 * u).tanh()))


def softplus(u: Array) -> Array:
    """log(1 + exp(u)), safe for large arguments."""
    if isinstance(u, np.ndarray):
        return np.logaddexp(np.zeros((), dtype=u.dtype), u)
    import torch

    return torch.nn.functional.softplus(u)


def loss(g: Array, sign: Array, weight: Array, threshold: float) -> Array:
    """The local loss, without the penalty, of goodness g (n,), sign (n,), -1 for positive inputs, and weight c (n,)."""
    return (weight * softplus(sign * (g - threshold))).sum()


def output_gradient(h: Array, g: Array, sign: Array, weight: Array, threshold: float) -> Array:
    """Gradient of the local loss with respect to the pre-activations z: (n, out)."""
    slope = (2 * sign * weight) * sigmoid(sign * (g - threshold))  # (n,)
    return h * slope[:, None]


@dataclass
class Adam:
    """The optimiser of one array of weights, which it changes in place; see the top of this module for its source."""

    beta_1: float = 0.9
    beta_2: float = 0.999
    step: int = 0
    _mean: Array = field(default=0.0, repr=False)
    _square: Array = field(default=0.0, repr=False)

    def update(self, weights: Array, gradient: Array, learning_rate: float) -> None:
        """Take one step against the gradient."""
        self.step += 1
        self._mean = self._mean + (1 - self.beta_1) * (gradient - self._mean)
        self._square = self._square + (1 - self.beta_2) * (gradient * gradient - self._square)
        unbias = (1 - self.beta_2**self.step) ** 0.5
        size = learning_rate * unbias / (1 - self.beta_1**self.step)
        weights -= size * self._mean / (self._square**0.5 + 1e-8 * unbias)

    def state(self) -> dict[str, Array]:
        """All that it holds, as torch tensors, once it has taken a step."""
        import torch

        return {"step": torch.tensor(self.step, device="cpu"), "mean": self._mean, "square": self._square}

    def load(self, state: dict[str, Array]) -> None:
        """Take over what another held, as torch tensors."""
        self.step = int(state["step"])
        self._mean, self._square = (state[name].detach().clone() for name in ("mean", "square"))

    def apply(self, change: Callable[[Array], Array]) -> None:
        """Change its torch tensors, to another type or device, say."""
        self._mean, self._square = change(self._mean), change(self._square)


def local_step(
    weights: Array, adam: Adam, x: Array, sign: Array, weight: Array, threshold: float, l2: float, learning_rate: float
) -> Array:
    """Take one step with one layer, from its own inputs only; `weights` are changed in place.

    Args:
        weights: (in, out).
        adam: this layer's optimiser.
        x: inputs (n, in).
        sign: (n,), -1 for positive inputs, +1 for negative ones.
        weight: (n,), how much each input counts; usually each side sums to 1.
        threshold: goodness that separates positive from negative inputs.
        l2: factor of the penalty on the squared weights.
        learning_rate: size of Adam's step.

    Returns:
        The goodness of the inputs before the step, (n,).
    """
    h = forward(x, weights)
    g = goodness(h)
    gradient = product(x.T, output_gradient(h, g, sign, weight, threshold)) + (2 * l2) * weights
    adam.update(weights, gradient, learning_rate)
    return g
