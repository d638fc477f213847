"""`.ci/jvm`: what the tests of the bridge need is installed when it is missing, or named."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "jvm"


@pytest.fixture
def machine(tmp_path):
    """A machine with a shell and nothing else: (run the script, add a command, what was called)."""
    commands, log = tmp_path / "bin", tmp_path / "log"
    commands.mkdir()
    log.touch()
    for name in ("env", "bash", "dirname", "id", "sort", "cat", "mkdir", "touch"):
        os.symlink(str(shutil.which(name)), commands / name)

    def add(name, script=""):
        (commands / name).unlink(missing_ok=True)
        (commands / name).write_text(f'#!/usr/bin/env bash\necho "{name} $*" >> {log}\n{script}\n')
        (commands / name).chmod(0o755)

    def run(*wanted):
        environment = {
            "PATH": str(commands),
            "HOME": str(tmp_path),
            "FFCOLOR_DEBIAN_REPOSITORY": str(tmp_path / "repo"),
        }
        done = subprocess.run([SCRIPT, *wanted], capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stderr

    return run, add, lambda: log.read_text().splitlines()


def test_what_is_here_is_left_alone(machine):
    run, add, called = machine
    for name in ("java", "javac", "apt-get"):
        add(name)
    assert run("java", "javac") == (0, "")
    assert called() == []


def test_what_is_missing_is_installed_once(machine, tmp_path):
    run, add, called = machine
    add("id", "echo 0")
    jars = [tmp_path / "repo" / each for each in ("org/clojure/test.check/1", "nrepl/nrepl/1")]
    makes = "\n".join(f"mkdir -p {each}; touch {each}/a.jar" for each in jars)
    add("apt-get", f'[ "$1" = install ] || exit 0\n{makes}')
    code, complaint = run("java", "javac", "nrepl", "test.check")
    assert code == 1
    assert complaint.startswith("missing: java javac\n")
    assert "sudo apt install default-jdk-headless" in complaint
    packages = "default-jdk-headless libnrepl-clojure libtest-check-clojure"
    assert called()[-2:] == ["apt-get update -qq", f"apt-get install -y -qq --no-install-recommends {packages}"]
    assert run("nrepl", "test.check") == (0, "")


def test_sudo_is_used_only_if_it_asks_nothing(machine):
    run, add, called = machine
    add("id", "echo 1000")
    add("apt-get")
    add("sudo", "exit 1")
    code, complaint = run("lein", "core.async")
    assert code == 1
    assert complaint.startswith("missing: lein core.async\n")
    assert "sudo apt install leiningen libcore-async-clojure\n" in complaint
    assert called() == ["id -u", "sudo -n true"]
    add("sudo")
    assert run("lein")[0] == 1
    assert called()[-2:] == [
        "sudo -n apt-get update -qq",
        "sudo -n apt-get install -y -qq --no-install-recommends leiningen",
    ]


def test_without_apt_lein_is_asked(machine, tmp_path):
    run, add, called = machine
    jars = tmp_path / ".m2" / "repository" / "org" / "clojure" / "clojure" / "1.11.1"
    add("java")
    add("lein", f"mkdir -p {jars}; touch {jars}/clojure-1.11.1.jar")
    assert run("clojure") == (0, "")
    assert called() == ["lein with-profile +dev,+repl deps"]
    assert run("clojure") == (0, "")
    assert len(called()) == 1


def test_an_unknown_name_is_refused(machine):
    assert machine[0]("cobol") == (2, "what is cobol?\n")
