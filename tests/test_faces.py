"""The faces of packages: what Python finds in them and what type checkers read there is the same."""

from __future__ import annotations

import ast
import importlib

import pytest

from tests import walls

KNOWN = walls.modules()
FACES = [
    package
    for package, path in KNOWN.items()
    if path.name == "__init__.py" and "= face(" in path.read_text(encoding="utf-8")
]
WITH_TORCH = ("ffcolor", "ffcolor.engine", "ffcolor.rules")


def told(package: str) -> dict[str, str]:
    """The names that a face's `if TYPE_CHECKING` imports, and where from."""
    found = {}
    for block in ast.parse(KNOWN[package].read_text(encoding="utf-8")).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for node in block.body:
                assert isinstance(node, ast.ImportFrom)
                assert all(each.name == each.asname for each in node.names), ast.unparse(node)  # or it is not public
                found |= {each.name: str(node.module) for each in node.names}
    return found


def test_there_are_faces():
    assert len(FACES) > 15


@pytest.mark.parametrize("package", FACES)
def test_type_checkers_are_told_what_a_face_lists(package):
    names, public = told(package).keys(), set(importlib.import_module(package).__all__)
    assert not public - names, f"`if TYPE_CHECKING` of {package} lacks: from … import name as name"
    assert not names - public, f"the face of {package} does not list what its `if TYPE_CHECKING` imports"


@pytest.mark.parametrize(
    "package",
    [
        pytest.param(each, marks=pytest.mark.needs("torch"))
        if each in WITH_TORCH or each.startswith("ffcolor.rules.")
        else each
        for each in FACES
    ],
)
def test_what_type_checkers_are_told_is_what_there_is(package):
    face = importlib.import_module(package)
    for name, home in told(package).items():
        if f"{home}.{name}" in KNOWN:
            assert getattr(face, name) is importlib.import_module(f"{home}.{name}"), name
        else:
            assert getattr(face, name) is getattr(importlib.import_module(home), name), name
