"""Columns: what a verb says of many colours, before a door makes rows of it."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from ffcolor import ColorPreference
from ffcolor.doors.cli.stdio import as_json
from ffcolor.doors.columns import Columns
from ffcolor.doors.verbs import call

NOTHING = [Columns(), Columns(hex=np.zeros((0, 3), np.float32), score=lambda: np.zeros(0), name=[])]


@pytest.mark.parametrize("empty", NOTHING, ids=["no columns", "no rows"])
def test_nothing_is_an_empty_list(empty: Columns) -> None:
    assert len(empty) == 0
    assert empty.rows() == list(empty) == []
    assert empty == []
    assert as_json(empty) == "[]"
    assert all(empty.plain(name) == [] for name in empty.names)


def test_answers_can_be_kept_before_they_are_read() -> None:
    taste = ColorPreference().fit("red", "blue")
    read = call("score", model=taste, colors="pink navy")["colors"].rows()
    for again in (lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy, copy.copy):
        assert again(call("score", model=taste, colors="pink navy")["colors"]) == read


def test_what_is_read_is_the_readers_own() -> None:
    rows = call("show", colors="red blue")["colors"]
    before = rows.rows()
    rows.plain("hex").clear()
    rows.plain("oklch")[0].clear()
    rows[0]["oklch"].clear()
    assert rows.rows() == before


def test_a_comparison_is_a_truth_value() -> None:
    many = Columns(hex=np.zeros((1_000_000, 3), np.float32), score=lambda: pytest.fail("rows were made"))
    for other in ([], None, np.zeros(3), 5, "text"):
        assert (many == other) is False
