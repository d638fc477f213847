"""The benchmarks are what they claim: tasks, metrics, fairness to the peers, and the runner."""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as runner
from benchmarks.lib import house, metrics, peers, report
from benchmarks.lib.concepts import FAMILIES, PREVALENCE, SyntheticConcept, WordConcept, xkcd_names, xkcd_words
from benchmarks.lib.tasks import DEV_SEEDS, KINDS, TEST_SEEDS, concepts, tasks
from benchmarks.tables import preference
from ffcolor import ColorPreference
from ffcolor.taste import features
from tests import optional

MODULES = {
    path.relative_to(optional.ROOT).with_suffix("").as_posix().replace("/", "."): path
    for path in sorted(Path(runner.__file__).parent.rglob("*.py"))
}


def rows(colors):
    return {tuple(color) for color in colors.tolist()}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_can_be_imported(name):
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    if reason := optional.why_not({*optional.imported(tree.body)}):
        pytest.skip(reason)
    importlib.import_module(name)


def test_xkcd_words_are_those_of_the_survey():
    names, colors = xkcd_names()
    assert len(names) == 949
    assert colors.shape == (949, 3)
    counts = {word: int(hits.sum()) for word, hits in xkcd_words().items()}
    assert len(counts) == 17
    assert (counts["green"], counts["blue"], counts["grey"], counts["olive"]) == (184, 126, 38, 12)
    assert "blue/green" in names
    assert xkcd_words()["green"][names.index("blue/green")]
    assert not xkcd_words()["brown"][names.index("brownish")], "a word counts when it is whole"


@pytest.mark.parametrize(("kind", "count"), [*zip(KINDS, (56, 72, 128, 36, 24), strict=True)])
def test_tasks_of_a_seed(kind, count):
    made = list(tasks(kind, [DEV_SEEDS[0]]))
    assert len(made) == count
    assert len({task.name for task in made}) == count
    for task in made:
        assert task.pos.dtype == task.test_colors.dtype == np.float32
        assert task.pos.shape == (task.k, 3)
        assert (task.neg is None) == (kind == "unlabeled")
        if task.kind == "xkcd":
            given = len(task.pos) + (task.k if task.neg is None else len(task.neg))
            assert len(task.test_colors) + given == 949, "all remaining names are tested"
            assert task.test_labels.sum() == xkcd_words()[task.family].sum() - task.k >= 6
        else:
            assert task.test_labels.sum() == 500 == (~task.test_labels).sum()
            assert np.array_equal(task.concept(task.test_colors), task.test_labels)
            wrong = round(0.2 * task.k) if kind == "flipped" else 0
            assert (~task.concept(task.pos)).sum() == wrong
            if task.neg is not None:
                assert task.concept(task.neg).sum() == wrong
            assert not rows(task.pos) & rows(task.test_colors)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'words' is not a kind of task; there are xkcd"):
        next(tasks("words"))


def test_tasks_are_always_the_same_and_seeds_differ():
    first, again, other = (next(tasks("synthetic", [seed])) for seed in (0, 0, 1))
    assert np.array_equal(first.pos, again.pos)
    assert np.array_equal(first.test_colors, again.test_colors)
    assert not np.array_equal(first.pos, other.pos)


def test_development_and_test_share_no_concept():
    assert not set(DEV_SEEDS) & set(TEST_SEEDS)
    every = [repr(sorted(c.parameters.items())) for c in concepts((*DEV_SEEDS, *TEST_SEEDS))]
    assert len(set(every)) == len(every) == 12 * len({*DEV_SEEDS, *TEST_SEEDS})


@pytest.mark.parametrize("family", FAMILIES)
def test_concepts_hold_for_a_fair_share_of_the_gamut(family):
    concept = SyntheticConcept(family, TEST_SEEDS[0])
    colors = np.random.default_rng(7).random((20_000, 3))
    assert PREVALENCE[0] * 0.8 <= concept(colors).mean() <= PREVALENCE[1] * 1.05
    assert concept(colors[:0]).shape == (0,)


def test_a_word_holds_for_its_own_names():
    colors = xkcd_names()[1]
    agrees = WordConcept("blue")(colors) == xkcd_words()["blue"]
    assert agrees.mean() > 0.98, "all but names that share a colour"


def test_auc_is_the_share_of_pairs_in_order():
    rng = np.random.default_rng(0)
    p, label = rng.integers(0, 8, 60) / 8, rng.random(60) < 0.3
    pairs = p[label][:, None] - p[~label]
    assert metrics.auc(p, label) == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def test_balanced_accuracy_and_calibration_error_by_hand():
    label = np.array([True, False, False, False, False])
    assert metrics.balanced_accuracy(np.array([0.9, 0.1, 0.1, 0.1, 0.7]), label) == 0.875
    assert metrics.calibration_error(np.array([1.0, 0, 0, 0, 0]), label) == 0
    # one bin at 0.5 with half of the (reweighted) samples liked is calibrated; one at 0.8 is 0.3 off
    assert metrics.calibration_error(np.full(5, 0.55), label) == pytest.approx(0.05)
    assert metrics.calibration_error(np.full(5, 0.85), label) == pytest.approx(0.35)


def test_peers_see_the_same_axes_as_the_learner():
    colors = np.random.default_rng(1).random((50, 3), dtype=np.float32)
    ours, theirs = features.axes(colors), peers.d12(colors)
    assert np.allclose(
        ours[:, [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]], theirs[:, [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]], atol=1e-4
    )
    assert np.allclose(ours[:, [4, 5]], theirs[:, [5, 4]], atol=1e-4)


