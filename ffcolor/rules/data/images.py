"""Labelled data for the rules: image sets out of files, and handwritten digits without a file.

No data set comes with ffcolor, and nothing is fetched. `read_images` takes the path of

* an ``.npz`` with the arrays X, Y (training) and Xt, Yt (test), or x_train, y_train, x_test, y_test as Keras has them;
* a folder with the four IDX files of MNIST, gzipped or not (``train-images-idx3-ubyte.gz`` and so on).

`digits` needs no file: the 1,797 digits of 8 x 8 pixels that scikit-learn brings.

Source: the IDX format as described with MNIST: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
"""

from __future__ import annotations

import gzip
import math
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.settings import Whole

WHERE = (
    "MNIST is four IDX files, train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
    "t10k-labels-idx1-ubyte.gz: torchvision.datasets.MNIST(folder, download=True) or tensorflow's "
    "keras.datasets.mnist.load_data() (an .npz) bring them"
)
"""Where to get MNIST, for error messages."""

_IDX = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_NAMES = (("X", "Y", "Xt", "Yt"), ("x_train", "y_train", "x_test", "y_test"))
_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


class Split(NamedTuple):
    """Inputs float32 (n, height * width) in [0, 1] and labels int64 (n,) to train and test with; the images' shape."""

    x: Tensor
    y: Tensor
    x_test: Tensor
    y_test: Tensor
    shape: tuple[int, int]


def read_images(path: str | os.PathLike[str]) -> Split:
    """Read a data set of grey images from an .npz file or a folder of IDX files.

    Args:
        path: the file or folder; see the module's text.

    Raises:
        FfcolorError: `code` is ``"data-file"``: not there, not of these kinds, cut short, or images and labels that do
            not fit each other. The message names the file, and where MNIST is to be had.
    """
    where = Path(path)
    if where.is_dir():
        parts = [read_idx(_find(where, name)) for name in _FILES]
    elif where.exists():
        parts = _read_npz(where)
    else:
        raise _error(where, f"is not there. {WHERE}")
    x, y, x_test, y_test = parts
    for images, labels, which in ((x, y, "training"), (x_test, y_test, "test")):
        if images.ndim != 3 or images.dtype != np.uint8 or not len(images):
            kind = f"{images.dtype} {images.shape}"
            raise _error(where, f"holds {which} images that are {kind}; they must be uint8 (n, height, width)")
        if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu":
            kind = f"{labels.dtype} {labels.shape}"
            raise _error(where, f"holds {which} labels that are {kind}; they must be whole numbers ({len(images)},)")
    if x.shape[1:] != x_test.shape[1:]:
        raise _error(where, f"holds training images of {x.shape[1:]} pixels and test images of {x_test.shape[1:]}")
    return Split(_pixels(x), _labels(y), _pixels(x_test), _labels(y_test), (int(x.shape[1]), int(x.shape[2])))


def read_idx(path: str | os.PathLike[str]) -> NDArray[Any]:
    """Read one IDX file, gzipped or not, into an array of the type and shape that its header tells.

    Raises:
        FfcolorError: `code` is ``"data-file"``: not there, damaged, not IDX, or of another length than its header says.
    """
    where = Path(path)
    try:
        data = where.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as problem:
        raise _error(where, f"cannot be read: {problem}") from None
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in _IDX or len(data) < 4 + 4 * data[3]:
        raise _error(where, "is not an IDX file: it must begin with two zeros, a type and a number of axes")
    shape = tuple(int.from_bytes(data[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(data[3]))
    kind = np.dtype(_IDX[data[2]])
    start, count = 4 + 4 * len(shape), math.prod(shape)
    if len(data) != start + count * kind.itemsize:
        have = (len(data) - start) / kind.itemsize
        raise _error(where, f"holds {have:g} numbers, but its header says {shape}, which is {count}")
    return np.frombuffer(data, dtype=kind, offset=start).reshape(shape).astype(kind.newbyteorder("="))


def digits(test: int = 360, seed: int = 0) -> Split:
    """The 1,797 handwritten digits of 8 x 8 pixels that scikit-learn brings, shuffled by a seed.

    Args:
        test: how many of them are for the test.
        seed: of the order.

    Raises:
        FfcolorError: `code` is ``"missing-package"``: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        message = "the digits need scikit-learn: pip install scikit-learn"
        raise FfcolorError(message, code="missing-package", value="scikit-learn") from None
    found = load_digits()
    order = torch.randperm(len(found.target), generator=torch.Generator().manual_seed(seed))
    x = torch.as_tensor(found.data / 16, dtype=torch.float32)[order]
    y = torch.as_tensor(found.target, dtype=torch.int64)[order]
    rest = len(y) - Whole(1).check("test", test)
    if rest < 1:
        raise FfcolorError(f"test is {test}; it must be at most {len(y) - 1}", code="invalid-setting", value=test)
    return Split(x[:rest], y[:rest], x[rest:], y[rest:], (8, 8))


def subset(data: Split, train: int = 8000, test: int = 2000) -> Split:
    """A small task from the training images alone: the first `train` of them, and the next `test` to test with.

    The test images of `data` are left out and stay unseen. With 8,000 and 2,000 of MNIST it is the task on which
    all rules are compared.
    """
    Whole(1).check("train", train)
    Whole(1).check("test", test)
    if train + test > len(data.x):
        message = f"train + test is {train + test}; there are {len(data.x)} training images"
        raise FfcolorError(message, code="invalid-setting", value=train + test)
    last = train + test
    return Split(data.x[:train], data.y[:train], data.x[train:last], data.y[train:last], data.shape)


def _find(folder: Path, name: str) -> Path:
    for form in (name, name.replace("-idx", ".idx")):
        for path in (folder / form, folder / f"{form}.gz"):
            if path.exists():
                return path
    raise _error(folder, f"holds neither {name} nor {name}.gz. {WHERE}")


def _read_npz(where: Path) -> list[NDArray[Any]]:
    try:
        with open(where, "rb") as stream:
            file = np.load(stream, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError("it holds one array without a name")
            for names in _NAMES:
                if set(names) <= set(file.files):
                    return [file[name] for name in names]
            names_there = ", ".join(file.files) or "nothing"
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, AttributeError) as problem:
        raise _error(where, f"is not an .npz file that can be read ({problem}). {WHERE}") from None
    raise _error(where, f"holds {names_there}; it must hold X, Y, Xt, Yt, or x_train, y_train, x_test, y_test")


def _pixels(images: NDArray[Any]) -> Tensor:
    return torch.as_tensor(images.reshape(len(images), -1), dtype=torch.float32).div_(255)


def _labels(labels: NDArray[Any]) -> Tensor:
    return torch.as_tensor(labels.astype(np.int64))


def _error(where: Path, what: str) -> FfcolorError:
    return FfcolorError(f"{where} {what}", code="data-file", value=str(where))
