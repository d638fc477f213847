"""Style sheets as people use them: how many of their colours are read, and right, beside tinycss2 and coloraide.

The sheets come from npm (`npm pack`); without it the table is left out. A colour counts where a custom property's whole
value is an opaque colour to coloraide, and is right when no channel differs by more than one level of 255. Outside
sRGB both map by CSS Color 4's method.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tinycss2
from coloraide import Color
from numpy.typing import NDArray

from benchmarks.lib import report
from ffcolor.errors import FfcolorError
from ffcolor.palette.formats import read

PACKAGES = (
    "bootstrap@5",
    "@picocss/pico@2",
    "@primer/primitives@11",
    "tailwindcss@4",
    "daisyui@5",
    "@radix-ui/colors@3",
    "open-props@1",
)
_SMALL = 40  # sheets of a package in a quick run

Colors = NDArray[np.float64]


def declared(nodes: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """The custom properties of a sheet by tinycss2: name and value, wherever they are nested."""
    for node in nodes:
        if node.type == "declaration" and node.name.startswith("--"):
            yield node.name.removeprefix("--"), tinycss2.serialize(node.value).strip()
        elif node.type in ("qualified-rule", "at-rule") and node.content:
            yield from declared(tinycss2.parse_blocks_contents(node.content, skip_comments=True))


def known(text: str) -> list[tuple[str, Colors]]:
    """The opaque colours that coloraide reads in a sheet: names, and levels of 255."""
    found = []
    for name, value in declared(tinycss2.parse_stylesheet(text, skip_comments=True)):
        try:
            color = Color(value)
        except ValueError:
            continue
        if color.alpha(nans=False) == 1:
            srgb = color.convert("srgb")
            inside = srgb if srgb.in_gamut(tolerance=1e-4) else srgb.fit(method="oklch-chroma")
            found.append((name, np.clip(inside.coords(nans=False), 0, 1) * 255))
    return found


def right(text: str, wanted: Sequence[tuple[str, Colors]]) -> int:
    """How many of the wanted colours ffcolor reads, under the same name, within a level."""
    try:
        content = read(text, "css")
    except FfcolorError:
        return 0
    ours: dict[str, list[Colors]] = {}
    for name, color in zip(content.names, content.colors * 255.0, strict=True):
        ours.setdefault(name, []).append(np.round(color))
    unnamed = [np.round(color) for color in content.colors * 255.0]  # a comment may stand for a name
    return sum(
        any(np.abs(each - np.round(color)).max() <= 1 for each in ours.get(name, unnamed)) for name, color in wanted
    )


def sheets(package: str, folder: Path) -> list[Path]:
    """The style sheets of a package of npm."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    place = folder / packed.stdout.split()[-1].removesuffix(".tgz")
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(place, filter="data")
    return sorted(place.rglob("*.css"))


def main(quick: bool = False) -> dict[str, Any]:
    """Print the table; without npm, say so and give no goals."""
    if shutil.which("npm") is None:
        print("npm is not here, so that no sheets can be had", file=sys.stderr)
        return {"rows": [], "goals": []}
    rows, goals = [], []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            try:
                paths = sheets(package, Path(folder))
            except (subprocess.SubprocessError, OSError) as problem:
                print(f"{package} cannot be had: {problem}", file=sys.stderr)
                continue
            total = same = 0
            begin = time.perf_counter()
            for path in paths[:: max(1, len(paths) // _SMALL)] if quick else paths:
                text = path.read_text(encoding="utf-8")
                wanted = known(text)
                total, same = total + len(wanted), same + right(text, wanted)
            seconds = time.perf_counter() - begin
            rows.append((package, len(paths), total, same, same / total, round(seconds, 1)))
            goals.append(report.at_least(f"{package}: share of the colours read right", 0.98, same / total))
    report.print_table("Colours of style sheets", ("package", "sheets", "colours", "right", "share", "s"), rows)
    return {"rows": rows, "goals": goals}


if __name__ == "__main__":
    main()
