"""Each form that is read, at its place, and each text that only looks like one."""

from __future__ import annotations

import time
import unicodedata

import pytest

from ffcolor.skills.catalog import Problem
from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.model import Skill
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.skill_file import LARGEST, read_skill

OPEN = "---\nname: me\ndescription: d\n"
TOP = "---\nname: me\ndescription: d\n---\n"
BESIDE = {"aa-b": -1, "cc-d": 0, "ee-f": 1, "acsets": 0}


def read(text: str | bytes, name: str = "me") -> Skill:
    found = read_skill(text if isinstance(text, bytes) else text.encode(), f"{name}/SKILL.md", ".", name)
    assert isinstance(found, Skill)
    return found


def check(text: str | bytes, name: str = "me") -> list[tuple[str, int, int]]:
    """Code, line and column of what is found in one skill among a few sound ones."""
    skills = [read(f"---\nname: {n}\ndescription: d\nmetadata:\n  trit: '{t:+d}'\n---\n", n) for n, t in BESIDE.items()]
    problems = check_collection(assemble((".",), [*skills, read(text, name)]))
    return [(problem.code, problem.line, problem.column) for problem in problems if problem.path == f"{name}/SKILL.md"]


@pytest.mark.parametrize(
    ("line", "trit", "column", "form"),
    [
        ("**Trit**: +1 (PLUS - generator)", 1, 11, "bold"),
        ("**Trit**: ERGODIC (0)", 0, 20, "bold"),
        ("**Trit**: `-1`", -1, 12, "bold"),
        ("**Trit**: −1  ", -1, 11, "bold"),
        ("**Trit**: 0", 0, 11, "bold"),
        ("**trit**: plus", 1, 11, "bold"),
        ("**Trit:** 1", 1, 11, "bold"),
        ("- **Trit**: +1", 1, 13, "bold"),
        ("    - **Trit**: +1", 1, 17, "bold"),
        ("- [x] **Trit**: +1", 1, 17, "bold"),
        ("> **Trit**: 0 (ERGODIC) - Coordinates skill loading", 0, 13, "bold"),
        ("🔴 **Trit**: MINUS", -1, 13, "bold"),
        ("**Trit Assignment**: -1 (Validator - Ensures consistency)", -1, 22, "bold"),
        ("**GF(3) Trit**: 0 (Ergodic/Coordinator)", 0, 17, "bold"),
        ("## GF(3) Trit: +1 (Generator)", 1, 16, "heading"),
        ("# A Title (ERGODIC 0)", 0, 20, "title"),
        ("# A Title - SLAVE (-1)", -1, 20, "title"),
        ("# A Title (+1 PLUS)", 1, 12, "title"),
        ("| Trit | -1 (MINUS) |", -1, 10, "table"),
        ("| **Trit** | **+1** |", 1, 16, "table"),
        ("| **Role** | SLAVE (-1) |", -1, 21, "table"),
        ("Trit | 0", 0, 8, "table"),
        ("```\nTrit: 0 (ERGODIC)\nHome: Prof\n```", 0, 7, "fence"),
        ("~~~text\n  Trit: -1 (MINUS/Validator)\n~~~", -1, 9, "fence"),
        ("<!-- gf3:begin -->\n**Trit**: +1\n<!-- gf3:end -->", 1, 11, "block"),
        ("---\nname: me\ntrit: -1\n---", -1, 7, "displaced"),
        ("```yaml\nname: me\nmetadata:\n  trit: '0'\n```", 0, 9, "displaced"),
    ],
)
def test_forms_of_trits(line, trit, column, form):
    claims = read(f"{TOP}text\n\n{line}\n").trits
    assert [(claim.value, claim.place.column, claim.form) for claim in claims] == [(trit, column, form)]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- Propagated to X | Trit: 0 -->",
        "<!--\n**Trit**: 0\n-->",
        "text <!-- **Trit**: 0\n--> text",
        "```python\n# Trit: 0\nTrit: 0\n```",
        '```\n# Trit: 0\n;; Trit: 0\n"Trit: 0"\n```',
        "```\nTrit: 0\n```\n\n```\nTrit: 1\n```",
        "````\n```\n**Trit**: 0\n```\n````",
        "~~~\n```\n**Trit**: 0\n~~~",
        "    **Trit**: 0",
        "\t**Trit**: 0",
        "trit: 0",
        "Trit = balanced",
        "see **Trit**: 0 there",
        "`**Trit**: 0`",
        "**Trit**: {-1, 0, +1}",
        "**Trit**: MINUS (-1), ERGODIC (0), PLUS (+1)",
        "**Trit**: -1 to +1",
        "**Trit**: 3-valued logic",
        "**Trit**: 27 skills",
        "**Trit**: balanced",
        "**Trit**:",
        "**Trits**: 0",
        "**Skill Trit**: -1 (MINUS - verification)",
        "| Trit | Skill | Role |\n|---|---|---|",
        "| Trit | -1 | 0 | +1 |",
        "| **Role** | Slave (receives commands) |",
        "| Role | VALIDATOR |",
        "# Title (0)",
        "## Title (ERGODIC 0)",
        "### other-skill (0)\n\n**Trit**: -1",
        "---\n**Trit**\n---",
        "---\nname: someone-else\ntrit: 0\n---",
        "```yaml\n---\nname: my-new-skill\ndescription: d\ntrit: 0\n---\n```",
        "A setext heading about trit: 0\n---\n",
    ],
)
def test_what_declares_nothing(text):
    assert read(f"{TOP}\n# T\n\n{text}\n").trits == ()


