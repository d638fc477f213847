"""Where Clojure and nREPL are found: repositories, projects and classpaths made for the purpose."""

from __future__ import annotations

import os
import zipfile

import pytest
from ffcolor_bridge import classpath
from ffcolor_bridge.classpath import CLOJURE, NREPL

from ffcolor import FfcolorError


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home folder, no tools, and no repository but the one in it."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(classpath, "_TOOLS", ("~/.lein/self-installs/leiningen-*-standalone.jar",))
    monkeypatch.setattr(classpath, "_repositories", lambda: (classpath._home_repository(),))
    (tmp_path / "bin").mkdir()
    (tmp_path / "project").mkdir()
    return tmp_path / "home"


def jar(path, *members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for member in members:
            made.writestr(member, "")
    return str(path)


def artifact(home, group, name, version, *members, needs=()):
    place = home / ".m2" / "repository" / group.replace(".", "/") / name / version
    found = jar(place / f"{name}-{version}.jar", *members)
    dependencies = "".join(
        f"<dependency><groupId>{each[0]}</groupId><artifactId>{each[1]}</artifactId><version>{each[2]}</version>"
        f"{''.join(each[3:])}</dependency>"
        for each in needs
    )
    (place / f"{name}-{version}.pom").write_text(
        f'<project xmlns="http://maven.apache.org/POM/4.0.0"><dependencies>{dependencies}</dependencies></project>'
    )
    return found


def tool(tmp_path, name, script):
    path = tmp_path / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def found(tmp_path, given=None, wanted=(CLOJURE,)):
    said = []
    result = classpath.find(given, wanted=wanted, folder=tmp_path / "project", say=said.append)
    return result, said


def test_the_newest_release_with_what_it_needs(home, tmp_path):
    artifact(home, "org.clojure", "clojure", "1.9.0", CLOJURE)
    artifact(home, "org.clojure", "clojure", "1.12.0-alpha1", CLOJURE)
    spec = artifact(home, "org.clojure", "spec.alpha", "0.3.218", needs=[("org.clojure", "clojure", "1.11.1")])
    artifact(home, "org.clojure", "test.check", "1.1.1")
    artifact(home, "org.clojure", "optional", "1.0.0")
    newest = artifact(
        home, "org.clojure", "clojure", "1.11.1", CLOJURE,
        needs=[
            ("org.clojure", "spec.alpha", "0.3.218"),
            ("org.clojure", "absent", "1.0.0"),
            ("org.clojure", "test.check", "1.1.1", "<scope>test</scope>"),
            ("org.clojure", "optional", "1.0.0", "<optional>true</optional>"),
        ],
    )  # fmt: skip
    assert found(tmp_path) == ((([newest, spec]), str(home / ".m2" / "repository")), [])
    nrepl = artifact(home, "nrepl", "nrepl", "1.0.0", NREPL)
    assert found(tmp_path, wanted=(CLOJURE, NREPL))[0].entries == [newest, spec, nrepl]
    assert classpath.installed("nrepl", "nrepl") == [nrepl]
    assert classpath.installed("nrepl", "absent") == []


def test_a_broken_newest_jar_is_no_clojure(home, tmp_path):
    place = home / ".m2" / "repository" / "org" / "clojure" / "clojure" / "1.11.1"
    place.mkdir(parents=True)
    (place / "clojure-1.11.1.jar").write_bytes(b"not a jar")
    with pytest.raises(FfcolorError, match="no Clojure was found"):
        found(tmp_path)


def test_the_jar_of_another_tool_will_do(home, tmp_path):
    jar(home / ".lein/self-installs/leiningen-2.9.8-standalone.jar", CLOJURE, NREPL)
    newest = jar(home / ".lein/self-installs/leiningen-2.10.0-standalone.jar", CLOJURE, NREPL)
    assert found(tmp_path, wanted=(CLOJURE, NREPL))[0] == ([newest], newest)


def test_a_classpath_that_is_given_comes_first_and_is_added_to(home, tmp_path):
    nrepl = artifact(home, "nrepl", "nrepl", "1.0.0", NREPL)
    mine = jar(tmp_path / "jars" / "mine.jar", CLOJURE)
    tool(tmp_path, "lein", "echo must not be asked; exit 1")
    (tmp_path / "project" / "project.clj").write_text("")
    folder = tmp_path / "classes"
    folder.mkdir()
    given = os.pathsep.join([str(folder), mine])
    assert found(tmp_path, given)[0] == ([str(folder), mine], "--classpath")
    assert found(tmp_path, given, (CLOJURE, NREPL))[0].entries == [str(folder), mine, nrepl]
    every = str(tmp_path / "jars") + "/*"
    assert found(tmp_path, every)[0].entries == [every]
    (folder / "clojure").mkdir()
    (folder / CLOJURE).write_text("")
    assert found(tmp_path, str(folder))[0].entries == [str(folder)]


def test_the_project_around_the_folder_is_asked(home, tmp_path, monkeypatch):
    mine = jar(tmp_path / "clojure.jar", CLOJURE)
    monkeypatch.setenv("CLASSPATH", "somewhere")
    monkeypatch.setenv("JAVA_CMD", "/opt/bin/ffcolor-java")
    tool(tmp_path, "lein", f'echo "noise: $1 in $PWD, $CLASSPATH$JAVA_CMD"; echo "src:{mine}"; echo')
    (tmp_path / "project.clj").write_text("")
    assert found(tmp_path) == (([str(tmp_path / "src"), mine], "project.clj"), [])
    tool(tmp_path, "lein", f'[ "$CLASSPATH$JAVA_CMD" = "" ] && [ "$PWD" = {tmp_path} ] && echo "{mine}"')
    assert found(tmp_path)[0].entries == [mine]
    (tmp_path / "project" / "deps.edn").write_text("{}")  # nearer, but no tool reads it
    elsewhere = artifact(home, "org.clojure", "clojure", "1.11.1", CLOJURE)
    result, said = found(tmp_path)
    assert result.entries == [elsewhere]
    assert "deps.edn, but not the clojure command that reads it" in said[0]
    tool(tmp_path, "clojure", 'exec java -cp clojure.jar clojure.main "$@"')  # as Debian has it
    assert "but not the clojure command" in found(tmp_path)[1][0]
    tool(tmp_path, "clojure", f'[ "$1" = -Spath ] && echo "test:{mine}"')
    assert found(tmp_path) == (([str(tmp_path / "project" / "test"), mine], "deps.edn"), [])


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'WARNING: old' >&2; echo 'no such artifact' >&2; exit 1", "(no such artifact)"),
        ("exit 3", "(it left with 3)"),
        ("echo src:lib.jar", "(src:lib.jar)"),
        (None, "but no lein"),
    ],
)
def test_a_project_that_cannot_be_asked_is_said_and_left_aside(home, tmp_path, script, why):
    elsewhere = artifact(home, "org.clojure", "clojure", "1.11.1", CLOJURE)
    (tmp_path / "project" / "project.clj").write_text("")
    if script:
        tool(tmp_path, "lein", script)
    result, said = found(tmp_path)
    assert result.entries == [elsewhere]
    assert len(said) == 1
    assert why in said[0]
    assert "going on without the project" in said[0]


def test_what_is_missing_is_named_with_how_to_get_it(home, tmp_path):
    with pytest.raises(
        FfcolorError, match=r"no Clojure was found: not in a project here.*brew install clojure"
    ) as error:
        found(tmp_path)
    assert error.value.code == "classpath"
    artifact(home, "org.clojure", "clojure", "1.11.1", CLOJURE)
    with pytest.raises(FfcolorError, match=r"no nREPL was found.*libnrepl-clojure.*--classpath"):
        found(tmp_path, wanted=(CLOJURE, NREPL))
    with pytest.raises(FfcolorError, match=r"not in --classpath") as error:
        found(tmp_path, "lib.jar", wanted=(CLOJURE, NREPL))
    assert error.value.value == "lib.jar"
