"""Cells that grow a picture: a cellular automaton whose layers learn by losses of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.rules.cells.automaton import FF_NCA as FF_NCA
    from ffcolor.rules.cells.layers import sight as sight
    from ffcolor.rules.cells.pictures import cut as cut
    from ffcolor.rules.cells.pictures import wounded as wounded

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "automaton": "FF_NCA",
        "layers": "sight",
        "pictures": "cut wounded",
    },
)
