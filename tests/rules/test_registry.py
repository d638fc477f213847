"""Rules of other packages: found by their entry points, run by the benchmark, and no trouble to anybody if broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ffcolor.doors.cli import main
from ffcolor.errors import FfcolorError, FfcolorWarning
from ffcolor.rules import RULES, Recipe, bench
from ffcolor.rules.bench import lineup
from ffcolor.rules.registry import OWN, known_rule

MODULE = '''
import torch
from ffcolor.rules import Learner, Recipe


class NearestMean(Learner):
    """The class of the nearest mean."""

    recipes = {"digits": Recipe(None, {"learning_rate": 1.0}, 1)}

    def __init__(self, **settings):
        super().__init__(**settings)
        self.live = {"sums": torch.zeros(self.num_classes, 64), "counts": torch.zeros(self.num_classes, 1)}

    def partial_fit(self, x, y):
        inputs, labels = self.as_inputs(x), self.as_labels(y, len(x))
        self.live["sums"].index_add_(0, labels, inputs)
        self.live["counts"].index_add_(0, labels, torch.ones(len(labels), 1))
        return {"loss": 0.0}

    def predict(self, x):
        return torch.cdist(self.as_inputs(x), self.live["sums"] / self.live["counts"].clamp_min(1)).argmin(1)

    def parts(self):
        return {"means": self.live}


class NotARule:
    def fit(self, x, y):
        return self
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a made-up package that names these rules."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "means_of_others.py").write_text(MODULE, encoding="utf-8")
    (site / "broken_of_others.py").write_text("import a_module_that_is_not_there\n", encoding="utf-8")
    (site / "leaving_of_others.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    info = site / "means_of_others-2.5.dist-info"
    info.mkdir()
    head = "Metadata-Version: 2.1\nName: means-of-others\nVersion: 2.5\nSummary: Means, and nothing else.\n"
    (info / "METADATA").write_text(head, encoding="utf-8")

    def install(**points: str) -> None:
        lines = [f"{name.replace('_', '-')} = {value}" for name, value in points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[ffcolor.rules]", *lines, ""]), encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))

    yield install
    for name in ("means_of_others", "broken_of_others", "leaving_of_others"):
        sys.modules.pop(name, None)


def test_a_rule_of_another_package_is_in_the_table_and_is_imported_when_it_is_loaded(installed):
    before = list(RULES)
    installed(nearest_mean="means_of_others:NearestMean")
    assert list(RULES) == [*before, "nearest-mean"]
    assert len(RULES) == len(before) + 1
    assert "nearest-mean" in repr(RULES)
    entry = RULES["nearest-mean"]
    assert (entry.about, entry.source, entry.package) == ("Means, and nothing else.", *["means-of-others 2.5"] * 2)
    assert "means_of_others" not in sys.modules
    assert entry.load().__name__ == "NearestMean"
    assert lineup.settings("nearest-mean", "digits").network is None
    assert lineup.settings("nearest-mean", "subset") is None


def test_the_benchmark_runs_it_in_a_process_of_its_own(installed, tmp_path):
    installed(nearest_mean="means_of_others:NearestMean")
    found = bench.run("digits", rules=["nearest-mean"], seeds=1, out=tmp_path / "out")
    assert found["failed"] == []
    assert found["rows"][0]["own"]["accuracy_pct"] > 80
    assert found["rows"][0]["twin"] is None
    (line,) = (tmp_path / "out" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["rule"] == "nearest-mean"


def test_the_command_finds_it_by_the_path_of_python(installed, tmp_path):
    installed(nearest_mean="means_of_others:NearestMean")
    words = [
        sys.executable,
        "-m",
        "ffcolor",
        "bench",
        "rules",
        "--rules",
        "nearest-mean",
        "--seeds",
        "1",
        "--out",
        "out",
    ]
    path = os.pathsep.join([str(tmp_path / "site"), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "| nearest-mean |" in done.stdout


BROKEN = {
    "gone": ("broken_of_others:Rule", r"broken_of_others:Rule of the package means-of-others 2\.5 cannot be imported"),
    "leaving": ("leaving_of_others:Rule", r"cannot be imported \(SystemExit: 3\)"),
    "lacking": ("means_of_others:Nothing", "AttributeError"),
    "other": ("means_of_others:NotARule", "is not a rule: it has no partial_fit, predict, accuracy, state_dict"),
    "odd": ("no module at all", "cannot be imported"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_says_so_when_it_is_loaded(installed, name):
    installed(**{name: BROKEN[name][0]})
    with pytest.raises(FfcolorError, match=BROKEN[name][1]) as caught:
        RULES[name].load()
    assert caught.value.code == "broken-rule"


def test_a_broken_one_does_not_keep_others_from_running(installed, tmp_path, monkeypatch):
    from ffcolor.rules.bench import measure, trial

    installed(nearest_mean="means_of_others:NearestMean", gone="broken_of_others:Rule")
    monkeypatch.setattr(measure, "start", trial.run)
    chosen = {name: RULES[name] for name in ("gone", "nearest-mean")}
    monkeypatch.setattr(measure, "RULES", chosen)
    found = bench.run("digits", seeds=1, out=tmp_path / "out")
    assert [each["rule"] for each in found["rows"]] == ["nearest-mean"]
    assert [each["run"] for each in found["failed"]] == ["gone"]
    assert "Failed: gone: broken_of_others:Rule of the package means-of-others 2.5 cannot" in bench.table(found)
    with pytest.raises(FfcolorError, match="cannot be imported"):
        bench.run("digits", rules=["gone"], seeds=1, out=tmp_path / "out")


def test_a_name_that_is_taken_is_left_out_with_a_warning(installed):
    installed(cwcomp="means_of_others:NearestMean")
    with pytest.warns(
        FfcolorWarning, match="the rule 'cwcomp' of the package means-of-others 2.5 is left out: ffcolor"
    ):
        assert list(RULES) == list(OWN)
    assert RULES["cwcomp"].package is None


def test_lists_that_cannot_be_read_are_warned_of(monkeypatch):
    def fail(group: str) -> None:
        raise ValueError("not a list")

    monkeypatch.setattr("importlib.metadata.entry_points", fail)
    with pytest.warns(FfcolorWarning, match="rules of installed packages cannot be listed: not a list"):
        assert list(RULES) == list(OWN)


def test_own_rules_are_found_without_looking_at_packages(monkeypatch):
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: pytest.fail("packages were looked at"))
    assert RULES["cwcomp"] is OWN["cwcomp"]
    assert "cwcomp" in RULES


def test_an_unknown_name_is_answered_with_the_one_that_was_meant(capsys):
    with pytest.raises(FfcolorError, match="'cwcmp' is not a rule: did you mean 'cwcomp'") as caught:
        known_rule("cwcmp")
    assert caught.value.code == "unknown-rule"
    with pytest.raises(FfcolorError, match="'cifar' is not a task: there are digits, subset, mnist"):
        lineup.settings("cwcomp", "cifar")
    assert main(["bench", "rules", "--rules", "cwcmp"]) == 2
    assert "did you mean 'cwcomp'?" in capsys.readouterr().err


@pytest.mark.parametrize("rule", OWN)
def test_recipes_are_named_after_tasks(rule):
    kind = RULES[rule].load()
    for name, recipe in kind.recipes.items():
        assert isinstance(recipe, Recipe)
        assert set(name.split("-")) & set(bench.TASKS), name


def test_a_list_that_cannot_be_read_hides_no_other(installed, tmp_path, monkeypatch):
    broken = tmp_path / "broken" / "broken_of_others-1.0.dist-info"
    broken.mkdir(parents=True)
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-of-others\nVersion: 1.0\n", encoding="utf-8")
    (broken / "entry_points.txt").write_bytes(b"[ffcolor.rules]\nbad = \xff:Rule\n")
    installed(nearest_mean="means_of_others:NearestMean")
    monkeypatch.syspath_prepend(str(broken.parent))
    with pytest.warns(FfcolorWarning, match=r"cannot be listed: .* of .*broken_of_others-1\.0\.dist-info") as told:
        rows = {name: row.package for name, row in RULES.items()}
    assert rows == {**dict.fromkeys(OWN), "nearest-mean": "means-of-others 2.5"}
    assert len([each for each in told if issubclass(each.category, FfcolorWarning)]) == 1
