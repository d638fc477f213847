"""Folders as they are: loops, links, pipes, files that cannot be read. A problem or a clean skip, never a hang."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from ffcolor.skills import check, read


def write(folder: Path, name: str | None = None, trit: str = "0") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "SKILL.md"
    file.write_text(f"---\nname: {name or folder.name}\ndescription: d\nmetadata:\n  trit: '{trit}'\n---\n")
    return file


def names(*roots: Path) -> list[str]:
    return [skill.name for skill in read(*roots).skills]


def codes(*roots: Path) -> list[tuple[str, str]]:
    return [(problem.code, Path(problem.path).name) for problem in check(*roots)]


def test_hidden_folders_are_walked_and_foreign_ones_are_not(tmp_path):
    for folder in (".claude/skills/one", "a/b/c/two", ".git/three", "node_modules/x/four", ".venv/five"):
        write(tmp_path / folder)
    assert sorted(names(tmp_path)) == ["one", "two"]


def test_links_that_go_round(tmp_path):
    write(tmp_path / "a" / "one")
    (tmp_path / "a" / "one" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "SKILL.md").symlink_to(tmp_path / "b" / "SKILL.md")
    assert names(tmp_path) == ["one"]
    (problem,) = check(tmp_path)
    assert (problem.code, problem.path) == ("GF100", (tmp_path / "b/SKILL.md").as_posix())
    assert "circle" in problem.message


def test_a_linked_collection_is_read_once(tmp_path):
    write(tmp_path / "agents/skills/one")
    (tmp_path / "a-link").symlink_to(tmp_path / "agents/skills", target_is_directory=True)
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "SKILL.md").symlink_to(tmp_path / "agents/skills/one/SKILL.md")
    assert [skill.path for skill in read(tmp_path).skills] == [(tmp_path / "agents/skills/one/SKILL.md").as_posix()]
    assert names(tmp_path / "a-link", tmp_path) == ["one"]
    outside = [skill.path for skill in read(tmp_path / "a-link").skills]
    assert outside == [(tmp_path / "a-link/one/SKILL.md").as_posix()]


@pytest.mark.needs("posix")
def test_what_is_no_regular_file(tmp_path):
    for name in ("pipe", "dangling", "folder"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "pipe" / "SKILL.md")
    (tmp_path / "dangling" / "SKILL.md").symlink_to("nowhere")
    (tmp_path / "folder" / "SKILL.md").mkdir()
    problems = check(tmp_path)
    assert [(p.code, p.path.split("/")[-2]) for p in problems] == [("GF100", "dangling"), ("GF100", "pipe")]
    assert "no such file" in problems[0].message


def test_what_may_not_be_read(tmp_path, monkeypatch):
    write(tmp_path / "one")
    locked = write(tmp_path / "two")

    def refuse(path, *rest, **options):
        if os.fspath(path) == os.fspath(locked):
            raise PermissionError(13, "Permission denied")
        return keep(path, *rest, **options)

    keep = open
    monkeypatch.setattr("builtins.open", refuse)
    assert codes(tmp_path) == [("GF100", "SKILL.md")]
    assert names(tmp_path) == ["one"]


def test_a_folder_that_may_not_be_read(tmp_path, monkeypatch):
    write(tmp_path / "one")
    write(tmp_path / "two")
    keep = os.scandir

    def refuse(path):
        if os.fspath(path).endswith("two"):
            raise PermissionError(13, "Permission denied")
        return keep(path)

    monkeypatch.setattr("os.scandir", refuse)
    assert codes(tmp_path) == [("GF100", "two")]


def test_binary_and_huge_files(tmp_path):
    for name, data in (("binary", bytes(range(256)) * 10), ("huge", b"---\nname: huge\n" + b"x" * 10_000_000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "SKILL.md").write_bytes(data)
    problems = check(tmp_path)
    assert [problem.code for problem in problems] == ["GF100", "GF100"]
    assert "NUL" in problems[0].message
    assert "larger than" in problems[1].message


def test_other_spellings_of_the_file_name(tmp_path):
    write(tmp_path / "one").rename(tmp_path / "one" / "skill.md")
    write(tmp_path / "two").rename(tmp_path / "two" / "Skill.MD")
    write(tmp_path / "three")
    (tmp_path / "three" / "skill.md").write_text("beside")
    (tmp_path / "README.md").write_text("**Trit**: 7")
    if (tmp_path / "three" / "SKILL.md").read_text() == "beside":
        pytest.skip("this file system does not tell cases apart")
    assert codes(tmp_path) == [("GF103", "skill.md"), ("GF103", "skill.md"), ("GF103", "Skill.MD")]
    assert sorted(names(tmp_path)) == ["one", "three", "two"]


def test_folders_whose_names_are_decomposed(tmp_path):
    decomposed = unicodedata.normalize("NFD", "möbius-é")
    write(tmp_path / decomposed, name=unicodedata.normalize("NFC", decomposed))
    assert check(tmp_path) == []
    write(tmp_path / "Möbius_É")
    (problem,) = check(tmp_path)
    assert problem.code == "GF104"
    assert "not legal" in problem.message
    assert problem.suggestion == "name: möbius-é"


def test_folders_whose_names_are_no_text(tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    with open(folder + b"/SKILL.md", "wb") as file:
        file.write(b"---\nname: cafe\ndescription: d\nmetadata: {trit: '0'}\n---\n")
    (problem,) = check(tmp_path)
    assert problem.code == "GF104"
    assert problem.path.encode().endswith(b"caf\\udce9/SKILL.md")
    problem.message.encode()


def test_very_deep_folders_end(tmp_path):
    folder = tmp_path
    for _ in range(60):
        folder = folder / "d"
    write(folder)
    write(tmp_path / "one")
    assert names(tmp_path) == ["one"]


def test_a_linked_file_has_the_name_of_its_true_home(tmp_path):
    home = tmp_path / "skills" / "one"
    home.mkdir(parents=True)
    (home / "SKILL.md").write_text('---\nname: one\ndescription: d\nmetadata:\n  gf3-trit: "0"\n---\n')
    (tmp_path / "SKILL.md").symlink_to(home / "SKILL.md")
    assert check(tmp_path / "SKILL.md") == []
    (home / "SKILL.md").write_text('---\nname: two\ndescription: d\nmetadata:\n  gf3-trit: "0"\n---\n')
    assert [problem.code for problem in check(tmp_path / "SKILL.md")] == ["GF104"]
