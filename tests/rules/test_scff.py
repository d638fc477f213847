"""Self-contrastive Forward-Forward: a step by hand in numpy, pairs as concatenated inputs, its layers and negatives."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules import augment, checkpoint
from ffcolor.rules.data import digits
from ffcolor.rules.parts.contrast import Contrast, Recurrent, standard
from ffcolor.rules.parts.conv import Conv
from ffcolor.rules.parts.mixer import Mixer
from ffcolor.rules.parts.negatives import partners
from ffcolor.rules.scff import SelfContrastiveFF

KINDS = {
    "dense": ([9, 8, 7], (9,)),
    "conv": ([(1, 6, 6), Conv(4, pool=2), Conv(3), 5], (1, 6, 6)),
    "recurrent": ([(5, 3), Recurrent(6, bidirectional=True), Recurrent(4)], (5, 3)),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def made(kind: str = "dense", **settings) -> SelfContrastiveFF:
    view = augment.shifts(1) if kind != "recurrent" else lambda x, g: x + 0.1 * torch.randn(x.shape, generator=g)
    plain = {"num_classes": 3, "batch_size": 8, "seed": 2, "view": view}
    return SelfContrastiveFF(KINDS[kind][0], **(plain | settings))


def data(kind: str = "dense", n: int = 24, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, *KINDS[kind][1], generator=generator), torch.randint(3, (n,), generator=generator)


def layer_of(kind: str, **settings) -> Contrast:
    return made(kind, **settings).layers[0]


# ---- the rule --------------------------------------------------------------------------------------------------------


def test_a_step_by_hand():
    """Two layers, gradients worked out on paper, AdamW's first step, float64 numpy."""
    rate, decay = 0.01, 0.1
    rule = made(learning_rate=rate, weight_decay=decay, thresholds=((0.5, 1.0), (0.2, 0.1)), penalty=(0.1, 0.0))
    x, y = data(n=8)
    twin = made()  # its generator will draw the same partners
    shift = partners(8, twin.generator).numpy()
    maps = [layer.map for layer in rule.layers]
    weights = [(m.weight.detach().double().numpy(), m.bias.detach().double().numpy()) for m in maps]
    losses = rule.partial_fit(x, y)
    h = x.double().numpy()
    h = (h - h.mean(1, keepdims=True)) / (h.std(1, keepdims=True) + 1e-5)
    settings = zip(weights, ((0.5, 1.0), (0.2, 0.1)), (0.1, 0.0), strict=True)
    for place, ((w, b), (high, low), penalty) in enumerate(settings):
        units = len(b)
        plus, minus = 2 * (h @ w.T + b), (h + h[shift]) @ w.T + 2 * b
        g_plus, g_minus = ((np.maximum(z, 0) ** 2).mean(1) for z in (plus, minus))
        loss = np.log1p(np.exp(high - g_plus)).mean() + np.log1p(np.exp(g_minus - low)).mean() + penalty * g_plus.mean()
        assert losses[f"layer{place}"] == pytest.approx(loss, rel=1e-5)
        by_plus = (-1 / (1 + np.exp(g_plus - high)) + penalty) / 8
        by_minus = 1 / (1 + np.exp(low - g_minus)) / 8
        dz_plus = by_plus[:, None] * 2 * np.maximum(plus, 0) / units
        dz_minus = by_minus[:, None] * 2 * np.maximum(minus, 0) / units
        dw = dz_plus.T @ (2 * h) + dz_minus.T @ (h + h[shift])
        db = 2 * (dz_plus + dz_minus).sum(0)
        layer = rule.layers[place].map
        for mine, value, gradient in ((layer.weight, w, dw), (layer.bias, b, db)):
            stepped = value * (1 - rate * decay) - rate * gradient / (np.abs(gradient) + 1e-8)
            assert mine.detach().numpy() == pytest.approx(stepped, abs=1e-5)
        a = np.maximum(plus - plus.mean(1, keepdims=True), 0)  # the triangle
        h = (a - a.mean(1, keepdims=True)) / (a.std(1, keepdims=True) + 1e-5)


@kinds
def test_a_pair_is_a_concatenated_input(kind):
    """What a layer makes of the sum of two drives is what the same weights, twice, make of both inputs side by side."""
    rule = made(kind)
    layer = rule.layers[0]
    one, two = data(kind, 4)[0], data(kind, 4, seed=1)[0]
    z = layer.respond(layer.drive(one) + layer.drive(two)).detach()
    w, b = layer.map.weight.detach(), layer.map.bias.detach()
    if kind == "dense":
        wanted = torch.cat([one, two], 1) @ torch.cat([w, w], 1).T + 2 * b
    elif kind == "conv":
        wanted = functional.conv2d(torch.cat([one, two], 1), torch.cat([w, w], 1), 2 * b, padding=1)
    else:
        cell = layer.again.detach()
        both, found = torch.cat([one, two], 2) @ torch.cat([w, w], 1).T + 2 * b, []
        for direction, times in enumerate((range(5), reversed(range(5)))):
            state, steps = torch.zeros(4, 6), {}
            for t in times:
                steps[t] = both[:, t, 6 * direction : 6 * direction + 6] + state @ cell[direction].T
                state = standard(steps[t].clamp_min(0))
            found.append(torch.stack([steps[t] for t in range(5)], 2))
        wanted = torch.cat(found, 1)
    assert torch.allclose(z, wanted, atol=1e-5)


