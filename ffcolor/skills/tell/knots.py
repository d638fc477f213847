"""Where the threads of each triad meet: near the middle of its members, and not on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, pi, sin

Point = tuple[float, float]

_TURNS = 50
_CROWDED, _WIDEST = 0.62, 0.3  # room around a knot, as a share of the radius: by the number of knots, and at most
_PUSH, _PULL = 0.3, 0.02  # of a turn: away from each other, and back home
_EDGE = 0.86  # no knot is farther out, as a share of the radius


def spread(homes: Sequence[Point], radius: float) -> list[Point]:
    """Push points apart that are nearer than there is room for, inside of a circle around (0, 0).

    Args:
        homes: where each point would be if it were alone.
        radius: of the circle.
    """
    if not homes:
        return []
    room = min(_CROWDED * radius * (pi / len(homes)) ** 0.5, _WIDEST * radius)
    now = [  # points in one place part along a spiral
        (x + cos(2.4 * i) * (3 + 0.01 * i), y + sin(2.4 * i) * (3 + 0.01 * i)) for i, (x, y) in enumerate(homes)
    ]
    for _ in range(_TURNS):
        now = _turn(now, homes, room, radius)
    return now


def _turn(now: Sequence[Point], homes: Sequence[Point], room: float, radius: float) -> list[Point]:
    cells: dict[tuple[int, int], list[int]] = {}  # as wide as the room: only neighbours can push
    for i, (x, y) in enumerate(now):
        cells.setdefault((int(x // room), int(y // room)), []).append(i)
    moved = []
    for i, (x, y) in enumerate(now):
        column, row = int(x // room), int(y // room)
        near = (
            j for c in range(column - 1, column + 2) for r in range(row - 1, row + 2) for j in cells.get((c, r), ())
        )
        push_x = push_y = 0.0
        for j in sorted(near):
            away_x, away_y = x - now[j][0], y - now[j][1]
            distance = hypot(away_x, away_y) + 1e-9
            if j != i and distance < room:
                push = (room - distance) / distance
                push_x, push_y = push_x + away_x * push, push_y + away_y * push
        x += _PUSH * push_x + _PULL * (homes[i][0] - x)
        y += _PUSH * push_y + _PULL * (homes[i][1] - y)
        inside = min(1.0, _EDGE * radius / max(hypot(x, y), 1e-9))
        moved.append((x * inside, y * inside))
    return moved
