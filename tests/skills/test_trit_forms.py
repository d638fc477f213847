"""The forms of a trit in lines and headings: each at its place, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.skills.test_reader import TOP, check, read

HERE = "\n\n## More\n\nText."


@pytest.mark.parametrize(
    ("text", "trit", "line", "column", "form"),
    [
        ("**Trit: 0 (ERGODIC - Coordinator)**", 0, 1, 9, "bold"),
        ("**GF(3) Trit: +1 (Generator)** — makes things", 1, 1, 15, "bold"),
        ("**Trit: −1**", -1, 1, 9, "bold"),
        ("- **Trit** +1", 1, 1, 12, "bold"),
        ("- **Trit** (0)", 0, 1, 13, "bold"),
        ("**Trit** −1 (MINUS)", -1, 1, 10, "bold"),
        ("**Trit** PLUS", 1, 1, 10, "bold"),
        ("**Trit** — +1", 1, 1, 12, "bold"),
        ("**Trit** → 0", 0, 1, 12, "bold"),
        ("**Trit** = 0", 0, 1, 12, "bold"),
        ("**Trit** : 0", 0, 1, 12, "bold"),
        ("**Trit**:0", 0, 1, 10, "bold"),
        ("**TRIT**: +1", 1, 1, 11, "bold"),
        ("**GF(3)-Trit**: 0", 0, 1, 17, "bold"),
        ("__Trit__: +1", 1, 1, 11, "bold"),
        ("__Trit:__ +1", 1, 1, 11, "bold"),
        ("__Trit: -1__", -1, 1, 9, "bold"),
        ("__Trit__: __+1__", 1, 1, 13, "bold"),
        ("_Trit_: +1", 1, 1, 9, "bold"),
        ("*Trit*: 0", 0, 1, 9, "bold"),
        ("***Trit***: +1", 1, 1, 13, "bold"),
        ("- `Trit`: +1", 1, 1, 11, "bold"),
        ("**Version**: 1 | **Trit**: 0", 0, 1, 28, "bold"),
        ("- **Role**: Coordinator, **Trit**: -1 (MINUS)", -1, 1, 36, "bold"),
        ("- Trit: 0 (ERGODIC)", 0, 1, 9, "bare"),
        ("- **Trit -1** (MINUS): Checks", -1, 1, 10, "bare"),
        ("- **Trit 0** (ZERO)", 0, 1, 10, "bare"),
        ("* Trit: −1", -1, 1, 9, "bare"),
        ("+ Trit: +1", 1, 1, 9, "bare"),
        ("1. Trit: -1", -1, 1, 10, "bare"),
        ("2) Trit: 0", 0, 1, 10, "bare"),
        ("- [x] Trit: 0", 0, 1, 13, "bare"),
        ("- trit: -1", -1, 1, 9, "bare"),
        ("-   Trit:   0", 0, 1, 13, "bare"),
        ("> Trit: 0", 0, 1, 9, "bare"),
        ("> - Trit: 0", 0, 1, 11, "bare"),
        ("- Metadata\n  - Trit: 0", 0, 2, 11, "bare"),
        ("Trit: +1 (PLUS)", 1, 1, 7, "bare"),
        ("Trit: -1", -1, 1, 7, "bare"),
        ("Trit: ERGODIC (0)", 0, 1, 16, "bare"),
        ("Trit: **+1**", 1, 1, 9, "bare"),
        ("GF(3) Trit: 0", 0, 1, 13, "bare"),
        ("🔵 Trit: -1 (MINUS)", -1, 1, 9, "bare"),
        ("\u00a0Trit: 0", 0, 1, 8, "bare"),
        ("## Trit Value\n\n+1 (PLUS)", 1, 3, 1, "heading"),
        ("## Trit Value\n\n\n**0** (ERGODIC)", 0, 4, 3, "heading"),
        ("## Trit\n`-1`", -1, 2, 2, "heading"),
        ("### GF(3) Trit Assignment\n\n- −1 (MINUS)", -1, 3, 3, "heading"),
        ("## Trit Value:\n\n> 0", 0, 3, 3, "heading"),
        ("## Trit Value\n\n```\n+1\n```", 1, 4, 1, "heading"),
        ("## Trit (+1)", 1, 1, 10, "heading"),
        ("## **Trit**: +1", 1, 1, 14, "heading"),
        ("## 2. Trit: -1", -1, 1, 13, "heading"),
        ("## 🎯 GF(3) Trit — 0", 0, 1, 19, "heading"),
        ("**Trit**:\n\n+1 (PLUS)", 1, 3, 1, "bold"),
        ("```\nGF(3) Trit: +1\n```", 1, 2, 13, "fence"),
        ("```\n- Trit: 0\n```", 0, 2, 9, "fence"),
    ],
)
def test_forms(text, trit, line, column, form):
    claims = read(f"{TOP}{text}{HERE}\n").trits
    assert [(claim.value, claim.place.line - 4, claim.place.column, claim.form) for claim in claims] == [
        (trit, line, column, form)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Trit: -1 → validator\nTrit: 0 → coordinator\nTrit: +1 → generator",
        "Trit: -1\n\ntext\n\nTrit: 0\n\ntext\n\nTrit: +1",
        "- Trit: -1\n- Trit: 0",
        "- **Trit -1**: checks\n- **Trit 0**: joins",
        "### 1. other-skill\n- **Trit**: 0",
        "## Trit\n\n- +1: Generator\n- 0: Coordinator\n- -1: Validator",
        "## Trit Values\n\n+1",
        "## Trit\n\nPlus some text.",
        "## Trit\n\n### More\n\n+1",
        "- name: gay-mcp\n  trit: -1",
        "- **gay-mcp**\n  - Trit: -1",
        "- **gay-mcp**\n  - **Trit**: -1",
        "**gay-mcp**:\n\n- Trit: -1",
        "- [gay-mcp](../gay-mcp)\n  - Trit: -1",
        "`acsets`:\n- Trit: 0",
        "## other-skill\n\nTrit: -1",
        ";; Trit: 0",
        "// Trit: 0",
        "Trit: balanced",
        "**Trit** means one of three",
        "**Trit** 0 means nothing",
        "**Trit** plus more",
        "Trit: 0 or 1",
        "Trit: -1 to +1",
        "`Trit: 0`",
        "- `trit`: 0",
        "trit: 0",
        "trit = 0",
        "(Trit: 0)",
        "    Trit: 0",
        "Trits: 0",
        "Trit_count: 1",
        "Trit-sum: 0",
        "**Skill Trit**: 0",
        "<!-- Trit: 0 -->",
        "Trit: 27 skills",
        "see it, **Trit**: 0",
        "```python\nTrit: 0\n```",
    ],
)
def test_what_declares_nothing(text):
    assert read(f"{TOP}{text}{HERE}\n").trits == ()


@pytest.mark.parametrize("value", ["±1", "∓1", "+/-1", "-/+1", "+-1", "+/−1"])
def test_a_sign_that_may_be_either_is_not_a_trit(value):
    assert check(f"{TOP}**Trit**: {value}\n") == [("GF203", 5, 11)]
    assert check(f"---\nname: me\ndescription: d\nmetadata:\n  gf3-trit: '{value}'\n---\n") == [("GF203", 5, 13)]
    top = "---\nname: me\ndescription: d\nmetadata:\n  gf3-trit: '+1'\n---\n"
    assert check(f"{top}aa-b ({value}) ⊗ cc-d (0) ⊗ me (+1) = 0 ✓\n") == [("GF203", 7, 7)]
    front = "---\nname: me\ndescription: d\nmetadata:\n  gf3-trit: '+1'\n"
    front += f"  gf3-triads: aa-b ({value}) ⊗ cc-d (0) ⊗ me (+1)\n"
    assert check(f"{front}---\n") == [("GF203", 6, 21)]


def test_forms_without_emphasis_contradict_like_the_others():
    top = "---\nname: me\ndescription: d\nmetadata:\n  gf3-trit: '+1'\n---\n"
    for text, line, column in (("- Trit: 0", 7, 9), ("## Trit Value\n\n-1", 9, 1), ("**Trit: 0 (ERGODIC)**", 7, 9)):
        assert check(f"{top}{text}\n") == [("GF202", line, column)]
    assert check(f"{TOP}Trit: +1\n\ntext\n\n- Trit: 0\n") == [("GF206", 5, 7), ("GF202", 9, 9)]
