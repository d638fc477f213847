"""The benchmark of the rules: every rule beside backpropagation of the same architecture, on the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.rules.bench.measure import PLOT as PLOT
    from ffcolor.rules.bench.measure import RESULTS as RESULTS
    from ffcolor.rules.bench.measure import run as run
    from ffcolor.rules.bench.presets import PRESETS as PRESETS
    from ffcolor.rules.bench.presets import TASKS as TASKS
    from ffcolor.rules.bench.presets import Preset as Preset
    from ffcolor.rules.bench.record import RUNS as RUNS
    from ffcolor.rules.bench.record import Run as Run
    from ffcolor.rules.bench.record import append as append
    from ffcolor.rules.bench.record import fingerprint as fingerprint
    from ffcolor.rules.bench.record import key as key
    from ffcolor.rules.bench.record import read as read
    from ffcolor.rules.bench.report import row as row
    from ffcolor.rules.bench.report import summed as summed
    from ffcolor.rules.bench.report import table as table
    from ffcolor.rules.bench.trial import Trial as Trial

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "measure": "PLOT RESULTS run",
        "presets": "PRESETS Preset TASKS",
        "record": "RUNS Run append fingerprint key read",
        "report": "row summed table",
        "trial": "Trial",
    },
)