@kinds
def test_loss_is_a_mean_over_places(kind):
    layer = layer_of(kind, thresholds=(0.4, 0.9), penalty=0.3)
    x = data(kind, 4)[0]
    with torch.no_grad():
        plus, minus = layer.respond(2 * layer.drive(x)), layer.respond(layer.drive(x) + layer.drive(x.flip(0)))
    total, norms = 0.0, 0.0
    places = [range(size) for size in plus.shape[2:]]
    grid = np.array(np.meshgrid(*places)).reshape(len(places), -1).T.tolist() if places else [[]]
    for n in range(4):
        high = []
        for at in grid:
            g_plus, g_minus = (float(z[(n, slice(None), *at)].clamp_min(0).square().mean()) for z in (plus, minus))
            total += np.log1p(np.exp(0.4 - g_plus)) + np.log1p(np.exp(g_minus - 0.9))
            high.append(g_plus)
        norms += np.linalg.norm(high)
    assert float(layer.loss(plus, minus)) == pytest.approx(total / 4 / len(grid) + 0.3 * norms / 4, rel=1e-5)


def test_no_gradient_goes_back_in_time():
    layer = layer_of("recurrent")
    x = data("recurrent", 4)[0].requires_grad_(True)
    z = layer.respond(layer.drive(x))
    (slope,) = torch.autograd.grad(z[:, :6, 3].sum(), x)
    assert bool((slope[:, 3] != 0).any())
    assert not bool(slope[:, [0, 1, 2, 4]].any())


@kinds
def test_a_layer_learns_from_its_own_loss_alone(kind):
    x, y = data(kind)
    one, two = made(kind), made(kind)
    with torch.no_grad():
        for weight in two.layers[1].parameters():
            weight.mul_(-3)
    before = [weight.clone() for weight in one.layers[0].parameters()]
    for rule in (one, two):
        rule.partial_fit(x, y)
        rule.partial_fit(x, (y + 1) % 3 if rule is two else y)  # nor from labels
    for a, b, old in zip(one.layers[0].parameters(), two.layers[0].parameters(), before, strict=True):
        assert torch.equal(a, b)
        assert not torch.equal(a, old)


def test_greedy_layers_take_turns_and_then_settle():
    x, y = data(n=8)
    moved = []
    rule = made(schedule="greedy", settle=0.2)

    def watch(step: int, steps: int, loss: float) -> None:
        moved.append([layer.map.weight.detach().clone() for layer in rule.layers])

    start = [layer.map.weight.detach().clone() for layer in rule.layers]
    rule.fit(x, y, epochs=10, on_step=watch)
    changes = [
        [not torch.equal(a, b) for a, b in zip(now, then, strict=True)]
        for now, then in zip(moved, [start, *moved], strict=False)
    ]
    assert changes == [[True, False]] * 4 + [[False, True]] * 4 + [[False, False]] * 2


