"""Fixing a collection: planned first, shown as a diff or written, one file at a time and each of them atomically."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.files import read_file, write_atomically
from ffcolor.skills import lock
from ffcolor.skills.catalog import Problem
from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.fix.one_file import HANDLED, fix_file, is_stale, split
from ffcolor.skills.model import Collection, Skill
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.folders import shown_path
from ffcolor.skills.reading.skill_file import LARGEST, read_skill

BLOCK = "block"
"""Stands among the codes where the marked block was written anew."""

_LARGEST = 64 << 20  # bytes of a file that is written
_TAKEN = "there is a SKILL.md beside it"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one file.

    Attributes:
        path: the file, as problems name it.
        target: its path afterwards; the same, or the same folder's SKILL.md.
        before: its bytes.
        after: its bytes afterwards.
        codes: what is fixed, sorted.
        left: what is not, and why: code -> reason.
        error: why the file could not be written, if it could not.
        rest: the kinds of problems that could be fixed, and that the file alone still has afterwards.
    """

    path: str
    target: str
    before: bytes
    after: bytes
    codes: tuple[str, ...] = ()
    left: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    rest: frozenset[tuple[str, str]] = frozenset()

    @property
    def name(self) -> str:
        """The path as problems have it."""
        return self.path.encode("utf-8", "backslashreplace").decode()

    @property
    def is_change(self) -> bool:
        """Whether anything is to be written or renamed."""
        return self.before != self.after or self.path != self.target


def plan(
    collection: Collection, problems: Sequence[Problem], codes: frozenset[str], trust: str | None = None
) -> list[Change]:
    """What `fix` would do, in order of path: files to change, and files with something that is left alone.

    Args:
        collection: as read.
        problems: of it; those that can be fixed are.
        codes: the checks that count.
        trust: ``"author"`` or ``"generated"``: whom to believe where a file declares two trits.

    Raises:
        FfcolorError: `file-read` when a file cannot be read again.
    """
    wanted: dict[str, set[str]] = {}
    for problem in problems:
        if problem.fixable or problem.code in HANDLED:
            wanted.setdefault(problem.path, set()).add(problem.code)
    changes = []
    for skill in collection.skills:
        found = frozenset(wanted.pop(skill.path.encode("utf-8", "backslashreplace").decode(), ()))
        if not skill.context and (change := _change(skill, found, codes, trust)):
            changes.append(change)
    for path, others in wanted.items():  # no skills: a skill.md beside a SKILL.md
        if "GF103" in others:
            changes.append(Change(path, path, b"", b"", (), {"GF103": _TAKEN}))
    files = sorted((each for each in changes if each.is_change or each.left), key=lambda each: each.path)
    return files + (list(_locks(collection, files)) if "GF501" in codes else [])


def _locks(collection: Collection, changes: Sequence[Change]) -> Iterator[Change]:
    """The lock files that would be stale after the other changes."""
    if not lock.is_there(collection):
        return
    changed = {change.path: change for change in changes if change.is_change}
    skills = []
    for skill in collection.skills:
        if change := changed.get(skill.path):
            again = read_skill(change.after, change.target, skill.root, skill.folder)
            skills.append(again if isinstance(again, Skill) else skill)
        else:
            skills.append(skill)
    new = assemble(collection.roots, skills)
    for path, after in lock.renewed(new):
        shown = shown_path(path)
        yield Change(shown, shown, read_file(path, _LARGEST), after, ("GF501",))


def _change(skill: Skill, found: frozenset[str], codes: frozenset[str], trust: str | None) -> Change | None:
    if not is_stale(skill) and not found & (HANDLED | {"GF103"}):
        return None
    data = read_file(skill.path, LARGEST)

    def read(data: bytes) -> tuple[Skill, list[Problem]]:
        again = read_skill(data, skill.path, skill.root, skill.folder)
        if isinstance(again, Problem):
            raise FfcolorError(f"{skill.path}: {again.message}", code="file-read", value=skill.path)
        alone = assemble((), [again])  # without roots, no lock file is looked at
        return alone.skills[0], check_collection(alone, codes)

    fixed = fix_file(data, read, trust)
    left = dict(fixed.left)
    done, target = set(fixed.codes), skill.path
    if "GF103" in found:
        target = skill.path[: len(skill.path) - len(skill.path.rpartition("/")[2])] + "SKILL.md"
        if _is_taken(skill.path, target):
            target, left["GF103"] = skill.path, _TAKEN
        else:
            done.add("GF103")
    rest = frozenset(each.kind for each in fixed.rest if each.fixable)
    return Change(skill.path, target, data, fixed.data, tuple(sorted(done)), left, rest=rest)


def _is_taken(path: str, target: str) -> bool:
    """Whether another file has the name (on some file systems the same file has both)."""
    try:
        return not os.path.samefile(path, target)
    except OSError:
        return os.path.lexists(target)


def apply(changes: Sequence[Change]) -> Iterator[Change]:
    """Write changes, and give back each as it was done; what fails meanwhile is left alone, with the reason."""
    for change in changes:
        if not change.is_change:
            yield change
            continue
        try:
            if read_file(change.path, _LARGEST) != change.before:
                raise FfcolorError("it changed in the meantime", code="file-write")
            if change.path != change.target and _is_taken(change.path, change.target):
                raise FfcolorError(_TAKEN, code="file-write")
            if change.before != change.after:
                write_atomically(change.path, change.after)
            if change.path != change.target:
                os.rename(change.path, change.target)
        except (FfcolorError, OSError) as error:
            why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            failed = {**change.left, **dict.fromkeys(change.codes, why)}
            yield replace(change, after=change.before, target=change.path, codes=(), left=failed, error=why)
        else:
            yield change


def diff(change: Change) -> str:
    """What a change does to a file, as a unified diff that `patch` and `git apply` understand."""
    before, after = (split(data.decode("utf-8", "surrogateescape")) for data in (change.before, change.after))
    rows = []
    for row in difflib.unified_diff(before, after, f"a/{change.path}", f"b/{change.target}"):
        rows.append(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n")
    renamed = f"rename from {change.path}\nrename to {change.target}\n" if change.path != change.target else ""
    head = f"diff --git a/{change.path} b/{change.target}\n{renamed}" if renamed else ""
    return head + "".join(rows)


def as_plain(changes: Sequence[Change], *, applied: bool) -> dict[str, Any]:
    """What was done, or would be, as plain data; what would be comes with its diff."""
    return {
        "applied": applied,
        "files": [
            {
                "path": each.path,
                "target": each.target,
                "codes": list(each.codes),
                "left": dict(each.left),
                "diff": None if applied else diff(each),
                "changed": each.is_change,
                "error": each.error,
            }
            for each in changes
        ],
    }
