"""Our own skill: its SKILL.md, lock file and plugin files say the same, and every command in it works."""

import json
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import yaml

import ffcolor
from ffcolor.doors.cli import main
from ffcolor.skills import check, gf3, manifest, read
from ffcolor.skills import lock as locks
from ffcolor.skills.fix.marked_block import render

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "skills" / "forward-forward-learning"
SKILL = (FOLDER / "SKILL.md").read_text(encoding="utf-8")
TRIADS = [
    [["sheaf-cohomology", -1], ["sheaf-laplacian-coordination", 0], ["forward-forward-learning", 1]],
    [["proofgeneral-narya", -1], ["unworld", 0], ["forward-forward-learning", 1]],
    [["persistent-homology", -1], ["open-games", 0], ["forward-forward-learning", 1]],
]


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", SKILL, re.DOTALL)


def commands():
    lines = [line for block in blocks("bash") for line in block.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the public validator needs Python 3.11")
def test_the_public_validator_accepts_it():
    from skills_ref.parser import read_properties
    from skills_ref.validator import validate

    assert validate(FOLDER) == []
    properties = read_properties(FOLDER)
    assert properties.name == "forward-forward-learning"
    assert properties.metadata["gf3-trit"] == "+1"
    assert properties.metadata["gf3-color"] == "#D82626"


def test_its_metadata_are_strings_for_any_reader_of_yaml():
    front = yaml.safe_load(SKILL.split("---")[1])
    assert front["metadata"]["gf3-trit"] == "+1"
    assert front["metadata"]["gf3-color"] == "#D82626"
    assert len(front["metadata"]["gf3-triads"].splitlines()) == 3
    assert front["metadata"]["version"] == ffcolor.__version__
    assert all(isinstance(value, str) for value in front["metadata"].values())


def test_the_file_at_the_top_is_the_same_file():
    assert (REPOSITORY / "SKILL.md").samefile(FOLDER / "SKILL.md")


def test_the_visible_block_is_what_the_front_matter_says():
    (skill,) = read(FOLDER).skills
    shown = SKILL.split("<!-- gf3:begin -->\n")[1].split("<!-- gf3:end -->")[0].splitlines()
    stated = [triad for triad in skill.triads if triad.form == "front matter"]
    assert shown == render(skill.trit, skill.color, stated)


def test_every_door_reads_the_same():
    (skill,) = manifest()["skills"]
    assert skill["name"] == "forward-forward-learning"
    assert (skill["trit"], skill["color"], skill["triads"]) == (1, "#D82626", TRIADS)
    assert all(gf3.is_balanced(trit for _, trit in triad) for triad in skill["triads"])
    shipped = REPOSITORY / "clj" / "src" / "ffcolor" / locks.NAME
    assert shipped.read_bytes() == (REPOSITORY / locks.NAME).read_bytes()


def test_our_own_check_finds_nothing_and_the_lock_is_fresh(tmp_path, monkeypatch):
    for name in ("skills", "SKILL.md", locks.NAME):
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name, follow_symlinks=False)
    monkeypatch.chdir(tmp_path)
    assert check(".") == []
    assert locks.stale(read("."), ".") == []
    assert [skill.path for skill in read(".").skills] == ["skills/forward-forward-learning/SKILL.md"]


@pytest.mark.parametrize("name", ["plugin", "marketplace"])
def test_plugin_files(name):
    data = json.loads((REPOSITORY / ".claude-plugin" / f"{name}.json").read_text(encoding="utf-8"))
    assert data["name"] == "ffcolor"
    plugins = data.get("plugins", [data])
    assert [(each["name"], each["version"]) for each in plugins] == [("ffcolor", ffcolor.__version__)]
    for each in data.get("plugins", []):
        assert each["source"].startswith("./")
        assert (REPOSITORY / each["source"] / ".claude-plugin" / "plugin.json").is_file()


def test_it_shows_the_commands_that_matter():
    verbs = {shlex.split(line)[1] for line in commands()}
    assert {"learn", "update", "score", "rank", "explain", "palette", "stream", "convert", "skills"} <= verbs
    below = {shlex.split(line)[2] for line in commands() if shlex.split(line)[1] == "skills"}
    assert below == {"check", "explain", "fix", "repair", "partners", "pack", "lock", "graph"}


def test_every_command_in_it_works(tmp_path, monkeypatch, capsys):
    shutil.copytree(REPOSITORY / "skills", tmp_path / "skills")
    for name, trit in (("sheaf-cohomology", "-1"), ("sheaf-laplacian-coordination", "0")):
        os.mkdir(tmp_path / "skills" / name)
        text = f'---\nname: {name}\ndescription: Sheaves.\nmetadata:\n  gf3-trit: "{trit}"\n---\n'
        (tmp_path / "skills" / name / "SKILL.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for line in commands():
        words = shlex.split(line)
        assert words[0] == "ffcolor", line
        code = main(words[1:])
        shown = capsys.readouterr()
        assert code == 0, f"{line}: {shown.err or shown.out}"
        assert shown.out.strip() or words[1:3] == ["skills", "fix"], line
    assert (tmp_path / "triads.html").is_file()
    assert (tmp_path / "theme.css").is_file()


def test_its_python_works(capsys):
    for block in blocks("python"):
        exec(compile(block, "SKILL.md", "exec"), {})
    pink, black = map(float, re.findall(r"\d\.\d+|\d\.", capsys.readouterr().out))
    assert pink > 0.5 > black
