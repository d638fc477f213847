"""DeeperForward: mean goodness by loops, its gradient by hand, a norm without a trace, shortcuts without gradients."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.data import digits
from ffcolor.rules.deeper import DeeperForward, residual_layers, shortcut
from ffcolor.rules.parts.blocks import standardize
from ffcolor.rules.parts.conv import Conv

LAYERS = (Conv(6), Conv(6), Conv(12, stride=2), Conv(12), Conv(12))


def small(**settings) -> DeeperForward:
    return DeeperForward(
        (1, 8, 8), LAYERS, **({"num_classes": 3, "batch_size": 16, "seed": 4, "dropout": 0.0} | settings)
    )


def data(n: int = 24, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.rand(n, 64, generator=generator), torch.randint(3, (n,), generator=generator)
    return x + y[:, None] * torch.linspace(0, 1, 64), y


# ---- oracles -----------------------------------------------------------------------------------------------------


def brute_pass(rule: DeeperForward, image: torch.Tensor, residual: bool) -> list[list[float]]:
    """Goodness of every layer for one image, with means over lists of numbers."""
    h = standardize(image.view(1, 1, 8, 8)).double()
    outputs, found = [h], []
    for place, block in enumerate(rule.blocks):
        y = functional.conv2d(outputs[-1], block.conv.weight.double(), stride=block.conv.stride, padding=1).clamp(
            min=0
        )[0]
        each = len(y) // 3
        out = torch.zeros_like(y)
        goodness = []
        for group in range(3):
            numbers = [float(v) for c in range(each) for v in y[group * each + c].flatten()]
            mean = sum(numbers) / len(numbers)
            variance = sum((v - mean) ** 2 for v in numbers) / len(numbers)
            goodness.append(mean)
            out[group * each : (group + 1) * each] = (y[group * each : (group + 1) * each] - mean) / (
                variance + 1e-5
            ) ** 0.5
        if residual and place in (2, 4):
            below = outputs[-2][0]
            for c in range(len(out)):
                group, offset = divmod(c, each)
                had = len(below) // 3
                for i in range(out.shape[1]):
                    for j in range(out.shape[2]):
                        size = below.shape[1] // out.shape[1]
                        field = below[group * had + offset % had, i * size : (i + 1) * size, j * size : (j + 1) * size]
                        out[c, i, j] += sum(float(v) for v in field.flatten()) / size**2
        outputs.append(out[None])
        found.append(goodness)
    return found


@pytest.mark.parametrize("residual", [False, True])
def test_goodness_is_what_loops_find(residual):
    rule = small(residual=residual)
    x, _ = data(2)
    found = rule.goodness(x)
    for row in range(2):
        with torch.no_grad():
            wanted = brute_pass(rule, x[row], residual)
        for layer, numbers in zip(found, wanted, strict=True):
            assert layer[row].tolist() == pytest.approx(numbers, rel=1e-4)


def test_gradient_of_a_layer_by_hand():
    """dloss/dy is (softmax(g) - onehot) / (inputs x numbers in a class): the same for every unit that is on."""
    rule = small()
    block = rule.blocks[0].double()
    x = standardize(torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(1)).double())
    labels = torch.tensor([0, 1, 2, 0, 1])
    z = functional.conv2d(x, block.conv.weight.detach(), padding=1)
    goodness = z.clamp(min=0).view(5, 3, -1).mean(2)
    error = (goodness.softmax(1) - functional.one_hot(labels, 3)) / 5
    dz = (z > 0) * error.repeat_interleave(2, 1)[:, :, None, None] / (2 * 64)
    by_hand = torch.einsum("ncp,nkp->ck", dz.flatten(2), functional.unfold(x, 3, padding=1)).view(6, 1, 3, 3)
    functional.cross_entropy(block(x)[0], labels).backward()
    assert torch.allclose(block.conv.weight.grad, by_hand)


def test_the_norm_leaves_no_goodness_to_read():
    rule = small()
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(2))
    block = rule.blocks[0].requires_grad_(False)
    out = block(x)[1].view(4, 3, -1)
    assert float(out.mean(2).abs().max()) < 1e-5
    assert float((out.var(2, correction=0) - 1).abs().max()) < 0.01
    brighter = block(3 * x)[1].view(4, 3, -1)
    assert torch.allclose(out, brighter, atol=1e-2)


def test_shortcuts_keep_classes_together():
    x = torch.arange(6.0).view(1, 6, 1, 1).expand(1, 6, 4, 4)
    assert shortcut(x, (1, 12, 2, 2), 3)[0, :, 0, 0].tolist() == [0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5]
    assert shortcut(x, (1, 6, 4, 4), 3) is x
    pooled = shortcut(torch.arange(16.0).view(1, 1, 4, 4), (1, 1, 2, 2), 1)
    assert pooled.flatten().tolist() == [2.5, 4.5, 10.5, 12.5]


def test_no_gradient_leaves_a_layer_not_even_by_a_shortcut():
    """With the loss of one layer alone, every other layer's gradient is exactly zero; in the twin, none is."""
    x, y = data(16)
    for place in range(5):
        rule = small(residual=True)
        made = rule._loss
        rule._loss = lambda at, scores, labels, made=made, place=place: made(at, scores, labels) * (at == place)
        rule.partial_fit(x, y)
        assert [bool(block.conv.weight.taught.abs().sum() > 0) for block in rule.blocks] == [
            at == place for at in range(5)
        ]
    twin = small(residual=True).twin()
    functional.cross_entropy(twin(x), y).backward()
    assert all(bool(block.conv.weight.grad.abs().sum() > 0) for block in twin.blocks)


