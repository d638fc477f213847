"""Encoding of whole palettes: 2 to 12 colours, in any order, become one row of numbers.

A palette is more than its colours: it is how they relate to each other. The row therefore holds the following, all of
it independent of order and, as far as possible, of size:

    colors      where the colours lie: tuning curves along the 12 perceptual axes, averaged and at their strongest;
                means, deviations and five quantiles of every trait
    steps       the way from dark to light: how every trait changes from one colour to the next lighter one, and how
                the hue turns
    distances   all pairs: quantiles of their distance, difference in lightness, chroma and hue; and tuning curves of
                the logarithms of such differences, which tell "the same" from "almost the same"
    geometry    the shape of the set: covariances and correlations of the traits, the singular values of the set in
                OKLab, sRGB and the HSL cone (is it a line, a plane, a cloud?), all triangles, the gaps around the hue
                circle

A colour's traits are the 12 axes of `ffcolor.taste.features` and the two opponent axes of OKLab. The rows of one
palette in two orders have the same bytes: its colours are put into one canonical order first.

Source: O'Donovan, Agarwala, Hertzmann, "Color Compatibility From Large Datasets" (2011), section 4, for colours sorted
by lightness and the spread of a palette; Zaheer et al., "Deep Sets" (2017), for pooling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.taste import features

Floats = NDArray[Any]  # float32 throughout

SMALLEST, LARGEST = 2, 12
_TRAITS = len(features.AXES) + 2
_PARTS = {"colors": 2 * 6 * 12 + 7 * _TRAITS, "steps": 7 * _TRAITS + 8, "distances": 35 + 42}
_PARTS["geometry"] = _TRAITS * (_TRAITS - 1) + 12 + 16 + 12 + 5

SIZE = sum(_PARTS.values())
_CHUNK = 256  # palettes encoded at a time: the working set stays in the cache
_LIFT = np.array([1, 2, 2], dtype=np.float32)  # OKLab with its opponent axes as long as lightness, as in delta E OK2


def parts() -> dict[str, slice]:
    """Which numbers of a row belong to which part of the encoding: name to slice, in order."""
    ends = np.cumsum(list(_PARTS.values())).tolist()
    return {name: slice(end - size, end) for (name, size), end in zip(_PARTS.items(), ends, strict=True)}


def encode(palettes: Sequence[Floats]) -> Floats:
    """Encode palettes for a Forward-Forward layer.

    Args:
        palettes: each float32 (n, 3), sRGB in [0, 1], with n from 2 to 12; sizes may be mixed.

    Returns:
        float32 (number of palettes, `SIZE`), not standardised.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for place, palette in enumerate(palettes):
        members[len(palette)].append(place)
    code = np.empty((len(palettes), SIZE), dtype=np.float32)
    for places in members.values():
        for start in range(0, len(places), _CHUNK):
            chunk = places[start : start + _CHUNK]
            code[chunk] = _encode(np.stack([palettes[place] for place in chunk]))
    return code


def _encode(colors: Floats) -> Floats:
    """Palettes of one size, (m, n, 3), to rows (m, SIZE)."""
    m, n = colors.shape[:2]
    order = np.lexsort(tuple(np.moveaxis(colors, -1, 0)), axis=-1)  # exactly one order, before anything is computed
    colors = np.take_along_axis(colors, order[..., None], axis=1)
    oklab = space.srgb_to_oklab(colors)
    order = np.argsort(oklab[..., 0], axis=1, kind="stable")  # dark to light
    colors, oklab = (np.take_along_axis(values, order[..., None], axis=1) for values in (colors, oklab))
    axes = features.axes(colors.reshape(-1, 3)).reshape(m, n, -1)
    traits = np.concatenate([axes, oklab[..., 1:] / np.float32(0.11)], axis=-1)
    chroma = np.hypot(oklab[..., 1], oklab[..., 2])
    hue = oklab[..., 1:] / np.maximum(chroma, np.float32(1e-9))[..., None]  # unit vectors (m, n, 2)
    gate = np.sqrt(chroma / (chroma + np.float32(0.03)))  # fades out the hue of greys, where it is noise
    code = [
        *_colors(axes, traits),
        *_steps(traits, hue, gate),
        *_distances(colors, oklab, axes, hue, gate),
        *_geometry(colors, oklab, axes, traits, hue),
    ]
    return np.concatenate([part.reshape(m, -1) for part in code], axis=1, dtype=np.float32)


def _colors(axes: Floats, traits: Floats) -> list[Floats]:
    curves = _bumps(axes, -2, 2, 6, 0.8)  # (m, n, 12, 6)
    return [curves.mean(axis=1), curves.max(axis=1), traits.mean(axis=1), traits.std(axis=1), _quantiles(traits, 5)]


def _steps(traits: Floats, hue: Floats, gate: Floats) -> list[Floats]:
    step = np.diff(traits, axis=1)
    one, two = hue[:, :-1], hue[:, 1:]
    angle = np.arccos(np.clip((one * two).sum(axis=-1), -1, 1))
    sense = one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]  # which way round, as a sine
    turn = np.stack([angle, sense], axis=-1) * (gate[:, :-1] * gate[:, 1:])[..., None]
    return [_resample(step, 4), _quantiles(np.abs(step), 3), _resample(turn, 4)]


