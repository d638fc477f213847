"""Model files that somebody made: whatever they hold, they are refused in words or answer with finite numbers."""

from __future__ import annotations

import contextlib
import json
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ffcolor import ColorPreference, FfcolorError, PalettePreference, files, store

Change = Callable[[dict[str, Any], dict[str, Any]], object]

PALETTES = [["#f28e2b", "#e15759", "#76b7b2"], ["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"]]


@pytest.fixture(scope="module")
def colors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("colors") / "taste.safetensors"
    ColorPreference(hidden=[4, 3]).fit(["#ffccdd", "#ddffcc", "#ccddff"], ["#330000", "#003300"]).save(path)
    return path


@pytest.fixture(scope="module")
def palettes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("palettes") / "taste.safetensors"
    PalettePreference(hidden=4, steps=5).fit(PALETTES, [["#000000", "#ffffff"]]).save(path)
    return path


def signed(model: Path, made: Path, change: Change) -> None:
    """A copy of a model, changed, with a right checksum."""
    kind = json.loads(json.loads(_head(model))["__metadata__"]["ffcolor"])["kind"]
    arrays, header = store.load(model, kind)
    arrays = {name: array.copy() for name, array in arrays.items()}
    change(arrays, header)
    store.save(made, header.pop("kind"), arrays, header)


def _head(model: Path) -> bytes:
    data = model.read_bytes()
    return data[8 : 8 + int.from_bytes(data[:8], "little")]


def loaded(kind: Any, path: Path) -> Any:
    """The model of a file, or None where it is refused, which must be in words."""
    refusal = None
    try:
        return kind.load(path)
    except FfcolorError as error:
        refusal = error
    assert refusal.code == "model-file"
    assert str(path) in str(refusal)
    return None


def answers(path: Path) -> bool:
    """Whether a model of colours loads; then everything that it answers must be finite."""
    taste = loaded(ColorPreference, path)
    if taste is None:
        return False
    asked = ["#fdfd96", "#000", "#fff", "#ff0000"]
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(taste.score(asked)).all()
        assert np.isfinite(taste.probability(asked)).all()
        json.dumps(taste.explain("#fdfd96"), allow_nan=False)
    return True


def answers_about_palettes(path: Path) -> bool:
    """The same of a model of palettes."""
    taste = loaded(PalettePreference, path)
    if taste is None:
        return False
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(taste.probability(PALETTES)).all()
        json.dumps(taste.explain(PALETTES[0]), allow_nan=False)
    return True


NUMBERS = (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e19, -1.0, -1e-6, 1.001, 2.0, 1e-45, 0.0)
VALUES = (None, True, -1, 0, 1e400, float("nan"), "x", [], {}, [1], {"a": 1}, 10**400, "\ud800", [[[]]], 2**63)


def a_number(arrays: dict[str, Any], _: dict[str, Any], draw: random.Random) -> None:
    array = arrays[draw.choice(sorted(arrays))]
    if array.size:
        number = draw.choice(NUMBERS if array.dtype.kind == "f" else (-1, 0, 1, 13))
        array.flat[draw.randrange(array.size)] = number


def all_numbers(arrays: dict[str, Any], _: dict[str, Any], draw: random.Random) -> None:
    array = arrays[draw.choice(sorted(arrays))]
    array[...] = draw.choice(NUMBERS) if array.dtype.kind == "f" else draw.choice((-1, 0, 1, 13))


def a_shape(arrays: dict[str, Any], _: dict[str, Any], draw: random.Random) -> None:
    name = draw.choice(sorted(arrays))
    array = arrays[name]
    arrays[name] = draw.choice([array[:0], array[:-1], array.T, array[None], array.reshape(-1), np.repeat(array, 2, 0)])


def a_type(arrays: dict[str, Any], _: dict[str, Any], draw: random.Random) -> None:
    name = draw.choice(sorted(arrays))
    arrays[name] = arrays[name].astype(draw.choice(["f8", "f2", "i8", "i4", "u1", "?"]))


def a_missing_array(arrays: dict[str, Any], _: dict[str, Any], draw: random.Random) -> None:
    del arrays[draw.choice(sorted(arrays))]


def a_field(_: dict[str, Any], header: dict[str, Any], draw: random.Random) -> None:
    at = header
    while True:
        key = draw.choice(sorted(set(at) - {"kind"}))
        if not isinstance(at[key], dict) or draw.random() < 0.2:
            break
        at = at[key]
    if draw.random() < 0.2:
        del at[key]
    else:
        at[key] = draw.choice(VALUES)


