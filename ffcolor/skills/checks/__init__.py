"""The checks, one file for each family, and `run`, which applies them to a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.skills.checks.run import check_collection as check_collection

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {"run": "check_collection"}
)
