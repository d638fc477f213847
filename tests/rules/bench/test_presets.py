"""Runs of presets: what they say, that they go on after a stop, and the table beside fflib."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from benchmarks.rules import fflib_twin
from benchmarks.rules import preset as runner
from ffcolor.rules import checkpoint, data
from ffcolor.rules.bench.presets import PRESETS, Preset

TINY = Preset("forward-forward", "subset", (64, 12), {"batch_size": 100}, 3, ("shifts", {"pixels": 1}))


def small() -> data.Split:
    split = data.digits()
    return split._replace(x=split.x[:250], y=split.y[:250])


def test_a_run_says_what_it_found():
    split = small()
    found = runner.run(TINY, split, seed=4, quiet=True)
    rule = TINY.make(4).fit(split.x, split.y, epochs=3, augment=TINY.augmentation())
    assert found["test_accuracy_pct"] == 100 * rule.accuracy(split.x_test, split.y_test)
    assert found["train_accuracy_pct"] == 100 * rule.accuracy(split.x, split.y)
    assert (found["seed"], found["steps"]) == (4, 9)
    assert found["cpu_s"] > 0


def test_a_run_goes_on_from_its_checkpoint(tmp_path, capsys):
    split = small()
    straight = runner.run(TINY, split, seed=4, quiet=True)
    part = TINY._replace(epochs=3).make(4)

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 5:
            checkpoint.save(tmp_path / "run", part, {"cpu_s": 1000.0})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        part.fit(split.x, split.y, epochs=3, on_step=stop, augment=TINY.augmentation())
    # on_step comes after the step was counted, so the fifth is in the file
    found = runner.run(TINY, split, seed=4, save_to=tmp_path / "run")
    assert "going on from step 5, 1000 CPU-s" in capsys.readouterr().out
    assert found["cpu_s"] > 1000
    assert {**found, "cpu_s": 0} == {**straight, "cpu_s": 0}
    again = runner.run(TINY, split, seed=4, save_to=tmp_path / "run", quiet=True)
    assert {**again, "cpu_s": 0} == {**straight, "cpu_s": 0}  # the last step is kept, too
    assert again["cpu_s"] == pytest.approx(found["cpu_s"], abs=0.5)


def test_data_comes_in_the_shape_of_the_preset(tmp_path):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (10_100, 2, 2), dtype=np.uint8), rng.integers(0, 10, 10_100)
    np.savez(tmp_path / "images.npz", X=images, Y=labels, Xt=images[:7], Yt=labels[:7])
    flat = runner.load(str(tmp_path / "images.npz"), TINY)
    assert (flat.x.shape, flat.x_test.shape) == ((8000, 4), (2000, 4))
    square = runner.load(str(tmp_path / "images.npz"), TINY._replace(data="mnist", shape=(1, 2, 2)))
    assert (square.x.shape, square.x_test.shape) == ((10_100, 1, 2, 2), (7, 1, 2, 2))
    assert torch.equal(square.x[:8000].flatten(1), flat.x)


def test_a_row_sums_its_runs_up():
    runs = [{"test_accuracy_pct": pct, "cpu_s": s, "epochs": 4} for pct, s in ((90.0, 1.0), (96.0, 3.0), (11.0, 2.0))]
    row = fflib_twin.row("x", runs)
    assert (row["mean_pct"], row["worst_pct"], row["above_chance"]) == (pytest.approx(65.6667), 11.0, "2 of 3")
    assert row["sd_pct"] == pytest.approx(np.std([90, 96, 11], ddof=1))
    assert (row["cpu_s"], row["epochs"]) == (2.0, 4)
    json.dumps(row)


def test_runs_of_the_table_are_kept_and_not_run_again(tmp_path, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(fflib_twin.presets, "load", lambda path, preset: path)
    monkeypatch.setattr(fflib_twin.presets, "run", lambda *given, quiet: calls.append(given) or result(90.0))
    monkeypatch.setattr(fflib_twin, "fflib", lambda *given: calls.append(given) or {**result(50.0), "epochs": 9})

    def result(pct: float) -> dict:
        return {"test_accuracy_pct": pct, "cpu_s": 1.0}

    first = fflib_twin.measure("path", [1, 2], 5, tmp_path / "runs.json")
    assert len(calls) == 2 * (len(fflib_twin.OURS) + len(fflib_twin.FFLIB))
    assert fflib_twin.measure("path", [1, 2], 5, tmp_path / "runs.json") == first
    assert len(calls) == 12
    fflib_twin.measure("path", [1, 2], 6, tmp_path / "runs.json")
    assert len(calls) == 16  # another budget is another run
    assert "90.00" in capsys.readouterr().out


def test_held_out_digits_come_from_the_training_images(tmp_path):
    images = np.arange(12, dtype=np.uint8).reshape(12, 1, 1)
    np.savez(tmp_path / "i.npz", X=images, Y=np.arange(12), Xt=images[:2] + 100, Yt=np.arange(2))
    split = runner.load(str(tmp_path / "i.npz"), TINY._replace(data="mnist"), held_out=3)
    assert (split.y.tolist(), split.y_test.tolist()) == ([*range(9)], [9, 10, 11])


def test_the_table_has_presets_on_the_subset():
    assert all(PRESETS[name].data == "subset" for name in fflib_twin.OURS.values())
