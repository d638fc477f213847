"""Fixing files: each file alone, byte for byte the same outside of its front matter and its marked block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.skills.fix import changes as changes
    from ffcolor.skills.fix import marks as marks
    from ffcolor.skills.fix.changes import Change as Change
    from ffcolor.skills.fix.changes import apply as apply
    from ffcolor.skills.fix.changes import as_plain as as_plain
    from ffcolor.skills.fix.changes import diff as diff
    from ffcolor.skills.fix.changes import plan as plan

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {"changes": "Change apply as_plain diff plan"}, modules=("changes", "marks")
)
