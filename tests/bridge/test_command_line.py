"""Java's command line as ffcolor-java reads it, beside what the java command itself makes of it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from ffcolor_bridge.argfiles import split_file, split_variable
from ffcolor_bridge.command_line import CLASS, JAR, Launch, expand_classpath, only_java, parse
from hypothesis import given
from hypothesis import strategies as st

from tests.bridge.jvm import JAVA, compiled, environment, needs_jdk, run


def launch(line: str, **variables: str) -> Launch:
    found = parse(line.split(), variables)
    assert found is not None
    return found


# ---- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("Main", []),
        ("-Da=b -Dc -Xmx1g -XX:+UseSerialGC -ea -da:x... Main", ["-Da=b", "-Dc", "-Xmx1g", "-XX:+UseSerialGC", "-ea",
                                                                 "-da:x..."]),
        ("--add-opens a/b=c --add-opens=d/e=f Main", ["--add-opens=a/b=c", "--add-opens=d/e=f"]),
        ("-p mods --add-modules m --module-path mods2 Main", ["--module-path=mods", "--add-modules=m",
                                                              "--module-path=mods2"]),
        ("--enable-preview --illegal-access=permit Main", ["--enable-preview", "--illegal-access=permit"]),
        ("-server -verbosegc -noverify Main", ["-verbose:gc", "-Xverify:none"]),
        ("-enableassertions:a.b -disablesystemassertions -verbose:class Main", ["-enableassertions:a.b",
                                                                                "-disablesystemassertions",
                                                                                "-verbose:class"]),
    ],
)  # fmt: skip
def test_options(line: str, options: list[str]) -> None:
    assert launch(line) == Launch(options, ["."], CLASS, "Main", [], [])


def test_the_main_class_ends_the_options() -> None:
    assert launch("-ea Main -cp x -Da=b @file --add-opens").arguments == ["-cp", "x", "-Da=b", "@file", "--add-opens"]


@pytest.mark.parametrize("form", ["-cp a:b", "-classpath a:b", "--class-path a:b", "--class-path=a:b",
                                  "-cp c --class-path=a:b", "-Djava.class.path=a:b"])  # fmt: skip
def test_class_paths(form: str) -> None:
    assert launch(f"{form} Main", CLASSPATH="ignored").classpath == ["a", "b"]


def test_where_classes_come_from_otherwise() -> None:
    assert launch("Main").classpath == ["."]
    assert launch("Main", CLASSPATH="a:").classpath == ["a", "."]
    assert parse(["-cp", "", "Main"], {}) == Launch([], ["."], CLASS, "Main", [], [])


def test_wildcards(tmp_path: Path) -> None:
    for name in ("b.jar", "a.JAR", "c.Jar", "d.zip", "x:y.jar"):
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    jars = [f"{tmp_path}/{name}" for name in os.listdir(tmp_path) if name in ("b.jar", "a.JAR")]
    assert expand_classpath(f"{tmp_path}/*:z") == [*jars, "z"]
    for entry in (f"{tmp_path}/empty/*", f"{tmp_path}/nowhere/*", f"{tmp_path}/b*", f"{tmp_path}/*.jar"):
        assert expand_classpath(entry) == [entry]


@pytest.mark.parametrize(
    "line",
    [
        *("", "-ea", "-version", "--version", "-showversion Main", "-help", "-h", "-?", "-X", "-fullversion"),
        *("--dry-run Main", "-m a/b", "--module=a/b", "--module a", "--list-modules", "-d java.base", "--source 17 X"),
        *(
            "-splash:x Main",
            "-XshowSettings Main",
            "-XshowSettings:vm Main",
            "-Xdiag Main",
            "-nonsense Main",
            "--nonsense Main",
            "-cp",
        ),
        *("--add-opens", "-jar", "-jar none.jar", "--add-opens= Main", "@/no/such/file Main", "-d64 Main", "-J-x Main"),
    ],
)
def test_what_is_for_the_real_java(line: str) -> None:
    assert parse(line.split(), {}) is None


def test_sources_are_for_the_real_java(tmp_path: Path) -> None:
    (tmp_path / "A.java").touch()
    assert parse([str(tmp_path / "A.java")], {}) is None
    assert launch("B.java").what == "B.java"


def test_jars(tmp_path: Path) -> None:
    import zipfile

    path = str(tmp_path / "a.jar")
    with zipfile.ZipFile(path, "w") as jar:
        jar.comment = b"PK" * 1000
        jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n")
    assert parse(["-cp", "x", "-jar", path, "y"], {}) == Launch([], [path], JAR, path, ["y"], [])
    with open(path, "r+b") as file:
        file.truncate(100)
    assert parse(["-jar", path], {}) is None


# ---- files and variables -----------------------------------------------------------------------------------------


def test_argument_files(tmp_path: Path) -> None:
    file = tmp_path / "arguments"
    file.write_text("-cp 'a b:c' # here\n-Dx=y")
    assert parse([f"@{file}", "Main", f"@{file}"], {}) == Launch(
        ["-Dx=y"], ["a b", "c"], CLASS, "Main", [f"@{file}"], []
    )
    file.write_text("Main @not-read")
    assert launch(f"-ea @{file} @nor-this").arguments == ["@not-read", "@nor-this"]
    assert launch(f"--disable-@files -cp @{file} @Main").what == "@Main"
    assert launch("-cp x @@Main").what == "@Main"
    file.write_text(f"@{file}")
    assert launch(f"@{file}").what == f"@{file}"


def test_the_variable() -> None:
    found = launch("-Dc=d Main", JDK_JAVA_OPTIONS="-Da='x y' -ea")
    assert found.options == ["-Da=x y", "-ea", "-Dc=d"]
    assert found.notes == ["NOTE: Picked up JDK_JAVA_OPTIONS: -Da='x y' -ea"]
    for bad in ("Main", "-jar", "-version", "'open", "--module=x"):
        assert parse(["Main"], {"JDK_JAVA_OPTIONS": bad}) is None


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)))
def test_quoted_words_come_back(words: list[str]) -> None:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    text = " ".join('"' + "".join(escapes.get(char, char) for char in word) + '"' for word in words)
    assert split_file(text) == words


@given(st.text("ab'\" \t", max_size=30))
def test_words_of_a_variable_keep_what_is_quoted(text: str) -> None:
    assert "".join(split_variable(f"'{text.replace(chr(39), '')}' x")) == text.replace("'", "") + "x"


# ---- beside java -------------------------------------------------------------------------------------------------


def told(*command: str, cwd: str | None = None, **variables: str) -> tuple[list[str], list[str]]:
    """The class path and the arguments that java makes of a command line."""
    code, out, err = run([JAVA, *command], env=environment(**variables), cwd=cwd)
    assert code == 0, err
    lines = out.splitlines()
    return ([line.removeprefix("entry ") for line in lines if line.startswith("entry ")],
            [bytes.fromhex(line[4:]).decode() for line in lines if line.startswith("hex ")])  # fmt: skip


@needs_jdk
@pytest.mark.parametrize("seed", range(4))
def test_argument_files_beside_java(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices("  \t\n\n\f\r##''\"\"\\\\\\abntf@-é", k=3500))
    (tmp_path / "arguments").write_bytes(f"-cp {compiled()} Life hex {text}\n".encode())
    _, words = told(f"@{tmp_path}/arguments", "y")
    found = launch(f"@{tmp_path}/arguments y")
    assert found.arguments[1:] == words
    assert len(words) > 300


@needs_jdk
@pytest.mark.parametrize(
    "text", ["a", "a ''", "''", "'a", '"a\\', "a\\", "a#b", "#", "'a\\\n   b' c", "'a\n", 'x""', '"" ""']
)
def test_ends_of_argument_files_beside_java(tmp_path: Path, text: str) -> None:
    (tmp_path / "arguments").write_bytes(f"Life hex {text}".encode())
    command = ("-cp", compiled(), f"@{tmp_path}/arguments", "y")
    found = parse(command, {})
    assert found is not None
    assert found.arguments[1:] == told(*command)[1]


@needs_jdk
def test_class_paths_beside_java(tmp_path: Path) -> None:
    for name in ("a.jar", "b.JAR", "c.Jar", ".jar", ".hidden.jar", "ä.jar"):
        (tmp_path / name).touch()
    (tmp_path / "none").mkdir()
    (tmp_path / "d.jar").mkdir()
    (tmp_path / "star*").touch()
    for path in ("*", f"{tmp_path}/*", "./*", "none/*", "missing/*", "a*", "*.jar", "star*", ".*", "/*"):
        entries, _ = told("-cp", f"{compiled()}:{path}:end", "Life", "hex", cwd=str(tmp_path))
        before = os.getcwd()
        os.chdir(tmp_path)
        try:
            assert expand_classpath(f"{compiled()}:{path}:end") == entries
        finally:
            os.chdir(before)


@needs_jdk
def test_the_variable_beside_java() -> None:
    text = "  -Da=b'c \" d'\"e f\" -cp\t'" + compiled() + "' "
    found = launch("Life hex x", JDK_JAVA_OPTIONS=text)
    assert found.classpath == told("Life", "hex", "x", JDK_JAVA_OPTIONS=text)[0]
    assert found.options == ['-Da=bc " de f']


@pytest.mark.parametrize("option", ["-javaagent:a.jar=x", "-agentlib:jdwp=server=y", "-agentpath:x", "-Xrunjdwp"])
def test_agents_and_debuggers_are_for_the_machine_with_the_engine(option: str) -> None:
    launch = parse([option, "Main"], {})
    assert launch is not None
    assert (launch.options, launch.what) == ([option], "Main")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        *(("-XshowSettings Main", "-XshowSettings"), ("-XshowSettings:vm -cp a Main", "-XshowSettings:vm")),
        *(("-m a/b", "-m"), ("--module=a/b", "--module=a/b"), ("-p mods -m a/b", "-m"), ("--source 17 X", "--source")),
        *(("-cp a.java A.java", "A.java"), ("-Xdiag Main", "-Xdiag"), ("-splash:x Main", "-splash:x")),
        *((line, None) for line in ("", "-version", "-XshowSettings -version", "-cp x Main a.java", "-nonsense Main")),
        *((line, None) for line in ("-m a/b --dry-run", "--list-modules", "-h", "-cp x.java Main")),
    ],
)
def test_what_the_real_java_runs_without_the_engine_is_named(line: str, word: str | None) -> None:
    assert only_java(line.split()) == word


def test_words_in_argument_files_and_the_variable_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("-XshowSettings:vm -cp a Main")
    assert only_java([f"@{tmp_path}/words"]) == "-XshowSettings:vm"
    assert only_java(["Main"], {"JDK_JAVA_OPTIONS": "-XshowSettings"}) == "-XshowSettings"
    assert only_java(["-m", "a/b"], {"JDK_JAVA_OPTIONS": "'"}) == "-m"
