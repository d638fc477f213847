"""The closed-form local step against automatic differentiation, and the promise that nothing crosses layers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ffcolor import streams
from ffcolor.engine import layer
from ffcolor.engine.network import Network, direction


def problem(seed: int, n: int = 12, fan_in: int = 7, fan_out: int = 5) -> tuple[np.ndarray, ...]:
    """Inputs, weights, signs and counts in float64."""
    u = streams.uniform(seed, (n + fan_in, max(fan_in, fan_out)))
    x, weights = 2 * u[:n, :fan_in] - 0.5, 3 * u[n:, :fan_out] - 1.2
    sign = np.where(np.arange(n) % 3 == 0, -1.0, 1.0)
    weight = streams.uniform(seed + 1, n)
    return x, weights, sign, weight / weight.sum()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("threshold", [0.5, 2.0, 6.0])
def test_the_closed_form_gradient_is_what_autograd_finds(seed: int, threshold: float) -> None:
    x, weights, sign, weight = problem(seed)
    W = torch.tensor(weights, requires_grad=True)
    h = torch.relu(torch.tensor(x) @ W)
    s = torch.tensor(sign)
    loss = (torch.tensor(weight) * torch.nn.functional.softplus(s * ((h**2).sum(1) - threshold))).sum()
    loss.backward()
    h_ours = layer.forward(x, weights)
    g = layer.goodness(h_ours)
    assert layer.loss(g, sign, weight, threshold) == pytest.approx(loss.item(), rel=1e-8)
    gradient = x.T @ layer.output_gradient(h_ours, g, sign, weight, threshold)
    np.testing.assert_allclose(gradient, W.grad.numpy(), rtol=1e-7, atol=1e-12)


def test_steps_are_those_of_torch_adam_on_the_same_loss() -> None:
    x, weights, sign, weight = problem(3)
    W = torch.tensor(weights, requires_grad=True)
    peer = torch.optim.Adam([W], lr=0.05)
    ours, adam = weights.copy(), layer.Adam()
    for _ in range(40):
        peer.zero_grad()
        g = (torch.relu(torch.tensor(x) @ W) ** 2).sum(1)
        loss = (torch.tensor(weight) * torch.nn.functional.softplus(torch.tensor(sign) * (g - 2))).sum()
        (loss + 0.01 * (W**2).sum()).backward()
        peer.step()
        layer.local_step(ours, adam, x, sign, weight, 2.0, 0.01, 0.05)
    np.testing.assert_allclose(ours, W.detach().numpy(), rtol=1e-6, atol=1e-8)


def test_numpy_and_torch_take_the_same_step() -> None:
    x, weights, sign, weight = problem(4)
    ours, theirs = weights.copy(), torch.tensor(weights)
    layer.local_step(ours, layer.Adam(), x, sign, weight, 2.0, 0.01, 0.05)
    tensors = (torch.tensor(part) for part in (x, sign, weight))
    layer.local_step(theirs, layer.Adam(), *tensors, 2.0, 0.01, 0.05)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12)


def test_large_goodness_overflows_nothing() -> None:
    g, sign, weight = (
        np.array([1e4, 1e4], dtype=np.float32),
        np.array([-1, 1], dtype=np.float32),
        np.ones(2, np.float32),
    )
    with np.errstate(over="raise", invalid="raise"):
        assert layer.loss(g, sign, weight, 2.0) == pytest.approx(1e4 - 2)
        assert layer.sigmoid(np.float32([-1e4, 0, 1e4])).tolist() == [0, 0.5, 1]


def learned(network: Network, steps: int = 5) -> list[np.ndarray]:
    x, _, sign, weight = problem(9, n=20)
    batch = tuple(np.float32(part) for part in (x, sign, weight))
    network.learn(iter([batch] * steps), steps=steps, learning_rate=0.05, l2=0.01)
    return network.weights


def test_no_gradient_crosses_layers() -> None:
    """Whatever stands above a layer, its learning is the same to the last bit."""
    plain = Network((7, 6, 5, 4), threshold=2.0)
    shaken = plain.copy()
    shaken.weights[1] *= -1.7
    shaken.weights[2] += 0.3
    alone = Network((7, 6), threshold=2.0)
    first, other, only = learned(plain), learned(shaken), learned(alone)
    assert first[0].tobytes() == other[0].tobytes() == only[0].tobytes()
    assert first[1].tobytes() != other[1].tobytes()


def test_a_layer_above_sees_directions_only() -> None:
    x = np.float32(problem(1)[0])
    network = Network((7, 6, 5), threshold=2.0)
    louder = network.copy()
    louder.weights[0] *= 3
    quiet, loud = network.goodness(x), louder.goodness(x)
    np.testing.assert_allclose(loud[:, 0], 9 * quiet[:, 0], rtol=1e-5)
    np.testing.assert_allclose(loud[:, 1], quiet[:, 1], rtol=1e-5)
    np.testing.assert_allclose((direction(layer.forward(x, network.weights[0])) ** 2).sum(1), 1, rtol=1e-5)


def test_balancing_puts_the_threshold_where_a_search_finds_it() -> None:
    x, _, sign, weight = (np.float32(part) for part in problem(2, n=30))
    network = Network((7, 6), threshold=6.0, seed=5)
    before = network.goodness(x)[:, 0].astype(np.float64)
    network.balance(x, sign, weight)
    scales = np.geomspace(0.1, 100, 20_001)
    losses = [layer.loss(scale * before, sign, weight, 6.0) for scale in scales]
    found = network.goodness(x)[:, 0].sum() / before.sum()
    assert found == pytest.approx(scales[int(np.argmin(losses))], rel=2e-3)
