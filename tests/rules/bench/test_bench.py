"""The benchmark of the rules: runs in processes of their own, resumed after a stop; record, sums, table, command."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest
import torch

from ffcolor.doors.cli import main, terminal
from ffcolor.errors import FfcolorError
from ffcolor.rules import RULES, bench, checkpoint
from ffcolor.rules.bench import child, lineup, measure, plot, resident, trial
from ffcolor.rules.bench.presets import PRESETS
from ffcolor.rules.bench.trial import Trial

TINY = Trial("forward-forward", False, "digits", 3, 1)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Ten thousand images of 28 x 28 pixels with a block in the place of their class."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 10_000)
    pixels = rng.integers(0, 60, (10_000, 28, 28), dtype=np.uint8)
    for label in range(10):
        pixels[labels == label, 8 : 8 + 12, 2 * label : 2 * label + 6] += 150
    path = tmp_path / "images.npz"
    np.savez(path, X=pixels, Y=labels, Xt=pixels[:20], Yt=labels[:20])
    return path


# ---- who runs --------------------------------------------------------------------------------------------------------


def test_every_rule_for_images_has_settings_for_every_task():
    on_images = [name for name, entry in RULES.items() if not entry.home.startswith(".graph")]
    for task in lineup.TASKS:
        for rule in on_images:
            preset = lineup.settings(rule, task)
            assert preset is not None, (rule, task)
            assert preset.rule == rule
            assert lineup.has_twin(preset) == (rule != "backprop"), (rule, task)


def test_settings_are_the_presets_of_the_task_and_else_of_the_subset():
    assert lineup.settings("cwcomp", "mnist") is PRESETS["cwcomp-mnist"]
    assert "vff-net-mnist" not in PRESETS
    assert lineup.settings("vff-net", "mnist") is PRESETS["vff-net-subset"]
    assert lineup.settings("cwcomp", "mnist", 2) == PRESETS["cwcomp-mnist"]._replace(epochs=2)


@pytest.mark.parametrize("rule", [name for name in RULES if lineup.settings(name, "digits") and name != "backprop"])
def test_a_twin_takes_the_inputs_of_its_rule(rule):
    preset = lineup.settings(rule, "digits")
    split = lineup.shaped(lineup.load("digits"), preset)
    twin = lineup.twin(preset, 5)
    assert twin.batch_size == preset.make(5).batch_size
    before = twin.partial_fit(split.x[:32], split.y[:32])["loss"]
    after = [twin.partial_fit(split.x[:32], split.y[:32])["loss"] for _ in range(5)][-1]
    assert after < before


def test_a_dense_twin_has_the_widths_of_its_rule():
    twin = lineup.twin(lineup.settings("forward-forward", "subset"), 1)
    shapes = [tuple(weight.shape) for weight in twin.network.parameters() if weight.ndim == 2]
    assert shapes == [(500, 784), (500, 500), (10, 500)]


# ---- one run ---------------------------------------------------------------------------------------------------------


def test_a_run_is_what_fit_and_accuracy_say():
    preset = lineup.settings("forward-forward", "digits", 1)
    split = lineup.load("digits")
    rule = preset.make(3).fit(split.x, split.y, epochs=1)
    steps = []
    found = trial.run(TINY, on_step=lambda step, total: steps.append((step, total)))
    assert found["accuracy_pct"] == 100 * rule.accuracy(split.x_test, split.y_test)
    assert (found["steps"], found["train"], found["test"]) == (rule.steps, 1437, 360)
    assert steps == [(place + 1, rule.steps) for place in range(rule.steps)]
    assert found["cpu_s"] > 0


def test_a_stopped_run_goes_on_to_the_same_figure(tmp_path):
    straight = trial.run(TINY)
    path, seen = tmp_path / "run.safetensors", []
    with pytest.raises(trial.Stopped):
        trial.run(TINY, path, lambda step, steps: seen.append(step), lambda: len(seen) == 4)
    assert seen[-1] == 4
    preset = lineup.settings("forward-forward", "digits", 1)
    rule = preset.make(3)
    header = checkpoint.load(path, rule)
    assert rule.steps == 4
    checkpoint.save(path, rule, {**header, "cpu_s": 500.0, "memory_mb": 9e6})
    again = trial.run(TINY, path, lambda step, steps: seen.append(step))
    assert seen[4] == 5, "it does not begin anew"
    assert again["accuracy_pct"] == straight["accuracy_pct"]
    assert again["steps"] == straight["steps"]
    assert 500 < again["cpu_s"] < 600, "the time of both sittings"
    assert again["memory_mb"] == 9e6, "the larger peak of both"


def test_a_twin_is_backpropagation_of_the_same_layers():
    found = trial.run(TINY._replace(twin=True))
    preset = lineup.settings("forward-forward", "digits", 1)
    split = lineup.load("digits")
    twin = lineup.twin(preset, 3).fit(split.x, split.y, epochs=1)
    assert found["accuracy_pct"] == 100 * twin.accuracy(split.x_test, split.y_test)


def test_a_process_of_its_own_finds_the_same():
    steps = []
    found = child.start(TINY, None, lambda step, total: steps.append((step, total)))
    here = trial.run(TINY)
    assert {**found, "cpu_s": 0, "memory_mb": 0} == {**here, "cpu_s": 0, "memory_mb": 0}
    assert steps[-1] == (found["steps"], found["steps"])
    assert found["memory_mb"] > 0


@pytest.mark.needs("posix")
def test_an_interrupted_process_leaves_a_checkpoint_and_goes_on(tmp_path):
    """As a terminal does it: the interrupt comes between two steps of a run that would last for minutes."""
    path = tmp_path / "run.safetensors"
    long = TINY._replace(epochs=10_000)
    words = [sys.executable, "-m", "ffcolor.rules.bench.child", json.dumps(long), str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert json.loads(process.stdout.readline())["step"] >= 1
        assert not path.exists()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (130, b"")
    rule = lineup.settings("forward-forward", "digits").make(3)
    checkpoint.load(path, rule)
    assert 0 < rule.steps < 15 * 10_000


def test_whoever_stops_listening_stops_the_run(tmp_path):
    path = tmp_path / "run.safetensors"

    class Enough(Exception):  # noqa: N818
        pass

    def leave(step: int, steps: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        child.start(TINY._replace(epochs=10_000), path, leave)
    assert path.exists()


def test_what_a_run_raises_arrives(tmp_path):
    with pytest.raises(FfcolorError, match=r"nothing\.npz is not there") as caught:
        child.start(Trial("forward-forward", False, "mnist", 1, 1, str(tmp_path / "nothing.npz")))
    assert caught.value.code == "data-file"


def test_a_process_that_dies_says_how(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(FfcolorError, match="the run ended with code 1") as caught:
        child.start(TINY)
    assert caught.value.code == "run-failed"


# ---- memory ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the record of a process cannot be set back")
def test_resident_memory_is_the_peak_since_then_alone():
    held = bytearray(os.urandom(1)) * 300_000_000
    del held
    since = resident.Resident()
    if not since.exact:
        pytest.skip("this system does not let a process set its record back")
    assert since.grown_mb() < 50, "what was freed before does not count"
    block = torch.ones(20_000_000)
    del block
    assert 75 < since.grown_mb() < 130, "80 MB, freed again"


# ---- the record of runs ----------------------------------------------------------------------------------------------


def test_a_line_that_was_cut_short_is_made_anew(tmp_path):
    record = tmp_path / "runs.jsonl"
    bench.append(record, {"key": "a", "n": 1})
    bench.append(record, {"key": "b", "n": 2})
    record.write_bytes(record.read_bytes()[:-4])
    assert bench.read(record) == {"a": {"key": "a", "n": 1}}
    bench.append(record, {"key": "c", "n": 3})
    assert record.read_text() == '{"key": "a", "n": 1}\n{"key": "c", "n": 3}\n'


@pytest.mark.parametrize("line", ["nonsense", "[1]", '{"n": 1}'])
def test_a_damaged_line_is_named(tmp_path, line):
    record = tmp_path / "runs.jsonl"
    record.write_text(f'{{"key": "a"}}\n{line}\n{{"key": "b"}}\n')
    with pytest.raises(FfcolorError, match=r"line 2 of .*runs\.jsonl is not a run") as caught:
        bench.read(record)
    assert (caught.value.code, caught.value.position) == ("bench-folder", 2)


def test_a_key_tells_runs_apart():
    plain = {"epochs": 1, "settings": {"lr": 0.1}}
    same = bench.key(TINY, plain, "x")
    assert same == bench.key(TINY._replace(path="elsewhere/mnist.npz"), dict(reversed(plain.items())), "x")
    others = [
        bench.key(TINY._replace(seed=4), plain, "x"),
        bench.key(TINY._replace(twin=True), plain, "x"),
        bench.key(TINY._replace(rule="cwcomp"), plain, "x"),
        bench.key(TINY._replace(task="mnist"), plain, "x"),
        bench.key(TINY._replace(device="cuda"), plain, "x"),
        bench.key(TINY, plain | {"epochs": 2}, "x"),
        bench.key(TINY, plain, "y"),
    ]
    assert len({same, *others}) == 1 + len(others)


def test_a_fingerprint_is_of_contents(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train").write_bytes(b"12")
        (tmp_path / name / "test").write_bytes(b"3")
    assert bench.fingerprint(tmp_path / "a") == bench.fingerprint(tmp_path / "b")
    (tmp_path / "b" / "test").write_bytes(b"4")
    assert bench.fingerprint(tmp_path / "a") != bench.fingerprint(tmp_path / "b")
    assert bench.fingerprint(tmp_path / "a" / "test") != bench.fingerprint(tmp_path / "b" / "test")


# ---- the whole -------------------------------------------------------------------------------------------------------


def made(accuracy: float, *, twin: bool = False, memory: float | None = 10.0, rule: str = "cwcomp") -> bench.Run:
    return {
        "rule": rule,
        "twin": twin,
        "accuracy_pct": accuracy,
        "cpu_s": accuracy / 10,
        "memory_mb": memory,
        "steps": 1200,
        "settings": {"epochs": 7},
    }


def test_sums_are_those_of_the_textbook():
    right = [90.0, 96.0, 19.0, 20.5]
    found = bench.summed([made(each) for each in right])
    assert found["accuracy_pct"] == pytest.approx(mean(right))
    assert found["sd_pct"] == pytest.approx(stdev(right)) == pytest.approx(np.std(right, ddof=1))
    assert (found["worst_pct"], found["above_chance"], found["runs"]) == (19.0, 3, 4)
    assert (found["steps"], found["epochs"]) == (1200, 7)
    assert found["cpu_s"] == pytest.approx(mean(right) / 10)
    assert bench.summed([]) is None
    assert bench.summed([made(50.0)])["sd_pct"] is None
    assert bench.summed([made(50.0), made(50.0, memory=None)])["memory_mb"] is None


def test_the_table_and_the_plot_show_every_row(tmp_path):
    rows = [
        bench.row("cwcomp", [made(97.0), made(98.0), made(95.0, twin=True)]),
        bench.row("backprop", [made(94.0, memory=None)]),
        bench.row("vff-net", []),
    ]
    failed = [{"run": "vff-net, seed 1", "reason": "the run was killed by signal 9"}]
    results = {"about": "digits", "rows": rows, "left_out": ["graph"], "failed": failed}
    lines = bench.table(results).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert cells[2] == ["cwcomp", "97.50 ± 0.71", "2 of 2", "9.8", "10", "1,200", "95.00", "9.5", "10"]
    assert cells[3] == ["backprop", "94.00", "1 of 1", "9.4", "?", "1,200", "-", "-", "-"]
    assert cells[4] == ["vff-net", *"--------"]
    assert "Without settings for this task: graph." in lines
    assert "Failed: vff-net, seed 1: the run was killed by signal 9" in lines
    png, svg = plot.draw(results, tmp_path / "plot")
    assert png.read_bytes().startswith(b"\x89PNG")
    text = svg.read_text(encoding="utf-8")
    plot.draw(results, tmp_path / "again")
    assert (tmp_path / "again.svg").read_text(encoding="utf-8") == text


def test_two_rules_are_run_once_and_no_run_is_made_again(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(measure, "start", trial.run)
    words = ["bench", "rules", "--rules", "backprop,mono-forward", "--epochs", "1", "--out", str(tmp_path)]
    assert main([*words, "--seeds", "1", "--json"]) == 0
    output = capsys.readouterr()
    assert output.err == "", "nothing is said where there is no terminal"
    results = json.loads(output.out)
    assert results == json.loads((tmp_path / "rules-digits.json").read_text())
    assert [each["rule"] for each in results["rows"]] == ["backprop", "mono-forward"]
    assert results["rows"][0]["twin"] is None
    lines = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text().splitlines()]
    assert [(each["rule"], each["twin"], each["seed"]) for each in lines] == [
        ("backprop", False, 1),
        ("mono-forward", False, 1),
        ("mono-forward", True, 1),
    ]
    assert results["rows"][1]["own"]["accuracy_pct"] == lines[1]["accuracy_pct"]
    assert results["rows"][1]["twin"]["cpu_s"] == lines[2]["cpu_s"]
    assert not list((tmp_path / "checkpoints").iterdir())
    assert {path.name for path in tmp_path.iterdir()} >= {"rules-digits.png", "rules-digits.svg"}

    monkeypatch.setattr(measure, "start", lambda *_: pytest.fail("a run was made again"))
    assert main([*words, "--seeds", "1"]) == 0
    assert "| mono-forward |" in capsys.readouterr().out

    calls = []

    def fail(one: Trial, save_to: Path, on_step: trial.OnProgress) -> None:
        calls.append((one.rule, one.twin, one.seed))
        raise FfcolorError("the run was killed by signal 9", code="run-failed")

    monkeypatch.setattr(measure, "start", fail)
    assert main([*words, "--seeds", "2"]) == 1, "a run that failed"
    assert calls == [("backprop", False, 2), ("mono-forward", False, 2), ("mono-forward", True, 2)]
    assert "Failed: mono-forward by backprop, seed 2: the run was killed by signal 9" in capsys.readouterr().out
    assert len((tmp_path / "runs.jsonl").read_text().splitlines()) == 3


def test_an_interrupted_benchmark_goes_on(tmp_path, monkeypatch):
    """The interrupt comes in the third step of the second run; the other sitting takes up there."""
    monkeypatch.setattr(measure, "start", trial.run)
    whole_run = bench.run("digits", rules=["backprop", "forward-forward"], seeds=1, epochs=1, out=tmp_path / "straight")
    seen: list[tuple[str, int]] = []

    def here(one: Trial, save_to: Path, on_step: trial.OnProgress) -> dict[str, object]:
        stops = one.rule == "forward-forward" and not save_to.exists() and not one.twin
        mine: list[int] = []

        def note(step: int, steps: int) -> None:
            mine.append(step)
            seen.append((one.rule, step))
            on_step(step, steps)

        try:
            return trial.run(one, save_to, note, lambda: stops and len(mine) == 3)
        except trial.Stopped:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(measure, "start", here)
    for again in (False, True):
        if not again:
            with pytest.raises(KeyboardInterrupt):
                bench.run("digits", rules=["backprop", "forward-forward"], seeds=1, epochs=1, out=tmp_path / "broken")
            assert seen[-1] == ("forward-forward", 3)
            assert len(list((tmp_path / "broken" / "checkpoints").iterdir())) == 1
            seen.clear()
        else:
            found = bench.run(
                "digits", rules=["backprop", "forward-forward"], seeds=1, epochs=1, out=tmp_path / "broken"
            )
    assert seen[0] == ("forward-forward", 4), "neither the first run nor the first steps again"
    for one, other in zip(whole_run["rows"], found["rows"], strict=True):
        assert one["own"]["accuracy_pct"] == other["own"]["accuracy_pct"]
    assert not list((tmp_path / "broken" / "checkpoints").iterdir())


def test_the_subset_is_of_the_file_that_is_named(images, tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "start", trial.run)
    found = bench.run("subset", path=images, rules=["mono-forward"], seeds=1, epochs=1, out=tmp_path / "out")
    (each,) = found["rows"]
    assert each["own"]["accuracy_pct"] > 90
    (line, _) = [json.loads(line) for line in (tmp_path / "out" / "runs.jsonl").read_text().splitlines()]
    assert (line["train"], line["test"], line["steps"]) == (8000, 2000, 80)


def test_rules_without_settings_for_the_task_are_left_out_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "RULES", {name: RULES[name] for name in ("backprop", "graph-links")})
    found = bench.run("digits", seeds=1, epochs=1, out=tmp_path)
    assert [each["rule"] for each in found["rows"]] == ["backprop"]
    assert "Without settings for this task: graph-links." in bench.table(found)


# ---- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "the following arguments are required"),
        (["speed"], 2, "'speed' is not a choice"),
        (["rules", "--task", "cifar"], 2, "'cifar' is not a choice for --task: there are digits, subset, mnist"),
        (["rules", "--rules", "cwcomp,magic"], 2, "'magic' is not a rule: there are forward-forward, "),
        (["rules", "--rules", ","], 2, "',' is not a rule"),
        (["rules", "--rules", "cwcomp,graph-links"], 1, "no settings for the task digits: graph-links; this benchmark"),
        (["rules", "--seeds", "0"], 2, "'0' is not a whole number of at least 1"),
        (["rules", "--task", "digits", "--data", "x"], 2, "--task digits takes no --data"),
        (["rules", "--task", "mnist"], 2, "--task mnist needs --data PATH. MNIST is four IDX files"),
        (["rules", "--data", "nowhere.npz"], 1, "nowhere.npz is not there. MNIST is four IDX files"),
    ],
)
def test_errors_are_one_line(words, code, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["bench", *words]) == code
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""
    assert not list(tmp_path.iterdir()), "nothing was made"


def test_without_scikit_learn_it_says_what_to_install(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert main(["bench", "rules", "--out", str(tmp_path / "out")]) == 1
    assert "pip install scikit-learn" in capsys.readouterr().err


def test_too_few_images_for_the_subset(capsys, tmp_path):
    few = np.zeros((50, 28, 28), np.uint8)
    np.savez(tmp_path / "few.npz", X=few, Y=np.arange(50) % 10, Xt=few, Yt=np.arange(50) % 10)
    assert main(["bench", "rules", "--data", str(tmp_path / "few.npz"), "--out", str(tmp_path / "out")]) == 1
    assert "there are 50 training images" in capsys.readouterr().err


def test_a_bar_is_for_terminals(monkeypatch):
    monkeypatch.setattr(terminal, "_PATIENCE", 0.0)

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    screen, pipe = Terminal(), io.StringIO()
    for stream in (screen, pipe):
        with terminal.Progress(stream=stream) as progress:
            progress.count("cwcomp, seed 1", 3, 20, 0.5)
            deadline = time.monotonic() + 20
            while stream is screen and "4 of 20" not in screen.getvalue() and time.monotonic() < deadline:
                time.sleep(0.01)
    assert pipe.getvalue() == ""
    assert f"4 of 20  {'█' * 10}{' ' * 10}  50%" in screen.getvalue()
    assert screen.getvalue().endswith("cwcomp, seed 1\r\x1b[K")
