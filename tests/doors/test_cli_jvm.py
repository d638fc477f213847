"""`ffcolor repl`, `nrepl` and `java-cmd`: what they print, what they start, and how they end."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

import pytest

from ffcolor import FfcolorError, __version__
from ffcolor.doors.cli import jvm, main, parser
from tests.bridge.jvm import needs_clojure

FFCOLOR = [sys.executable, "-m", "ffcolor"]
PATIENCE = 240
QUICK = "-XX:TieredStopAtLevel=1"  # what lives for seconds is not worth the best compiler's work
NOTE = f"NOTE: Picked up JDK_JAVA_OPTIONS: {QUICK}\n"  # as java says it


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setenv("JDK_JAVA_OPTIONS", QUICK)


@pytest.fixture
def started(monkeypatch):
    """What would be started, instead of starting it."""
    calls = []
    monkeypatch.setattr(
        jvm, "_start", lambda options, line, nrepl=False: calls.append((options.classpath, line, nrepl))
    )
    return calls


def run(*arguments, cwd, stdin="", **environment):
    """Run the command; its exit code, standard output and standard error, without java's note about its options."""
    done = subprocess.run(
        [*FFCOLOR, *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr.replace(NOTE, "")


# ---- the grammar -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["repl", "nrepl", "java-cmd"])
def test_examples_parse(verb, capsys):
    assert main([verb, "--help"]) == 0
    text = capsys.readouterr().out
    lines = re.findall(r"(?:^  |\| )(ffcolor .*?)(?:\s+#.*)?$", text.partition("examples\n")[2], re.MULTILINE)
    assert len(lines) >= 3
    for line in lines:
        assert parser.parse(shlex.split(line)[1:]).verb == verb
    assert main(["--help"]) == 0
    assert f"\n  {verb} " in capsys.readouterr().out


LOAD = "((requiring-resolve 'ffcolor.repl/refer-everything))"


@pytest.mark.parametrize(
    ("words", "classpath", "line"),
    [
        ([], None, ["-m", "ffcolor.repl", "{:quiet true}"]),
        (["-e", "(+ 1 2)"], None, ["-e", LOAD, "-e", "(+ 1 2)"]),
        (["-cp", "a:b", "-e", "1"], "a:b", ["-e", LOAD, "-e", "1"]),
        (["--classpath=c", "-m", "my.app", "--port", "3"], "c", ["-m", "my.app", "--port", "3"]),
        (["--main", "my.app"], None, ["--main", "my.app"]),
        (["script.clj", "-x", "--classpath", "d"], None, ["-e", LOAD, "script.clj", "-x", "--classpath", "d"]),
        (["--", "--odd-name.clj"], None, ["-e", LOAD, "--odd-name.clj"]),
        (["-"], None, ["-e", LOAD, "-"]),
    ],
)
def test_repl_hands_on_what_is_not_its_own(started, words, classpath, line):
    assert main(["repl", *words]) == 0
    assert started == [(classpath, line, False)]


def test_nrepl_says_what_is_wanted(started):
    assert main(["nrepl"]) == 0
    assert main(["nrepl", "--port", "7888", "--bind", "::1", "-cp", "x.jar", "--middleware", "a.b/c-d", "e/f"]) == 0
    assert started == [
        (None, ["-m", "ffcolor.repl", '{:nrepl {:port 0 :bind "127.0.0.1" :middleware []}}'], True),
        ("x.jar", ["-m", "ffcolor.repl", '{:nrepl {:port 7888 :bind "::1" :middleware [a.b/c-d e/f]}}'], True),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["repl", "--claspath", "x"], "there is no option --claspath: did you mean --classpath?"),
        (["nrepl", "--prot", "1"], "there is no option --prot: did you mean --port?"),
        (["nrepl", "--port", "65536"], "'65536' is not a port"),
        (["nrepl", "--port", "-1"], "--port"),
        (["nrepl", "--middleware", "(eval)/x"], "'(eval)/x' is not the name of a var"),
        (["nrepl", "--middleware", "wrap"], "'wrap' is not the name of a var"),
        (["java-cmd", "leni"], "did you mean 'lein'?"),
    ],
)
def test_bad_usage_is_one_line(started, capsys, words, message):
    assert main(words) == 2
    complaint = capsys.readouterr().err
    assert message in complaint
    assert complaint.count("\n") == 1
    assert started == []


# ---- lines to paste ----------------------------------------------------------------------------------------------


