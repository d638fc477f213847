"""Layers that learn at the same time: in threads, in processes, or on ranks of torch.distributed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.rules.parallel import pipeline as pipeline
    from ffcolor.rules.parallel import processes as processes
    from ffcolor.rules.parallel import ranks as ranks
    from ffcolor.rules.parallel.processes import Processes as Processes

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "processes": "Processes",
    },
    modules=("pipeline", "processes", "ranks"),
)
