"""The Forward-Forward layer, its loss and its step in JAX, compiled: the twin of `ffcolor.engine.modules.FFLayer`.

    import jax, optax
    from ffcolor.rules.jax_twin import FFLayerJAX, ff_train_step

    layer = FFLayerJAX.create(jax.random.key(0), 784, 500)
    optimizer = optax.adam(0.03)
    state = optimizer.init(layer)
    layer, state, loss, h_pos, h_neg = ff_train_step(layer, state, x_pos, x_neg, optimizer)

A layer is a pytree: weights and bias are what is learned; threshold and kind are fixed when a step is compiled. The
activities a step gives are cut off from differentiation: they are the next layer's inputs, and no gradient crosses.

Needs the extra ``ffcolor[jax]``. Source: Hinton (2022), arXiv 2212.13345, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ffcolor.errors import needs
from ffcolor.settings import Whole

try:
    import jax
    import jax.numpy as jnp
    import optax
except ImportError as _missing:
    raise needs("the JAX twin", "jax and optax", "jax") from _missing

Array = Any  # a jax.Array, or anything that JAX takes for one


@dataclass(frozen=True)
class FFLayerJAX:
    """One Forward-Forward layer, h = relu(W n(x) + b), that nothing changes: a step gives a new one.

    Args:
        weight: (out, in), as torch has it.
        bias: (out,).
        threshold: goodness between positive and negative inputs.
        normalize: whether n(x) scales each input to a root mean square of 1.
        naive: goodness is the sum of squares, not their mean; and inputs are not normalised.
    """

    weight: Array
    bias: Array
    threshold: float = field(default=2.0, kw_only=True)
    normalize: bool = field(default=False, kw_only=True)
    naive: bool = field(default=False, kw_only=True)

    @classmethod
    def create(cls, key: Array, in_dim: int, out_dim: int, **settings: Any) -> FFLayerJAX:
        """A new layer, its weights drawn by a key evenly from -1/sqrt(in_dim) to 1/sqrt(in_dim), as torch's.

        Args:
            key: of JAX, such as ``jax.random.key(0)``.
            in_dim: size of an input.
            out_dim: number of units.
            **settings: threshold, normalize, naive.
        """
        Whole(1).check("in_dim", in_dim)
        Whole(1).check("out_dim", out_dim)
        of_weight, of_bias = jax.random.split(key)
        reach = in_dim**-0.5
        return cls(
            jax.random.uniform(of_weight, (out_dim, in_dim), minval=-reach, maxval=reach),
            jax.random.uniform(of_bias, (out_dim,), minval=-reach, maxval=reach),
            **settings,
        )

    @classmethod
    def from_torch(cls, layer: Any) -> FFLayerJAX:
        """The twin of an `ffcolor.engine.modules.FFLayer`: the same weights, threshold and kind."""
        weight, bias = (jnp.array(tensor.detach().cpu().numpy()) for tensor in (layer.linear.weight, layer.linear.bias))
        return cls(weight, bias, threshold=layer.threshold, normalize=layer.normalize, naive=layer.naive)

    def __call__(self, x: Array) -> Array:
        """Activities of inputs: (n, in) to (n, out), none below zero."""
        x = jax.lax.stop_gradient(jnp.asarray(x))
        if self.normalize and not self.naive:
            x = x / (jnp.sqrt((x * x).mean(-1, keepdims=True)) + 1e-8)
        return jax.nn.relu(x @ self.weight.T + self.bias)

    def goodness(self, h: Array) -> Array:
        """Goodness of activities: the mean of their squares (the sum in the naive form), (n, out) to (n,)."""
        squares = h * h
        return squares.sum(-1) if self.naive else squares.mean(-1)


jax.tree_util.register_dataclass(
    FFLayerJAX, data_fields=["weight", "bias"], meta_fields=["threshold", "normalize", "naive"]
)


def ff_loss(layer: FFLayerJAX, x_pos: Array, x_neg: Array) -> Array:
    """The local loss, mean softplus(threshold - G+) + mean softplus(G- - threshold), compiled.

    Args:
        layer: the layer; the loss may be differentiated by it.
        x_pos: positive inputs (n, in).
        x_neg: negative inputs (m, in).

    Returns:
        A number.
    """
    return _compiled_loss(layer, x_pos, x_neg)[0]


def ff_train_step(
    layer: FFLayerJAX, state: Any, x_pos: Array, x_neg: Array, optimizer: optax.GradientTransformation
) -> tuple[FFLayerJAX, Any, Array, Array, Array]:
    """One local step of one layer, compiled once for each optimiser and shape of inputs.

    Args:
        layer: the layer before the step.
        state: of the optimiser: ``optimizer.init(layer)`` at first.
        x_pos: positive inputs (n, in).
        x_neg: negative inputs (m, in).
        optimizer: of optax, such as ``optax.adam(0.03)``, `FFLayer`'s own: make it once and keep it, since a new one,
            even of the same settings, is compiled anew.

    Returns:
        The layer and the state after the step; the loss and the activities of both sides before it.
    """
    taught, state, loss, h_pos, h_neg = _compiled_step(layer, state, x_pos, x_neg, optimizer)
    return taught, state, loss, h_pos, h_neg


def _loss(layer: FFLayerJAX, x_pos: Array, x_neg: Array) -> tuple[Array, tuple[Array, Array]]:
    h_pos, h_neg = layer(x_pos), layer(x_neg)
    positive = jax.nn.softplus(layer.threshold - layer.goodness(h_pos)).mean()
    return positive + jax.nn.softplus(layer.goodness(h_neg) - layer.threshold).mean(), (h_pos, h_neg)


def _step(layer: FFLayerJAX, state: Any, x_pos: Array, x_neg: Array, optimizer: Any) -> tuple[Any, ...]:
    (loss, (h_pos, h_neg)), gradient = jax.value_and_grad(_loss, has_aux=True)(layer, x_pos, x_neg)
    change, state = optimizer.update(gradient, state, layer)
    return optax.apply_updates(layer, change), state, loss, h_pos, h_neg


_compiled_loss = jax.jit(_loss)
_compiled_step = jax.jit(_step, static_argnums=4)
