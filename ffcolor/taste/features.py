"""Perceptual encoding of colours: what a Forward-Forward layer sees of a colour.

A colour becomes 379 numbers of similar size and nearly constant total length (2.5 to 3.6), which need no further
normalisation:

    72   coarse tuning curves: 6 Gaussian bumps along each of 12 perceptual axes (broad ideas such as "light")
    168  fine tuning curves: 14 bumps along the same axes (narrow ones such as "this very hue")
    126  random Fourier features of OKLab at three scales (ideas that no single axis expresses)
    12   the axes themselves
    1    a constant, in the place of a bias

The 12 axes: OKLab lightness; chroma; the hue as a point of the plane, seen along four directions, and faded out near
grey where hue is noise; red, green, blue; a saturation, the largest and the smallest channel.

Source: random Fourier features: Rahimi and Recht, "Random Features for Large-Scale Kernel Machines" (2007); OKLab:
see `ffcolor.color.space`; population tuning curves are the textbook neural code (Dayan and Abbott, "Theoretical
Neuroscience", section 3.3).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import space
from ffcolor.splitmix import normal

Floats = NDArray[np.float32]

AXES = (
    *("lightness", "chroma", "hue 0°", "hue 90°", "hue 45°", "hue 135°"),
    *("red", "green", "blue", "saturation", "brightest channel", "darkest channel"),
)
SIZE = 379

_COARSE, _FINE = 6, 14  # numbers of bumps on [-2, 2], in units of an axis' standard deviation; as wide as their spacing
_FOURIER = 63
_FOURIER_WIDTHS = (0.7, 1.5, 3.0)  # in standardised OKLab
_OKLAB_MEAN = np.array([0.62, 0, 0], dtype=np.float32)  # about, over the gamut
_OKLAB_SPREAD = np.array([0.22, 0.11, 0.11], dtype=np.float32)
_FOURIER_SEED = 0x0FF_C0105
_AXES_SIZE = 0.45  # of the plain axes beside the bumps
_CHUNK = 2048  # colours encoded at a time: the working set stays in the cache


def axes(colors: Floats) -> Floats:
    """The 12 perceptual axes of colours, each about of mean 0 and standard deviation 1 over the gamut.

    Args:
        colors: float32 (n, 3), sRGB in [0, 1].

    Returns:
        float32 (n, 12), in the order of `AXES`.
    """
    return np.ascontiguousarray(_axes(colors, space.srgb_to_oklab(colors)).T)


def _axes(colors: Floats, oklab: Floats) -> Floats:
    """The axes, one a row: (12, n)."""
    L, a, b = np.ascontiguousarray(oklab.T)
    rgb = np.ascontiguousarray(colors.T)
    chroma = np.hypot(a, b)
    gate = 1.4 / (chroma + np.float32(0.03))  # w / C: the hue's direction, faded near grey
    x, y = gate * a, gate * b
    high = np.maximum(np.maximum(rgb[0], rgb[1]), rgb[2])
    low = np.minimum(np.minimum(rgb[0], rgb[1]), rgb[2])
    axis = np.empty((len(AXES), len(colors)), dtype=np.float32)
    axis[0] = (L - 0.62) / 0.22
    axis[1] = (chroma - 0.13) / 0.07
    axis[2], axis[3] = x, y
    axis[4], axis[5] = (x + y) * 0.5**0.5, (x - y) * 0.5**0.5
    axis[6:9] = (rgb - 0.5) / 0.289
    axis[9] = ((high - low) / (high + np.float32(0.001)) - 0.6) / 0.3
    axis[10], axis[11] = (high - 0.75) / 0.2, (low - 0.25) / 0.2
    return axis


@cache
def _fourier() -> NDArray[Any]:
    """The projection of the Fourier features, (63, 3): fixed normal numbers, rounded so that all machines agree."""
    rounded = np.round(normal(_FOURIER_SEED, (3, _FOURIER)) * 256) / 256
    projection: NDArray[Any] = (rounded / np.repeat(_FOURIER_WIDTHS, _FOURIER // 3)).T.astype(np.float32)
    return projection


def encode(colors: Floats) -> Floats:
    """Encode colours for a Forward-Forward layer.

    Args:
        colors: float32 (n, 3), sRGB in [0, 1].

    Returns:
        float32 (n, 379), one feature after the other in memory.
    """
    if len(colors) == 1:
        return _encode_one(*colors[0].tolist())
    code = np.empty((SIZE, len(colors)), dtype=np.float32)
    for start in range(0, len(colors), _CHUNK):
        stop = start + _CHUNK
        _encode(colors[start:stop], code[:, start:stop])
    return code.T


def _encode(colors: Floats, code: Floats) -> None:
    oklab = space.srgb_to_oklab(colors)
    axis = _axes(colors, oklab)  # (12, n)
    rows = iter(np.split(code, [72, 240, 303, 366, 378]))
    for bumps in (_COARSE, _FINE):
        _tuning_curves(axis, next(rows).reshape(bumps, len(AXES), -1))
    phase = _fourier() @ ((oklab - _OKLAB_MEAN) / _OKLAB_SPREAD).T  # (63, n)
    for wave in (np.cos, np.sin):
        np.multiply(wave(phase), np.float32(_FOURIER**-0.5), out=next(rows))
    np.multiply(axis, np.float32(_AXES_SIZE), out=next(rows))
    next(rows)[:] = 1


def _tuning_curves(axis: Floats, out: Floats) -> None:
    """Gaussian bumps exp(-(t - j)^2 / 2) for j = 0, 1, …, where t counts in spacings: (axes, n) to (bumps, axes, n).

    With t and j counted from the middle, the bump is exp(-t^2 / 2) exp(t)^j exp(-j^2 / 2): one exponential serves
    all bumps of an axis.
    """
    bumps = len(out)
    half = (bumps - 1) / 2
    t = axis * np.float32(half / 2)
    middle = np.exp(np.square(t) * np.float32(-0.5)) * np.float32(len(AXES) ** -0.5)
    for direction in (1, -1):
        growth = np.exp(t * np.float32(direction))
        bump = middle * np.exp(t * np.float32(direction / 2))  # j = 1/2
        for step in range(bumps // 2):
            j = 0.5 + step
            np.multiply(bump, np.float32(np.exp(-j * j / 2)), out=out[round(half + direction * j)])
            bump *= growth


def _encode_one(red: float, green: float, blue: float) -> Floats:
    """One colour, up to rounding as `_encode` has it, in a fifth of its time: one colour is mostly numpy's overhead."""
    L, a, b = space.srgb_to_oklab_one(red, green, blue)
    chroma = math.hypot(a, b)
    gate = 1.4 / (chroma + 0.03)
    x, y = gate * a, gate * b
    high, low = max(red, green, blue), min(red, green, blue)
    axis = np.array(
        (
            *((L - 0.62) / 0.22, (chroma - 0.13) / 0.07, x, y, (x + y) * 0.5**0.5, (x - y) * 0.5**0.5),
            *((red - 0.5) / 0.289, (green - 0.5) / 0.289, (blue - 0.5) / 0.289),
            *(((high - low) / (high + 0.001) - 0.6) / 0.3, (high - 0.75) / 0.2, (low - 0.25) / 0.2),
        ),
        dtype=np.float32,
    )
    code = np.empty(SIZE, dtype=np.float32)
    spacing, middle = _bumps()
    bumps = axis * spacing - middle  # (20, 12)
    bumps *= bumps
    bumps *= np.float32(-0.5)
    np.multiply(np.exp(bumps, out=bumps), np.float32(len(AXES) ** -0.5), out=code[:240].reshape(bumps.shape))
    mean, spread = _OKLAB_MEAN.tolist(), _OKLAB_SPREAD.tolist()
    lab = np.array([(v - m) / s for v, m, s in zip((L, a, b), mean, spread, strict=True)], dtype=np.float32)
    phase = _fourier() @ lab  # (63,)
    np.cos(phase, out=code[240:303])
    np.sin(phase, out=code[303:366])
    code[240:366] *= np.float32(_FOURIER**-0.5)
    np.multiply(axis, np.float32(_AXES_SIZE), out=code[366:378])
    code[378] = 1
    return code[None]


@cache
def _bumps() -> tuple[Floats, Floats]:
    """How many spacings of its bumps an axis' unit is, and where each bump stands, both (20, 1)."""
    halves = [((bumps - 1) / 2, bumps) for bumps in (_COARSE, _FINE)]
    spacing = [half / 2 for half, bumps in halves for _ in range(bumps)]
    middle = [place - half for half, bumps in halves for place in range(bumps)]
    return np.array(spacing, dtype=np.float32)[:, None], np.array(middle, dtype=np.float32)[:, None]
