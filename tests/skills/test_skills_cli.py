"""`ffcolor skills …`: exit codes, formats, what is printed where, and the pages of the rules."""

import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ffcolor.doors import verbs
from ffcolor.doors.cli import main, parser, skills, skills_grammar
from ffcolor.doors.verbs import skills as skill_verbs
from ffcolor.skills import check, check_collection, edn, read
from ffcolor.skills.catalog import RULES, chosen
from ffcolor.skills.reading.revision import base
from ffcolor.skills.tell import pages, report

GOOD = '---\nname: {0}\ndescription: Does it.\nmetadata:\n  gf3-trit: "+1"\n---\n# {0}\n'
INFO = "---\nname: {0}\ndescription: Does it.\n---\n# {0}\n"
WARNING = "---\nname: {0}\ndescription: Does it.\ntrit: 1\n---\n# {0}\n"
ERROR = '---\nname: {0}\ndescription: ""\nmetadata:\n  gf3-trit: "+1"\n---\n# {0}\n'


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Writes skills below the current folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def tree(**files):
        for name, text in files.items():
            (tmp_path / "skills" / name).mkdir(parents=True, exist_ok=True)
            (tmp_path / "skills" / name / "SKILL.md").write_text(text.format(name), encoding="utf-8")
        return tmp_path

    return tree


@pytest.fixture
def run(capfd):
    """Run the command in this process: (exit code, standard output, standard error)."""

    def run(*arguments):
        capfd.readouterr()
        code = main(["skills", *map(str, arguments)])
        return code, *capfd.readouterr()

    return run


# ---- check -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (GOOD, {"error": 0, "warning": 0, "info": 0, "never": 0}),
        (INFO, {"error": 0, "warning": 0, "info": 1, "never": 0}),
        (WARNING, {"error": 0, "warning": 1, "info": 1, "never": 0}),
        (ERROR, {"error": 1, "warning": 1, "info": 1, "never": 0}),
    ],
)
def test_exit_codes_follow_fail_on(tree, run, text, codes):
    tree(a=text)
    for level, code in codes.items():
        assert run("check", "skills", "--fail-on", level)[0] == code
    assert run("check", "skills")[0] == codes["error"]


def test_every_format_says_what_the_library_finds(tree, run):
    tree(a=ERROR, b=WARNING, c=INFO, d=GOOD)
    problems = check("skills")
    assert {each.code for each in problems} == {"GF105", "GF106", "GF201"}
    expected = report.as_plain(problems, 4)
    assert run("check", "skills", "--format", "json")[:2] == (1, report.as_json(problems, 4))
    assert json.loads(run("check", "skills", "--json")[1]) == expected == verbs.call("skills_check", paths=["skills"])
    assert edn.loads(run("check", "skills", "-f", "edn")[1])["problems"] == expected["problems"]
    rows = json.loads(run("check", "skills", "-f", "sarif")[1])["runs"][0]["results"]
    assert [row["ruleId"] for row in rows] == [each.code for each in problems]
    assert run("check", "skills", "-f", "github")[1].count("::error file=skills/a/SKILL.md,line=3,") == 1
    text = run("check", "skills")[1]
    assert f"{problems[0].path}:{problems[0].line}:{problems[0].column}: GF105 error: {problems[0].message}\n" in text
    assert text.startswith("1 error, 1 warning, 1 info in 3 of 4 files\n1 ★ can be fixed")


def test_several_roots_and_the_current_folder(tree, run, monkeypatch):
    root = tree(a=GOOD, b=WARNING)
    assert "skills/b/SKILL.md:4:1: GF106" in run("check")[1]
    (root / "more/a").mkdir(parents=True)
    (root / "more/a/SKILL.md").write_text(GOOD.format("a").replace("+1", "-1"), encoding="utf-8")
    assert "GF207 warning" in run("check", "skills", "more")[1]
    monkeypatch.chdir(root / "skills" / "b")
    assert "SKILL.md:4:1: GF106" in run("check", "SKILL.md")[1]


