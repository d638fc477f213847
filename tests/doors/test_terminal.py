"""What reaches a terminal, or a closed stream, whatever files and names hold."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ffcolor import ColorPreference, store
from ffcolor.files import json_text, visible, visible_lines

EVIL = "\x1b]0;owned\x07\x1b[31mred\x9b31m\u202egpj.\u2066x\u2028y"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


def ffcolor(*words: str, cwd: Path, shell: str = "", data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ffcolor", *words]
    if shell:
        command = ["sh", "-c", f'exec "$@" {shell}', "sh", *command]
    return subprocess.run(command, cwd=cwd, input=data, capture_output=True, check=False)


def at_a_terminal(*words: str, cwd: Path) -> str:
    """What a command writes to a terminal: its output and its errors."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "ffcolor", *words]
    with subprocess.Popen(command, cwd=cwd, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        told = b""
        try:
            while part := os.read(master, 1 << 16):
                told += part
        except OSError:  # its end, on Linux
            pass
        process.wait()
    os.close(master)
    shown = told.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return re.sub(r"\r\x1b\[K[^\r\n]*(?=\r\x1b\[K)|\r\x1b\[K", "", shown)  # signs of life


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = "".join(f"  --{name}: #{code};\n" for name, code in (("a", "ff0000"), ("b", "00ff00")))
    (tmp_path / "evil.css").write_text(":root {\n" + rows + "}\n", encoding="utf-8")
    (tmp_path / "evil.json").write_text(
        json.dumps({"title": EVIL, "colors": [{"hex": "#ff0000", "name": EVIL}, {"hex": "#00ff00", "name": "b"}]}),
        encoding="utf-8",
    )
    (tmp_path / "evil.gpl").write_text(
        f"GIMP Palette\nName: {EVIL}\n#\n255 0 0 a\x1b[31mb\x9b\u202ec\n0 255 0 b\n".replace("\u2028", ""),
        encoding="utf-8",
    )
    skill = tmp_path / "skills" / "a"
    skill.mkdir(parents=True)
    (skill / "SKILL.md").write_text(f"---\nname: b\ndescription: d {EVIL}\n---\n**Trit**: 5\n", encoding="utf-8")
    return tmp_path


def test_what_is_visible() -> None:
    assert visible("a\x1b[1m\x9b\u202e\n") == r"a\x1b[1m\x9b\u202e\n"
    assert visible_lines("a\tb\x1b[1m\nc\x9b\n") == "a\tb\\x1b[1m\nc\\x9b\n"
    assert visible_lines("\x1b[1ma\x1b[0m\x1b]0;x\x07\n", styled=True) == "\x1b[1ma\x1b[0m\\x1b]0;x\\x07\n"
    told = json_text({EVIL: [EVIL, "é"]}, 2)
    assert not OBEYED.search(told)
    assert json.loads(told) == {EVIL: [EVIL, "é"]}
    assert "é" in told


@pytest.mark.parametrize("flags", [(), ("--json",)])
@pytest.mark.parametrize(
    "words",
    [
        ("show", "evil.gpl"),
        ("convert", "evil.gpl", "-f", "json"),
        ("convert", "evil.gpl", "-f", "gpl"),
        ("convert", "red", "-o", f"x{EVIL}.gpl".replace("/", "")),
        ("show", f"./no{EVIL}"),
        ("show", f"no{EVIL}"),
        (f"no{EVIL}",),
        ("show", f"--no{EVIL}"),
        ("info", f"./no{EVIL}"),
        ("skills", "check", "skills"),
        ("skills", "check", "skills", "--format", "edn"),
        ("skills", "check", "skills", "--format", "sarif"),
        ("skills", "check", "skills", "--format", "github"),
        ("skills", "fix", "skills", "--diff"),
        ("skills", "graph", "skills", "-f", "dot"),
    ],
)
@posix
def test_nothing_that_a_terminal_obeys_reaches_it(words: tuple[str, ...], flags: tuple[str, ...], folder: Path) -> None:
    told = at_a_terminal(*words, *flags, "--color=never", cwd=folder)
    assert told.strip()
    assert not OBEYED.search(told), told


@posix
def test_a_crafted_model_says_nothing_raw(folder: Path) -> None:
    ColorPreference().fit(["red"], ["blue"]).save(folder / "m.safetensors")
    arrays, header = store.load(folder / "m.safetensors", "color-preference")
    del header["kind"]
    for kind, change in ((EVIL, {}), ("color-preference", {"config": {**header["config"], "l2": EVIL}})):
        store.save(folder / "m.safetensors", kind, arrays, {**header, **change})
        assert not OBEYED.search(at_a_terminal("info", "m.safetensors", cwd=folder))


def test_what_is_converted_into_a_pipe_stays_exact(folder: Path) -> None:
    from ffcolor import Palette

    wanted = Palette.load(folder / "evil.gpl").to("css")
    assert ffcolor("convert", "evil.gpl", "-f", "css", cwd=folder).stdout.decode() == wanted


# ---- closed streams ----------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize(
    ("words", "shell", "code", "said"),
    [
        (("show", "red"), "<&-", 0, ""),
        (("show",), "<&-", 1, "the standard input cannot be read: Bad file descriptor"),
        (("show", "-"), "<&-", 1, "the standard input cannot be read"),
        (("show", "red"), ">&-", 1, "output: Bad file descriptor"),
        (("--help",), ">&-", 1, "output: Bad file descriptor"),
        (("convert", "red", "-f", "ase"), ">&-", 1, "output: Bad file descriptor"),
        (("skills", "check", "."), ">&-", 2, "output: Bad file descriptor"),
        (("show", "red"), "2>&-", 0, ""),
        (("show", "nonsense"), "2>&-", 1, ""),
        (("nonsense",), "2>&-", 2, ""),
        (("show", "red"), "<&- 2>&-", 0, ""),
        (("show", "nonsense"), "<&- >&- 2>&-", 1, ""),
        (("show", "nonsense"), ">&-", 1, "nonsense"),
        (("show", "red"), "> /dev/full", 1, "output: No space left on device"),
        (("--version",), "> /dev/full", 1, "output: No space left on device"),
        (("show", "nonsense"), "2> /dev/full", 1, ""),
    ],
)
def test_closed_streams(words: tuple[str, ...], shell: str, code: int, said: str, tmp_path: Path) -> None:
    if "/dev/full" in shell and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    done = ffcolor(*words, cwd=tmp_path, shell=shell)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.returncode == code, done.stderr
    assert said in done.stderr.decode()


