"""The picture of a collection: skills around a circle in sections by trit, triads as threads that meet inside.

What holds is pale and thin; what fails is dark, thick and numbered, and the numbers are explained beside the circle.
The same collection gives the same picture, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Any

from ffcolor.errors import visible
from ffcolor.skills.tell.graph import COLORS, Graph, Link, Node, ordered
from ffcolor.skills.tell.knots import Point, spread
from ffcolor.skills.tell.picture_page import page
from ffcolor.skills.tell.picture_panel import INK, PAPER, ROW, escape, panel, short, signed

_GREY, _PALE, _MARK = "#5d6470", "#b4bac4", "#ffc400"
_TITLES = {"+1": "PLUS +1", "0": "ERGODIC 0", "-1": "MINUS −1", "none": "NO TRIT", "missing": "MISSING"}
_SPACING = 12.5  # pixels of the circle for each skill
_GAP = 0.05  # between sections, radians
_LETTER = 5.7  # width of a letter of a label
_LONGEST = 34  # letters of a label
_MANY, _ALONE = 120, 0.25  # of more skills than these, those in no triad get less room, and no label
_PANEL = 560
_STYLE = f"""
text {{ font-family: "Inter", "Helvetica Neue", "Segoe UI", Arial, sans-serif; fill: {INK}; }}
.name {{ font-size: 10.5px; fill: {_GREY}; }}
.bad.name {{ fill: {INK}; font-weight: 700; }}
.alone.name {{ fill: {_PALE}; }}
.section {{ font-size: 15px; font-weight: 700; letter-spacing: .12em; }}
.thread {{ fill: none; stroke-width: 1.1; stroke-opacity: .3; }}
.open .thread {{ stroke-dasharray: 2 4; stroke-opacity: .45; }}
.halo {{ fill: none; stroke: {PAPER}; stroke-width: 11; stroke-opacity: .85; stroke-linecap: round; }}
.edge {{ fill: none; stroke: {INK}; stroke-width: 6.5; stroke-linecap: round; }}
.fails .thread {{ stroke-width: 3.6; stroke-opacity: 1; stroke-linecap: round; }}
.fails .thread.wrong {{ stroke: {_MARK}; stroke-dasharray: 9 7; stroke-linecap: butt; }}
.knot {{ fill: {_GREY}; fill-opacity: .55; }}
.number {{ font-size: 12px; font-weight: 700; fill: {PAPER}; text-anchor: middle; }}
.title {{ font-size: 30px; font-weight: 700; }}
.told {{ font-size: 15px; fill: {_GREY}; }}
.chain {{ font-size: 13px; font-weight: 600; }}
.reason {{ font-size: 12.5px; fill: {_GREY}; }}
"""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a skill stands on the circle."""

    node: Node
    angle: float
    section: str
    room: float
    """How much of the circle it has: 1 is as much as any skill in a triad."""


def as_svg(graph: Graph, title: str = "Triads") -> str:
    """Draw a graph as one self-contained SVG.

    Args:
        graph: of a collection.
        title: what stands above the explanations.
    """
    return _Picture(graph, title).svg()


def as_html(graph: Graph, title: str = "Triads") -> str:
    """The same picture as one self-contained page, with a search, filters, and labels of one size at any distance."""
    drawn = _Picture(graph, title)
    return page(escape(title), drawn.svg(is_page=True), drawn.data())


