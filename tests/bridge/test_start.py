"""ffcolor-java beside java: the same command line starts the same program. Each case is a process of its own."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.jvm import FFCOLOR_JAVA, JAVA, both, compiled, environment, life, needs_jdk, run

pytestmark = needs_jdk

OURS = ("/bridge/ffcolor_bridge/java", "/clj/src", "/ffcolor_bridge/clj", "/ffcolor_bridge/java", "/org.jpype.jar")


# ---- main classes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "main", ["Life$Broken", "Life$NoMain", "Life$NotStatic", "Life$Child", "Nope", "no/such/Main", "life", "Life/"]
)
def test_main_classes(main: str) -> None:
    code, out, err = both(["-cp", compiled(), main])
    assert code == (0 if main == "Life$Child" else 1)
    assert out or err


def test_a_main_class_with_slashes(tmp_path: Path) -> None:
    (tmp_path / "Slashed.java").write_text("package a.b; class Slashed { public static void main(String[] x) {"
                                           "System.out.print(Slashed.class); } }")  # fmt: skip
    subprocess.run(["javac", "-d", tmp_path, tmp_path / "Slashed.java"], check=True)
    assert both(["-cp", str(tmp_path), "a/b/Slashed"])[1] == "class a.b.Slashed"


# ---- what a program sees -----------------------------------------------------------------------------------------


def seen(command: list[str], **more: Any) -> list[str]:
    """What Life tells, without the bridge's own entries at the end of the class path."""
    code, out, err = run(command, **more)
    assert (code, err) == (0, "")
    lines = out.split("\n")
    while lines[-2].endswith(OURS):
        del lines[-2]
    return [line for line in lines if line != "non-daemon ffcolor"]  # Python's thread, until its start is done


def test_what_a_program_sees_of_its_start(tmp_path: Path) -> None:
    options = ["-ea:Life", "-Dname=a b", "-Dleer", "-Xss1m", "-XX:+UseSerialGC", "-Xmx300m"]
    opened = ["--add-opens", "java.base/java.util=ALL-UNNAMED"]
    arguments = [*options, *opened, *life("tell", "ä ü", "x y", "", "日本", "-cp", "@file", "\U0001f3a8")]
    told = seen([JAVA, *arguments])
    assert seen([FFCOLOR_JAVA, *arguments]) == told
    for line in ("argument 日本", "asserts true", "name=a b", "argument @file", f"entry {compiled()}"):
        assert line in told


def test_the_class_path_ends_with_the_bridge() -> None:
    _, out, _ = run([FFCOLOR_JAVA, *life("tell")])
    entries = [line.removeprefix("entry ") for line in out.splitlines() if line.startswith("entry ")]
    assert entries[0] == compiled()
    assert len(entries) == 4
    assert all(entry.endswith(OURS) for entry in entries[1:])


def test_paths_of_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "größe 色 x"
    folder.symlink_to(compiled())
    arguments = ["-cp", f"{tmp_path}/none.jar:{folder}", "-Dname=größe 色", "Life", "tell"]
    told = seen([JAVA, *arguments])
    assert seen([FFCOLOR_JAVA, *arguments]) == told
    assert f"entry {folder}" in told


def test_a_very_long_class_path() -> None:
    path = ":".join([f"/nowhere/{i:05}/{'x' * 60}.jar" for i in range(1500)] + [compiled()])
    code, out, _ = run([FFCOLOR_JAVA, "-cp", path, "Life", "tell"])
    assert code == 0
    assert out.count("\nentry ") == 1504


def test_variables() -> None:
    both(life(), env=environment(JAVA_TOOL_OPTIONS="-Da=b"))
    both(life(), env=environment(JDK_JAVA_OPTIONS="-Da='b c' -ea"))
    both(["Life", "exit", "4"], env=environment(CLASSPATH=compiled()))
    both(["Life"], cwd=compiled())


