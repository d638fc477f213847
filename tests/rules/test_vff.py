"""VFF-Net: the contrast by loops and by hand, veils, groups that keep their gradients, running means."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.backprop import Backprop
from ffcolor.rules.data import digits
from ffcolor.rules.parts.blocks import standardize
from ffcolor.rules.parts.conv import Conv
from ffcolor.rules.vff import VFFNet, contrast, runs

LAYERS = (Conv(4), Conv(4, pool=2), Conv(6))


def small(**settings) -> VFFNet:
    return VFFNet((1, 8, 8), LAYERS, **({"num_classes": 3, "batch_size": 16, "seed": 4, "grid": 2} | settings))


def data(n: int = 24, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.rand(n, 64, generator=generator), torch.randint(3, (n,), generator=generator)
    return x + y[:, None] * torch.linspace(0, 1, 64), y


# ---- oracles -----------------------------------------------------------------------------------------------------


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 999), st.sampled_from([0.1, 0.5, 2.0]))
@settings(max_examples=30, deadline=None)
def test_contrast_is_what_loops_find(n, size, seed, tau):
    generator = torch.Generator().manual_seed(seed)
    features = functional.normalize(torch.randn(3 * n, size, generator=generator, dtype=torch.float64), dim=1)
    labels = torch.randint(3, (n,), generator=generator)
    rows, total = features.tolist(), 0.0
    for i in range(n):
        near = [math.exp(sum(a * b for a, b in zip(rows[i], rows[k], strict=True)) / tau) for k in range(n, 3 * n)]
        same = [p for p in range(n) if labels[p] == labels[i]]
        total += sum(-math.log(near[p] / sum(near)) for p in same) / len(same)
    assert float(contrast(features, labels, tau)) == pytest.approx(total / n)


def test_known_contrast():
    """One input whose positive is parallel and whose negative is opposite: log(1 + exp(-2 / tau))."""
    features = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    assert float(contrast(features, torch.tensor([0]), 0.5)) == pytest.approx(math.log1p(math.exp(-4)), rel=1e-5)


def test_contrast_gradient_in_closed_form():
    """By the neutral features: (sum_k softmax_k f_k - mean of the right positives) / (n tau)."""
    n, tau = 5, 0.3
    generator = torch.Generator().manual_seed(1)
    features = functional.normalize(
        torch.randn(3 * n, 4, generator=generator, dtype=torch.float64), dim=1
    ).requires_grad_()
    labels = torch.tensor([0, 1, 0, 2, 1])
    contrast(features, labels, tau).backward()
    f = features.detach()
    for i in range(n):
        share = (f[n:] @ f[i] / tau).softmax(0)
        right = torch.stack([f[n + p] for p in range(n) if labels[p] == labels[i]]).mean(0)
        assert torch.allclose(features.grad[i], (share @ f[n:] - right) / (n * tau))


def test_streams_are_neutral_right_and_wrong():
    rule = small(noise=0.5)
    x, y = data(64)
    images = standardize(x.view(-1, 1, 8, 8))
    neutral, positive, negative = rule._streams(images, y).chunk(3)
    assert torch.equal(neutral, images)
    assert torch.allclose(positive - images, 0.5 * rule.veils[y], atol=1e-6)
    distances = ((negative - images)[:, None] / 0.5 - rule.veils).flatten(2).norm(dim=2)  # (n, classes)
    drawn = distances.argmin(1)
    assert float(distances.amin(1).max()) < 1e-4
    assert not bool((drawn == y).any())
    assert set(drawn.tolist()) == {0, 1, 2}


def test_running_means_and_goodness():
    rule = small(learning_rate=0.0)
    x, y = data(16)
    positives = rule._outputs(rule.veiled(standardize(x.view(-1, 1, 8, 8)), y))
    rule.partial_fit(x, y)
    rule.partial_fit(x, y)
    for place, features in enumerate(positives):
        wanted = torch.stack([features[y == c].mean(0) * (1 - 0.9**2) for c in range(3)])
        assert torch.allclose(rule.means[str(place)], wanted, atol=1e-5)
    neutral = rule._outputs(standardize(x.view(-1, 1, 8, 8)))
    for features, mean, found in zip(neutral, rule.means.values(), rule.goodness(x), strict=True):
        cosine = functional.cosine_similarity(features[:, None], mean[None], dim=2)
        assert torch.allclose(found, cosine / rule.temperature, atol=1e-3)


def test_a_class_that_is_not_in_the_batch_keeps_its_mean():
    rule = small()
    x, _ = data(16)
    rule.partial_fit(x, [0, 1, 2, 0] * 4)
    before = rule.means["0"].clone()
    rule.partial_fit(x, [0, 1] * 8)
    assert [torch.equal(a, b) for a, b in zip(before, rule.means["0"], strict=True)] == [False, False, True]


def test_no_gradient_leaves_a_group_but_all_layers_of_it_have_one():
    x, y = data(16)
    for place in range(2):
        rule = small()
        made = rule._loss
        rule._loss = lambda at, scores, labels, made=made, place=place: made(at, scores, labels) * (at == place)
        rule.partial_fit(x, y)
        moved = [[bool(layer.weight.taught.abs().sum() > 0) for layer in group.layers] for group in rule.blocks]
        assert moved == [[place == 0] * 2, [place == 1]]


# ---- as a rule ---------------------------------------------------------------------------------------------------


def test_groups_are_runs_of_equal_width():
    assert runs([Conv(4), Conv(4, pool=2), Conv(6), 6, 5]) == [2, 2, 1]
    assert [len(group.layers) for group in small().blocks] == [2, 1]
    assert [len(group.layers) for group in small(groups=(1, 1, 1)).blocks] == [1, 1, 1]


def test_a_stopped_run_ends_in_the_same_bits():
    x, y = data(40)
    whole, part, again = small(), small(), small()
    whole.fit(x, y, epochs=4)

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        part.fit(x, y, epochs=4, on_step=stop)
    again.load_state_dict(part.state_dict())
    states = whole.state_dict(), again.fit(x, y, epochs=4).state_dict()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


@pytest.mark.parametrize(("shape", "layers"), [((1, 8, 8), (Conv(16), Conv(16, pool=2), Conv(32))), (64, (100, 100))])
def test_learns_digits_beside_its_twin(shape, layers):
    images = digits()
    rule = VFFNet(shape, layers, seed=1, batch_size=64)
    twin = rule.twin()
    rule.fit(images.x, images.y, epochs=5)
    assert rule.accuracy(images.x_test, images.y_test) > 0.9
    taught = Backprop(twin, learning_rate=0.003).fit(images.x, images.y, epochs=5)
    assert taught.accuracy(images.x_test, images.y_test) > 0.9


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: small(groups=(2, 2)), "split the 3 layers"),
        (lambda: small(groups=(3, 0)), "split the 3 layers"),
        (lambda: small(temperature=0), "temperature"),
        (lambda: small(noise=-1), "noise"),
    ],
)
def test_faults(make, says):
    with pytest.raises(FfcolorError, match=says) as raised:
        make()
    assert raised.value.code == "invalid-setting"
