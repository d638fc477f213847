"""Files as they were at a revision of git: read straight from its objects, without touching the working tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ffcolor.errors import FfcolorError

_REGULAR = (b"100644", b"100755", b"100664")
_ENVIRONMENT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


def files_at(
    revision: str, folder: str | os.PathLike[str], wanted: Callable[[str], bool]
) -> Iterator[tuple[str, bytes]]:
    """The files below a folder at a revision: each one's absolute path and bytes.

    Args:
        revision: anything that names a commit: a branch, a tag, ``HEAD~3``, ``origin/main``.
        folder: a folder in a working tree of git.
        wanted: says, by a path relative to the folder, with ``/``, whether to read a file.

    Raises:
        FfcolorError: `git` when git is not there, the folder is in no repository, or the revision is unknown.
    """
    top = os.path.realpath(folder)
    commit = _commit(revision, top)
    listed = []
    for row in _git(top, "ls-tree", "-r", "-z", commit, "--", ".").split(b"\0"):
        facts, _, name = row.partition(b"\t")
        mode, _, rest = facts.partition(b" ")
        path = os.fsdecode(name)
        if mode in _REGULAR and wanted(path):
            listed.append((path, rest.split(b" ")[1]))
    if not listed:
        return
    answer = _git(top, "cat-file", "--batch", given=b"".join(each + b"\n" for _, each in listed))
    place = 0
    for path, name in listed:
        head, _, _ = answer[place : place + 200].partition(b"\n")
        words = head.split(b" ")
        if len(words) != 3 or words[0] != name:
            raise FfcolorError(f"git cannot read {path!r} at {revision!r}", code="git", value=revision)
        start = place + len(head) + 1
        place = start + int(words[2]) + 1
        yield os.path.join(top, *path.split("/")), answer[start : place - 1]


def _commit(revision: str, folder: str) -> str:
    """The commit's name; a revision that looks like an option is never taken for one."""
    if not Path(folder).is_dir():
        raise FfcolorError(f"there is no folder {folder!r} to compare", code="git", value=folder)
    _git(folder, "rev-parse", "--is-inside-work-tree")
    try:
        if revision.startswith("-") or "\0" in revision:
            raise FfcolorError(revision, code="git")
        return _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except FfcolorError:
        message = f"git knows no revision {revision!r} in {folder!r}: write a branch, a tag or a commit"
        raise FfcolorError(message, code="git", value=revision) from None


def _git(folder: str, *arguments: str, given: bytes = b"") -> bytes:
    command: Sequence[str] = ("git", "-C", folder, *arguments)
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, env={**os.environ, **_ENVIRONMENT}, check=False
        )
    except FileNotFoundError:
        raise FfcolorError("git is not installed, and only git knows earlier revisions", code="git") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
        raise FfcolorError(f"git: {said or 'it failed'} ({folder!r})", code="git", value=folder)
    return done.stdout