def test_java_cmd_prints_the_lines_of_every_tool(capsys):
    path = jvm.command()
    assert os.access(path, os.X_OK)
    assert main(["java-cmd"]) == 0
    text = capsys.readouterr().out
    for tool in ("lein", "deps", "calva", "cider"):
        assert main(["java-cmd", tool]) == 0
        lines = capsys.readouterr().out.strip()
        assert lines in text
        assert path in lines
    assert main(["java-cmd", "path"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert main(["java-cmd", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"path", "lein", "deps", "calva", "cider"}
    assert main(["java-cmd", "lein", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": path, "lein": told["lein"]}


def test_java_cmd_quotes_a_path_with_spaces():
    lines = {tool: text for tool, (_, text) in jvm.pasted("/my tools/ffcolor-java").items()}
    assert shlex.split(lines["lein"].splitlines()[0]) == ["JAVA_CMD=/my tools/ffcolor-java", "lein", "repl"]
    assert shlex.split(lines["deps"].splitlines()[1]) == ["export", "JAVA_CMD=/my tools/ffcolor-java"]
    assert json.loads("{" + lines["calva"] + "}") == {"calva.jackInEnv": {"JAVA_CMD": "/my tools/ffcolor-java"}}


def test_java_cmd_that_is_not_installed_says_so(monkeypatch):
    monkeypatch.setattr("sysconfig.get_path", lambda name: "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FfcolorError, match="neither /nowhere/ffcolor-java nor on the PATH"):
        jvm.command()


# ---- the REPL ----------------------------------------------------------------------------------------------------


@needs_clojure
def test_an_expression_has_everything_at_hand(tmp_path):
    expression = '(keys (ff-color-learning ["#ffd1dc" "#c1e1c1"] ["#8b0000" "black"]))'
    code, out, err = run("repl", "-e", expression, "-e", "(streams/hexes :genesis {:count 1})", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert ":threshold" in out
    assert out.endswith('["#E67F86"]\n')


@needs_clojure
def test_a_pipe_gets_results_only(tmp_path):
    lines = ["(+ 40 2)", '(throw (ex-info "no, thanks" {}))', "(ns-name *ns*)", "(string? (:doc (meta #'score)))"]
    code, out, err = run("repl", cwd=tmp_path, stdin="\n".join(lines))
    assert (code, out) == (0, "42\nuser\ntrue\n")
    assert "no, thanks" in err


@needs_clojure
def test_a_script_has_its_arguments_and_its_exit_code(tmp_path):
    (tmp_path / "script.clj").write_text("(println *command-line-args* (some? ff-color-learning)) (System/exit 3)")
    assert run("repl", "script.clj", "-x", "1", cwd=tmp_path) == (3, "(-x 1) true\n", "")


@needs_clojure
def test_the_function_of_music_topos_can_be_typed_as_it_is_written_there(tmp_path):
    written = """(defn ff-color-learning
      "Learn color preferences via Forward-Forward"
      [positive-colors negative-colors]
      (let [ff-layer (make-ff-layer 3 16)  ; RGB -> hidden
            goodness-pos (compute-goodness (forward ff-layer positive-colors))
            goodness-neg (compute-goodness (forward ff-layer negative-colors))]
        (local-update ff-layer goodness-pos goodness-neg)))"""
    lines = [
        "(:accuracy (ff-color-learning [:red] [:blue]))",
        "(require '[ffcolor.core :refer :all])",
        written,
        "(ff-color-learning [:red] [:blue])",
        "(ns mine (:require [ffcolor.core :refer :all]))",
        written,
        "(ff-color-learning [:red] [:blue])",
        "(:accuracy (ffcolor.core/ff-color-learning [:red] [:blue]))",
    ]
    code, out, err = run("repl", cwd=tmp_path, stdin="\n".join(lines))
    assert (code, err) == (0, "")
    shown = [line.partition(", loss")[0] for line in out.splitlines() if line not in ("nil", "1.0")]
    layer = "#<ffcolor layer: 3 inputs, 16 units, 1 updates"
    assert shown == ["#'user/ff-color-learning", layer, "#'mine/ff-color-learning", layer]
    assert out.count("1.0\n") == 2


def test_no_java_says_what_to_install(tmp_path):
    code, _, err = run("repl", "-e", "1", cwd=tmp_path, FFCOLOR_JAVA_HOME=str(tmp_path))
    assert code == 1
    assert err.startswith("ffcolor: ")
    assert "not a Java" in err
    assert err.count("\n") == 1


class Terminal:
    """A terminal of its own with `ffcolor repl` in it."""

    def __init__(self, cwd, term):
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.environ.update(TERM=term, FFCOLOR_RLWRAP="1" if term == "dumb" else "", HOME=str(cwd))
            if term != "dumb":
                del os.environ["FFCOLOR_RLWRAP"]
            os.execv(sys.executable, [*FFCOLOR, "repl"])
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        self.seen = b""

    def until(self, what: str) -> str:
        """Read until a text has appeared, and return everything up to it."""
        deadline = time.monotonic() + PATIENCE
        while what.encode() not in self.seen:
            assert time.monotonic() < deadline, self.seen.decode()
            if select.select([self.end], [], [], 0.2)[0]:
                self.seen += os.read(self.end, 4096)
        before, _, self.seen = self.seen.partition(what.encode())
        return before.decode()

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self.end, text.encode())

    def left(self) -> int:
        """Wait for the end and return the exit code."""
        with contextlib.suppress(OSError):
            while os.read(self.end, 4096):
                pass
        os.close(self.end)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@needs_clojure
def test_a_terminal_gets_a_greeting_and_interrupts_work(tmp_path):
    terminal = Terminal(tmp_path, "dumb")
    greeting = terminal.until("user=> ")
    assert f"ffcolor {__version__}, Clojure 1." in greeting
    assert "(learn" in greeting
    terminal.type("(do (println :sleeping) (Thread/sleep 100000))\n")
    terminal.until(":sleeping\r\n")
    terminal.type("\x03")
    assert "InterruptedException" in terminal.until("user=> ")
    terminal.type("(str :still :here)\n")
    terminal.until('":still:here"')
    terminal.until("user=> ")
    terminal.type("\x03")
    assert terminal.left() == 130


@needs_clojure
def test_a_terminal_ends_with_its_input(tmp_path):
    terminal = Terminal(tmp_path, "xterm")  # with rlwrap, where it is installed
    terminal.until("user=> ")
    terminal.type("(str :al :right)\n")
    terminal.until('":al:right"')
    terminal.type("\x04")
    assert terminal.left() == 0


# ---- nREPL -------------------------------------------------------------------------------------------------------


def served(cwd, *arguments):
    """Start a server; return its process and its port once it has said so."""
    process = subprocess.Popen(
        [*FFCOLOR, "nrepl", *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"nREPL server started on port (\d+) on host (\S+) - nrepl://\2:\1\n", line)
    if not found:
        process.kill()
        pytest.fail(f"{line} {process.communicate()}")
    return process, int(found[1])


def evaluated(port, code):
    """Evaluate code through the server, in bencode; return all that it says until it is done."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        text = code.encode()
        connection.sendall(b"d4:code%d:%b2:op4:evale" % (len(text), text))
        said = b""
        while b"4:done" not in said:
            said += connection.recv(4096)
    return said.decode()


FAILING = """
(with-redefs [ffcolor.repl/fail (fn [& words] (throw (ex-info (apply str words) {})))]
  (mapv (fn [options] (try (ffcolor.repl/-main (pr-str {:nrepl options})) (catch Exception e (ex-message e))))
        [{:port %d :bind "127.0.0.1"} {:port 0 :bind "127.0.0.1" :middleware '[no.such/thing]}]))
"""


@needs_clojure
def test_nrepl_serves_this_machine_until_it_is_told_to_stop(tmp_path):
    process, port = served(tmp_path)
    try:
        assert (tmp_path / ".nrepl-port").read_text() == str(port)
        said = evaluated(port, "[*ns* (:accuracy (ff-color-learning [:pink] [:black]))]")
        assert "user" in said
        assert " 1.0]" in said
        said = evaluated(port, FAILING % port)
        assert f"port {port} on 127.0.0.1 cannot be had (Address already in use" in said
        assert "the middleware no.such/thing cannot be loaded" in said
        assert (tmp_path / ".nrepl-port").read_text() == str(port)
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 143
    assert complaints == NOTE
    assert not (tmp_path / ".nrepl-port").exists()


MIDDLEWARE = """
(ns mine.middleware (:require [nrepl.middleware :as middleware] [nrepl.transport :as transport] [nrepl.misc :as misc]))
(defn wrap-hello [handler]
  (fn [{:keys [op transport] :as message}]
    (if (= op "eval")
      (transport/send transport (misc/response-for message :status :done :hello "hello from the middleware"))
      (handler message))))
(middleware/set-descriptor! #'wrap-hello {:expects #{"eval"}})
(def all '[mine.middleware/wrap-hello])
"""


@needs_clojure
def test_nrepl_for_others_warns_and_takes_middleware(tmp_path):
    (tmp_path / "src" / "mine").mkdir(parents=True)
    (tmp_path / "src" / "mine" / "middleware.clj").write_text(MIDDLEWARE)
    process, port = served(
        tmp_path, "--bind", "0.0.0.0", "--classpath", "src", "--middleware", "mine.middleware/all"
    )  # fmt: skip
    try:
        assert "hello from the middleware" in evaluated(port, "1")
        (tmp_path / ".nrepl-port").write_text("1")  # of another server by now
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert complaints == NOTE + "ffcolor: warning: whoever reaches 0.0.0.0 can run any code as you\n"
    assert (tmp_path / ".nrepl-port").read_text() == "1"


@needs_clojure
def test_nrepl_that_cannot_start_says_why(tmp_path):
    code, _, err = run("nrepl", "--bind", "nowhere.invalid", cwd=tmp_path)
    assert (code, err) == (1, "ffcolor: there is no address nowhere.invalid to bind to\n")
    assert not (tmp_path / ".nrepl-port").exists()
