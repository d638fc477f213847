"""What a verb says of an answer that may not be what was hoped for: as warnings, which every door passes on."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import FfcolorWarning

if TYPE_CHECKING:
    from ffcolor.palette import Palette
    from ffcolor.taste import ColorPreference

CLEAR = 8.0
"""CIEDE2000: two colours of a palette that are nearer to each other are hard to tell apart where they do not touch."""

_CHROMA = 0.04  # OKLCh chroma below which a colour has no hue to speak of
_GAP, _WIDTH = 30.0, 60.0  # degrees: a gap between two hues, and how wide one hue can be
_LEAST_SHARE = 0.05  # of the coloured picks: fewer do not make a hue of the taste's
_LOSSY = {"JPEG", "MPO", "AVIF"}


def of_palette(found: Palette, taste: ColorPreference | None) -> None:
    """Warn of a palette in which colours are hard to tell apart, or that has fewer hues than its taste."""
    least = found.min_delta_e()
    if least < CLEAR:
        _warn(f"the two most similar colours of the palette are only ΔE {_cut(least)} apart: hard to tell apart")
    if taste is None:
        return
    liked, really = taste.liked_, taste.probability(taste.liked_.colors) >= 0.5
    wanted = hues(liked.colors[really], liked.weight[really])
    covered = hues(found.colors)
    if covered < min(wanted, len(found)):
        _warn(f"the palette has {covered} distinct hue{'s' * (covered != 1)}, and the liked colours have {wanted}")


def hues(colors: NDArray[np.float32], weight: NDArray[Any] | None = None) -> int:
    """How many distinct hues colours have: groups on the circle with 30° between them; wide ones count once in 60°.

    >>> hues(np.float32([[1, 0, 0], [1, 0.1, 0], [0, 0, 1], [0.5, 0.5, 0.5]]))
    2

    Args:
        colors: (n, 3), sRGB.
        weight: (n,), how much each counts; a group with less than a twentieth is passed over. None counts every group.
    """
    from ffcolor.color import space

    _, chroma, hue = space.to_polar(space.srgb_to_oklab(colors.astype(np.float64))).T
    share = np.ones(len(hue)) if weight is None else weight.astype(np.float64)
    hue, share = hue[chroma >= _CHROMA], share[chroma >= _CHROMA]
    if not len(hue):
        return 0
    order = np.argsort(hue, kind="stable")
    hue, share = hue[order], share[order] / share.sum()
    gaps = np.diff(np.append(hue, hue[0] + 360))
    cuts = np.flatnonzero(gaps > _GAP)
    if not len(cuts):
        return round(360 / _WIDTH)
    turn = (cuts[-1] + 1) % len(hue)  # start behind a gap
    hue, share = np.roll(hue, -turn), np.roll(share, -turn)
    groups = np.cumsum(np.append(False, (np.diff(hue) % 360) > _GAP))
    least = 0.0 if weight is None else _LEAST_SHARE
    widths = [
        float((hue[groups == group][-1] - hue[groups == group][0]) % 360)
        for group in range(groups[-1] + 1)
        if share[groups == group].sum() >= least
    ]
    return sum(max(1, math.ceil(width / _WIDTH)) for width in widths)


def of_painting(painted: NDArray[np.uint8], palette: Palette, kind: str) -> None:
    """Warn of an image that lost its content to too few colours, or of a file that does not keep its colours."""
    pixels = painted[..., :3].astype(np.uint32)
    codes = pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]
    used = int(np.count_nonzero(np.bincount(codes.reshape(-1), minlength=1)))
    if 2 * used < len(palette):
        be = "is" if used == 1 else "are"
        _warn(f"only {used} of the palette's {len(palette)} colours {be} in the recoloured image")
    if kind in _LOSSY:
        _warn(f"{kind} is lossy: the file holds other colours than the palette's; a .png keeps them")


def _cut(value: float) -> str:
    return f"{math.floor(value * 10) / 10:.1f}"


def _warn(message: str) -> None:
    warnings.warn(FfcolorWarning(message), stacklevel=3)