# ---- Ctrl-C ------------------------------------------------------------------------------------------------------

SLOW = """
import os, signal, sys, time
class Slow:
    def find_spec(self, name, *_):
        if name == {name!r}:
            print("importing", flush=True)
            end = time.monotonic() + 30
            while time.monotonic() < end:
                time.sleep(0.01)
sys.meta_path.insert(0, Slow())
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv[:] = ["ffcolor", *{words!r}]
from {module} import {function} as start
sys.exit(start())
"""


@posix
@pytest.mark.parametrize(
    "name", ["ffcolor.doors.cli.run", "ffcolor.doors.cli.grammar", "numpy", "ffcolor.taste.colors"]
)
def test_ctrl_c_while_something_is_imported(name: str) -> None:
    words = ["learn", "--like", "red", "-o", os.devnull]
    source = SLOW.format(name=name, words=words, module="ffcolor_bridge.start", function="ffcolor")
    assert interrupted(source) == (130, b"\n")


@posix
@pytest.mark.parametrize("name", ["ffcolor_bridge.launcher", "ffcolor_bridge.host"])
def test_ctrl_c_while_the_java_command_is_imported(name: str) -> None:
    source = SLOW.format(name=name, words=["-version"], module="ffcolor_bridge.start", function="ffcolor_java")
    assert interrupted(source) == (-signal.SIGINT, b"")


def interrupted(source: str) -> tuple[int, bytes]:
    """How a program ends that is interrupted as soon as it says something, and what it says on standard error."""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"importing\n"
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    return process.returncode, told


def test_an_ignored_ctrl_c_stays_ignored(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("needs a POSIX shell")
    done = subprocess.run(
        ["sh", "-c", f"trap '' INT; {sys.executable} -c '{IGNORED}'"], capture_output=True, text=True, check=False
    )
    assert done.stdout == "True\n", done.stderr


IGNORED = """
import signal, sys
import ffcolor.doors.cli.run as run
run.main = lambda: print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
from ffcolor_bridge.start import ffcolor
ffcolor()
"""