def test_select_and_ignore(tree, run):
    tree(a=ERROR, b=WARNING, c=INFO)

    def codes(*options):
        return [row["code"] for row in json.loads(run("check", "skills", "--json", *options)[1])["problems"]]

    assert codes() == ["GF105", "GF106", "GF201"]
    assert codes("--select", "GF1") == ["GF105", "GF106"]
    assert codes("--select", "gf105", "--select", "GF2") == ["GF105", "GF201"]
    assert codes("--ignore", "GF105,GF106") == ["GF201"]
    assert codes("--select", "GF1", "--ignore", "GF106") == ["GF105"]
    code, out, err = run("check", "skills", "--select", "GF9")
    assert (code, out) == (2, "")
    assert "'GF9' is not a check" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "a verb is missing"),
        (("chek",), "'chek' is not a verb: did you mean 'check'?"),
        (("check", "--formt", "json"), "there is no option --formt: did you mean --format?"),
        (("check", "-f", "sarf"), "'sarf' is not a choice for -f/--format: did you mean 'sarif'?"),
        (("check", "--fail-on", "eror"), "did you mean 'error'?"),
        (("check", "nowhere"), "cannot read 'nowhere'"),
        (("check", "--write-baseline"), "--write-baseline needs --baseline FILE"),
        (("check", "--baseline", "none.json"), "cannot read 'none.json'"),
        (("check", "--diff"), "--diff and --trust go with --fix"),
        (("check", "--against", "none"), "git"),
        (("check", "-o", "no/where.json"), "there is no folder"),
        (("fix", "nowhere"), "cannot read 'nowhere'"),
        (("fix", "--trust", "me"), "'me' is not a choice"),
        (("explain", "GF30"), "'GF30' is not a check: did you mean 'GF3"),
    ],
)
def test_bad_usage_and_bad_files_are_one_line_and_code_2(tree, run, arguments, message):
    tree(a=GOOD)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_folder_without_skills_is_clean_but_said(tree, run):
    tree()
    code, out, err = run("check", ".")
    assert (code, out) == (0, "0 files checked, nothing found\n")
    assert "there is no SKILL.md below" in err


def test_a_baseline_lets_only_new_problems_through(tree, run):
    tree(a=ERROR)
    assert run("check", "skills", "--baseline", "base.json", "--write-baseline")[0] == 0
    code, out, _ = run("check", "skills", "--baseline", "base.json")
    assert (code, out) == (0, "1 file checked, nothing found; 1 more in the baseline\n")
    tree(b=ERROR)
    code, out, err = run("check", "skills", "--baseline", "base.json")
    assert code == 1
    assert "skills/b/SKILL.md:3:1" in out
    assert "skills/a" not in out
    assert err == ""
    tree(a=GOOD, b=GOOD)
    code, out, err = run("check", "skills", "--baseline", "base.json")
    assert code == 0
    assert err == "ffcolor: 1 problem of base.json is gone: use --write-baseline to rewrite it\n"


def test_a_report_goes_to_a_file(tree, run):
    root = tree(a=ERROR)
    code, out, _ = run("check", "skills", "-f", "sarif", "-o", "found.sarif")
    assert (code, out) == (1, "1 error in 1 of 1 file\n")
    assert json.loads((root / "found.sarif").read_text())["version"] == "2.1.0"


