"""Find Clojure and nREPL: in the project, in Maven's local repository, in Debian's packages, or beside another tool.

A place holds Clojure if its class files are in it, whatever it is called; so a project's own classpath, an uberjar and
a folder of classes all count.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from ffcolor.errors import FfcolorError

CLOJURE, NREPL = "clojure/main.class", "nrepl/server.clj"

_ARTIFACTS = {CLOJURE: ("org.clojure", "clojure"), NREPL: ("nrepl", "nrepl")}
_INSTALL = {
    CLOJURE: "apt install clojure, brew install clojure, or see https://clojure.org/guides/install_clojure",
    NREPL: "apt install libnrepl-clojure, or add nrepl/nrepl to the project",
}
_NAMES = {CLOJURE: "Clojure", NREPL: "nREPL"}
_TOOLS = (  # jars of other tools that carry Clojure, and some nREPL
    "~/.lein/self-installs/leiningen-*-standalone.jar",
    "/usr/local/lib/clojure/libexec/clojure-tools-*.jar",
    "/opt/homebrew/Cellar/clojure/*/libexec/clojure-tools-*.jar",
    "/usr/local/Cellar/clojure/*/libexec/clojure-tools-*.jar",
    "/home/linuxbrew/.linuxbrew/Cellar/clojure/*/libexec/clojure-tools-*.jar",
)
_PATIENCE = 300  # seconds for lein or clojure, which may have to download the project's dependencies


class Classpath(NamedTuple):
    """A classpath, and where it was found, in words."""

    entries: list[str]
    source: str


def find(
    given: str | None = None,
    *,
    wanted: Sequence[str] = (CLOJURE,),
    folder: Path | None = None,
    say: Callable[[str], None] = lambda line: print(line, file=sys.stderr),
) -> Classpath:
    """Find a classpath with what is wanted.

    Args:
        given: a classpath as java takes it, which then comes first instead of the project's; what it lacks is added.
        wanted: what has to be in it: `CLOJURE`, `NREPL`.
        folder: where to look for a project: here, or in the nearest folder above (None: the current folder).
        say: told what a project's tool could not do, in one line.

    Raises:
        FfcolorError: ``classpath``, if there is no Clojure, or no nREPL; says where it was looked for.
    """
    if given is not None:
        found = Classpath([each for each in given.split(os.pathsep) if each], "--classpath")
    else:
        found = of_project(folder or Path.cwd(), say) or Classpath([], "")
    entries, sources = list(found.entries), [found.source] if found.source else []
    for member in wanted:
        if holds(entries, member):
            continue
        for source, places in _elsewhere(member):
            if holds(places, member):
                entries += [place for place in places if place not in entries]
                sources += [] if source in sources else [source]
                break
        else:
            raise FfcolorError(
                f"no {_NAMES[member]} was found: not in {found.source or 'a project here'}, in {_home_repository()}, "
                f"among Debian's packages or with lein; install it ({_INSTALL[member]}), or give its path with "
                "--classpath",
                code="classpath",
                value=given,
            )
    return Classpath(entries, ", ".join(sources))


def holds(entries: Sequence[str], member: str) -> bool:
    """Whether one of a classpath's entries, jars or folders, has a file; ``folder/*`` is all its jars."""
    for entry in entries:
        if entry == "*" or entry.endswith(("/*", os.sep + "*")):
            if holds([str(jar) for jar in sorted(Path(entry[:-1] or ".").glob("*.[jJ][aA][rR]"))], member):
                return True
        elif os.path.isdir(entry):
            if os.path.exists(os.path.join(entry, member)):
                return True
        elif entry.lower().endswith((".jar", ".zip")) and os.path.exists(entry):
            try:
                with zipfile.ZipFile(entry) as jar:
                    if member in jar.NameToInfo:
                        return True
            except (OSError, zipfile.BadZipFile):
                continue  # java passes over such a jar as well
    return False


# ---- the project -------------------------------------------------------------------------------------------------


def of_project(folder: Path, say: Callable[[str], None]) -> Classpath | None:
    """The classpath of the Leiningen or deps.edn project around a folder, or None."""
    for place in [folder, *folder.parents]:
        for name, ask in (("project.clj", _lein), ("deps.edn", _tools_deps)):
            if (place / name).is_file():
                return ask(place, say)
    return None


