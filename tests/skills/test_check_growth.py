"""Checking costs no more than the length of what is checked: steps are counted, not seconds."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.reading import mentions, triad_text, trit_lines
from ffcolor.skills.reading.collection import assemble, read
from ffcolor.skills.reading.indexes import stated
from ffcolor.skills.reading.json_places import parse
from ffcolor.skills.reading.skill_file import read_skill
from tests.regex_steps import Steps

TOP = "---\nname: a-b\ndescription: d\nmetadata:\n  gf3-trit: '0'\n---\n"


def steps_of(run: Any) -> int:
    """How many lines of the package a call runs."""
    count = 0

    def trace(frame: Any, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace if "ffcolor" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


def check_text(text: str) -> None:
    check_collection(assemble((), [read_skill(text.encode(), "a-b/SKILL.md", folder="a-b")]))


UNITS = [
    "**a-b** (+1) ",
    "- `a-b`: +1\n",
    "a-b has trit +1\n",
    "- Trit: 0\n",
    "Trit: 0\n\n",
    "  - Trit: 0\n",
    "## Trit\n\n",
    "**x**: 1 | **Trit**: 0 ",
    "a-b ⊗ ",
    "a-b ⊗ a-b ⊗ a-b = 0 ✓\n\n",
    "a-b (0)                        ⊗ ",
    "| Skill | Trit |\n|---|---|\n| a-b | 1 |\n\n",
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_text_twice_as_long_takes_twice_the_steps(unit: str) -> None:
    check_text(TOP + unit)  # whatever is done only once
    short, long = (steps_of(lambda count=count: check_text(TOP + unit * count)) for count in (300, 600))
    assert long < 2.3 * short


@pytest.mark.parametrize("row", ["  k{}: text with blanks\n", "  k{}: text #hidden\n", "  k{}:\n    #hidden\n"])
def test_front_matter_twice_as_long_takes_twice_the_steps(row: str) -> None:
    def text(count: int) -> str:
        rows = "".join(row.format(number) for number in range(count))
        return f"---\nname: a-b\ndescription: d\nmetadata:\n{rows}---\n"

    check_text(text(1))
    short, long = (steps_of(lambda count=count: check_text(text(count))) for count in (300, 600))
    assert long < 2.3 * short


def write_collection(folder: Any, roots: int, names: int) -> None:
    """Copies of the same skills in every root, each of which names two others in all the ways there are."""
    for root in range(roots):
        for number in range(names):
            here = folder / f"r{root}" / "skills" / f"s-{number}"
            here.mkdir(parents=True)
            a, b = (f"s-{(number + step) % names}" for step in (1, 2))
            trits = [(each % 3) - 1 for each in (number, number + 1, number + 2)]
            body = f"s-{number} ({trits[0]}) ⊗ {a} ({trits[1]}) ⊗ {b} ({trits[2]}) = 0\n\n`{a}` ({trits[1]})\n"
            front = f"name: s-{number}\ndescription: d\nmetadata:\n  gf3-trit: '{trits[0]:+d}'"
            (here / "SKILL.md").write_text(f"---\n{front}\n---\n{body}")


@pytest.mark.parametrize(("roots", "names"), [((1, 1), (30, 60)), ((10, 20), (6, 6)), ((4, 8), (9, 9))])
def test_a_collection_twice_as_large_takes_twice_the_steps(tmp_path, roots, names):
    counts = []
    for index in (0, 1):
        folder = tmp_path / str(index)
        write_collection(folder, roots[index], names[index])
        check_collection(read(folder))
        counts.append(steps_of(lambda folder=folder: check_collection(read(folder))))
    assert counts[1] < 2.3 * counts[0]


def test_an_index_twice_as_long_takes_twice_the_steps():
    def run(count: int) -> None:
        text = json.dumps({"skills": [{"name": f"s-{number}", "trit": 1} for number in range(count)]})
        assert len(list(stated(parse(text), {f"s-{number}" for number in range(count)}))) == count

    short, long = (steps_of(lambda count=count: run(count)) for count in (300, 600))
    assert long < 2.3 * short


PATTERNS = [
    (mentions, "_PARENTHESES"),
    (mentions, "_LABELLED"),
    (mentions, "_COLON"),
    (triad_text, "_PART"),
    (triad_text, "_MEMBER"),
    (triad_text, "_SIGN"),
    (trit_lines, "_FIELD"),
]


@pytest.mark.parametrize("unit", ["(", "(trit ", "`a`: ", "a ", "a" + " " * 40, "**", "- `", "⊗ ", ") ", "\n", "trit "])
@pytest.mark.parametrize(("module", "pattern"), PATTERNS)
def test_the_patterns_take_twice_the_steps(module: Any, pattern: str, unit: str) -> None:
    steps = Steps(getattr(module, pattern))
    short, long = (steps.of_search(unit * count) for count in (100, 200))
    assert long < 2.3 * short + 50
