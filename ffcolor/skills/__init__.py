"""Skills and their triads: read, check, repair and pack a collection whose trits sum to 0 over GF(3).

Every public name is re-exported here and imported on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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

_HOME = {
    "CHECKS": "catalog",
    "Collection": "model",
    "Problem": "catalog",
    "RULES": "catalog",
    "Skill": "model",
    "Triad": "model",
    "check": "checks.run",
    "check_collection": "checks.run",
    "manifest": "lock",
    "read": "reading.collection",
}
__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"ffcolor.skills.{_HOME[name]}"), name)
    raise AttributeError(f"module 'ffcolor.skills' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
