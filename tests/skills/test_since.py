"""Against a revision: what is gone, what has changed, what machines no longer read; and only what is new since then."""

import os

import pytest
from test_revision import FULL, commit, git, repository, write  # beside this file

from ffcolor import FfcolorError
from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.skills import problems_at, read

__all__ = ["repository"]

HEAD = "---\nname: {0}\ndescription: Does it.\n"
ALL = frozenset(["GF208"])


def found(**options):
    told = verbs.call("skills_check", paths="skills", **options)
    return [(row["code"], row["severity"], row["line"], row["message"]) for row in told["problems"]]


def against(text, revision="HEAD"):
    write("a", text)
    return [(severity, line, message) for _, severity, line, message in found(select=["GF208"], against=revision)]


TRIT, COLOR = "the trit +1 of 'a'", "the colour #D82626 of 'a'"
FRONT = "was in the front matter, and is only in"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FULL, []),
        (
            FULL.replace("+1", "0"),
            [("warning", 5, "the trit of 'a' has changed from +1 to 0 since the base revision")],
        ),
        (
            FULL.replace("#D82626", "#26D826"),
            [("info", 6, "the colour of 'a' has changed from #D82626 to #26D826 since the base revision")],
        ),
        (
            HEAD + "---\n**Trit**: +1\n**Color**: #D82626\n",
            [
                ("warning", 5, f"{TRIT} is no longer machine-readable: it {FRONT} the text now"),
                ("warning", 6, f"{COLOR} is no longer machine-readable: it {FRONT} the text now"),
            ],
        ),
        (
            HEAD + "---\n```\nTrit: +1\nColor: #D82626\n```\n",
            [
                ("warning", 6, f"{TRIT} is no longer machine-readable: it {FRONT} a generated block now"),
                ("warning", 7, f"{COLOR} is no longer machine-readable: it {FRONT} a generated block now"),
            ],
        ),
        (
            HEAD + "---\n<!-- Trit: +1, colour #D82626 -->\n",
            [
                (
                    "error",
                    5,
                    f"{TRIT} is no longer machine-readable: '<!-- Trit: +1, colour #D82626 -->' declares nothing",
                ),
                (
                    "error",
                    5,
                    f"{COLOR} is no longer machine-readable: '<!-- Trit: +1, colour #D82626 -->' declares nothing",
                ),
            ],
        ),
        (
            HEAD + "---\nIts trit, as we know, is PLUS.\n",
            [
                ("error", 1, f"{COLOR} is gone: the base revision declares it"),
                (
                    "error",
                    5,
                    f"{TRIT} is no longer machine-readable: 'Its trit, as we know, is PLUS.' declares nothing",
                ),
            ],
        ),
        (
            HEAD + "metadata:\n  gf3-trit: 'plus one'\n---\n",
            [
                ("error", 1, f"{COLOR} is gone: the base revision declares it"),
                ("error", 5, f"{TRIT} is no longer machine-readable: \"gf3-trit: 'plus one'\" declares nothing"),
            ],
        ),
        (
            HEAD + "---\nThe trit of others is -1, of some +10.\n",
            [
                ("error", 1, f"{COLOR} is gone: the base revision declares it"),
                ("error", 1, f"{TRIT} is gone: the base revision declares it"),
            ],
        ),
    ],
)
def test_what_became_of_it(repository, text, expected):
    assert against(text) == expected


def test_what_only_a_generated_block_declared_is_a_milder_loss(repository):
    write("a", HEAD + "---\n```\nTrit: +1\n```\n")
    commit()
    ((severity, _, message),) = against(HEAD + "---\nNothing.\n")
    assert severity == "warning"
    assert message == f"{TRIT} is gone: the base revision declares it; only a generated block declared it"


# ---- new since -------------------------------------------------------------------------------------------------------

BAD = HEAD + "version: 1\nmetadata:\n  gf3-trit: '+1'\n---\na (+1) ⊗ b (0) ⊗ nobody (-1) = 0 ✓\n"


