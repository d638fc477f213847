"""What somebody likes, as a rule that can be asked about any colour: the hidden truths that the benchmarks judge by.

A synthetic concept is one of twelve families with parameters drawn from a seed; a word concept holds where the nearest
of the XKCD survey's 949 named colours carries that word. All are vectorised over sRGB colours (n, 3) in [0, 1], so that
what was *generated* can be judged as well as what was *scored*. They are defined here, by plain OKLab and CIELAB
geometry, and know nothing of any model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ffcolor.color.space import srgb_to_lab, srgb_to_oklab

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

PREVALENCE = (0.02, 0.60)  # a concept that holds for less or more of the gamut than this is drawn again
LEAST_NAMES = 12  # a word is a concept when it occurs in at least this many of the XKCD names


def rng_for(*key: int | str) -> Rng:
    """A generator of its own for each key: no draw depends on what was drawn before it."""
    return np.random.Generator(
        np.random.PCG64([part if isinstance(part, int) else crc32(part.encode()) for part in key])
    )


@dataclass(frozen=True)
class View:
    """Colours seen in the coordinates that concepts are written in (float64)."""

    colors: Floats

    @cached_property
    def oklab(self) -> Floats:
        """OKLab (n, 3)."""
        return srgb_to_oklab(np.asarray(self.colors, dtype=np.float64))

    @cached_property
    def lab(self) -> Floats:
        """CIELAB (n, 3), D65."""
        return srgb_to_lab(np.asarray(self.colors, dtype=np.float64))

    @property
    def light(self) -> Floats:
        """OKLab lightness (n,)."""
        return self.oklab[:, 0]

    @cached_property
    def chroma(self) -> Floats:
        """OKLab chroma (n,)."""
        return np.hypot(self.oklab[:, 1], self.oklab[:, 2])

    @cached_property
    def hue(self) -> Floats:
        """OKLab hue (n,), degrees."""
        return np.degrees(np.arctan2(self.oklab[:, 2], self.oklab[:, 1])) % 360


def _in_arc(hue: Floats, center: float, half_width: float) -> Bools:
    return np.abs((hue - center + 180) % 360 - 180) <= half_width


def _in_shell(points: Floats, center: Floats, inner: float, outer: float) -> Bools:
    distance = np.linalg.norm(points - center, axis=1)
    return (distance >= inner) & (distance <= outer)


@dataclass(frozen=True)
class Family:
    """How a family's parameters are drawn, and when a concept with these parameters holds."""

    draw: Callable[[Rng], dict[str, Any]]
    holds: Callable[..., Bools]


def _arc_params(low: float, high: float, narrow: float, wide: float) -> Callable[[Rng], dict[str, Any]]:
    return lambda rng: {
        "center": rng.uniform(low, high),
        "half": rng.uniform(narrow, wide),
        "chroma": rng.uniform(0.03, 0.06),
    }


def _arc(view: View, center: float, half: float, chroma: float) -> Bools:
    return _in_arc(view.hue, center, half) & (view.chroma >= chroma)


def _random_oklab(rng: Rng, count: int) -> Floats:
    return srgb_to_oklab(rng.random((count, 3)))


def _clusters_params(rng: Rng) -> dict[str, Any]:
    count = int(rng.integers(2, 5))
    return {"centers": _random_oklab(rng, count), "radii": rng.uniform(0.08, 0.14, count)}


def _clusters(view: View, centers: Floats, radii: Floats) -> Bools:
    shells = [_in_shell(view.oklab, center, 0, radius) for center, radius in zip(centers, radii, strict=True)]
    return np.any(shells, axis=0)


def _two_hues_params(rng: Rng) -> dict[str, Any]:
    first = rng.uniform(0, 360)
    return {
        "centers": (first, first + rng.uniform(80, 280)),
        "half": rng.uniform(15, 30),
        "chroma": rng.uniform(0.03, 0.06),
    }


