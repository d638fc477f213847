"""The names of the XKCD colour survey: 949 names by 222,500 people, as data in `xkcd.txt`.

Source: Randall Munroe, "Color Survey Results" (2010), xkcd.com/color/rgb; public domain (CC0 1.0).
"""

from __future__ import annotations

import functools
from pathlib import Path


def rows() -> list[tuple[str, str]]:
    """("#rrggbb", name) of each colour, in the survey's order."""
    lines = Path(__file__).with_name("xkcd.txt").read_text(encoding="utf-8").splitlines()
    found = (line.partition(" ") for line in lines if not line.startswith("# "))
    return [(code, name) for code, _, name in found]


@functools.cache
def codes() -> dict[str, str]:
    """The "#rrggbb" of each name, which may be spelt with "gray" as well as with "grey"."""
    by_name = {name: code for code, name in rows()}
    return {name.replace("grey", "gray"): code for name, code in by_name.items()} | by_name
