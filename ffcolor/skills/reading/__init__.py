"""From folders and bytes to a `Collection`: what SKILL.md files say, and where they say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.skills.reading import collection as collection
    from ffcolor.skills.reading import names as names
    from ffcolor.skills.reading import revision as revision
    from ffcolor.skills.reading import skill_file as skill_file
    from ffcolor.skills.reading import values as values
    from ffcolor.skills.reading.collection import read as read

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {"collection": "read"}, modules=("collection", "names", "revision", "skill_file", "values")
)
