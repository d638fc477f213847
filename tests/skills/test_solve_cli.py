"""The commands that solve: what they print, their JSON, their exit codes."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from ffcolor.doors.cli import main
from ffcolor.skills import edn, read
from ffcolor.skills.gf3 import format_trit

GUIDE = Path(__file__).parents[2] / "docs" / "skills.md"
SKILLS = Path(__file__).parents[2] / "examples" / "skills"
NAMES = ("ash", "bay", "cod", "dew", "eve", "fir")
"""Six skills: the file of bay is wrong (two triads say 0), and so is the triad of eve."""


@pytest.fixture(autouse=True)
def collection(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SKILLS, tmp_path / "skills")


def run(capsys, *words):
    code = main(["skills", *words])
    return code, capsys.readouterr()


def run_json(capsys, *words):
    code, shown = run(capsys, *words, "--json")
    return code, json.loads(shown.out)


def test_repair_shows_a_plan_and_changes_nothing(capsys, tmp_path):
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.md")}
    code, shown = run(capsys, "repair", "skills")
    assert code == 1
    assert shown.out.splitlines() == [
        "change the trit of",
        "  skills/bay/SKILL.md:5: bay: +1 -> 0  (2 triads)",
        "declare the trit of",
        "  skills/dew/SKILL.md:1: dew: none -> +1  (2 triads)",
        "drop, or with --replace put right what has an offer",
        "  ash (0) ⊗ cod (-1) ⊗ eve (+1): the file of ash says -1; the file of cod says +1; the file of eve says 0",
        "    offer: the trits of the files: ash (-1) ⊗ cod (+1) ⊗ eve (0)",
        "    skills/eve/SKILL.md:7",
        "",
        "1 changed, 1 declared, 1 dropped, 3 kept; cost 3: nothing cheaper exists",
        "",
        "nothing has changed yet: look it over, then run it again with --apply",
    ]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.md")} == before


def test_repair_applied_leaves_nothing_to_repair(capsys):
    code, shown = run(capsys, "repair", "skills", "--apply")
    assert (code, shown.err) == (0, "")
    assert "done: 3 edits in 3 files" in shown.out
    code, shown = run(capsys, "repair", "skills")
    assert (code, shown.out) == (0, "nothing to repair: all 3 triads agree with the skills\n")
    assert {skill.name: skill.trit for skill in read("skills").skills} == {
        "ash": -1, "bay": 0, "cod": 1, "dew": 1, "eve": 0, "fir": -1,
    }  # fmt: skip


def test_one_of_a_kind_is_in_the_singular(capsys, tmp_path):
    for name in ("ash", "bay", "eve", "fir"):
        (tmp_path / "skills" / name / "SKILL.md").unlink()
    text = "---\nname: elm\ndescription: Elms.\nmetadata:\n  gf3-triads: |\n    elm:0 cod:+1 oak:-1\n---\n"
    (tmp_path / "skills" / "fir" / "SKILL.md").write_text(text, encoding="utf-8")
    assert "  skills/fir/SKILL.md:1: elm: none -> 0  (1 triad)\n" in run(capsys, "repair", "skills")[1].out
    assert "done: 1 edit in 1 file\n" in run(capsys, "repair", "skills", "--apply")[1].out
    assert run(capsys, "repair", "skills")[1].out == "nothing to repair: the one triad agrees with the skills\n"


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="its file names are always UTF-8")
@pytest.mark.parametrize("verb", ["repair", "partners", "pack", "lock", "graph"])
def test_a_folder_whose_name_is_not_utf_8(capsys, tmp_path, verb):
    name = os.fsdecode(b"skills/bay\xff")
    os.rename(tmp_path / "skills" / "bay", tmp_path / name)
    words = {
        "repair": ["skills"],
        "partners": ["ash", "cod", "--in", "skills"],
        "pack": ["skills"],
        "lock": [name],
        "graph": [name, "-o", name + ".html"],
    }[verb]
    code, shown = run(capsys, verb, *words)
    assert (code in (0, 1), shown.err) == (True, "")
    assert r"skills/bay\udcff" in shown.out or verb in ("partners", "pack")
    code, told = run_json(capsys, verb, *words)
    paths = {"repair": told.get("changes", [{}])[0].get("path"), "lock": told.get("lock"), "graph": told.get("output")}
    assert (paths.get(verb) or name).startswith(name)


def test_repair_as_json(capsys):
    code, told = run_json(capsys, "repair", "skills", "--drop", "0.1")
    assert code == 1
    assert (told["drop"], told["proved"], told["cost"]) == (0.1, True, pytest.approx(0.3))
    assert [row["to"] for row in told["changes"]] == [1]
    assert len(told["dropped"]) == 3
    assert told["dropped"][0]["places"][0] == {"path": "skills/ash/SKILL.md", "line": 7}
    code, told = run_json(capsys, "repair", "skills", "--apply")
    assert (code, told["left"]) == (0, [])
    assert told["done"]["skills/bay/SKILL.md"] == ["trit +1 -> 0"]


def test_partners(capsys):
    code, told = run_json(capsys, "partners", "ash", "cod", "--in", "skills", "--top", "2")
    assert code == 0
    assert [(row["names"], row["trits"], row["is_stated"]) for row in told["partners"]] == [
        (["eve"], [0], True),
        (["bay"], [0], True),
    ]
    code, shown = run(capsys, "partners", "ash", "cod", "--in", "skills")
    assert shown.out.splitlines()[0].split() == ["partner", "score", "triads", "together", "alike", "mentions"]
    assert shown.out.splitlines()[1].startswith("eve (0)")
    code, told = run_json(capsys, "partners", "ash", "--in", "skills")
    assert all(len(row["names"]) == 2 for row in told["partners"])


def test_pack(capsys):
    code, told = run_json(capsys, "pack", "skills")
    assert code == 0
    assert told["counts"] == {"-1": 2, "0": 1, "+1": 2}
    assert len(told["triads"]) == 1
    assert len(told["left"]) == 2
    code, shown = run(capsys, "pack", "skills", "--one-of-each")
    assert shown.out.splitlines()[1] == "1 disjoint triad, 1 of them stated already, out of 2 of -1, 1 of 0, 2 of +1"


def test_lock_and_its_check(capsys, tmp_path):
    assert run(capsys, "lock", "skills", "--check")[0] == 2
    code, shown = run(capsys, "lock", "skills")
    assert (code, shown.out) == (0, "wrote skills/skills.lock.edn: 6 skills\n")
    held = edn.loads((tmp_path / "skills" / "skills.lock.edn").read_text(encoding="utf-8"))
    assert [skill["name"] for skill in held["skills"]] == sorted(NAMES)
    assert run(capsys, "lock", "skills", "--check")[0] == 0
    path = tmp_path / "skills" / "bay" / "SKILL.md"
    path.write_text(path.read_text(encoding="utf-8").replace("+1", "0", 1), encoding="utf-8")
    code, shown = run(capsys, "lock", "skills", "--check")
    assert code == 1
    assert "skills/skills.lock.edn: bay/SKILL.md: trit is 0, not +1" in shown.out.splitlines()
    code, told = run_json(capsys, "lock", "skills", "--check")
    assert len(told["stale"]) == 1
    code, shown = run(capsys, "repair", "skills", "--apply")
    assert "wrote skills/skills.lock.edn anew" in shown.out
    assert run(capsys, "lock", "skills", "--check")[0] == 0


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", "<svg"), ("a.html", "<!doctype"), ("a.htm", "<!doctype"), ("a.dot", "graph"), ("a.gv", "graph")],
)
def test_graph_files(capsys, tmp_path, name, start):
    code, shown = run(capsys, "graph", "skills", "-o", name)
    assert code == 0
    assert shown.out == f"wrote {name}: 0 triads hold, 1 is open, 3 fail\n"
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_graph_on_the_standard_output_is_dot(capsys):
    code, shown = run(capsys, "graph", "skills")
    assert code == 0
    assert shown.out.startswith("graph triads {")
    assert run(capsys, "graph", "skills", "-f", "svg")[1].out.startswith("<svg")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["partners", "ash", "bay", "cod"], "one skill or two"),
        (["partners", "asch", "--in", "skills"], "did you mean 'ash'"),
        (["partners", "ash", "--top", "0"], "at least 1"),
        (["partners"], "SKILL"),
        (["graph", "skills", "-o", "a.png"], "no suffix that names a format"),
        (["repair", "skills", "--drop", "0"], "--drop is 0; it must be a number above 0"),
        (["repair", "nowhere"], "nowhere"),
        (["lock", "nowhere"], "nowhere"),
        (["pack", "skills", "--one-each"], "did you mean --one-of-each"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(capsys, words, said):
    code, shown = run(capsys, *words)
    assert code == 2
    assert said in shown.err
    assert shown.err.count("\n") == 1


def test_the_examples_of_the_docs_print_what_they_say(capsys, tmp_path):
    text = GUIDE.read_text(encoding="utf-8")
    for skill in read(SKILLS).skills:
        row = next(line for line in text.splitlines() if line.startswith(f"| {skill.name} |"))
        assert f"| {'none' if skill.trit is None else format_trit(skill.trit).replace('-', '−')} |" in row
        assert row.count(":") == 3 * len(skill.triads)
        assert all(f"{each.name}:{format_trit(each.trit)}" in row for triad in skill.triads for each in triad.members)
    examples = re.findall(r"^\$ ffcolor (.*)\n((?:(?!\$ |```).*\n)*)", text, re.MULTILINE)
    assert len(examples) >= 7
    for words, said in examples:
        code = main(words.split())
        shown = capsys.readouterr()
        assert code < 2
        assert shown.out == said, words
    assert (tmp_path / "triads.html").is_file()
