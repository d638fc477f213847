"""The explanations beside a picture: its title, how many triads hold, are open or fail, and why these fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape as for_html

from ffcolor.errors import visible
from ffcolor.skills.tell.graph import COLORS, Graph, Link

INK, PAPER = "#14161a", "#ffffff"
ROW = 52
"""Pixels for each failing triad."""
_PALE = "#b4bac4"


def panel(graph: Graph, title: str, height: float, place: tuple[float, float]) -> Iterator[str]:
    """The title, the counts and the failing triads, as SVG.

    Args:
        graph: what is drawn.
        title: what stands above.
        height: of the whole picture.
        place: how far right it begins, and how much larger than life it is.
    """
    left, top = 0.0, 70.0
    failing = [link for link in graph.links if link.state == "fails"]
    yield f'<g transform="translate({place[0]:.0f} 0) scale({place[1]:.3f})">'
    counts = {"holds": graph.count("holds"), "open": graph.count("open"), "fails": len(failing)}
    yield f'<text class="title" x="{left:.0f}" y="{top:.0f}">{escape(title)}</text>'
    told = f"{len(graph.nodes)} skills, {len(graph.links)} triads"
    yield f'<text class="told" x="{left:.0f}" y="{top + 28:.0f}">{told}</text>'
    yield from _legend(left, top + 66, counts)
    y = top + 66 + 3 * 28 + 34
    if not failing:
        yield f'<text class="chain" x="{left:.0f}" y="{y:.0f}">Nothing fails.</text></g>'
        return
    room = int((height / place[1] - y - 40) // ROW)
    shown = len(failing) if len(failing) <= room else max(room - 1, 1)
    for number, link in enumerate(failing[:shown], 1):
        yield f'<g class="row"><circle cx="{left + 11:.0f}" cy="{y:.0f}" r="11" fill="{INK}"/>'
        yield f'<text class="number" x="{left + 11:.0f}" y="{y + 4.2:.1f}">{number}</text>'
        yield from _formula(link, left + 32, y - 2)
        reason = short("; ".join(link.reasons), 82)
        yield f'<text class="reason" x="{left + 32:.0f}" y="{y + 16:.0f}">{escape(reason)}</text></g>'
        y += ROW
    if shown < len(failing):
        rest = len(failing) - shown
        yield f'<text class="told" x="{left + 32:.0f}" y="{y + 2:.0f}">and {rest} more</text>'
    yield "</g>"


def _legend(left: float, top: float, counts: Mapping[str, int]) -> Iterator[str]:
    about = {
        "fails": "fail: the sum is not 0, or a file says otherwise (yellow)",
        "open": "are open: a member is missing or declares no trit",
        "holds": "hold",
    }
    for row, (state, told) in enumerate(about.items()):
        y = top + 28 * row
        yield f'<g class="{state}">'
        if state == "fails":
            yield f'<path class="edge" d="M{left:.0f} {y:.0f}h48"/>'
        for part, trit in enumerate((1, 0, -1)):
            line = f"M{left + 16 * part:.0f} {y:.0f}h16"
            yield f'<path class="thread" style="stroke-opacity:1" stroke="{COLORS[trit]}" d="{line}"/>'
        yield f'</g><text class="told" x="{left + 62:.0f}" y="{y + 5:.0f}">{counts[state]} {told}</text>'


def _formula(link: Link, x: float, y: float) -> Iterator[str]:
    longest = max(8, (62 - 4 * len(link.members)) // len(link.members))
    yield f'<text class="chain" x="{x:.0f}" y="{y:.0f}">'
    for number, (name, trit) in enumerate(link.members):
        if number:
            yield f'<tspan fill="{_PALE}"> ⊗ </tspan>'
        yield f'<tspan style="fill:{COLORS[trit]}">{escape(short(name, longest))} {signed(trit)}</tspan>'
    yield "</text>"


def signed(trit: int) -> str:
    """A trit with a proper minus."""
    return {1: "+1", 0: "0", -1: "−1"}[trit]


def escape(text: str) -> str:
    """Text as a page can hold it."""
    return for_html(visible(text))


def short(text: str, longest: int) -> str:
    """Text of at most so many letters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
