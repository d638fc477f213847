"""Choosing colours that are worth much and lie far apart, out of many candidates.

The value of a colour times its distance to the nearest other one is its *standing*. The search takes, again and again,
the candidate of the highest standing, then exchanges colours for better ones until none is left, and at last trades
distance that is not needed for value. All distances are squared CIEDE2000, the least over all viewers; all choices are
an argmax with the lowest index first, so that the same candidates give the same colours.

Source: farthest-point rule: Gonzalez, "Clustering to minimize the maximum intercluster distance" (1985); the exchange
is coordinate ascent on the same goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import vision as viewers
from ffcolor.color.difference import prepare, squared_differences
from ffcolor.color.space import srgb_to_lab

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

_COARSE = (1500, 5000)  # candidates searched at first, from small to large palettes; then all near the chosen ones
_STARTS, _MOST_STARTS = 24, 3  # a palette of n colours is searched for from 24 // n starts, within 1 and 3
_SWEEPS = 8
_FAR = 200.0**2  # beyond any two colours
_LEAST_RADIUS = 3.0**2  # of a neighbourhood in CIELAB, squared
_SLACK = 1 - 1e-5  # two float32 distances this close are equal


class View:
    """Colours as one or more viewers see them, ready for distances: float32 (viewers, 5, n)."""

    def __init__(self, parts: Floats):
        self.parts = parts

    @classmethod
    def of(cls, colors: NDArray[Any], vision: Sequence[str] = ()) -> View:
        """View sRGB colours (n, 3) with normal eyes, and with each kind of colour-vision deficiency."""
        exact = np.asarray(colors, dtype=np.float64)
        seen = [exact, *(viewers.seen(exact, viewers.matrix(kind)) for kind in vision)]
        return cls(np.stack([prepare(srgb_to_lab(each)) for each in seen]))

    def __len__(self) -> int:
        return int(self.parts.shape[2])

    def __getitem__(self, index: Any) -> View:
        return View(self.parts[:, :, index])

    def __add__(self, other: View) -> View:
        return View(np.concatenate([self.parts, other.parts], axis=2))

    def to(self, many: View) -> Floats:
        """Squared differences to many colours, each the least over all viewers, (n, m)."""
        tables = [squared_differences(one, all_) for one, all_ in zip(self.parts, many.parts, strict=True)]
        return np.asarray(np.minimum.reduce(tables))

    def apart(self) -> Floats:
        """Squared differences among these colours (n, n), infinite on the diagonal."""
        table = self.to(self)
        np.fill_diagonal(table, np.inf)
        return table

    def least(self) -> float:
        """The least difference (CIEDE2000) among these colours, infinite for a single one."""
        return float(np.sqrt(self.apart().min()))


def choose(candidates: View, value: Floats, n: int, fixed: View) -> Indices:
    """Choose n candidates of high standing among each other and beside the fixed colours.

    Args:
        candidates: m >= n different colours.
        value: what each is worth, float32 (m,), > 0; it multiplies the distance.
        n: how many to choose.
        fixed: colours that are chosen already, perhaps none.

    Returns:
        int64 (n,) indices, in the order of choosing.
    """
    worth = value * value  # as the distances are squared
    enough = min(max(150 * n, _COARSE[0]), _COARSE[1])
    stride = max(1, min(-(-len(candidates) // enough), len(candidates) // n))
    coarse = np.arange(0, len(candidates), stride)
    found = searches(candidates[coarse], worth[coarse], n, fixed, min(max(1, _STARTS // n), _MOST_STARTS))
    best = max(found, key=lambda each: each[0])[1]
    chosen = coarse[best]
    if stride > 1:
        _settle(candidates, chosen, fixed, worth=worth)
    apart = (candidates[chosen] + fixed).apart()[:n]
    goal = float(apart.min()) * _SLACK if apart.size > 1 else 0.0
    _settle(candidates, chosen, fixed, worth=value, goal=goal)
    return chosen


def reaching(candidates: View, value: Floats, chosen: Indices, fixed: View, least: float) -> Indices:
    """What is chosen, with those colours moved that are nearer to another than `least` (CIEDE2000), if they can be."""
    moved = chosen.copy()
    _settle(candidates, moved, fixed, worth=value, goal=least * least * (2 - _SLACK), sweeps=_SWEEPS)
    return moved


def searches(candidates: View, worth: Floats, n: int, fixed: View, starts: int) -> list[tuple[float, Indices]]:
    """Greedy choice and exchange of n candidates from several starts.

    Args:
        candidates: m >= n colours.
        worth: what each is worth, float32 (m,), > 0; it multiplies the squared distance.
        n: how many to choose.
        fixed: colours that are chosen already, perhaps none.
        starts: how many different colours to start from.

    Returns:
        For each start the least standing, and the indices (n,) in the order of choosing.
    """
    nearest = _nearest(fixed, candidates)
    reach = nearest.copy()  # each start is worth much and far from the starts before it
    found = []
    for _ in range(starts):
        start = int(np.argmax(worth * reach))
        chosen, rows = _greedy(candidates, worth, n, nearest, start)
        np.minimum(reach, rows[0], out=reach)
        greedy = (_least_standing(rows, worth, chosen, nearest), chosen.copy())
        _exchange(candidates, worth, chosen, rows, nearest)
        exchanged = (_least_standing(rows, worth, chosen, nearest), chosen)
        found.append(max(greedy, exchanged, key=lambda each: each[0]))
    return found


def _least_standing(rows: Floats, worth: Floats, chosen: Indices, nearest: Floats) -> float:
    """The least worth times squared distance to the others, of colours whose distances to all are the rows."""
    apart = rows[:, chosen]
    np.fill_diagonal(apart, np.inf)
    return float((worth[chosen] * np.minimum(apart.min(axis=0), nearest[chosen])).min())


def _nearest(fixed: View, candidates: View) -> Floats:
    """Squared distance of each candidate to the nearest fixed colour; without any, all are equally far."""
    if len(fixed) == 0:
        return np.full(len(candidates), _FAR, dtype=np.float32)
    return np.asarray(fixed.to(candidates).min(axis=0))


def _greedy(candidates: View, worth: Floats, n: int, nearest: Floats, start: int) -> tuple[Indices, Floats]:
    """Take the candidate of highest standing n times, after the start: indices, and their distances to all (n, m)."""
    chosen = np.full(n, start, dtype=np.int64)
    rows = np.empty((n, len(candidates)), dtype=np.float32)
    rows[0] = candidates[[start]].to(candidates)
    standing = np.minimum(nearest, rows[0])
    for i in range(1, n):
        chosen[i] = np.argmax(worth * standing)
        rows[i] = candidates[chosen[i : i + 1]].to(candidates)
        np.minimum(standing, rows[i], out=standing)
    return chosen, rows


def _exchange(candidates: View, worth: Floats, chosen: Indices, rows: Floats, nearest: Floats) -> None:
    """Exchange each colour for the candidate of highest standing beside the others, until none is better; in place.

    One sweep costs O(n m): the distance to all others is the lesser of a running minimum over the colours already
    looked at and of one, made beforehand, over those still to come.
    """
    n = len(chosen)
    after = np.empty((n + 1, len(candidates)), dtype=np.float32)
    for _ in range(_SWEEPS):
        after[n] = nearest
        for i in range(n, 0, -1):
            np.minimum(after[i], rows[i - 1], out=after[i - 1])
        before, changed = nearest.copy(), False
        for i in range(n):
            standing = worth * np.minimum(before, after[i + 1])
            top = int(np.argmax(standing))
            if standing[top] * _SLACK > standing[chosen[i]]:
                chosen[i], changed = top, True
                rows[i] = candidates[[top]].to(candidates)
            np.minimum(before, rows[i], out=before)
        if not changed:
            break


def _settle(
    candidates: View, chosen: Indices, fixed: View, *, worth: Floats, goal: float | None = None, sweeps: int = 2
) -> None:
    """Exchange each colour for the best candidate in its neighbourhood; in place.

    The best is that of highest standing; with a goal, it is that of the highest worth whose squared distance to the
    others reaches the goal, or the farthest one where none does, so that the least distance of the whole never falls
    below the goal, and grows towards it.
    """
    table = (candidates[chosen] + fixed).apart()
    places = candidates.parts[0, :3]
    for _ in range(sweeps):
        changed = False
        for i in np.argsort(table.min(axis=0)[: len(chosen)], kind="stable"):
            own = chosen[i]
            off = places - places[:, own : own + 1]
            off *= off
            near = np.flatnonzero(off.sum(axis=0) <= max(float(table[i].min()) / 4, _LEAST_RADIUS))
            away = (candidates[chosen] + fixed).to(candidates[near])
            away[i] = np.inf
            distance = away.min(axis=0)
            merit = worth[near] * distance if goal is None else np.where(distance >= goal, worth[near], distance - _FAR)
            top = int(np.argmax(merit))
            present = merit[np.searchsorted(near, own)]
            if merit[top] > present + (1 - _SLACK) * abs(present):
                chosen[i], changed = near[top], True
                table[i] = table[:, i] = away[:, top]
        if not changed:
            break
