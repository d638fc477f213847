import json

import pytest

from ffcolor import FfcolorError
from ffcolor.skills import check, edn, lock, read


def write_skill(folder, name, trit=None, *triads, color=None):
    lines = [f"  gf3-trit: {json.dumps(trit)}"] if trit else []
    lines += [f'  gf3-color: "{color}"'] if color else []
    lines += ["  gf3-triads: |", *(f"    {triad}" for triad in triads)] if triads else []
    text = "\n".join(
        ["---", f"name: {name}", "description: Use it.", "metadata:", '  version: "1"', *lines, "---", "", ""]
    )
    path = folder / name / "SKILL.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_skill(tmp_path / "skills", "ash", "-1", "ash:-1 bay:0 cod:+1", color="#2626D8")
    write_skill(tmp_path / "skills", "bay", "0", "cod:+1 ash:-1 bay:0", "ash:-1 bay:0 cod:+1")
    write_skill(tmp_path / "skills", "cod")
    return "skills"


def test_a_lock_file_says_what_the_skills_say(root):
    path = lock.write(read(root), root)
    assert path == "skills/skills.lock.edn"
    held = lock.manifest(path)
    first, second = [["ash", -1], ["bay", 0], ["cod", 1]], [["cod", 1], ["ash", -1], ["bay", 0]]
    rows = [("ash", -1, "#2626D8", [first]), ("bay", 0, None, [second]), ("cod", None, None, [])]
    assert held == {
        "ffcolor/schema": 1,
        "skills": [
            {"name": name, "path": f"{name}/SKILL.md", "trit": trit, "color": color, "triads": triads}
            for name, trit, color, triads in rows
        ],
    }
    assert lock.stale(read(root), root) == []


def test_it_reads_well_in_a_diff(root):
    with open(lock.write(read(root), root), encoding="utf-8") as file:
        lines = file.read().splitlines()
    assert lines[0].startswith(";; Written by `ffcolor skills lock`")
    assert [line.split(":name ")[1].split()[0] for line in lines if ":name" in line] == ['"ash"', '"bay"', '"cod"']


def test_a_stale_one_is_said_to_be(root, tmp_path):
    lock.write(read(root), root)
    write_skill(tmp_path / "skills", "ash", "+1", "ash:-1 bay:0 cod:+1", color="#2626D8")
    write_skill(tmp_path / "skills", "dew", "0")
    (tmp_path / "skills" / "cod" / "SKILL.md").unlink()
    assert lock.stale(read(root), root) == [
        "ash/SKILL.md: trit is +1, not -1",
        "cod/SKILL.md is gone",
        "dew/SKILL.md is missing in the lock file",
    ]
    found = [(each.path, each.line, each.severity) for each in check(root, select=["GF501"])]
    assert found == [("skills/skills.lock.edn", line, "error") for line in (1, 4, 6)]


def test_without_a_lock_file_nothing_is_stale(root):
    assert check(root, select=["GF501"]) == []


@pytest.mark.parametrize(
    "text", ["", "{}", "nonsense", "{:ffcolor/schema 2 :skills []}", "{:ffcolor/schema 1 :skills [1]}"]
)
def test_what_is_no_lock_file_is_refused(root, tmp_path, text):
    path = tmp_path / "skills" / lock.NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FfcolorError, match="is not a lock file") as caught:
        lock.manifest(path)
    assert caught.value.code == "lock-file"
    assert [(each.code, each.line) for each in check(root, select=["GF501"])] == [("GF501", 1)]


def test_names_in_any_script_survive(root, tmp_path):
    write_skill(tmp_path / "skills", "größe-色", "0", "größe-色:0 ash:-1 cod:+1")
    path = lock.write(read(root), root)
    assert "größe-色" in [skill["name"] for skill in lock.manifest(path)["skills"]]
    assert lock.stale(read(root), root) == []


def test_a_whole_lock_is_one_edn_value(root):
    built = lock.build(read(root), root)
    assert edn.loads(lock.dumps(built)) == built
