"""The guide and the hooks: every command in them parses, every figure of the table is the table's."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ffcolor.doors.cli import parser
from ffcolor.skills import check
from ffcolor.skills.catalog import RULES
from ffcolor.skills.tell import report

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/skills-check.md").read_text(encoding="utf-8")


def test_every_command_of_the_guide_parses():
    commands = re.findall(r"(?:^|[ /`$])(ffcolor skills [a-z]+(?: [^`\n|#]*)?)", GUIDE, re.MULTILINE)
    assert len(commands) > 12
    for command in commands:
        words = shlex.split(command.replace("${{ github.base_ref }}", "main").split("   #")[0])
        options = parser.parse(words[1:])
        assert options.verb == "skills", command


def test_the_example_of_the_guide_is_what_is_printed(tmp_path, monkeypatch):
    shown = re.search(r"```console\n\$ ffcolor skills check skills\n(.*?)```", GUIDE, re.DOTALL)[1]
    head = "---\nname: {}\ndescription: Does it.\nmetadata:\n  gf3-trit: '{}'\n---\n"
    for name, trit, body in (
        ("weave", "+1", "# Weave\n\nweave (+1) ⊗ shaker (0) ⊗ loom (-1) = 0 ✓\n"),
        ("shaker", "+1", ""),
        ("loom", "-1", ""),
    ):
        (tmp_path / "skills" / name).mkdir(parents=True)
        (tmp_path / "skills" / name / "SKILL.md").write_text(head.format(name, trit) + body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "ffcolor", "skills", "check", "skills"], capture_output=True, check=False
    )
    assert done.stdout.decode("utf-8") == shown
    assert done.returncode == 1


def test_the_file_that_is_right_has_no_problem(tmp_path):
    front = re.search(r"```yaml\n(---\n.*?---\n)```", GUIDE, re.DOTALL)[1]
    (tmp_path / "weave").mkdir()
    (tmp_path / "weave/SKILL.md").write_text(front, encoding="utf-8")
    assert {problem.code for problem in check(str(tmp_path))} == {"GF303"}, "only its neighbours are missing"


def test_the_table_of_rules_is_the_table():
    rows = re.findall(r"^\| (GF\d+) \| (\w+) \| (.*?) \| (★?) ?\|$", GUIDE, re.MULTILINE)
    assert rows == [
        (
            rule.code,
            rule.severity,
            rule.title + ("" if rule.on else " (off unless selected)"),
            "★" if rule.fixable else "",
        )
        for rule in RULES.values()
    ]


def test_the_formats_of_the_guide_are_all_there_are():
    part = GUIDE.partition("## Exit codes and formats")[2].partition("## ")[0]
    assert all(f"`{name}`" in part or f"--format {name}" in part for name in report.FORMATS)


@pytest.mark.parametrize("text", list(re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)))
def test_the_yaml_of_the_guide_is_yaml(text):
    assert all(document for document in yaml.safe_load_all(text.removesuffix("---\n")))


def test_the_hooks_run_verbs_that_exist_on_the_right_files():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in hooks} == {"ffcolor-skills-check", "ffcolor-skills-fix"}
    for hook in hooks:
        assert parser.parse([*shlex.split(hook["entry"])[1:], "skills"]).paths == ["skills"]
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        for path in ("SKILL.md", "skills/a/SKILL.md", "a/skill.md"):
            assert re.search(hook["files"], path)
        assert not re.search(hook["files"], "docs/SKILL.md.txt")
