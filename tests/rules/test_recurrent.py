"""Recurrent Forward-Forward: gradients against autograd, a run of two layers by hand in numpy, labels and time."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules import checkpoint
from ffcolor.rules.data import digits
from ffcolor.rules.parts.recurrent_layer import Look, RecurrentLayer, rms
from ffcolor.rules.recurrent import RecurrentForwardForward


def data(n: int = 24, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, 9, generator=generator), torch.randint(3, (n,), generator=generator)


def small(**settings) -> RecurrentForwardForward:
    return RecurrentForwardForward([9, 7, 6], **({"num_classes": 3, "batch_size": 8, "steps": 4, "seed": 2} | settings))


def twin(rule: RecurrentForwardForward, x, labels):
    """One batch, step by step as in the equations, in float64 numpy: each stream by itself, gradients on paper."""
    weights = [[w.double().numpy().copy() for w in layer.tensors().values()] for layer in rule.layers]
    squares = [[np.zeros_like(w) for w in layer] for layer in weights]
    x = x.double().numpy()
    classes = rule.num_classes

    def scaled(h):
        return h / np.sqrt((h**2).mean(1, keepdims=True) + 1e-8)

    def drives(h, y):
        below, above = [x] + [scaled(s) for s in h[:-1]], [scaled(s) for s in h[1:]] + [y]
        return [
            (b @ f.T - a @ r.T + scaled(s) @ m.T, (b, a, scaled(s)))
            for (f, r, m), b, a, s in zip(weights, below, above, h, strict=True)
        ]

    def leaky(u):
        return np.where(u > 0, u, 0.01 * u)

    rest = [np.zeros((len(x), units)) for units in rule.dims[1:]]
    for _ in range(rule.label_free):
        rest = [leaky(u) for u, _ in drives(rest, np.full((len(x), classes), 1 / classes))]
    streams = [[h.copy() for h in rest] for _ in labels]
    losses = np.zeros(len(rest))
    for _ in range(rule.shown):
        seen = [drives(h, np.eye(classes)[y]) for h, y in zip(streams, labels, strict=True)]
        streams = [
            [(1 - rule.damping) * s + rule.damping * leaky(u) for s, (u, _) in zip(h, found, strict=True)]
            for h, found in zip(streams, seen, strict=True)
        ]
        for place, layer in enumerate(weights):
            slopes = []
            for sign, h, found in zip((1, -1), streams, seen, strict=True):
                badness = (h[place] ** 2).mean(1)
                lag = sign * (badness - rule.threshold)
                losses[place] += np.log1p(np.exp(lag)).mean() / rule.shown
                by_badness = sign / (1 + np.exp(-lag)) / len(x)
                by_state = by_badness[:, None] * 2 * h[place] / h[place].shape[1]
                u, views = found[place]
                slopes.append((by_state * rule.damping * np.where(u > 0, 1, 0.01), views))
            for kind, sign in ((0, 1), (1, -1), (2, 1)):
                gradient = sum(sign * slope.T @ views[kind] for slope, views in slopes)
                square = squares[place][kind]
                square *= 0.99
                square += 0.01 * gradient**2
                layer[kind] -= rule.learning_rate * gradient / (np.sqrt(square) + 1e-8)
    return weights, losses


def test_a_batch_by_hand():
    rule = small(learning_rate=0.003, loss="logistic", negatives="random")
    x, y = data(8)
    state = rule.generator.get_state()
    shift = torch.randint(1, 3, (8, 1), generator=rule.generator)[:, 0]  # what the rule will draw
    rule.generator.set_state(state)
    wanted, losses = twin(rule, x, [y.numpy(), ((y + shift) % 3).numpy()])
    found = rule.partial_fit(x, y)
    for layer, theirs in zip(rule.layers, wanted, strict=True):
        for mine, weight in zip(layer.tensors().values(), theirs, strict=True):
            assert mine.numpy() == pytest.approx(weight, abs=3e-4)  # a step is 10 lr: float32 of small gradients shows
            assert np.abs(mine.numpy() - weight).mean() < 1e-5
    assert [found["layer0"], found["layer1"]] == pytest.approx(losses, rel=1e-4)
    assert found["loss"] == pytest.approx(losses.sum(), rel=1e-4)


@pytest.mark.parametrize("loss", ["logistic", "symba", "swish"])
def test_gradients_are_those_of_autograd(loss):
    g = torch.Generator().manual_seed(1)
    rule = small(loss=loss, damping=0.6)
    layer = RecurrentLayer(5, 6, 4, last=False, generator=g)
    for weight in layer.tensors().values():
        weight.requires_grad_(True)
    old = torch.randn(2, 8, 6, generator=g)
    for streams in (1, 2):  # an image that both streams share, and states of their own
        look = Look(torch.randn(streams, 8, 5, generator=g), torch.randn(2, 8, 4, generator=g), rms(old))
        u = layer.drive(look)
        h = 0.4 * old + 0.6 * functional.leaky_relu(u, 0.01)
        b = h.square().mean(2)
        lag = b[0] - b[1]
        right = {
            "logistic": functional.softplus(b[0] - 1.5).mean() + functional.softplus(1.5 - b[1]).mean(),
            "symba": functional.softplus(4 * lag).mean(),
            "swish": functional.silu(6 * lag).mean(),
        }[loss]
        wanted = torch.autograd.grad(right, [*layer.tensors().values()])
        with torch.no_grad():
            found, slope = rule._slope(h, u)
            layer.teach(slope, look)
        assert torch.allclose(found, right)
        for weight, gradient in zip(layer.tensors().values(), wanted, strict=True):
            assert torch.allclose(weight.grad, gradient, atol=1e-6)


def test_the_label_is_hidden_at_first():
    """With no steps shown but one, only the top layer can know of the label, and it hears it with a minus sign."""
    rule = small(steps=1, damping=1.0)
    x, _ = data(5)
    first, second = rule.goodness(x)
    assert torch.equal(first, first[:, :1].expand(-1, 3))
    rest = rule._rest(rule._inputs(x))
    layer = rule.layers[1]
    known = rms(rest[0][0]) @ layer.forward.T + rms(rest[1][0]) @ layer.lateral.T
    for label in range(3):
        h = functional.leaky_relu(known - layer.backward[:, label], 0.01)
        assert torch.allclose(second[:, label], -h.square().mean(1), atol=1e-5)


def test_goodness_of_a_label_is_its_column():
    x, y = data(11)
    for rule in (small(), small().fit(*data(), epochs=1)):
        every = rule.goodness(x)
        for one, layer in zip(rule.goodness(x, y), every, strict=True):
            assert torch.allclose(one, layer[torch.arange(11), y], atol=1e-6)
            assert bool((one <= 0).all())
        assert torch.equal(rule.predict(x), sum(every).argmax(1))


def test_an_image_is_a_sequence_that_stands_still():
    x, y = data(8)
    still = x[:, None].repeat(1, 6, 1)
    rule, twin = small(steps=1), small(steps=1)
    for a, b in zip(rule.goodness(x), rule.goodness(still), strict=True):
        assert torch.allclose(a, b, atol=1e-5)
    assert rule.partial_fit(x, y) == pytest.approx(twin.partial_fit(still, y), abs=1e-5)


def test_time_matters():
    """Two classes hold the same frames in another order: only a memory of the frame before tells them apart."""
    g = torch.Generator().manual_seed(3)
    frames = torch.rand(60, 2, 6, generator=g) * 0.2
    y = torch.arange(60) % 2
    frames[:, 0, :3] += 1 - y[:, None].float()
    frames[:, 0, 3:] += y[:, None].float()
    frames[:, 1] = 0.5
    rule = RecurrentForwardForward(
        [6, 12], num_classes=2, label_free=1, steps=1, batch_size=20, learning_rate=0.003, seed=1
    )
    rule.fit(frames, y, epochs=40)  # the frame that tells is seen before the label is
    assert rule.accuracy(frames, y) > 0.95
    assert rule.accuracy(frames[:, [1, 1]], y) < 0.8


def test_dynamic_negatives_are_wrong_and_tempting():
    x, y = data(8)
    rule = small(negatives="dynamic")
    rule.head.bias += torch.tensor([0.0, 0.0, 50.0])
    tried = []
    inner = rule._codes
    rule._codes = lambda labels: tried.append(labels) or inner(labels)
    rule.partial_fit(x, y)
    own, wrong = tried[0]
    assert torch.equal(own, y)
    assert not bool((own == wrong).any())
    assert bool((wrong[y != 2] == 2).all())


@pytest.mark.parametrize("settings", [{}, {"negatives": "random", "momentum": 0.5}])
def test_goes_on_to_the_same_bits(settings, tmp_path):
    x, y = data(20)
    straight = small(**settings).fit(x, y, epochs=3)
    half = small(**settings)

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half.fit(x, y, epochs=3, on_step=stop)
    checkpoint.save(tmp_path / "state", half)
    resumed = small(**settings)
    checkpoint.load(tmp_path / "state", resumed)
    resumed.fit(x, y, epochs=3)
    one, two = straight.state_dict(), resumed.state_dict()
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_learns_digits():
    images = digits()
    rule = RecurrentForwardForward([64, 60, 60], steps=4, learning_rate=0.001, batch_size=50, seed=1)
    rule.fit(images.x[:1000], images.y[:1000], epochs=4)
    assert rule.accuracy(images.x_test, images.y_test) > 0.85


@pytest.mark.parametrize(
    ("settings", "gist"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"label_free": -1}, "label_free is -1"),
        ({"damping": 1.5}, "damping is 1.5"),
        ({"negatives": "hard"}, "negatives is 'hard'"),
        ({"standardize": (0.0, 0.0)}, r"standardize\[1\] is 0.0"),
        ({"loss": "hinge"}, "loss is 'hinge'"),
    ],
)
def test_settings_are_checked(settings, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        small(**settings)
    assert caught.value.code == "invalid-setting"


@pytest.mark.parametrize("shape", [(4, 8), (4, 3, 8), (4, 3, 3, 9)])
def test_inputs_of_another_size_are_refused(shape):
    with pytest.raises(FfcolorError, match=r"\(n, 9\)") as caught:
        small().predict(torch.zeros(shape))
    assert caught.value.code == "shape"
