"""Walking folders for SKILL.md files: several roots, each file once, no loop, nothing that could hang."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from ffcolor.errors import FfcolorError
from ffcolor.files import in_words, quoted
from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.reading.skill_file import LARGEST
from ffcolor.skills.reading.triad_text import nfc

SKIPPED = frozenset((".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"))
_DEEPEST = 40


class Found(NamedTuple):
    """A file with its bytes, how the user would name it, its root, and the name of its folder.

    `context` is set for a skill that is read for its name only, `is_page` for a Markdown file that is not a skill's.
    """

    path: str
    root: str
    folder: str
    data: bytes
    context: bool = False
    is_page: bool = False


class _Seen(set[tuple[int, int]]):
    """The files and folders that were met, and whether other Markdown files are looked for."""

    all_markdown = False


def find(paths: tuple[str, ...], *, all_markdown: bool = False) -> Iterator[Found | Problem]:
    """Every SKILL.md below the paths, in order; what cannot be read comes as a GF100.

    A path may be a folder or a file. For a file, the skills beside its folder are read too, as context, so that what
    it names can be looked up.

    Args:
        paths: folders and files.
        all_markdown: whether to give back all other ``*.md`` in the folders, too.

    Raises:
        FfcolorError: `file-read` when a path is not there.
    """
    seen = _Seen()
    seen.all_markdown = all_markdown
    for path in paths:
        try:
            found = os.stat(path)
        except (OSError, ValueError) as error:
            raise _missing(path, error) from error
        if stat.S_ISDIR(found.st_mode):
            yield from _walk(path, seen)
        else:
            yield from _single(path, seen)
    for path in paths:
        if not os.path.isdir(path):
            yield from _beside(path, seen)


def _missing(path: str, error: Exception) -> FfcolorError:
    message = f"cannot read {quoted(path)}: {in_words(error)}; give a folder of skills or a SKILL.md"
    return FfcolorError(message, code="file-read", value=path)


def _walk(root: str, seen: _Seen) -> Iterator[Found | Problem]:
    """Depth first in order of name; what is reached by a symbolic link comes last, and only if not met before."""
    links: list[tuple[str, int]] = []
    yield from _folder(root, root, 0, seen, links)
    for path, depth in links:  # grows while it is walked
        if os.path.isfile(path):
            yield from _file(path, root, seen)
        else:
            yield from _folder(path, root, depth, seen, links)


def _folder(path: str, root: str, depth: int, seen: _Seen, links: list[tuple[str, int]]) -> Iterator[Found | Problem]:
    try:
        here = os.stat(path)
        if (here.st_dev, here.st_ino) in seen or depth > _DEEPEST:
            return
        seen.add((here.st_dev, here.st_ino))
        with os.scandir(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(path, error)
        return
    files = [entry for entry in listed if entry.name.casefold() == "skill.md"]
    exact = any(entry.name == "SKILL.md" for entry in files)
    for entry in files:
        if entry.name == "SKILL.md" or not exact:
            if _is_link_to_file(entry):
                links.append((entry.path, depth))
            else:
                yield from _file(entry.path, root, seen)
        elif not _is_folder(entry):
            yield beside(entry.path)
    if seen.all_markdown:
        for entry in listed:  # what a link leads to is read where it lies: it may be a SKILL.md
            is_page = entry.name.casefold().endswith(".md") and entry not in files
            if is_page and not entry.is_symlink() and not _is_folder(entry):
                for page in _file(entry.path, root, seen):
                    yield page._replace(is_page=True) if isinstance(page, Found) else page
    for entry in listed:
        if entry.name in SKIPPED or not _is_folder(entry):
            continue
        if entry.is_symlink():
            links.append((entry.path, depth + 1))
        else:
            yield from _folder(entry.path, root, depth + 1, seen, links)


def beside(path: str) -> Problem:
    """GF103 for a file that is not read because a SKILL.md is in the same folder."""
    message = f"{os.path.basename(path)!r} is beside SKILL.md and was not read"
    return problem("GF103", shown_path(path), 1, 1, message, "delete it, or merge it into SKILL.md")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_link_to_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_file()
    except OSError:
        return False


def _file(path: str, root: str, seen: _Seen, context: bool = False) -> Iterator[Found | Problem]:
    try:
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode) or (found.st_dev, found.st_ino) in seen:
            return
        seen.add((found.st_dev, found.st_ino))
        if not stat.S_ISREG(found.st_mode):
            yield problem("GF100", shown_path(path), 1, 1, "this is not a regular file and was not read")
            return
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        yield _unreadable(path, error)
        return
    own = os.path.realpath(path) if os.path.islink(path) else os.path.abspath(path)  # of a linked file: its true home
    folder = os.path.basename(os.path.dirname(own))
    yield Found(shown_path(path), root, nfc(folder), data, context)


def _single(path: str, seen: _Seen) -> Iterator[Found | Problem]:
    yield from _file(path, os.path.dirname(path) or ".", seen)


def _beside(path: str, seen: _Seen) -> Iterator[Found]:
    """The skills in the folders beside a file's own, one level deep."""
    folder = os.path.dirname(path) or "."
    above = os.path.join(folder, os.pardir)
    if os.path.realpath(above) == os.path.realpath(folder):
        return
    try:
        with os.scandir(above) as entries:
            listed = sorted(entry.path for entry in entries if _is_folder(entry))
    except OSError:
        return
    for beside in listed:
        candidate = os.path.join(beside, "SKILL.md")
        if os.path.isfile(candidate):
            for found in _file(os.path.normpath(candidate), folder, seen, context=True):
                if isinstance(found, Found):
                    yield found


def _unreadable(path: str, error: OSError) -> Problem:
    reason = (error.strerror or str(error)).lower()
    if error.errno == errno.ELOOP:
        reason = "symbolic links form a circle"
    return problem("GF100", shown_path(path), 1, 1, f"it cannot be read: {reason}")


def shown_path(path: str) -> str:
    """A path as the user would write it: ``/`` between the parts, no leading ``./``."""
    shown = path.replace(os.sep, "/")
    while shown.startswith("./") and len(shown) > 2:
        shown = shown[2:]
    return shown
