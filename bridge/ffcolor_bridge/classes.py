"""The bridge's few Java classes: where they are, and compiling them where a checkout has only their sources."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

_HERE = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = "ffcolor"
SOURCES = (
    os.path.join(os.path.dirname(_HERE), "java"),
    os.path.join(_HERE, "java"),
)  # a checkout; an installed package
CLASSES = os.path.join(_HERE, "java")
CLOJURE = (os.path.join(os.path.dirname(os.path.dirname(_HERE)), "clj", "src"), os.path.join(_HERE, "clj"))

MISSING = """\
the bridge's Java classes are not compiled and there is no javac to compile them: install a JDK (on Debian and Ubuntu,
sudo apt install default-jdk-headless), or install ffcolor from its wheel, which brings them"""


class CannotCompile(RuntimeError):  # noqa: N818 - it says what cannot be done
    """The classes are missing, and they cannot be compiled."""


def folder(homes: Iterable[str] = ()) -> str:
    """The folder that holds the compiled classes; they are compiled first if that is needed.

    Args:
        homes: folders of Javas whose javac may be used, besides the one on PATH.

    Raises:
        CannotCompile: they are missing and there is no javac, or it does not compile them.
    """
    source = next((place for place in SOURCES if os.path.isfile(os.path.join(place, _PACKAGE, "Main.java"))), None)
    if source is None:
        raise CannotCompile(f"ffcolor is not fully installed: {CLASSES} is missing")
    target = CLASSES
    if _fresh(source, target):
        return target
    if not os.access(_HERE, os.W_OK):
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        target = os.path.join(cache, "ffcolor", "java")
        if _fresh(source, target):
            return target
    compile_classes(source, target, homes)
    return target


def clojure() -> str:
    """The folder of the Clojure sources."""
    return next(place for place in CLOJURE if os.path.isdir(place))


def _fresh(source: str, target: str) -> bool:
    inside, made = os.path.join(source, _PACKAGE), os.path.join(target, _PACKAGE)
    try:
        for name in os.listdir(inside):
            if name.endswith(".java"):
                compiled = os.stat(os.path.join(made, name[:-5] + ".class")).st_mtime
                if source == SOURCES[0] and compiled < os.stat(os.path.join(inside, name)).st_mtime:
                    return False
    except OSError:
        return False
    return True


def compile_classes(source: str, target: str, homes: Iterable[str] = ()) -> None:
    """Compile all Java sources for Java 11 and newer; the classes appear in the target folder, each at once.

    Args:
        source: the folder with the package's folder.
        target: where to put the classes.
        homes: folders of Javas whose javac may be used, besides the one on PATH.

    Raises:
        CannotCompile: there is no javac, or it does not compile them.
    """
    import shutil
    import subprocess
    import tempfile

    compiler = next((path for home in homes if (path := shutil.which(os.path.join(home, "bin", "javac")))), None)
    compiler = compiler or shutil.which("javac")
    if compiler is None:
        raise CannotCompile(MISSING)
    inside = os.path.join(source, _PACKAGE)
    files = sorted(os.path.join(inside, name) for name in os.listdir(inside) if name.endswith(".java"))
    os.makedirs(os.path.join(target, _PACKAGE), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as made:
        command = [compiler, "--release", "11", "-encoding", "UTF-8", "-Xlint:-options", "-d", made, *files]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            raise CannotCompile(
                f"javac does not compile the bridge's Java classes:\n{done.stderr or done.stdout}".rstrip()
            )
        for name in os.listdir(os.path.join(made, _PACKAGE)):
            os.replace(os.path.join(made, _PACKAGE, name), os.path.join(target, _PACKAGE, name))


if __name__ == "__main__":
    print(folder(sys.argv[1:]))
