"""The first screen of a check: the sum first, and never more than a screen unless all is asked for."""

import json
import random
import re
from pathlib import Path

import pytest
from collection import build  # beside this file
from hypothesis import example, given
from hypothesis import strategies as st
from test_report import PROBLEMS, TITLES

from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.skills import check, read
from ffcolor.skills.catalog import RULES, Problem
from ffcolor.skills.tell import report, text

KEY = "the key 'version' is not in the specification"
MANY = [Problem("GF106", "warning", f"s/{number:03}/SKILL.md", 4, 1, KEY) for number in range(200)] + [
    Problem("GF303", "error", f"s/{number:03}/SKILL.md", 9, 3, f"there is no skill 'x{number}'") for number in range(99)
]


def rows(shown, columns=80):
    """How many rows of a terminal a text takes."""
    return sum(max(1, -(-len(line) // columns)) for line in re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines())


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """555 skills; of half of them the trits are drawn anew, and many have keys outside the specification."""
    root = tmp_path_factory.mktemp("faulty") / "skills"
    build(root, skills=555, seed=5, sections=1)
    draw = random.Random(5)
    for skill in draw.sample(read(root).skills, 260):
        path, data = Path(skill.path), Path(skill.path).read_bytes()
        for claim in skill.trits:
            data = data.replace(b"Trit**: " + claim.text.encode(), b"Trit**: " + draw.choice([b"+1", b"0", b"-1"]))
        if draw.random() < 0.3:
            data = data.replace(b"description:", b"version: 1.0.0\ndescription:", 1)
        path.write_bytes(data)
    return root


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("columns", [None, 80])
def test_many_faults_fit_on_one_screen(faulty, monkeypatch, color, columns):
    monkeypatch.chdir(faulty.parent)
    found = verbs.call("skills_check", paths="skills", format="text", color=color, columns=columns)
    shown = found["report"]
    assert sum(found["counts"].values()) > 400
    assert rows(shown) <= 60
    assert shown.startswith(found["total"])
    assert re.search(r"^… \d+ more: --all shows them, --statistics counts them", shown, re.MULTILINE)
    assert shown.endswith("--baseline FILE --write-baseline\n")
    if columns:
        bare = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
        assert [line for line in bare if len(line) > 80 and " " in line.strip()] == []
    assert bool(re.search("\x1b", shown)) == color


def test_all_is_everything_with_its_line_and_statistics_every_count(faulty, monkeypatch):
    monkeypatch.chdir(faulty.parent)
    found = verbs.call("skills_check", paths="skills", format="text", show="all")
    for row in found["problems"]:
        assert f"{row['path']}:{row['line']}:{row['column']}: {row['code']} {row['severity']}: " in found["report"]
    assert "more" not in re.findall(r"^… .*", found["report"], re.MULTILINE)
    counted = verbs.call("skills_check", paths="skills", format="text", show="statistics")["report"]
    numbers = re.findall(r"^ +([\d,]+)  (GF\d+) (\w+) ", counted, re.MULTILINE)
    assert sum(int(number.replace(",", "")) for number, _, _ in numbers) == len(found["problems"])
    assert {code for _, code, _ in numbers} == {row["code"] for row in found["problems"]}
    assert "/SKILL.md:" not in counted


@pytest.mark.parametrize("format", ["json", "sarif", "edn", "github"])
def test_formats_for_programs_are_complete(faulty, monkeypatch, format):
    monkeypatch.chdir(faulty.parent)
    found = verbs.call("skills_check", paths="skills", format=format)
    count = {
        "json": lambda told: len(json.loads(told)["problems"]),
        "sarif": lambda told: len(json.loads(told)["runs"][0]["results"]),
        "edn": lambda told: told.count(":fingerprint"),
        "github": lambda told: told.count("\n"),
    }[format]
    assert count(found["report"]) == len(found["problems"])


def test_alike_findings_are_one_line():
    shown = report.as_text(MANY, 200, TITLES)
    assert shown.count("the key 'version'") == 1
    assert (
        "s/000/SKILL.md:4:1: GF106 warning: the key 'version' is not in the specification (199 more like it)\n" in shown
    )
    assert 20 < shown.count("there is no skill") <= text.MOST
    left = int(re.search(r"… (\d+) more", shown)[1])
    assert left == len(MANY) - 200 - shown.count("there is no skill")
    assert shown.index("GF303 error:") < shown.index("GF106 warning:"), "errors first"


@given(PROBLEMS.flatmap(lambda few: st.integers(1, 40).map(lambda times: few * times)))
@example(MANY)
def test_what_is_shown_and_what_is_not_add_up(problems):
    shown = report.as_text(problems, 9, TITLES)
    more = re.search(r"^… ([\d,]+) more: ", shown, re.MULTILINE)
    if more is None:
        assert all(f"{each.line}:{each.column}: {each.code} {each.severity}:" in shown for each in problems)
        return
    lines = [line for line in shown.splitlines() if re.search(r":\d+:\d+: GF\d+ \w+:", line)]
    stand = sum(
        1 + int((re.search(r"\(([\d,]+) more like it\)$", line) or [0, "0"])[1].replace(",", "")) for line in lines
    )
    assert len(lines) <= text.MOST
    assert stand + int(more[1].replace(",", "")) == len(problems)


def test_few_findings_show_their_lines_and_some_more_do_not():
    lines = ("x",) * 20
    few = report.as_text(MANY[-5:], 5, TITLES, lambda path: lines)
    assert few.count("  9 | x\n") == 5
    assert "--all" not in few
    some = report.as_text(MANY[-30:], 30, TITLES, lambda path: lines)
    assert " | " not in some
    assert some.count("GF303 error: ") == 30
    assert some.endswith("--all shows the lines, too\n")


def test_a_baseline_in_use_is_not_recommended():
    assert "--write-baseline" in report.as_text(MANY, 200, TITLES)
    assert "--write-baseline" not in report.as_text(MANY, 200, TITLES, suppressed=1)


# ---- no trits at all -------------------------------------------------------------------------------------------------


def plain(folder, count, extra=""):
    for number in range(count):
        (folder / f"a{number}").mkdir(parents=True)
        text = f"---\nname: a{number}\ndescription: Does it.\n{extra}---\n# A\n"
        (folder / f"a{number}" / "SKILL.md").write_text(text, encoding="utf-8")


def test_a_collection_without_trits_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    plain(tmp_path / "skills", 70)
    assert main(["skills", "check", "skills"]) == 0
    assert capsys.readouterr().out == "70 files checked: none declares a trit (GF201), and nothing else was found\n"
    assert len(check("skills")) == 70
    plain(tmp_path / "more", 3, "version: 1\n")
    assert main(["skills", "check", "more"]) == 0
    shown = capsys.readouterr().out
    assert "none of them declares a trit (GF201)\n" in shown
    assert shown.count("GF201") == 1
    assert shown.count("GF106 warning") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "-f", "json"), "--all and --statistics go with a report in text"),
        (("--statistics", "--json"), "--all and --statistics go with a report in text"),
        (("--statistics", "--all"), "--all and --statistics exclude each other"),
    ],
)
def test_wishes_that_contradict_are_refused(tmp_path, capsys, words, said):
    assert main(["skills", "check", str(tmp_path), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_report_in_a_file_is_whole(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    plain(tmp_path / "skills", 70, "version: 1\n")
    assert main(["skills", "check", "skills", "-o", "found.txt"]) == 0
    assert (tmp_path / "found.txt").read_text(encoding="utf-8").count("GF106 warning:") == 70
    assert capsys.readouterr().out == "70 warnings, 70 info in 70 of 70 files\n"


# ---- what rests on generated blocks ----------------------------------------------------------------------------------


def put(folder, **texts):
    for name, body in texts.items():
        (folder / name).mkdir()
        head = f"---\nname: {name}\ndescription: About {name}.\n"
        (folder / name / "SKILL.md").write_text(head + body, encoding="utf-8")


BLOCK = "\n```\nTrit: {}\n```\n"


def test_a_contradiction_that_rests_on_a_generated_block_is_a_warning(tmp_path):
    put(tmp_path, a="---\n**Trit**: +1\n" + BLOCK.format("0 (ERGODIC)"))
    put(tmp_path, b="---\n" + BLOCK.format("-1") + "\na (+1) ⊗ b (0) ⊗ c (-1) = 0 ✓\n")
    put(tmp_path, c="---\n" + BLOCK.format("+1 (MINUS)"))
    found = {each.code: each for each in check(tmp_path, select=["GF202", "GF204", "GF304", "GF309"])}
    assert {code: each.severity for code, each in found.items()} == dict.fromkeys(found, "warning")
    assert found.keys() == {"GF202", "GF204", "GF304", "GF309"}
    assert all("generated block" in each.message for each in found.values())


def test_the_same_is_an_error_where_an_author_says_it(tmp_path):
    put(tmp_path, a="---\n**Trit**: +1\n\n**Trit**: 0\n", b="---\n**Trit**: -1\n\na (+1) ⊗ b (0) ⊗ c (-1) = 0 ✓\n")
    put(tmp_path, c="---\n**Trit**: +1 (MINUS)\n")
    found = {each.code: each.severity for each in check(tmp_path, select=["GF202", "GF204", "GF304", "GF309"])}
    assert found == dict.fromkeys(["GF202", "GF204", "GF304", "GF309"], "error")


def test_a_triad_that_only_a_generated_block_states(tmp_path):
    block = "<!-- gf3:begin -->\n- a (+1) ⊗ b (0) ⊗ c (-1) = 0 ✓\n<!-- gf3:end -->\n"
    put(tmp_path, a=f"---\n**Trit**: +1\n\n{block}", b="---\n**Trit**: -1\n", c="---\n**Trit**: -1\n")
    (found,) = check(tmp_path, select=["GF304"])
    assert found.severity == "warning"
    assert found.message.endswith("; only a generated block states this triad")


def test_every_severity_is_the_rules_own_or_a_milder_one(faulty):
    order = report.SEVERITIES
    assert all(order.index(each.severity) >= order.index(RULES[each.code].severity) for each in check(faulty))