def test_the_effective_trit():
    front, author, block = "metadata:\n  trit: '+1'\n", "**Trit**: 0\n", "```\nTrit: -1\n```\n"
    assert read(f"---\nname: me\n{front}---\n{block}{author}").trit == 1
    assert read(f"{TOP}{block}{author}**Trit**: -1\n").trit == 0
    assert read(f"{TOP}{block}").trit == -1
    assert read(TOP).trit is None
    assert read(f"---\nname: me\nmetadata:\n  trit: '7'\n---\n{block}").trit == -1


TABLE = "| Trit | Skill | Role |\n|--|--|--|\n| -1 | aa-b | x |\n| 0 | `cc-d` | x |\n| +1 | [me](x) | x |"


@pytest.mark.parametrize(
    ("text", "members", "result", "claim"),
    [
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) = 0 ✓", "aa-b:1 cc-d:13 me:24", 0, True),
        ("aa-b(−1)⊗cc-d(0)⊗me(1)=0", "aa-b:1 cc-d:10 me:18", 0, None),
        ("`aa-b (-1) ⊗ cc-d (0) ⊗ me (+1)`", "aa-b:2 cc-d:14 me:25", None, None),
        ("**Triad**: `aa-b` (-1) ⊗ `cc-d` (0) ⊗ **me** (+1)", "aa-b:13 cc-d:27 me:41", None, None),
        ("[aa-b](../x) (-1) ⊗ [cc-d](y) (0) ⊗ me (+1) ≡ 0 (mod 3) ✓", "aa-b:2 cc-d:22 me:37", 0, True),
        ("In aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) = 0 ✓  [Number Theory]", "aa-b:4 cc-d:16 me:27", 0, True),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) [Theory] = 0", "aa-b:1 cc-d:13 me:24", 0, None),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) + acsets (0) = 0 ✓", "aa-b:1 cc-d:13 me:24 acsets:34", 0, True),
        ("aa-b(-1) + cc-d(0) + me(+1) = 0", "aa-b:1 cc-d:12 me:22", 0, None),
        ("| aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) | = 0 ✓ |", "aa-b:3 cc-d:15 me:26", 0, True),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) = -1 + 0 + 1 = 0 ✅", "aa-b:1 cc-d:13 me:24", 0, True),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) is balanced", "aa-b:1 cc-d:13 me:24", None, True),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) is not balanced", "aa-b:1 cc-d:13 me:24", None, False),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) = 2 ✗", "aa-b:1 cc-d:13 me:24", 2, False),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) ≠ 0", "aa-b:1 cc-d:13 me:24", None, False),
        ("aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) → 3 outputs", "aa-b:1 cc-d:13 me:24", None, None),
        ("aa-b (-1) ⊗\ncc-d (0) ⊗ me (+1) = 0", "aa-b:1 cc-d:1 me:12", 0, None),
        ("> aa-b (-1)\n> ⊗ cc-d (0) ⊗ me (+1)", "aa-b:3 cc-d:5 me:16", None, None),
        ("```clojure\n;; aa-b (-1) ⊗ cc-d (0) ⊗ me (+1) = 0\n```", "aa-b:4 cc-d:16 me:27", 0, None),
        (TABLE, "aa-b:8 cc-d:8 me:9", None, None),
        ("Skill | Trit\n--|--\naa-b | -1\ncc-d | 0\nme | +1\n**Sum** | **0 (mod 3)**", "aa-b:1 cc-d:1 me:1", 0, None),
    ],
)  # fmt: skip
def test_forms_of_triads(text, members, result, claim):
    (triad,) = read(f"{TOP}\n{text}\n").triads
    assert " ".join(f"{member.name}:{member.place.column}" for member in triad.members) == members
    assert [member.trit for member in triad.members][:3] == [-1, 0, 1]
    assert (triad.result, triad.claim) == (result, claim)


