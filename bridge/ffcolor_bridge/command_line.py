"""Java's command line, read as the java command reads it.

`parse` turns it into a `Launch`, which `host` runs in this process, or into None: then it is for the real java, because
it asks for something only that can do (``-version``, modules, source files), or because it is wrong and java's own
message is the best one.

Source: the manual page of java (Java SE 17): options, argument files, JDK_JAVA_OPTIONS, class path wildcards.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ffcolor_bridge.argfiles import Expander, NotForUs, split_variable

CLASS, JAR = 1, 2  # the numbers of the JDK's launcher

_CLASSPATH = {"-cp", "-classpath", "--class-path"}
_LONG = {  # long options of the virtual machine: `--name value` or `--name=value`
    "--add-exports",
    "--add-modules",
    "--add-opens",
    "--add-reads",
    "--enable-native-access",
    "--limit-modules",
    "--module-path",
    "--patch-module",
    "--upgrade-module-path",
}
_LONG_ONLY_EQUALS = {"--finalization", "--illegal-access", "--illegal-native-access", "--sun-misc-unsafe-memory-access"}
_PLAIN = {"--enable-preview", "-ea", "-da", "-esa", "-dsa", "-verbose"} | {
    f"-{verb}{what}" for verb in ("enable", "disable") for what in ("assertions", "systemassertions")
}
_PREFIXES = ("-D", "-X", "-ea:", "-da:", "-enableassertions:", "-disableassertions:", "-verbose:") + (
    *("-agentlib:", "-agentpath:", "-javaagent:"),
)
_RENAMED = {
    "-debug": "-Xdebug",
    "-noclassgc": "-Xnoclassgc",
    "-noverify": "-Xverify:none",
    "-verbosegc": "-verbose:gc",
    "-verify": "-Xverify:all",
}
_DROPPED = {"-server", "-client", "--disable-@files"}  # there is one virtual machine to choose from
_REAL = ("-Xdiag", "-Xdock", "-Xinternalversion", "-XshowSettings", "-XstartOnFirstThread", "-XXaltjvm")
_RUNNING = ("-Xdiag", "-XshowSettings", "-splash:", "--source", "-m", "--module")  # for java alone, before a program
_TELLING = {  # java says something and runs nothing
    *("-version", "--version", "-showversion", "-fullversion", "--full-version", "-help", "--help", "-h", "-?", "-X"),
    *("--help-extra", "--list-modules", "--describe-module", "-d", "--validate-modules", "--dry-run"),
}


class Launch(NamedTuple):
    """One program to run: everything that the java command would know of it.

    Attributes:
        options: for the virtual machine, in order; without the class path.
        classpath: its entries, wildcards expanded.
        mode: `CLASS` or `JAR`.
        what: the main class or the jar file, as given.
        arguments: what main gets.
        notes: lines for stderr before anything else.
    """

    options: list[str]
    classpath: list[str]
    mode: int
    what: str
    arguments: list[str]
    notes: list[str]


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> Launch | None:
    """Read java's command line; None means that the real java should have it.

    Args:
        arguments: without the program's own name.
        environment: CLASSPATH and JDK_JAVA_OPTIONS are looked at.

    >>> parse(["-ea", "-cp", "a.jar", "Main", "x"], {})
    Launch(options=['-ea'], classpath=['a.jar'], mode=1, what='Main', arguments=['x'], notes=[])
    >>> parse(["-version"], {}) is None
    True
    """
    try:
        return _parse(arguments, environment)
    except NotForUs:
        return None


def only_java(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> str | None:
    """The word of a command line for which the real java runs a program; None where it runs none, or none is seen."""
    found = None
    arguments = _all_words(arguments, environment or {})
    for place, word in enumerate(arguments):
        if word in _TELLING:
            return None
        name = word.partition("=")[0]
        if name in _RUNNING or word.startswith(tuple(each for each in _RUNNING if len(each) > 3 and each[1] != "-")):
            found = found or word
        elif not word.startswith("-") and not (place and _takes_value(arguments[place - 1])):
            return found or (word if word.endswith(".java") else None)
    return found


def _all_words(arguments: Sequence[str], environment: Mapping[str, str]) -> Sequence[str]:
    """The words of a command line with those of JDK_JAVA_OPTIONS and of argument files; as given where that fails."""
    try:
        return _expanded(arguments, environment)
    except NotForUs:
        return arguments


def _expanded(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    expander = Expander(_takes_value)
    for word in split_variable(environment.get("JDK_JAVA_OPTIONS", "")):
        expander.add(word)
    if expander.found_main:
        raise NotForUs
    for word in arguments:
        expander.add(word)
    return expander.words


def _parse(arguments: Sequence[str], environment: Mapping[str, str]) -> Launch:
    variable = environment.get("JDK_JAVA_OPTIONS")
    notes = [] if variable is None else [f"NOTE: Picked up JDK_JAVA_OPTIONS: {variable}"]
    words = _expanded(arguments, environment)
    options: list[str] = []
    classpath = expand_classpath(environment["CLASSPATH"]) if "CLASSPATH" in environment else ["."]
    mode = CLASS
    place = 0
    while place < len(words) and words[place].startswith("-"):
        word = words[place]
        name, equals, value = word.partition("=")
        place += 1
        if word in _CLASSPATH or (name == "--class-path" and equals):
            if not equals:
                value, place = _value(words, place)
            classpath, mode = expand_classpath(value), CLASS
        elif word == "-jar":
            mode = JAR
        elif word in _LONG or word == "-p":
            value, place = _value(words, place)
            options.append(f"{'--module-path' if word == '-p' else word}={value}")
        elif name in _LONG | _LONG_ONLY_EQUALS and value:
            options.append(word)
        elif name == "-Djava.class.path":
            classpath = value.split(os.pathsep)
        elif word in _RENAMED:
            options.append(_RENAMED[word])
        elif word in _PLAIN or (word.startswith(_PREFIXES) and word != "-X" and not word.startswith(_REAL)):
            options.append(word)
        elif word not in _DROPPED:
            raise NotForUs
    if place >= len(words):
        raise NotForUs
    what = words[place]
    if mode == JAR:
        if not _is_jar(what):
            raise NotForUs
        classpath = [what]
    elif what.endswith(".java") and os.path.exists(what):
        raise NotForUs
    return Launch(options, classpath, mode, what, words[place + 1 :], notes)


def _is_jar(path: str) -> bool:
    """Whether a file is a zip archive with a manifest; otherwise java's own launcher says what is wrong with it."""
    try:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 22 - 0xFFFF))
            tail = file.read()
            record = tail[tail.rfind(b"PK\5\6") :][:22]  # the end of the central directory
            length, start = (int.from_bytes(record[place : place + 4], "little") for place in (12, 16))
            if start == 0xFFFFFFFF:  # zip64
                return True
            file.seek(start)
            return len(record) == 22 and b"META-INF/MANIFEST.MF" in file.read(length).upper()
    except OSError:
        return False


def _takes_value(option: str) -> bool:
    return (
        option in _LONG
        or option in _CLASSPATH
        or option in ("-p", "-m", "--module", "-d", "--describe-module", "--source")
    )


def _value(words: list[str], place: int) -> tuple[str, int]:
    if place >= len(words):
        raise NotForUs
    return words[place], place + 1


def expand_classpath(text: str) -> list[str]:
    """Split a class path and put the jars of a folder in the place of ``folder/*``, as java does.

    Args:
        text: entries joined by the system's path separator; an empty one is the current folder.

    >>> expand_classpath("a.jar") + expand_classpath("")
    ['a.jar', '.']
    """
    entries: list[str] = []
    for entry in text.split(os.pathsep):
        entries += _wildcard(entry) or [entry or "."]
    return entries


def _wildcard(entry: str) -> list[str]:
    folder = entry[:-1]
    if not entry.endswith("*") or (folder and folder[-1] not in {os.sep, os.altsep}) or os.path.exists(entry):
        return []
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return []
    return [folder + name for name in names if name.endswith((".jar", ".JAR")) and os.pathsep not in name]
