"""The measure: every planted fault is found, at its line, and nothing else is reported."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from ffcolor.errors import FfcolorError
from ffcolor.skills import RULES, check, read
from ffcolor.skills.catalog import chosen
from ffcolor.skills.checks.run import check_collection
from tests.skills.collection import FAULTS, build


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    root = tmp_path_factory.mktemp("measure") / "skills"
    return root, build(root, seed=1, sections=2)


@pytest.fixture(scope="module")
def problems(collection):
    return check(collection[0])


def _found(problems):
    return sorted((problem.path, problem.line, problem.code) for problem in problems)


def test_finds_every_planted_fault_and_nothing_else(collection, problems):
    assert _found(problems) == sorted((path, line, code) for code, path, line in collection[1])


def test_the_measure_has_a_fault_for_nearly_every_rule(collection):
    planted = {code for code, _, _ in collection[1]}
    elsewhere = {"GF207", "GF208", "GF313", "GF501", "GF502"}  # a second root, a revision, a selection, other files
    assert planted == set(RULES) - elsewhere
    assert len(FAULTS) > 50


def test_another_seed_is_another_collection(tmp_path):
    expected = build(tmp_path / "skills", skills=1, seed=7, sections=1)
    assert _found(check(tmp_path / "skills")) == sorted((path, line, code) for code, path, line in expected)


def test_problems_are_sorted_and_places_are_in_the_file(problems):
    assert problems == sorted(problems, key=lambda problem: problem.order)
    for problem in problems:
        lines = Path(problem.path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


def test_two_roots_that_disagree(tmp_path):
    for root, trit in (("a", "+1"), ("b", "-1")):
        _write(tmp_path / root / "one", f"name: one\ndescription: d\nmetadata:\n  trit: '{trit}'")
        _write(tmp_path / root / "two", "name: two\ndescription: d\nmetadata:\n  trit: '0'")
    problems = check(tmp_path / "a", tmp_path / "b")
    assert [(p.code, p.path, p.line, p.column) for p in problems] == [
        ("GF207", (tmp_path / "b/one/SKILL.md").as_posix(), 5, 9)
    ]
    assert f"{(tmp_path / 'a/one/SKILL.md').as_posix()}:5" in problems[0].message
    assert check(tmp_path / "a") == []


def test_members_are_looked_for_in_their_own_root_first(tmp_path):
    for root, trit in (("a", "+1"), ("b", "0")):
        _write(tmp_path / root / "one", f"name: one\ndescription: d\nmetadata:\n  trit: '{trit}'")
    _write(
        tmp_path / "b/two", "name: two\ndescription: d\nmetadata:\n  trit: '+1'", "one (0) ⊗ two (+1) ⊗ three (-1) = 0"
    )
    _write(tmp_path / "a/three", "name: three\ndescription: d\nmetadata:\n  trit: '-1'")
    codes = [problem.code for problem in check(tmp_path / "a", tmp_path / "b")]
    assert codes == ["GF207"]


def test_a_single_file_is_checked_against_the_skills_beside_it(tmp_path):
    _write(tmp_path / "one", "name: one\ndescription: d\nmetadata:\n  trit: '0'", "two (+1) ⊗ one (0) ⊗ three (-1) = 0")
    _write(tmp_path / "two", "name: two\nmetadata:\n  trit: '-1'")
    problems = check(tmp_path / "one" / "SKILL.md")
    assert [(problem.code, problem.column) for problem in problems] == [("GF304", 1), ("GF303", 22)]
    assert all(problem.path.endswith("one/SKILL.md") for problem in problems)


def test_what_a_revision_lost(tmp_path):
    _write(tmp_path / "old/one", "name: one\ndescription: d\nmetadata:\n  trit: '0'\n  color: '#26D826'")
    _write(tmp_path / "old/two", "name: two\ndescription: d\nmetadata:\n  trit: '0'")
    _write(tmp_path / "new/one", "name: one\ndescription: d")
    now, base = read(tmp_path / "new"), read(tmp_path / "old")
    lost = [problem for problem in check_collection(now, base=base) if problem.code == "GF208"]
    assert ["trit 0" in lost[1].message, "#26D826" in lost[0].message] == [True, True]
    assert check_collection(base, base=base) == []


def test_select_and_ignore(collection):
    read_once = read(collection[0])
    problems = check_collection(read_once)
    for prefix in ("GF3", "GF304", "gf4"):
        wanted = [problem for problem in problems if problem.code.startswith(prefix.upper())]
        assert check_collection(read_once, chosen([prefix])) == wanted
        rest = [problem for problem in problems if problem not in wanted]
        assert check_collection(read_once, chosen(ignore=[prefix])) == rest
    assert chosen(["GF304"], ["GF3"]) == {"GF304"}
    assert chosen(["GF3"], ["GF304"]) == {code for code in chosen() if code.startswith("GF3")} - {"GF304"}
    assert "GF313" not in chosen()
    assert chosen(["GF313"]) == {"GF313"}
    assert chosen(["ALL"]) == set(RULES)
    with pytest.raises(FfcolorError, match="'GF9' is not a check") as error:
        check(collection[0], select=["GF9"])
    assert error.value.code == "skills-rule"


def test_triads_that_the_others_do_not_list(tmp_path):
    triad = "one (-1) ⊗ two (0) ⊗ three (+1) = 0"
    for name, trit, body in (("one", -1, triad), ("two", 0, triad), ("three", 1, "")):
        _write(tmp_path / name, f"name: {name}\ndescription: d\nmetadata:\n  trit: '{trit:+d}'", body)
    assert check(tmp_path) == []
    problems = check(tmp_path, select=["GF313"])
    assert [(p.path.rsplit("/", 2)[1], p.column) for p in problems] == [("one", 22), ("two", 22)]


def test_a_fingerprint_survives_a_move_but_no_change(tmp_path):
    _write(tmp_path / "one", "name: one\ndescription: d\nmetadata:\n  trit: '0'", "**Trit**: +1 (PLUS)")
    before = check(tmp_path)
    _write(
        tmp_path / "one", "name: one\nlicense: MIT\ndescription: d\nmetadata:\n  trit: '0'", "\n\n**Trit**: +1 (PLUS)"
    )
    after = check(tmp_path)
    _write(tmp_path / "one", "name: one\ndescription: d\nmetadata:\n  trit: '0'", "**Trit**: -1 (MINUS)")
    other = check(tmp_path)
    assert [p.code for p in before + after + other] == ["GF202"] * 3
    assert before[0].line != after[0].line
    assert before[0].fingerprint == after[0].fingerprint != other[0].fingerprint


def test_a_missing_path_is_an_error(tmp_path):
    with pytest.raises(FfcolorError, match="no such file") as error:
        check(tmp_path / "nowhere")
    assert error.value.code == "file-read"


def test_an_empty_folder_is_clean(tmp_path):
    assert check(tmp_path) == []


def test_a_relative_path_stays_as_it_was_given(tmp_path, monkeypatch):
    _write(tmp_path / "skills/one", "name: two\ndescription: d\nmetadata:\n  trit: '0'")
    monkeypatch.chdir(tmp_path)
    for given in (".", "skills", "./skills/", "skills/one/SKILL.md"):
        assert [problem.path for problem in check(given)] == ["skills/one/SKILL.md"]
    monkeypatch.chdir(tmp_path / "skills" / "one")
    assert [problem.path for problem in check()] == ["SKILL.md"]
    shutil.rmtree(tmp_path / "skills")


def _write(folder: Path, front: str, body: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SKILL.md").write_text(f"---\n{front}\n---\n{body}\n", encoding="utf-8")


def test_counts_are_those_of_the_generator(collection):
    counts = Counter(code for code, _, _ in collection[1])
    assert (counts["GF303"], counts["GF304"], counts["GF301"]) == (5, 1, 3)
