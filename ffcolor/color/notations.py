"""Colours in notations that only a library of colour science knows; they come with the extra ``ffcolor[spaces]``.

* Munsell, as printed beside its chips: ``5R 4/14`` (hue, value, chroma), ``N 5/`` or ``N5`` for a neutral. The chips
  are measured under illuminant C and adapted to D65 (Bradford).
* ``xyz(X Y Z)``: CIE XYZ of the 2° observer under D65, Y = 1 for white; ``xyy(x y Y)``, in any case: its chromaticity
  and Y;
* ``luv(L u v)``: CIE 1976 L*u*v* under D65, L in 0..100;
* ``cam16-ucs(J a b)``: J', a', b' of CAM16-UCS as seen on an sRGB screen (colour-science's own viewing conditions),
  J' in 0..100.

Source: Newhall, Nickerson, Judd, "Final report of the O.S.A. subcommittee on the spacing of the Munsell colors" (1943),
with luminance by ASTM D1535; CIE 15:2004; Li et al., "Comprehensive color solutions: CAM16, CAT16, and CAM16-UCS"
(2017). All of them as in colour-science.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import needs
from ffcolor.lazy import bring_untouched

Array = NDArray[Any]
ToSrgb = Callable[[Array], Array]  # (n, 3) in a notation's own numbers to sRGB, not clipped


def munsell(text: str) -> tuple[float, float, float]:
    """The chromaticity and luminance (x, y, Y), under illuminant C, of a colour in Munsell notation.

    Raises:
        FfcolorError: ``missing-package``: colour-science is not installed.
        KeyError: there is no such colour in the renotation.
    """
    colour = _colour("Munsell notation")
    hue, _, rest = text.upper().strip().partition("N")
    name = f"N{rest.strip().rstrip('/')}" if not hue else text.upper()
    try:
        with np.errstate(all="ignore"):
            x, y, luminance = colour.munsell_colour_to_xyY(name)
    except (AssertionError, ValueError) as problem:
        raise KeyError(name) from problem
    return float(x), float(y), float(luminance)


def converter(name: str) -> ToSrgb:
    """What turns the numbers (n, 3) of a notation into sRGB: "munsell" (x y Y), "xyz", "xyy", "luv" or "cam16-ucs".

    Raises:
        FfcolorError: ``missing-package``: colour-science is not installed.
    """
    _colour("Munsell notation" if name == "munsell" else f"{name}()")
    return _CONVERTERS[name]


def _to_srgb(name: str, numbers: Array) -> Array:
    colour = _colour(name)
    steps = {"munsell": "xyY_to_XYZ", "xyy": "xyY_to_XYZ", "luv": "Luv_to_XYZ", "cam16-ucs": "CAM16UCS_to_XYZ"}
    with np.errstate(all="ignore"):  # what is not a colour becomes NaN, which is refused
        xyz = getattr(colour, steps[name])(numbers) if name in steps else numbers
        if name != "munsell":
            return np.asarray(colour.XYZ_to_sRGB(xyz))
        white = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["C"]
        return np.asarray(colour.XYZ_to_sRGB(xyz, illuminant=white, chromatic_adaptation_transform="Bradford"))


_CONVERTERS: dict[str, ToSrgb] = {
    name: partial(_to_srgb, name) for name in ("munsell", "xyz", "xyy", "luv", "cam16-ucs")
}


def _colour(what: str) -> Any:
    try:
        return bring_untouched("colour")
    except ImportError as missing:
        raise needs(what, "colour-science", "spaces") from missing
