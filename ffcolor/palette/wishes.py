"""What a palette is asked to be: the wishes, read and checked; and the words for wishes that cannot be met."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_color, read_colors, to_hex
from ffcolor.color import vision as viewers
from ffcolor.color.space import contrast_ratio
from ffcolor.errors import FfcolorError, FfcolorWarning, shown
from ffcolor.palette.relax import Levels, Light, as_shown
from ffcolor.palette.search import View, choose
from ffcolor.settings import Choice, Number, Whole, check

Floats = NDArray[np.float32]

ORDERS = ("lightness", "hue", "chosen")
USUAL_CONTRAST = 4.5
"""The least contrast where there is a background and no contrast is asked for: WCAG 2.1's, level AA, for text."""
LARGEST = 256
"""The most colours in a generated palette."""

_LIMITS = {
    "n": Whole(1, LARGEST),
    "power": Number(0, 1000),
    "contrast": Number(1, 21) | None,
    "min_delta_e": Number(0, 200),
    "order": Choice(*ORDERS),
}


@dataclass(frozen=True)
class Wishes:
    """What a palette of n colours is asked to be; `diverse_palette` says what each wish means."""

    n: int
    kept: Floats
    """(k, 3): the locked colours, which it must hold exactly."""
    fixed: View
    """The same, as all its viewers see them."""
    kinds: tuple[str, ...]
    """The deficiencies whose viewers must tell the colours apart, too."""
    power: float
    contrast: float
    shown: Floats | None
    """(3,): the background, if there is one."""
    light: Light
    """The luminance that the contrast leaves."""
    min_delta_e: float
    order: str

    @classmethod
    def read(cls, n: Any, locked: Any, background: Any, vision: str | Sequence[str], **limits: Any) -> Wishes:
        """Read the wishes, and see to it that the locked colours agree with them.

        Raises:
            FfcolorError: ``palette``: an argument is not what it should be; ``palette-infeasible``: the locked colours
                do not allow it; as `read_colors`.
        """
        told = check_wishes(n=n, **limits)
        if background is None and told["contrast"] is not None:
            message = f"contrast is {told['contrast']:g}, but there is no background to stand out from; give one, too"
            raise FfcolorError(message, code="palette", value=told["contrast"], setting="contrast")
        told["contrast"] = USUAL_CONTRAST if told["contrast"] is None else told["contrast"]
        kinds = viewers.read_kinds(vision)
        kept = _once(read_some(locked))
        if len(kept) > told["n"]:
            infeasible(f"{len(kept)} locked colours don't fit a palette of {n}", len(kept))
        shown = None if background is None else read_color(background)
        light = Light() if shown is None else Light.against(shown, told["contrast"])
        wishes = cls(kept=kept, fixed=View.of(kept, kinds), kinds=kinds, shown=shown, light=light, **told)
        wishes._check_locked_contrast()
        wishes._check_locked_apart()
        return wishes

    @property
    def more(self) -> int:
        """How many colours are wanted besides the locked ones."""
        return self.n - len(self.kept)

    def _check_locked_contrast(self) -> None:
        bad = np.flatnonzero(~self.light.allows(self.kept))
        if self.shown is not None and len(bad):
            where = int(bad[0])
            reached = float(contrast_ratio(as_shown(self.kept[where]), as_shown(self.shown)))
            infeasible(
                f"the locked colour {to_hex(self.kept[where])[0]} reaches contrast {below(reached)} against "
                f"{to_hex(self.shown)[0]}; you asked for {self.contrast:g}",
                reached,
                where,
            )

    def _check_locked_apart(self) -> None:
        if len(self.kept) < 2 or self.min_delta_e == 0:
            return
        table = np.sqrt(self.fixed.apart())
        first, second = divmod(int(np.argmin(table)), len(self.kept))
        if table[first, second] < self.min_delta_e:
            pair = " and ".join(to_hex(self.kept[[first, second]]))
            whom = f" to normal and {', '.join(self.kinds)} viewers" if self.kinds else ""
            infeasible(
                f"the locked colours {pair} are ΔE {below(float(table[first, second]))} apart{whom}; "
                f"you asked for {self.min_delta_e:g}",
                float(table[first, second]),
                second,
            )

    def in_contrast(self, pool: Levels, worth: Floats) -> tuple[Levels, Floats]:
        """The 8-bit candidates (m, 3) that reach the contrast, with their worth (m,): as many as are wanted, or more.

        Raises:
            FfcolorError: ``palette-infeasible`` for fewer than are wanted.
        """
        reach = self.light.allows(pool / np.float32(255))
        if self.more > int(reach.sum()):
            if self.shown is None or len(pool) < self.more:
                infeasible(f"there are only {len(pool)} different candidates for {self.more} colours", len(pool))
            best = float(contrast_ratio(as_shown(pool / np.float32(255)), as_shown(self.shown)).max())
            few = f"only {int(reach.sum())} of" if reach.any() else "none of"
            infeasible(
                f"{few} {len(pool)} candidates reach contrast {self.contrast:g} against {to_hex(self.shown)[0]}, and "
                f"{self.more} are wanted; the best reaches {below(best)}",
                best,
            )
        return pool[reach], worth[reach]

    def too_close(self, least: float, pool: View) -> NoReturn:
        """Say how many colours would be possible: the most, fewer than n, that a search finds far enough apart."""
        equal = np.ones(len(pool), dtype=np.float32)
        possible = max(len(self.fixed), 1)
        for more in range(possible - len(self.fixed) + 1, self.more):
            chosen = choose(pool, equal, more, self.fixed)
            if float(np.sqrt((pool[chosen] + self.fixed).apart().min())) < self.min_delta_e:
                break
            possible = len(self.fixed) + more
        infeasible(
            f"the closest pair of {self.n} colours would be ΔE {below(least)} apart, and you asked for "
            f"{self.min_delta_e:g}; {possible} colour{'s' * (possible > 1)} would be possible",
            least,
        )


