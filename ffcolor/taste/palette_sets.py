"""Many palettes at once: reading them, telling equal ones, and making up palettes that nobody chose."""

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

_WANTED = f"wanted is a sequence of palettes, each of {SMALLEST} to {LARGEST} colors; write [palette] for a single one"


def read(palettes: Iterable[Any], what: str = "", empty: bool = False) -> list[Floats]:
    """Read a sequence of palettes, each anything `read_colors` takes.

    Args:
        palettes: the palettes, 2 to 12 colours each.
        what: which ones they are, for messages: a word and a space.
        empty: whether there may be none.

    Returns:
        float32 (n, 3) each.

    Raises:
        FfcolorError: naming the palette's position, and the colour's if one is at fault: ``no-palettes``,
            ``palette-size`` or what `read_colors` raises; `position` is the palette's.
    """
    if isinstance(palettes, (str, bytes, dict)) or hasattr(palettes, "colors") or not isinstance(palettes, Iterable):
        raise FfcolorError(f"{type(palettes).__name__} is no sequence of palettes; {_WANTED}", code="no-palettes")
    found = [_read_one(palette, place, what) for place, palette in enumerate(palettes)]
    if not found and not empty:
        raise FfcolorError(f"there are no {what}palettes; {_WANTED}", code="no-palettes")
    return found


def _read_one(palette: Any, place: int, what: str) -> Floats:
    try:
        colors = read_colors(palette)
    except FfcolorError as error:
        message = f"{what}palette {place}: {error}"
        raise FfcolorError(message, code=error.code, value=error.value, position=place) from None
    if not SMALLEST <= len(colors) <= LARGEST:
        count = "1 color" if len(colors) == 1 else f"{len(colors)} colors"
        raise FfcolorError(
            f"{what}palette {place} has {count}; {_WANTED}", code="palette-size", value=len(colors), position=place
        )
    return colors


def key(palette: Floats) -> tuple[int, bytes]:
    """The same for the same colours, whatever their order; keys can be sorted."""
    return len(palette), b"".join(sorted(color.tobytes() for color in palette))


def sort(palettes: Iterable[Floats]) -> list[Floats]:
    """Palettes and the colours in them in canonical order, so that the order in which they came leaves no trace."""
    return sorted((palette[np.lexsort(palette.T)] for palette in palettes), key=key)


def cut(colors: Floats, sizes: ArrayLike) -> list[Floats]:
    """Cut one long row of colours (n, 3) into palettes of the given sizes, which sum to n."""
    sizes = np.asarray(sizes)
    if (sizes < 1).any() or sizes.sum() != len(colors):
        raise ValueError(f"{len(colors)} colors cannot be cut into palettes of sizes {sizes.tolist()}")
    return np.split(colors, np.cumsum(sizes)[:-1]) if len(sizes) else []


def shuffled(palettes: Sequence[Floats], turns: int, seed: int) -> list[Floats]:
    """Deal all colours of the palettes out again, `turns` times: same sizes, same colours, but mixed up.

    Those that come out as one of the given palettes are left away, so there may be none.
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
