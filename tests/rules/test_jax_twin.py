"""The JAX twins equal the torch layer: activities, loss, gradient and steps, within float error."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from ffcolor import FfcolorError
from ffcolor.engine.modules import FFLayer

jax = pytest.importorskip("jax", reason="jax is not installed: pip install 'ffcolor[jax]'")
optax = pytest.importorskip("optax", reason="optax is not installed: pip install 'ffcolor[jax]'")
from ffcolor.rules import jax_twin  # noqa: E402

wide = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64  # where it was before JAX 0.8
KINDS = [{}, {"normalize": True}, {"naive": True, "threshold": 9.0}, {"threshold": 0.3}]
kinds = pytest.mark.parametrize("settings", KINDS, ids=["plain", "normalised", "naive", "low"])


def twins(settings: dict) -> tuple[FFLayer, jax_twin.FFLayerJAX]:
    with torch.random.fork_rng():
        torch.manual_seed(4)
        layer = FFLayer(12, 20, **settings)
    return layer, jax_twin.FFLayerJAX.from_torch(layer)


def inputs(seed: int = 1, count: tuple[int, int] = (7, 5)) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(seed)
    pos, neg = (torch.rand(n, 12, generator=g) * 3 for n in count)
    return pos, neg


@kinds
def test_activities_goodness_and_loss_are_the_torch_layers(settings):
    layer, twin = twins(settings)
    pos, neg = inputs()
    h = layer(pos)
    np.testing.assert_allclose(twin(pos.numpy()), h, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(twin.goodness(h.numpy()), layer.goodness(h), rtol=1e-5)
    by_hand = sum(
        float(np.logaddexp(0, sign * (layer.goodness(layer(x)).double().numpy() - layer.threshold)).mean())
        for sign, x in ((-1, pos), (1, neg))
    )
    assert float(jax_twin.ff_loss(twin, pos.numpy(), neg.numpy())) == pytest.approx(by_hand, rel=1e-5)


@kinds
def test_the_gradient_is_that_of_torchs_autograd(settings):
    layer, twin = twins(settings)
    pos, neg = inputs()
    for parameter in layer.parameters():
        parameter.requires_grad_(True)
    g_pos, g_neg = (layer.goodness(layer(x)) for x in (pos, neg))
    softplus = torch.nn.functional.softplus
    (softplus(layer.threshold - g_pos).mean() + softplus(g_neg - layer.threshold).mean()).backward()
    gradient = jax.grad(jax_twin.ff_loss)(twin, pos.numpy(), neg.numpy())
    np.testing.assert_allclose(gradient.weight, layer.linear.weight.grad, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(gradient.bias, layer.linear.bias.grad, rtol=1e-4, atol=1e-6)
    assert float(abs(gradient.weight).max()) > 1e-3


@kinds
def test_a_step_in_float32_is_the_torch_layers_where_the_gradient_is_more_than_rounding(settings):
    """Adam's first step is lr g / (|g| + 1e-8): its size does not hang on g, its direction is the sign of g.

    A gradient of either twin is off by some 1e-7 of the largest (the test above), which in the naive form is 3.6. Where
    g is no more than that, even its sign may be rounding, so that two right answers may differ by twice the rate.
    Elsewhere they must agree: for |g| > 1e-5, an error of 1e-6 moves the step by 0.03 * 1e-8 * 1e-6 / 1e-10 = 3e-6.
    """
    layer, twin = twins(settings)
    pos, neg = inputs()
    gradient = jax.grad(jax_twin.ff_loss)(twin, pos.numpy(), neg.numpy())
    before = layer.linear.weight.numpy().copy()
    optimizer = optax.adam(0.03)
    expected = layer.train_step(pos, neg)
    taught, _, *got = jax_twin.ff_train_step(twin, optimizer.init(twin), pos.numpy(), neg.numpy(), optimizer)
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=2e-6)
    for name in ("weight", "bias"):
        ours, theirs = np.array(getattr(taught, name)), getattr(layer.linear, name).numpy()
        clear = abs(np.array(getattr(gradient, name))) > 1e-5
        np.testing.assert_allclose(ours[clear], theirs[clear], rtol=1e-5, atol=4e-6)
        np.testing.assert_allclose(ours, theirs, atol=2 * 0.03 + 1e-5)
        assert clear.mean() > 0.5
    moved = abs(np.array(taught.weight) - before)[abs(np.array(gradient.weight)) > 1e-5]
    np.testing.assert_allclose(moved, 0.03, rtol=1e-2)


@kinds
def test_thirty_steps_in_float64_are_the_torch_layers(settings):
    """Far below float32's rounding, so nothing but the same formulas passes. 8 and 4 inputs: 1/8 and 1/4 are exact."""
    layer, _ = twins(settings)
    layer = layer.double()
    with wide(True):
        twin = jax_twin.FFLayerJAX.from_torch(layer)
        assert twin.weight.dtype == "float64"
        optimizer = optax.adam(0.03)
        state, start = optimizer.init(twin), np.array(twin.weight)
        for step in range(30):
            pos, neg = (x.double() for x in inputs(step, (8, 4)))
            expected = layer.train_step(pos, neg)
            twin, state, *got = jax_twin.ff_train_step(twin, state, pos.numpy(), neg.numpy(), optimizer)
            for one, other in zip(got, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(twin.weight, layer.linear.weight, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(twin.bias, layer.linear.bias, rtol=1e-9, atol=1e-9)
        assert abs(np.array(twin.weight) - start).max() > 0.02


def test_a_step_is_compiled_once_and_no_gradient_reaches_the_inputs():
    _, twin = twins({"normalize": True})
    pos, neg = (x.numpy() for x in inputs())
    optimizer = optax.sgd(0.01)
    state = optimizer.init(twin)
    before = jax_twin._compiled_step._cache_size()
    for _ in range(3):
        twin, state, *_ = jax_twin.ff_train_step(twin, state, pos, neg, optimizer)
    assert jax_twin._compiled_step._cache_size() == before + 1
    assert float(abs(jax.grad(jax_twin.ff_loss, argnums=1)(twin, pos, neg)).max()) == 0


def test_a_new_layer_is_drawn_by_its_key_and_learns():
    one, same, other = (jax_twin.FFLayerJAX.create(jax.random.key(k), 12, 20, threshold=1.0) for k in (1, 1, 2))
    assert (one.weight == same.weight).all()
    assert (one.weight != other.weight).any()
    assert float(abs(one.weight).max()) <= 12**-0.5
    optimizer = optax.adam(0.03)
    state, losses = optimizer.init(one), []
    pos, neg = (x.numpy() for x in inputs())
    for _ in range(60):
        one, state, loss, *_ = jax_twin.ff_train_step(one, state, pos, neg, optimizer)
        losses.append(float(loss))
    assert losses[-1] < 0.5 * losses[0]
    with pytest.raises(FfcolorError, match="out_dim is 0; it must be a whole number, at least 1"):
        jax_twin.FFLayerJAX.create(jax.random.key(0), 3, 0)


def test_the_pages_example_learns(capsys):
    page = Path(__file__).parents[2] / "docs" / "rules" / "jax.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out == "True\n"
