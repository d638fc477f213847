"""The same colours through both doors: Clojure's reader gives the floats, the errors and the positions of Python's."""

from __future__ import annotations

import os
import random
import struct
from typing import Any

import pytest
from ffcolor_bridge import classpath
from PIL.ImageColor import colormap

from ffcolor.doors.sources import colors_of
from ffcolor.errors import FfcolorError
from tests.bridge.jvm import FFCOLOR_JAVA, needs_clojure, run

pytestmark = needs_clojure

PROGRAM = """
(require '[clojure.edn :as edn] '[clojure.string :as string] '[ffcolor.bridge :as bridge] '[ffcolor.colors :as colors]
         '[ffcolor.core :as ff])
(let [{:keys [model]} (ff/ff-color-learning [:pink] [:black])]
  (doseq [line (string/split-lines (slurp (first *command-line-args*)))]
    (println (try (->> (bridge/call "score:hex" {:model model :colors (colors/read-colors (edn/read-string line))})
                       first
                       (map #(Float/floatToIntBits %))
                       (string/join " "))
                  (catch clojure.lang.ExceptionInfo e
                    (str (name (:code (ex-data e))) " " (:position (ex-data e))))))))
(System/exit 0)
"""

FIXED: list[Any] = [
    *("#f80", "F80F", "#ff8800ff", " teal ", "red, #00f lime", "transparent", "#12g", "#12345", "", "bluw", "1 2 3"),
    *("hsl(20 30% 40%)", "oklch(0.7 0.1 200)", "lab(50 20 30)", "rgb(1 2)", "genesis:1069:1-5", "hash", "fork:x"),
    *([1, 1, 1], [0, 0, 0], [1, 0, 1.0], [255, 136, 0, 255], [0.1, 0.2, 0.3, 0.5], [1, 1, 1, 1], [0, 0, 0, 0]),
    *([0.1, 0.2], [256, 0, 0], [1.00005, 0, 0.0], [1.0002, 0, 0.0], [-0.00005, 0, 0.0], [1e300, 0, 0], [True, 0, 0]),
    *([[1, 1, 0], [0.5, 0, 0]], [[1, 1, 0], [2, 0, 0]], [[1, 1, 0], [2, 0, 0], [0.5, 0, 0]], [[0, 0, 0], [1, 0, 0]]),
    *([], ["red", []], ["red", None], [None], None, {}, {"x": 1}, ["red", "blue green"], ["genesis:7:1-2", "red"]),
    *({"l": 1, "c": 2, "h": 3}, {"L": 50, "C": 20, "H": 10}, {"L": 500, "C": 20, "H": 10}, {"r": 1, "g": 1, "b": 0}),
    *({"r": 1, "g": 1, "b": 0.5, "alpha": 0.5}, {"r": 9, "g": 1, "b": 0, "a": 1}, {"h": 1, "s": 2, "l": 0}),
    *({"hsl": [10, 0.5, 0.5]}, {"hsl": {"h": 10, "s": 0.5, "l": 0.5}, "hex": "red"}, {"color": {"rgb": [9, 8, 7]}}),
    *({"hue": -1000.5, "saturation": 0.3, "lightness": 0.9, "alpha": 1}, {"hex": "nope"}, {"hex": None, "rgb": "red"}),
    *(["red", {"color": [1, 2, 300]}], {"red": 1, "green": 2, "blue": 3, "h": 1}, {"hsl": [1, 2]}, {"color": []}),
]


def drawn(seed: int = 0, count: int = 600) -> list[Any]:
    """Random sources of every kind; one is wrong in one way at most, for it is left open which fault is told first."""
    rng = random.Random(seed)
    number = rng.random
    whole = lambda: rng.randrange(256)  # noqa: E731
    one = [
        lambda: [number(), number(), number()],
        lambda: [whole(), whole(), whole()],
        lambda: f"#{whole():02x}{whole():02x}{whole():02x}",
        lambda: f"{whole():02X}{whole():02X}{whole():02X}",
        lambda: rng.choice(sorted(colormap)),
        lambda: {"hue": number() * 2000 - 1000, "saturation": number(), "lightness": number()},
        lambda: {"id": whole(), "color": {"h": whole(), "s": number(), "l": number()}},
        lambda: {"r": number(), "g": whole() / 255, "b": number()},
        lambda: {"L": 20 + number() * 70, "C": number() * 10, "H": number() * 360},
        lambda: f"oklch({0.2 + 0.7 * number():.3f} 0.02 {whole()})",
        lambda: [rng.randrange(2), rng.randrange(2), rng.randrange(2)],
    ]
    single = [rng.choice(one)() for _ in range(count)]
    return single + [[rng.choice(one)() for _ in range(rng.randrange(1, 9))] for _ in range(count)]


def edn(value: Any) -> str:
    """A source as a person would write it in Clojure."""
    if isinstance(value, dict):
        return "{" + " ".join(f":{key} {edn(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + " ".join(map(edn, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    return f'"{value}"' if isinstance(value, str) else repr(value)


def python_door(source: Any) -> str:
    try:
        colors = colors_of(source)
    except FfcolorError as error:
        return f"{error.code} {'' if error.position is None else error.position}".strip()
    return " ".join(map(str, struct.unpack(f"<{colors.size}i", colors.astype("<f4").tobytes())))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, str]]:
    """Every source, and what Clojure makes of it."""
    folder = tmp_path_factory.mktemp("doors")
    sources = FIXED + drawn()
    (folder / "sources.edn").write_text("\n".join(map(edn, sources)), "utf-8")
    (folder / "program.clj").write_text(PROGRAM, "utf-8")
    clojure = os.pathsep.join(classpath.find(folder=folder).entries)
    program, text = str(folder / "program.clj"), str(folder / "sources.edn")
    code, out, err = run([FFCOLOR_JAVA, "-cp", clojure, "clojure.main", program, text])
    assert code == 0, err
    lines = out.splitlines()
    assert len(lines) == len(sources)
    return list(zip(sources, map(str.strip, lines), strict=True))


def test_both_doors_give_the_same_floats_errors_and_positions(answers: list[tuple[Any, str]]) -> None:
    different = [(source, line, python_door(source)) for source, line in answers if line != python_door(source)]
    assert not different, f"{len(different)}, such as {different[:12]}"


def test_the_sources_hold_both_colours_and_errors(answers: list[tuple[Any, str]]) -> None:
    good = sum(line[-1].isdigit() and line[0].isdigit() for _, line in answers)
    assert 500 < good < len(answers) - 50