def test_shortcut_changes_what_later_layers_see_and_nothing_earlier():
    x, _ = data(4)
    plain, residual = small().goodness(x), small(residual=True).goodness(x)
    assert [torch.equal(a, b) for a, b in zip(plain, residual, strict=True)] == [True, True, True, False, False]


def test_dropout_is_by_the_seed_and_only_while_learning():
    x, y = data(16)
    rule = small(dropout=0.5)
    assert torch.equal(rule.goodness(x)[2], rule.goodness(x)[2])
    block = rule.blocks[0].train()
    image = torch.rand(8, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    before = block(image)[0]
    assert not torch.equal(before, block(image)[0])
    states = [small(dropout=0.5).fit(x, y, epochs=1).state_dict() for _ in range(2)]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


# ---- as a rule ---------------------------------------------------------------------------------------------------


def test_residual_layers_are_the_seventeen_of_the_paper():
    layers = residual_layers()
    assert [layer.channels for layer in layers] == [100] * 5 + [200] * 4 + [400] * 4 + [800] * 4
    assert [place for place, layer in enumerate(layers) if layer.stride == 2] == [5, 9, 13]


def test_learns_digits_and_selects_layers():
    images = digits()
    rule = DeeperForward((1, 8, 8), (Conv(20), Conv(40, pool=2), Conv(40)), batch_size=64, seed=1)
    rule.fit(images.x[:1200], images.y[:1200], epochs=6)
    everything = rule.accuracy(images.x[1200:], images.y[1200:])
    assert rule.select(images.x[1200:], images.y[1200:]) != (0, 0)
    assert rule.accuracy(images.x[1200:], images.y[1200:]) >= everything
    assert rule.accuracy(images.x_test, images.y_test) > 0.85


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: small(dropout=1.0), "dropout"),
        (lambda: small(pooling="median"), "pooling"),
        (lambda: DeeperForward((1, 8, 8), (Conv(8),)), "multiple of 10"),
        (lambda: residual_layers((20,), 0), "each"),
    ],
)
def test_faults(make, says):
    with pytest.raises(FfcolorError, match=says) as raised:
        make()
    assert raised.value.code == "invalid-setting"
