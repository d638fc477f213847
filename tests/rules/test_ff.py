"""Forward-Forward against automatic differentiation, a brute-force sweep, torch's Adam, and Hinton's definitions."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import relu, softplus

from ffcolor import FfcolorError
from ffcolor.rules import ForwardForward, UnsupervisedForwardForward
from ffcolor.rules.data import digits
from ffcolor.rules.parts import negatives
from ffcolor.rules.parts.cooling import cooled
from ffcolor.rules.parts.head import Head
from ffcolor.rules.parts.labels import LabelCode
from ffcolor.rules.parts.losses import ALPHA, LOSSES
from ffcolor.rules.parts.norms import Peers, normalize

SMALL = {"num_classes": 3, "batch_size": 8}


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(n: int = 8, width: int = 12, classes: int = 3) -> tuple[Tensor, Tensor]:
    g = generator(7)
    return torch.rand(n, width, generator=g), torch.randint(0, classes, (n,), generator=g)


def named_loss(name: str, positive: Tensor, negative: Tensor, threshold: float, alpha: float) -> Tensor:
    """The losses as they are written in the papers."""
    d = positive - negative
    if name == "logistic":
        return softplus(alpha * (threshold - positive)).mean() + softplus(alpha * (negative - threshold)).mean()
    return softplus(-alpha * d).mean() if name == "symba" else (-alpha * d * torch.sigmoid(-alpha * d)).mean()


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        return z.clamp(0)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


# ---- losses ------------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(LOSSES)), st.integers(0, 10_000), st.floats(0.1, 20), st.floats(0, 3))
@settings(deadline=None, max_examples=60)
def test_slopes_of_losses_are_those_of_autograd(name, seed, alpha, threshold):
    g = generator(seed)
    positive, negative = (2 * torch.rand(5, generator=g, dtype=torch.float64) for _ in range(2))
    positive.requires_grad_(), negative.requires_grad_()
    expected = named_loss(name, positive, negative, threshold, alpha)
    expected.backward()
    found = LOSSES[name](positive.detach(), negative.detach(), threshold, alpha)
    torch.testing.assert_close(found.loss, expected.detach())
    torch.testing.assert_close(found.positive, positive.grad)
    torch.testing.assert_close(found.negative, negative.grad)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_overflow_nowhere(name):
    extreme = torch.tensor([0.0, 1e6])
    assert all(torch.isfinite(part).all() for part in LOSSES[name](extreme, extreme.flip(0), 2.0, ALPHA[name]))


def test_known_slopes():
    at, far = torch.tensor([1.0]), torch.tensor([40.0])
    logistic = LOSSES["logistic"](at, at, 1.0, 1.0)
    assert (float(logistic.positive), float(logistic.negative)) == (-0.5, 0.5)
    assert float(logistic.loss) == pytest.approx(2 * 0.6931472)
    assert float(LOSSES["swish"](at, at, 9.0, 6.0).positive) == -3.0  # -alpha / 2 at D = 0, whatever the threshold
    assert abs(float(LOSSES["swish"](far, at, 9.0, 6.0).positive)) < 1e-6  # a pair well apart lets go


# ---- one step against autograd -----------------------------------------------------------------------------------


def autograd_gradients(rule: ForwardForward, images: Tensor, tried: Tensor, settings: dict) -> list[Tensor]:
    """Gradients of all weights and biases, from whole inputs and whole forward passes."""
    codes = rule.code.codes
    x = torch.cat([rule.code.kept(images), codes[tried]], 2)  # (n, 2, in)
    found = []
    for layer in rule.layers:
        weight, bias = layer.weight.clone().requires_grad_(), layer.bias.clone().requires_grad_()
        z = normalize(x.detach(), rule.norm) @ weight.T + bias
        h = StraightThrough.apply(z) if settings.get("straight_through") else relu(z)
        g = h.square().sum(2) if settings.get("goodness") == "sum" else h.square().mean(2)
        loss = named_loss(settings.get("loss", "swish"), g[:, 0], g[:, 1], layer.threshold, layer.alpha)
        if settings.get("peer"):
            mean = 0.9 * 0.5 + 0.1 * h[:, 0].mean(0)
            loss = loss + settings["peer"] * (mean.mean() - mean).square().mean()
        found += torch.autograd.grad(loss, [weight, bias])
        x = h.detach()
    return found


CASES = [
    {},
    {"loss": "logistic", "goodness": "sum", "negatives": "random", "scored": "upper"},
    {"loss": "symba", "labels": "pattern", "label_scale": 0.7, "pattern_size": 5, "norm": "l2"},
    {"negatives": "hard", "candidates": 1, "peer": 0.3},
    {"negatives": "hard", "candidates": 4, "lean": True},
    {"peer": 0.5, "straight_through": True, "threshold": 0.4, "loss": "logistic"},
    {"negatives": "hard", "answer": "head", "alpha": 2.5},
    {"negatives": "hybrid", "shape": (3, 4), "norm": "none"},
]


@pytest.mark.parametrize("case", CASES, ids=[", ".join(map(str, case.values())) or "default" for case in CASES])
def test_a_step_is_adam_on_the_gradient_of_autograd(case, monkeypatch):
    rule = ForwardForward([12, 9, 7], seed=3, cooldown=0, **case, **SMALL)
    x, y = batch()
    before = [tensor.clone() for layer in rule.layers for tensor in (layer.weight, layer.bias)]
    seen = []
    inner = rule._forward

    def spy(images, factor, tried):
        if tried is not None:
            seen.append((images / factor, tried))
        return inner(images, factor, tried)

    monkeypatch.setattr(rule, "_forward", spy)
    chosen = []
    pick = rule._tempted
    monkeypatch.setattr(rule, "_tempted", lambda *given: chosen.append(pick(*given)) or chosen[-1])
    rule.partial_fit(x, y)
    kept, tried = seen[0]
    if chosen:
        tried, _ = chosen[0]
    assert (tried[:, 0] == y).all()
    if case.get("negatives") != "hybrid":
        assert (tried[:, 1] != y).all()

    fresh = ForwardForward([12, 9, 7], seed=3, cooldown=0, **case, **SMALL)
    images = torch.cat([torch.zeros(*kept.shape[:2], fresh.code.dropped), kept], 2).expand(-1, 2, -1)
    gradients = autograd_gradients(fresh, images, tried, case)
    leaves = [tensor.requires_grad_() for tensor in before]
    for leaf, gradient in zip(leaves, gradients, strict=True):
        leaf.grad = gradient
    for place, layer in enumerate(rule.layers):
        torch.testing.assert_close(layer.weight.taught, gradients[2 * place], rtol=2e-4, atol=2e-6)
        torch.testing.assert_close(layer.bias.taught, gradients[2 * place + 1], rtol=2e-4, atol=2e-6)
    torch.optim.AdamW(leaves, lr=0.002, weight_decay=0).step()
    for leaf, gradient, live in zip(
        leaves, gradients, (t for layer in rule.layers for t in (layer.weight, layer.bias)), strict=True
    ):
        sure = gradient.abs() > 1e-4  # Adam's first step is the sign of the gradient: where that is sure
        torch.testing.assert_close(live[sure], leaf.detach()[sure], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("loss_name", "alpha"), [("swish", 6.0), ("logistic", 1.0)])
def test_unsupervised_step_is_the_gradient_of_autograd(loss_name, alpha, monkeypatch):
    x, y = batch()
    rule = UnsupervisedForwardForward([12, 9, 7], shape=(3, 4), loss=loss_name, seed=3, **SMALL)
    weights = [layer.weight.clone() for layer in rule.layers]
    drawn = []
    draw = negatives.hybrids
    monkeypatch.setattr(negatives, "hybrids", lambda *given: drawn.append(draw(*given)) or drawn[-1])
    rule.partial_fit(x, y)
    pair = torch.stack([x, drawn[0]], 1)
    for layer, start in zip(rule.layers, weights, strict=True):
        weight = start.clone().requires_grad_()
        h = StraightThrough.apply(normalize(pair, "rms") @ weight.T)
        g = h.square().mean(2)
        mean = 0.9 * 0.5 + 0.1 * h[:, 0].mean(0)
        peers = 0.03 * (mean.mean() - mean).square().mean()
        loss = named_loss(loss_name, g[:, 0], g[:, 1], 1.0, alpha) + peers
        torch.testing.assert_close(layer.weight.taught, torch.autograd.grad(loss, weight)[0], rtol=1e-4, atol=1e-6)
        pair = h.detach()


def test_read_out_takes_the_gradient_of_cross_entropy():
    g = generator(1)
    features, y = torch.randn(6, 4, generator=g), torch.tensor([0, 1, 2, 0, 1, 2])
    readout = Head(4, 3)
    readout.weight += torch.randn(3, 4, generator=g)
    weight = readout.weight.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(features @ weight.T, y)
    assert readout.learn(features, y) == pytest.approx(loss.item(), rel=1e-5)
    torch.testing.assert_close(readout.weight.taught, torch.autograd.grad(loss, weight)[0])


def test_a_step_by_hand():
    """One unit, one input, two labels: everything on paper."""
    rule = ForwardForward([3, 1], num_classes=2, negatives="random", norm="none", loss="symba", seed=0)
    layer = rule.layers[0]
    layer.weight.copy_(torch.tensor([[2.0, 1.0, 0.5]]))  # of the one number that is kept, then of labels 0 and 1
    rule.partial_fit(torch.tensor([[9.0, 9.0, 1.0]]), torch.tensor([0]))
    # h+ = 2 + 1 = 3, h- = 2.5; D = 9 - 6.25 = 2.75; slope = 4 sigmoid(-11); dz = (-2 * 3, 2 * 2.5) * slope
    slope = 4 / (1 + torch.tensor(11.0).exp())
    expected = slope * torch.tensor([[-6.0 + 5.0, -6.0, 5.0]])
    torch.testing.assert_close(layer.weight.taught, expected, rtol=1e-4, atol=0)


def test_no_gradient_crosses_layers():
    x, y = batch()
    rules = [ForwardForward([12, 9, 7], negatives="random", seed=3, **SMALL) for _ in range(2)]
    rules[1].layers[1].weight.mul_(-1.7)
    for rule in rules:
        for _ in range(3):
            rule.partial_fit(x, y)
    assert torch.equal(rules[0].layers[0].weight, rules[1].layers[0].weight)
    assert not torch.equal(rules[0].layers[1].weight, rules[1].layers[1].weight)


def test_only_the_straight_through_relu_reaches_a_dead_unit():
    x, y = batch()
    moved = {}
    for straight in (False, True):
        rule = ForwardForward([12, 9], peer=0.5, straight_through=straight, seed=3, **SMALL)
        rule.layers[0].weight[4] = -1.0
        rule.layers[0].bias[4] = -5.0
        rule.partial_fit(x, y)
        moved[straight] = float(rule.layers[0].bias.taught[4])
    assert moved[False] == 0
    assert moved[True] < 0  # down the gradient, its bias goes up


# ---- what it is, whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [{}, {"labels": "pattern"}, {"norm": "l2"}, {"scored": "upper"}])
def test_the_sweep_is_what_trying_every_label_by_itself_gives(case):
    rule = ForwardForward([12, 9, 7], seed=3, **case, **SMALL)
    x, y = batch()
    for _ in range(5):
        rule.partial_fit(x, y)
    total = torch.zeros(len(x), 3)
    for label in range(3):
        h = torch.cat([rule.code.kept(x), rule.code.codes[label].expand(len(x), -1)], 1)
        given_label = rule.goodness(x, torch.full((len(x),), label))
        for place, layer in enumerate(rule.layers):
            h = relu(normalize(h, rule.norm) @ layer.weight.T + layer.bias)
            torch.testing.assert_close(given_label[place], h.square().mean(1), rtol=1e-4, atol=1e-6)
            torch.testing.assert_close(rule.goodness(x)[place][:, label], h.square().mean(1), rtol=1e-4, atol=1e-6)
            total[:, label] += h.square().mean(1) * (place > 0 or case.get("scored") != "upper")
    assert rule.predict(x).tolist() == total.argmax(1).tolist()


def test_the_head_sees_one_pass_with_the_neutral_label():
    rule = ForwardForward([12, 9, 7], answer="head", scored="upper", seed=3, **SMALL)
    x, y = batch()
    rule.partial_fit(x, y)
    h = torch.cat([x[:, 3:], torch.full((len(x), 3), 1 / 3)], 1)
    for layer in rule.layers:
        h = relu(normalize(h, "rms") @ layer.weight.T + layer.bias)
    torch.testing.assert_close(rule.features(x), normalize(h, "rms"), rtol=1e-4, atol=1e-5)
    assert rule.predict(x).tolist() == rule.head(rule.features(x)).argmax(1).tolist()


def test_the_threshold_of_a_sum_is_the_width():
    rule = ForwardForward([12, 9, 7], goodness="sum", **SMALL)
    assert [layer.threshold for layer in rule.layers] == [9.0, 7.0]
    assert [layer.threshold for layer in ForwardForward([12, 9, 7], **SMALL).layers] == [1.0, 1.0]


def test_a_hard_negative_is_the_best_wrong_label():
    rule = ForwardForward([12, 9, 7], hardness=1e6, seed=3, **SMALL)
    x, y = batch()
    scores = sum(rule.goodness(x)).scatter(1, y[:, None], -1.0)
    caught = []
    pick = rule._tempted
    rule._tempted = lambda *given: caught.append(pick(*given)) or caught[-1]
    rule.partial_fit(x, y)
    chosen, _ = caught[0]
    assert chosen[:, 1].tolist() == scores.argmax(1).tolist()


def test_a_lean_step_is_the_same_step():
    x, y = batch()
    rules = [ForwardForward([12, 9, 7, 5], lean=lean, seed=3, **SMALL) for lean in (False, True)]
    for _ in range(3):
        losses = [rule.partial_fit(x, y) for rule in rules]
        assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    for one, other in zip(*(rule.layers for rule in rules), strict=True):
        torch.testing.assert_close(one.weight, other.weight, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("rule", "bar"),
    [
        (ForwardForward([64, 80, 80], seed=1), 0.9),
        (ForwardForward([64, 80, 80], seed=1, labels="pattern", candidates=3), 0.88),
        (ForwardForward([64, 80, 80], seed=1, answer="head"), 0.88),
        (ForwardForward([64, 80, 80], seed=1, negatives="hybrid", shape=(8, 8), loss="symba"), 0.8),
        (ForwardForward([64, 80, 80], seed=1, loss="logistic", goodness="sum", peer=0.03, straight_through=True), 0.8),
        (UnsupervisedForwardForward([64, 80, 80], seed=1), 0.8),
    ],
    ids=["default", "pattern", "head", "hybrid", "logistic", "unsupervised"],
)
def test_it_learns_digits(rule, bar):
    data = digits()
    rule.fit(data.x, data.y, epochs=10)
    assert rule.accuracy(data.x_test, data.y_test) >= bar


def test_the_example_of_its_page_reaches_what_it_says():
    page = Path(__file__).parents[2] / "docs" / "rules" / "forward-forward.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    found: dict = {}
    exec(code, found)
    claim = re.search(r"# over ([0-9.]+)", code)
    assert found["rule"].accuracy(found["digits"].x_test, found["digits"].y_test) > float(claim[1])


def test_the_cool_down():
    assert [cooled(p, 0.5) for p in (0, 0.25, 0.5, 0.75)] == [1, 1, 1, 0.5]
    assert cooled(0.9, 0) == 1


# ---- negatives, labels, norms ----------------------------------------------------------------------------------------


@given(st.integers(2, 12), st.integers(1, 11), st.integers(0, 1000))
@settings(deadline=None, max_examples=60)
def test_wrong_labels_are_wrong_and_different(classes, count, seed):
    count = min(count, classes - 1)
    y = torch.arange(40) % classes
    tried = negatives.with_wrong_labels(y, classes, count, generator(seed))
    assert tried.shape == (40, 1 + count)
    assert (tried[:, 0] == y).all()
    assert ((tried >= 0) & (tried < classes)).all()
    assert all(len(set(row)) == 1 + count for row in tried.tolist())


@pytest.mark.parametrize("count", [1, 2])
def test_wrong_labels_are_drawn_evenly(count):
    tried = negatives.with_wrong_labels(torch.full((9000,), 2), 4, count, generator(1))
    found = Counter(tried[:, 1].tolist())
    assert set(found) == {0, 1, 3}
    assert max(abs(n - 3000) for n in found.values()) < 200


def test_hard_labels_are_drawn_by_the_softmax_of_wrong_ones():
    scores = torch.tensor([2.0, 9.0, 1.0, 0.0]).expand(20_000, -1)
    drawn = negatives.hard_labels(scores, torch.ones(20_000, dtype=torch.int64), generator(2))
    share = torch.bincount(drawn, minlength=4) / 20_000
    expected = torch.tensor([2.0, -torch.inf, 1.0, 0.0]).softmax(0)
    assert share[1] == 0
    torch.testing.assert_close(share, expected, atol=0.015, rtol=0)
    assert float(scores[0, 1]) == 9.0  # the scores themselves are left alone


def test_masks_are_blurred_bits_as_hinton_has_them():
    g = generator(5)
    bits = torch.randint(0, 2, (2, 6, 5), generator=generator(5)).double()
    for _ in range(2):
        padded = torch.nn.functional.pad(bits[:, None], (1, 1, 1, 1), mode="replicate")[:, 0]
        kernel = torch.tensor([0.25, 0.5, 0.25], dtype=torch.float64)
        bits = torch.nn.functional.conv2d(padded[:, None], torch.outer(kernel, kernel)[None, None])[:, 0]
    assert torch.equal(negatives.masks(2, 6, 5, g, blurs=2), bits > 0.5)


def test_masks_have_large_patches():
    mask = negatives.masks(50, 28, 28, generator(1))
    borders = (mask[:, 1:] != mask[:, :-1]).float().mean()
    assert 0.4 < mask.float().mean() < 0.6
    assert borders < 0.15  # of independent bits, half would differ from their neighbour


def test_a_hybrid_takes_each_pixel_from_one_of_two_images():
    x = torch.arange(5.0)[:, None].expand(-1, 144)
    mixed = negatives.hybrids(x, (12, 12), generator(3))
    for own, row in enumerate(mixed):
        others = set(row.tolist()) - {float(own)}
        assert len(others) == 1
        assert 0.2 < (row == own).float().mean() < 0.8


@pytest.mark.parametrize("kind", ["input", "pattern"])
def test_codes_are_of_one_length_and_the_neutral_one_is_their_mean(kind):
    code = LabelCode(kind, 20, 4, 0.7, 16, generator())
    lengths = code.codes.square().sum(1)
    torch.testing.assert_close(lengths, lengths[:1].expand(4))
    torch.testing.assert_close(code.neutral, code.codes.mean(0))
    x = torch.rand(3, 20)
    whole = torch.cat([code.kept(x), code.codes[2].expand(3, -1)], 1)
    assert whole.shape[1] == code.inputs
    torch.testing.assert_close(code.mean_square(code.kept(x)), whole.square().mean(1, keepdim=True))


def test_norms():
    z = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    assert normalize(z, "none").tolist() == z.tolist()
    torch.testing.assert_close(normalize(z, "rms")[0], z[0] / 12.5**0.5)
    torch.testing.assert_close(normalize(z, "l2")[0], torch.tensor([0.6, 0.8]))
    assert all(normalize(z, norm)[1].tolist() == [0, 0] for norm in ("rms", "l2"))
    torch.testing.assert_close(normalize(1000 * z, "rms"), normalize(z, "rms"))


def test_peers_keep_a_running_mean():
    peers = Peers(2, 1.0)
    for h in ([[1.0, 0.0]], [[3.0, 2.0]]):
        loss, _ = peers.pull(torch.tensor(h))
    means = 0.9 * (0.45 + 0.1) + 0.3, 0.9 * 0.45 + 0.2
    assert peers.mean.tolist() == pytest.approx(means)
    assert float(loss) == pytest.approx(((means[0] - means[1]) / 2) ** 2)


# ---- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "gist"),
    [
        ({"dims": [784]}, "dims is [784]; it must be a list of at least 2"),
        ({"dims": [784, 0]}, "dims[1] is 0; it must be a whole number, at least 1"),
        ({"dims": [8, 5]}, "labels in the input take up 10 of its numbers"),
        ({"loss": "hinge"}, "loss is 'hinge'; it must be one of 'logistic', 'symba', 'swish'"),
        ({"negatives": "hybrid"}, "shape is None; hybrid images need a height and a width, 784 pixels"),
        ({"negatives": "hybrid", "shape": (27, 28)}, "784 pixels in all"),
        ({"negatives": "easy"}, "'random', 'hard', 'hybrid'"),
        ({"candidates": 0}, "candidates is 0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"cooldown": 1.5}, "cooldown is 1.5; it must be a number from 0 to 1"),
        ({"num_classes": 1}, "num_classes is 1"),
        ({"goodness": "max"}, "'mean', 'sum'"),
        ({"norm": "layer"}, "'rms', 'l2', 'none'"),
        ({"answer": "vote"}, "'sweep', 'head'"),
        ({"seed": "x"}, "seed is 'x'; it must be a whole number"),
    ],
)
def test_settings_are_checked(settings, gist):
    with pytest.raises(FfcolorError) as caught:
        ForwardForward(**{"dims": [784, 10], **settings})
    assert gist in str(caught.value)
    assert caught.value.code == "invalid-setting"


@pytest.mark.parametrize("kind", [ForwardForward, UnsupervisedForwardForward])
def test_inputs_of_another_size_are_refused(kind):
    rule = kind([16, 10], num_classes=3)
    for call in (rule.predict, rule.goodness, rule.features):
        with pytest.raises(FfcolorError, match="the inputs have 15 numbers each; this rule was made for 16"):
            call(torch.zeros(2, 15))


def test_unsupervised_needs_a_shape_where_the_input_is_no_square():
    with pytest.raises(FfcolorError, match="12 pixels in all"):
        UnsupervisedForwardForward([12, 5])
    assert UnsupervisedForwardForward([12, 5], shape=(4, 3)).shape == (4, 3)


def test_scores_of_layers_add_up_for_every_pair():
    """The layers' own pairs come out right: after learning, each layer has its label's goodness above the others'."""
    data = digits()
    rule = ForwardForward([64, 60, 60], seed=2).fit(data.x, data.y, epochs=6)
    for layer in rule.goodness(data.x_test):
        own = layer.gather(1, data.y_test[:, None])
        assert (own >= layer).float().mean() > 0.97
    assert all(a.shape == b.shape for a, b in itertools.pairwise(rule.goodness(data.x_test)))
