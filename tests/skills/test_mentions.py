"""What is said of a skill's trit outside triads with numbers: mentions, tables, triads without numbers, other files."""

from __future__ import annotations

import pytest

from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.skills import check as check_paths
from tests.skills.test_reader import check

TOP = "---\nname: me\ndescription: d\nmetadata:\n  trit: '+1'\n---\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("`aa-b` (0)", 1, 2),
        ("**cc-d** (-1)", 1, 3),
        ("- ee-f (trit -1)", 1, 3),
        ("### With acsets (+1)", 1, 10),
        ("### acsets (−1)", 1, 5),
        ("[aa-b](../aa-b/SKILL.md) (0)", 1, 2),
        ("See aa-b (0) for more.", 1, 5),
        ("**`aa-b`** (0)", 1, 4),
        ("__aa-b__ (0)", 1, 3),
        ("`aa-b (0)`", 1, 2),
        ("**aa-b** (1)", 1, 3),
        ("- aa-b    (0)", 1, 3),
        ("- aa-b (trit: 0)", 1, 3),
        ("- aa-b (GF(3) trit 0)", 1, 3),
        ("- aa-b (0, ERGODIC)", 1, 3),
        ("- aa-b (ERGODIC, 0)", 1, 3),
        ("- aa-b (ERGODIC 0)", 1, 3),
        ("1. acsets (-1)", 1, 4),
        ("> - acsets (-1)", 1, 5),
        ("aa-b: trit 0", 1, 1),
        ("- `aa-b` - does a thing (trit 0)", 1, 4),
        ("- **aa-b** — does it, and well (trit 0)", 1, 5),
        ("aa-b (+1 generation)", 1, 1),
        ("- **aa-b** (ERGODIC)", 1, 5),
        ("The aa-b has trit 0.", 1, 5),
        ("- `aa-b`: 0", 1, 4),
        ("- **aa-b** → +1 (PLUS)", 1, 5),
        ("```\naa-b (0): checks\n```", 2, 1),
        ("| aa-b (0) | first |", 1, 3),
        ("aa-b (-1) + cc-d (-1)", 1, 13),
        ("- me (0)", 1, 3),
        ("| Skill | Trit |\n|---|---|\n| aa-b | 0 |", 3, 3),
        ("| Name | Trit | Why |\n|---|---|---|\n| `aa-b` | 0 | x |\n| ee-f | 1 | z |", 3, 4),
        ("## Related skills\n\n| Skill | Trit |\n|---|---|\n| aa-b | 0 |\n| cc-d | 0 |\n| ee-f | 1 |", 5, 3),
    ],
)
def test_a_mention_that_contradicts_the_skill_is_found(text, line, column):
    assert check(f"{TOP}\n{text}\n") == [("GF314", 7 + line, column)]


@pytest.mark.parametrize(
    "text",
    [
        "`aa-b` (-1), **cc-d** (0), ee-f (+1)",
        "5(+1), 4(-1), 3(0)",
        "acsets(1) and acsets (1) of 3, cc-d(1)",
        "`unknown` (0) and Aa-b (0)",
        "aa-b (0 left), acsets (-1 left), aa-b (1 of 3), `aa-b` (2), aa-b (0.5)",
        "```python\nacsets (-1)\naa-b (0)\n```",
        "<!-- aa-b (0) -->",
        "- `aa-b`: 0 dependencies",
        "`acsets` (plus) and acsets (PLUS) and aa-b (MINUS)",
        "aa-b (0) ⊗ nobody ⊗ me (+1)",
        "# me (PLUS +1)",
        "| Skill | Files |\n|---|---|\n| aa-b | 0 |",
    ],
)
def test_what_is_no_mention(text):
    assert check(f"{TOP}{text}\n") == []


def test_a_table_that_begins_with_skills_is_a_triad_where_something_is_said_of_the_sum():
    table = "| Skill | Trit | Use |\n|---|---|---|\n| aa-b | ⊖ (-1) | x |\n| cc-d | 0 | y |\n| acsets | 0 | z |\n"
    assert check(f"{TOP}{table}") == []
    assert {code for code, _, _ in check(f"{TOP}{table}\n**GF(3)**: (-1) + (0) + (0) = 0 ✓\n")} == {"GF301", "GF308"}


