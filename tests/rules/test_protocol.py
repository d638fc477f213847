"""The protocol: resuming to the bit, order and seeds, checks, state and its errors; for every rule that is dense."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import ffcolor.rules
from ffcolor import FfcolorError
from ffcolor.rules import (
    RULES,
    Backprop,
    DistanceForward,
    ForwardForward,
    Learner,
    RecurrentForwardForward,
    Rule,
    SelfContrastiveFF,
    UnsupervisedForwardForward,
    augment,
    checkpoint,
    protocol,
)
from ffcolor.rules.bench.presets import PRESETS

MAKERS = {
    "forward-forward": lambda **k: ForwardForward([16, 9, 7], candidates=1, peer=0.1, **k),
    "head": lambda **k: ForwardForward([16, 9, 7], answer="head", labels="pattern", **k),
    "unsupervised": lambda **k: UnsupervisedForwardForward([16, 9, 7], **k),
    "self-contrastive": lambda **k: SelfContrastiveFF([16, 9, 7], **k),
    "distance-forward": lambda **k: DistanceForward([16, 9, 7], collaboration="random", **k),
    "recurrent": lambda **k: RecurrentForwardForward([16, 9, 7], steps=3, **k),
    "backprop": lambda **k: Backprop([16, 9, 7], **k),
}
rules = pytest.mark.parametrize("make", [*MAKERS.values()], ids=[*MAKERS])
SMALL = {"num_classes": 3, "batch_size": 8}


def batch(n: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(5)
    return torch.rand(n, 16, generator=g), torch.randint(0, 3, (n,), generator=g)


def same(one: Learner, other: Learner) -> bool:
    a, b = one.state_dict(), other.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)


# ---- learning --------------------------------------------------------------------------------------------------------


@rules
def test_a_rule_that_was_stopped_goes_on_to_the_same_bits(make, tmp_path):
    x, y = batch()
    moved = augment.shifts(1)
    straight = make(seed=2, **SMALL).fit(x, y, epochs=4, augment=moved)

    class Enough(Exception):  # noqa: N818
        pass

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 5:
            raise Enough

    stopped = make(seed=2, **SMALL)
    with pytest.raises(Enough):
        stopped.fit(x, y, epochs=4, on_step=stop, augment=moved)
    assert (stopped.steps, stopped.progress) == (5, 0.0)
    checkpoint.save(tmp_path / "state", stopped, {"note": "half way"})
    resumed = make(seed=2, **SMALL)
    assert checkpoint.load(tmp_path / "state", resumed)["note"] == "half way"
    assert same(resumed, stopped)
    resumed.fit(x, y, epochs=4, augment=moved)
    assert same(resumed, straight)
    assert resumed.steps == 12


@rules
def test_the_seed_decides_and_global_generators_are_left_alone(make):
    x, y = batch()
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    one, two, other = (make(seed=seed, **SMALL).fit(x, y, epochs=2) for seed in (1, 1, 2))
    assert same(one, two)
    assert not same(one, other)
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()  # noqa: NPY002


@rules
def test_what_every_rule_answers(make):
    x, y = batch()
    rule = make(seed=1, **SMALL)
    assert isinstance(rule, Rule)
    losses = rule.partial_fit(x.numpy(), y.numpy())
    assert all(isinstance(loss, float) for loss in losses.values())
    assert "loss" in losses
    assert rule.predict(x).dtype == torch.int64
    assert rule.predict(x).shape == (20,)
    assert rule.accuracy(x, y) == float((rule.predict(x) == y).double().mean())
    for layer in rule.goodness(x):
        assert layer.shape in {(20,), (20, 3)}
    assert all(layer.shape == (20,) for layer in rule.goodness(x, y))
    assert type(rule).__name__ in repr(rule)
    assert not any(tensor.requires_grad for tensor in rule.state_dict().values())


@rules
def test_steps_are_told_and_every_input_is_seen_once_an_epoch(make):
    x, y = batch()
    rule = make(seed=1, **SMALL)
    told, seen = [], []
    inner = rule.partial_fit

    def spy(rows, labels):
        seen.append((rows, rule.progress))
        return inner(rows, labels)

    rule.partial_fit = spy
    rule.fit(x, y, epochs=2, on_step=lambda *news: told.append(news))
    assert [(step, steps) for step, steps, _ in told] == [(k, 6) for k in range(1, 7)]
    assert [len(rows) for rows, _ in seen] == [8, 8, 4] * 2
    assert [progress for _, progress in seen] == [k / 6 for k in range(6)]
    epochs = [torch.cat([rows for rows, _ in seen[part]]) for part in (slice(3), slice(3, 6))]
    for epoch in epochs:
        assert sorted(epoch.tolist()) == sorted(x.tolist())
    assert not torch.equal(*epochs)
    assert rule.fit(x, y, epochs=2).steps == 6  # done already


# ---- state -----------------------------------------------------------------------------------------------------------


@rules
def test_the_state_is_a_copy_and_fits_only_its_like(make):
    x, y = batch()
    rule = make(seed=1, **SMALL).fit(x, y, epochs=1)
    state = rule.state_dict()
    kept = {key: value.clone() for key, value in state.items()}
    rule.fit(x, y, epochs=2)
    assert all(torch.equal(state[key], kept[key]) for key in kept)
    fresh = make(seed=1, **SMALL)
    name = next(key for key in state if key.endswith("weight"))
    for wrong, gist in (
        ({key: value for key, value in state.items() if key != name}, f"the state lacks {name}"),
        ({**state, name: state[name][:-1]}, f"{name} is of shape"),
        ({**state, "layer9.weight": state[name]}, "the state holds layer9.weight"),
        ({key: value for key, value in state.items() if not key.startswith("rule")}, "it is none of a rule"),
    ):
        before = fresh.state_dict()
        with pytest.raises(FfcolorError, match=gist) as caught:
            fresh.load_state_dict(wrong)
        assert caught.value.code == "state"
        assert all(torch.equal(value, before[key]) for key, value in fresh.state_dict().items())


def test_a_checkpoint_of_another_rule_is_refused(tmp_path):
    checkpoint.save(tmp_path / "state", Backprop([16, 9], **SMALL))
    with pytest.raises(FfcolorError, match="holds a Backprop, not a ForwardForward"):
        checkpoint.load(tmp_path / "state", ForwardForward([16, 9], **SMALL))


# ---- checks ----------------------------------------------------------------------------------------------------------


@rules
@pytest.mark.parametrize(
    ("x", "y", "code", "gist"),
    [
        (torch.rand(16), torch.zeros(16, dtype=torch.int64), "shape", r"inputs are of shape \(16,\)"),
        (torch.rand(0, 16), torch.zeros(0, dtype=torch.int64), "shape", "n at least 1"),
        (torch.rand(2, 16), torch.zeros(3, dtype=torch.int64), "shape", r"int64 \(3,\); .* whole numbers \(2,\)"),
        (torch.rand(2, 16), torch.zeros(2), "shape", r"float32 \(2,\)"),
        (torch.rand(2, 16), torch.tensor([0, 3]), "invalid-label", "label 3 at 1 is not one of 0 to 2"),
        (torch.rand(2, 16), torch.tensor([-1, 0]), "invalid-label", "label -1 at 0"),
        (torch.rand(2, 15), torch.tensor([1, 0]), "shape", "15"),
        (torch.eye(2, 16).log().nan_to_num(0, 0, -torch.inf), torch.tensor([1, 0]), "not-finite", "input 0 holds"),
        (torch.tensor([[0.5] * 16, [torch.nan] * 16]), torch.tensor([1, 0]), "not-finite", "input 1 holds"),
    ],
)
def test_bad_input_is_refused_and_teaches_nothing(make, x, y, code, gist):
    rule = make(seed=1, **SMALL)
    before = rule.state_dict()
    for call in (rule.partial_fit, lambda *given: rule.fit(*given, epochs=1)):
        with pytest.raises(FfcolorError, match=gist) as caught:
            call(x, y)
        assert caught.value.code == code
    assert all(torch.equal(value, before[key]) for key, value in rule.state_dict().items() if "generator" not in key)


@pytest.mark.parametrize(
    ("call", "gist"),
    [
        (lambda: protocol.whole("n", True, 1), "n is True; it must be a whole number, at least 1"),
        (lambda: protocol.whole("n", 0, 1), "n is 0"),
        (lambda: protocol.number("lr", float("inf")), "lr is inf; it must be a number at least 0"),
        (lambda: protocol.number("p", 2, 0, 1), "p is 2; it must be a number from 0 to 1"),
        (lambda: protocol.number("p", "1"), "p is '1'"),
        (lambda: protocol.choice("kind", "c", ("a", "b")), "kind is 'c'; it must be one of a, b"),
        (lambda: protocol.widths("dims", "784"), "dims is '784'; it must hold at least 2 sizes"),
        (lambda: protocol.widths("dims", 784), "dims is 784"),
    ],
)
def test_settings_are_checked(call, gist):
    with pytest.raises(FfcolorError) as caught:
        call()
    assert gist in str(caught.value)
    assert caught.value.code == "invalid-setting"


# ---- the tables ------------------------------------------------------------------------------------------------------


def test_every_rule_of_the_table_is_there():
    for name, entry in RULES.items():
        assert issubclass(entry.load(), Learner), name
        assert getattr(ffcolor.rules, entry.name) is entry.load()
        assert entry.name in dir(ffcolor.rules)
        assert entry.about
        assert entry.source
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        ffcolor.rules.Nothing  # noqa: B018


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_made(name):
    preset = PRESETS[name]
    rule = preset.make(seed=1)
    assert type(rule) is RULES[preset.rule].load()
    assert preset.data in {"subset", "mnist"}
    assert preset.epochs > 0
    change = preset.augmentation()
    if change is not None:
        images = torch.rand(2, *(preset.shape or (784,)))
        assert change(images, torch.Generator().manual_seed(1)).shape == images.shape
