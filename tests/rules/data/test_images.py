"""Reading labelled images: against files written byte by byte, and errors that say where to get the data."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ffcolor import FfcolorError
from ffcolor.rules import data

CODES = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}


def idx(array: np.ndarray) -> bytes:
    """An IDX file, as its description has it: magic number, sizes, numbers, all big-endian."""
    header = struct.pack(">BBBB", 0, 0, CODES[array.dtype.name], array.ndim)
    header += b"".join(struct.pack(">I", size) for size in array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def mnist(n: int = 5, m: int = 3) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "X": rng.integers(0, 256, (n, 4, 6), dtype=np.uint8),
        "Y": rng.integers(0, 10, n, dtype=np.uint8),
        "Xt": rng.integers(0, 256, (m, 4, 6), dtype=np.uint8),
        "Yt": rng.integers(0, 10, m, dtype=np.uint8),
    }


FILES = dict(
    zip(
        ("X", "Y", "Xt", "Yt"),
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        strict=True,
    )
)


def check(split: data.Split, arrays: dict[str, np.ndarray]) -> None:
    assert split.shape == (4, 6)
    for found, name in ((split.x, "X"), (split.x_test, "Xt")):
        assert found.dtype == torch.float32
        assert (found * 255).round().to(torch.uint8).tolist() == arrays[name].reshape(-1, 24).tolist()
    for found, name in ((split.y, "Y"), (split.y_test, "Yt")):
        assert found.dtype == torch.int64
        assert found.tolist() == arrays[name].tolist()


@given(
    st.sampled_from(sorted(CODES)).flatmap(
        lambda kind: hnp.arrays(kind, hnp.array_shapes(max_dims=4, max_side=4, min_side=0))
    ),
    st.booleans(),
)
@settings(deadline=None)
def test_idx_files_of_every_type_come_back(tmp_path_factory, array, zipped):
    path = tmp_path_factory.mktemp("idx") / "file"
    path.write_bytes(gzip.compress(idx(array)) if zipped else idx(array))
    found = data.read_idx(path)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("dotted", [False, True])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_of_idx_files(tmp_path, zipped, dotted):
    arrays = mnist()
    for name, file in FILES.items():
        form = file.replace("-idx", ".idx") if dotted else file
        raw = idx(arrays[name])
        (tmp_path / (form + ".gz" * zipped)).write_bytes(gzip.compress(raw) if zipped else raw)
    check(data.read_images(tmp_path), arrays)


@pytest.mark.parametrize("names", [("X", "Y", "Xt", "Yt"), ("x_train", "y_train", "x_test", "y_test")])
def test_an_npz_file(tmp_path, names):
    arrays = mnist()
    np.savez_compressed(tmp_path / "mnist.npz", **dict(zip(names, arrays.values(), strict=True)))
    check(data.read_images(tmp_path / "mnist.npz"), arrays)


def test_a_missing_file_says_where_to_get_it(tmp_path):
    with pytest.raises(FfcolorError, match=r"nowhere is not there\. MNIST is four IDX files.*torchvision") as caught:
        data.read_images(tmp_path / "nowhere")
    assert caught.value.code == "data-file"
    with pytest.raises(FfcolorError, match=r"neither train-images-idx3-ubyte nor .*\.gz\. MNIST is four IDX files"):
        data.read_images(tmp_path)


@pytest.mark.parametrize(
    ("change", "gist"),
    [
        ({"X": None}, "holds Y, Xt, Yt; it must hold X, Y, Xt, Yt"),
        ({"X": np.zeros((5, 24), np.uint8)}, r"training images that are uint8 \(5, 24\)"),
        ({"Xt": np.zeros((3, 4, 6))}, r"test images that are float64 \(3, 4, 6\)"),
        ({"Y": np.zeros(4, np.uint8)}, r"training labels that are uint8 \(4,\); they must be whole numbers \(5,\)"),
        ({"Yt": np.zeros(3)}, "test labels that are float64"),
        ({"Xt": np.zeros((3, 4, 4), np.uint8)}, r"training images of \(4, 6\) pixels and test images of \(4, 4\)"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path, change, gist):
    arrays = {name: array for name, array in {**mnist(), **change}.items() if array is not None}
    np.savez(tmp_path / "mnist.npz", **arrays)
    with pytest.raises(FfcolorError, match=gist):
        data.read_images(tmp_path / "mnist.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x93NUMPY\x01\x00", b"words"])
def test_a_file_that_is_no_npz(tmp_path, content):
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(FfcolorError, match=r"is not an \.npz file that can be read"):
        data.read_images(tmp_path / "mnist.npz")


def test_an_array_alone_is_no_npz(tmp_path):
    np.save(tmp_path / "mnist.npy", np.zeros(3))
    with pytest.raises(FfcolorError, match=r"is not an \.npz file that can be read"):
        data.read_images(tmp_path / "mnist.npy")


@pytest.mark.parametrize(
    ("content", "gist"),
    [
        (b"", "is not an IDX file"),
        (b"\0\0\x08\x02\0\0\0\x01", "is not an IDX file"),
        (b"\0\0\x07\x01\0\0\0\x01x", "is not an IDX file"),
        (b"\0\0\x08\x01\0\0\0\x03ab", r"holds 2 numbers, but its header says \(3,\), which is 3"),
        (gzip.compress(b"\0\0\x08\x00x", mtime=0)[:-9], "cannot be read"),
    ],
)
def test_damaged_idx_files(tmp_path, content, gist):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(FfcolorError, match=gist):
        data.read_idx(tmp_path / "file")


def test_the_small_task_leaves_test_images_unseen():
    arrays = [torch.arange(10.0)[:, None], torch.arange(10), torch.full((4, 1), 99.0), torch.full((4,), 9)]
    small = data.subset(data.Split(*arrays, (1, 1)), train=6, test=3)
    assert small.x[:, 0].tolist() == small.y.tolist() == [0, 1, 2, 3, 4, 5]
    assert small.x_test[:, 0].tolist() == small.y_test.tolist() == [6, 7, 8]
    with pytest.raises(FfcolorError, match=r"train \+ test is 11; there are 10 training images"):
        data.subset(data.Split(*arrays, (1, 1)), train=6, test=5)


def test_digits_are_all_there_once():
    from sklearn.datasets import load_digits

    split = data.digits(test=300, seed=4)
    assert (len(split.x), len(split.x_test), split.shape) == (1497, 300, (8, 8))
    both = torch.cat([torch.cat([split.x, split.y[:, None]], 1), torch.cat([split.x_test, split.y_test[:, None]], 1)])
    peer = load_digits()
    expected = np.column_stack([peer.data / 16, peer.target])
    assert sorted(map(tuple, both.tolist())) == sorted(map(tuple, expected.tolist()))
    assert not torch.equal(data.digits(seed=5).x, data.digits(seed=4).x)
    with pytest.raises(FfcolorError, match="test is 1797; it must be at most 1796"):
        data.digits(test=1797)
