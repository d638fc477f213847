"""Who may import whom: rules stand on the ground and the engine, their folders on each other in one direction only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WING = ROOT / "ffcolor" / "rules"
GROUND = {"errors", "files", "settings", "store", "version", "splitmix"}
ALLOWED = {"cells": {"color", "palette", "repaint"}, "parallel": {"engine"}, "jax_twin": {"engine"}}
BELOW = {
    "protocol": set(),
    "face": set(),
    "registry": set(),
    "data": {"protocol", "face"},
    "parts": {"protocol", "data"},
    "graph": {"protocol", "face", "parts"},
    "cells": {"protocol", "face", "parts"},
    "parallel": {"protocol", "face"},
    "bench": {"protocol", "face", "registry", "data", "parts", "backprop"},
    "__init__": {"face", "registry"},
}
"""What each folder or module may import of the wing; a rule may import the protocol, data and parts."""
FILES = sorted(WING.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The modules of ffcolor that a file imports anywhere, but for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ffcolor") and id(node) not in for_types:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                place = ROOT.joinpath(*name.split("."))
                is_module = place.with_suffix(".py").exists() or (place / "__init__.py").exists()
                found.add(name if is_module else str(node.module))
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("ffcolor")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(WING)))
def test_walls(path):
    folder = path.relative_to(WING).with_suffix("").parts[0]
    below = BELOW.get(folder, {"protocol", "data", "parts"}) | {folder}
    for name in imports(path):
        wing, *rest = name.split(".")[1:]
        if wing == "rules":
            assert {*rest[:1]} <= below, f"{folder} must not import {name}"
        else:
            assert wing in GROUND | ALLOWED.get(folder, set()), f"{folder} must not import {name}"


def test_no_circles():
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
    graph = {name: imports(path) & modules.keys() - {name} for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, way: list[str]) -> None:
        assert name not in way, " -> ".join([*way, name])
        if name not in done:
            for other in graph[name]:
                visit(other, [*way, name])
            done.add(name)

    for name in modules:
        visit(name, [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(WING)))
def test_files_and_functions_are_short(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
