"""Skills and their triads: read, check, repair and pack a collection whose trits sum to 0 over GF(3).

Every public name is re-exported here and imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.skills.catalog import CHECKS as CHECKS
    from ffcolor.skills.catalog import RULES as RULES
    from ffcolor.skills.catalog import Problem as Problem
    from ffcolor.skills.checks.run import check as check
    from ffcolor.skills.checks.run import check_collection as check_collection
    from ffcolor.skills.lock import manifest as manifest
    from ffcolor.skills.model import Collection as Collection
    from ffcolor.skills.model import Skill as Skill
    from ffcolor.skills.model import Triad as Triad
    from ffcolor.skills.reading.collection import read as read

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "catalog": "CHECKS Problem RULES",
        "checks.run": "check check_collection",
        "lock": "manifest",
        "model": "Collection Skill Triad",
        "reading.collection": "read",
    },
    modules=("catalog", "edn", "fix", "gf3", "lock", "reading", "solve", "tell"),
)