def test_untrained_layers_stay_as_they_were_drawn():
    rule = made(learning_rate=0.0)
    before = [weight.clone() for layer in rule.layers for weight in layer.parameters()]
    rule.fit(*data(), epochs=3)
    after = [weight for layer in rule.layers for weight in layer.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert bool(rule.head.weight.any())


# ---- negatives -------------------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("negatives", ["pairs", "views"])
def test_negatives_as_inputs_are_what_layers_see(kind, negatives):
    rule, twin = made(kind, negatives=negatives), made(kind, negatives=negatives)
    x = data(kind, 6)[0]
    made_up = rule.generate_negatives(x)
    assert made_up.shape == x.shape
    shift = partners(6, twin.generator)
    one, two = twin._streams(x, shift)
    layer = rule.layers[0]
    _, z = twin._responses(layer, one, two, shift)
    assert torch.allclose(layer.respond(2 * layer.drive(made_up)), z, atol=1e-5)
    assert torch.equal(one, two) == (negatives == "pairs")


def test_half_of_what_tells_two_inputs_apart_is_from_either():
    g = torch.Generator().manual_seed(1)
    mixer = Mixer((1, 4, 5), 16, g)
    with torch.no_grad():
        mixer.outer.weight.mul_(20)
    x, other = torch.rand(9, 1, 4, 5, generator=g), torch.rand(9, 1, 4, 5, generator=g)
    x[0, 0, :2] = other[0, 0, :2]
    m = mixer.mask(x, other).detach()
    assert float(m.min()) >= 0
    assert float(m.max()) <= 1
    weight = (x - other).square()
    assert torch.allclose((m * weight).sum((1, 2, 3)), weight.sum((1, 2, 3)) / 2, rtol=1e-4)
    assert torch.allclose(mixer(x, other), m * x + (1 - m) * other)
    assert torch.allclose(mixer(x, x), x)


def test_the_generator_learns_to_deceive_and_only_that():
    """Against layers that stay as they are its negatives get better and better; against layers that learn, worse."""
    x, _ = data(n=24)
    rule = made(negatives="generator", learning_rate=0.0, generator_learning_rate=0.01)
    before = rule.layers[0].map.weight.clone()

    def deceived(rule) -> float:
        shift = partners(24, torch.Generator().manual_seed(5))
        with torch.no_grad():
            layer = rule.layers[0]
            g = layer.goodness(layer.respond(2 * layer.drive(standard(rule.mixer(x, x[shift])))))
            return float(functional.softplus(layer.thresholds[0] - g).mean())

    start = deceived(rule)
    found = [rule.partial_fit(x, torch.zeros(24, dtype=torch.int64))["generator"] for _ in range(60)]
    assert deceived(rule) < start
    assert np.mean(found[-10:]) < np.mean(found[:10])
    assert torch.equal(rule.layers[0].map.weight, before)
    learning = made(negatives="generator", learning_rate=0.01, generator_learning_rate=0.0, thresholds=(1.0, 1.0))
    kept = [weight.clone() for weight in learning.mixer.parameters()]
    start = learning.partial_fit(x, torch.zeros(24, dtype=torch.int64))["layer0"]
    for _ in range(60):
        last = learning.partial_fit(x, torch.zeros(24, dtype=torch.int64))["layer0"]
    assert last < start
    assert all(torch.equal(a, b) for a, b in zip(kept, learning.mixer.parameters(), strict=True))


# ---- answers and state -----------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("negatives", ["pairs", "views", "generator"])
def test_goes_on_to_the_same_bits(kind, negatives, tmp_path):
    x, y = data(kind, 20)
    settings = {"negatives": negatives, "dropout": 0.2}
    straight = made(kind, **settings).fit(x, y, epochs=3)
    half = made(kind, **settings)

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half.fit(x, y, epochs=3, on_step=stop)
    checkpoint.save(tmp_path / "state", half)
    resumed = made(kind, **settings)
    checkpoint.load(tmp_path / "state", resumed)
    resumed.fit(x, y, epochs=3)
    one, two = straight.state_dict(), resumed.state_dict()
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], two[key]) for key in one)
    assert torch.equal(straight.predict(x), resumed.predict(x))


@kinds
def test_what_it_answers(kind):
    x, y = data(kind)
    rule = made(kind, read="last")
    assert set(rule.partial_fit(x, y)) == {"loss", "head", *(f"layer{place}" for place in range(len(rule.layers)))}
    assert all(g.shape == (24,) for g in rule.goodness(x))
    assert [torch.equal(a, b) for a, b in zip(rule.goodness(x), rule.goodness(x, y), strict=True)]
    assert rule.features(x).shape == (24, rule.head.weight.shape[1])
    assert torch.equal(rule.predict(x), rule.head(rule.features(x)).argmax(1))


@pytest.mark.parametrize("negatives", ["pairs", "views", "generator"])
def test_learns_digits(negatives):
    images = digits()
    rule = SelfContrastiveFF([64, 200], negatives=negatives, view=augment.shifts(1), seed=1)
    rule.fit(images.x, images.y, epochs=12)
    assert rule.accuracy(images.x_test, images.y_test) > 0.9


@pytest.mark.parametrize(
    ("dims", "settings", "gist"),
    [
        ([9], {}, r"dims is \[9\]"),
        ("784", {}, "dims is '784'"),
        ([9, Conv(3)], {}, r"layers\[0\]"),
        ([(5, 3), Recurrent(4), 6], {}, "no other layers"),
        ([9, Recurrent(4)], {}, "no other layers"),
        ([9, 8], {"negatives": "random"}, "negatives is 'random'"),
        ([9, 8], {"thresholds": (1.0,)}, r"must be a pair|one for all layers"),
        ([9, 8, 7], {"learning_rate": (0.1,)}, "learning_rate is .* 2, one each"),
        ([9, 8], {"activity": "tanh"}, "activity is 'tanh'"),
        ([9, 8], {"dropout": 1.0}, "dropout is 1.0"),
    ],
)
def test_settings_are_checked(dims, settings, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        SelfContrastiveFF(dims, **settings)
    assert caught.value.code == "invalid-setting"


def test_inputs_of_another_size_are_refused():
    with pytest.raises(FfcolorError, match=r"made for \(9,\)") as caught:
        made().predict(torch.zeros(4, 8))
    assert caught.value.code == "shape"
