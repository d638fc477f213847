"""Whatever is in the files: no crash, places that exist, and answers that do not depend on what does not matter."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor.skills.catalog import RULES, Problem
from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.model import Skill
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.skill_file import read_skill
from ffcolor.skills.tell.report import SEVERITIES

PIECES = (
    "---", "...", "name: me", "name: other", "description: d", "description: |", "metadata:", "  trit: '+1'",
    "trit: 0", "  gf3-trit: +1", "  gf3-color: #D82626", "  gf3-triads: |", "    me:+1 aa-b:-1 cc-d:0",
    "  color: '#26D826'", "\t", "**Trit**: +1 (PLUS)", "**Trit**: −1", "**Color**: Red (#D82626)",
    "# T (ERGODIC 0)", "## Trit: 2", "| Trit | 0 |", "|---|---|", "| Trit | Skill |", "| -1 | aa-b |",
    "Trit | Skill", "```", "````", "~~~", "```yaml", "Trit: 0 (PLUS)", "Color: #123", "<!--", "-->",
    "<!-- gf3:begin -->", "<!-- gf3:end -->", "<!-- gf3: ignore GF3 -->", "# gf3: ignore GF1",
    "me (+1) ⊗ aa-b (-1) ⊗ cc-d (0) = 0 ✓", "me(+1) + aa-b(-1) + cc-d(0) = 1", "⊗", "(+1)", "= 0", "&a [*a]",
    "!!x y", "{a: [", "'", '"', "\u2028", "\x85", "e\u0301", "", " ", "> ", "- ", "| ", "me (7) ⊗ aa-b (1)",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=30).map("\n".join)
OTHERS = tuple(
    read_skill(f"---\nname: {name}\ntrit: {trit}\n---\n".encode(), f"{name}/SKILL.md", ".", name)
    for name, trit in (("aa-b", "-1"), ("cc-d", "0"))
)


def problems_in(data: bytes) -> tuple[Skill | Problem, list[Problem]]:
    found = read_skill(data, "me/SKILL.md", ".", "me")
    skills = [skill for skill in (*OTHERS, found) if isinstance(skill, Skill)]
    problems = check_collection(assemble(("nowhere",), skills), frozenset(RULES))
    return found, [problem for problem in problems if problem.path == "me/SKILL.md"]


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_places_exist_and_messages_are_whole(text):
    skill, problems = problems_in(text.encode("utf-8", "replace"))
    if isinstance(skill, Problem):
        assert skill.code == "GF100"
        return
    for problem in problems:
        assert 1 <= problem.line <= len(skill.lines)
        assert 1 <= problem.column <= len(skill.lines[problem.line - 1]) + 1
        assert problem.message
        assert "\n" not in problem.message
        assert SEVERITIES.index(problem.severity) >= SEVERITIES.index(RULES[problem.code].severity)  # or milder
        assert len(problem.fingerprint) == 32
    assert problems == sorted(problems, key=lambda problem: problem.order)
    for claim in skill.trits:
        assert claim.value in (None, -1, 0, 1)
        line = skill.lines[claim.place.line - 1][claim.place.column - 1 :]
        assert claim.form in ("displaced",) or claim.source == "front matter" or line.startswith(claim.text)


@given(TEXTS.filter(lambda text: "\r" not in text))
@settings(max_examples=150, deadline=None)
def test_line_ends_do_not_matter(text):
    plain = problems_in(text.encode("utf-8", "replace"))[1]
    assert problems_in(text.replace("\n", "\r\n").encode("utf-8", "replace"))[1] == plain
    marked = problems_in(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"))[1]
    assert [each for each in marked if each.code != "GF111"] == plain or text.startswith("\ufeff")
    assert marked == plain or "GF111" in {each.code for each in marked}


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_comment_can_ignore_a_whole_file(text):
    skill = read_skill(b"<!-- gf3: ignore-file GF -->\n\n" + text.encode("utf-8", "replace"), "me/SKILL.md", ".", "me")
    if isinstance(skill, Skill):
        assert check_collection(assemble(("nowhere",), [skill])) == []


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data):
    found, problems = problems_in(data)
    assert isinstance(found, Problem) or all(problem.code in RULES for problem in problems)
