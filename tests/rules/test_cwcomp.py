"""CwComp: goodness by loops, gradients by hand, layers that keep their gradients, stops that leave no trace."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.backprop import Backprop
from ffcolor.rules.cwcomp import CwComp
from ffcolor.rules.data import digits
from ffcolor.rules.data.augment import affine, shifts
from ffcolor.rules.parts.blocks import standardize
from ffcolor.rules.parts.conv import Conv, group_means
from ffcolor.rules.protocol import Rule

LAYERS = (Conv(6), Conv(12, pool=2), Conv(6))


def small(**settings) -> CwComp:
    return CwComp((1, 8, 8), LAYERS, **({"num_classes": 3, "batch_size": 16, "seed": 4} | settings))


def data(n: int = 40, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.rand(n, 64, generator=generator), torch.randint(3, (n,), generator=generator)
    return x + y[:, None] * torch.linspace(0, 1, 64), y


# ---- oracles: goodness -------------------------------------------------------------------------------------------


def brute_convolution(x: np.ndarray, weight: np.ndarray, groups: int) -> np.ndarray:
    """A 3 x 3 convolution with a border of zeros, by loops: (inputs, h, w) to (channels, h, w)."""
    channels, seen = weight.shape[:2]
    height, width = x.shape[1:]
    out = np.zeros((channels, height, width))
    for c in range(channels):
        first = c // (channels // groups) * seen
        for i in range(height):
            for j in range(width):
                for k in range(seen):
                    for di in (-1, 0, 1):
                        for dj in (-1, 0, 1):
                            if 0 <= i + di < height and 0 <= j + dj < width:
                                out[c, i, j] += weight[c, k, di + 1, dj + 1] * x[first + k, i + di, j + dj]
    return out


def test_goodness_is_what_loops_find():
    rule = small()
    x, y = data(16)
    rule.partial_fit(x, y)  # so that the running means are not those of the start
    image = x[0].double().numpy()
    h = ((image - image.mean()) / (image.std() + 1e-5)).reshape(1, 8, 8)
    for place, (block, found) in enumerate(zip(rule.blocks, rule.goodness(x), strict=True)):
        z = brute_convolution(h, block.conv.weight.detach().double().numpy(), 3 if place == 1 else 1)
        a = np.maximum(z, 0)
        if place == 1:
            a = a.reshape(12, 4, 2, 4, 2).max((2, 4))
        norm = {
            name: value.detach().double().numpy()[:, None, None]
            for name, value in block.norm.state_dict().items()
            if value.ndim
        }
        h = (a - norm["running_mean"]) / np.sqrt(norm["running_var"] + 1e-5) * norm["weight"] + norm["bias"]
        each = len(h) // 3
        wanted = [np.mean([h[c] ** 2 for c in range(k * each, k * each + each)]) for k in range(3)]
        assert found[0].numpy() == pytest.approx(wanted, rel=1e-4)


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_group_means_are_means_of_runs(n, groups, each, side, seed):
    h = torch.rand(n, groups * each, side, side, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    found = group_means(h, groups)
    for i in range(n):
        for group in range(groups):
            numbers = [float(v) for c in range(each) for v in h[i, group * each + c].flatten()]
            assert float(found[i, group]) == pytest.approx(sum(numbers) / len(numbers))


def test_known_goodness():
    h = torch.tensor([[1.0, 3.0, 0.0, 2.0]])[:, :, None, None]
    assert group_means(h.square(), 2).tolist() == [[5.0, 2.0]]


# ---- oracles: gradients ------------------------------------------------------------------------------------------


def test_gradient_of_the_first_layer_by_hand():
    """Of a layer without its norm: dloss/dy = 2 y (softmax(g) - onehot) / (numbers in a class), by the chain rule."""
    rule = small(separate="none")
    block = rule.blocks[0].double()
    x, labels = (
        standardize(torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(1)).double()),
        torch.tensor([0, 1, 2, 0, 1]),
    )
    weight = block.conv.weight.detach()
    y = functional.conv2d(x, weight, padding=1).clamp(min=0)
    goodness = group_means(y**2, 3)
    error = (goodness.softmax(1) - functional.one_hot(labels, 3)) / 5  # (n, classes)
    dy = 2 * y * error.repeat_interleave(2, 1)[:, :, None, None] / (2 * 64)
    patches = functional.unfold(x, 3, padding=1)  # (n, 9, 64)
    by_hand = torch.einsum("ncp,nkp->ck", dy.flatten(2), patches).view_as(weight)
    block.norm = torch.nn.Identity()
    scores, _ = block(x)
    assert torch.allclose(scores, goodness)
    functional.cross_entropy(scores, labels).backward()
    assert torch.allclose(block.conv.weight.grad, by_hand)


def gradients(rule: CwComp, x, y, weights: list[float]) -> list[list[torch.Tensor]]:
    """Each block's gradients after a step in which the losses of the blocks counted so much."""
    made = rule._loss
    rule._loss = lambda place, scores, labels: weights[place] * made(place, scores, labels)
    rule.partial_fit(x, y)
    return [[value.taught.clone() for value in block.parameters()] for block in rule.blocks]


