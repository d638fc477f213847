"""CIEDE2000 of many colours against many, in float32: the inner loop of the palette search.

The formula is that of `space.delta_e_2000`, rearranged so that it takes no angle, because arc tangents cost more than
all the rest: hues are unit vectors, and the mean hue is the direction of their sum, which is by itself the right one of
the two bisectors; T is a polynomial in its cosine and sine; the blue rotation, an even function of the distance to 275
degrees, is a series in one minus the cosine of that distance. Next to grey the hue term vanishes, whatever the hue.

It agrees with the definition to 1e-3, except for hues that are opposite to within half a degree: there the definition
itself jumps from one mean hue to the other.

Source: Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula" (2005), equations 2-22, k_L = k_C = k_H = 1.
"""

from __future__ import annotations

from math import comb, cos, pi, radians, sin
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Constant = NDArray[Any]  # zero-dimensional: numpy takes these for half the overhead of a Python number

BLOCK = 8192  # pairs at a time: a dozen arrays of them fit a core's second-level cache


def _constants(*values: float) -> tuple[Constant, ...]:
    return tuple(np.array(value, dtype=np.float32) for value in values)


def _wave(amplitude: float, phase_deg: float) -> tuple[float, float]:
    """Weights of cos x and sin x in amplitude * cos(x + phase)."""
    return amplitude * cos(radians(phase_deg)), -amplitude * sin(radians(phase_deg))


# Equation 15, T = P(sin h) + cos h Q(sin h) by the multiple-angle formulas, highest power first. 0.015 / 2 is from
# equation 21, S_H = 1 + 0.015 (C1' + C2') / 2 T.
(_C1, _S1), (_C2, _S2), (_C3, _S3), (_C4, _S4) = _wave(-0.17, -30), _wave(0.24, 0), _wave(0.32, 6), _wave(-0.2, -63)
_T_PLAIN = _constants(
    *(0.0075 * c for c in (8 * _C4, -4 * _S3, -2 * _C2 - 8 * _C4, _S1 + 3 * _S3, 1 + _C2 + _C4)),
)
_T_COSINE = _constants(*(0.0075 * c for c in (-8 * _S4, -4 * _C3, 2 * _S2 + 4 * _S4, _C1 + _C3)))

# Equation 16 needs the square of the angle whose cosine is 1 - v: 2 sum of (2v)^k / (k^2 binomial(2k, k)), the series
# of arcsin squared. Eight terms leave an error of 1e-5 in R_T.
_BLUE = _constants(*(-2 * 2**k / (k * k * comb(2 * k, k)) / radians(25) ** 2 for k in range(8, 0, -1)), 0)
_MINUS_COS_275, _MINUS_SIN_275 = _constants(-cos(radians(275)), -sin(radians(275)))

_PER_50, _SIXTY_DEG, _TINY = _constants(1 / 50, pi / 3, 1e-20)
_ZERO, _HALF, _ONE, _TWO, _TWENTY, _FIFTY = _constants(0, 0.5, 1, 2, 20, 50)
_STRETCH, _MINUS_HALF, _MINUS_TWO, _S_L, _S_C = _constants(1.5, -0.5, -2, 0.015, 0.0225)


def _polynomial(coefficients: tuple[Constant, ...], x: Floats) -> Floats:
    value = x * coefficients[0]
    for coefficient in coefficients[1:-1]:
        value += coefficient
        value *= x
    value += coefficients[-1]
    return value


def _saturation(x: Floats) -> Floats:
    """sqrt(x^7 / (x^7 + 1)); overwrites x."""
    square = x * x
    x *= square
    x *= square
    x *= square
    square = x + _ONE
    x /= square
    return np.asarray(np.sqrt(x, out=x))


def prepare(lab: ArrayLike) -> Floats:
    """What the difference needs of each CIELAB colour (n, 3): rows L, a, b, b squared, C / 50 of a float32 (5, n)."""
    light, a, b = np.moveaxis(np.asarray(lab, dtype=np.float32), -1, 0)
    return np.stack([light, a, b, b * b, np.hypot(a, b) * _PER_50])


