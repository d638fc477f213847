"""Model files: whole or not at all, checked when read, and nothing is run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from ffcolor import ColorPreference, FfcolorError, store

LIKED, DISLIKED = ["#ffccdd", "#ddffcc", "#ccddff"], ["#330000", "#003300"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "taste.safetensors"
    ColorPreference().fit(LIKED, DISLIKED).save(path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FfcolorError) as caught:
        ColorPreference.load(path)
    assert caught.value.code == "model-file"
    assert str(path) in str(caught.value)
    return str(caught.value)


def rewritten(path: Path, **changes: object) -> None:
    """Write the file again with its header changed."""
    with safe_open(path, "np") as file:
        header = json.loads(file.metadata()["ffcolor"])
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    header.update(changes)
    save_file(arrays, path, metadata={"ffcolor": json.dumps(header)})


def test_any_reader_of_safetensors_can_read_it(model: Path) -> None:
    with safe_open(model, "np") as file:
        header = json.loads(file.metadata()["ffcolor"])
        assert file.get_tensor("layer.0").shape == (379, 8)
        assert file.get_tensor("liked.colors").shape == (3, 3)
    assert header["kind"] == "color-preference"
    assert header["format"] == store.FORMAT
    assert header["version"]
    assert header["provenance"]["seed"] == 0
    assert header["provenance"]["liked"]["count"] == 3
    assert header["provenance"]["disliked"]["count"] == 2
    assert header["provenance"]["liked"]["sha256"] != header["provenance"]["disliked"]["sha256"]


def test_the_same_learning_writes_the_same_bytes(model: Path, tmp_path: Path) -> None:
    ColorPreference().fit(LIKED[::-1], DISLIKED).save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == model.read_bytes()


@pytest.mark.parametrize("keep", [0, 5, 8, 100, 0.3, 0.9, -1])
def test_a_truncated_file(model: Path, keep: float) -> None:
    data = model.read_bytes()
    model.write_bytes(data[: int(keep * len(data)) if isinstance(keep, float) else keep])
    assert "cut short" in refusal(model) or "not a model file" in refusal(model)


@pytest.mark.parametrize("data", [b"GIMP Palette\n", b"\x00" * 64, b"\x80\x04K\x01.", b"\xff" * 200])
def test_a_foreign_file(model: Path, data: bytes) -> None:
    model.write_bytes(data)
    assert "not a model file" in refusal(model)


def test_a_foreign_safetensors_file(model: Path) -> None:
    save_file({"w": np.zeros(3)}, model)
    assert "not a model file of ffcolor" in refusal(model)


def test_a_newer_file(model: Path) -> None:
    rewritten(model, format=99)
    assert "newer than this ffcolor knows (1); upgrade" in refusal(model)


def test_another_kind_of_model(model: Path) -> None:
    rewritten(model, kind="palette-preference")
    assert "holds a palette-preference model, but a color-preference model is needed" in refusal(model)


@pytest.mark.parametrize("place", [0.5, 0.75, 0.999])
def test_a_changed_byte_in_the_arrays(model: Path, place: float) -> None:
    data = bytearray(model.read_bytes())
    data[int(place * len(data))] ^= 1
    model.write_bytes(data)
    assert "changed after it was written" in refusal(model)


def test_a_changed_header(model: Path) -> None:
    rewritten(model, l2=123.0)
    assert "changed after it was written" in refusal(model)


def test_a_well_formed_file_that_describes_no_preference(model: Path) -> None:
    store.save(model, "color-preference", {"x": np.zeros(2)}, {"config": {"hidden": 3}})
    assert "does not describe a colour preference" in refusal(model)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nothing.safetensors")
    assert "cannot be read" in refusal(tmp_path)


def test_a_save_that_fails_keeps_the_old_file(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = model.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(FfcolorError, match="no space left"):
        ColorPreference().fit(["red"]).save(model)
    assert model.read_bytes() == before
    assert list(model.parent.iterdir()) == [model]
