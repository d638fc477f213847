"""Layers that learn at the same time: in threads, in processes, or on ranks of torch.distributed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.rules.face import face

if TYPE_CHECKING:
    from ffcolor.rules.parallel import pipeline as pipeline
    from ffcolor.rules.parallel import processes as processes
    from ffcolor.rules.parallel import ranks as ranks
    from ffcolor.rules.parallel.processes import Processes as Processes

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "Processes": "processes",
    },
    {
        "pipeline": "pipeline",
        "processes": "processes",
        "ranks": "ranks",
    },
)