def squares(one: Floats, many: Floats) -> Floats:
    """Squared differences of two prepared arrays (5, ...) that broadcast."""
    L1, a1, b1, bb1, c1 = one
    L2, a2, b2, bb2, c2 = many
    stretch = _saturation(c1 + c2)  # equations 4-6: a' = (1 + G) a
    stretch *= _MINUS_HALF
    stretch += _STRETCH
    a1, a2 = a1 * stretch, a2 * stretch
    C1, C2 = a1 * a1, a2 * a2
    C1 += bb1
    C2 += bb2
    np.sqrt(C1, out=C1)
    np.sqrt(C2, out=C2)
    x, y, hue = _hues(a1, b1, C1, a2, b2, C2)
    both = C1 + C2
    chroma = np.subtract(C2, C1, out=C2)
    scale = _polynomial(_T_COSINE, y)
    scale *= x
    scale += _polynomial(_T_PLAIN, y)
    scale *= both
    scale += _ONE
    hue /= scale
    np.multiply(both, _S_C, out=scale)
    scale += _ONE
    chroma /= scale
    total = _blue_rotation(x, y, both)  # total = c^2 + h (h + R_T c) + l^2
    total *= chroma
    total += hue
    total *= hue
    chroma *= chroma
    total += chroma
    total += _squared_lightness(L1, L2, scale)
    return np.asarray(np.maximum(total, _ZERO, out=total))


def _hues(a1: Floats, b1: Floats, C1: Floats, a2: Floats, b2: Floats, C2: Floats) -> tuple[Floats, Floats, Floats]:
    """The mean hue as a unit vector (x, y), and the difference of hue, 2 sqrt(C1' C2') sin(h / 2); spends a1 and a2."""
    x, y = a1 * C2, b1 * C2
    x += a2 * C1
    y += b2 * C1
    length = x * x
    length += y * y
    length += _TINY
    np.sqrt(length, out=length)
    x /= length
    y /= length
    a1 *= b2  # 2 sqrt(C1' C2') sin(h / 2) = 2 sqrt(C1' C2') cross / |v1 C2' + v2 C1'|
    a2 *= b1
    a1 -= a2
    hue = a1
    hue /= length
    np.multiply(C1, C2, out=length)
    hue *= np.sqrt(length, out=length)
    hue *= _TWO
    return x, y, hue


def _blue_rotation(x: Floats, y: Floats, both: Floats) -> Floats:
    """R_T of equation 16, by the mean hue's unit vector and C1' + C2'; spends all three."""
    x *= _MINUS_COS_275
    y *= _MINUS_SIN_275
    x += y
    x += _ONE
    turn = _polynomial(_BLUE, x)
    np.exp(turn, out=turn)
    turn *= _SIXTY_DEG
    np.sin(turn, out=turn)
    both *= _PER_50
    turn *= _saturation(both)
    turn *= _MINUS_TWO
    return turn


def _squared_lightness(L1: Floats, L2: Floats, scratch: Floats) -> Floats:
    """The square of the difference of lightness over S_L, in scratch."""
    off_50 = L1 + L2
    off_50 *= _HALF
    off_50 -= _FIFTY
    off_50 *= off_50
    np.add(off_50, _TWENTY, out=scratch)
    off_50 /= np.sqrt(scratch, out=scratch)
    off_50 *= _S_L
    off_50 += _ONE
    light = np.subtract(L2, L1, out=scratch)
    light /= off_50
    light *= light
    return light


def squared_differences(one: Floats, many: Floats) -> Floats:
    """Squared CIEDE2000 of each colour in one (5, n) with each in many (5, m), both from `prepare`. Returns (n, m)."""
    n, m = one.shape[1], many.shape[1]
    table = np.empty((n, m), dtype=np.float32)
    rows = max(1, BLOCK // max(m, 1))
    for i in range(0, n, rows):
        for j in range(0, m, 2 * BLOCK):
            table[i : i + rows, j : j + 2 * BLOCK] = squares(
                one[:, i : i + rows, None], many[:, None, j : j + 2 * BLOCK]
            )
    return table


def difference_table(lab_1: ArrayLike, lab_2: ArrayLike) -> Floats:
    """CIEDE2000 of each of n CIELAB colours with each of m others, fast and in float32. Returns (n, m)."""
    return np.asarray(np.sqrt(squared_differences(prepare(lab_1), prepare(lab_2))))
