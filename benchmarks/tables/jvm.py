"""The Java machine's side: starting, crossing from Clojure to the engine, other roads to it, endurance."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.lib import report
from benchmarks.lib.timing import in_turn, median_ms

HERE = Path(__file__).parent
LAUNCHER = os.path.join(sysconfig.get_path("scripts"), "ffcolor-java")


def clojure_classpath() -> str:
    """Clojure's own jars, as Debian or ~/.m2 have them."""
    from ffcolor_bridge import classpath

    return os.pathsep.join(classpath.installed("org.clojure", "clojure"))


def start_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Seconds from the command line to the end of a program of one number."""
    program = ["-cp", clojure_classpath(), "clojure.main", "-e", "1"]
    load = ["-cp", clojure_classpath(), "clojure.main", "-e", "(require 'ffcolor.core)"]
    commands = {
        "java, clojure.main -e 1": ["java", *program],
        "ffcolor-java, clojure.main -e 1": [LAUNCHER, *program],
        "ffcolor-java, (require 'ffcolor.core)": [LAUNCHER, *load],
        "… and one score": [
            LAUNCHER,
            *load[:-1],
            "(require 'ffcolor.core) (ffcolor.core/learn [:red] nil)",
        ],
    }
    works = {name: partial(subprocess.run, each, check=True, capture_output=True) for name, each in commands.items()}
    seconds = {name: value / 1000 for name, value in in_turn(works, 5 if quick else 10).items()}
    report.print_table("Starting (new process)", ("", "seconds"), seconds.items())
    plain, ours, *_ = seconds.values()
    return {"start_s": seconds}, [report.at_most("start over plain java, s", 0.5, ours - plain)]


def crossing_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Milliseconds of calls from Clojure, beside other roads to the same engine."""
    from ffcolor import ColorPreference, streams

    liked, disliked = streams.stream("genesis", 1069, 1, 16), streams.stream("hash", 7, 1, 16)
    taste = ColorPreference().fit(liked, disliked)
    many = np.random.default_rng(0).random((100_000, 3), dtype=np.float32)
    works: dict[str, tuple[Callable[[], object], int]] = {
        "one": (lambda: taste.score(many[:1]), 2001),
        "many": (lambda: taste.score(many), 7),
        "learn": (lambda: ColorPreference().fit(liked, disliked), 41),
    }
    engine = {name: min(median_ms(work, repeats) for _ in range(5)) for name, (work, repeats) in works.items()}
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "taste.safetensors"
        taste.save(model)
        server = _server(taste)
        command = [sys.executable, "-m", "ffcolor", "score", str(model), "e63319", "--json"]
        found = _clojure("crossing.clj", str(server.server_port), *command)
        server.shutdown()
    jep = _jep()
    report.print_table(
        "From Clojure to the engine and back: ms (medians, the quietest of five rounds)",
        ("road", "one colour", "100,000 as [[r g b] …]", "100,000 as a float array", "learn 16 + 16"),
        [
            ("the engine itself, in Python", engine["one"], None, engine["many"], engine["learn"]),
            ("ffcolor-java", found["score-one"], found["score-nested"], found["score-flat"], found["learn"]),
            ("HTTP and JSON, a server that has the model", found["http-one"], found["http-many"], None, None),
            ("a subprocess for each call", found["subprocess-one"], None, None, None),
            ("jep 4.3 in an ordinary java", jep.get("one"), None, jep.get("many"), jep.get("learn")),
        ],
        f"Learning and looking at the learned palette: {found['learn-and-look']:.1f} ms. An interrupt ends a learning "
        f"within {found['interrupt']:.1f} ms (slowest of 10)."
        + ("" if jep else " jep is not installed here (it is built from source: pip install jep)."),
    )
    goals = [
        report.at_most("one score of one colour from Clojure, µs", 150, 1000 * found["score-one"]),
        report.at_most("100,000 as nested vectors, ms over the engine", 150, found["score-nested"] - engine["many"]),
        report.at_most("100,000 as a float array, ms over the engine", 40, found["score-flat"] - engine["many"]),
        report.at_most("learn on 16 + 16, ms", 15, found["learn"]),
        report.at_most("an interrupt ends a learning, ms (slowest of 10)", 100, found["interrupt"]),
    ]
    return {"engine_ms": engine, "clojure_ms": found, "jep_ms": jep}, goals