@pytest.mark.parametrize("options", ["-Xnonsense", "-XX:Nonsense", "-Xmx1x", "-XX:-UseSerialGC -XX:+UseNonsenseGC"])
def test_a_virtual_machine_that_does_not_start(options: str) -> None:
    code, _, err = both([*options.split(), *life()])
    assert code == 1
    assert "Could not create the Java Virtual Machine" in err


@pytest.mark.parametrize(
    "line", ["-version", "--version", "-nonsense", "-cp", "", "--dry-run -cp x Nope", "-jar", "-m nope"]
)
def test_what_the_real_java_does(line: str) -> None:
    words = line.split()
    expected = run([JAVA, *words])
    code, out, err = run([FFCOLOR_JAVA, *words])
    note, _, rest = err.partition("\n")
    assert (code, out, rest if note.startswith("ffcolor-java: ") else err) == expected
    assert code in (0, 1)
    assert out or err


# ---- jars --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jars")
    manifests = {
        "life": "Main-Class: Life\nClass-Path: classes/\nAdd-Opens: java.base/java.util",
        "nameless": "Class-Path: classes/",
        "wrong": "Main-Class: Nope",
    }
    (folder / "classes").symlink_to(compiled())
    for name, text in manifests.items():
        with zipfile.ZipFile(folder / f"{name}.jar", "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\n{text}\n\n")
    with zipfile.ZipFile(folder / "bare.jar", "w") as jar:
        jar.writestr("file", "")
    (folder / "text.jar").write_text("no jar")
    return folder


def test_jars(jars: Path) -> None:
    told = seen([JAVA, "-cp", "ignored", "-jar", "life.jar", "tell", "x"], cwd=jars)
    assert seen([FFCOLOR_JAVA, "-cp", "ignored", "-jar", "life.jar", "tell", "x"], cwd=jars) == told
    assert "entry life.jar" in told
    assert both(["-jar", "life.jar", "throw"], cwd=jars)[0] == 1


@pytest.mark.parametrize("name", ["nameless", "wrong", "bare", "text", "missing"])
def test_bad_jars(jars: Path, name: str) -> None:
    code, out, err = both(["-jar", f"{name}.jar"], cwd=jars)
    assert (code, out) == (1, "")
    assert err


# ---- which Java --------------------------------------------------------------------------------------------------


def test_no_java(tmp_path: Path) -> None:
    bare = environment(PATH=str(tmp_path))
    (tmp_path / "java").symlink_to(FFCOLOR_JAVA)  # ourselves are no Java
    code, out, err = run([FFCOLOR_JAVA, "-version"], env=bare)
    if code == 0:  # one lives in a usual place, which is fine too
        assert "version" in err
    else:
        assert (code, out) == (1, "")
        assert "pip install 'ffcolor[jdk]'" in err
        assert "apt install" in err


def test_java_homes(tmp_path: Path) -> None:
    home = str(Path(os.path.realpath(JAVA)).parent.parent)
    (tmp_path / "java").symlink_to(FFCOLOR_JAVA)
    bare = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    for variables in ({"FFCOLOR_JAVA_HOME": home}, {"JAVA_HOME": home}, {"JAVA_HOME": str(tmp_path)}):
        assert run([FFCOLOR_JAVA, *life("exit", "3")], env=environment(**bare, **variables))[0] == 3
        assert run([FFCOLOR_JAVA, "-version"], env=environment(**bare, **variables))[0] == 0
    code, _, err = run([FFCOLOR_JAVA, *life()], env=environment(FFCOLOR_JAVA_HOME="/nowhere"))
    assert code == 1
    assert "FFCOLOR_JAVA_HOME is '/nowhere'" in err


def test_java_behind_a_script(tmp_path: Path) -> None:
    home = Path(os.path.realpath(JAVA)).parent.parent
    for name, target in (("first", FFCOLOR_JAVA), ("second", str(home / "bin" / "java"))):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "java").write_text(f'#!/bin/sh\nexec "{target}" "$@"\n')
        (folder / "java").chmod(0o755)
    variables = environment(PATH=f"{tmp_path}/first:{tmp_path}/second:/usr/bin:/bin")
    assert run([FFCOLOR_JAVA, *life("exit", "3")], env=variables)[0] == 3
