"""The walls of the linter: what each of its parts may import, and that no import runs in a circle."""

import ast
from pathlib import Path

import pytest

import ffcolor.skills

HOUSE = Path(ffcolor.skills.__file__).parents[1]
GROUND = {"errors", "files", "settings", "store", "version"}
BELOW = {  # what each part may import beside the flat modules and itself
    "reading": set(),
    "checks": {"reading"},
    "fix": {"reading", "checks"},
    "solve": {"reading"},
    "tell": set(),
}
FLAT = {"catalog", "edn", "gf3", "lock", "model"}
MODULES = sorted((HOUSE / "skills").rglob("*.py"))


def imported(path):
    """The names of the modules of ffcolor that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] == "ffcolor")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ffcolor":
            for each in node.names:
                inner = HOUSE.parent / (node.module.replace(".", "/") + f"/{each.name}.py")
                yield f"{node.module}.{each.name}" if inner.is_file() else node.module


def part_of(path):
    inside = path.relative_to(HOUSE / "skills").parts
    return inside[0] if len(inside) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_imports_the_ground_and_what_lies_below_it(path):
    if path == HOUSE / "skills" / "__init__.py":
        return  # the face: it imports on first use
    part = part_of(path)
    for name in imported(path):
        words = name.split(".")[1:]
        if words[0] != "skills":
            assert words[0] in GROUND, name
        elif words[1] not in FLAT:
            assert part, f"{path.name} is flat and imports {name}"
            assert words[1] in BELOW[part] | {part}, name


def test_no_import_runs_in_a_circle():
    names = {".".join(("ffcolor", *path.relative_to(HOUSE).with_suffix("").parts)): path for path in MODULES}
    arrows = {
        name: {each for each in imported(path) if each in names}
        for name, path in names.items()
        if not name.endswith("__init__")
    }
    done = set()
    while arrows:
        leaves = {name for name, below in arrows.items() if not below - done}
        assert leaves, f"a circle among {sorted(arrows)}"
        done |= leaves
        arrows = {name: below for name, below in arrows.items() if name not in leaves}


def test_files_and_functions_are_short():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert node.end_lineno - node.lineno < 60, f"{path}: {node.name}"
