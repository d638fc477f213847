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
    """The folders that a file is in, from its own up to the top of the file system.

    >>> folders_of("/a/b/SKILL.md")
    ('/a/b', '/a', '/')
    """
    found = [os.path.dirname(os.path.abspath(path))]
    while (above := os.path.dirname(found[-1])) != found[-1]:
        found.append(above)
    return tuple(found)