@pytest.mark.parametrize(
    "text",
    [
        "Counts: 5(+1), 4(-1); 5(+1) + 4(-1) + 3(0) = 1",
        "f(1) + g(0) + h(-1)",
        "$H_k(0) ⊗ H_{n-k}(0)$ and Z(0) ⊗ X(1) = Y",
        "id(0) ⊗ map(1)",
        "read (-1) ⊗ modify (0) ⊗ create (+1) = 0 ✓",
        "PLUS (+1) ⊗ MINUS (-1) ⊗ ERGODIC (0) = 0",
        "aa-b ⊗ cc-d ⊗ me",
        "aa-b (-1) ⊗ cc-d ⊗ me (+1) = 0",
        "Sheaf Things (-1) ⊗ Open Games (0) ⊗ me (+1) = 0",
        "<!-- aa-b (0) ⊗ cc-d (0) ⊗ me (0) = 0 ✓ -->",
        "(-1) + (0) + (+1) = 0 ✓",
        "one (+1) + two (0) + me (-1) = 0",
    ],
)
def test_what_is_no_triad(text):
    assert check(f"---\nname: me\ndescription: d\nmetadata:\n  trit: '+1'\n---\n{text}\n") == []


@pytest.mark.parametrize(
    ("front", "members"),
    [
        ("metadata:\n  gf3-triads: |\n    aa-b:-1 cc-d:0 me:+1\n", "6:5 6:13 6:20"),
        ("metadata:\n  gf3-triads: >-\n    aa-b:-1\n    cc-d:0 me:+1\n", "6:5 7:5 7:12"),
        ("metadata:\n  gf3-triads: 'aa-b:-1 cc-d:0 me:+1'\n", "5:16 5:24 5:31"),
        ('gf3_triad: "aa-b (-1) ⊗ cc-d (0) ⊗ me (+1)"\n', "4:13 4:25 4:36"),
        ("gf3_triads:\n  - aa-b (-1) ⊗ cc-d (0) ⊗ me (+1)\n", "5:5 5:17 5:28"),
    ],
)
def test_triads_in_the_front_matter(front, members):
    (triad,) = read(f"---\nname: me\ndescription: d\n{front}---\n").triads
    assert " ".join(f"{member.place.line}:{member.place.column}" for member in triad.members) == members
    assert triad.claim is True


