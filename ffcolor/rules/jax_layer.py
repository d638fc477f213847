"""The Forward-Forward layer in JAX as flax has its modules: `init` and `apply`, and parameters apart.

    import jax, optax
    from ffcolor.rules import FFLayerJAX, ff_train_step

    model = FFLayerJAX(features=500)
    params = model.init(jax.random.key(0), x_pos)
    optimizer = optax.adam(0.003)
    opt_state = optimizer.init(params)
    params, opt_state, loss = ff_train_step(params, opt_state, x_pos, x_neg, optimizer)

Parameters are named and drawn as those of flax's Dense, which is not needed. The layer that equals the torch layer,
normalised inputs included, and passes on its activities is in `ffcolor.rules.jax_twin`.

Needs the extra ``ffcolor[jax]``. Source: Hinton (2022), arXiv 2212.13345, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ffcolor.errors import needs
from ffcolor.settings import Flag, Number, Whole

try:
    import jax
    import jax.numpy as jnp
    import optax
except ImportError as _missing:
    raise needs("FFLayerJAX", "jax and optax", "jax") from _missing

Array = Any  # a jax.Array, or anything that JAX takes for one


@dataclass(frozen=True)
class FFLayerJAX:
    """One Forward-Forward layer, h = relu(x W + b), without its parameters.

    Args:
        features: number of units.
        threshold: goodness between positive and negative inputs.
        naive: goodness is the sum of squares, not their mean.
    """

    features: int
    threshold: float = 2.0
    naive: bool = False

    def __post_init__(self) -> None:
        Whole(1).check("features", self.features)
        Number().check("threshold", self.threshold)
        Flag().check("naive", self.naive)

    def init(self, key: Array, x: Array) -> dict[str, Any]:
        """New parameters for inputs like x (…, in): a kernel (in, features) of variance 1 / in, a bias of zeros."""
        kernel = jax.nn.initializers.lecun_normal()(key, (jnp.shape(x)[-1], self.features))
        return {"params": {"Dense_0": {"kernel": kernel, "bias": jnp.zeros(self.features)}}}

    def apply(self, params: Any, x: Array) -> Array:
        """Activities of inputs: (…, in) to (…, features), none below zero."""
        dense = params["params"]["Dense_0"]
        return jax.nn.relu(jnp.asarray(x) @ dense["kernel"] + dense["bias"])

    def goodness(self, h: Array) -> Array:
        """Goodness of activities: the mean of their squares (the sum in the naive form), (…, features) to (…)."""
        squares = h * h
        return squares.sum(-1) if self.naive else squares.mean(-1)


def ff_loss(params: Any, model: FFLayerJAX, x_pos: Array, x_neg: Array, threshold: float) -> Array:
    """The local loss, mean softplus(threshold - G+) + mean softplus(G- - threshold).

    Args:
        params: of the layer, as `init` gives them; the loss may be differentiated by them.
        model: the layer.
        x_pos: positive inputs (n, in).
        x_neg: negative inputs (m, in).
        threshold: goodness between the two.

    Returns:
        A number.
    """
    positive = jax.nn.softplus(threshold - model.goodness(model.apply(params, x_pos))).mean()
    return positive + jax.nn.softplus(model.goodness(model.apply(params, x_neg)) - threshold).mean()


def ff_train_step(
    params: Any,
    opt_state: Any,
    x_pos: Array,
    x_neg: Array,
    optimizer: optax.GradientTransformation,
    model: FFLayerJAX | None = None,
) -> tuple[Any, Any, Array]:
    """One local step of one layer, compiled once for each optimiser, layer and shape of inputs.

    Args:
        params: before the step.
        opt_state: of the optimiser: ``optimizer.init(params)`` at first.
        x_pos: positive inputs (n, in).
        x_neg: negative inputs (m, in).
        optimizer: of optax: make it once and keep it.
        model: the layer; None for one of as many units as `params` have, and a threshold of 2.

    Returns:
        Parameters and state after the step, and the loss before it.
    """
    if model is None:
        model = FFLayerJAX(int(params["params"]["Dense_0"]["bias"].shape[0]))
    taught: tuple[Any, Any, Array] = _compiled_step(params, opt_state, x_pos, x_neg, optimizer, model)
    return taught


def _step(params: Any, opt_state: Any, x_pos: Array, x_neg: Array, optimizer: Any, model: FFLayerJAX) -> Any:
    loss, gradient = jax.value_and_grad(ff_loss)(params, model, x_pos, x_neg, model.threshold)
    change, opt_state = optimizer.update(gradient, opt_state, params)
    return optax.apply_updates(params, change), opt_state, loss


_compiled_step = jax.jit(_step, static_argnums=(4, 5))
