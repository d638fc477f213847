"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ffcolor.doors.cli import main

_NUMBER = re.compile(r"(?<![\w.#-])-?\d+\.\d+(?!\.)")
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_python_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = block("python")
    scope: dict[str, object] = {}
    exec(code, scope)
    call, shown = re.search(r"^(taste\.probability.*?)  # array\(\[(.*?)\]", code, re.MULTILINE).groups()  # type: ignore[union-attr]
    found = eval(call, scope)
    np.testing.assert_allclose(found, [float(number) for number in shown.split(",")], atol=0.0015)
    assert (tmp_path / "soft.css").read_text(encoding="utf-8").count("#") >= 5


@pytest.mark.needs("torch", "sklearn")
def test_the_example_of_learning_rules() -> None:
    code = next(code for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "ffcolor.rules" in code)
    *lines, last = code.strip().splitlines()
    scope: dict[str, object] = {}
    exec("\n".join(lines), scope)
    assert eval(last, scope) > float(re.search(r"# over (0\.\d+)", last)[1])  # type: ignore[index]


def test_the_shell_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    commands = 0
    for part in block("console").split("$ ffcolor ")[1:]:
        command, _, expected = part.partition("\n")
        assert main(shlex.split(command)) in (0, None)
        shown = capsys.readouterr().out
        without_times = [re.sub(r"in \d+ ms", "in some ms", text).strip() for text in (shown, expected)]
        assert without_times[0] == without_times[1]
        commands += 1
    assert commands == 3


@pytest.mark.needs("java")
def test_the_clojure_transcript() -> None:
    transcript = block("clojure")
    forms = re.findall(r"^user=> (.*)$", transcript, re.MULTILINE)
    command = [sys.executable, "-m", "ffcolor", "repl"]
    ran = subprocess.run(command, input="\n".join(forms), capture_output=True, text=True, timeout=300, check=False)
    said = [*ran.stdout.strip().splitlines(), *ran.stderr.strip().splitlines()]
    shown = [line for line in transcript.splitlines() if not line.startswith("user=> ")]
    assert len(forms) == 7
    assert [_NUMBER.sub("#", line) for line in said] == [_NUMBER.sub("#", line) for line in shown], ran.stderr
    numbers = [[float(number) for line in lines for number in _NUMBER.findall(line)] for lines in (said, shown)]
    np.testing.assert_allclose(*numbers, atol=0.001)


def test_every_file_that_it_names_is_there() -> None:
    root = Path(__file__).parent.parent
    tree = README.partition("## How it works")[2].partition("## ")[0]
    named = re.findall(r"[\w/]+/(?:\w+\.py)?", tree)
    assert len(named) > 12
    assert not [name for name in named if not (root / name).exists()]