FAMILIES: dict[str, Family] = {
    "hue arc": Family(_arc_params(0, 360, 20, 50), _arc),
    "pastel": Family(
        lambda r: {"light": r.uniform(0.75, 0.85), "low": r.uniform(0.02, 0.04), "high": r.uniform(0.10, 0.14)},
        lambda v, light, low, high: (v.light >= light) & (v.chroma >= low) & (v.chroma <= high),
    ),
    "vivid": Family(
        lambda r: {"chroma": r.uniform(0.15, 0.22), "light": r.uniform(0.40, 0.55)},
        lambda v, chroma, light: (v.chroma >= chroma) & (v.light >= light),
    ),
    "greyish": Family(lambda r: {"chroma": r.uniform(0.035, 0.07)}, lambda v, chroma: v.chroma <= chroma),
    "warm": Family(_arc_params(40, 75, 35, 55), _arc),
    "cool": Family(_arc_params(205, 255, 40, 65), _arc),
    "OKLab shell": Family(
        lambda r: {
            "center": _random_oklab(r, 1)[0],
            "inner": r.uniform(0.10, 0.20),
            "depth": r.uniform(0.06, 0.12),
        },
        lambda v, center, inner, depth: _in_shell(v.oklab, center, inner, inner + depth),
    ),
    "CIELAB shell": Family(
        lambda r: {"center": srgb_to_lab(r.random((1, 3)))[0], "inner": r.uniform(25, 50), "depth": r.uniform(15, 30)},
        lambda v, center, inner, depth: _in_shell(v.lab, center, inner, inner + depth),
    ),
    "ball": Family(
        lambda r: {"center": _random_oklab(r, 1)[0], "radius": r.uniform(0.10, 0.20)},
        lambda v, center, radius: _in_shell(v.oklab, center, 0, radius),
    ),
    "clusters": Family(_clusters_params, _clusters),
    "hue x lightness XOR": Family(
        lambda r: {"hue": r.uniform(0, 360), "light": r.uniform(0.55, 0.70)},
        lambda v, hue, light: _in_arc(v.hue, hue, 90) ^ (v.light >= light),
    ),
    "two hues": Family(
        _two_hues_params,
        lambda v, centers, half, chroma: (
            (_in_arc(v.hue, centers[0], half) | _in_arc(v.hue, centers[1], half)) & (v.chroma >= chroma)
        ),
    ),
}


class Concept:
    """A hidden preference: call it with colours (n, 3), sRGB in [0, 1], and it says which of them it holds for.

    Attributes:
        name: unique among all concepts of a run.
        family: what results are grouped by: a family of `FAMILIES`, or the word.
    """

    name: str
    family: str

    def __call__(self, colors: Floats) -> Bools:
        """Whether the concept holds for each colour (n,)."""
        raise NotImplementedError


class SyntheticConcept(Concept):
    """A member of a family: its parameters come from the seed alone, so two seeds never share a concept."""

    _gamut: ClassVar[View] = View(rng_for("prevalence").random((20_000, 3)))

    def __init__(self, family: str, seed: int):
        self.family, self.name = family, f"{family} {seed}"
        self._holds = FAMILIES[family].holds
        for attempt in range(1000):
            self.parameters = FAMILIES[family].draw(rng_for("concept", family, seed, attempt))
            self.prevalence = float(np.mean(self._holds(self._gamut, **self.parameters)))
            if PREVALENCE[0] <= self.prevalence <= PREVALENCE[1]:
                return
        raise RuntimeError(f"family {family!r} has no concept that holds for {PREVALENCE} of the gamut")

    def __call__(self, colors: Floats) -> Bools:
        """Whether the family's rule, with this concept's parameters, holds for each colour (n,)."""
        return self._holds(View(np.asarray(colors)), **self.parameters)

    def __reduce__(self) -> tuple[Any, ...]:
        return SyntheticConcept, (self.family, int(self.name.rsplit(" ", 1)[1]))


@lru_cache(maxsize=1)
def xkcd_names() -> tuple[tuple[str, ...], Floats]:
    """The 949 names of the XKCD colour survey (CC0, as shipped with matplotlib) and their colours, float32 (949, 3)."""
    from matplotlib._color_data import XKCD_COLORS
    from matplotlib.colors import to_rgb

    names = tuple(name.removeprefix("xkcd:") for name in XKCD_COLORS)
    return names, np.array([to_rgb(value) for value in XKCD_COLORS.values()], dtype=np.float32)


@lru_cache(maxsize=1)
def xkcd_words() -> dict[str, Bools]:
    """Every word that occurs, whole, in enough names, the commonest first -> which of the names carry it, (949,)."""
    parts = [set(re.findall(r"[a-z']+", name)) for name in xkcd_names()[0]]
    carries = {word: np.array([word in part for part in parts]) for word in sorted(set().union(*parts))}
    common = {word: hits for word, hits in carries.items() if hits.sum() >= LEAST_NAMES}
    return dict(sorted(common.items(), key=lambda item: -item[1].sum()))


class WordConcept(Concept):
    """What people call by a word: it holds where the nearest named colour (in OKLab) carries the word."""

    def __init__(self, word: str):
        self.name = self.family = word

    def __call__(self, colors: Floats) -> Bools:
        """Whether the name nearest to each colour carries the word (n,)."""
        named = srgb_to_oklab(xkcd_names()[1].astype(np.float64))
        asked = srgb_to_oklab(np.asarray(colors, dtype=np.float64))
        nearest = [np.argmin(((row - named) ** 2).sum(axis=1)) for row in asked]
        return xkcd_words()[self.family][np.array(nearest, dtype=np.int64)]
