"""Put the latest figures where they are read: ``python -m benchmarks.lib.readme`` after ``make bench``.

README.md and docs/figures.md get those of ``make bench``, whole runs only; a quick one is refused. docs/rules/README.md
gets the index of the rules, and the table and the plot of ``make bench-rules DATA=mnist.npz``.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.tables import TABLES
from ffcolor.rules import bench as rules
from ffcolor.rules.registry import OWN

RESULTS = Path(__file__).parents[1] / "results"
ROOT = Path(__file__).parents[2]
README, FIGURES = ROOT / "README.md", ROOT / "docs" / "figures.md"
RULES, OF_RULES = ROOT / "docs" / "rules", ROOT / "out" / "bench" / "rules-subset.json"
_PEERS = 12  # rows of the accuracy table


def main() -> int:
    results = {}
    for name in TABLES:
        path = RESULTS / f"{name}.json"
        if not path.exists():
            print(f"there is no results/{name}.json: its goals are left out of {FIGURES.name}", file=sys.stderr)
            continue
        result = json.loads(path.read_text(encoding="utf-8"))
        if result["quick"]:
            print(f"results/{name}.json is of a quick run; run python -m benchmarks {name}", file=sys.stderr)
            return 1
        results[name] = result
    _put(README, figures(results))
    FIGURES.write_text(goals(results), encoding="utf-8")
    _put(RULES / "README.md", index(), "rules")
    if OF_RULES.exists():
        _put(RULES / "README.md", rules.table(json.loads(OF_RULES.read_text(encoding="utf-8"))).rstrip())
        shutil.copy(OF_RULES.with_suffix(".svg"), RULES / "rules.svg")
    return 0


def _put(page: Path, text: str, mark: str = "figures") -> None:
    """Write a text between the marks of a page, in place of what is there."""
    begin, end = f"<!-- {mark}:begin -->\n", f"<!-- {mark}:end -->\n"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    page.write_text(f"{before}{begin}\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def index() -> str:
    """Ffcolor's own rules as a Markdown table, each with its page."""
    head = ("rule", "the idea in a line", "page")
    pages = {
        name: f"[{entry.page.removesuffix('.md')}]({entry.page})" if entry.page else "" for name, entry in OWN.items()
    }
    return table(head, ((f"`{name}`", entry.about, pages[name]) for name, entry in OWN.items()))


def figures(results: dict[str, Any]) -> str:
    """The figures of the README as Markdown."""
    every = [goal for result in results.values() for goal in result["goals"]]
    return "\n\n".join(
        [
            "**Learning a taste from a few colours.** "
            f"{results['preference']['tasks']} tasks: the words in the XKCD colour names (4 to 32 examples a side, "
            "judged on all other names) and twelve families of made-up tastes (8 to 256). AUC, balanced accuracy at "
            "p = ½ (BA) and calibration error (ECE), means of both kinds; *lead* is paired by task, ± standard error "
            f"over concepts. The best {_PEERS} of {len(results['preference']['rows']) - 1} peers and the naive layer; "
            "“+ bg” is also given background negatives, as ffcolor gives itself.",
            _accuracy(results["preference"]["rows"]),
            "Where it loses: " + _losses(results["preference"]["families"]),
            *_first_calls(results.get("first_calls")),
            "**Palettes over the whole gamut**: least CIEDE2000 between two of n colours (milliseconds).",
            _gamut(results["palettes"]["gamut"]),
            "**From Clojure to the engine and back**: milliseconds, medians.",
            _roads(results["jvm"]),
            f"**What we hold ourselves to**: {sum(goal['met'] for goal in every)} of {len(every)} goals are met; "
            "[all of them](docs/figures.md) with what was measured.",
        ]
    )


def _accuracy(rows: Sequence[dict[str, Any]]) -> str:
    ours, *peers = rows
    shown = [ours, *peers[:_PEERS], *(row for row in peers[_PEERS:] if row["name"].startswith("naive FF layer, RGB"))]
    return table(
        ("learner", "AUC XKCD", "AUC made-up", "BA", "ECE", "lead (AUC)"),
        (
            (
                row["name"],
                *(f"{part:.3f}" for part in row["auc"][:2]),
                f"{row['balanced_accuracy'][2]:.3f}",
                f"{row['calibration_error'][2]:.3f}",
                "" if row is ours else f"{row['ahead']:+.3f} ± {row['error']:.3f}",
            )
            for row in shown
        ),
    )


def _losses(families: Sequence[dict[str, Any]]) -> str:
    behind = sorted(families, key=lambda row: row["ours"] - row["overall_best"])[:6]
    rows = [f"{row['group']} ({row['ours']:.3f} against {row['overall_best']:.3f})" for row in behind]
    return "the best peer on the whole is ahead most on " + ", ".join(rows) + "."


def _first_calls(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    seconds = found["cpu_s"]
    rows = [(f"`{name}`", f"{value:.2f}") for name, value in seconds.items()]
    return ["**What one does first**: CPU seconds of a fresh process.", table(("", "CPU s"), rows)]


def _gamut(rows: Sequence[dict[str, Any]]) -> str:
    sizes = sorted({row["n"] for row in rows})
    cells = {(row["method"], row["n"]): f"{row['least']:.1f} ({row['ms']:.0f})" for row in rows}
    methods = list(dict.fromkeys(row["method"] for row in rows))
    return table(("", *(f"n = {n}" for n in sizes)), ((m, *(cells.get((m, n), "–") for n in sizes)) for m in methods))


def _roads(jvm: dict[str, Any]) -> str:
    engine, clojure, jep = jvm["engine_ms"], jvm["clojure_ms"], jvm["jep_ms"]
    rows = [
        ("the engine itself, in Python", engine["one"], None, engine["many"], engine["learn"]),
        ("`ffcolor-java`", *(clojure[key] for key in ("score-one", "score-nested", "score-flat", "learn"))),
        ("jep, CPython in an ordinary java", jep.get("one"), None, jep.get("many"), jep.get("learn")),
        ("HTTP and JSON, a server that has the model", clojure["http-one"], clojure["http-many"], None, None),
        ("a subprocess for each call", clojure["subprocess-one"], None, None, None),
    ]
    head = ("", "one colour", "100,000 as `[[r g b] …]`", "100,000 as a float array", "learn 16 + 16")
    return table(head, ((name, *("–" if value is None else f"{value:.3g}" for value in row)) for name, *row in rows))


def goals(results: dict[str, Any]) -> str:
    """All goals with what was measured, as a page."""
    rows = (
        (name.replace("_", " "), row["what"], row["goal"], f"{row['value']:.4g}", "" if row["met"] else "**missed**")
        for name, result in results.items()
        for row in result["goals"]
    )
    machine = results["speed"]["machine"]
    return (
        "# Figures: what we hold ourselves to\n\n"
        f"Printed by `make bench` ({machine['cpu']}, {machine['cores']}, Python {machine['python']}; medians, one "
        "thread unless said; peers in the same run).\n\n" + table(("", "what", "goal", "measured", ""), rows) + "\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    raise SystemExit(main())
