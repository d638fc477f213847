"""The protocol, for every rule as far as it applies: resuming to the bit, order and seeds, checks, state, errors.

Rules on graphs learn from all nodes at once, or from pairs of them: their data are their own. Cells and a layer by
itself have a state, and nothing else of the protocol.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch

import ffcolor.rules
from ffcolor import FfcolorError
from ffcolor.rules import (
    FF_NCA,
    RULES,
    Backprop,
    Conv,
    CwComp,
    DeeperForward,
    DistanceForward,
    DistanceForwardLayer,
    ForwardForward,
    GraphForwardForward,
    HasGoodness,
    HasState,
    Learner,
    LinkForward,
    MonoForward,
    RecurrentForwardForward,
    Rule,
    SelfContrastiveFF,
    SingleForward,
    Stateful,
    UnsupervisedForwardForward,
    VFFNet,
    augment,
    checkpoint,
)
from ffcolor.rules.bench.presets import PRESETS
from ffcolor.rules.graph import GraphBackprop, LinkBackprop, block_graph, split_links
from ffcolor.rules.registry import OWN
from ffcolor.settings import Choice, Constraint, Number, Row, Whole, check

SQUARE = (1, 4, 4)
CONVS = [Conv(6), Conv(9, pool=2)]
MAKERS = {
    "forward-forward": lambda **k: ForwardForward([16, 9, 7], candidates=1, peer=0.1, **k),
    "head": lambda **k: ForwardForward([16, 9, 7], answer="head", labels="pattern", **k),
    "unsupervised": lambda **k: UnsupervisedForwardForward([16, 9, 7], **k),
    "self-contrastive": lambda **k: SelfContrastiveFF([16, 9, 7], **k),
    "generator": lambda **k: SelfContrastiveFF([16, 9, 7], negatives="generator", **k),
    "distance-forward": lambda **k: DistanceForward([16, 9, 7], collaboration="random", **k),
    "recurrent": lambda **k: RecurrentForwardForward([16, 9, 7], steps=3, **k),
    "backprop": lambda **k: Backprop([16, 9, 7], **k),
    "cwcomp": lambda **k: CwComp(SQUARE, CONVS, **k),
    "deeper-forward": lambda **k: DeeperForward(SQUARE, CONVS, **k),
    "vff-net": lambda **k: VFFNet(SQUARE, CONVS, **k),
    "mono-forward": lambda **k: MonoForward(16, [9, 7], **k),
}
rules = pytest.mark.parametrize("make", [*MAKERS.values()], ids=[*MAKERS])
SMALL = {"num_classes": 3, "batch_size": 8}


def batch(n: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(5)
    return torch.rand(n, 16, generator=g), torch.randint(0, 3, (n,), generator=g)


class Case(NamedTuple):
    """A rule with data that it can learn from."""

    make: Callable[..., Any]
    x: torch.Tensor
    y: torch.Tensor


BLOCKS = block_graph(3, 8, 0.8, 0.1, features=16, signal=2.0, known=4, seed=1)
NODES = BLOCKS.features, BLOCKS.labels.where(BLOCKS.known, -1)
LINKS = split_links(BLOCKS.graph, seed=1)
ON_NODES = {"num_classes": 3}


def by_recipe(name: str) -> Case:
    """A rule as its recipe for the digits makes it, on inputs like digits."""
    kind = RULES[name].load()
    recipe = kind.recipes["digits"]
    first = () if recipe.network is None else (recipe.network,)
    g = torch.Generator().manual_seed(6)
    x = torch.rand(20, *(recipe.shape or (64,)), generator=g)
    return Case(
        lambda **k: kind(*first, **{**recipe.settings, "batch_size": 8, **k}),
        x,
        torch.randint(0, 10, (20,), generator=g),
    )


CASES = {
    **{f"{name} of the digits": by_recipe(name) for name, entry in OWN.items() if "digits" in entry.load().recipes},
    **{name: Case(lambda make=make, **k: make(**SMALL, **k), *batch()) for name, make in MAKERS.items()},
    "graph-single": Case(lambda **k: SingleForward(BLOCKS.graph, [16, 9, 7], **ON_NODES, **k), *NODES),
    "graph-forward": Case(lambda **k: GraphForwardForward(BLOCKS.graph, [16, 9, 7], **ON_NODES, **k), *NODES),
    "graph-twin": Case(lambda **k: GraphBackprop(BLOCKS.graph, [16, 9, 7], **ON_NODES, **k), *NODES),
    "links": Case(
        lambda **k: LinkForward(LINKS.graph, BLOCKS.features, [16, 9, 7], batch_size=30, **k), LINKS.pairs, LINKS.labels
    ),
    "links-twin": Case(
        lambda **k: LinkBackprop(LINKS.graph, BLOCKS.features, [16, 9, 7], batch_size=30, **k),
        LINKS.pairs,
        LINKS.labels,
    ),
}
cases = pytest.mark.parametrize("case", [*CASES.values()], ids=[*CASES])


def cells(seed: int = 0) -> FF_NCA:
    return FF_NCA([[-1, 0, -1], [0, 1, 0], [-1, 0, -1]], ["#264653", "#e9c46a"], batch=2, seed=seed)


class Enough(Exception):  # noqa: N818
    pass


def fitted(rule: Any, share: float, *data: torch.Tensor, **settings: int) -> Any:
    """Let it learn, and stop after a share of the steps."""

    def stop(step: int, steps: int, loss: float) -> None:
        if step >= share * steps:
            raise Enough

    with contextlib.suppress(Enough):
        rule.fit(*data, on_step=stop, **settings)
    return rule


def layer_fitted(layer: DistanceForwardLayer, share: float) -> DistanceForwardLayer:
    x, y = batch()
    while layer.steps < 10 * share:
        layer.fit_batch(x, y)
    return layer


STATES = {
    **{
        name: (case.make, lambda rule, share, case=case: fitted(rule, share, case.x, case.y, epochs=4))
        for name, case in CASES.items()
    },
    "cells": (cells, lambda rule, share: fitted(rule, share, steps=20)),
    "layer": (lambda seed=0: DistanceForwardLayer(16, 9, 3, seed=seed), layer_fitted),
}
states = pytest.mark.parametrize(("make", "learned"), [*STATES.values()], ids=[*STATES])


def same(one: HasState, other: HasState) -> bool:
    a, b = one.state_dict(), other.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)


# ---- learning --------------------------------------------------------------------------------------------------------


@rules
def test_a_rule_that_was_stopped_goes_on_to_the_same_bits(make, tmp_path):
    x, y = batch()
    moved = augment.shifts(1)
    straight = make(seed=2, **SMALL).fit(x, y, epochs=4, augment=moved)

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


@states
def test_what_was_stopped_goes_on_to_the_same_bits(make, learned, tmp_path):
    straight = learned(make(seed=2), 1)
    checkpoint.save(tmp_path / "state", learned(make(seed=2), 0.4))
    resumed = make(seed=2)
    checkpoint.load(tmp_path / "state", resumed)
    assert not same(resumed, straight)
    assert same(learned(resumed, 1), straight)
    assert resumed.steps == straight.steps > 0


@states
def test_the_seed_decides_and_global_generators_are_left_alone(make, learned):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    one, two, other = (learned(make(seed=seed), 0.5) for seed in (1, 1, 2))
    assert same(one, two)
    assert not same(one, other)
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()  # noqa: NPY002


@cases
def test_what_every_rule_answers(case):
    x, y = case.x, case.y
    rule = case.make(seed=1, learning_rate=0.01)
    assert isinstance(rule, Rule)
    assert isinstance(rule, Learner)
    assert (rule.seed, rule.learning_rate, rule.epoch) == (1, 0.01, None)
    losses = rule.partial_fit(x.numpy(), y.numpy())
    assert all(isinstance(loss, float) for loss in losses.values())
    layers = [loss for name, loss in losses.items() if name.startswith("layer")]
    names = {"loss", *(f"layer{place}" for place in range(len(layers)))}
    assert names <= set(losses) <= names | {"head", "generator"}
    assert losses["loss"] == pytest.approx(sum(layers) if layers else losses["loss"])
    assert rule.predict(x).dtype == torch.int64
    assert rule.predict(x).shape == (len(x),)
    known = y >= 0
    assert rule.accuracy(x, y) == pytest.approx(float((rule.predict(x) == y)[known].double().mean()))
    assert type(rule).__name__ in repr(rule)
    assert not any(tensor.requires_grad for tensor in rule.state_dict().values())


@cases
def test_rules_that_have_goodness_give_it_for_each_layer(case):
    rule = case.make(seed=1)
    rule.partial_fit(case.x, case.y)
    assert isinstance(rule, HasGoodness)
    for layer in rule.goodness(case.x):
        assert layer.shape in {(len(case.x),), (len(case.x), rule.num_classes)}
    assert all(layer.shape == (len(case.x),) for layer in rule.goodness(case.x, case.y.clamp_min(0)))


class Mean(Learner):
    """The class of the nearest mean: a rule whose layers have no goodness."""

    def __init__(self, **settings: Any):
        super().__init__(**settings)
        self.live = {"means": torch.zeros(self.num_classes, 16)}

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        inputs, labels = self.as_inputs(x), self.as_labels(y, len(x))
        self.live["means"].index_add_(0, labels, self.learning_rate * inputs)
        return {"loss": 0.0}

    def predict(self, x: Any) -> torch.Tensor:
        return torch.cdist(self.as_inputs(x), self.live["means"]).argmin(1)

    def parts(self) -> dict[str, Any]:
        return self.live


def test_a_rule_need_not_have_goodness():
    rule = Mean(num_classes=3).fit(*batch(), epochs=1)
    assert isinstance(rule, Rule)
    assert not isinstance(rule, HasGoodness)
    assert 0 <= rule.accuracy(*batch()) <= 1


@cases
def test_the_epoch_is_known_while_it_lasts_and_after_a_resume(case):
    def watched(rule: Any) -> list[int]:
        seen, inner = [], rule.partial_fit
        rule.partial_fit = lambda *given: (seen.append(rule.epoch), inner(*given))[1]
        return seen

    rule = case.make(seed=1)
    seen = watched(rule)
    each = -(-len(case.x) // rule.batch_size)

    def stop(step: int, steps: int, loss: float) -> None:
        if step == each + 1:
            raise Enough

    with pytest.raises(Enough):
        rule.fit(case.x, case.y, epochs=3, on_step=stop)
    assert seen == [0] * each + [1]
    assert rule.epoch is None
    fresh = case.make(seed=1)
    fresh.load_state_dict(rule.state_dict())
    seen = watched(fresh)
    fresh.fit(case.x, case.y, epochs=3)
    assert seen == [1] * (each - 1) + [2] * each


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


@states
def test_the_state_is_a_copy_and_fits_only_its_like(make, learned):
    rule = learned(make(seed=1), 0.3)
    assert isinstance(rule, HasState)
    assert isinstance(rule, Stateful)
    state = rule.state_dict()
    kept = {key: value.clone() for key, value in state.items()}
    learned(rule, 1)
    assert all(torch.equal(state[key], kept[key]) for key in kept)
    assert not same(rule, learned(make(seed=1), 0.3))
    fresh = make(seed=1)
    name = next(key for key in state if key.endswith("weight"))
    for wrong, gist in (
        ({key: value for key, value in state.items() if key != name}, f"the state lacks {name}, which this"),
        ({**state, name: state[name][:-1]}, f"{name} is of shape"),
        ({**state, "layer9.weight": state[name]}, "the state holds layer9.weight, which this"),
        ({key: value for key, value in state.items() if not key.startswith("rule")}, "not the state of a rule"),
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
    ("constraint", "value", "gist"),
    [
        (Whole(1), True, "it is True; it must be a whole number, at least 1"),
        (Whole(1), 0, "it is 0"),
        (Number(0), float("inf"), "it is inf; it must be a number, 0 or more"),
        (Number(0, 1), 2, "it is 2; it must be a number from 0 to 1"),
        (Number(0), "1", "it is '1'"),
        (Choice("a", "b"), "c", "it is 'c'; it must be one of 'a', 'b'"),
        (Row(Whole(1), 2), "784", "it is '784'; it must be a list of at least 2"),
        (Row(Whole(1), 2), 784, "it is 784"),
    ],
)
def test_settings_are_checked(constraint, value, gist):
    with pytest.raises(FfcolorError) as caught:
        check({"it": constraint}, it=value)
    assert gist in str(caught.value)
    assert caught.value.code == "invalid-setting"


@pytest.mark.parametrize("name", RULES)
def test_every_setting_with_a_constraint_is_one_of_the_rules_own(name):
    """Tables of constraints name settings that there are; the settings that bases take are theirs."""
    kind = RULES[name].load()
    made = [each for each in kind.__mro__ if "__init__" in vars(each)]
    taken = {parameter for each in made for parameter in inspect.signature(each).parameters}
    assert all(isinstance(constraint, Constraint) for constraint in kind.limits.values())
    assert set(kind.limits) - taken <= {"epochs"}
    assert {"learning_rate", "seed", "num_classes"} <= set(kind.limits)


# ---- the tables ------------------------------------------------------------------------------------------------------


def test_every_rule_of_the_table_is_tested_here():
    assert {entry.load() for entry in RULES.values()} <= {type(case.make()) for case in CASES.values()}


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
