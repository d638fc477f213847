"""Mono-Forward: two steps of a dense network by hand, in numpy, and layers that learn from their own error alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ffcolor.errors import FfcolorError
from ffcolor.rules.data import digits
from ffcolor.rules.mono import MonoForward
from ffcolor.rules.parts.conv import Conv, output


def data(n: int = 24, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.rand(n, 9, generator=generator), torch.randint(3, (n,), generator=generator)
    return x + y[:, None] * torch.linspace(0, 1, 9), y


def small(**settings) -> MonoForward:
    return MonoForward(9, (8, 6), **({"num_classes": 3, "batch_size": 12, "seed": 2} | settings))


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def test_two_steps_by_hand():
    """The gradients worked out on paper, AdamW as published, float64 numpy: the weights come out the same."""
    rate, decay = 0.01, 0.1
    rule = small(learning_rate=rate, weight_decay=decay)
    x, y = data(12)
    weights = [[value.detach().double().numpy().copy() for value in block.parameters()] for block in rule.blocks]
    first = [[np.zeros_like(value) for value in layer] for layer in weights]
    second = [[np.zeros_like(value) for value in layer] for layer in weights]
    images = x.double().numpy()
    images = (images - images.mean(1, keepdims=True)) / (images.std(1, keepdims=True) + 1e-5)
    for step in (1, 2):
        losses = rule.partial_fit(x, y)
        h = images
        for place, (w, b, m) in enumerate(weights):
            z = h @ w.T + b
            a = np.maximum(z, 0)
            p = softmax(a @ m.T)
            assert losses[f"layer{place}"] == pytest.approx(-np.log(p[np.arange(12), y.numpy()]).mean(), rel=1e-4)
            error = (p - np.eye(3)[y.numpy()]) / 12
            dz = error @ m * (z > 0)
            for k, gradient in enumerate((dz.T @ h, dz.sum(0), error.T @ a)):
                first[place][k] = 0.9 * first[place][k] + 0.1 * gradient
                second[place][k] = 0.999 * second[place][k] + 0.001 * gradient**2
                mean, square = first[place][k] / (1 - 0.9**step), second[place][k] / (1 - 0.999**step)
                value = weights[place][k]
                value *= 1 - rate * decay
                value -= rate * mean / (np.sqrt(square) + 1e-8)
            h = a
    for block, wanted in zip(rule.blocks, weights, strict=True):
        for mine, theirs in zip(block.parameters(), wanted, strict=True):
            assert mine.detach().numpy() == pytest.approx(theirs, abs=2e-5)


@pytest.mark.parametrize("layers", [(8, 6), (Conv(4), Conv(4), 5)])
def test_a_layer_learns_from_its_own_error_alone(layers):
    x, y = data()
    for place in range(len(layers)):
        rule = MonoForward((1, 3, 3), layers, num_classes=3)
        made = rule._loss
        rule._loss = lambda at, scores, labels, made=made, place=place: made(at, scores, labels) * (at == place)
        rule.partial_fit(x, y)
        moved = [bool(block.layer.weight.taught.abs().sum() > 0) for block in rule.blocks]
        assert moved == [at == place for at in range(len(layers))]


def test_changing_a_later_layer_changes_no_earlier_one():
    x, y = data()
    one, two = small(), small()
    with torch.no_grad():
        two.blocks[1].projection.weight.mul_(-3)
    for rule in (one, two):
        for _ in range(3):
            rule.partial_fit(x, y)
    assert torch.equal(one.blocks[0].layer.weight, two.blocks[0].layer.weight)
    assert not torch.equal(one.blocks[1].layer.weight, two.blocks[1].layer.weight)


def test_goodness_is_the_projection():
    x, _ = data(5)
    rule = small()
    images = (x - x.mean(1, keepdim=True)) / (x.std(1, correction=0, keepdim=True) + 1e-5)
    h = images
    for block, found in zip(rule.blocks, rule.goodness(x), strict=True):
        h = (h @ block.layer.weight.T + block.layer.bias).clamp(min=0)
        assert torch.allclose(found, h @ block.projection.weight.T, atol=1e-5)
    assert torch.equal(rule.predict(x), rule.goodness(x)[-1].argmax(1))


def test_grid_sees_means_of_fields():
    rule = MonoForward((1, 8, 8), (Conv(3),), num_classes=3, grid=2)
    assert rule.blocks[0].projection.weight.shape == (3, 12)
    x = torch.rand(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    scores, a = rule.blocks[0](x)
    fields = a.view(2, 3, 2, 4, 2, 4).mean((3, 5)).flatten(1)
    assert torch.allclose(scores, fields @ rule.blocks[0].projection.weight.T, atol=1e-6)


@pytest.mark.parametrize("layer", [Conv(4), Conv(4, 5, pool=2), Conv(4, 3, stride=2), Conv(4, 3, padding=0, pool=3), 7])
def test_sizes_are_those_of_the_modules(layer):
    rule = MonoForward((2, 11, 9), (layer,), num_classes=3)
    a = rule.blocks[0](torch.zeros(1, 2, 11, 9))[1]
    assert tuple(a.shape[1:]) == output(layer, (2, 11, 9))


def test_a_batch_of_one_is_normalised_by_the_running_means():
    rule = small(norm="batch")
    x, y = data(13)  # twelve and one
    rule.fit(x, y, epochs=2)
    assert [int(block.norm.num_batches_tracked) for block in rule.blocks] == [2, 2]


@pytest.mark.parametrize(
    ("shape", "layers", "more"),
    [(64, (100, 100), {}), ((1, 8, 8), (Conv(16), Conv(16, pool=2), 50), {"norm": "batch", "grid": 4})],
)
def test_learns_digits(shape, layers, more):
    images = digits()
    rule = MonoForward(shape, layers, seed=1, batch_size=64, learning_rate=0.003, **more)
    assert rule.fit(images.x, images.y, epochs=8).accuracy(images.x_test, images.y_test) > 0.93


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: MonoForward(9, (Conv(3),)), r"layers\[0\]"),
        (lambda: MonoForward((1, 4, 4), (Conv(3, pool=8),)), r"layers\[0\]"),
        (lambda: MonoForward(9, ()), "at least one"),
        (lambda: MonoForward(9, (0,)), r"layers\[0\]"),
        (lambda: small(norm="group"), "norm"),
    ],
)
def test_faults(make, says):
    with pytest.raises(FfcolorError, match=says) as raised:
        make()
    assert raised.value.code == "invalid-setting"