@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")
@pytest.mark.parametrize("how", [a_number, all_numbers, a_shape, a_type, a_missing_array, a_field])
@pytest.mark.parametrize("kind", ["colors", "palettes"])
def test_a_crafted_model(kind: str, how: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    model, ask = request.getfixturevalue(kind), answers if kind == "colors" else answers_about_palettes
    draw, made = random.Random(1), tmp_path / "made.safetensors"
    refused = 0
    for _ in range(80):
        signed(model, made, lambda arrays, header: how(arrays, header, draw))
        refused += not ask(made)
    assert refused > 10


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda a, h: a["layer.0"].fill(np.nan), "layer.0 holds a number that is not from"),
        (lambda a, h: a["layer.1"].fill(1e19), "too large to compute with"),
        (lambda a, h: a["liked.colors"].fill(1.5), "liked.colors holds a number that is not from 0 to 1"),
        (lambda a, h: a["liked.weight"].fill(0), "liked.weight sums to 0, not to 1"),
        (lambda a, h: a.update({"liked.colors": a["liked.colors"][:2]}), "liked.weight is of shape (3,), not (2,)"),
        (lambda a, h: a.update({"layer.0": a["layer.0"].astype("f8")}), "layer.0 is of type float64, not float32"),
        (lambda a, h: a.pop("disliked.weight"), "the array disliked.weight is missing"),
        (lambda a, h: h.update(l2=float("nan")), "l2 is nan; it must be a number"),
        (lambda a, h: h["config"].update(threshold=1e300), "threshold is 1e+300"),
        (lambda a, h: h.update(drawn_negatives="yes"), "drawn_negatives is 'yes'; it must be True or False"),
        (lambda a, h: h["provenance"].update(updates=-1), "updates is -1; it must be a whole number"),
    ],
)
def test_what_is_wrong_with_a_crafted_model_is_said(change: Change, word: str, colors: Path, tmp_path: Path) -> None:
    signed(colors, tmp_path / "made.safetensors", change)
    with pytest.raises(FfcolorError) as caught:
        ColorPreference.load(tmp_path / "made.safetensors")
    assert word in str(caught.value)


def framed(outer: Any, rest: bytes = b"") -> bytes:
    text = outer if isinstance(outer, bytes) else json.dumps(outer).encode()
    return len(text).to_bytes(8, "little") + text + rest


DEEP = '{"format": 1, "kind": "color-preference", "x": ' + "[" * 900 + "]" * 900 + "}"
OURS = {"ffcolor": json.dumps({"format": 1, "kind": "color-preference"})}


