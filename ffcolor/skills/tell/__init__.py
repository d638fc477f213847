"""What is found, as people and programs read it: reports, pages of the checks, a graph and its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.skills.tell import baseline as baseline
    from ffcolor.skills.tell import edits as edits
    from ffcolor.skills.tell import graph as graph
    from ffcolor.skills.tell import pages as pages
    from ffcolor.skills.tell import picture as picture
    from ffcolor.skills.tell import render as render
    from ffcolor.skills.tell import report as report
    from ffcolor.skills.tell import sarif as sarif
    from ffcolor.skills.tell import text as text

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__, {}, modules=("baseline", "edits", "graph", "pages", "picture", "render", "report", "sarif", "text")
)
