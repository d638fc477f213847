"""Reading and fixing cost no more than the length of a file, whatever stands in it: steps are counted, not seconds."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.fix import missing_front
from ffcolor.skills.fix.one_file import fix_file
from ffcolor.skills.reading import yaml_walk
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.skill_file import read_skill
from tests.regex_steps import Steps

FILES = {
    "no front matter": "%s\n",
    "a value": "---\nname: a\ndescription: %s\n---\n# Text\n",
    "a map": "---\nname: a\ndescription: d\nmetadata: {x: %s}\n---\n",
    "a body": "---\nname: a\ndescription: d\n---\n%s\n",
}


def fix(text: str) -> None:
    def read(data: bytes) -> Any:
        skill = assemble((), [read_skill(data, "a/SKILL.md", folder="a")]).skills[0]
        return skill, check_collection(assemble((), [skill]))

    fix_file(text.encode(), read)


def lines_run(text: str) -> int:
    """How many lines of the package a fix runs."""
    count = 0

    def trace(frame: Any, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace if "ffcolor" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        fix(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("unit", ["[", "{", "[ ", "- [\n", "[x](", "_", "<!--", "a (+1) ⊗ ", "> "])
@pytest.mark.parametrize("place", FILES)
def test_twice_the_input_takes_at_most_twice_the_steps(place: str, unit: str) -> None:
    fix(FILES[place] % unit)  # whatever is done only once
    short, long = (lines_run(FILES[place] % (unit * count)) for count in (400, 800))
    assert long < 2.3 * short


def depth_of(text: str) -> int:
    """How many keys the longest path has that is built while a text is walked."""
    deepest = 0
    try:
        for step in yaml_walk.walk(text):
            deepest = max(deepest, len(step.path))
    except yaml_walk.NotYamlError as error:
        assert "nested deeper than 64 levels" in error.reason  # noqa: PT017
    return deepest


@pytest.mark.parametrize("unit", ["[", "{", "{a: ", "- "])
def test_the_walk_over_yaml_stops_where_nobody_nests(unit: str) -> None:
    assert depth_of("x: " + unit * 5000 if unit != "- " else unit * 5000) <= 65


UNITS = ["[", "![", "[a", "[x](", "[x]((", "[x](a", "(", "_", "a_", "`", "*", "[x](a) "]


@pytest.mark.parametrize("unit", [*UNITS, "a" + "_" * 20])
@pytest.mark.parametrize("pattern", ["_LINK", "_MARKS"])
def test_the_patterns_for_a_description_take_twice_the_steps(pattern: str, unit: str) -> None:
    steps = Steps(getattr(missing_front, pattern))
    short, long = (steps.of_search("a" + unit * count + "a") for count in (150, 300))
    assert long < 2.3 * short


def test_the_steps_are_those_of_a_backtracking_search() -> None:
    steps = Steps(re.compile(r"\[[^\]]*\]"))
    assert steps.of_search("[" * 200) > 3.5 * steps.of_search("[" * 100)


def test_links_and_marks_are_taken_out_of_a_description() -> None:
    assert missing_front._plain("See [the `map`](a.md) and ![x](b(c).png), _not_ a_b_ or __c") == (
        "See the map and x, not a_b or c"
    )
