"""Reading a file with a limit, and saving one so that half of it is never seen."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from pathlib import Path
from typing import BinaryIO

from ffcolor.errors import FfcolorError

_MARK, _END = ".ffcolor-", ".tmp"  # around the random name of a temporary file
_LEFT_BEHIND_S = 3600  # no temporary file is older unless its writer was killed or sleeps
_LONGEST = 1000  # characters of a path in a message


def quoted(path: str | os.PathLike[str]) -> str:
    r"""A path as messages show it: in quotes, on one line, with its backslashes as they are.

    >>> print(quoted("C:\\photos\\sea.png"))
    'C:\photos\sea.png'
    """
    text = os.fspath(path)
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"
    return repr(short).replace("\\\\", "\\")


def reason(error: Exception) -> str:
    """Why a file could not be opened, read or written, as it stands after a colon."""
    if isinstance(error, ValueError) and "null" in str(error):
        return "a path cannot hold a NUL character"
    return getattr(error, "strerror", None) or str(error)


def in_words(error: Exception) -> str:
    """The same in the middle of a sentence."""
    why = reason(error)
    return why[:1].lower() + why[1:]


def open_to_read(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file or a pipe.

    Raises:
        OSError: there is none, it cannot be read, or it is a folder or a device.
        ValueError: the path holds a NUL character.
    """
    file = open(path, "rb")  # noqa: SIM115
    mode = os.fstat(file.fileno()).st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        file.close()
        raise OSError(errno.EINVAL, "It is a device, not a file", os.fspath(path))
    return file


def read_file(path: str | os.PathLike[str], most: int) -> bytes:
    """The bytes of a file, or of a pipe, of at most `most` bytes.

    Raises:
        FfcolorError: `file-read` when it is missing, unreadable, a folder, a device, or larger.
    """
    try:
        with open_to_read(path) as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {quoted(path)}: {in_words(error)}"
        raise FfcolorError(message, code="file-read", value=str(path)) from error
    if len(data) > most:
        message = f"cannot read {quoted(path)}: it is larger than {most:,} bytes"
        raise FfcolorError(message, code="file-read", value=str(path))
    return data


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to `path` so that the file holds either all of it or what it held before.

    The bytes go to a temporary file in the same folder, are flushed to the disk, and take the file's place in one
    step. An existing file keeps its permissions, a symbolic link keeps pointing, and a pipe or a device such as
    `/dev/stdout` is simply written to. Temporary files that killed writers left in the folder are removed.

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
        why = in_words(error)
        if isinstance(error, FileNotFoundError):
            folder = quoted(target.parent) if target else "to work in: it was deleted"
            is_there = target is not None and target.parent.is_dir()
            why = f"no file can be created in {folder}" if is_there else f"there is no folder {folder}"
        raise FfcolorError(f"cannot write {quoted(path)}: {why}", code="file-write", value=str(path)) from error


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    _remove_left_behind(target.parent)
    temporary = target.parent / f"{_MARK}{os.urandom(6).hex()}{_END}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:  # 0o666 less the user's umask
            _is_locked(file)
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


def lines_of(text: str) -> list[str]:
    r"""The lines of a text as editors and other programs count them: parted by newlines and carriage returns alone.

    >>> lines_of("a\x0cb\r\nc\u2028d\n")
    ['a\x0cb', 'c\u2028d']
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _remove_left_behind(folder: Path) -> None:
    """Remove temporary files of this user's that are old and that no living writer holds."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_MARK) and entry.name.endswith(_END):
                with contextlib.suppress(OSError):
                    if _is_left_behind(entry):
                        os.unlink(entry.path)


def _is_left_behind(entry: os.DirEntry[str]) -> bool:
    known = entry.stat(follow_symlinks=False)
    is_ours = not hasattr(os, "getuid") or known.st_uid == os.getuid()
    if not (stat.S_ISREG(known.st_mode) and is_ours and time.time() - known.st_mtime > _LEFT_BEHIND_S):
        return False
    with open(entry.path, "rb") as file:
        return _is_locked(file)


def _is_locked(file: BinaryIO) -> bool:
    """Lock a temporary file for as long as it is open, which tells the living writers from the killed ones.

    Returns:
        Whether it is locked now; False where another writer holds it, or the file system has no locks. Windows, which
        has none of this kind, does not remove a file that is open.
    """
    try:
        import fcntl
    except ImportError:
        return os.name == "nt"
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
