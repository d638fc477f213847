"""Skills and their triads: read, check, repair and pack a collection whose trits sum to 0 over GF(3).

Every public name is re-exported here and imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face, moved

if TYPE_CHECKING:
    from ffcolor.skills import catalog as catalog
    from ffcolor.skills import edn as edn
    from ffcolor.skills import fix as fix
    from ffcolor.skills import gf3 as gf3
    from ffcolor.skills import lock as lock
    from ffcolor.skills import reading as reading
    from ffcolor.skills import solve as solve
    from ffcolor.skills import tell as tell
    from ffcolor.skills.catalog import CHECKS as CHECKS
    from ffcolor.skills.catalog import RULES as RULES
    from ffcolor.skills.catalog import Problem as Problem
    from ffcolor.skills.checks.run import check_collection as check_collection
    from ffcolor.skills.checks.run import problems_at as problems_at
    from ffcolor.skills.fix.marks import check as check
    from ffcolor.skills.lock import manifest as manifest
    from ffcolor.skills.model import Collection as Collection
    from ffcolor.skills.model import Skill as Skill
    from ffcolor.skills.model import Triad as Triad
    from ffcolor.skills.reading.collection import read as read

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "catalog": "CHECKS Problem RULES",
        "checks.run": "check_collection problems_at",
        "fix.marks": "check",
        "lock": "manifest",
        "model": "Collection Skill Triad",
        "reading.collection": "read",
    },
    modules=("catalog", "edn", "fix", "gf3", "lock", "reading", "solve", "tell"),
)
moved(
    __name__,
    {
        "reading": "body git layout values",
        "solve": "pack partners repair",
        "tell": "baseline graph pages picture report sarif",
    },
    renamed={
        "against": "reading.revision",
        "agree": "solve.solver",
        "chains": "reading.triad_text",
        "checking": "fix.marks",
        "collect": "reading.collection",
        "front_text": "fix.front_rewrite",
        "frontmatter": "reading.front_matter",
        "mend_front": "fix.entries",
        "mend_start": "fix.missing_front",
        "nearest": "reading.names",
        "reader": "reading.skill_file",
        "tree": "reading.folders",
        "rules": "checks",
        **{f"rules.{name}": f"checks.{name}" for name in ("colors", "files", "locks", "triads", "trits")},
        "rules.table": "catalog",
    },
)
