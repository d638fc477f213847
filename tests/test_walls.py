"""The walls of the house hold: no wing uses one that it may not, nothing is imported in a circle, files stay small."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from tests import walls

KNOWN = walls.modules()
IMPORTS = list(walls.imports(KNOWN))


def test_every_module_belongs_to_a_wing():
    assert [module for module in KNOWN if walls.wing_of(module) is None] == ["ffcolor"]


def test_the_reader_sees_what_it_should():
    seen = {(each.source, each.target) for each in IMPORTS}
    assert ("ffcolor.taste.picks", "ffcolor.color.read") in seen  # through a lazy face
    assert ("ffcolor.doors.cli.commands", "ffcolor.doors.sources") in seen
    assert ("ffcolor.palette.palette", "ffcolor.palette.formats.swatches") in seen  # inside a function
    assert walls.circles({("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")}) == [["a", "b", "c"]]
    assert walls.wing_of("ffcolor.doors.cli.parser") == "cli"
    assert walls.wing_of("ffcolor.doors.sources") == "verbs"


@pytest.mark.parametrize("wing", walls.WALLS)
def test_a_wing_uses_only_what_it_may(wing):
    allowed = {wing, *walls.WALLS[wing][0].split()}
    over = [
        f"{each.source}, line {each.line}: {each.target}"
        for each in IMPORTS
        if walls.wing_of(each.source) == wing and walls.wing_of(each.target) not in allowed
    ]
    assert not over


@pytest.mark.parametrize("package", walls.PARTS)
def test_inside_a_wing_no_arrow_runs_back_up(package):
    parts = walls.PARTS[package]
    over = []
    for each in IMPORTS:
        if each.source != package and each.source.startswith(package + ".") and each.target.startswith(package + "."):
            source, target = (name.split(".")[2] for name in (each.source, each.target))
            allowed = parts.get(source if source in parts else "*", "").split()
            if target in parts and target not in (source, *allowed):
                over.append(f"{each.source}, line {each.line}: {each.target}")
    assert not over


def test_the_walls_themselves_have_no_circle():
    edges = {(wing, used) for wing, (uses, _) in walls.WALLS.items() for used in uses.split()}
    assert not walls.circles(edges)


def test_nothing_is_imported_in_a_circle():
    assert not walls.circles({(each.source, each.target) for each in IMPORTS if each.source != each.target})


@pytest.mark.needs("torch")  # a wing lists what can be had
def test_what_a_wing_does_not_list_is_private():
    wrong = []
    for each in IMPORTS:
        wing = walls.wing_of(each.target)
        package = ".".join(each.target.split(".")[:2])
        inner = each.target.split(".")[2:3]
        at_home = each.source == package or each.source.startswith(package + ".")
        if wing in (None, "ground", "verbs", "cli", "bridge", "demo") or at_home or not inner:
            continue
        face = importlib.import_module(package).__all__
        listed = each.name in face or inner[0] in face
        if not listed or (each.name or "").startswith("_"):
            wrong.append(f"{each.source}, line {each.line}: {each.target} {each.name or ''}")
    assert not wrong


BY_NAME = {"ffcolor.lazy", "ffcolor.doors.verbs.table", "ffcolor.palette.formats.table", "ffcolor.rules.registry"}
"""What imports modules by name: the faces and tables, whose names are their own, and rules of other packages."""


def test_only_faces_and_tables_import_by_name():
    found = set()
    for module, path in KNOWN.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node).endswith(
                ("import_module", "__import__")
            ):
                found.add(module)
    assert found <= BY_NAME


def test_a_face_shows_its_own_wing():
    for package, path in KNOWN.items():
        if path.name == "__init__.py" and package not in (
            "ffcolor",
            "ffcolor.streams",
        ):  # which shows the ground's SplitMix
            tree = ast.parse(path.read_text(encoding="utf-8"))
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "face"]
            homes = [each.value for call in calls for each in ast.walk(call) if isinstance(each, ast.Constant)]
            assert not [home for home in homes if isinstance(home, str) and home.startswith(".")], package


def test_few_modules_lie_flat():
    flat = [path for path in KNOWN.values() if path.parent.name == "ffcolor"]
    assert len(flat) <= 9


def test_files_and_functions_stay_small():
    assert len(walls.long_files()) <= 6
    assert not walls.long_functions()


def test_the_page_shows_these_walls():
    text = walls.PAGE.read_text(encoding="utf-8")
    assert walls.drawn(text) == text
    assert all(mark in text for mark in walls.MARKS)
    assert all(f"**{wing}**" in text for wing in walls.WALLS)


def test_every_file_that_the_page_names_is_there():
    named = set(re.findall(r"`([\w/]+(?:\.(?:py|clj|java)|/))`", walls.PAGE.read_text(encoding="utf-8")))
    folders = ("ffcolor", "bridge", "clj/src", "docs", "tests", "benchmarks")
    there = [
        f"/{path.relative_to(walls.ROOT).as_posix()}/" for top in folders for path in (walls.ROOT / top).rglob("*")
    ]
    assert len(named) > 60
    assert not [name for name in named if not any(f"/{name.rstrip('/')}/" in path for path in there)]
