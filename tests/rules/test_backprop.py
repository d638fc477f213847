"""The backpropagation twin against gradients worked out by the chain rule on paper, and torch's own Adam."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ffcolor import FfcolorError
from ffcolor.rules import Backprop, ForwardForward
from ffcolor.rules.data import digits


def batch(n: int = 6, width: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(3)
    return torch.rand(n, width, generator=g), torch.randint(0, 3, (n,), generator=g)


def test_a_step_is_the_chain_rule():
    x, y = batch()
    rule = Backprop([5, 4], num_classes=3, seed=2)
    first, last = (layer for layer in rule.network if isinstance(layer, nn.Linear))
    W, V = first.weight.detach().clone(), last.weight.detach().clone()
    loss = rule.partial_fit(x, y)["loss"]
    h = (x @ W.T).clamp(0)
    p = (h @ V.T).softmax(1)
    assert loss == pytest.approx(-float(p[torch.arange(6), y].log().mean()), rel=1e-5)
    error = (p - torch.eye(3)[y]) / 6
    torch.testing.assert_close(last.weight.grad, error.T @ h, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(first.weight.grad, ((error @ V) * (h > 0)).T @ x, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(first.bias.grad, ((error @ V) * (h > 0)).sum(0), rtol=1e-4, atol=1e-6)


def test_a_module_of_ones_own_learns_like_with_torch_alone():
    x, y = batch(12)
    make = lambda: nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3))  # noqa: E731
    peer, module = make(), make()
    module.load_state_dict(peer.state_dict())
    rule = Backprop(module, num_classes=3, learning_rate=0.01, weight_decay=0.1, cooldown=0)
    adam = torch.optim.AdamW(peer.parameters(), lr=0.01, weight_decay=0.1)
    for _ in range(5):
        rule.partial_fit(x, y)
        adam.zero_grad()
        cross_entropy(peer(x), y).backward()
        adam.step()
    for mine, theirs in zip(module.parameters(), peer.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(rule.goodness(x)[0], peer(x).detach(), rtol=1e-4, atol=1e-5)


def test_it_is_the_twin_of_the_same_sizes():
    twin, rule = Backprop([64, 30, 20]), ForwardForward([64, 30, 20])
    sizes = [tuple(layer.weight.shape) for layer in twin.network if isinstance(layer, nn.Linear)]
    assert sizes == [*(tuple(layer.weight.shape) for layer in rule.layers), (10, 20)]


def test_it_learns_digits():
    data = digits()
    rule = Backprop([64, 80], seed=1).fit(data.x, data.y, epochs=10)
    assert rule.accuracy(data.x_test, data.y_test) >= 0.9
    own = rule.goodness(data.x_test, data.y_test)[0]
    assert torch.equal(own, rule.goodness(data.x_test)[0][torch.arange(360), data.y_test])


def test_dropout_is_off_where_it_answers():
    x, y = batch()
    with torch.random.fork_rng():
        rule = Backprop(nn.Sequential(nn.Linear(5, 30), nn.Dropout(0.5), nn.Linear(30, 3)), num_classes=3)
        rule.partial_fit(x, y)
        assert torch.equal(rule.goodness(x)[0], rule.goodness(x)[0])


def test_a_module_with_other_outputs_is_refused():
    x, y = batch()
    with pytest.raises(FfcolorError, match=r"the network gives \(6, 4\); it must give logits \(6, 3\)"):
        Backprop(nn.Linear(5, 4), num_classes=3).partial_fit(x, y)
    with pytest.raises(FfcolorError, match="the network cannot take inputs of shape"):
        Backprop(nn.Linear(7, 3), num_classes=3).predict(x)