def test_members_of_a_chain_have_their_own_check():
    assert check(f"{TOP}aa-b (0) ⊗ cc-d (0) ⊗ me (0)\n") == [("GF304", 7, 1), ("GF310", 7, 1), ("GF309", 7, 23)]
    assert {code for code, _, _ in check(f"{TOP}aa-b(0) + cc-d(0) + me(0) = 0\n")} == {"GF304", "GF309", "GF310"}


TABLE = "| Trit | Skill |\n|---|---|\n| -1 | aa-b |\n| {} | {} |\n| +1 | me |\n\n**Sum**: (-1) + (0) + (+1) = 1 ✓\n"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("0", "cc-d"), [("GF302", 13, 30)]),
        (("?", "cc-d"), []),
        (("0", "any other one"), []),
        (("", "cc-d"), []),
        (("±1", "cc-d"), [("GF203", 10, 3)]),
        (("2", "cc-d"), [("GF203", 10, 3)]),
        (("-1", "cc-d"), [("GF301", 9, 8), ("GF304", 10, 8)]),
    ],
)
def test_a_table_with_a_row_that_cannot_be_read_is_not_summed(row, found):
    assert check(TOP + TABLE.format(*row)) == found


@pytest.mark.parametrize("heading", ["## Related Skills\n\n", "**See also**:\n\n", "### Similar skills\n\nSome.\n\n"])
def test_related_skills_claim_no_balance(heading):
    table = "| Skill | Trit |\n|---|---|\n| aa-b | -1 |\n| cc-d | 0 |\n| acsets | 0 |\n\n(-1) + (0) + (+1) = 0 ✓\n"
    assert check(f"{TOP}{heading}{table}") == []
    summed = table.replace("\n\n(", "\n| **Sum** | **0** |\n\n(")
    assert {code for code, _, _ in check(f"{TOP}{heading}{summed}")} == {"GF301", "GF308"}


# ---- triads without numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aa-b ⊗ cc-d ⊗ me = 0 ✓", []),
        ("aa-b ⊗ ee-f ⊗ me = 0 ✓", [("GF301", 7, 1)]),
        ("**Triad**: `aa-b` ⊗ `ee-f` ⊗ **me** ✓", [("GF301", 7, 13)]),
        ("[aa-b](../aa-b) ⊗ [ee-f](../ee-f) ⊗ me ≡ 0 (mod 3)", [("GF301", 7, 2)]),
        ("aa-b    ⊗    cc-d    ⊗    cc-d    =    0", [("GF301", 7, 1)]),
        ("aa-b ⊗\nee-f ⊗ me = 0", [("GF301", 7, 1)]),
        ("```\naa-b ⊗ ee-f ⊗ me = 0 ✓\n```", [("GF301", 8, 1)]),
        ("aa-b ⊗ ee-f ⊗ me is balanced", [("GF301", 7, 1)]),
        ("aa-b ⊗ cc-d ⊗ me = 1", [("GF302", 7, 20)]),
        ("aa-b ⊗ ee-f ⊗ me = 1", [("GF312", 7, 1)]),
        ("aa-b ⊗ ee-g ⊗ me = 0 ✓", [("GF303", 7, 8)]),
        ("aa-b (0) ⊗ cc-d ⊗ me = 0 ✓", [("GF301", 7, 1), ("GF304", 7, 1)]),
        ("aa-b ⊗ ee-f ⊗ me", []),
        ("aa-b ⊗ ee-f ⊗ me → 3 outputs", []),
        ("X ⊗ Y ⊗ Z = 0 ✓", []),
        ("aa-b ⊗ something ⊗ else = 0", []),
        ("<!-- aa-b ⊗ ee-f ⊗ me = 0 ✓ -->", []),
    ],
)
def test_a_triad_without_numbers_is_summed_by_what_its_members_declare(text, found):
    assert check(f"{TOP}{text}\n") == found


