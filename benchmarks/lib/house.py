"""The size and the order of the house: what `pip install .` brings, walls between the wings, lengths of the code."""

from __future__ import annotations

import os
import subprocess
import tempfile
import venv
from pathlib import Path
from typing import Any

from benchmarks.lib import report

ROOT = Path(__file__).parents[2]
INSTALLED, INSTALLED_GOAL = "pip install . into an empty venv, MB", 120
UNWANTED = ("torch", "scipy")
WALL_GOALS = {
    "circles of imports": 0,
    "imports against the walls": 0,
    "modules beside the wings": 9,
    "Python files over 300 lines": 6,
    "functions over 60 lines": 0,
}


def walls() -> tuple[dict[str, Any], list[report.Goal]]:
    """What is counted in the imports and the lengths of the code; nothing where the tests are not at hand."""
    try:
        from tests import walls
    except ImportError:
        return {}, []
    known = walls.modules()
    imports = list(walls.imports(known))
    wings = [(walls.wing_of(each.source), walls.wing_of(each.target)) for each in imports]
    against = [(one, other) for one, other in wings if one and other not in {one, *walls.WALLS[one][0].split()}]
    circles = walls.circles({(each.source, each.target) for each in imports if each.source != each.target})
    flat = [path for path in known.values() if path.parent.name == "ffcolor"]
    counted = (circles, against, flat, walls.long_files(), walls.long_functions())
    counts = dict(zip(WALL_GOALS, map(len, counted), strict=True))
    return counts, [report.at_most(what, goal, counts[what]) for what, goal in WALL_GOALS.items()]


def installed() -> tuple[dict[str, Any], list[report.Goal]]:
    """Megabytes that `pip install .` adds to an empty environment; nothing, said in a line, where no index answers."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        (site,) = Path(folder).glob("Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages")
        before = _size(site)
        python = os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")
        command = [
            python,
            "-B",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "--retries",
            "1",
            "install",
            str(ROOT),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if "(from versions: none)" in done.stdout + done.stderr:
            print("\npip install . was not measured: pip reached no package index")
            return {}, []
        if done.returncode:
            raise RuntimeError(f"pip install . left with {done.returncode}:\n{done.stderr}")
        megabytes = (_size(site) - before) / 1e6
        brought = [name for name in UNWANTED if (site / name).exists()]
    facts = {INSTALLED: megabytes, f"{' or '.join(UNWANTED)} came with it": ", ".join(brought) or "no"}
    unwanted = f"pip install . into an empty venv: {' or '.join(UNWANTED)} in it"
    return facts, [
        report.at_most(INSTALLED, INSTALLED_GOAL, megabytes),
        report.at_most(unwanted, 0, len(brought)),
    ]


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
