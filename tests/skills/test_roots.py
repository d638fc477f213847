"""Copies of one skill in several roots: which of them a name means, and what is said when they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from ffcolor.skills import check, read
from ffcolor.skills.nearness import home_of


def write(path: Path, trit: str | None, body: str = "", name: str | None = None) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    front = f"---\nname: {name or path.name}\ndescription: d\n"
    front += "" if trit is None else f"metadata:\n  gf3-trit: '{trit}'\n"
    (path / "SKILL.md").write_text(f"{front}---\n{body}\n", encoding="utf-8")
    return path


def found(*paths: Path, **options: object) -> list[tuple[str, str, int]]:
    return [(p.code, "/".join(p.path.split("/")[-4:-1]), p.line) for p in check(*paths, **options)]  # type: ignore[arg-type]


TRIAD = "one (0) ⊗ two (+1) ⊗ ask (-1) = 0"


def test_a_name_means_the_copy_in_the_own_root_not_the_first_of_the_alphabet(tmp_path):
    for root, trit in (("a/skills", "+1"), ("b/skills", "0")):
        write(tmp_path / root / "one", trit)
        write(tmp_path / root / "two", "+1")
    write(tmp_path / "b/skills/ask", "-1", TRIAD)
    assert found(tmp_path) == [("GF207", "b/skills/one", 5)]
    write(tmp_path / "a/skills/ask", "-1", TRIAD)
    assert found(tmp_path, select=["GF3"]) == [("GF304", "a/skills/ask", 7)]


def test_a_copy_without_a_trit_elsewhere_is_not_asked(tmp_path):
    write(tmp_path / ".claude/skills/one", None)
    write(tmp_path / "skills/one", "0")
    write(tmp_path / "skills/two", "+1")
    write(tmp_path / "skills/ask", "-1", TRIAD)
    assert found(tmp_path, ignore=["GF201"]) == []
    write(tmp_path / ".claude/skills/ask", "-1", TRIAD)
    write(tmp_path / ".claude/skills/two", "+1")
    assert found(tmp_path, ignore=["GF201"]) == [("GF305", ".claude/skills/ask", 7)]


def test_the_longest_common_path_wins_then_the_order_of_the_paths_given(tmp_path):
    write(tmp_path / "x/near/one", "0")
    write(tmp_path / "far/one", "+1")
    write(tmp_path / "x/here/two", "+1")
    write(tmp_path / "x/here/ask", "-1", TRIAD)
    assert found(tmp_path, select=["GF304"]) == []
    write(tmp_path / "y/one", "-1")
    (tmp_path / "x/near/one/SKILL.md").unlink()
    (tmp_path / "x/near/one").rmdir()
    for order, own in ((("far", "y"), "+1"), (("y", "far"), "-1")):
        given = [tmp_path / "x", *(tmp_path / root for root in order)]
        (problem,) = check(*given, select=["GF304"])
        assert f"declares {own} itself" in problem.message
    assert f"{tmp_path}/far/one/SKILL.md" in check(tmp_path, select=["GF304"])[0].message, "then in order of path"


def test_one_name_may_be_in_many_roots_but_only_once_in_each(tmp_path):
    for root in ("a", "b", "c/skills"):
        write(tmp_path / root / "one", "0")
    assert found(tmp_path) == []
    write(tmp_path / "b/one-z", "0", name="one")
    write(tmp_path / "b/once", "0", name="one")
    assert found(tmp_path, select=["GF109"]) == [
        ("GF109", f"{tmp_path.name}/b/once", 2),
        ("GF109", f"{tmp_path.name}/b/one-z", 2),
    ]
    assert "b/one/SKILL.md" in check(tmp_path, select=["GF109"])[0].message, "its folder has the name"


def test_copies_are_compared_with_the_first_of_the_roots_in_the_order_given(tmp_path):
    for root, trit in (("a", "+1"), ("b", "-1"), ("c", "-1"), ("d", None)):
        write(tmp_path / root / "one", trit)
    assert found(tmp_path, select=["GF207"]) == [
        ("GF207", f"{tmp_path.name}/b/one", 5),
        ("GF207", f"{tmp_path.name}/c/one", 5),
    ]
    given = [tmp_path / root for root in ("b", "a", "c")]
    assert found(*given, select=["GF207"]) == [("GF207", f"{tmp_path.name}/a/one", 5)]


def test_claims_about_copies_are_told_apart(tmp_path):
    for root, trit, other in (("a", "+1", "-1"), ("b", "-1", "+1")):
        write(tmp_path / root / "one", trit)
        write(tmp_path / root / "two", "0")
        write(tmp_path / root / "ask", other, f"one ({trit}) ⊗ two (0) ⊗ ask ({other}) = 0 ✓")
    assert {code for code, _, _ in found(tmp_path)} == {"GF207"}


def test_a_name_in_the_front_matter_comes_before_the_name_of_a_folder(tmp_path):
    write(tmp_path / "skills/one", "+1", name="uno")
    write(tmp_path / "other/one", "0")
    write(tmp_path / "skills/two", "+1")
    write(tmp_path / "skills/ask", "-1", TRIAD)
    assert found(tmp_path) == [("GF104", f"{tmp_path.name}/skills/one", 2)]


def test_what_a_revision_had_is_looked_for_nearby(tmp_path):
    write(tmp_path / "old/a/one", "0")
    write(tmp_path / "new/a/one", "0")
    collection = read(tmp_path)
    skill = collection.find("one", (tmp_path / "new/b/ask/SKILL.md").as_posix())
    assert skill is not None
    assert skill.path.endswith("new/a/one/SKILL.md")
    assert collection.find("one") is collection.skills[0]
    assert collection.find("none") is None


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("skills/one/SKILL.md", "skills"),
        ("one/SKILL.md", "."),
        ("SKILL.md", ".."),
        ("../SKILL.md", "../.."),
        ("../skills/one/SKILL.md", "../skills"),
        ("/one/SKILL.md", "/"),
        ("/a/b/one/SKILL.md", "/a/b"),
    ],
)
def test_the_root_of_a_file(path, home):
    assert home_of(path) == home
