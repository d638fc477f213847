"""Colour spaces as pure array functions: sRGB, linear light, OKLab, OKLCh, HSL, CIELAB; colour difference; contrast.

Every function takes and returns arrays of shape (..., 3) (differences and contrasts: (...)), computes in the
floating dtype it is given (integers become float64), and never changes its input. sRGB and linear light are in
[0, 1]; hues are in degrees, [0, 360); OKLab L is in [0, 1]; CIELAB L is in [0, 100], D65 white.
"""

from __future__ import annotations

from operator import mul
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

# IEC 61966-2-1 primaries, linear light to CIE XYZ (D65, Y = 1), rounded as the standard publishes them.
_LINEAR_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
)
_WHITE_D65 = _LINEAR_TO_XYZ.sum(axis=1)  # the XYZ of sRGB white, so that white has a = b = 0 exactly
_XYZ_TO_LINEAR = np.linalg.inv(_LINEAR_TO_XYZ)

# XYZ under D50 to linear light, as CSS Color 4, section 10, has it: not rounded, from chromaticities (x, y, 1 - x - y),
# and from one white to the other by the Bradford adaptation of Lam (1985).
_PRIMARIES = np.array([[0.64, 0.30, 0.15], [0.33, 0.60, 0.06], [0.03, 0.10, 0.79]])
CSS_D65 = np.array([0.3127, 0.3290, 0.3583]) / 0.3290
CSS_D50 = np.array([0.3457, 0.3585, 0.2958]) / 0.3585
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_CONES = (_BRADFORD @ CSS_D65) / (_BRADFORD @ CSS_D50)
D50_TO_D65 = np.linalg.inv(_BRADFORD) @ np.diag(_CONES) @ _BRADFORD
CSS_XYZ_TO_LINEAR = np.linalg.inv(_PRIMARIES * np.linalg.solve(_PRIMARIES, CSS_D65))
_D50_TO_LINEAR = CSS_XYZ_TO_LINEAR @ D50_TO_D65
_LINEAR_TO_D50 = np.linalg.inv(_D50_TO_LINEAR)

# Source: Björn Ottosson, "A perceptual color space for image processing" (2020), matrices of 2021-01-25.
_LINEAR_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
)
_LMS_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
)
_LMS_TO_LINEAR = np.linalg.inv(_LINEAR_TO_LMS)
_OKLAB_TO_LMS = np.linalg.inv(_LMS_TO_OKLAB)


def _floating(values: ArrayLike) -> Array:
    array = np.asarray(values)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _one_turn(degrees: Array) -> Array:
    """Bring angles into [0, 360); the remainder of a tiny negative angle rounds to 360, which is 0."""
    rest = degrees % 360
    return np.where(rest < 360, rest, 0)


def _matmul(values: Array, matrix: Array) -> Array:
    return np.asarray(values @ matrix.T.astype(values.dtype))


def srgb_to_linear(srgb: ArrayLike) -> Array:
    """Undo the sRGB transfer curve. Source: IEC 61966-2-1."""
    x = _floating(srgb)
    return np.where(x <= 0.04045, x / 12.92, ((np.maximum(x, 0.04045) + 0.055) / 1.055) ** 2.4).astype(x.dtype)


