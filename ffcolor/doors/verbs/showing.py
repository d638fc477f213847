"""The verbs that show and convert colours."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.doors.columns import Columns
from ffcolor.doors.sources import streamed
from ffcolor.doors.verbs.arguments import Plain, finite

if TYPE_CHECKING:
    from ffcolor.palette import Palette


def show(colors: Any, names: Sequence[str] | None = None, title: str = "palette") -> Plain:
    """Show colours: hex, name, OKLCh coordinates and contrast with black and white; and how far apart they are."""
    from ffcolor.palette import Palette

    found = Palette(streamed(colors), names, title)
    return {"title": title, "colors": described(found), "min_delta_e": finite(found.min_delta_e())}


def convert(colors: Any, format: str, names: Sequence[str] | None = None, title: str = "palette") -> Plain:
    """Write colours in a palette format: ``text`` for text formats, ``base64`` for binary ones.

    Args:
        colors: the colours.
        format: hex, css, json, gpl, ase, aco, svg, png, ansi or mpl.
        names: one a colour, for formats that keep names.
        title: of the palette.
    """
    from ffcolor.palette import Palette

    return written(Palette(streamed(colors), names, title), format)


def described(found: Palette) -> Columns:
    """What there is to say of a palette's colours without a taste: name, OKLCh, contrast with white and black."""
    from ffcolor.color import space

    rgb = found.colors.astype(np.float64)
    oklch = space.to_polar(space.srgb_to_oklab(rgb))
    oklch[oklch[:, 1] < 1e-4, 1:] = 0  # the hue of a grey is noise
    places = [[round(x, 4), round(c, 4), round(h, 2)] for x, c, h in oklch.tolist()]
    on_white, on_black = (space.contrast_ratio(rgb, np.full(3, shade)) for shade in (1.0, 0.0))
    return Columns(
        hex=found.colors,
        name=found.names,
        oklch=places,
        contrast_on_white=floored(on_white),
        contrast_on_black=floored(on_black),
    )


def floored(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """Contrast ratios cut off after two places: rounded up, one might seem to reach what it does not."""
    return np.floor(np.round(ratio * 100, 9)) / 100


def written(found: Palette, format: str) -> Plain:
    """A palette in a format: ``text``, or ``base64`` for a binary one."""
    data = found.to(format)
    if isinstance(data, bytes):
        return {"format": format, "base64": base64.b64encode(data).decode("ascii")}
    return {"format": format, "text": data}
