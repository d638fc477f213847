"""Which of several copies of a skill a file means: the nearest, by their paths."""

from __future__ import annotations

import os


def home_of(path: str) -> str:
    """The folder that holds the folder of a file, named as the file is.

    >>> home_of("skills/one/SKILL.md"), home_of("one/SKILL.md"), home_of("SKILL.md")
    ('skills', '.', '..')
    """
    parts = path.split("/")
    if len(parts) > 2 and not {"", ".", ".."} & set(parts[:-1]):
        return "/".join(parts[:-2])
    return os.path.normpath(os.path.join(os.path.dirname(path), os.pardir)).replace(os.sep, "/")


def folders_of(path: str) -> tuple[str, ...]:
    """The folders down to a file, from the top of the file system."""
    return tuple(os.path.abspath(path).split(os.sep)[:-1])


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders two files have in common, from the top.

    >>> shared(("", "a", "b"), ("", "a", "c", "d"))
    2
    """
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
