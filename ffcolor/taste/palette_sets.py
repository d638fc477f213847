"""Many palettes at once: reading them, finding equal ones, and making up palettes that nobody chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor.color import read_colors
from ffcolor.errors import FfcolorError
from ffcolor.splitmix import split, uniform
from ffcolor.taste.palette_features import LARGEST, SMALLEST

Floats = NDArray[Any]  # float32 throughout

_ADVICE = f"pass a sequence of palettes, each of {SMALLEST} to {LARGEST} colours; write [palette] for a single one"


def read(palettes: Iterable[Any], what: str = "", empty: bool = False) -> list[Floats]:
    """Read a sequence of palettes, each anything `read_colors` takes.

    Args:
        palettes: the palettes, 2 to 12 colours each.
        what: which palettes they are, for messages: a word and a space.
        empty: whether there may be none.

    Returns:
        float32 (n, 3) each.

    Raises:
        FfcolorError: naming the palette's position, and the colour's if one is at fault: ``no-palettes``,
            ``palette-size`` or what `read_colors` raises; `position` is the palette's.
    """
    if isinstance(palettes, (str, bytes, dict)) or hasattr(palettes, "colors") or not isinstance(palettes, Iterable):
        message = f"{type(palettes).__name__} is not a sequence of palettes"
        raise FfcolorError(message, code="no-palettes", advice=_ADVICE)
    found = [_read_one(palette, place, what) for place, palette in enumerate(palettes)]
    if not found and not empty:
        raise FfcolorError(f"there are no {what}palettes", code="no-palettes", advice=_ADVICE)
    return found


def _read_one(palette: Any, place: int, what: str) -> Floats:
    try:
        colors = read_colors(palette)
    except FfcolorError as error:
        raise error.within(f"{what}palette {place}", place) from None
    if not SMALLEST <= len(colors) <= LARGEST:
        count = "1 colour" if len(colors) == 1 else f"{len(colors)} colours"
        message = f"{what}palette {place} has {count}"
        raise FfcolorError(message, code="palette-size", value=len(colors), position=place, advice=_ADVICE)
    return colors


def key(palette: Floats) -> tuple[int, bytes]:
    """A sortable key, the same for the same colours in any order."""
    return len(palette), b"".join(sorted(color.tobytes() for color in palette))


def sort(palettes: Iterable[Floats]) -> list[Floats]:
    """Palettes, and the colours in them, in canonical order: the order in which they were given makes no difference."""
    return sorted((palette[np.lexsort(palette.T)] for palette in palettes), key=key)


def cut(colors: Floats, sizes: ArrayLike) -> list[Floats]:
    """Cut one long row of colours (n, 3) into palettes of the given sizes, which sum to n."""
    sizes = np.asarray(sizes)
    if (sizes < 1).any() or sizes.sum() != len(colors):
        raise ValueError(f"{len(colors)} colours cannot be cut into palettes of sizes {sizes.tolist()}")
    return np.split(colors, np.cumsum(sizes)[:-1]) if len(sizes) else []


def shuffled(palettes: Sequence[Floats], turns: int, seed: int) -> list[Floats]:
    """Deal out all colours of the palettes again, `turns` times: the same sizes and the same colours, mixed up.

    Palettes that turn out to be one of the given ones are left out, so there may be none.
    """
    known = {key(palette) for palette in palettes}
    pool = np.concatenate(palettes)
    sizes = [len(palette) for palette in palettes]
    made: list[Floats] = []
    for turn in range(turns):
        order = np.argsort(uniform(split(seed, turn), len(pool)), kind="stable")
        made += [palette for palette in cut(pool[order], sizes) if key(palette) not in known]
    return made


def drawn(sizes: Sequence[int], count: int, seed: int) -> list[Floats]:
    """Draw `count` palettes of uniformly random sRGB colours, of the given sizes in turn."""
    wanted = np.resize(sizes, count)
    return cut(uniform(seed, (int(wanted.sum()), 3)).astype(np.float32), wanted)