def test_colour_heeds_the_terminal_and_no_color(tree, run, monkeypatch):
    tree(a=ERROR)
    assert "\x1b[" not in run("check", "skills")[1]
    assert "\x1b[1;31mGF105 error:\x1b[0m" in run("check", "skills", "--color", "always")[1]

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setenv("TERM", "xterm")
    assert skills.wants_style("auto", Terminal())
    assert not skills.wants_style("never", Terminal())
    assert not skills.wants_style("auto", io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not skills.wants_style("auto", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not skills.wants_style("auto", Terminal())
    assert skills.wants_style("always", Terminal())


HEAVY = {"numpy", "torch", "PIL", "matplotlib", "colour", "jpype", "safetensors", "ffcolor.taste"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("check skills", 1, "GF105"),
        ("check skills -f sarif", 1, "GF105"),
        ("check skills --fix", 1, "GF105"),
        ("fix skills --diff", 1, "+metadata"),
        ("fix skills", 0, "1 file fixed"),
        ("explain GF105", 0, "GF105"),
        ("repair skills", 0, "nothing to repair"),
        ("partners a --in skills", 0, "no skill balances a"),
        ("pack skills", 0, "0 disjoint triads"),
        ("lock skills", 0, "2 skills"),
        ("graph skills", 0, "graph triads"),
        ("graph skills -f svg", 0, "<svg"),
        ("graph skills -f html", 0, "<!doctype"),
    ],
)
def test_every_verb_runs_without_anything_heavy(tree, words, code, said):
    tree(a=ERROR, b=WARNING)
    script = (
        "import sys; from ffcolor.doors.cli import main; code = main(sys.argv[1:]); "
        f"heavy = {HEAVY!r} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    command = [sys.executable, "-c", script, "skills", *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code, done.stderr
    assert said in done.stdout


# ---- fix ---------------------------------------------------------------------------------------------------------


def test_fix_shows_first_then_writes_then_has_nothing_to_do(tree, run):
    root = tree(a=WARNING, b=GOOD, c=WARNING.replace("trit: 1", "trit: 1\nmetadata:\n  gf3-trit: '-1'"))
    before = (root / "skills/a/SKILL.md").read_bytes()
    code, out, err = run("fix", "skills", "--diff")
    assert code == 1
    assert out.startswith("--- a/skills/a/SKILL.md\n+++ b/skills/a/SKILL.md\n@@ -1,6 +1,7 @@\n")
    assert "-trit: 1\n+metadata:\n" in out
    assert "left skills/c/SKILL.md: GF106: its metadata has another 'gf3-trit' already\n" in err
    assert (root / "skills/a/SKILL.md").read_bytes() == before
    code, out, err = run("fix", "skills")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "fixed skills/a/SKILL.md: GF106",
        "left skills/c/SKILL.md: GF106: its metadata has another 'gf3-trit' already",
        "left skills/c/SKILL.md: GF202: its metadata has another 'gf3-trit' already",
        "1 file fixed, 1 with something left",
    ]
    assert run("fix", "skills/a")[:2] == (0, "0 files fixed, 0 with something left\n")
    assert run("fix", "skills/a", "--diff")[:2] == (0, "")
    assert [row["path"] for row in json.loads(run("fix", "skills", "--json")[1])["files"]] == ["skills/c/SKILL.md"]


def test_check_can_fix_first(tree, run):
    root = tree(a=WARNING, b=ERROR)
    code, out, _ = run("check", "skills", "--fix", "--diff")
    assert code == 1
    assert "+metadata:" in out
    assert "trit: 1\n---" in (root / "skills/a/SKILL.md").read_text()
    code, out, err = run("check", "skills", "--fix", "--json")
    assert code == 1
    assert [row["code"] for row in json.loads(out)["problems"]] == ["GF105"]
    assert "fixed skills/a/SKILL.md: GF106\n" in err


# ---- explain -----------------------------------------------------------------------------------------------------


def test_explain_prints_pages_and_lists_rules(run):
    assert run("explain", "gf304", "GF101")[:2] == (0, f"{pages.page('GF304')}\n{pages.page('GF101')}")
    code, out, _ = run("explain")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(RULES)
    assert "GF313  info     triad not listed by the other members (off unless selected)" in out
    assert "GF106  warning  top-level key outside the specification ★" in out


def test_every_rule_has_its_page_and_no_page_has_no_rule():
    folder = Path(pages.__file__).parents[1] / "checks" / "pages"
    assert {path.stem for path in folder.iterdir()} == set(RULES)
    for code, rule in RULES.items():
        text = pages.page(code)
        assert text.startswith(f"# {code}: {rule.title}\n\n*{rule.severity}; ")
        assert "\n**Why it is bad.** " in text
        assert text.index("\n## Example\n") < text.index("\n## Instead\n")
        assert len(pages.summary(code)) > 30


def _files(text):
    """The files that a part of a page shows: path -> bytes, None for one that is gone."""
    found = re.findall(r"^~~~ (\S+)(?: (latin-1|gone))?\n(.*?)^~~~$", text, re.MULTILINE | re.DOTALL)
    return {path: None if how == "gone" else body.encode(how or "utf-8") for path, how, body in found}


def _write(files):
    for path, data in files.items():
        if data is None:
            os.remove(path)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(path).write_bytes(data)


def _found(code):
    """The codes in the folder, one root a folder at the top where a page shows two collections."""
    roots = sorted(os.listdir()) if code in ("GF207", "GF501") else ["."]
    collection = read(*(root for root in roots if root != ".git"))
    before = base(collection, "HEAD") if code == "GF208" else None
    return {each.code for each in check_collection(collection, chosen(["ALL"]), before)}


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_example_of_a_page_has_the_problem_and_what_stands_instead_has_not(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, example, instead = re.split(r"^## (?:Example|Instead)$", pages.page(code), flags=re.MULTILINE)
    if code == "GF208":
        _write(_files(pages.page(code).partition("## Before")[2].partition("## Example")[0]))
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
            subprocess.run([*git, *arguments], check=True, capture_output=True)
    _write(_files(example))
    assert code in _found(code)
    _write(_files(instead))
    assert code not in _found(code)
    assert not {each for each in _found(code) if RULES[each].severity == "error"}


# ---- help --------------------------------------------------------------------------------------------------------


def test_help_of_every_verb_has_examples_that_parse(run):
    assert set(skills.COMMANDS) == {name.partition(" ")[2] for name in parser.build()[1] if name.startswith("skills ")}
    for verb in skills.COMMANDS:
        code, text, _ = run(verb, "--help")
        assert code == 0
        lines = re.findall(r"^  (ffcolor skills .*?)(?:\s+[#|>].*)?$", text.partition("examples\n")[2], re.MULTILINE)
        assert any(line.startswith(f"ffcolor skills {verb}") for line in lines)
        for line in lines:
            assert parser.parse(shlex.split(line)[1:]).skill_verb in skills.COMMANDS


def test_the_grammar_agrees_with_the_tables():
    assert skills_grammar.FORMATS == report.FORMATS
    assert skills_grammar.GRAPHS == skill_verbs.GRAPHS
    assert (*report.SEVERITIES, "never") == skills_grammar.LEVELS
