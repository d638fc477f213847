"""The examples on the pages of the rules run, and reach what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ffcolor.rules.registry import OWN

PAGES = Path(__file__).parents[2] / "docs" / "rules"


ELSEWHERE = {"", "forward-forward", "graph"}  # their examples run in the tests of their rules
NAMES = sorted({entry.page.removesuffix(".md") for entry in OWN.values()} - ELSEWHERE)


@pytest.mark.parametrize("name", NAMES)
def test_examples_reach_what_they_say(name):
    (code,) = re.findall(r"```python\n(.*?)```", (PAGES / f"{name}.md").read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)
    claim = re.search(r"# over ([0-9.]+)", code)
    assert claim is not None
    assert found["rule"].accuracy(found["digits"].x_test, found["digits"].y_test) > float(claim[1])
