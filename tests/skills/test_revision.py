"""What a change destroyed: GF208 against a revision of git, and nothing where nothing was lost."""

import os
import subprocess

import pytest

from ffcolor import FfcolorError
from ffcolor.doors import verbs
from ffcolor.skills import check_collection, read
from ffcolor.skills.reading.git import files_at
from ffcolor.skills.reading.revision import base

FULL = '---\nname: {0}\ndescription: Does it.\nmetadata:\n  gf3-trit: "+1"\n  gf3-color: "#D82626"\n---\n# {0}\n'
BARE = "---\nname: {0}\ndescription: Does it.\n---\n# {0}\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with skills a, b and c below skills/, committed; the current folder is its top."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        write(name, FULL)
    git("init", "-q")
    commit()
    return tmp_path


def git(*arguments):
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def commit():
    git("add", "-A")
    git("commit", "-qm", "x")


def write(name, text, root="skills"):
    os.makedirs(f"{root}/{name}", exist_ok=True)
    with open(f"{root}/{name}/SKILL.md", "w", encoding="utf-8", newline="") as file:
        file.write(text.format(name.rpartition("/")[2]))


def lost(*paths, revision="HEAD"):
    collection = read(*paths)
    found = check_collection(collection, frozenset(["GF208"]), base(collection, revision))
    return [(each.path, each.message.split(" of ")[0]) for each in found]


def test_what_a_clean_up_deleted_is_found(repository):
    assert lost("skills") == []
    write("a", BARE)
    write("b", FULL.replace("  gf3-trit", "  was"))
    gone = [
        ("skills/a/SKILL.md", "the colour #D82626"),
        ("skills/a/SKILL.md", "the trit +1"),
        ("skills/b/SKILL.md", "the trit +1"),
    ]
    assert lost("skills") == gone
    assert lost("./skills") == gone
    commit()
    assert lost("skills") == []
    assert lost("skills", revision="HEAD~1") == gone
    assert lost("skills/a", revision="HEAD~1") == gone[:2]
    assert lost("skills/a/SKILL.md", revision="HEAD~1") == gone[:2]


def test_a_skill_that_moved_or_went_away(repository):
    os.rename("skills/a", "skills/group-a")
    os.makedirs("skills/group/a")
    os.rename("skills/group-a/SKILL.md", "skills/group/a/SKILL.md")
    os.remove("skills/b/SKILL.md")
    assert lost("skills") == []
    write("group/a", BARE)
    assert lost("skills") == [
        ("skills/group/a/SKILL.md", "the colour #D82626"),
        ("skills/group/a/SKILL.md", "the trit +1"),
    ]


def test_broken_front_matter_loses_nothing_that_can_still_be_told(repository):
    write("a", FULL.replace("Does it.", "Does: it."))
    assert lost("skills") == []
    write("b", "\0")
    assert lost("skills") == []  # the file cannot be read: GF100 says so


def test_strange_names_and_links(repository):
    name = "é \"tab\t'"
    write(name, FULL)
    os.symlink("../skills/a/SKILL.md", "skills/link.md")
    commit()
    write(name, BARE)
    assert {path for path, _ in lost("skills")} == {f"skills/{name}/SKILL.md"}
    os.symlink("skills", "other")
    assert {path for path, _ in lost("other")} == {f"other/{name}/SKILL.md"}


def test_several_roots_in_different_repositories(repository):
    os.mkdir("inner")
    write("d", FULL, "inner/skills")
    os.chdir("inner")
    git("init", "-q")
    commit()
    os.chdir(repository)
    write("d", BARE, "inner/skills")
    write("a", BARE)
    assert [path for path, said in lost("skills", "inner/skills") if "trit" in said] == [
        "inner/skills/d/SKILL.md",
        "skills/a/SKILL.md",
    ]


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-h", "HEAD:skills", "", "a\0b", "HEAD --"])
def test_an_unknown_revision_is_refused(repository, revision):
    with pytest.raises(FfcolorError, match="git knows no revision") as caught:
        lost("skills", revision=revision)
    assert caught.value.code == "git"


def test_no_repository_and_no_git(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write("a", FULL)
    with pytest.raises(FfcolorError, match="not a git repository"):
        lost("skills")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FfcolorError, match="git is not installed"):
        lost("skills")


def test_files_at_reads_what_was_committed(repository):
    text = "\r\nno newline \ufeff\0 at the end".encode()
    (repository / "skills/a/raw.bin").write_bytes(text)
    (repository / "skills/a/none").write_bytes(b"")
    commit()
    (repository / "skills/a/raw.bin").unlink()
    found = dict(files_at("HEAD", "skills/a", lambda path: path != "SKILL.md"))
    top = os.path.realpath("skills/a")
    assert found == {f"{top}/raw.bin": text, f"{top}/none": b""}
    assert list(files_at("HEAD", "skills", lambda path: False)) == []


def test_the_verb_takes_a_revision(repository):
    write("a", BARE)
    found = verbs.call("skills_check", paths="skills", select=["GF208"], against="HEAD")
    assert found["counts"] == {"error": 2, "warning": 0, "info": 0}
    assert {row["code"] for row in found["problems"]} == {"GF208"}
    assert found["files"] == 3