class _Picture:
    def __init__(self, graph: Graph, title: str):
        self.graph, self.title = graph, title
        self.sections = ordered(graph)
        self.linked = {name for link in graph.links for name, _ in link.members}
        self.is_crowded = len(graph.nodes) > _MANY
        alone = _ALONE if self.is_crowded else 1.0
        self.rooms = {node.name: 1.0 if node.name in self.linked else alone for node in graph.nodes}
        rooms = max(sum(self.rooms.values()), 1.0)
        self.step = (2 * pi - _GAP * len(self.sections)) / rooms
        self.radius = max(260.0, _SPACING / self.step)
        longest = max((min(len(node.name), _LONGEST) for node in graph.nodes), default=0)
        self.reach = self.radius + 26 + longest * _LETTER
        self.middle = self.reach + 80
        self.scale = max(1.0, 2 * self.middle / 1200)  # of the explanations
        self.spots = {spot.node.name: spot for spot in self._spots()}
        self.failing = [link for link in graph.links if link.state == "fails"]
        self.height = max(2 * self.middle, 300 + ROW * min(len(self.failing), 12) + 60)
        self.bad = {name for link in self.failing for name, _ in link.members}
        self.knots = self._knots()

    def _spots(self) -> Iterator[_Spot]:
        angle = -pi / 2 + _GAP / 2
        for section, nodes in self.sections:
            for node in nodes:
                room = self.rooms[node.name]
                yield _Spot(node, angle + room * self.step / 2, section, room)
                angle += room * self.step
            angle += _GAP

    def _at(self, angle: float, radius: float) -> Point:
        return self.middle + radius * cos(angle), self.middle + radius * sin(angle)

    def _knots(self) -> list[Point]:
        """Where the threads of each triad meet."""
        homes = []
        for link in self.graph.links:
            points = [self._at(self.spots[name].angle, self.radius) for name, _ in link.members]
            homes.append(tuple(sum(each) / len(points) - self.middle for each in zip(*points, strict=True)))
        return [(x + self.middle, y + self.middle) for x, y in spread(homes, self.radius)]

    def data(self) -> dict[str, Any]:
        """What the page has to know: skills in the order in which they are drawn, triads in that of the graph."""
        order = {name: number for number, name in enumerate(self.spots)}
        skills = [
            {"name": visible(spot.node.name), "section": spot.section, "angle": round(spot.angle, 4)}
            for spot in self.spots.values()
        ]
        triads = [
            {
                "members": [[order[name], trit] for name, trit in link.members],
                "state": link.state,
                "reasons": [visible(reason) for reason in link.reasons],
                "number": self.failing.index(link) + 1 if link.state == "fails" else 0,
            }
            for link, _ in self._in_order()
        ]
        sections = [[key, _TITLES[key], COLORS[nodes[0].trit]] for key, nodes in self.sections]
        colors = {str(trit): color for trit, color in COLORS.items()}
        where = {"middle": round(self.middle, 1), "radius": round(self.radius, 1)}
        return {"skills": skills, "triads": triads, "sections": sections, "colors": colors, **where}

    def svg(self, *, is_page: bool = False) -> str:
        width, rows = 2 * self.middle + _PANEL * self.scale * (not is_page), self.height
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {rows:.0f}" '
            f'width="{width:.0f}" height="{rows:.0f}" role="img" aria-label="{escape(self.title)}">',
            f"<style>{_STYLE}</style>",
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            *self._bands(),
            *(part for link, knot in self._in_order() for part in self._threads(link, knot)),
            *self._names(is_page),
            *(() if is_page else panel(self.graph, self.title, self.height, (2 * self.middle, self.scale))),
            "</svg>\n",
        ]
        return "\n".join(parts)

    def _in_order(self) -> list[tuple[Link, Point]]:
        """Failing triads last, so that they lie on top."""
        pairs = list(zip(self.graph.links, self.knots, strict=True))
        return [pair for fails in (False, True) for pair in pairs if (pair[0].state == "fails") == fails]

    def _bands(self) -> Iterator[str]:
        for section, nodes in self.sections:
            color = COLORS[nodes[0].trit]
            spots = [self.spots[node.name] for node in (nodes[0], nodes[-1])]
            first, last = (
                spot.angle + way * spot.room * self.step / 2 for way, spot in zip((-1, 1), spots, strict=True)
            )
            dash = ' stroke-dasharray="2 3"' if section == "missing" else ""
            yield (
                f'<path d="{self._arc(first, last, self.radius)}" fill="none" stroke="{color}" stroke-width="13" '
                f'stroke-opacity=".28"{dash}/>'
            )
            title = f"{_TITLES[section]} · {len(nodes)}"
            middle = (first + last) / 2
            below = sin(middle) > 0
            half = max(len(title) * 13 * self.scale / 2 / self.reach, (last - first) / 2)
            ends = (middle + half, middle - half) if below else (middle - half, middle + half)
            apart = 22 * self.scale if section == "missing" else 0.0  # it may be too near another small section
            path = self._arc(*ends, self.reach + apart + (16 + 14 * self.scale if below else 18))
            ident = f"section{list(_TITLES).index(section)}"
            yield f'<path id="{ident}" d="{path}" fill="none"/>'
            yield (
                f'<text class="section" style="fill:{color};font-size:{15 * self.scale:.0f}px">'
                f'<textPath href="#{ident}" startOffset="50%" text-anchor="middle">{escape(title)}</textPath></text>'
            )

    def _arc(self, start: float, end: float, radius: float) -> str:
        middle = (start + end) / 2
        (x1, y1), (x2, y2), (x3, y3) = (self._at(angle, radius) for angle in (start, middle, end))
        turn = int(end > start)
        r = f"{radius:.1f} {radius:.1f} 0 0 {turn}"
        return f"M{x1:.1f} {y1:.1f}A{r} {x2:.1f} {y2:.1f}A{r} {x3:.1f} {y3:.1f}"

    def _threads(self, link: Link, knot: Point) -> Iterator[str]:
        told = "; ".join((str(link), *link.reasons))
        members = escape(" ".join(name for name, _ in link.members))
        yield f'<g class="triad {link.state}" data-members="{members}"><title>{escape(told)}</title>'
        curves = [(name, trit, self._curve(self.spots[name].angle, knot)) for name, trit in link.members]
        if link.state == "fails":
            for kind in ("halo", "edge"):
                yield from (f'<path class="{kind}" d="{curve}"/>' for _, _, curve in curves)
        for name, trit, curve in curves:
            wrong = " wrong" if name in link.wrong else ""
            yield f'<path class="thread{wrong}" stroke="{COLORS[trit]}" d="{curve}"/>'
        x, y = knot
        if link.state == "fails":
            number = self.failing.index(link) + 1
            yield f'<g transform="translate({x:.1f} {y:.1f})"><g class="badge" transform="scale({self.scale:.3f})">'
            yield f'<circle r="11" fill="{INK}" stroke="{PAPER}"/><text class="number" y="4.2">{number}</text>'
            yield "</g></g>"
        else:
            yield f'<circle class="knot" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>'
        yield "</g>"

    def _curve(self, angle: float, knot: Point) -> str:
        x, y = self._at(angle, self.radius - 8)
        bend = 0.62 * hypot(x - knot[0], y - knot[1])
        cx, cy = self._at(angle, max(self.radius - 8 - bend, 0.0))
        return f"M{x:.1f} {y:.1f}Q{cx:.1f} {cy:.1f} {knot[0]:.1f} {knot[1]:.1f}"

    def _names(self, is_page: bool) -> Iterator[str]:
        for spot in self.spots.values():
            node = spot.node
            x, y = self._at(spot.angle, self.radius)
            kind = "bad " if node.name in self.bad else "" if node.name in self.linked else "alone "
            fill = "none" if node.is_missing else node.color or COLORS[node.trit]
            stroke = INK if node.name in self.bad else COLORS[node.trit]
            turn, anchor, away = spot.angle * 180 / pi, "start", 1.3
            if cos(spot.angle) < 0:
                turn, anchor, away = turn + 180, "end", -1.3
            size = 4.2 if spot.room == 1 else 2.4
            yield (
                f'<g class="skill" data-name="{escape(node.name)}"><title>{escape(_about(node))}</title>'
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{fill}" stroke="{stroke}" stroke-width="1.4"/>'
            )
            if spot.room == 1 or is_page:
                yield (
                    f'<g class="label"><text class="{kind}name" x="{x:.1f}" y="{y:.1f}" dx="{away}em" dy=".34em" '
                    f'text-anchor="{anchor}" transform="rotate({turn:.2f} {x:.1f} {y:.1f})">'
                    f"{escape(short(node.name, _LONGEST))}</text></g>"
                )
            yield "</g>"


def _about(node: Node) -> str:
    if node.is_missing:
        return f"{node.name}: does not exist"
    trit = "no trit" if node.trit is None else signed(node.trit)
    return f"{node.name}: {trit}{', ' + node.color if node.color else ''}"