def _distances(colors: Floats, oklab: Floats, axes: Floats, hue: Floats, gate: Floats) -> list[Floats]:
    i, j = _subsets(colors.shape[1], 2)

    def apart(values: Floats) -> Floats:
        return np.asarray(np.abs(values[:, i] - values[:, j]))  # (m, pairs, …)

    light = apart(oklab[..., 0])
    opponent = np.sqrt(np.square(apart(oklab[..., 1:])).sum(axis=-1))
    distance = np.hypot(light, 2 * opponent)
    chroma = apart(np.hypot(oklab[..., 1], oklab[..., 2]))
    angle = np.arccos(np.clip((hue[:, i] * hue[:, j]).sum(axis=-1), -1, 1)) * np.float32(1 / np.pi)
    ungray = gate[:, i] * gate[:, j]
    plain = np.stack([distance / 0.3, light / 0.25, chroma / 0.1, opponent / 0.125, 3 * angle * ungray], axis=-1)

    hsl_hue = apart(space.srgb_to_hsl(colors)[..., 0])
    hsl_hue = np.minimum(hsl_hue, 360 - hsl_hue) / np.float32(180)
    saturation, brightest = apart(axes[..., 9]) * np.float32(0.3), apart(axes[..., 10]) * np.float32(0.2)
    closest = apart(colors).min(axis=-1)  # of the three channels
    fine = np.stack([distance, hsl_hue, saturation, brightest, light, 2 * chroma, closest], axis=-1)
    return [_quantiles(plain, 7), _bumps(np.log(fine + np.float32(0.02)), -4, 0, 6, 0.8).mean(axis=1)]


def _geometry(colors: Floats, oklab: Floats, axes: Floats, traits: Floats, hue: Floats) -> list[Floats]:
    n = colors.shape[1]
    centered = traits - traits.mean(axis=1, keepdims=True)
    covariance = np.swapaxes(centered, 1, 2) @ centered / n  # (m, traits, traits)
    deviation = traits.std(axis=1) + np.float32(0.05)
    correlation = covariance / (deviation[:, :, None] * deviation[:, None, :])
    above = np.triu_indices(_TRAITS, 1)

    hsl = space.srgb_to_hsl(colors)
    angle = np.radians(hsl[..., 0])
    cone = np.stack([hsl[..., 1] * np.cos(angle), hsl[..., 1] * np.sin(angle), hsl[..., 2]], axis=-1)
    extents = [_extents(values) for values in (oklab, colors, oklab * _LIFT, cone, axes[..., :4] * np.float32(0.2))]
    shares = [part for e in extents[:2] for part in (e, e / (e.sum(axis=1, keepdims=True) + 1e-3))]
    logs = [np.log(e[:, :3] + 0.01) for e in extents[1:]]
    flatness = [np.diff(logs[1]), np.diff(logs[0])]  # of the set in lifted OKLab and in sRGB

    around = np.sort(np.arctan2(hue[..., 1], hue[..., 0]), axis=1)
    gaps = np.diff(around, axis=1, append=around[:, :1] + np.float32(2 * np.pi))
    return [
        covariance[:, above[0], above[1]],
        correlation[:, above[0], above[1]],
        *(part.astype(np.float32) for part in (*shares, *logs, *flatness)),
        _triangles(oklab * _LIFT),
        _quantiles(gaps[..., None], 5),
    ]


def _triangles(points: Floats) -> Floats:
    """Quantiles of the size and the slimness of all triangles of points (m, n, 3); zeros if there are only two."""
    if points.shape[1] < 3:
        return np.zeros((len(points), 12), dtype=np.float32)
    i, j, k = _subsets(points.shape[1], 3)
    sides = [points[:, j] - points[:, i], points[:, k] - points[:, j], points[:, i] - points[:, k]]
    a, b = sides[:2]
    normal = [a[..., s] * b[..., t] - a[..., t] * b[..., s] for s, t in ((1, 2), (2, 0), (0, 1))]
    area = np.sqrt(np.square(normal).sum(axis=0))
    longest = np.max([np.square(side).sum(axis=-1) for side in sides], axis=0)
    return _quantiles(np.stack([np.sqrt(area), area / (longest + np.float32(1e-3))], axis=-1), 6)


def _extents(points: Floats) -> NDArray[np.float64]:
    """How far points (m, n, d) reach along their principal axes, smallest first: (m, d)."""
    centered = (points - points.mean(axis=1, keepdims=True)).astype(np.float64)
    scatter = np.swapaxes(centered, 1, 2) @ centered / points.shape[1]
    return np.sqrt(np.maximum(np.linalg.eigvalsh(scatter), 0))


def _bumps(values: Floats, low: float, high: float, count: int, width: float) -> Floats:
    """Gaussian tuning curves with evenly spaced centres: (…) to (…, count)."""
    curves = (values[..., None] - np.linspace(low, high, count, dtype=np.float32)) * np.float32(0.5**0.5 / width)
    return np.asarray(np.exp(-np.square(curves)))


def _quantiles(values: Floats, count: int) -> Floats:
    """Evenly spaced quantiles along the middle axis, smallest to largest: (m, n, d) to (m, d, count)."""
    return _resample(np.sort(values, axis=1), count)


def _resample(values: Floats, count: int) -> Floats:
    """A sequence along the middle axis read at evenly spaced places: (m, n, d) to (m, d, count)."""
    return np.asarray(np.swapaxes(values, 1, 2) @ _places(values.shape[1], count))


@cache
def _places(size: int, count: int) -> Floats:
    """Weights of linear interpolation from `size` values to `count` places: (size, count)."""
    at = np.linspace(0, size - 1, count)
    return np.asarray(np.maximum(1 - np.abs(at - np.arange(size)[:, None]), 0), dtype=np.float32)


@cache
def _subsets(size: int, count: int) -> NDArray[np.intp]:
    """All subsets of `count` out of `size` things: (count, subsets)."""
    return np.array(list(combinations(range(size), count)), dtype=np.intp).T
