"""Distance-Forward: gradients against autograd, a step by hand in numpy, collaboration, and no collapse."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ffcolor.errors import FfcolorError
from ffcolor.rules import checkpoint
from ffcolor.rules.data import digits
from ffcolor.rules.distance import DistanceForward, DistanceForwardLayer
from ffcolor.rules.parts.norms import normalize


def data(n: int = 24, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, 9, generator=generator), torch.randint(3, (n,), generator=generator)


def small(**settings) -> DistanceForward:
    return DistanceForward([9, 8, 7, 6], **({"num_classes": 3, "batch_size": 8, "seed": 2} | settings))


def pair_loss(h, centers, y, margin, sharpness):
    """log(1 + sum of exp(m + s (d_y - d_j)) over the wrong classes), as it is written."""
    d = (h[:, None] - centers).square().mean(2)
    terms = torch.exp(margin + sharpness * (d.gather(1, y[:, None]) - d))
    wrong = torch.arange(len(centers)) != y[:, None]
    return torch.log(1 + (terms * wrong).sum(1)).mean()


def test_slopes_are_those_of_autograd():
    g = torch.Generator().manual_seed(3)
    layer = DistanceForwardLayer(9, 6, 4, margin=0.7, sharpness=5.0, centers="learned")
    h, y = torch.rand(10, 6, generator=g), torch.randint(4, (10,), generator=g)
    layer.centers.copy_(torch.rand(4, 6, generator=g))
    layer.known.fill_(1)
    loss, dh, dc = layer.slopes(h, y)
    h.requires_grad_(True)
    centers = layer.centers.clone().requires_grad_(True)
    wanted = pair_loss(h, centers, y, 0.7, 5.0)
    by_h, by_center = torch.autograd.grad(wanted, [h, centers])
    assert torch.allclose(loss, wanted, atol=1e-6)
    assert torch.allclose(dh, by_h, atol=1e-7)
    assert torch.allclose(dc, by_center, atol=1e-7)


@pytest.mark.parametrize("norm", ["rms", "l2", "none"])
@pytest.mark.parametrize("collaboration", ["none", "overlap", "random"])
def test_what_each_layer_steps_down(collaboration, norm):
    """Overlap: a layer's gradient is that of its own loss and the next one's, as a graph over two layers gives it."""
    rule = small(collaboration=collaboration, norm=norm, strength=0.6, sharpness=4.0)
    x, y = data(8)
    rule.partial_fit(x, y)  # the centres are there now
    weights = [
        (layer.weight.clone().requires_grad_(True), layer.bias.clone().requires_grad_(True)) for layer in rule.layers
    ]
    centers = [layer.centers.clone() for layer in rule.layers]

    def losses(cut: int):
        """The losses of layers cut - 1 and cut … with the graph cut below `cut`: only what starts there is recorded."""
        h, found, outputs = x, [], []
        for place, (w, b) in enumerate(weights):
            if place == cut:
                h = h.detach()
            h = torch.relu(normalize(h, norm) @ w.T + b)
            h.retain_grad() if h.requires_grad else None
            outputs.append(h)
            found.append(pair_loss(h, centers[place], y, 1.0, 4.0))
        return found, outputs

    wanted = []
    for place in range(3):
        found, outputs = losses(place)
        total = found[place]
        if place < 2 and collaboration == "overlap":
            total = total + 0.6 * found[place + 1]
        if place < 2 and collaboration == "random":
            (error,) = torch.autograd.grad(found[place + 1], outputs[place + 1], retain_graph=True)
            total = total + 0.6 * (outputs[place] * (error @ rule.feedback[f"to{place}"].T)).sum()
        wanted.append(torch.autograd.grad(total, weights[place]))
    rule.partial_fit(x, y)
    for layer, (by_weight, by_bias) in zip(rule.layers, wanted, strict=True):
        assert torch.allclose(layer.weight.taught, by_weight, atol=1e-6)
        assert torch.allclose(layer.bias.taught, by_bias, atol=1e-6)


def test_a_step_by_hand():
    """Two inputs, two classes, one unit each: everything on paper."""
    layer = DistanceForwardLayer(
        2, 2, 2, margin=0.0, sharpness=2.0, norm="none", learning_rate=0.1, momentum=0.5, centers="mean"
    )
    layer.weight.copy_(torch.eye(2))
    x, y = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 1])
    # h = x, the centres are met at h: d = 0 for the own, (1 + 1) / 2 = 1 for the other; loss = log(1 + e^-2)
    assert layer.fit_batch(x, y) == pytest.approx(np.log(1 + np.exp(-2)), rel=1e-6)
    # p_other = 1 / (1 + e^2); dloss/dh = (2 s / width / n) p_other (c_other - c_own) = p_other (c_other - c_own)
    p = 1 / (1 + np.exp(2))
    assert layer.weight.taught.numpy() == pytest.approx(np.array([[-p, 0], [0, -p]]), abs=1e-6)  # where relu is on
    # Adam's first step is its rate, whatever the slope's size; zeros stay
    assert layer.weight.numpy() == pytest.approx(np.array([[1.1, 0], [0, 1.1]]), abs=1e-5)
    assert torch.equal(layer.centers, x)  # running means of the activities before the step
    assert layer.predict(x).tolist() == [0, 1]


def test_centres_are_running_means():
    layer = DistanceForwardLayer(9, 5, 4, momentum=0.8, learning_rate=0.0, centers="mean")
    x, _ = data(6)
    h = layer.forward(normalize(x, "rms"))
    layer.fit_batch(x, torch.tensor([0, 0, 1, 1, 1, 2]))
    assert torch.allclose(layer.centers[:3], torch.stack([h[:2].mean(0), h[2:5].mean(0), h[5]]), atol=1e-6)
    assert layer.known.tolist() == [1, 1, 1, 0]
    layer.fit_batch(x[:1], torch.tensor([1]))
    assert torch.allclose(layer.centers[1], 0.8 * h[2:5].mean(0) + 0.2 * h[0], atol=1e-6)
    assert torch.allclose(layer.centers[0], h[:2].mean(0), atol=1e-6)


def test_a_class_that_was_never_met_is_never_the_answer():
    x, _ = data(12)
    rule = DistanceForward([9, 8], num_classes=3, seed=1)
    rule.partial_fit(x, torch.arange(12) % 2)
    assert set(rule.predict(x).tolist()) <= {0, 1}


@pytest.mark.parametrize("centers", ["mean", "learned"])
def test_never_collapses(centers):
    """Sixty epochs at a rate that drives pull-only layers to one point: centres stay apart, and answers right."""
    images = digits()
    layer = DistanceForwardLayer(64, 60, 10, learning_rate=0.03, centers=centers, seed=1)
    for epoch in range(60):
        order = torch.randperm(len(images.x), generator=torch.Generator().manual_seed(epoch))
        for batch in order.split(200):
            layer.fit_batch(images.x[batch], images.y[batch])
    assert float(torch.pdist(layer.centers).min()) > 1
    assert float((layer.predict(images.x_test) == images.y_test).float().mean()) > 0.9


def test_pulling_alone_would_collapse():
    """The control: the same layer that only minimises the distance to the right centre ends in one point."""
    images = digits()
    layer, spread = DistanceForwardLayer(64, 60, 10, learning_rate=0.01, norm="none", centers="mean", seed=1), []
    for _ in range(400):
        h = layer.forward(images.x)
        layer._meet(h, images.y)
        layer.learn(images.x, h, images.y, 2 * (h - layer.centers[images.y]) / len(h), layer.centers)
        spread.append(float(torch.pdist(layer.centers).max()))
    assert spread[-1] < 0.1 * spread[0]


@pytest.mark.parametrize("collaboration", ["none", "overlap", "random"])
def test_learns_digits(collaboration):
    images = digits()
    rule = DistanceForward([64, 80, 80], collaboration=collaboration, seed=1).fit(images.x, images.y, epochs=6)
    assert rule.accuracy(images.x_test, images.y_test) > 0.92
    for layer in rule.goodness(images.x_test):
        assert float((layer.argmax(1) == images.y_test).float().mean()) > 0.9


def test_goodness_is_minus_the_distance():
    rule = small().fit(*data(), epochs=2)
    x, y = data(11, seed=4)
    every = rule.goodness(x)
    h = x
    for layer, found, own in zip(rule.layers, every, rule.goodness(x, y), strict=True):
        h = torch.relu(normalize(h, "rms") @ layer.weight.T + layer.bias)
        assert torch.allclose(found, -(h[:, None] - layer.centers).square().mean(2), atol=1e-5)
        assert torch.equal(own, found[torch.arange(11), y])
    assert torch.equal(rule.predict(x), sum(every).argmax(1))


@pytest.mark.parametrize("settings", [{"centers": "mean"}, {"collaboration": "random"}])
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


@pytest.mark.parametrize(
    ("call", "gist"),
    [
        (lambda: small(collaboration="all"), "collaboration is 'all'"),
        (lambda: small(centers="fixed"), "centers is 'fixed'"),
        (lambda: small(margin=-1), "margin is -1"),
        (lambda: small(momentum=2), "momentum is 2"),
        (lambda: DistanceForwardLayer(4, 0, 3), "out_dim is 0"),
        (lambda: DistanceForwardLayer(4, 3, 1), "num_classes is 1"),
    ],
)
def test_settings_are_checked(call, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        call()
    assert caught.value.code == "invalid-setting"


def test_inputs_of_another_size_are_refused():
    with pytest.raises(FfcolorError, match="8 numbers each") as caught:
        small().predict(torch.zeros(4, 8))
    assert caught.value.code == "shape"