def test_a_block_learns_from_its_own_loss_alone():
    """With two losses off, their blocks have gradients of exactly zero, and the third one's are what they were."""
    x, y = data(16)
    whole = gradients(small(), x, y, [1.0, 1.0, 1.0])
    for place in range(3):
        alone = gradients(small(), x, y, [float(place == other) for other in range(3)])
        for other in range(3):
            for mine, wanted in zip(alone[other], whole[other], strict=True):
                assert torch.equal(mine, wanted if other == place else torch.zeros_like(wanted))
    assert all(any(value.abs().sum() > 0 for value in block) for block in whole)


def test_the_twin_does_send_gradients_down():
    x, y = data(16)
    twin = small().twin()
    functional.cross_entropy(twin(x), y).backward()
    assert float(twin.blocks[0].conv.weight.grad.abs().sum()) > 0


def test_twin_answers_like_the_last_layer_and_leaves_the_rule_alone():
    x, y = data(32)
    rule = small().fit(x, y, epochs=2)
    twin = rule.twin().eval()
    assert torch.allclose(twin(x), rule.goodness(x)[-1], atol=1e-6)
    before = rule.state_dict()
    Backprop(twin, num_classes=3).fit(x, y, epochs=1)
    assert all(torch.equal(value, before[name]) for name, value in rule.state_dict().items())


def test_separated_layers_see_their_class_alone():
    rule = small()
    x = torch.rand(2, 6, 8, 8, generator=torch.Generator().manual_seed(3))
    other = x.clone()
    other[:, :2] += 1.0  # the channels of class 0
    block = rule.blocks[1].eval()
    change = (block(x)[0] - block(other)[0]).abs().amax(0)
    assert change[0] > 0
    assert change[1:].tolist() == [0.0, 0.0]
    counts = {way: [block.conv.groups for block in small(separate=way).blocks] for way in ("none", "alternate", "all")}
    assert counts == {"none": [1, 1, 1], "alternate": [1, 3, 1], "all": [1, 3, 3]}


# ---- schedule ----------------------------------------------------------------------------------------------------


def test_windows_freeze_blocks_outside_of_their_time():
    x, y = data(32)
    rule = small(windows=((0, 0.5), (0.5, 1), (0, 1)))
    seen = []

    def look(step: int, steps: int, loss: float) -> None:
        seen.append([block.conv.weight.detach().clone() for block in rule.blocks])

    rule.fit(x, y, epochs=2, on_step=look)  # four steps
    moved = [[not torch.equal(a, b) for a, b in zip(one, two, strict=True)] for one, two in itertools.pairwise(seen)]
    assert moved == [[True, False, True], [False, True, True], [False, True, True]]


