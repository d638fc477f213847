"""What colours look like to viewers with a colour-vision deficiency."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_colors
from ffcolor.color.machado import MATRICES
from ffcolor.color.space import linear_to_srgb, srgb_to_linear
from ffcolor.errors import FfcolorError, did_you_mean
from ffcolor.settings import Number

Floats = NDArray[np.float32]

KINDS = ("protan", "deutan", "tritan")
_SYNONYMS = {kind + ending: kind for kind in KINDS for ending in ("", "opia", "omaly")}
_SYNONYMS |= {"deuter" + ending: "deutan" for ending in ("anopia", "anomaly", "anope")}
_SYNONYMS |= {"protanope": "protan", "tritanope": "tritan"}


def read_kind(name: str) -> str:
    """The kind of a deficiency, ``"protan"``, ``"deutan"`` or ``"tritan"``, by any of its usual names.

    >>> read_kind("Deuteranopia")
    'deutan'

    Raises:
        FfcolorError: ``vision``: not the name of a deficiency.
    """
    kind = _SYNONYMS.get(name.strip().lower()) if isinstance(name, str) else None
    if kind is None:
        message = f"{name!r} is not a kind of colour vision: {did_you_mean(name, KINDS)}"
        raise FfcolorError(message, code="vision", value=name)
    return kind


@cache
def _table(kind: str) -> NDArray[np.float64]:
    """Matrices on linear RGB for the severities 0, 0.1 … 1, float64 (11, 3, 3)."""
    return np.array(MATRICES[kind], dtype=np.float64).reshape(-1, 3, 3)


def matrix(kind: str, severity: float = 1.0) -> NDArray[np.float64]:
    """The matrix that turns linear RGB into what a viewer sees, float64 (3, 3).

    Args:
        kind: a name that `read_kind` takes.
        severity: 0 (normal) to 1 (the cone type is missing); between the published tenths, the matrices are mixed.

    Raises:
        FfcolorError: ``vision``: not a deficiency, or a severity outside 0..1.
    """
    table = _table(read_kind(kind))
    at = Number(0, 1).check("severity", severity, "vision") * (len(table) - 1)
    lower = min(int(at), len(table) - 2)
    return np.asarray(table[lower] + (at - lower) * (table[lower + 1] - table[lower]))


def simulate(colors: Any, kind: str, severity: float = 1.0) -> Floats:
    """Colours as a viewer with a colour-vision deficiency sees them.

    Args:
        colors: colours in any way that `read_colors` takes.
        kind: ``"protan"``, ``"deutan"`` or ``"tritan"`` (red, green or blue cones), or names such as
            ``"deuteranopia"``.
        severity: 0 (normal) to 1 (the cone type is missing).

    Returns:
        float32 (n, 3), sRGB in [0, 1]; what falls outside sRGB is clipped, as a screen would.

    Raises:
        FfcolorError: as `read_colors`; ``vision``: not a deficiency, or a severity outside 0..1.

    Source: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
    (2009); matrices: `ffcolor.color.machado`.
    """
    return seen(read_colors(colors), matrix(kind, severity)).astype(np.float32)


def seen(colors: NDArray[Any], through: NDArray[np.float64]) -> NDArray[Any]:
    """SRGB colours (..., 3) after a matrix on linear RGB, clipped to sRGB."""
    return linear_to_srgb(np.clip(srgb_to_linear(colors) @ through.T.astype(colors.dtype), 0, 1))
