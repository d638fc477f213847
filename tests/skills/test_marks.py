"""The ★ of a finding and what `fix` does are the same thing, over whole collections and over many odd files."""

import itertools
from collections import Counter
from pathlib import Path

import pytest
from collection import FORMS, Draft, build  # beside this file
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ffcolor.doors import verbs
from ffcolor.skills import check

HEAD = "---\nname: {name}\ndescription: Does it. Use it.\n"


def kinds(problems):
    """Every problem by file, whatever the file's name is written like, and by what it says."""
    return Counter((Path(each.path).parent.as_posix(), *each.kind) for each in problems)


def agree(folder):
    """Fix a folder: what was marked is gone, and what was not marked but could have been is there."""
    before = check(folder, select=["ALL"])
    verbs.call("skills_fix", paths=folder, select=["ALL"], apply=True)
    after = kinds(check(folder, select=["ALL"]))
    marked = kinds(each for each in before if each.fixable)
    rest = kinds(before) - marked
    assert not {kind for kind in marked if after[kind] > rest[kind]}, "less was fixed than was marked"
    left = [each for each in before if not each.fixable and each.code in MENDED]
    assert not kinds(left) - after, "more was fixed than was marked"
    again = check(folder, select=["ALL"])
    assert not [each for each in again if each.fixable], "a second fix would do more"


MENDED = {"GF101", "GF102", "GF103", "GF107", "GF108", "GF302", "GF307", "GF501"}
"""What goes away by a fix of its own, and never because something else was fixed."""


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_marks_and_fixes_agree_on_whole_collections(tmp_path, seed):
    build(tmp_path, skills=150, seed=seed, sections=1)
    (tmp_path / "skills.lock.edn").write_text("{:ffcolor/schema 1 :skills []}", encoding="utf-8")
    assert {each.code for each in check(tmp_path) if each.fixable} >= {"GF101", "GF103", "GF106", "GF206", "GF501"}
    agree(tmp_path)


FRONTS = [
    "trit: +1\n",
    "trit: 2\n",
    "trit: +1 (MINUS)\n",
    "color: #D82626\n",
    "version: 1.0\n",
    "hooks:\n  Stop: [a]\n",
    "model: x\n",
    "metadata: {trit: 1}\n",
    "metadata: {a: 1, # one\n  b: 2}\n",
    "metadata:\n  gf3-trit: '-1'\n  version: 2\n",
    "x: &a 1\n",
    "license: MIT\nlicense: BSD\n",
    "note: a: b\n",
    "x: 'y\n",
    "metadata:\n  gf3-triads: |\n    b:-1 c:0 a:+1\n    c:0 a:+1 b:-1\n",
    "gf3_triad: b (-1) ⊗ c (0) ⊗ a (+1) = 1\n",
    "metadata:\n  on: no\n  tags: [a, b]\n",
    "role: PLUS\n",
    "x: y\u2028\n",
    "",
]
BODIES = [
    "# A\n",
    "**Trit**: +1 (PLUS)\n",
    "**Trit**: -1\n\n```\nTrit: 0 (ERGODIC)\n```\n",
    "**Color**: Red (#D82626)\n",
    "```yaml\n\n```\n",
    "b (-1) ⊗ c (0) ⊗ a (+1) = 1\n",
    "```yaml\n---\nname: a\ntrit: 0\n---\n```\n",
    "---\nname: a\ndescription: Other.\nmodel: y\n---\n",
    "<!-- gf3:begin -->\n**Trit**: 0\n<!-- gf3:end -->\n",
    "| Trit | +1 |\n|---|---|\n",
    "b (-1) ⊗ c (0) ⊗ a (+1) = 0\n\n" * 2,
    "",
]
files = st.builds(
    lambda head, fronts, bodies, is_open: (
        (head + "".join(fronts) + ("" if is_open else "---\n") if head else "") + "\n".join(bodies)
    ),
    st.sampled_from([HEAD, HEAD, "---\n", "---\nname:{name}\ndescription:Tight.\n", ""]),
    st.lists(st.sampled_from(FRONTS), max_size=3, unique=True),
    st.lists(st.sampled_from(BODIES), max_size=3),
    st.sampled_from([False] * 5 + [True]),
)


@given(st.lists(files, min_size=1, max_size=4))
@example([HEAD + "trit: +1\ngf3_triad: b (-1) ⊗ c (0) ⊗ a (+1) = 1\n---\nb (-1) ⊗ c (0) ⊗ a (+1) = 1\n"])
@example(["```yaml\n\n---\nname: a\ndescription: d\n---\n```\n\nText of it.\n"])
@example([HEAD + "trit: 1\nmetadata:\n  version: 1\n---\n" + BODIES[2]])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_marks_and_fixes_agree_on_odd_files(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("odd")
    for number, text in enumerate(texts):
        name = "abcd"[number]
        (folder / name).mkdir()
        (folder / name / ("SKILL.md", "skill.md")[number % 2]).write_text(
            text.replace("{name}", name), encoding="utf-8"
        )
    agree(folder)


@pytest.mark.parametrize(
    ("first", "second"), list(itertools.combinations(FORMS[:12], 2)), ids=lambda form: form.__name__
)
def test_two_ways_to_declare_a_trit(tmp_path, first, second):
    draft = Draft("walk-maker", 1)
    first(draft)
    other = Draft("walk-maker", -1)
    second(other)
    draft.lines += other.lines[other.lines.index("---", 1) + 1 :]
    draft.save(tmp_path)
    agree(tmp_path)


def test_two_trits_are_not_marked_because_nobody_is_believed_yet(tmp_path):
    (tmp_path / "a").mkdir()
    path = tmp_path / "a" / "SKILL.md"
    path.write_text(HEAD.format(name="a") + "---\n" + BODIES[2], encoding="utf-8")
    found = {each.code: each for each in check(tmp_path)}
    assert not found["GF202"].fixable
    assert not found["GF206"].fixable
    assert "--trust author" in found["GF202"].suggestion


def test_a_renamed_copy_beside_the_right_file_is_not_marked(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("SKILL.md", "skill.md"):
        (tmp_path / "a" / name).write_text(HEAD.format(name="a") + "---\n", encoding="utf-8")
    (found,) = check(tmp_path, select=["GF103"])
    assert not found.fixable