def check_wishes(**limits: Any) -> dict[str, Any]:
    """The wishes that are numbers or words, in plain form; code ``palette`` for one that is not what it should be."""
    return check(_LIMITS, code="palette", **limits)


def _kinds(vision: Any) -> tuple[str, ...]:
    """The deficiencies that are named, by one name or several; None is none."""
    try:
        names = [vision] if isinstance(vision, str) else [] if vision is None else list(vision)
    except TypeError:
        message = f"vision is {shown(vision)}; it must be one of {', '.join(viewers.KINDS)}, or a list of them"
        raise FfcolorError(message, code="vision", value=vision, setting="vision") from None
    return tuple(dict.fromkeys(viewers.read_kind(name) for name in names))


def _size(colors: Any) -> int | None:
    try:
        return len(colors)
    except TypeError:  # of a generator, of an array without dimensions
        return None


def read_some(colors: Any) -> Floats:
    """Colours as float32 (n, 3), perhaps none."""
    empty = colors is None or (not isinstance(colors, str) and _size(colors) == 0)
    return np.empty((0, 3), dtype=np.float32) if empty else read_colors(colors)


def _once(kept: Floats) -> Floats:
    """Locked colours (k, 3), each once, in the order given; those that come twice are warned of."""
    first: dict[bytes, int] = {}
    places = [first.setdefault(color.tobytes(), at) for at, color in enumerate(kept + np.float32(0))]
    twice = [at for at, place in enumerate(places) if at != place]
    if twice:
        names = ", ".join(dict.fromkeys(to_hex(kept[twice])))
        message = f"locked more than once: {names}; a palette holds a colour once"
        warnings.warn(FfcolorWarning(message), stacklevel=4)
    return kept[list(first.values())]


def infeasible(message: str, value: Any = None, position: int | None = None) -> NoReturn:
    """Say which wish cannot be met, and by how much: code ``palette-infeasible``."""
    raise FfcolorError(message, code="palette-infeasible", value=value, position=position)


def below(value: float) -> str:
    """A figure that falls short, rounded down so that it still does."""
    return f"{int(value * 100) / 100:g}"
