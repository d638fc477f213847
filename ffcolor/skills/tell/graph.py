"""The triads of a collection as a graph: which hold, which are open, which fail, and the same for Graphviz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ffcolor.errors import visible
from ffcolor.skills.gf3 import NAMES, format_triad, format_trit
from ffcolor.skills.model import Collection, Skill, Triad

State = Literal["holds", "open", "fails"]
STATES: tuple[State, ...] = ("holds", "open", "fails")

COLORS: dict[int | None, str] = {1: "#d8433b", 0: "#2f9e63", -1: "#3b6fd0", None: "#9aa0ab"}
"""What each trit is drawn in; None is for skills without one."""


@dataclass(frozen=True, slots=True)
class Node:
    """A skill, or a name that triads speak of and no skill has."""

    name: str
    trit: int | None
    color: str | None
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A triad: its members with the trits that it states, whether it holds, and if not, why."""

    members: tuple[tuple[str, int], ...]
    state: State
    reasons: tuple[str, ...]
    wrong: frozenset[str]
    """The members whose own file says otherwise."""

    def __str__(self) -> str:
        return format_triad(self.members)


@dataclass(frozen=True, slots=True)
class Graph:
    """Skills in order of name, triads in the order in which they are stated, each once."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def count(self, state: State) -> int:
        """How many triads are in this state."""
        return sum(link.state == state for link in self.links)


def build(collection: Collection) -> Graph:
    """The graph of a collection as read.

    A triad *fails* when its trits do not sum to 0 or a member's own file says otherwise; it is *open* when a member
    declares no trit or is nowhere to be found. One that is unbalanced and says so is left out.
    """
    links: dict[tuple[tuple[str, int], ...], Link] = {}
    for skill in collection.skills:
        for triad in skill.triads:
            if triad.is_meant and triad.key not in links:
                links[triad.key] = _link(collection, skill, triad)
    nodes = {
        skill.name: Node(skill.name, skill.trit, skill.color, False)
        for skill in reversed(collection.skills)
        if not skill.context
    }
    for link in links.values():
        for name, _ in link.members:
            if name not in nodes:
                owner = collection.find(name)
                nodes[name] = Node(name, owner.trit if owner else None, owner.color if owner else None, owner is None)
    return Graph(tuple(nodes[name] for name in sorted(nodes)), tuple(links.values()))


def _link(collection: Collection, skill: Skill, triad: Triad) -> Link:
    wrong, open_ = {}, []
    for member in triad.members:
        owner = collection.find(member.name, skill.path)
        if owner is None:
            open_.append(f"{member.name} does not exist")
        elif owner.trit is None:
            open_.append(f"{member.name} declares no trit")
        elif owner.trit != member.trit:
            wrong[member.name] = f"{member.name} declares {format_trit(owner.trit)}"
    failed = list(wrong.values())
    if not triad.is_balanced:
        failed.insert(0, f"the trits sum to {triad.total:+d}")
    state: State = "fails" if failed else "open" if open_ else "holds"
    members = tuple((member.name, member.trit) for member in triad.members)
    return Link(members, state, tuple(failed + open_), frozenset(wrong))


def as_dot(graph: Graph) -> str:
    """Write the graph for Graphviz: a skill is a coloured node, a triad a point that its members hang on."""
    lines = [
        "graph triads {",
        "  graph [layout=sfdp, overlap=prism, outputorder=edgesfirst, bgcolor=white];",
        '  node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=10, fontcolor=white, penwidth=0];',
    ]
    for node in graph.nodes:
        told = "does not exist" if node.is_missing else NAMES[node.trit] if node.trit is not None else "no trit"
        style = ', style="dashed,rounded", penwidth=1, fontcolor="#555555"' if node.is_missing else ""
        lines.append(f'  {_quoted(node.name)} [fillcolor="{COLORS[node.trit]}", tooltip="{told}"{style}];')
    for number, link in enumerate(graph.links, 1):
        fails = link.state == "fails"
        shape = (
            'shape=circle, style=filled, fillcolor="#111111", width=0.2, label=""'
            if fails
            else "shape=point, width=0.05"
        )
        lines.append(f"  t{number} [{shape}, tooltip={_quoted('; '.join((str(link), *link.reasons)))}];")
        for name, trit in link.members:
            heavy = "penwidth=3" if fails else "penwidth=0.6"
            style = ", style=dashed" if name in link.wrong else ""
            lines.append(f'  t{number} -- {_quoted(name)} [color="{COLORS[trit]}", {heavy}{style}];')
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def ordered(graph: Graph) -> list[tuple[str, Sequence[Node]]]:
    """The nodes in sections: plus, ergodic, minus, without a trit, missing; in each, those that hang together."""
    sections: dict[str, list[Node]] = {"+1": [], "0": [], "-1": [], "none": [], "missing": []}
    for node in graph.nodes:
        key = "missing" if node.is_missing else "none" if node.trit is None else format_trit(node.trit)
        sections[key].append(node)
    place = {node.name: (i + 0.5) / len(nodes) for nodes in sections.values() for i, node in enumerate(nodes)}
    beside: dict[str, list[str]] = {node.name: [] for node in graph.nodes}
    for link in graph.links:
        for name, _ in link.members:
            beside[name] += [other for other, _ in link.members if other != name]
    for _ in range(24):
        for nodes in sections.values():
            wish = {
                node.name: sum(place[other] for other in beside[node.name]) / len(beside[node.name])
                if beside[node.name]
                else 2.0  # in no triad: last
                for node in nodes
            }
            nodes.sort(key=lambda node: (round(wish[node.name], 9), node.name))
            for i, node in enumerate(nodes):
                place[node.name] = (i + 0.5) / len(nodes)
    return [(key, nodes) for key, nodes in sections.items() if nodes]