def busy_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Milliseconds of short calls from Clojure while the machine is idle, and beside two programs that never rest."""
    from ffcolor import ColorPreference, streams

    liked, disliked = streams.stream("genesis", 1069, 1, 16), streams.stream("hash", 7, 1, 16)

    def engine() -> float:
        return min(median_ms(lambda: ColorPreference().fit(liked, disliked), 41) for _ in range(5))

    alone = {"idle": engine()}
    found = {"idle": _clojure("quick_calls.clj")}
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        alone["busy"] = engine()
        found["busy"] = _clojure("quick_calls.clj")
    finally:
        for other in others:
            other.kill()
            other.wait()
    names = {"idle": "an idle machine", "busy": "beside two busy loops"}
    report.print_table(
        "Short calls from Clojure: ms (medians, the quietest of five rounds)",
        ("", "one score", "one step of a layer, 16 + 16", "learn 16 + 16"),
        [(names[when], *(found[when][what] for what in ("score", "step", "learn"))) for when in names],
        "One step is what the textbook's function does: two passes, two goodnesses, one update. The engine itself "
        f"learns in {alone['idle']:.2f} ms on the idle machine, and in {alone['busy']:.2f} ms beside the loops.",
    )
    goals = []
    for when, score, step, learn in (("idle", 100, 250, 2), ("busy", 120, 300, 4)):
        goals += [
            report.at_most(f"one score, {names[when]}, µs", score, 1000 * found[when]["score"]),
            report.at_most(f"one step of a layer, {names[when]}, µs", step, 1000 * found[when]["step"]),
            report.at_most(
                f"learn 16 + 16, {names[when]}, ms over the engine", learn, found[when]["learn"] - alone[when]
            ),
        ]
    return {"busy_ms": found}, goals


def endurance_table(quick: bool) -> tuple[dict[str, Any], list[report.Goal]]:
    """Growth of resident memory under much use."""
    calls = 50_000 if quick else 1_000_000
    heap = ["-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"]
    found = _clojure("endurance.clj", str(calls), options=heap)
    rows = [
        (f"{calls:,} calls", found["calls"]),
        (f"{calls // 100:,} models made and dropped", found["models"]),
        (f"{calls // 100:,} threads that call once", found["threads"]),
    ]
    report.print_table("Growth of resident memory, a full heap of 256 MiB apart: MiB", ("", "MiB"), rows)
    return {"growth_mib": found}, [report.at_most(f"growth of memory, {name}, MiB", 20, value) for name, value in rows]


def _clojure(script: str, *arguments: str, options: list[str] | None = None) -> dict[str, float]:
    """Run a script under ffcolor-java, and read the EDN map of numbers on its last line."""
    command = [LAUNCHER, *(options or []), "-cp", clojure_classpath(), "clojure.main", str(HERE / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{script} failed:\n{done.stderr}")
    pairs = re.findall(r":([\w-]+) (-?[\d.E-]+)", done.stdout.splitlines()[-1])
    return {name: float(value) for name, value in pairs}


def _server(taste: Any) -> ThreadingHTTPServer:
    """The simplest server that scores: a JSON list of colours in, a JSON list of numbers out."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            colors = np.array(json.loads(self.rfile.read(int(self.headers["Content-Length"]))), dtype=np.float32)
            answer = json.dumps(taste.score(colors).tolist()).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


_JEP = """
import jep.*;
public class Jep {
  static double median(int n, Runnable work) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < 5; round++) least = Math.min(least, once(n, work));
    return least;
  }
  static double once(int n, Runnable work) {
    double[] all = new double[n];
    for (int i = 0; i < 2 * n; i++) {
      long start = System.nanoTime();
      work.run();
      all[i % n] = (System.nanoTime() - start) / 1e6;
    }
    java.util.Arrays.sort(all);
    return all[n / 2];
  }
  public static void main(String[] arguments) {
    try (Interpreter python = new SharedInterpreter()) {
      python.exec("import numpy as np\\nfrom ffcolor import ColorPreference, streams");
      python.exec("p, n = streams.stream('genesis', 1069, 1, 16), streams.stream('hash', 7, 1, 16)");
      python.exec("taste = ColorPreference().fit(p, n)");
      python.exec("def one(r, g, b): return float(taste.score(np.array([[r, g, b]], dtype=np.float32))[0])");
      python.exec("def many(a): return taste.score(np.asarray(a).reshape(-1, 3))");
      python.exec("def learn(): ColorPreference().fit(p, n)");
      float[] colors = new float[300000];
      java.util.Random random = new java.util.Random(0);
      for (int i = 0; i < colors.length; i++) colors[i] = random.nextFloat();
      System.out.println("{:one " + median(2000, () -> python.invoke("one", 0.9, 0.2, 0.1))
        + " :many " + median(7, () -> ((NDArray<?>) python.invoke("many", new NDArray<>(colors))).getData())
        + " :learn " + median(20, () -> python.invoke("learn")) + "}");
    }
  }
}
"""


def _jep() -> dict[str, float]:
    """The same calls through jep, where it is installed: CPython inside an ordinary java."""
    found = importlib.util.find_spec("jep")
    if found is None or found.origin is None:
        return {}
    home = Path(found.origin).parent
    jar = next(home.glob("jep-*.jar"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Jep.java").write_text(_JEP, encoding="utf-8")
        subprocess.run(["javac", "-cp", str(jar), "Jep.java"], cwd=folder, check=True)
        paths = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LD_LIBRARY_PATH": str(home)}
        command = ["java", f"-Djava.library.path={home}", "-cp", os.pathsep.join([str(jar), folder]), "Jep"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | paths)
    if done.returncode:
        print(f"jep could not run: {done.stderr.strip().splitlines()[:1]}", file=sys.stderr)
        return {}
    return {name: float(value) for name, value in re.findall(r":(\w+) ([\d.E-]+)", done.stdout)}


def main(quick: bool = False) -> dict[str, Any]:
    """Print the tables; returns all figures and goals."""
    if shutil.which("java") is None:
        raise RuntimeError("the Java machine's benchmark needs a java on the PATH")
    figures: dict[str, Any] = {}
    goals: list[report.Goal] = []
    for table in (start_table, crossing_table, busy_table, endurance_table):
        found, met = table(quick)
        figures |= found
        goals += met
    return {**figures, "goals": goals}
