"""Letting colours drift apart inside the sRGB gamut, beyond any grid of candidates.

First all colours move at once, down the gradient of a repulsion that is a steep power of their distances and gets
steeper with time, so that in the end only the nearest neighbours count. Then each is rounded to 8 bits and may walk to
better neighbouring levels, one at a time. Several palettes can drift side by side; they don't see each other.

Source: Hardin and Saff, "Discretizing manifolds via minimum energy points" (2004): points of least energy spread out
as far as can be when the power grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color.difference import BLOCK, squares
from ffcolor.color.space import linear_to_srgb, luminance, srgb_to_linear
from ffcolor.palette.search import View

Levels = NDArray[np.int64]

_POWER = (10.0, 80.0)  # of the repulsion, at first and at last
_STEP = (8 / 255, 0.5 / 255)  # the farthest move in a step, sRGB
_DAMPING = 0.4  # how much less the colours move that are pushed less
_NEIGHBORS = 24
_REFRESH = 8  # steps between two looks at who is near
_AXES = np.concatenate([np.eye(3), -np.eye(3)])
_CUBE = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


@dataclass(frozen=True)
class Light:
    """Which luminance is allowed: at most `dark` or at least `light`; by default, any."""

    dark: float = 2.0
    light: float = 2.0

    @classmethod
    def against(cls, background: NDArray[Any], contrast: float) -> Light:
        """What reaches a WCAG 2.1 contrast ratio against a background (3,)."""
        shade = float(luminance(background.astype(np.float64))) + 0.05
        return cls(shade / contrast - 0.05, shade * contrast - 0.05)

    def allows(self, colors: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether each sRGB colour (..., 3) has an allowed luminance, (...)."""
        shade = luminance(as_shown(colors))
        return np.asarray((shade <= self.dark) | (shade >= self.light))

    def push(self, colors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mix black or white, whichever takes less, into the colours (..., 3) that are not allowed."""
        if self.dark > 1:
            return colors
        linear = srgb_to_linear(colors)
        shade = luminance(colors)
        darken = (self.light > 1) | ((self.dark >= 0) & (shade - self.dark <= self.light - shade))
        to_dark = linear * (max(self.dark, 0) / np.maximum(shade, 1e-9))[..., None]
        to_light = 1 - (1 - linear) * (max(1 - self.light, 0) / np.maximum(1 - shade, 1e-9))[..., None]
        moved = linear_to_srgb(np.clip(np.where(darken[..., None], to_dark, to_light), 0, 1))
        return np.where(((shade <= self.dark) | (shade >= self.light))[..., None], colors, moved)

    def round(self, colors: NDArray[np.float64]) -> Levels:
        """Round allowed colours to 8-bit levels that are allowed, too."""
        levels = np.floor(colors * 255 + 0.5)
        darker = luminance(colors) <= (self.dark + self.light) / 2
        safe = np.where(darker[..., None], np.floor(colors * 255 + 1e-6), np.ceil(colors * 255 - 1e-6))
        return np.where(self.allows(levels / 255)[..., None], levels, safe).astype(np.int64)


def as_shown(colors: NDArray[Any]) -> NDArray[np.float64]:
    """The colours as float32 holds them, in float64: what anybody who checks a palette will see."""
    return colors.astype(np.float32).astype(np.float64)


def drift(
    colors: NDArray[np.float64], fixed: View, *, vision: Sequence[str], light: Light, steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Let the colours of one or more palettes drift apart.

    Args:
        colors: (palettes, n, 3), sRGB in [0, 1].
        fixed: colours that every palette also holds and that don't move.
        vision: kinds of colour-vision deficiency whose viewers count, too.
        light: the luminance that is allowed.
        steps: how often all colours move.

    Returns:
        float64 (palettes, n, 3): of each palette, the state in which its closest pair was farthest apart; and about how
        far that is, in CIEDE2000 (palettes,).
    """
    palettes, n, _ = colors.shape
    at = colors.reshape(-1, 3).copy()
    others = n + len(fixed) - 1
    if others == 0:
        return colors.copy(), np.full(palettes, np.inf)
    best, record = at.copy(), np.full(palettes, -1.0)
    near = np.zeros((0, 0), dtype=np.int64)
    for step in range(steps):
        time = step / max(steps - 1, 1)
        power, length = (first * (last / first) ** time for first, last in (_POWER, _STEP))
        seen = View.of(at, vision) + fixed
        if step == 0 or (step % _REFRESH == 0 and others > _NEIGHBORS):
            near = _neighbors(seen, palettes, n)
        reach = max(length / 2, 0.5 / 255)
        trial = View.of(np.clip(at[:, None] + _AXES * reach, 0, 1).reshape(-1, 3), vision)
        apart = np.sqrt(_apart(trial.parts, seen.parts, near))  # (colours, 6, neighbours)
        slope, distance = apart[:, :3] - apart[:, 3:], apart.mean(axis=1)
        least = distance.reshape(palettes, -1).min(axis=1)
        better = np.repeat(least > record, n)
        best[better], record = at[better], np.maximum(record, least)
        scale = np.repeat(np.maximum(least, 1e-3), n)[:, None]
        push = (slope * np.maximum(distance / scale, 1e-3)[:, None] ** -power).sum(axis=2)
        push[((at <= 0) & (push < 0)) | ((at >= 1) & (push > 0))] = 0
        size = np.linalg.norm(push, axis=1)
        most = np.repeat(np.maximum(size.reshape(palettes, n).max(axis=1), 1e-30), n)
        size = np.maximum(size, 1e-30)
        at = light.push(np.clip(at + length * (push / size[:, None]) * ((size / most) ** _DAMPING)[:, None], 0, 1))
    return best.reshape(colors.shape), record


def _neighbors(seen: View, palettes: int, n: int) -> NDArray[np.int64]:
    """Of each colour, the indices of the nearest others of its palette and among the fixed ones."""
    fixed = np.arange(palettes * n, len(seen))
    rows = []
    for palette in range(palettes):
        members = np.concatenate([np.arange(palette * n, palette * n + n), fixed])
        table = seen[members].apart()[:n]
        count = min(_NEIGHBORS, len(members) - 1)
        rows.append(members[np.argpartition(table, count - 1, axis=1)[:, :count]])
    return np.concatenate(rows)


def _apart(trial: NDArray[np.float32], seen: NDArray[np.float32], near: NDArray[np.int64]) -> NDArray[np.float32]:
    """Squared differences of each colour's six trial moves to its neighbours, (colours, 6, neighbours)."""
    count, neighbors = near.shape
    result = np.full((count, 6, neighbors), np.inf, dtype=np.float32)
    rows = max(1, BLOCK // (6 * neighbors))
    for one, all_ in zip(trial, seen, strict=True):
        for i in range(0, count, rows):
            part = slice(i, min(i + rows, count))
            moves = one.reshape(5, count, 6, 1)[:, part]
            np.minimum(result[part], squares(moves, all_[:, near[part]][:, :, None]), out=result[part])
    return result


def walk(
    levels: Levels, fixed: View, *, vision: Sequence[str], light: Light, steps: Sequence[int] = (2, 1), sweeps: int = 3
) -> tuple[Levels, float]:
    """Move 8-bit colours (n, 3), one at a time, to neighbouring levels farther from all others.

    Returns:
        The levels, and the least CIEDE2000 between two colours, fixed ones included (infinite for a single colour).
    """
    levels = levels.copy()
    seen = View.of(levels / 255, vision) + fixed
    table = seen.apart()
    for step in steps:
        for _ in range(sweeps):
            changed = False
            for i in np.argsort(table.min(axis=0)[: len(levels)], kind="stable"):
                moves = levels[i] + _CUBE * step
                moves = moves[((moves >= 0) & (moves <= 255)).all(axis=1)]
                moves = moves[light.allows(moves / 255)]
                trial = View.of(moves / 255, vision)
                away = seen.to(trial)
                away[i] = np.inf
                distance = away.min(axis=0)
                top = int(np.argmax(distance))
                if distance[top] > table[i].min() * (1 + 1e-5):
                    levels[i], changed = moves[top], True
                    seen.parts[:, :, i] = trial.parts[:, :, top]
                    table[i] = table[:, i] = away[:, top]
            if not changed:
                break
    return levels, float(np.sqrt(table.min()))
