"""Palettes of colours that are preferred and differ from each other as much as they can."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_color, read_colors, to_hex
from ffcolor.color import vision as viewers
from ffcolor.color.space import contrast_ratio, srgb_to_oklab, to_polar
from ffcolor.errors import FfcolorError
from ffcolor.palette.palette import Palette
from ffcolor.palette.relax import Levels, Light, as_shown, drift, walk
from ffcolor.palette.search import View, choose, searches

Floats = NDArray[np.float32]

ORDERS = ("lightness", "hue", "chosen")
LARGEST = 256
"""The most colours in a generated palette."""

_LEAST_VALUE = 1e-9  # of weight^power: a hopeless candidate is still a candidate
_POWERS = (1.0, 0.3, 0.0)  # times `power`: tried in turn when colours must be farther apart
_GRIDS = (9, 17, 33, 65, 256)  # levels of each channel that the search over the gamut starts from
_GRAY = 0.02  # OKLab chroma below which a hue says nothing


def diverse_palette(
    n: int,
    candidates: Any = None,
    weight: Any = None,
    *,
    locked: Any = (),
    power: float = 10.0,
    background: Any = None,
    contrast: float = 4.5,
    vision: str | Sequence[str] = (),
    min_delta_e: float = 0.0,
    order: str = "lightness",
    title: str = "palette",
) -> Palette:
    """A palette of n different colours: of high weight, and as far apart (CIEDE2000) as they can be.

    The search maximises weight^power times the distance to the nearest other colour. It is deterministic, and does not
    depend on the order of the candidates. Every colour is exact in 8 bits, except that locked ones stay as they are.

    >>> diverse_palette(3, ["#ff0000", "#fe0000", "#00ff00", "#0000ff", "#0000fe"], order="hue").hex
    ['#FF0000', '#00FF00', '#0000FE']

    Args:
        n: how many colours, 1 to 256, locked ones included.
        candidates: colours to choose from, in any way that `read_colors` takes, rounded to 8 bits; None is the whole
            sRGB gamut.
        weight: how much each candidate is preferred, (m,) in [0, 1], such as a learned probability; None is equally.
        locked: colours that must be in the palette, exactly as given.
        power: from daring (0: only differences count) to safe (50: nearly only preference).
        background: a colour that every colour must stand out from, or None.
        contrast: the least WCAG 2.1 contrast ratio against the background, 1 to 21.
        vision: ``"deutan"``, ``"protan"``, ``"tritan"``, or several: viewers to whom the colours must differ, too.
        min_delta_e: the least CIEDE2000 difference between any two colours, to all these viewers.
        order: ``"lightness"`` (dark to light), ``"hue"`` (grays first), or ``"chosen"`` (locked first, then as found).
        title: the palette's title.

    Returns:
        The palette.

    Raises:
        FfcolorError: ``palette-infeasible`` where it cannot be had: the message says which wish binds, and by how much;
            ``palette``: an argument is not what it should be; as `read_colors`.
    """
    n = _whole(n)
    _check("power", power, 0, 1000)
    _check("contrast", contrast, 1, 21)
    _check("min_delta_e", min_delta_e, 0, 200)
    if order not in ORDERS:
        raise FfcolorError(f"order {order!r} is not one of {', '.join(ORDERS)}", code="palette", value=order)
    names = [vision] if isinstance(vision, str) else list(vision)
    kinds = tuple(dict.fromkeys(viewers.read_kind(name) for name in names))
    kept = _read(locked)
    if len(kept) > n:
        _infeasible(f"{len(kept)} locked colours don't fit a palette of {n}", len(kept))
    fixed = View.of(kept, kinds)
    light, shown = Light(), None
    if background is not None:
        shown = read_color(background)
        light = Light.against(shown, contrast)
        _check_locked_contrast(kept, light, shown, contrast)
    _check_locked_apart(kept, fixed, min_delta_e, kinds)

    more = n - len(kept)
    if candidates is None:
        if weight is not None:
            raise FfcolorError("weight needs candidates: one weight for each", code="palette", value=weight)
        levels = _over_gamut(more, fixed, kinds, light)
    else:
        pool, worth = _pool(candidates, weight, kept)
        pool, worth = _in_contrast(pool, worth, more, light, shown, contrast)
        levels = _among(pool, worth, more, fixed, kinds, power, min_delta_e)
    colors = np.concatenate([kept, _to_colors(levels)])
    least = float(np.sqrt(View.of(colors, kinds).apart().min()))
    if least < min_delta_e:
        source = _gamut_pool(n, light) if candidates is None else pool
        _too_close(least, n, min_delta_e, View.of(_to_colors(source), kinds), fixed)
    return Palette(colors[_order(colors, order)], title=title)


def _over_gamut(n: int, fixed: View, vision: tuple[str, ...], light: Light) -> Levels:
    """N 8-bit colours anywhere in the gamut, as far apart as they can be, int64 (n, 3)."""
    if n == 0:
        return np.empty((0, 3), dtype=np.int64)
    pool = _gamut_pool(n, light)
    if len(pool) < n:
        _infeasible(f"only {len(pool)} of all 8-bit colours reach this contrast, and {n} are wanted", len(pool))
    starts = 8 if n <= 16 else max(1, 128 // n)
    view, equal = View.of(_to_colors(pool), vision), np.ones(len(pool), dtype=np.float32)
    begun = np.stack([pool[chosen] for _, chosen in searches(view, equal, n, fixed, starts)]) / 255
    drifted, record = drift(begun, fixed, vision=vision, light=light, steps=100 if n <= 16 else 160)
    best = np.argsort(-record, kind="stable")[:2]
    found = [walk(light.round(drifted[i]), fixed, vision=vision, light=light) for i in best]
    return max(found, key=lambda each: each[1])[0]


def _gamut_pool(n: int, light: Light) -> Levels:
    """Colours all over the gamut of an allowed luminance, at least ten times n of them if there are, int64 (m, 3)."""
    kept = np.empty((0, 3), dtype=np.int64)
    for size in _GRIDS:
        axis = np.floor(np.linspace(0, 255, size) + 0.5).astype(np.int64)
        if size < 256:
            grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
            kept = grid[light.allows(grid / 255)]
        else:  # a slice of red at a time
            plane = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
            slices = [np.column_stack([np.full(len(plane), red), plane]) for red in axis]
            kept = np.concatenate([part[light.allows(part / 255)] for part in slices])
        if len(kept) >= 10 * n:
            break
    return kept


def _among(
    pool: Levels, worth: Floats, n: int, fixed: View, vision: tuple[str, ...], power: float, min_delta_e: float
) -> Levels:
    """N of the 8-bit candidates, preferred and apart, int64 (n, 3)."""
    if n == 0:
        return pool[:0]
    view = View.of(_to_colors(pool), vision)
    chosen = np.arange(n)
    for share in _POWERS if min_delta_e > 0 else _POWERS[:1]:
        value = np.maximum(worth.astype(np.float64) ** (power * share), _LEAST_VALUE).astype(np.float32)
        chosen = choose(view, value, n, fixed, least=min_delta_e)
        if float(np.sqrt((view[chosen] + fixed).apart().min())) >= min_delta_e:
            break
    return pool[chosen]


# what is asked for -------------------------------------------------------------------------------------------------


def _whole(n: Any) -> int:
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 1 <= n <= LARGEST:
        raise FfcolorError(f"n = {n!r} is not a number of colours; write 1 to {LARGEST}", code="palette", value=n)
    return int(n)


def _check(name: str, value: Any, low: float, high: float) -> None:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not number or not isfinite(value) or not low <= value <= high:
        raise FfcolorError(f"{name} = {value!r} is not a number from {low} to {high}", code="palette", value=value)


def _read(colors: Any) -> Floats:
    """Colours as float32 (n, 3), perhaps none."""
    empty = colors is None or (hasattr(colors, "__len__") and not isinstance(colors, str) and len(colors) == 0)
    return np.empty((0, 3), dtype=np.float32) if empty else read_colors(colors)


def _pool(candidates: Any, weight: Any, kept: Floats) -> tuple[Levels, Floats]:
    """The different 8-bit candidates that are not locked, sorted, and their weights relative to the largest."""
    colors = _read(candidates)
    weights = np.ones(len(colors)) if weight is None else np.asarray(weight, dtype=np.float64)
    if weights.shape != (len(colors),):
        raise FfcolorError(
            f"weight has the shape {weights.shape}, but there are {len(colors)} candidates", code="palette"
        )
    bad = np.flatnonzero(~((weights >= 0) & (weights <= 1)))
    if len(bad):
        where = int(bad[0])
        raise FfcolorError(
            f"weight {where} is {weights[where]:g}; weights are from 0 to 1",
            code="palette",
            value=float(weights[where]),
            position=where,
        )
    codes = _codes(_to_levels(colors))
    different, place = np.unique(codes, return_inverse=True)
    best = np.zeros(len(different))
    np.maximum.at(best, place.reshape(-1), weights)
    free = ~np.isin(different, _codes(_to_levels(kept))[(_to_colors(_to_levels(kept)) == kept).all(axis=1)])
    different, best = different[free], best[free]
    best /= max(best.max(initial=0.0), 1e-30)
    return np.stack([different >> 16, different >> 8 & 255, different & 255], axis=1), best.astype(np.float32)


def _codes(levels: Levels) -> NDArray[np.int64]:
    return np.asarray(levels[:, 0] << 16 | levels[:, 1] << 8 | levels[:, 2])


def _to_levels(colors: Floats) -> Levels:
    return np.floor(colors.astype(np.float64) * 255 + 0.5).astype(np.int64)


def _to_colors(levels: Levels) -> Floats:
    return levels.astype(np.float32) / np.float32(255)


# what cannot be had ------------------------------------------------------------------------------------------------


def _infeasible(message: str, value: Any = None, position: int | None = None) -> NoReturn:
    raise FfcolorError(message, code="palette-infeasible", value=value, position=position)


def _check_locked_contrast(kept: Floats, light: Light, shown: Floats, contrast: float) -> None:
    bad = np.flatnonzero(~light.allows(kept))
    if len(bad):
        where = int(bad[0])
        reached = float(contrast_ratio(as_shown(kept[where]), as_shown(shown)))
        _infeasible(
            f"the locked colour {to_hex(kept[where])[0]} reaches contrast {_below(reached)} against "
            f"{to_hex(shown)[0]}, you asked for {contrast:g}",
            reached,
            where,
        )


def _check_locked_apart(kept: Floats, fixed: View, min_delta_e: float, vision: tuple[str, ...]) -> None:
    if len(kept) < 2 or min_delta_e == 0:
        return
    table = np.sqrt(fixed.apart())
    first, second = divmod(int(np.argmin(table)), len(kept))
    if table[first, second] < min_delta_e:
        pair = " and ".join(to_hex(kept[[first, second]]))
        _infeasible(
            f"the locked colours {pair} are ΔE {_below(float(table[first, second]))} apart{_to_whom(vision)}, "
            f"you asked for {min_delta_e:g}",
            float(table[first, second]),
            second,
        )


def _in_contrast(
    pool: Levels, worth: Floats, n: int, light: Light, shown: Floats | None, contrast: float
) -> tuple[Levels, Floats]:
    """The candidates that reach the contrast; at least n of them."""
    reach = light.allows(_to_colors(pool))
    if n > int(reach.sum()):
        if shown is None or len(pool) < n:
            _infeasible(f"there are only {len(pool)} different candidates for {n} colours", len(pool))
        best = float(contrast_ratio(as_shown(_to_colors(pool)), as_shown(shown)).max())
        few = f"only {int(reach.sum())} of" if reach.any() else "none of"
        _infeasible(
            f"{few} {len(pool)} candidates reach contrast {contrast:g} against {to_hex(shown)[0]}, and {n} are wanted; "
            f"the best reaches {_below(best)}",
            best,
        )
    return pool[reach], worth[reach]


def _too_close(least: float, n: int, min_delta_e: float, pool: View, fixed: View) -> NoReturn:
    """Say how many colours would be possible: the most, fewer than n, that a search finds far enough apart."""
    equal = np.ones(len(pool), dtype=np.float32)
    possible = max(len(fixed), 1)
    for more in range(possible - len(fixed) + 1, n - len(fixed)):
        chosen = choose(pool, equal, more, fixed)
        if float(np.sqrt((pool[chosen] + fixed).apart().min())) < min_delta_e:
            break
        possible = len(fixed) + more
    _infeasible(
        f"the closest pair of {n} colours would be ΔE {_below(least)} apart, you asked for {min_delta_e:g}; "
        f"{possible} colour{'s' * (possible > 1)} would be possible",
        least,
    )


def _below(value: float) -> str:
    """A figure that falls short, rounded down so that it still does."""
    return f"{int(value * 100) / 100:g}"


def _to_whom(vision: tuple[str, ...]) -> str:
    return f" to normal and {', '.join(vision)} viewers" if vision else ""


def _order(colors: Floats, order: str) -> NDArray[np.int64]:
    """The places of the colours in an order; what is alike there goes by lightness, then by its place."""
    if order == "chosen":
        return np.arange(len(colors))
    light, chroma, hue = to_polar(srgb_to_oklab(colors.astype(np.float64))).T
    if order == "lightness":
        return np.argsort(light, kind="stable")
    return np.lexsort((light, np.where(chroma < _GRAY, -1.0, hue)))