@pytest.mark.parametrize(
    "data",
    [
        framed([1]),
        framed(b'{"__metadata__": ' + b"[" * 100_000),
        *(
            framed({"__metadata__": {"ffcolor": text}})
            for text in ("[]", "3", "{}", '{"format": true}', '{"format": 0}')
        ),
        framed(
            {
                "__metadata__": {
                    "ffcolor": '{"format": 1, "kind": "color-preference", "x": ' + "[" * 900 + "]" * 900 + "}"
                }
            }
        ),
        *(
            framed({"__metadata__": OURS, "w": entry}, b"1234")
            for entry in (
                3,
                {},
                {"data_offsets": [0]},
                {"data_offsets": [0, "4"], "shape": [1], "dtype": "F32"},
                {"data_offsets": [0, 1 << 50], "shape": [1 << 48], "dtype": "F32"},
                {"data_offsets": [0, 4], "shape": [1], "dtype": "F8_E4M3"},
                {"data_offsets": [0, 4], "shape": [2], "dtype": "BF16"},
                {"data_offsets": [0, 4], "shape": [-1], "dtype": "F32"},
            )
        ),
    ],
)
def test_a_file_of_the_right_shape_but_of_odd_content(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(data)
    assert not answers(path)


# ---- reading ------------------------------------------------------------------------------------------------------


def test_a_model_is_opened_once(colors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    known = files.open_to_read

    def counting(path: str | os.PathLike[str]) -> Any:
        opened.append(os.fspath(path))
        return known(path)

    monkeypatch.setattr(store, "open_to_read", counting)
    monkeypatch.setattr(Path, "read_bytes", None)
    ColorPreference.load(colors)
    assert opened == [str(colors)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_model_comes_through_a_pipe(colors: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(colors.read_bytes()))
    writer.start()
    assert ColorPreference.load(pipe).score("#fdfd96") == ColorPreference.load(colors).score("#fdfd96")
    writer.join()


def test_a_model_is_whole_beside_a_writer(colors: Path, tmp_path: Path) -> None:
    path, done = tmp_path / "taste.safetensors", threading.Event()
    tastes = [ColorPreference(hidden=hidden).fit(["red"], ["blue"]) for hidden in (2, 9)]
    tastes[0].save(path)

    def write() -> None:
        while not done.is_set():
            for taste in tastes:
                taste.save(path)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(300):
            ColorPreference.load(path)
    finally:
        done.set()
        writer.join()


@pytest.mark.skipif(os.name != "posix", reason="needs devices")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/urandom"])
def test_devices_are_refused(device: str) -> None:
    with pytest.raises(FfcolorError, match="cannot be read: It is a device, not a file"):
        ColorPreference.load(device)
    with pytest.raises(FfcolorError, match=f"cannot read '{device}': it is a device"):
        files.read_file(device, 1000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_no_more_is_read_than_a_model_says_it_holds(colors: Path, tmp_path: Path) -> None:
    pipe, sent = tmp_path / "pipe", 0
    os.mkfifo(pipe)

    def write() -> None:
        nonlocal sent
        with contextlib.suppress(BrokenPipeError), open(pipe, "wb", buffering=0) as file:
            file.write(colors.read_bytes())
            for _ in range(1000):
                sent += file.write(bytes(1 << 20))

    writer = threading.Thread(target=write)
    writer.start()
    assert not answers(pipe)
    writer.join()
    assert sent < 10 << 20


# ---- what cannot be a path, and true reasons ----------------------------------------------------------------------


def test_a_nul_in_a_path(tmp_path: Path) -> None:
    taste = ColorPreference().fit(["red"], ["blue"])
    for use in (ColorPreference.load, PalettePreference.load, taste.save, lambda path: files.read_file(path, 9)):
        with pytest.raises(FfcolorError, match=r"(?i)a path cannot hold a NUL character"):
            use(f"{tmp_path}/a\0b.safetensors")


def test_a_nul_in_a_path_at_the_other_doors(tmp_path: Path) -> None:
    from ffcolor import Palette
    from ffcolor.demo import run
    from ffcolor.doors.verbs import call

    path = f"{tmp_path}/a\0b"
    for use in (
        lambda: run(path),
        lambda: Palette(["red"]).save(path + ".gpl"),
        lambda: call("info", model=path),
        lambda: call("learn", liked=["red"], output=path),
        lambda: call("skills_check", paths=[path]),
        lambda: call("skills_lock", path=str(tmp_path), output=path, apply=True),
    ):
        with pytest.raises(FfcolorError, match="a path cannot hold a NUL character"):
            use()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_the_true_reason_why_nothing_can_be_written() -> None:
    with pytest.raises(FfcolorError, match="cannot write '/proc/x': no file can be created in '/proc'"):
        files.write_atomically("/proc/x", b"")
    with pytest.raises(FfcolorError, match="there is no folder '/proc/no'"):
        files.write_atomically("/proc/no/x", b"")


# ---- temporary files ----------------------------------------------------------------------------------------------


def aged(path: Path, seconds: float) -> Path:
    path.write_bytes(b"half")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    old = aged(tmp_path / ".ffcolor-0123456789ab.tmp", 2 * 3600)
    kept = [
        aged(tmp_path / ".ffcolor-ba9876543210.tmp", 60),
        aged(tmp_path / ".ffcolor-notes", 2 * 3600),
        aged(tmp_path / "mine.tmp", 2 * 3600),
    ]
    (tmp_path / ".ffcolor-folder.tmp").mkdir()
    os.utime(tmp_path / ".ffcolor-folder.tmp", (0, 0))
    files.write_atomically(tmp_path / "x", b"new")
    assert not old.exists()
    assert all(path.exists() for path in kept)
    assert (tmp_path / ".ffcolor-folder.tmp").exists()


def test_a_sleeping_writer_keeps_its_temporary_file(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    old = aged(tmp_path / ".ffcolor-0123456789ab.tmp", 2 * 3600)
    with open(old, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        files.write_atomically(tmp_path / "x", b"new")
        assert old.exists()
    files.write_atomically(tmp_path / "x", b"newer")
    assert not old.exists()
