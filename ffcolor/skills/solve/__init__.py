"""What a collection could be: the cheapest agreement, partners for a triad, the most disjoint triads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.skills.solve import apply as apply
    from ffcolor.skills.solve import pack as pack
    from ffcolor.skills.solve import partners as partners
    from ffcolor.skills.solve import repair as repair
    from ffcolor.skills.solve import solver as solver

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {}, modules=("apply", "pack", "partners", "repair", "solver")
)
