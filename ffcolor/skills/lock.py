"""`skills.lock.edn`: what a collection says, as plain data that Clojure reads without any dependency."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.files import quoted, read_file, write_atomically
from ffcolor.skills import edn
from ffcolor.skills.gf3 import TRITS, format_trit
from ffcolor.skills.model import Collection, Skill

NAME = "skills.lock.edn"
"""The name of a lock file; it lies in the root of its collection."""

SCHEMA = 1

_LARGEST = 64 << 20  # bytes of a lock file
_ABOUT = ";; Written by `ffcolor skills lock` from the SKILL.md files below this folder; do not edit."

Lock = dict[str, Any]


def manifest(path: str | os.PathLike[str] | None = None) -> Lock:
    """Read a lock file as plain data; without a path, the one of ffcolor's own skill.

    >>> manifest()["skills"][0]["name"]
    'forward-forward-learning'

    Returns:
        ``{"ffcolor/schema": 1, "skills": [{"name", "path", "trit", "color", "triads"}, …]}``, where a triad is a list
        of ``[name, trit]``. Clojure's `(ffcolor.skills/manifest)` reads the same.

    Raises:
        FfcolorError: `file-read` when there is no such file, `lock-file` when it is not a lock file.
    """
    where = _own() if path is None else path
    return parse(read_file(where, _LARGEST), where)


def parse(text: bytes, where: str | os.PathLike[str]) -> Lock:
    """Read the bytes of a lock file; `where` names it in the error."""
    try:
        return _checked(edn.loads(text.decode("utf-8")))
    except ValueError as error:  # FfcolorError and UnicodeDecodeError are ones
        message = f"{quoted(where)} is not a lock file: {error}; `ffcolor skills lock` writes one"
        raise FfcolorError(message, code="lock-file", value=str(where)) from error


def build(collection: Collection, root: str) -> Lock:
    """What a lock file of the skills found below `root` says; skills in order of path."""
    skills = sorted(
        (_path(skill, root), skill) for skill in collection.skills if skill.root == root and not skill.context
    )
    return {"ffcolor/schema": SCHEMA, "skills": [_entry(path, skill) for path, skill in skills]}


def dumps(lock: Mapping[str, Any]) -> str:
    """Write a lock file's text: one skill a line, so that changes read well in a diff."""
    rows = "\n  ".join(edn.dumps(skill) for skill in lock["skills"])
    return f"{_ABOUT}\n{{:ffcolor/schema {lock['ffcolor/schema']}\n :skills\n [{rows}]}}\n"


def write(collection: Collection, root: str, path: str | os.PathLike[str] | None = None) -> str:
    """Write the lock file of `root` (None: into that folder) and return its path.

    Raises:
        FfcolorError: `file-write` when it cannot be written.
    """
    target = os.fspath(path) if path is not None else os.path.join(root, NAME)
    write_atomically(target, dumps(build(collection, root)).encode("utf-8"))
    return target


def stale(
    collection: Collection, root: str, path: str | os.PathLike[str] | None = None, text: bytes | None = None
) -> list[str]:
    """What a lock file says otherwise than its skills do, one sentence each; empty when it is up to date.

    Args:
        collection: of the skills.
        root: the folder that the file is about.
        path: the file; None is the one in that folder.
        text: its bytes, if they are at hand.

    Raises:
        FfcolorError: `file-read` or `lock-file`, as `manifest` does.
    """
    where = path if path is not None else os.path.join(root, NAME)
    held = manifest(where) if text is None else parse(text, where)
    return list(_differences(held["skills"], build(collection, root)["skills"]))


def is_there(collection: Collection) -> bool:
    """Whether a root has a lock file."""
    return any(os.path.isfile(os.path.join(root, NAME)) for root in collection.roots)


def renewed(collection: Collection) -> Iterator[tuple[str, bytes]]:
    """The path of each root's lock file that is stale, and what it has to say; a root without one is fine."""
    for root in dict.fromkeys(collection.roots):
        path = os.path.join(root, NAME)
        if not os.path.isdir(root) or not os.path.isfile(path):
            continue
        try:
            is_stale = bool(stale(collection, root))
        except FfcolorError:
            is_stale = True
        if is_stale:
            yield path, dumps(build(collection, root)).encode()


def _differences(held: list[dict[str, Any]], found: list[dict[str, Any]]) -> Iterable[str]:
    before, now = ({skill["path"]: skill for skill in skills} for skills in (held, found))
    for path in sorted(before.keys() | now.keys()):
        if path not in now:
            yield f"{path} is gone"
        elif path not in before:
            yield f"{path} is missing in the lock file"
        else:
            for key, value in now[path].items():
                if value != before[path].get(key):
                    yield f"{path}: {key} is {_said(key, value)}, not {_said(key, before[path].get(key))}"
    if len(before) < len(held):
        yield "a path is listed twice"


def _said(key: str, value: Any) -> str:
    if value is None:
        return "none"
    if key == "triads":
        return f"{len(value)} triad{'s' * (len(value) != 1)} ({edn.dumps(value)})"
    return format_trit(value) if key == "trit" else str(value)


def _entry(path: str, skill: Skill) -> dict[str, Any]:
    triads = {triad.key: triad for triad in reversed(skill.triads)}  # of the same one, the first statement
    stated = sorted(triads.values(), key=lambda triad: triad.place)
    listed = [[[member.name, member.trit] for member in triad.members] for triad in stated]
    return {"name": skill.name, "path": path, "trit": skill.trit, "color": skill.color, "triads": listed}


def _path(skill: Skill, root: str) -> str:
    return os.path.relpath(skill.path, root).replace(os.sep, "/")


def _own() -> Path:
    above = Path(__file__).parents[2]
    installed = above / "ffcolor_bridge" / "clj" / "ffcolor" / NAME
    return installed if installed.is_file() else above / "clj" / "src" / "ffcolor" / NAME


def _checked(lock: Any) -> Lock:
    if not isinstance(lock, dict) or lock.get("ffcolor/schema") != SCHEMA or not isinstance(lock.get("skills"), list):
        raise ValueError(f"it is not a map with :ffcolor/schema {SCHEMA} and :skills")
    for skill in lock["skills"]:
        if not isinstance(skill, dict) or not _is_skill(skill):
            raise ValueError(f"{edn.dumps(skill)[:200]} is not a skill with :name :path :trit :color :triads")
    return lock


def _is_skill(skill: Mapping[str, Any]) -> bool:
    triads = skill.get("triads")
    return (
        isinstance(skill.get("name"), str)
        and isinstance(skill.get("path"), str)
        and (skill.get("trit") is None or skill["trit"] in TRITS)
        and (skill.get("color") is None or isinstance(skill["color"], str))
        and isinstance(triads, list)
        and all(isinstance(triad, list) and all(_is_member(member) for member in triad) for triad in triads)
    )


def _is_member(member: Any) -> bool:
    return isinstance(member, list) and len(member) == 2 and isinstance(member[0], str) and member[1] in TRITS
