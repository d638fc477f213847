"""The walls of the house: which wing may use which, and a reader of the imports that are there.

`python -m tests.walls` draws the table into docs/architecture.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
MARKS = "<!-- walls:begin -->", "<!-- walls:end -->"

GROUND = "errors files lazy settings splitmix store version"

WALLS: dict[str, tuple[str, str]] = {
    "ground": ("", "errors, files, settings, model files, SplitMix64: everyone may use it"),
    "color": ("ground", "any input to sRGB; colour science"),
    "streams": ("ground color", "deterministic colours"),
    "palette": ("ground color", "the search, the formats, repainting"),
    "engine": ("ground", "Forward-Forward itself; knows no colour"),
    "taste": ("ground color streams palette engine", "what a person likes"),
    "rules": ("ground engine", "learning without backpropagation"),
    "rules.cells": ("ground color palette engine rules", "cells that grow a picture"),
    "skills": ("ground", "the linter of collections"),
    "verbs": ("ground color streams palette taste skills", "the table of verbs: plain data in and out"),
    "bridge": ("ground color palette engine taste skills verbs", "Python hosts the Java virtual machine"),
    "demo": ("ground color streams palette engine taste", "the main job on real colours"),
    "cli": ("ground color streams palette rules skills verbs bridge demo", "the ffcolor command"),
}
"""Every wing: the wings it may use, and what it is."""

PLACES = {
    "rules.cells": "ffcolor.rules.cells",
    "verbs": "ffcolor.doors",
    "cli": "ffcolor.doors.cli ffcolor.__main__ ffcolor_bridge.start",
    "bridge": "ffcolor_bridge",
    "ground": " ".join(f"ffcolor.{name}" for name in GROUND.split()),
}
"""Where a wing lives, if that is not the package of its name."""


PARTS: dict[str, dict[str, str]] = {
    "ffcolor.skills": {
        "reading": "",
        "checks": "reading",
        "fix": "reading checks",
        "solve": "reading checks fix",
        "tell": "",
    },
    "ffcolor.rules": {
        "*": "data parts",
        "data": "",
        "parts": "data",
        "graph": "parts",
        "cells": "parts",
        "parallel": "",
        "bench": "data parts",
    },
}
"""Inside a large wing: each folder, and those that it may use; ``"*"`` are the flat modules, none where it is not."""


class Import(NamedTuple):
    """One import: from a module, of a module, at a line; `name` is what is taken out of it, if that is no module."""

    source: str
    target: str
    name: str | None
    line: int


def modules() -> dict[str, Path]:
    """Every module of the product, by name."""
    found = {}
    for top in (ROOT / "ffcolor", ROOT / "bridge" / "ffcolor_bridge"):
        for path in sorted(top.rglob("*.py")):
            parts = path.relative_to(top.parent).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def wing_of(module: str) -> str | None:
    """The wing that a module belongs to: the longest place that holds it."""
    places = {place: wing for wing in WALLS for place in PLACES.get(wing, f"ffcolor.{wing}").split()}
    held = [place for place in places if module == place or module.startswith(place + ".")]
    return places[max(held, key=len)] if held else None


def faces(known: dict[str, Path]) -> dict[tuple[str, str], str]:
    """Where the names of lazy packages live: (package, name) to module."""
    found = {}
    for package, path in known.items():
        if path.name == "__init__.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    for alias in node.names:
                        inner = f"{node.module}.{alias.name}"
                        found[package, alias.name] = inner if inner in known else node.module
    return found


def imports(known: dict[str, Path]) -> Iterator[Import]:
    """Every import of one module of the product by another, wherever it stands; a lazy face's own list is none."""
    homes = faces(known)
    for source, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.name == "__init__.py":
            tree.body = [node for node in tree.body if not _is_for_types(node)]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                raise ValueError(
                    f"{source}, line {node.lineno}: relative imports are not read here; write the whole name"
                )
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name in known:
                        yield Import(source, alias.name, None, node.lineno)
            elif isinstance(node, ast.ImportFrom) and node.module in known:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    if inner in known:
                        yield Import(source, inner, None, node.lineno)
                    else:
                        yield Import(source, homes.get((node.module, alias.name), node.module), alias.name, node.lineno)


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def circles(edges: set[tuple[str, str]]) -> list[list[str]]:
    """The groups of modules that import each other, by Tarjan's algorithm (1972)."""
    graph: dict[str, set[str]] = {}
    for source, target in edges:
        graph.setdefault(source, set()).add(target)
        graph.setdefault(target, set())
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def sources() -> list[Path]:
    """Every Python file of the product and of its benchmarks."""
    return [path for top in ("ffcolor", "bridge", "benchmarks") for path in sorted((ROOT / top).rglob("*.py"))]


def long_files() -> list[str]:
    """The files of more than 300 lines."""
    return [path.name for path in sources() if path.read_text(encoding="utf-8").count("\n") > 300]


def long_functions() -> list[str]:
    """The functions of more than 60 lines, each with how many it has."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 60:
                    found.append(f"{path.name}, {node.name}: {lines} lines")
    return found


def picture() -> str:
    """The walls as a Mermaid diagram: an arrow from each wing to those that it may use; ground is under all."""
    lines = ["```mermaid", "flowchart TB"]
    for wing, (uses, about) in WALLS.items():
        lines.append(f'  {wing.replace(".", "_")}["<b>{wing}</b><br>{about}"]')
        through = {far for near in uses.split() for far in reach(near)}  # shown by way of another wing
        lines += [
            f"  {wing.replace('.', '_')} --> {each.replace('.', '_')}" for each in uses.split() if each not in through
        ]
    return "\n".join([*lines, "```"])


def reach(wing: str) -> set[str]:
    """All wings that a wing may use, in one step or several."""
    near = WALLS[wing][0].split()
    return set(near).union(*(reach(each) for each in near))


def drawn(text: str) -> str:
    """A page with the picture between its marks."""
    begin, end = MARKS
    return re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{picture()}\n{end}", text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit()
