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
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import FfcolorError
from ffcolor.files import quoted, write_atomically
from ffcolor.version import __version__

FORMAT = 1
_LARGEST_HEADER = 1 << 24

Arrays = dict[str, NDArray[Any]]


def save(path: str | os.PathLike[str], kind: str, arrays: Arrays, header: dict[str, Any]) -> None:
    """Write a model file, whole or not at all.

    Args:
        path: where to; by custom it ends in ``.safetensors``.
        kind: what sort of model it is, such as ``"color-preference"``.
        arrays: the model's numbers by name.
        header: whatever else describes the model: plain data.
    """
    from safetensors.numpy import save as to_bytes

    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    header = {**header, "format": FORMAT, "kind": kind, "version": __version__}
    header["sha256"] = _digest(arrays, header)
    write_atomically(path, to_bytes(arrays, metadata={"ffcolor": json.dumps(header, sort_keys=True)}))


def load(path: str | os.PathLike[str], kind: str) -> tuple[Arrays, dict[str, Any]]:
    """Read a model file of a kind.

    Returns:
        Its arrays and its header.

    Raises:
        FfcolorError: `code` is ``"model-file"``: not there, not a file, truncated, not from ffcolor, of another
            kind, from a newer version, or changed since it was written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    header = read_header(path)
    if header.get("kind") != kind:
        raise _error(f"holds a {header.get('kind')} model, but a {kind} model is needed", path)
    try:
        arrays = from_bytes(Path(path).read_bytes())
    except (SafetensorError, ValueError, KeyError, TypeError) as problem:
        raise _error(f"is damaged or cut short ({problem})", path) from None
    if header.pop("sha256", None) != _digest(arrays, header):
        raise _error("was changed after it was written: its checksum does not fit its contents", path)
    return arrays, header


def read_header(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The header of a model file, as far as it can be trusted without reading the arrays (checked by `load`)."""
    try:
        with open(path, "rb") as file:
            start = file.read(8)
            size = int.from_bytes(start, "little")
            if len(start) < 8 or not 2 <= size <= _LARGEST_HEADER:
                raise _error("is not a model file", path)
            text = file.read(size)
    except (OSError, ValueError) as problem:  # ValueError: of a path that no system has
        if isinstance(problem, FfcolorError):
            raise
        raise _error(f"cannot be read: {getattr(problem, 'strerror', None) or problem}", path) from None
    if len(text) < size:
        raise _error("is not a model file, or is cut short", path)
    try:
        outer = json.loads(text)
        header = json.loads(outer["__metadata__"]["ffcolor"])
        version = header["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _error("is not a model file of ffcolor", path) from None
    if not isinstance(version, int) or version > FORMAT:
        raise _error(f"is of format {version}, newer than this ffcolor knows ({FORMAT}); upgrade ffcolor", path)
    return dict(header)


def _digest(arrays: Arrays, header: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _error(what: str, path: str | os.PathLike[str]) -> FfcolorError:
    return FfcolorError(f"{quoted(path)} {what}", code="model-file", value=os.fspath(path))
