"""Palettes of colours that are preferred and differ from each other as much as they can."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color.space import srgb_to_oklab, to_polar
from ffcolor.errors import FfcolorError
from ffcolor.palette.palette import Palette
from ffcolor.palette.relax import Levels, Light, drift, walk
from ffcolor.palette.search import View, choose, reaching, searches
from ffcolor.palette.wishes import ORDERS as ORDERS
from ffcolor.palette.wishes import Wishes, infeasible, read_some

Floats = NDArray[np.float32]

_LEAST_VALUE = 1e-9  # of weight^power: a hopeless candidate is still a candidate
_POWERS = (1.0, 0.3, 0.0)  # times `power`: tried in turn when colours must be farther apart
_SURELY = 1 + 4e-6  # times a float32 distance: a wish for a hair more than there is is not met by rounding
_ANY = 200.0  # a distance beyond any two colours
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
    contrast: float | None = None,
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
        locked: colours that must be in the palette, exactly as given; what is given twice is warned of, and in it once.
        power: from daring (0: only differences count) to safe (50: nearly only preference); at most 1000.
        background: a colour that every colour must stand out from, or None.
        contrast: the least WCAG 2.1 contrast ratio against the background, 1 to 21; 4.5 if None. Needs a background.
        vision: ``"deutan"``, ``"protan"``, ``"tritan"``, several of them, or ``"all"``: viewers to whom the colours
            must differ, too.
        min_delta_e: the least CIEDE2000 difference between any two colours, to all these viewers.
        order: ``"lightness"`` (dark to light), ``"hue"`` (greys first), or ``"chosen"`` (locked first, then as found).
        title: the palette's title.

    Returns:
        The palette.

    Raises:
        FfcolorError: ``palette-infeasible`` where it cannot be had: the message says which wish binds, and by how much;
            ``palette``: an argument is not what it should be; as `read_colors`.
    """
    limits = {"power": power, "contrast": contrast, "min_delta_e": min_delta_e, "order": order}
    wishes = Wishes.read(n, locked, background, vision, **limits)
    colors = _found(candidates, weight, wishes)
    return Palette(colors[_order(colors, order)], title=title)


def _found(candidates: Any, weight: Any, wishes: Wishes) -> Floats:
    """The colours of a palette in the order of choosing, locked ones first, float32 (n, 3)."""
    if candidates is None:
        if weight is not None:
            raise FfcolorError("weight needs candidates: one weight for each", code="palette", value=weight)
        levels = _over_gamut(wishes)
    else:
        pool, worth = wishes.in_contrast(*_pool(candidates, weight, wishes.kept))
        levels = _among(pool, worth, wishes)
    colors = np.concatenate([wishes.kept, _to_colors(levels)])
    least = View.of(colors, wishes.kinds).least()
    if least * _SURELY < wishes.min_delta_e:
        source = _gamut_pool(wishes.n, wishes.light) if candidates is None else pool
        wishes.too_close(least, View.of(_to_colors(source), wishes.kinds))
    return colors


def _over_gamut(wishes: Wishes) -> Levels:
    """The colours wanted besides the locked ones, anywhere in the gamut, as far apart as they can be, int64 (n, 3)."""
    n, fixed, vision, light = wishes.more, wishes.fixed, wishes.kinds, wishes.light
    if n == 0:
        return np.empty((0, 3), dtype=np.int64)
    pool = _gamut_pool(n, light)
    if len(pool) < n:
        infeasible(f"only {len(pool)} of all 8-bit colours reach this contrast, and {n} are wanted", len(pool))
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


def _among(pool: Levels, worth: Floats, wishes: Wishes) -> Levels:
    """The colours wanted besides the locked ones: of the 8-bit candidates, preferred and apart, int64 (n, 3)."""
    n, least = wishes.more, wishes.min_delta_e
    if n == 0:
        return pool[:0]
    view, fixed = View.of(_to_colors(pool), wishes.kinds), wishes.fixed
    best, farthest = np.arange(n), -1.0
    for share in _POWERS if least > 0 else _POWERS[:1]:
        value = np.maximum(worth.astype(np.float64) ** (wishes.power * share), _LEAST_VALUE).astype(np.float32)
        chosen = choose(view, value, n, fixed)
        if (apart := (view[chosen] + fixed).least()) > farthest:
            best, farthest = chosen, apart
        if farthest >= least * _SURELY:
            return pool[best]
        moved = reaching(view, value, chosen, fixed, least)
        if (view[moved] + fixed).least() >= least * _SURELY:
            return pool[moved]
    # whatever the wish was, so that what is named now can be had
    last = reaching(view, value, best, fixed, _ANY)
    return pool[last] if (view[last] + fixed).least() > farthest else pool[best]


def _pool(candidates: Any, weight: Any, kept: Floats) -> tuple[Levels, Floats]:
    """The different 8-bit candidates that are not locked, sorted, and their weights relative to the largest."""
    colors = read_some(candidates)
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


def _order(colors: Floats, order: str) -> NDArray[np.int64]:
    """The places of the colours in an order; what is alike there goes by lightness, then by its place."""
    if order == "chosen":
        return np.arange(len(colors))
    light, chroma, hue = to_polar(srgb_to_oklab(colors.astype(np.float64))).T
    if order == "lightness":
        return np.argsort(light, kind="stable")
    return np.lexsort((light, np.where(chroma < _GRAY, -1.0, hue)))