def test_peers_weigh_classes_and_background_as_the_learner_does():
    seen = {}

    def spy(x, y, w):
        seen.update(x=x, y=y, w=w)
        return lambda z: np.full(len(z), 0.5)

    pos, neg = np.zeros((8, 3), np.float32), np.ones((64, 3), np.float32)
    peers.peer(spy, peers.rgb, with_background=True)(pos, neg)
    assert seen["x"].shape == (8 + 64 + 256, 3)
    liked, disliked, drawn = seen["w"][:8].sum(), seen["w"][8:72].sum(), seen["w"][72:].sum()
    assert liked == pytest.approx(disliked + drawn)
    assert drawn / (disliked + drawn) == pytest.approx(ColorPreference().background)
    peers.peer(spy, peers.rgb)(pos, None)
    assert seen["y"].sum() == 8
    assert seen["w"][:8].sum() == pytest.approx(seen["w"][8:].sum()), "without disliked colours: the background alone"


def test_the_learner_and_the_naive_layer_on_a_few_tasks(capsys):
    chosen = [task for kind in ("xkcd", "synthetic") for task in tasks(kind, [0]) if task.k == 16][::6]
    names = [preference.OURS, preference.NAIVE]
    results = preference.Results(chosen, preference.measure("toy", chosen, names, workers=1), names)
    table = preference.main_table(results)
    printed = capsys.readouterr()
    assert f"toy: {len(chosen)} of {len(chosen)}" in printed.err
    assert preference.NAIVE in printed.out
    assert table[0]["name"] == preference.OURS
    assert table[0]["auc"][2] > table[1]["auc"][2], "the naive layer is the worse one"
    assert table[1]["ahead"] == pytest.approx(table[0]["auc"][2] - table[1]["auc"][2])


def test_the_naive_layer_by_autograd_and_in_closed_form_agree():
    task = next(tasks("synthetic", [0]))
    one, other = (
        make(steps=20)(task.pos, task.neg)(task.test_colors)
        for make in (peers.naive_forward_forward, peers.naive_form_of_ffcolor)
    )
    assert np.ptp(one) > 0.1
    assert np.allclose(one, other, atol=1e-4)


def test_every_goal_names_peers_that_exist():
    known = set(preference.contenders())
    assert {
        preference.OURS,
        preference.NAIVE,
        *preference.BACKPROP,
        *preference.VARIANT_PEERS,
        *peers.LARGEST_K,
    } <= known


def test_goals():
    assert report.at_least("a", 0.9, 0.9)["met"]
    assert not report.at_most("a", 0.9, 0.91)["met"]


@pytest.fixture
def toy(monkeypatch, tmp_path):
    """A benchmark of one goal, in place of the speed table, with its results kept apart."""

    def main(quick=False):
        return {"figure": np.float64(1.5), "goals": [report.at_least("figure", 1, 1.5), report.at_most("other", 1, 2)]}

    module = types.ModuleType("benchmarks.tables.speed")
    module.main = main
    monkeypatch.setitem(sys.modules, "benchmarks.tables.speed", module)
    monkeypatch.setattr(runner, "RESULTS", tmp_path / "results")
    return module


def test_the_runner_prints_a_summary_and_keeps_the_figures(toy, capsys):
    assert runner.main(["speed", "--quick"]) == 0, "a goal that is not met is no failure"
    printed = capsys.readouterr().out
    assert "cpu: " in printed
    assert "1 of 2 goals met" in printed
    assert "NOT MET" in printed
    kept = json.loads((runner.RESULTS / "speed.json").read_text())
    assert kept["figure"] == 1.5
    assert kept["quick"] is True


def test_the_runner_goes_on_after_a_crash_and_says_so(toy, capsys):
    def crash():
        raise RuntimeError("no such luck")

    toy.main = crash
    assert runner.main(["speed"]) == 1
    printed = capsys.readouterr()
    assert "no such luck" in printed.err
    assert "0 of 0 goals met" in printed.out


def test_an_unknown_benchmark_is_named_with_those_that_exist(capsys):
    assert runner.main(["sped"]) == 2
    assert "there is no benchmark 'sped'; there are: preference, first_calls" in capsys.readouterr().err


@pytest.fixture
def pip(monkeypatch):
    """A pip that installs nothing, but says what it is told and brings the packages that it is told."""
    told = types.SimpleNamespace(code=0, says="", brings=())
    sites = []

    def create(folder, **_):
        site = Path(folder, "Lib/site-packages" if os.name == "nt" else "lib/python3.12/site-packages")
        site.mkdir(parents=True)
        sites.append(site)

    def run(command, **_):
        for name in told.brings:
            (sites[-1] / name).mkdir()
            (sites[-1] / name / "code.py").write_bytes(b"#" * 2_000_000)
        return subprocess.CompletedProcess(command, told.code, "", told.says)

    monkeypatch.setattr(house.venv, "create", create)
    monkeypatch.setattr(house.subprocess, "run", run)
    return told


def test_an_install_is_weighed_and_searched_for_what_it_should_not_bring(pip):
    pip.brings = ("ffcolor", "scipy")
    facts, (size, unwanted) = house.installed()
    assert facts == {house.INSTALLED: 4.0, "torch or scipy came with it": "scipy"}
    assert (size["value"], size["met"]) == (4.0, True)
    assert (unwanted["value"], unwanted["met"]) == (1.0, False)


def test_without_an_index_the_install_is_left_out_in_a_line(pip, capsys):
    pip.code, pip.says = 1, "ERROR: Could not find a version that satisfies hatchling>=1.21 (from versions: none)"
    assert house.installed() == ({}, [])
    assert capsys.readouterr().out.strip() == "pip install . was not measured: pip reached no package index"


def test_an_install_that_fails_is_no_missing_index(pip):
    pip.code, pip.says = 1, "ERROR: Failed to build 'ffcolor'"
    with pytest.raises(RuntimeError, match="Failed to build"):
        house.installed()
