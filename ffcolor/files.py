"""Reading a file with a limit, and saving one so that half of it is never seen."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from ffcolor.errors import FfcolorError

_LONGEST = 1000  # characters of a path in a message


def quoted(path: str | os.PathLike[str]) -> str:
    r"""A path as messages show it: in quotes, on one line, with its backslashes as they are.

    >>> print(quoted("C:\\photos\\sea.png"))
    'C:\photos\sea.png'
    """
    text = os.fspath(path)
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"
    return repr(short).replace("\\\\", "\\")


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to `path` so that the file holds either all of it or what it held before.

    The bytes go to a temporary file in the same folder, are flushed to the disk, and take the file's place in one
    step. An existing file keeps its permissions, a symbolic link keeps pointing, and a pipe or a device such as
    `/dev/stdout` is simply written to.

    Raises:
        FfcolorError: `file-write` when the folder is missing, is not writable, or the disk is full.
    """
    target = None
    try:
        target = Path(os.path.realpath(path))
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            target.write_bytes(data)
            return
        _replace(target, data, None if mode is None else stat.S_IMODE(mode))
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        if isinstance(error, FileNotFoundError):
            reason = "there is no folder " + (quoted(target.parent) if target else "to work in: it was deleted")
        raise FfcolorError(f"cannot write {quoted(path)}: {reason}", code="file-write", value=str(path)) from error


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    temporary = target.parent / f".ffcolor-{os.urandom(6).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:  # 0o666 less the user's umask
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    if os.name == "posix":  # make the new name itself survive a power cut
        with contextlib.suppress(OSError):
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def read_file(path: str | os.PathLike[str], most: int) -> bytes:
    """The bytes of a file of at most `most` bytes.

    Raises:
        FfcolorError: `file-read` when it is missing, unreadable, a folder, or larger.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise FfcolorError(f"cannot read {quoted(path)}: {reason}", code="file-read", value=str(path)) from error
    if len(data) > most:
        message = f"cannot read {quoted(path)}: it is larger than {most:,} bytes"
        raise FfcolorError(message, code="file-read", value=str(path))
    return data
