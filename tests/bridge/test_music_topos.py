"""The music-topos example, as its people run it: real lein, its nREPL, and a second process that evaluates in it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ffcolor import ColorPreference, to_hex

EXAMPLE = Path(__file__).parents[2] / "examples" / "music_topos"


class Session:
    """A session of a running nREPL: bencode over a socket. Source of the protocol: nrepl.org, "Building Clients"."""

    def __init__(self, port: int):
        with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
            self.stream = connection.makefile("rwb")
        self.name = self.ask(op="clone")[0]["new-session"]

    def send(self, **message: str) -> None:
        pairs = (text for pair in sorted(message.items()) for text in pair)
        self.stream.write(b"d" + b"".join(b"%d:%s" % (len(raw := text.encode()), raw) for text in pairs) + b"e")
        self.stream.flush()

    def answers(self, until: str) -> list[dict[str, Any]]:
        found = []
        while True:
            found.append(self.read())
            if until in found[-1].get("status", ()):
                return found

    def ask(self, **message: str) -> list[dict[str, Any]]:
        self.send(**message)
        return self.answers("done")

    def eval(self, code: str) -> str:
        answers = self.ask(op="eval", code=code, session=self.name)
        said = "".join(answer.get("out", "") + answer.get("err", "") for answer in answers)
        values = [answer["value"] for answer in answers if "value" in answer]
        assert values, said
        return values[-1]

    def read(self) -> Any:
        kind = self.stream.read(1)
        assert kind, "the server has gone"
        if kind == b"d":
            items = list(iter(self.read, None))
            return dict(zip(items[::2], items[1::2], strict=True))
        if kind == b"l":
            return list(iter(self.read, None))
        if kind == b"e":
            return None
        if kind == b"i":
            return int(self._until(b"e"))
        return self.stream.read(int(kind + self._until(b":"))).decode()

    def _until(self, end: bytes) -> bytes:
        digits = b""
        while (byte := self.stream.read(1)) != end:
            digits += byte
        return digits


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    project = tmp_path_factory.mktemp("project") / "music_topos"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("target", ".*"))
    lein = shutil.which("lein")
    assert lein, "lein is missing: make test installs it, or names the packages to install"
    debian = ["with-profile", "+debian"] if os.path.isdir("/usr/share/maven-repo/org/clojure/clojure") else []
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "LEIN_HOME": str(project / ".lein"), "LEIN_JAVA_CMD": "java"}
    environment.pop("JAVA_CMD", None)  # project.clj names ffcolor-java itself
    with open(project / "log", "wb") as log:
        server = subprocess.Popen(
            [lein, *debian, "repl", ":headless"],
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 240
        while not (port := project / ".nrepl-port").exists() or not port.read_text():
            assert server.poll() is None, (project / "log").read_text()
            assert time.monotonic() < deadline, (project / "log").read_text()
            time.sleep(0.1)
        session = Session(int(port.read_text()))
        with session.stream:
            yield session
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def test_the_examples_own_tests_pass_in_the_repl(session: Session) -> None:
    summary = session.eval("(require 'music-topos.taste-test) (clojure.test/run-tests 'music-topos.taste-test)")
    assert re.search(r":test 5\b", summary)
    assert ":fail 0" in summary
    assert ":error 0" in summary


def test_what_the_repl_learned_is_what_python_learns(session: Session) -> None:
    session.eval("(require '[ffcolor.core :as ff] '[music-topos.main :as m] '[music-topos.forks :as f])")
    session.eval(
        "(defn parts [{:keys [hsl] :as fork}] [(boolean (m/dusk? fork)) (mapv hsl [:hue :saturation :lightness])])"
    )
    listing = "(mapv parts (take 64 (f/forks 96)))"
    rows = re.findall(r"\[(true|false) \[([^\]]+)\]\]", session.eval(listing))
    assert len(rows) == 64
    forks = [(liked, dict(zip("hsl", map(float, hsl.split()), strict=True))) for liked, hsl in rows]
    taste = ColorPreference().fit(
        [color for liked, color in forks if liked == "true"], [color for liked, color in forks if liked == "false"]
    )
    assert session.eval("(:palette (m/play f/master-seed m/dusk?))") == str(to_hex(taste.palette(5))).replace(
        "'", '"'
    ).replace(",", "")


def test_the_function_of_music_topos_runs_as_it_is_written_there(session: Session) -> None:
    session.eval("(ns seed.check (:require [ffcolor.core :refer :all]))")
    session.eval(
        """(in-ns 'seed.check)
        (defn ff-color-learning
          [positive-colors negative-colors]
          (let [ff-layer (make-ff-layer 3 16)
                goodness-pos (compute-goodness (forward ff-layer positive-colors))
                goodness-neg (compute-goodness (forward ff-layer negative-colors))]
            (local-update ff-layer goodness-pos goodness-neg)))"""
    )
    assert "16" in session.eval("(in-ns 'seed.check) (pr-str (ff-color-learning [:red :gold] [:navy :teal]))")
    session.eval("(in-ns 'user)")


def test_an_interrupt_ends_the_learning_and_leaves_the_session_well(session: Session) -> None:
    session.eval("(in-ns 'user)")
    session.eval("(require '[ffcolor.core :as ff] '[music-topos.forks :as f])")
    told = "(fn [{:keys [step]}] (when (= 3 step) (println :learning)))"
    endless = f"(ff/ff-color-learning (f/forks 64) nil {{:steps 100000000 :on-step {told}}})"
    session.send(op="eval", code=endless, session=session.name, id="endless")
    while ":learning" not in session.read().get("out", ""):
        pass
    session.send(op="interrupt", session=session.name, id="stop")
    ended: dict[str, list[str]] = {}
    while len(ended) < 2:
        answer = session.read()
        if "done" in answer.get("status", ()):
            ended[answer["id"]] = answer["status"]
    assert "interrupted" in ended["endless"]
    assert session.eval("(count (:palette (ff/ff-color-learning (f/forks 8) nil)))") == "5"
