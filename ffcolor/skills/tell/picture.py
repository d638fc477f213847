"""The picture of a collection: skills around a circle in sections by trit, triads as threads that meet inside.

What holds is pale and thin; what fails is dark, thick and numbered, and the numbers are explained beside the circle.
The same collection gives the same picture, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape as for_html
from math import cos, hypot, pi, sin

from ffcolor.files import visible
from ffcolor.skills.tell.graph import COLORS, Graph, Link, Node, ordered
from ffcolor.skills.tell.knots import Point, spread
from ffcolor.skills.tell.picture_page import PAGE, SCRIPT

_INK, _GREY, _PALE, _PAPER, _MARK = "#14161a", "#5d6470", "#b4bac4", "#ffffff", "#ffc400"
_TITLES = {"+1": "PLUS +1", "0": "ERGODIC 0", "-1": "MINUS −1", "none": "NO TRIT", "missing": "MISSING"}
_SPACING = 12.5  # pixels of the circle for each skill
_GAP = 0.05  # between sections, radians
_LETTER = 5.7  # width of a letter of a label
_LONGEST = 34  # letters of a label
_PANEL = 560
_ROW = 52
_STYLE = f"""
text {{ font-family: "Inter", "Helvetica Neue", "Segoe UI", Arial, sans-serif; fill: {_INK}; }}
.name {{ font-size: 10.5px; fill: {_GREY}; }}
.bad.name {{ fill: {_INK}; font-weight: 700; }}
.alone.name {{ fill: {_PALE}; }}
.section {{ font-size: 15px; font-weight: 700; letter-spacing: .12em; }}
.thread {{ fill: none; stroke-width: 1.1; stroke-opacity: .3; }}
.open .thread {{ stroke-dasharray: 2 4; stroke-opacity: .45; }}
.halo {{ fill: none; stroke: {_PAPER}; stroke-width: 11; stroke-opacity: .85; stroke-linecap: round; }}
.edge {{ fill: none; stroke: {_INK}; stroke-width: 6.5; stroke-linecap: round; }}
.fails .thread {{ stroke-width: 3.6; stroke-opacity: 1; stroke-linecap: round; }}
.fails .thread.wrong {{ stroke: {_MARK}; stroke-dasharray: 9 7; stroke-linecap: butt; }}
.knot {{ fill: {_GREY}; fill-opacity: .55; }}
.number {{ font-size: 12px; font-weight: 700; fill: {_PAPER}; text-anchor: middle; }}
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


def as_svg(graph: Graph, title: str = "Triads") -> str:
    """Draw a graph as one self-contained SVG.

    Args:
        graph: of a collection.
        title: what stands above the explanations.
    """
    return _Picture(graph, title).svg()


def as_html(graph: Graph, title: str = "Triads") -> str:
    """The same picture as one self-contained page: pointing at a skill shows its triads, the wheel comes closer."""
    return PAGE.format(title=_escape(title), svg=as_svg(graph, title), script=SCRIPT)


