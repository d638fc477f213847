"""Model files: one .safetensors with the arrays and a JSON header. Never pickle; loading runs no code.

The header sits in the file's metadata under the key "ffcolor":

    {"format": 1, "kind": "color-preference", "version": "0.1.0", "sha256": "…", …}

where `sha256` covers the rest of the header and every array, so that a changed file is noticed. (It guards against
accidents and careless edits; it is not a signature.)
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import FfcolorError
from ffcolor.files import open_to_read, quoted, reason, write_atomically
from ffcolor.version import __version__

FORMAT = 1
_LARGEST_HEADER, _LARGEST = 1 << 24, 1 << 30  # bytes

Arrays = dict[str, NDArray[Any]]


def save(path: str | os.PathLike[str], kind: str, arrays: Arrays, header: dict[str, Any]) -> None:
    """Write a model file, whole or not at all.

    Args:
        path: where to; by custom it ends in ``.safetensors``.
        kind: what sort of model it is, such as ``"color-preference"``.
        arrays: the model's numbers by name.
        header: whatever else describes the model: plain data.

    Raises:
        FfcolorError: `code` is ``"file-write"``, or ``"model-file"`` for a model so large that `load` refuses it.
    """
    from safetensors.numpy import save as to_bytes

    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    header = {**header, "format": FORMAT, "kind": kind, "version": __version__}
    header["sha256"] = _digest(arrays, header)
    data = to_bytes(arrays, metadata={"ffcolor": json.dumps(header, sort_keys=True)})
    if len(data) > _LARGEST:
        raise _error(f"cannot hold the model: {len(data):,} bytes are more than {_LARGEST:,}", path)
    write_atomically(path, data)


def load(path: str | os.PathLike[str], kind: str) -> tuple[Arrays, dict[str, Any]]:
    """Read a model file of a kind, or a pipe that gives one. It is opened once, and read once from start to end.

    Returns:
        Its arrays and its header.

    Raises:
        FfcolorError: `code` is ``"model-file"``: not there, not a file, truncated, too large, not from ffcolor, of
            another kind, from a newer version, or changed since it was written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    try:
        with _opened(path) as file:
            head, outer = _read_head(file, path)
            header = _header(outer, path)
            if header.get("kind") != kind:
                raise _error(f"holds a {header.get('kind')!s:.40} model, but a {kind} model is needed", path)
            rest = file.read(_size(outer, path) + 1)
        arrays = from_bytes(head + rest)
        digest = _digest(arrays, {key: value for key, value in header.items() if key != "sha256"})
    except OSError as problem:
        raise _error(f"cannot be read: {reason(problem)}", path) from None
    except FfcolorError:
        raise
    except (SafetensorError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise _error(f"is damaged or cut short ({reason(problem)})", path) from None
    if header.pop("sha256", None) != digest:
        raise _error("was changed after it was written: its checksum does not fit its contents", path)
    return arrays, header


def _opened(path: str | os.PathLike[str]) -> BinaryIO:
    try:
        return open_to_read(path)
    except (OSError, ValueError) as problem:
        raise _error(f"cannot be read: {reason(problem)}", path) from None


def array(arrays: Arrays, name: str, shape: Sequence[int | None], least: float, most: float) -> NDArray[np.float32]:
    """One array of a model file that fits what is said of it.

    Args:
        arrays: those of the file.
        name: which one.
        shape: its shape; None where any length will do.
        least: its smallest number may not be less.
        most: its largest number may not be more; NaN never fits.

    Raises:
        ValueError: it is missing or does not fit, in words.
    """
    found = arrays.get(name)
    if found is None:
        raise ValueError(f"the array {name} is missing")
    if found.dtype != np.float32:
        raise ValueError(f"{name} is of type {found.dtype}, not float32")
    if len(found.shape) != len(shape) or any(size not in (None, n) for size, n in zip(shape, found.shape, strict=True)):
        wanted = tuple("any" if size is None else size for size in shape)
        raise ValueError(f"{name} is of shape {found.shape}, not {wanted}".replace("'any'", "any"))
    if not ((found >= least) & (found <= most)).all():
        raise ValueError(f"{name} holds a number that is not from {least:g} to {most:g}")
    return found


def _read_head(file: BinaryIO, path: str | os.PathLike[str]) -> tuple[bytes, dict[str, Any]]:
    """The start of a file up to the arrays: as it is, and what its JSON holds."""
    start = file.read(8)
    size = int.from_bytes(start, "little")
    if len(start) < 8 or not 2 <= size <= _LARGEST_HEADER:
        raise _error("is not a model file", path)
    text = file.read(size)
    if len(text) < size:
        raise _error("is not a model file, or is cut short", path)
    try:
        outer = json.loads(text)
    except (ValueError, RecursionError):
        outer = None
    if not isinstance(outer, dict):
        raise _error("is not a model file of ffcolor", path)
    return start + text, outer


def _header(outer: dict[str, Any], path: str | os.PathLike[str]) -> dict[str, Any]:
    """What ffcolor wrote about a model; nothing in it is checked but the format."""
    try:
        header = dict(json.loads(outer["__metadata__"]["ffcolor"]))
        version = header["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _error("is not a model file of ffcolor", path) from None
    if type(version) is int and version > FORMAT:
        raise _error(f"is of format {version}, newer than this ffcolor knows ({FORMAT}); upgrade ffcolor", path)
    if type(version) is not int or version < 1:
        raise _error(f"is of format {version!r:.40}, which no ffcolor writes", path)
    return header


def _size(outer: dict[str, Any], path: str | os.PathLike[str]) -> int:
    """How many bytes the arrays take, as the file itself says: no more are read, whatever else a pipe may give."""
    ends = [entry["data_offsets"][1] for name, entry in outer.items() if name != "__metadata__"]
    size = max(ends, default=0)
    if not isinstance(size, int) or not 0 <= size <= _LARGEST:
        raise _error(f"says that it holds {size!s:.40} bytes of arrays; a model has at most {_LARGEST:,}", path)
    return size


def _digest(arrays: Arrays, header: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _error(what: str, path: str | os.PathLike[str]) -> FfcolorError:
    return FfcolorError(f"{quoted(path)} {what}", code="model-file", value=os.fspath(path))
