"""The Clojure library: its tests by plain java, ffcolor-java and the real lein; its bytes against Python's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import numpy as np
import pytest
from ffcolor_bridge import classes, classpath

from ffcolor import streams

ROOT = Path(__file__).parents[2]
FFCOLOR_JAVA = os.path.join(sysconfig.get_path("scripts"), "ffcolor-java")


QUICK = "-XX:TieredStopAtLevel=1"  # what lives for seconds is not worth the best compiler's work


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is missing: make test installs it, or names the packages to install"
    return found


@pytest.fixture(scope="module")
def entries() -> str:
    found = [str(ROOT / "clj" / "src"), str(ROOT / "clj" / "test"), classes.folder()]
    for artifact in ("clojure", "test.check", "core.async"):
        jars = classpath.installed("org.clojure", artifact)
        assert jars, f"{artifact} is missing: make test installs it, or names the packages to install"
        found += jars
    return os.pathsep.join(found)


def run(command: list[str], **keywords: object) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in ("CLASSPATH", "JDK_JAVA_OPTIONS")}
    environment |= keywords.pop("environment", {})  # type: ignore[arg-type]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=environment, **keywords
    )  # fmt: skip
    report = "\n".join([done.stdout, done.stderr])
    assert done.returncode == 0, report[-8000:]
    return report


def check_passed(report: str) -> None:
    assert "\n0 failures, 0 errors." in report, report[-8000:]
    assert "Ran 0 tests" not in report


def test_what_needs_no_engine_passes_under_plain_java(entries):
    report = run([tool("java"), QUICK, "-cp", entries, "clojure.main", "-m", "ffcolor.runner", "pure"])
    check_passed(report)
    assert "Testing ffcolor.streams-test" in report


def test_what_needs_the_engine_passes_under_ffcolor_java(entries):
    report = run([FFCOLOR_JAVA, QUICK, "-cp", entries, "clojure.main", "-m", "ffcolor.runner", "engine"])
    check_passed(report)
    assert "Testing ffcolor.core-test" in report


def test_models_and_layers_outlive_reloading(entries):
    report = run([FFCOLOR_JAVA, QUICK, "-cp", entries, "clojure.main", "-m", "ffcolor.reload"])
    assert "14 right, 0 failures, 0 errors." in report


def test_no_reflection_and_a_docstring_everywhere(entries):
    report = run([tool("java"), QUICK, "-cp", entries, "clojure.main", "-m", "ffcolor.house"])
    assert "namespaces, 0 problems" in report
    assert not report.startswith("0 namespaces")


def test_lein_runs_all_tests_with_the_engine(tmp_path):
    for part in ("clj", "tests/data"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("target", ".*"))
    debian = os.path.isdir("/usr/share/maven-repo/org/clojure/clojure")
    profile = ["with-profile", "+debian"] if debian else []
    environment = {"JAVA_CMD": FFCOLOR_JAVA, "LEIN_JAVA_CMD": tool("java"), "LEIN_HOME": str(tmp_path / "lein")}
    environment |= {"JVM_OPTS": QUICK, "LEIN_JVM_OPTS": QUICK}
    report = run([tool("lein"), *profile, "test"], cwd=tmp_path / "clj", environment=environment)
    check_passed(report)
    assert "lein test ffcolor.core-test" in report
    assert "lein test ffcolor.streams-test" in report


DUMP = """
(require '[ffcolor.streams :as streams])
(with-open [out (java.io.FileOutputStream. (first *command-line-args*))]
  (doseq [name (keys streams/streams)
          [seed start] [[1069 1] [-1 4090] [Long/MIN_VALUE 0] [18446744073709551615 70000]]]
    (.write out (streams/rgb-bytes name {:seed seed :start start :count 20000}))))
"""


def test_streams_are_those_of_python_byte_for_byte(entries, tmp_path):
    script, dump = tmp_path / "dump.clj", tmp_path / "dump.bin"
    script.write_text(DUMP)
    run([tool("java"), QUICK, "-cp", entries, "clojure.main", str(script), str(dump)])
    expected = [
        streams.stream(name, seed, start, 20000)
        for name in streams.STREAMS
        for seed, start in ((1069, 1), (-1, 4090), (-(1 << 63), 0), ((1 << 64) - 1, 70000))
    ]
    colors = (np.concatenate(expected) * 255 + 0.5).astype(np.uint8)
    assert dump.read_bytes() == colors.tobytes()