class _Picture:
    def __init__(self, graph: Graph, title: str):
        self.graph, self.title = graph, title
        self.sections = ordered(graph)
        count = max(len(graph.nodes), 1)
        self.radius = max(260.0, count * _SPACING / (2 * pi - _GAP * len(self.sections)))
        longest = max((min(len(node.name), _LONGEST) for node in graph.nodes), default=0)
        self.reach = self.radius + 26 + longest * _LETTER
        self.middle = self.reach + 80
        self.scale = max(1.0, 2 * self.middle / 1200)  # of the explanations
        self.spots = {spot.node.name: spot for spot in self._spots()}
        self.failing = [link for link in graph.links if link.state == "fails"]
        self.height = max(2 * self.middle, 300 + _ROW * min(len(self.failing), 12) + 60)
        self.bad = {name for link in self.failing for name, _ in link.members}
        self.linked = {name for link in graph.links for name, _ in link.members}
        self.knots = self._knots()

    def _spots(self) -> Iterator[_Spot]:
        count = max(len(self.graph.nodes), 1)
        step = (2 * pi - _GAP * len(self.sections)) / count
        angle = -pi / 2 + _GAP / 2
        for section, nodes in self.sections:
            for i, node in enumerate(nodes):
                yield _Spot(node, angle + (i + 0.5) * step, section)
            angle += len(nodes) * step + _GAP

    def _at(self, angle: float, radius: float) -> Point:
        return self.middle + radius * cos(angle), self.middle + radius * sin(angle)

    def _knots(self) -> list[Point]:
        """Where the threads of each triad meet."""
        homes = []
        for link in self.graph.links:
            points = [self._at(self.spots[name].angle, self.radius) for name, _ in link.members]
            homes.append(tuple(sum(each) / len(points) - self.middle for each in zip(*points, strict=True)))
        return [(x + self.middle, y + self.middle) for x, y in spread(homes, self.radius)]

    def svg(self) -> str:
        width, rows = 2 * self.middle + _PANEL * self.scale, self.height
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {rows:.0f}" '
            f'width="{width:.0f}" height="{rows:.0f}" role="img" aria-label="{_escape(self.title)}">',
            f"<style>{_STYLE}</style>",
            f'<rect width="100%" height="100%" fill="{_PAPER}"/>',
            *self._bands(),
            *(part for link, knot in self._in_order() for part in self._threads(link, knot)),
            *self._names(),
            *self._panel(),
            "</svg>\n",
        ]
        return "\n".join(parts)

    def _in_order(self) -> list[tuple[Link, Point]]:
        """Failing triads last, so that they lie on top."""
        pairs = list(zip(self.graph.links, self.knots, strict=True))
        return [pair for fails in (False, True) for pair in pairs if (pair[0].state == "fails") == fails]

    def _bands(self) -> Iterator[str]:
        step = (2 * pi - _GAP * len(self.sections)) / max(len(self.graph.nodes), 1)
        for section, nodes in self.sections:
            color = COLORS[nodes[0].trit]
            first, last = (self.spots[node.name].angle for node in (nodes[0], nodes[-1]))
            first, last = first - step / 2, last + step / 2
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
                f'<textPath href="#{ident}" startOffset="50%" text-anchor="middle">{_escape(title)}</textPath></text>'
            )

    def _arc(self, start: float, end: float, radius: float) -> str:
        middle = (start + end) / 2
        (x1, y1), (x2, y2), (x3, y3) = (self._at(angle, radius) for angle in (start, middle, end))
        turn = int(end > start)
        r = f"{radius:.1f} {radius:.1f} 0 0 {turn}"
        return f"M{x1:.1f} {y1:.1f}A{r} {x2:.1f} {y2:.1f}A{r} {x3:.1f} {y3:.1f}"

    def _threads(self, link: Link, knot: Point) -> Iterator[str]:
        told = "; ".join((str(link), *link.reasons))
        members = _escape(" ".join(name for name, _ in link.members))
        yield f'<g class="triad {link.state}" data-members="{members}"><title>{_escape(told)}</title>'
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
            yield f'<g transform="translate({x:.1f} {y:.1f}) scale({self.scale:.3f})">'
            yield f'<circle r="11" fill="{_INK}" stroke="{_PAPER}"/><text class="number" y="4.2">{number}</text></g>'
        else:
            yield f'<circle class="knot" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>'
        yield "</g>"

    def _curve(self, angle: float, knot: Point) -> str:
        x, y = self._at(angle, self.radius - 8)
        bend = 0.62 * hypot(x - knot[0], y - knot[1])
        cx, cy = self._at(angle, max(self.radius - 8 - bend, 0.0))
        return f"M{x:.1f} {y:.1f}Q{cx:.1f} {cy:.1f} {knot[0]:.1f} {knot[1]:.1f}"

    def _names(self) -> Iterator[str]:
        for spot in self.spots.values():
            node = spot.node
            x, y = self._at(spot.angle, self.radius)
            kind = "bad " if node.name in self.bad else "" if node.name in self.linked else "alone "
            fill = "none" if node.is_missing else node.color or COLORS[node.trit]
            stroke = _INK if node.name in self.bad else COLORS[node.trit]
            label = node.name if len(node.name) <= _LONGEST else node.name[: _LONGEST - 1] + "…"
            tx, ty = self._at(spot.angle, self.radius + 14)
            turn, anchor = spot.angle * 180 / pi, "start"
            if cos(spot.angle) < 0:
                turn, anchor = turn + 180, "end"
            yield (
                f'<g class="skill" data-name="{_escape(node.name)}"><title>{_escape(_about(node))}</title>'
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="{fill}" stroke="{stroke}" stroke-width="1.4"/>'
                f'<text class="{kind}name" x="{tx:.1f}" y="{ty:.1f}" dy=".34em" text-anchor="{anchor}" '
                f'transform="rotate({turn:.2f} {tx:.1f} {ty:.1f})">{_escape(label)}</text></g>'
            )

    def _panel(self) -> Iterator[str]:
        left, top = 0.0, 70.0
        yield f'<g transform="translate({2 * self.middle:.0f} 0) scale({self.scale:.3f})">'
        counts = {"holds": self.graph.count("holds"), "open": self.graph.count("open"), "fails": len(self.failing)}
        yield f'<text class="title" x="{left:.0f}" y="{top:.0f}">{_escape(self.title)}</text>'
        told = f"{len(self.graph.nodes)} skills, {len(self.graph.links)} triads"
        yield f'<text class="told" x="{left:.0f}" y="{top + 28:.0f}">{told}</text>'
        yield from self._legend(left, top + 66, counts)
        y = top + 66 + 3 * 28 + 34
        if not self.failing:
            yield f'<text class="chain" x="{left:.0f}" y="{y:.0f}">Nothing fails.</text></g>'
            return
        room = int((self.height / self.scale - y - 40) // _ROW)
        shown = len(self.failing) if len(self.failing) <= room else max(room - 1, 1)
        for number, link in enumerate(self.failing[:shown], 1):
            yield f'<g class="row"><circle cx="{left + 11:.0f}" cy="{y:.0f}" r="11" fill="{_INK}"/>'
            yield f'<text class="number" x="{left + 11:.0f}" y="{y + 4.2:.1f}">{number}</text>'
            yield from _formula(link, left + 32, y - 2)
            reason = _short("; ".join(link.reasons), 82)
            yield f'<text class="reason" x="{left + 32:.0f}" y="{y + 16:.0f}">{_escape(reason)}</text></g>'
            y += _ROW
        if shown < len(self.failing):
            rest = len(self.failing) - shown
            yield f'<text class="told" x="{left + 32:.0f}" y="{y + 2:.0f}">and {rest} more</text>'
        yield "</g>"

    def _legend(self, left: float, top: float, counts: Mapping[str, int]) -> Iterator[str]:
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
        yield f'<tspan style="fill:{COLORS[trit]}">{_escape(_short(name, longest))} {_signed(trit)}</tspan>'
    yield "</text>"


def _signed(trit: int) -> str:
    return {1: "+1", 0: "0", -1: "−1"}[trit]


def _about(node: Node) -> str:
    if node.is_missing:
        return f"{node.name}: does not exist"
    trit = "no trit" if node.trit is None else _signed(node.trit)
    return f"{node.name}: {trit}{', ' + node.color if node.color else ''}"


def _escape(text: str) -> str:
    """Text as a page can hold it."""
    return for_html(visible(text))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
