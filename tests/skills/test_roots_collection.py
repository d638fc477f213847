"""The measure for several roots: every planted fault is found, at its line, and nothing else is reported."""

from __future__ import annotations

from collections import Counter

import pytest

from ffcolor.skills import check
from tests.skills.roots_collection import FORMS, MENTIONS, ROOTS, build


def _found(problems):
    return sorted((problem.path, problem.line, problem.code) for problem in problems)


@pytest.mark.parametrize("seed", range(6))
def test_finds_every_planted_fault_and_nothing_else(tmp_path, seed):
    expected = build(tmp_path, seed)
    assert _found(check(tmp_path, all_markdown=True)) == sorted((path, line, code) for code, path, line in expected)


def test_the_order_of_the_paths_given_changes_nothing_within_a_root(tmp_path):
    expected = [each for each in build(tmp_path, 7) if each[0] not in ("GF207",)]
    given = [tmp_path / root for root in ROOTS]
    everything = _found(check(*given, ignore=["GF207"], all_markdown=True))
    assert everything == sorted((path, line, code) for code, path, line in expected)


def test_each_kind_of_fault_is_planted(tmp_path):
    planted = Counter(code for code, _, _ in build(tmp_path, 0))
    due = {"GF201", "GF202", "GF203", "GF206", "GF207", "GF301", "GF303", "GF304", "GF305", "GF314", "GF502"}
    assert set(planted) == due
    assert min(planted.values()) >= 4
    assert planted["GF206"] > 60
    assert (len(FORMS), len(MENTIONS)) == (19, 10)


def test_the_same_seed_is_the_same_collection(tmp_path):
    first, second = build(tmp_path / "a", 3), build(tmp_path / "b", 3)
    assert [(code, path.removeprefix(f"{tmp_path}/a"), line) for code, path, line in first] == [
        (code, path.removeprefix(f"{tmp_path}/b"), line) for code, path, line in second
    ]