def test_only_what_is_new_is_reported(repository, capsys):
    write("a", BAD)
    commit()
    assert len(found()) > 2
    assert found(new_since="HEAD") == []
    write("a", BAD.replace("---\na (", "---\n\n\nmoved\n\na ("))
    assert found(new_since="HEAD") == [], "moved lines are not new"
    write("b", BAD.replace("name: {0}", "name: {0}\nauthor: me"))
    new = found(new_since="HEAD")
    assert [(code, line) for code, _, line, _ in new if code == "GF106"] == [("GF106", 3), ("GF106", 5)]
    told = verbs.call("skills_check", paths="skills", new_since="HEAD", format="text")
    assert told["suppressed"] == len(found()) - len(new)
    assert told["total"].endswith(f"; {told['suppressed']} more at HEAD already\n")
    assert main(["skills", "check", "skills", "--new-since", "HEAD", "--fail-on", "warning"]) == 1
    assert main(["skills", "check", "skills", "--new-since", "nowhere"]) == 2
    assert "git knows no revision 'nowhere'" in capsys.readouterr().err


def test_of_two_alike_one_is_new(repository):
    write("a", BAD)
    commit()
    write("a", BAD + "\nagain a (+1) ⊗ b (0) ⊗ nobody (-1) = 0 ✓\n\nd (+1) ⊗ b (0) ⊗ nobody (-1) = 0 ✓\n")
    assert [code for code, *_ in found(new_since="HEAD") if code == "GF303"].count("GF303") == 2


def test_a_finding_in_a_file_that_nobody_touched_is_new(repository):
    write("a", FULL + "a (+1) ⊗ b (+1) ⊗ c (+1) = 0 ✓\n")
    commit()
    write("b", FULL.replace("+1", "-1"))
    assert [code for code, *_ in found(new_since="HEAD", select=["GF304"])] == ["GF304"]


def test_the_same_findings_from_any_folder_and_of_a_single_file(repository):
    write("a", BAD)
    write("b", HEAD + "---\n")
    commit()
    os.chdir("skills/a")
    assert verbs.call("skills_check", paths=".", new_since="HEAD")["problems"] == []
    assert verbs.call("skills_check", paths="SKILL.md", new_since="HEAD")["problems"] == []
    assert verbs.call("skills_check", paths="SKILL.md")["problems"]


def test_what_reading_alone_finds_was_there_too(repository):
    write("d", "\0")
    os.makedirs("skills/e")
    for name in ("skills/e/skill.md", "skills/e/SKILL.md"):
        with open(name, "w", encoding="utf-8") as file:
            file.write(FULL.format("e"))
    os.makedirs("skills/f")
    os.rename("skills/c/SKILL.md", "skills/f/skill.md")
    commit()
    codes = {code for code, *_ in found()}
    assert codes >= {"GF100", "GF103", "GF104"}
    assert found(new_since="HEAD") == []


def test_a_lock_file_is_compared_with_that_of_its_time(repository):
    verbs.call("skills_lock", path="skills", apply=True)
    write("a", FULL.replace("+1", "0"))
    commit()
    assert [code for code, *_ in found(select=["GF5"])] == ["GF501"]
    assert found(select=["GF5"], new_since="HEAD") == []
    write("b", FULL.replace("+1", "0"))
    assert ["b/SKILL.md" in message for *_, message in found(select=["GF5"], new_since="HEAD")] == [True]
    assert {each.code for each in problems_at(read("skills"), "HEAD", frozenset(["GF501"]))} == {"GF501"}


def test_a_baseline_and_a_revision_together(repository):
    write("a", BAD)
    commit()
    write("b", BAD)
    verbs.call("skills_check", paths="skills", baseline="base.json", write_baseline=True)
    write("c", BAD)
    told = verbs.call("skills_check", paths="skills", baseline="base.json", new_since="HEAD", format="text")
    assert {row["path"] for row in told["problems"]} == {"skills/c/SKILL.md"}
    assert "more in the baseline or at HEAD already" in told["total"]


def test_no_repository_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write("a", FULL)
    with pytest.raises(FfcolorError, match="not a git repository"):
        found(new_since="HEAD")


def test_nothing_is_checked_out(repository):
    write("a", BAD)
    before = {path: path.read_bytes() for path in repository.rglob("SKILL.md")}
    found(new_since="HEAD")
    assert {path: path.read_bytes() for path in repository.rglob("SKILL.md")} == before
    git("diff", "--stat")
