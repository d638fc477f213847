"""The index of the rules names every rule and every page, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.lib.readme import index
from ffcolor.rules import RULES, data

INDEX = Path(__file__).parents[2] / "docs" / "rules" / "README.md"
TEXT = INDEX.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_row(rule):
    assert re.search(rf"^\| `{rule}` \|", TEXT, re.MULTILINE)


def test_the_rows_are_those_of_the_table():
    assert index() in TEXT


def test_links_lead_to_pages_and_every_page_is_linked():
    linked = set(re.findall(r"\]\(([^):]+)\)", TEXT))
    pages = {path.name for path in INDEX.parent.glob("*.md") if path.name != "README.md"}
    assert linked == pages | {"rules.svg"}
    assert (INDEX.parent / "rules.svg").exists()


def test_the_example_reaches_what_it_says():
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    found: dict[str, object] = {}
    exec(code, found)
    claim = float(re.search(r"# over ([0-9.]+)", code)[1])
    digits = data.digits()
    assert found["rule"].accuracy(digits.x_test, digits.y_test) > claim
