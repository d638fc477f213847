"""ffcolor-java beside java: the same program comes to the same end. Each case is a process of its own."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bridge.jvm import FFCOLOR_JAVA, JAVA, both, environment, life, needs_jdk, run

pytestmark = needs_jdk


# ---- ends --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status", "output"),
    [
        ("nothing", 0, ""),
        ("exit 7", 7, "leaving"),
        ("exit 300", 44, "leaving"),
        ("exit -1", 255, "leaving"),
        ("halt", 9, ""),
        ("throw", 1, 'Exception in thread "main" java.lang.RuntimeException: trouble'),
        ("throw-checked", 1, "java.io.IOException: a checked one"),
        ("throw-mute", 1, 'Exception in thread "main" Life$1'),
        ("throw-handled", 1, "main died of something"),
        ("overflow", 1, "java.lang.RuntimeException: too deep"),
        ("throw-in-thread", 0, 'Exception in thread "worker" java.lang.IllegalStateException: elsewhere'),
        ("threads", 0, "main ends\na thread of a thread ends\nthe hook runs last\n"),
        ("throw-and-threads", 1, "still here"),
        ("exit-in-thread", 5, "hook"),
        ("interrupted", 0, "interrupted and gone"),
        ("processes", 0, "SigIgn"),
    ],
)
def test_ends(arguments: str, status: int, output: str) -> None:
    code, out, err = both(life(*arguments.split()))
    assert code == status
    assert output in out + err


def test_an_end_that_a_security_manager_guards() -> None:
    code, out, _ = run([FFCOLOR_JAVA, "-Djava.security.manager=allow", *life("exit-guarded")])
    assert (code, out) == run([JAVA, "-Djava.security.manager=allow", *life("exit-guarded")])[:2]


# ---- input, output and signals -----------------------------------------------------------------------------------


def test_input_and_output() -> None:
    assert both(life("echo"), input="one\nzwö\n")[1] == "one again\nzwö again\n"


def test_answers_come_before_the_input_ends() -> None:
    with subprocess.Popen(
        [FFCOLOR_JAVA, *life("echo")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for word in ("one", "two"):
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{word} again\n"
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_terminal() -> None:
    """Control-C at a terminal ends the program as it ends java."""
    outer, inner = pty.openpty()
    process = subprocess.Popen([FFCOLOR_JAVA, *life("echo")], stdin=inner, stdout=inner, stderr=inner,
                               start_new_session=True, preexec_fn=_take_terminal)  # fmt: skip
    os.close(inner)
    try:
        os.write(outer, b"word\n")
        text = b""
        while b"word again" not in text:
            text += os.read(outer, 1000)
        os.write(outer, b"\x03")
        assert process.wait(60) == 130
    finally:
        process.kill()
        os.close(outer)


def _take_terminal() -> None:
    _usual_signals()
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _usual_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)  # the tests themselves may run where some are ignored


def waiting(*options: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([FFCOLOR_JAVA, *life("wait", options=options)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment(),
                               preexec_fn=_usual_signals)  # fmt: skip
    assert process.stdout
    assert process.stdout.readline().split() == ["waiting", str(process.pid)]
    return process


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=lambda value: str(value),
)
def test_signals(number: signal.Signals, status: int) -> None:
    process = waiting()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (status, "the hook ran\n", "")


def test_a_thread_dump_and_no_signal_handlers() -> None:
    process = waiting()
    process.send_signal(signal.SIGQUIT)
    time.sleep(0.5)
    process.terminate()
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 143
    assert '"main" #' in out
    process = waiting("-Xrs")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == -signal.SIGINT
    process.communicate()


def test_a_signal_that_is_faster_than_the_host_finds_it_waiting_for_the_end() -> None:
    assert run([FFCOLOR_JAVA, *life("prepare-late")]) == (130, "the host waits\n", "")


def test_ignored_signals_stay_ignored() -> None:
    script = 'trap "" INT; exec "$@"'
    process = subprocess.Popen(
        ["sh", "-c", script, "sh", FFCOLOR_JAVA, *life("wait")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline().startswith("waiting")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None
    process.terminate()
    assert process.wait(60) == 143
    process.communicate()


def test_a_reader_that_goes() -> None:
    results = []
    for java in (JAVA, FFCOLOR_JAVA):
        process = subprocess.Popen([java, *life("print")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=environment())  # fmt: skip
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "line 0\n"
        process.stdout.close()
        results.append((process.stderr.read(), process.wait(60)))
        process.stderr.close()
    assert results == [("the reader has gone\n", 3)] * 2


# ---- with the engine at work -------------------------------------------------------------------------------------


def test_exits_with_the_engine_at_work() -> None:
    """Every way of leaving, a few times; benchmarks/tables/jvm_exits.py is the same program with more of them."""
    done = run([sys.executable, "-m", "benchmarks.tables.jvm_exits", "2"], cwd=Path(__file__).parents[2], timeout=900)
    assert done[0] == 0, done


# ---- agents and debuggers ----------------------------------------------------------------------------------------


def test_agents_and_debuggers_find_the_engine_there(tmp_path: Path) -> None:
    source, manifest, jar = tmp_path / "Agent.java", tmp_path / "manifest", tmp_path / "agent.jar"
    source.write_text(
        "public class Agent { public static void premain(String given, java.lang.instrument.Instrumentation tools) {"
        ' System.out.println("agent " + given + " " + (tools != null)); } }'
    )
    manifest.write_text("Premain-Class: Agent\n")
    subprocess.run(["javac", "-d", str(tmp_path), str(source)], check=True)
    subprocess.run(["jar", "cfm", str(jar), str(manifest), "-C", str(tmp_path), "Agent.class"], check=True)
    debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"
    code, out, err = run([FFCOLOR_JAVA, f"-javaagent:{jar}=hello", debugger, *life("engine")])
    assert code == 0, err
    assert "agent hello true" in out
    assert "Listening for transport dt_socket" in out
    assert "the engine is here" in out


def test_a_program_that_the_real_java_runs_is_said_to_have_no_engine() -> None:
    code, out, err = run([FFCOLOR_JAVA, "-XshowSettings:vm", *life("engine")])
    assert code == 0
    assert "no engine here" in out
    assert err.startswith("ffcolor-java: -XshowSettings:vm is for the real java: there is no ffcolor engine in it\n")