def linear_to_srgb(linear: ArrayLike) -> Array:
    """Apply the sRGB transfer curve; values below 0 go through its straight part. Source: IEC 61966-2-1."""
    x = _floating(linear)
    curve = 1.055 * np.maximum(x, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(x <= 0.0031308, x * 12.92, curve).astype(x.dtype)


def srgb_to_oklab(srgb: ArrayLike) -> Array:
    """Turn sRGB into OKLab (L, a, b)."""
    return linear_to_oklab(srgb_to_linear(srgb))


def srgb_to_oklab_one(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """Turn one sRGB colour, three plain numbers in [0, 1], into OKLab: ten times as fast as an array of one.

    >>> [round(float(value), 6) + 0 for value in srgb_to_oklab_one(1, 1, 1)]
    [1.0, 0.0, 0.0]
    """
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in (red, green, blue)]
    lms = [sum(map(mul, row, linear)) ** (1 / 3) for row in _LINEAR_TO_LMS.tolist()]
    L, a, b = (sum(map(mul, row, lms)) for row in _LMS_TO_OKLAB.tolist())
    return L, a, b


def linear_to_oklab(linear: ArrayLike) -> Array:
    """Turn linear light into OKLab (L, a, b)."""
    return _matmul(np.cbrt(_matmul(_floating(linear), _LINEAR_TO_LMS)), _LMS_TO_OKLAB)


def oklab_to_linear(oklab: ArrayLike) -> Array:
    """Turn OKLab into linear light, not clipped."""
    return _matmul(_matmul(_floating(oklab), _OKLAB_TO_LMS) ** 3, _LMS_TO_LINEAR)


def oklab_to_srgb(oklab: ArrayLike) -> Array:
    """Turn OKLab into sRGB, not clipped: see `in_gamut`."""
    return linear_to_srgb(oklab_to_linear(oklab))


def to_polar(lab: ArrayLike) -> Array:
    """Turn rectangular (L, a, b) into polar (L, chroma, hue in degrees): OKLab into OKLCh, or CIELAB into LCh."""
    x = _floating(lab)
    hue = _one_turn(np.degrees(np.arctan2(x[..., 2], x[..., 1])))
    return np.stack([x[..., 0], np.hypot(x[..., 1], x[..., 2]), hue], axis=-1).astype(x.dtype)


def from_polar(lch: ArrayLike) -> Array:
    """Turn polar (L, chroma, hue in degrees) into rectangular (L, a, b)."""
    x = _floating(lch)
    hue = np.radians(x[..., 2])
    return np.stack([x[..., 0], x[..., 1] * np.cos(hue), x[..., 1] * np.sin(hue)], axis=-1).astype(x.dtype)


def srgb_to_hsl(srgb: ArrayLike) -> Array:
    """Turn sRGB into HSL: hue in degrees, saturation and lightness in [0, 1]. Source: CSS Color 4, section 7."""
    x = _floating(srgb)
    high, low = x.max(axis=-1), x.min(axis=-1)
    chroma, light = high - low, (high + low) / 2
    safe = np.where(chroma == 0, 1, chroma)
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    sector = np.where(high == r, ((g - b) / safe) % 6, np.where(high == g, (b - r) / safe + 2, (r - g) / safe + 4))
    hue = np.where(chroma == 0, 0, _one_turn(60 * sector))
    room = 1 - np.abs(2 * light - 1)
    saturation = np.where(chroma == 0, 0, chroma / np.where(room == 0, 1, room))
    return np.stack([hue, saturation, light], axis=-1).astype(x.dtype)


def hsl_to_srgb(hsl: ArrayLike) -> Array:
    """Turn HSL (hue in degrees, any turn; the rest in [0, 1]) into sRGB. Source: CSS Color 4, section 7.1."""
    x = _floating(hsl)
    hue, saturation, light = x[..., :1], x[..., 1:2], x[..., 2:]
    k = (np.array([0, 8, 4], dtype=x.dtype) + hue / 30) % 12
    reach = saturation * np.minimum(light, 1 - light)
    return np.asarray(light - reach * np.clip(np.minimum(k - 3, 9 - k), -1, 1), dtype=x.dtype)


def hwb_to_srgb(hwb: ArrayLike) -> Array:
    """Turn HWB (hue in degrees; whiteness, blackness in [0, 1]) into sRGB. Source: CSS Color 4, section 8.1."""
    x = _floating(hwb)
    hue, white, black = x[..., :1], x[..., 1:2], x[..., 2:]
    total = np.maximum(white + black, 1)
    pure = hsl_to_srgb(np.concatenate([hue, np.ones_like(hue), np.full_like(hue, 0.5)], axis=-1))
    return np.asarray(pure * (1 - (white + black) / total) + white / total)


def srgb_to_hwb(srgb: ArrayLike) -> Array:
    """Turn sRGB into HWB. Source: CSS Color 4, section 8.2."""
    x = _floating(srgb)
    return np.stack([srgb_to_hsl(x)[..., 0], x.min(axis=-1), 1 - x.max(axis=-1)], axis=-1)


def srgb_to_lab(srgb: ArrayLike) -> Array:
    """Turn sRGB into CIELAB under D65. Source: CIE 15:2004, section 8.2.1."""
    return _xyz_to_lab(_matmul(srgb_to_linear(srgb), _LINEAR_TO_XYZ / _WHITE_D65[:, None]))


def _xyz_to_lab(t: Array) -> Array:
    """XYZ, divided by that of white, to CIELAB."""
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(t.dtype)


def lab_to_srgb(lab: ArrayLike) -> Array:
    """Turn CIELAB under D65 into sRGB, not clipped: see `in_gamut`."""
    return linear_to_srgb(_matmul(_lab_to_xyz(_floating(lab), _WHITE_D65), _XYZ_TO_LINEAR))


def lab_d50_to_srgb(lab: ArrayLike) -> Array:
    """Turn CIELAB under D50, which CSS and print software use, into sRGB, not clipped: see `in_gamut`."""
    return linear_to_srgb(lab_d50_to_linear(lab))


def lab_d50_to_linear(lab: ArrayLike) -> Array:
    """Turn CIELAB under D50 into linear light, not clipped."""
    return _matmul(_lab_to_xyz(_floating(lab), CSS_D50), _D50_TO_LINEAR)


def linear_to_lab_d50(linear: ArrayLike) -> Array:
    """Turn linear light into CIELAB under D50."""
    return _xyz_to_lab(_matmul(_floating(linear), _LINEAR_TO_D50 / CSS_D50[:, None]))


def _lab_to_xyz(lab: Array, white: Array) -> Array:
    """Source: CIE 15:2004, appendix D."""
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    t = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    return (t * white).astype(lab.dtype)


def in_gamut(srgb: ArrayLike, tolerance: float = 1e-4) -> NDArray[np.bool_]:
    """Whether each colour (..., 3) lies in the sRGB cube, up to a tolerance. Returns (...)."""
    x = _floating(srgb)
    return np.asarray(np.all((x >= -tolerance) & (x <= 1 + tolerance), axis=-1))


def fit_gamut(srgb: ArrayLike) -> Array:
    """Bring sRGB colours from outside the cube to the nearest-looking ones inside: same lightness and hue, less chroma.

    Chroma is lowered until clipping changes the colour by less than is noticed. Colours inside stay as they are.

    Source: CSS Color 4, section 13.2 (local MINDE): just noticeable = 0.02 of OKLab distance.
    """
    outside = _floating(srgb)
    polar = to_polar(srgb_to_oklab(outside))
    polar[..., 0] = np.clip(polar[..., 0], 0, 1)
    low, high = np.zeros_like(polar[..., 1]), polar[..., 1].copy()
    for chroma in [high, *[None] * 24]:
        polar[..., 1] = (low + high) / 2 if chroma is None else chroma
        tried = from_polar(polar)
        change = tried - srgb_to_oklab(np.clip(oklab_to_srgb(tried), 0, 1))
        fits = np.linalg.norm(change, axis=-1) < 0.02
        low, high = np.where(fits, polar[..., 1], low), np.where(fits, high, polar[..., 1])
    polar[..., 1] = low
    fitted = np.clip(oklab_to_srgb(from_polar(polar)), 0, 1)
    return np.where(in_gamut(outside, 0)[..., None], outside, fitted)


def delta_e_2000(lab_1: ArrayLike, lab_2: ArrayLike) -> Array:
    """CIEDE2000 colour difference of two CIELAB arrays that broadcast to (..., 3); k_L = k_C = k_H = 1. Returns (...).

    Source: Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula" (2005), equations 2-22.
    """
    one, two = _floating(lab_1), _floating(lab_2)
    L1, a1, b1 = one[..., 0], one[..., 1], one[..., 2]
    L2, a2, b2 = two[..., 0], two[..., 1], two[..., 2]
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean_c7 / (mean_c7 + 25.0**7))  # 1 + G
    a1, a2 = a1 * stretch, a2 * stretch
    C1, C2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.arctan2(b1, a1) % (2 * np.pi), np.arctan2(b2, a2) % (2 * np.pi)
    grey = C1 * C2 == 0
    turn = h2 - h1
    turn = np.where(grey, 0, turn - 2 * np.pi * np.round(turn / (2 * np.pi)))
    dH = 2 * np.sqrt(C1 * C2) * np.sin(turn / 2)
    both = h1 + h2
    far = np.abs(h1 - h2) > np.pi
    mean_h = np.where(grey, both, np.where(far, both / 2 + np.where(both < 2 * np.pi, np.pi, -np.pi), both / 2))
    mean_L, mean_C = (L1 + L2) / 2, (C1 + C2) / 2
    T = (
        1
        - 0.17 * np.cos(mean_h - np.pi / 6)
        + 0.24 * np.cos(2 * mean_h)
        + 0.32 * np.cos(3 * mean_h + np.pi / 30)
        - 0.20 * np.cos(4 * mean_h - 63 * np.pi / 180)
    )
    off_50 = (mean_L - 50) ** 2
    S_L = 1 + 0.015 * off_50 / np.sqrt(20 + off_50)
    S_C, S_H = 1 + 0.045 * mean_C, 1 + 0.015 * mean_C * T
    blue = np.exp(-(((np.degrees(mean_h) - 275) / 25) ** 2)) * np.pi / 3  # 2 * delta theta
    R_T = -np.sin(blue) * 2 * np.sqrt(mean_C**7 / (mean_C**7 + 25.0**7))
    dL, dC, dH = (L2 - L1) / S_L, (C2 - C1) / S_C, dH / S_H
    return np.asarray(np.sqrt(np.maximum(dL * dL + dC * dC + dH * dH + R_T * dC * dH, 0)))


def luminance(srgb: ArrayLike) -> Array:
    """Relative luminance (...) in [0, 1]. Source: WCAG 2.1, "relative luminance", with 0.04045 for 0.03928."""
    return np.asarray(srgb_to_linear(srgb) @ _LINEAR_TO_XYZ[1])


def contrast_ratio(srgb_1: ArrayLike, srgb_2: ArrayLike) -> Array:
    """Contrast ratio (...) in [1, 21] of two sRGB arrays that broadcast. Source: WCAG 2.1, "contrast ratio"."""
    one, two = luminance(srgb_1), luminance(srgb_2)
    return np.asarray((np.maximum(one, two) + 0.05) / (np.minimum(one, two) + 0.05))