def test_members_that_declare_no_trit_are_named(tmp_path):
    for name, front in (("one", "metadata:\n  gf3-trit: '+1'\n"), ("two", ""), ("three", "")):
        (tmp_path / name).mkdir()
        body = "one ⊗ two ⊗ three = 0 ✓" if name == "one" else ""
        (tmp_path / name / "SKILL.md").write_text(f"---\nname: {name}\ndescription: d\n{front}---\n{body}\n")
    problems = check_paths(tmp_path, ignore=["GF201"])
    assert [(p.code, p.line, p.column) for p in problems] == [("GF305", 7, 7), ("GF305", 7, 13)]
    assert problems[0].message.startswith("'two' declares no trit, so 'one ⊗ two ⊗ three' cannot be summed")


def test_gaps_between_the_parts_of_a_triad_may_be_wide():
    gap = " " * 100
    assert check(f"{TOP}aa-b{gap}(-1){gap}⊗{gap}cc-d{gap}(0){gap}⊗{gap}me{gap}(+1){gap}= 1 ✓\n")[0][0] == "GF302"
    assert check(f"{TOP}aa-b (   -1 ) ⊗ cc-d ( 0    ) ⊗ me ( +1 ) = 1 ✓\n")[0][0] == "GF302"
    assert check(f"{TOP}aa-b (-1)        +         cc-d (0)        +       me (0)   = 0\n")[0][0] == "GF301"


# ---- other Markdown files ----------------------------------------------------------------------------------------


def test_other_markdown_files_are_read_on_demand(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, trit in (("one", "+1"), ("two", "0"), ("three", "-1")):
        (tmp_path / "skills" / name).mkdir(parents=True)
        front = f"---\nname: {name}\ndescription: d\nmetadata:\n  gf3-trit: '{trit}'\n---\n"
        (tmp_path / "skills" / name / "SKILL.md").write_text(front)
    (tmp_path / "skills/one/notes").mkdir()
    (tmp_path / "skills/one/notes/TRIADS.MD").write_text("one (+1) ⊗ two (0) ⊗ four-x (-1) = 0\n")
    rows = ("# Triads\n", "one (+1) ⊗ two (+1) ⊗ three (-1) = 0 ✓\n", "`one` (0)\n", "one ⊗ one ⊗ two = 0\n")
    text = "\n".join((*rows, "one (±1) ⊗ two (0) ⊗ three (-1)\n"))
    (tmp_path / "skills/README.md").write_text(text, encoding="utf-8")
    (tmp_path / "skills/node_modules").mkdir()
    (tmp_path / "skills/node_modules/README.md").write_text(text, encoding="utf-8")
    (tmp_path / "skills/bad.md").write_bytes(b"\xff")
    (tmp_path / "skills/a-link.md").symlink_to("one/SKILL.md")
    (tmp_path / "skills/more.txt").write_text(text, encoding="utf-8")
    assert check_paths("skills") == []
    problems = check_paths("skills", all_markdown=True)
    assert [(p.path, p.code, p.line, p.column) for p in problems] == [
        ("skills/README.md", "GF301", 3, 1),
        ("skills/README.md", "GF304", 3, 12),
        ("skills/README.md", "GF311", 3, 12),
        ("skills/README.md", "GF301", 7, 1),
        ("skills/README.md", "GF203", 9, 6),
        ("skills/bad.md", "GF100", 1, 1),
        ("skills/one/notes/TRIADS.MD", "GF303", 1, 22),
    ]
    answer = verbs.call("skills_check", paths="skills", all_markdown=True)
    assert (answer["files"], len(answer["problems"])) == (6, 7)
    assert main(["skills", "check", "skills", "--all-markdown"]) == 1
    assert "  3 | one (+1) ⊗ two (+1) ⊗ three (-1) = 0 ✓" in capsys.readouterr().out
    (tmp_path / "skills/README.md").write_text(f"<!-- gf3: ignore-file GF2 GF3 -->\n{text}", encoding="utf-8")
    assert {p.path for p in check_paths("skills", all_markdown=True)} == {
        "skills/bad.md",
        "skills/one/notes/TRIADS.MD",
    }