def test_rate_falls_along_half_a_cosine():
    rule = small(learning_rate=0.4)
    rates = []
    rule.fit(*data(64), epochs=1, on_step=lambda *_: rates.append(rule.optimizers[0].param_groups[0]["lr"]))
    assert rates == pytest.approx([0.2 * (1 + math.cos(math.pi * k / 4)) for k in range(4)])


def test_a_stopped_run_ends_in_the_same_bits():
    x, y = data(40)
    whole = small(windows=((0, 0.5), (0, 1), (0, 1))).fit(x, y, epochs=4, augment=shifts(1))
    part = small(windows=((0, 0.5), (0, 1), (0, 1)))

    class StopError(Exception):
        pass

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 7:
            raise StopError

    with pytest.raises(StopError):
        part.fit(x, y, epochs=4, on_step=stop, augment=shifts(1))
    again = small(windows=((0, 0.5), (0, 1), (0, 1)), seed=4)
    again.load_state_dict({name: value.contiguous() for name, value in part.state_dict().items()})
    again.fit(x, y, epochs=4, augment=shifts(1))
    states = whole.state_dict(), again.state_dict()
    assert states[0].keys() == states[1].keys()
    assert [name for name in states[0] if not torch.equal(states[0][name], states[1][name])] == []


def test_select_takes_the_best_run_of_layers():
    x, y = data(40)
    rule = small()
    scores = rule.goodness(x)
    first, last = rule.select(x, y)
    right = {(a, b): int((sum(scores[a : b + 1]).argmax(1) == y).sum()) for a in range(3) for b in range(a, 3)}
    assert right[first, last] == max(right.values())
    assert int((rule.predict(x) == y).sum()) == right[first, last]
    other = small()
    other.load_state_dict(rule.state_dict())
    assert torch.equal(other.predict(x), rule.predict(x))


# ---- as a rule ---------------------------------------------------------------------------------------------------


def test_learns_digits_and_is_a_rule():
    images = digits()
    rule = CwComp((1, 8, 8), (Conv(20), Conv(40, pool=2), Conv(40)), batch_size=64, seed=1)
    assert isinstance(rule, Rule)
    rule.fit(images.x, images.y, epochs=5)
    assert rule.accuracy(images.x_test, images.y_test) > 0.9
    assert repr(rule) == "CwComp(15,705 weights, 10 classes, 115 steps)"


def test_seeds_and_the_global_generator():
    x, y = data(32)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, two, three = (small(seed=seed).fit(x, y, epochs=1, augment=affine()) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one.goodness(x)[-1], two.goodness(x)[-1])
    assert not torch.equal(one.goodness(x)[-1], three.goodness(x)[-1])


def test_goodness_with_labels_is_theirs():
    x, y = data(10)
    rule = small()
    for all_labels, theirs in zip(rule.goodness(x), rule.goodness(x, y), strict=True):
        assert torch.equal(all_labels[torch.arange(10), y], theirs)


@pytest.mark.parametrize(
    ("make", "code", "says"),
    [
        (lambda: CwComp((1, 8, 8), (Conv(7),)), "invalid-setting", "multiple of 10"),
        (lambda: CwComp((1, 8, 8), ()), "invalid-setting", "at least one"),
        (lambda: CwComp((8, 8), LAYERS), "invalid-setting", "shape"),
        (lambda: small(separate="some"), "invalid-setting", "alternate"),
        (lambda: small(readout=(2, 1)), "invalid-setting", "readout"),
        (lambda: small(windows=((0, 1),)), "invalid-setting", "3 blocks"),
        (lambda: small(windows=((0, 1), (1, 0.5), (0, 1))), "invalid-setting", r"windows\[1\]"),
        (lambda: small().fit(torch.zeros(3, 63), [0, 1, 2]), "shape", "1, 8, 8"),
        (lambda: small().fit(torch.zeros(2, 64), [0, 3]), "invalid-label", "label 3 at 1"),
    ],
)
def test_faults(make, code, says):
    with pytest.raises(FfcolorError, match=says) as raised:
        make()
    assert raised.value.code == code
