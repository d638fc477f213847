"""`skills.json` beside a collection: each contradiction at its line, in whatever shape the file has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ffcolor.skills import check
from ffcolor.skills.reading.json_places import parse


@pytest.fixture
def collection(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, trit, color in (("one", "+1", "#D82626"), ("two", "0", None), ("three", None, None)):
        folder = tmp_path / "collection/skills" / name
        folder.mkdir(parents=True)
        rows = [f"  gf3-trit: '{trit}'"] * (trit is not None) + [f"  gf3-color: '{color}'"] * (color is not None)
        front = "\n".join(["---", f"name: {name}", "description: d", *(["metadata:"] * bool(rows)), *rows, "---", ""])
        (folder / "SKILL.md").write_text(front)

    def write(text, place="collection/skills.json"):
        (tmp_path / place).write_text(text if isinstance(text, str) else json.dumps(text, indent=1), encoding="utf-8")
        return [(p.code, p.path, p.line, p.column) for p in check("collection", ignore=["GF201"])]

    return write


PLACE = "collection/skills.json"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"skills": [\n  {"name": "two", "trit": 0},\n  {"name": "one", "trit": -1}\n]}', 3, 27),
        ('[\n{"trit": "-1 (MINUS)", "name": "one"}]', 2, 10),
        ('{"one":\n  {"trit": 0}}', 2, 12),
        ('{"one": 1,\n "two": "-1"}', 2, 9),
        ('{"skills": {"one": {"color":\n"#2626D8"}}}', 2, 1),
        ('{"version": 2, "groups": [{"items": [{"id": "one",\n"metadata": {"gf3-trit": "0"}}]}]}', 2, 26),
        ('{"skills": [{"name": "one",\n"colour": "Blue (#2626d8)"}]}', 2, 11),
        ('{"plugins": [{"slug": "\\u006fne",\n\t"gf3": {"trit": "ERGODIC"}}]}', 2, 18),
        ('{"trits": {"one":\n"\u22121"}}', 2, 1),
    ],
)
def test_a_contradiction_is_found_at_its_line(collection, text, line, column):
    assert collection(text) == [("GF502", PLACE, line, column)]


@pytest.mark.parametrize(
    "text",
    [
        {"skills": [{"name": "one", "trit": 1, "color": "#d82626"}, {"name": "two", "trit": "0"}]},
        {"skills": [{"name": "three", "trit": 1}, {"name": "nobody", "trit": 1}]},
        {"one": "PLUS", "two": None, "three": {"trit": None}},
        {"skills": ["one", "two"], "name": "collection", "trit": -1},
        {"skills": [{"name": "one", "color": "Blue", "trit": [1]}]},
        [],
        12,
    ],
)
def test_what_agrees_or_says_nothing(collection, text):
    assert collection(text) == []


def test_values_that_are_none(collection):
    assert collection('{"one": {"trit": 2}}') == [("GF203", PLACE, 1, 18)]
    assert collection('{"one": {"trit": "±1", "color": "#12345G"}}') == [
        ("GF203", PLACE, 1, 18),
        ("GF402", PLACE, 1, 33),
    ]
    assert collection('{"one": {"trit": true}}') == [("GF203", PLACE, 1, 18)]


def test_what_is_not_json_is_said_once(collection):
    assert collection('{\n  "a": [1,]\n}') == [("GF100", PLACE, 2, 11)]
    assert collection("") == [("GF100", PLACE, 1, 1)]
    assert collection("[" * 100_000) == [("GF100", PLACE, 1, 1)]
    Path(PLACE).write_bytes(b'{"one": "\xff"}')
    (problem,) = check("collection", ignore=["GF201"])
    assert (problem.code, problem.message) == ("GF100", "the file is not UTF-8: byte 0xFF cannot be read")


@pytest.mark.parametrize("place", ["collection/skills/skills.json", "collection/skills.json", "skills.json"])
def test_it_lies_in_a_root_or_beside_it(collection, place):
    assert collection({"one": {"trit": -1}}, place)[0][:2] == ("GF502", place)


def test_elsewhere_it_is_a_file_like_any_other(collection):
    assert collection({"one": {"trit": -1}}, "collection/skills/one/skills.json") == []


def test_an_entry_with_a_path_means_that_file(collection, tmp_path):
    folder = tmp_path / "collection/skills/zone"
    folder.mkdir()
    (folder / "SKILL.md").write_text("---\nname: one\ndescription: d\nmetadata:\n  gf3-trit: '-1'\n---\n")
    found = collection({"skills": [{"name": "one", "trit": 1, "path": "skills/zone"}, {"name": "one", "trit": 1}]})
    assert [each for each in found if each[0] == "GF502"] == [("GF502", PLACE, 5, 12)]


def test_the_message_names_both_sides(collection):
    collection({"one": {"trit": -1}})
    (problem,) = check("collection", select=["GF502"])
    assert problem.message == "'one' has the trit -1 here, but declares +1 itself (collection/skills/one/SKILL.md:5)"


def test_a_mark_and_lines_of_other_systems_move_nothing(collection):
    text = '\ufeff[\r\n{"name": "one",\r\n"trit": 0}]'
    assert collection(text) == [("GF502", PLACE, 3, 9)]


@pytest.mark.parametrize(
    "text",
    ['{"a": [1, {"b": null}], "c": "\\"}{"}', "[]", "1e3", '"x"', '[true, -0.5, "\\ud83d\\ude00", {}, []]', "NaN"],
)
def test_the_values_are_those_of_python(text):
    def bare(value):
        data = value.data
        if isinstance(data, dict):
            return {key: bare(each) for key, each in data.items()}
        return [bare(each) for each in data] if isinstance(data, list) else data

    assert repr(bare(parse(text))) == repr(json.loads(text))