def test_names_are_compared_after_composing_them():
    composed, decomposed = unicodedata.normalize("NFC", "mö-é"), unicodedata.normalize("NFD", "mö-é")
    other = read(f"---\nname: {decomposed}\ndescription: d\nmetadata:\n  trit: '0'\n---\n", decomposed)
    mine = read(f"{TOP}**Trit**: +1\n{composed} (0) ⊗ {decomposed} (0) ⊗ me (0)\n")
    collection = assemble((".",), [other, mine])
    assert [skill.name for skill in collection.skills] == ["me", composed]
    assert {problem.code for problem in check_collection(collection, frozenset(("GF303", "GF304")))} == set()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_change_no_place(end, bom):
    text = "---\nname: me\ndescription: d\nmetadata:\n  trit: 1\n  color: #D82626\n---\n\n**Trit**: 0\n"
    found = check((bom + text.replace("\n", end)).encode())
    mark = [("GF111", 1, 1)] if bom else []
    assert found == [*mark, ("GF108", 5, 9), ("GF402", 6, 9), ("GF202", 9, 11)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("GF101", 1, 1), ("GF201", 1, 1)]),
        ("---", [("GF101", 1, 1), ("GF201", 1, 1)]),
        ("---\n\nText: it is.\n\n---\n", [("GF101", 1, 1), ("GF201", 1, 1)]),
        ("---\n---\n", [("GF104", 1, 1), ("GF105", 1, 1), ("GF201", 1, 1)]),
        ("---\nname: me\ndescription: a --- b\nmetadata: {trit: '0'}\n---\n", []),
        ("---\nname: me\ndescription: |\n  a\n  ---\n  b\nmetadata: {trit: '0'}\n---\n", []),
        (
            "---  \nname: me\ndescription: d\nmetadata: {trit: '0'}\n---\t\n# t\n\n---\n\nmore\n",
            [("GF112", 1, 4), ("GF112", 5, 4)],
        ),
        ("---\nname: me\ndescription: Foo: bar\nmetadata:\n  trit: '0'\n---\n", [("GF102", 3, 17)]),
        ("---\nname: me\ndescription: d\n\ttrit: 0\n---\n", [("GF102", 4, 1)]),
        ("---\nname: me\ndescription: 'd\n---\n", [("GF102", 3, 14)]),
        ("---\nname: me\nname: me\n---\n", [("GF102", 3, 1)]),
        ("---\n- name\n---\n---\n", [("GF101", 1, 1), ("GF201", 1, 1)]),
        ("---\nname: !!python/name:os.system me\n---\n", [("GF102", 2, 7)]),
        ("---\nname: me\ndescription: \x07\n---\n", [("GF102", 3, 14)]),
        ("---\nname: me\ndescription: d\u2028e\nmetadata: {trit: 'x'}\n---\n", [("GF203", 4, 18)]),
        ("---\nname: &n me\ndescription: *n\nmetadata: {trit: '0'}\n---\n", []),
        ("---\nname: 12\ndescription: d\nmetadata: {trit: '0'}\n---\n", [("GF104", 2, 7)]),
        ("---\nname: [me]\ndescription: d\nmetadata: {trit: '0'}\n---\n", [("GF104", 2, 7)]),
        ("---\nname: me\ndescription: [a]\nmetadata: {trit: '0'}\n---\n", [("GF105", 3, 14)]),
        (f"---\nname: me\ndescription: {'d' * 1025}\nmetadata: {{trit: '0'}}\n---\n", [("GF105", 3, 14)]),
        ("---\nname: me\ndescription: d\nmetadata: text\n---\n", [("GF108", 4, 11), ("GF201", 1, 1)]),
        ("\n---\nname: me\ndescription: d\ntrit: 0\n---\n", [("GF101", 1, 1), ("GF107", 2, 1)]),
        (f"{OPEN}metadata: {{trit: +1, role: validator}}\n---\n", [("GF108", 4, 18), ("GF204", 4, 18)]),
        ("---\nname: me\ndescription: d\nmetadata: {trit: '−1'}\n---\n", []),
        ("---\nname: me\ndescription: d\nmetadata: {trit: true}\n---\n", [("GF108", 4, 18), ("GF203", 4, 18)]),
        (f"{OPEN}metadata:\n  trit: '0'\n  color: 262626\n---\n", [("GF108", 6, 10), ("GF402", 6, 10)]),
    ],
)  # fmt: skip
def test_front_matter(text, found):
    codes = {"GF201"} if any(code == "GF102" for code, _, _ in found) else set()
    assert [item for item in check(text) if item[0] not in codes] == sorted(found, key=lambda item: (item[1:], item[0]))