def _lein(place: Path, say: Callable[[str], None]) -> Classpath | None:
    tool = shutil.which("lein")
    if tool is None:
        say(f"there is {place / 'project.clj'}, but no lein: going on without the project")
        return None
    return _ask([tool, "classpath"], place, "project.clj", say)


def _tools_deps(place: Path, say: Callable[[str], None]) -> Classpath | None:
    tool = shutil.which("clojure")
    if tool is None or b"-Spath" not in Path(tool).read_bytes()[:65536]:  # Debian's clojure knows no deps.edn
        say(f"there is {place / 'deps.edn'}, but not the clojure command that reads it: going on without the project")
        return None
    return _ask([tool, "-Spath"], place, "deps.edn", say)


def _ask(command: list[str], place: Path, name: str, say: Callable[[str], None]) -> Classpath | None:
    """Run a project's tool; its classpath is the last line that it prints."""
    shown = " ".join([os.path.basename(command[0]), *command[1:]])
    if sys.stderr.isatty():
        say(f"asking {shown} …")
    environment = {key: value for key, value in os.environ.items() if key != "CLASSPATH"}
    if "ffcolor-java" in os.path.basename(environment.get("JAVA_CMD", "")):
        del environment["JAVA_CMD"]  # the tool itself needs no engine
    try:
        done = subprocess.run(
            command, cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=_PATIENCE, check=False,
        )  # fmt: skip
        lines, problem = done.stdout.split("\n"), done.stderr.strip() or done.stdout.strip()
        entries = next((line for line in reversed(lines) if line.strip()), "").strip().split(os.pathsep)
        if done.returncode == 0 and holds(entries, CLOJURE):
            absolute = [str(place / entry) for entry in entries]
            return Classpath(absolute, name)
        problem = problem or f"it left with {done.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = str(error)
    first = next((line.strip() for line in problem.splitlines() if not line.startswith("WARNING")), problem)
    say(f"{shown} could not tell the classpath of {place / name} ({first[:200]}): going on without the project")
    return None


# ---- elsewhere ---------------------------------------------------------------------------------------------------


def _home_repository() -> Path:
    return Path("~/.m2/repository").expanduser()


def _repositories() -> tuple[Path, ...]:
    return _home_repository(), Path("/usr/share/maven-repo")


def installed(group: str, artifact: str) -> list[str]:
    """The jar of a Maven artifact's newest release on this machine, with those that it needs; empty without one."""
    return next((jars for place in _repositories() if (jars := _newest(place, group, artifact))), [])


def _elsewhere(member: str) -> Iterator[tuple[str, list[str]]]:
    """Where else a file may be: descriptions and entries, the best first."""
    for repository in _repositories():
        if jars := _newest(repository, *_ARTIFACTS[member]):
            yield str(repository), jars
    for pattern in _TOOLS:
        path = Path(pattern).expanduser()
        for jar in sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))), key=_numbers, reverse=True):
            yield str(jar), [str(jar)]


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def _newest(repository: Path, group: str, artifact: str) -> list[str]:
    """The jar of an artifact's newest release in a Maven repository on disk, and the jars that it needs."""
    place = repository / group.replace(".", "/") / artifact
    releases = [each for each in place.glob("*") if re.fullmatch(r"[0-9.]+", each.name)]
    for release in sorted(releases, key=lambda each: _numbers(Path(each.name)), reverse=True):
        if jars := _with_dependencies(repository, group, artifact, release.name):
            return list(jars)
    return []


def _with_dependencies(
    repository: Path, group: str, artifact: str, version: str, found: dict[str, None] | None = None
) -> dict[str, None]:
    """An artifact's jar and those jars that its .pom needs at run time and that are there."""
    found = {} if found is None else found
    stem = repository / group.replace(".", "/") / artifact / version / f"{artifact}-{version}"
    jar, pom = Path(f"{stem}.jar"), Path(f"{stem}.pom")
    if not jar.is_file() or str(jar) in found:
        return found
    found[str(jar)] = None
    try:
        dependencies = ElementTree.parse(pom).getroot().findall("{*}dependencies/{*}dependency")
    except (OSError, ElementTree.ParseError):
        return found
    for dependency in dependencies:
        read = {name: dependency.findtext(f"{{*}}{name}", "").strip() for name in _FIELDS}
        if read["scope"] in ("", "compile", "runtime") and read["optional"] != "true":
            _with_dependencies(repository, read["groupId"], read["artifactId"], read["version"], found)
    return found


_FIELDS = ("groupId", "artifactId", "version", "scope", "optional")
