"""For the tests that run Java programs: compiling them, and running one under java and under ffcolor-java."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ffcolor_bridge import classes

JAVA = shutil.which("java") or ""
FFCOLOR_JAVA = os.path.join(sysconfig.get_path("scripts"), "ffcolor-java")
SOURCES = Path(__file__).parent / "java"

needs_jdk = pytest.mark.needs("java", "javac")
needs_clojure = pytest.mark.needs("java", "javac", "clojure.jar")


@functools.cache
def compiled() -> str:
    """The folder with the compiled test programs."""
    folder = tempfile.mkdtemp(prefix="ffcolor-test-")
    sources = sorted(map(str, SOURCES.glob("*.java")))
    command = ["javac", "-nowarn", "-encoding", "UTF-8", "-cp", classes.folder(), "-d", folder, *sources]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what changes a Java start, and with what is given."""
    changes = {"CLASSPATH", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "FFCOLOR_JAVA_HOME", "JAVA_HOME"}
    return {name: value for name, value in os.environ.items() if name not in changes} | more


def run(
    command: Sequence[str], *, env: dict[str, str] | None = None, timeout: int = 300, **more: Any
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout,
        env=environment() if env is None else env,
        check=False,
        **more,
    )
    return done.returncode, done.stdout, done.stderr


def life(*arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    return [*options, "-cp", compiled(), "Life", *arguments]


def both(arguments: list[str], **more: Any) -> tuple[int, str, str]:
    """What java and ffcolor-java do, which has to be the same."""
    expected = run([JAVA, *arguments], **more)
    assert run([FFCOLOR_JAVA, *arguments], **more) == expected
    return expected
