"""Derives the data that ffcolor ships from the packages that publish it: `python scripts/derive_data.py`.

It writes the matrices of Machado, Oliveira and Fernandes (from colour-science), the colour names of CSS (from Pillow),
those of the XKCD survey and the DejaVu fonts with their licence (from matplotlib) to where ffcolor reads them. A test
compares; none of these packages is needed to use what was derived.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "ffcolor"
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf", "LICENSE_DEJAVU")

_MACHADO = '''"""Matrices that simulate deficiencies of colour vision, on linear RGB, for the severities 0, 0.1 … 1.

Source: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009),
the authors' table of precomputed matrices. Written by scripts/derive_data.py from colour-science: do not edit.
"""

from __future__ import annotations

# fmt: off
MATRICES: dict[str, tuple[tuple[float, ...], ...]] = {
'''

_NAMES = '''"""The named colours of CSS, as six hex digits. Pillow has them too, but takes a while to import.

Source: CSS Color 4, section 6.1. Written by scripts/derive_data.py from Pillow: do not edit.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
'''

_XKCD = """\
# The names of the XKCD colour survey: a colour and its name in each line.
# Source: Randall Munroe, "Color Survey Results" (2010), xkcd.com/color/rgb; public domain (CC0 1.0).
# Written by scripts/derive_data.py from matplotlib: do not edit.
"""


def machado() -> str:
    """The module `ffcolor.color.machado`: a row of nine numbers for each severity."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # colour-science tells which of its optional helpers are missing
        from colour.blindness import CVD_MATRICES_MACHADO2010

    lines = [_MACHADO]
    for kind, name in (("protan", "Protanomaly"), ("deutan", "Deuteranomaly"), ("tritan", "Tritanomaly")):
        steps = CVD_MATRICES_MACHADO2010[name]
        rows = (", ".join(map(repr, steps[severity].ravel().tolist())) for severity in sorted(steps))
        lines += [f'    "{kind}": (\n', *(f"        ({row}),\n" for row in rows), "    ),\n"]
    return "".join([*lines, "}\n", '"""By kind, then by severity: nine numbers, row after row."""\n'])


def names() -> str:
    """The module `ffcolor.color.names`."""
    from PIL.ImageColor import colormap, getrgb

    return _NAMES + "".join(f'    "{name}": "{bytes(getrgb(name)[:3]).hex()}",\n' for name in sorted(colormap)) + "}\n"


def xkcd() -> str:
    """The text `ffcolor/color/xkcd.txt`."""
    from matplotlib.colors import XKCD_COLORS

    return _XKCD + "".join(f"{code} {name.removeprefix('xkcd:')}\n" for name, code in XKCD_COLORS.items())


def derived() -> dict[Path, bytes]:
    """What each derived file should hold, by its path."""
    import matplotlib

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return {
        ROOT / "color" / "machado.py": machado().encode(),
        ROOT / "color" / "names.py": names().encode(),
        ROOT / "color" / "xkcd.txt": xkcd().encode(),
        **{ROOT / "palette" / "fonts" / name: (fonts / name).read_bytes() for name in FONTS},
    }


def main() -> int:
    """Write what has changed, and say so."""
    for path, data in derived().items():
        changed = not path.exists() or path.read_bytes() != data
        if changed:
            path.write_bytes(data)
        print(f"{'wrote' if changed else 'unchanged'} {path.relative_to(ROOT.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