@pytest.mark.parametrize(
    ("data", "words", "line", "column"),
    [
        (b"---\nname: me\ndescription: caf\xe9\n", "not UTF-8: byte 0xE9", 3, 17),
        (b"a\r\nb\0", "NUL", 2, 2),
        ("---\nname: me\n".encode("utf-16"), "NUL", 1, 4),
        (b"x" * (LARGEST + 1), "larger than 1,048,576 bytes", 1, 1),
    ],
)
def test_what_is_no_text(data, words, line, column):
    problem = read_skill(data, "me/SKILL.md", ".", "me")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.line, problem.column) == ("GF100", line, column)
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aa-b (0) ⊗ cc-d (0) ⊗ me (0) <!-- gf3: ignore GF304, GF309 -->", ["GF310"]),
        ("<!-- gf3: ignore GF3 -->\naa-b (0) ⊗ cc-d (0) ⊗ me (0)\nno-one (0) ⊗ cc-d (0) ⊗ me (0)", []),
        ("<!-- gf3: ignore GF3 -->\n\n```\naa-b (0) ⊗ cc-d (0) ⊗ me (0)\n\nno-one (0) ⊗ cc-d (0) ⊗ me (0)\n```", []),
        ("<!-- gf3: ignore GF3 -->\n\ntext\n\naa-b (0) ⊗ cc-d (0) ⊗ me (0)", ["GF304", "GF309", "GF310"]),
        ("aa-b (0) ⊗ cc-d (0) ⊗ me (0)\n\n<!-- gf3: ignore-file GF310 GF304 GF309 -->", []),
        ("`<!-- gf3: ignore-file GF3 -->`\n\naa-b (0) ⊗ cc-d (0) ⊗ me (0)", ["GF304", "GF309", "GF310"]),
    ],
)
def test_comments_that_ignore(text, found):
    top = "---\nname: me\ndescription: d\nmetadata:\n  trit: '+1'\n---\n"
    assert sorted(code for code, _, _ in check(f"{top}{text}\n") if code != "GF311") == found


def test_messages_hold_no_control_characters():
    text = '---\nname: "m\\n\\e[31m"\ndescription: d\n"a\\nb": 1\nmetadata: {"c\\nd": 1}\n---\n'
    problems = check_collection(assemble(("nowhere",), [read(text)]))
    assert [problem.code for problem in problems] == ["GF201", "GF104", "GF106", "GF108"]
    for problem in problems:
        assert (problem.message + (problem.suggestion or "")).isprintable()


def test_comments_that_ignore_in_the_front_matter():
    top = "---\nname: me\ndescription: d\nmetadata: {trit: '0'}\n"
    assert check(f"{top}version: 1 # gf3: ignore GF106\n---\n") == []
    assert check(f"{top}# gf3: ignore GF106\nversion: 1\nother: 2\n---\n") == [("GF106", 7, 1)]


HOSTILE = {
    "bomb": "a: &a [x,x]\n" + "".join(f"b{i}: &b{i} [*a,*a,*a,*a,*a]\n" for i in range(2000)),
    "aliases of itself": "a: &a [*a]\n",
    "brackets": "[" * 60_000,
    "braces": "{a: " * 15_000,
    "code": "a: !!python/object/apply:os.system ['touch pwned']\n",
    "keys": "".join(f"k{i}: v\n" for i in range(7000)),
    "longer than is read": "description: " + "x" * 100_000 + "\n",
}


@pytest.mark.parametrize("front", HOSTILE.values(), ids=HOSTILE)
def test_hostile_front_matter(front, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start = time.process_time()
    assert check(f"---\nname: me\n{front}\n---\n")
    assert time.process_time() - start < 10
    assert not (tmp_path / "pwned").exists()


HOSTILE_BODIES = (
    "ab (1) ⊗ ",
    "[a](b) (0) ⊗ ",
    "`<!--`",
    "x <!--\n",
    "```\n",
    "| Trit | Skill |\n|---|---|\n",
    "a]",
    "**Trit**: ",
    "---\nname: x\n",
    "(1)",
    " " * 61 + "\n",
    "<!-- gf3: ignore GF3 -->\n",
    "1",
    "a\u0301",
    "#",
    "---\n",
)


@pytest.mark.parametrize("piece", HOSTILE_BODIES)
def test_hostile_bodies(piece):
    start = time.process_time()
    check(TOP + piece * (500_000 // len(piece.encode())))
    assert time.process_time() - start < 10
