import itertools
import random

import collection as generator
import pytest
from collection import FORMS, TRIADS, Draft, canonical

from ffcolor.skills import check, read
from ffcolor.skills.gf3 import TRITS
from ffcolor.skills.solve import repair
from ffcolor.skills.solve.apply import apply
from ffcolor.skills.solve.repair import Change, Dropped, Plan

NOTES = {"GF201", "GF205", "GF206", "GF106", "GF107", "GF108", "GF401"}  # what legacy forms are reported for anyway


def planned(changes=(), dropped=()):
    return Plan(tuple(changes), tuple(dropped), 0, 0.0, True, 2.0)


@pytest.mark.parametrize("form", [canonical, *FORMS], ids=lambda form: form.__name__)
@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(TRITS, 2)))
def test_a_trit_is_changed_in_the_words_that_stand_there(tmp_path, form, old, new):
    draft = Draft("walk-maker", old)
    form(draft, []) if form is canonical else form(draft)
    draft.all("More (PLUS) text about -1, 0 and +1.", "")
    draft.end = "\r\n"
    draft.save(tmp_path)
    path = tmp_path / "walk-maker" / "SKILL.md"
    before = path.read_bytes()
    (skill,) = read(tmp_path).skills
    (result,) = apply(planned([Change(skill, skill.trit, new, 1)]))
    (after,) = read(tmp_path).skills
    assert (skill.trit, after.trit) == (old, new)
    assert result.left == []
    assert {problem.code for problem in check(tmp_path)} <= NOTES
    changed = [
        i for i, (a, b) in enumerate(zip(before.split(b"\n"), path.read_bytes().split(b"\n"), strict=True)) if a != b
    ]
    assert 1 <= len(changed) <= 4  # the trit and its colour, in the front matter and in the marked block
    (result,) = apply(planned([Change(after, new, old, 1)]))
    assert path.read_bytes() == before.replace("\u2212".encode(), b"-")


@pytest.mark.parametrize("form", [canonical, *TRIADS], ids=lambda form: form.__name__)
def test_a_triad_is_taken_out_or_the_file_left_alone(tmp_path, form):
    drafts = [
        Draft(name, trit)
        for name, trit in (("walk-maker", 1), ("walk-queue", 0), ("walk-check", -1), ("far-check", -1))
    ]
    triads = [drafts[:3], [*drafts[:2], drafts[3]]]
    if form is canonical:
        canonical(drafts[0], triads)
    else:
        canonical(drafts[0], [])
        form(drafts[0], triads)
    for draft in drafts[1:]:
        canonical(draft, [])
    for draft in drafts:
        draft.save(tmp_path)
    path = tmp_path / "walk-maker" / "SKILL.md"
    before = path.read_text(encoding="utf-8")
    owner = read(tmp_path).find("walk-maker")
    dropped = [triad for triad in owner.triads if triad.key == owner.triads[0].key]
    (result,) = apply(planned(dropped=[Dropped(dropped[0], "", tuple((owner, triad) for triad in dropped))]))
    after = read(tmp_path).find("walk-maker")
    gone = len(owner.triads) - len(after.triads)
    assert gone == len(result.done)
    assert len(result.left) == len(dropped) - gone
    assert {triad.key for triad in owner.triads[1:]} - {dropped[0].key} <= {triad.key for triad in after.triads}
    if form in (canonical, generator.fenced_triads, generator.tagged_triads, generator.marked_triads):
        assert not result.left
        assert check(tmp_path, ignore=["GF401"]) == []
    if not gone:
        assert path.read_text(encoding="utf-8") == before
        assert all(each.startswith(path.as_posix()) for each in result.left)


def test_the_last_triad_of_the_front_matter_takes_its_key_along(tmp_path):
    drafts = [Draft(name, trit) for name, trit in (("walk-maker", 1), ("walk-queue", 0), ("walk-check", -1))]
    for draft in drafts:
        canonical(draft, [drafts] if draft is drafts[0] else [])
        draft.save(tmp_path)
    owner = read(tmp_path).find("walk-maker")
    statements = tuple((owner, triad) for triad in owner.triads)
    (result,) = apply(planned(dropped=[Dropped(owner.triads[0], "", statements)]))
    assert (len(result.done), result.left) == (2, [])
    text = (tmp_path / "walk-maker" / "SKILL.md").read_text(encoding="utf-8")
    assert "gf3-triads" not in text
    assert "gf3-trit" in text
    assert check(tmp_path, ignore=["GF4"]) == []


@pytest.mark.parametrize(
    "front",
    [
        "",
        "license: MIT\n",
        "metadata:\n  version: '1'\n",
        "metadata:\n    version: '1'\nlicense: MIT\n",
        "metadata: {version: '1'}\n",
    ],
)
def test_a_trit_is_declared_where_none_was(tmp_path, front):
    path = tmp_path / "walk-maker" / "SKILL.md"
    path.parent.mkdir()
    text = f"---\nname: walk-maker\ndescription: Use it.\n{front}---\n\n# Walks\n"
    path.write_text(text, encoding="utf-8")
    (skill,) = read(tmp_path).skills
    (result,) = apply(planned([Change(skill, None, -1, 1)]))
    if "{" in front:
        assert result.left == [f"{path.as_posix()}:1: trit none -> -1"]
        assert path.read_text(encoding="utf-8") == text
    else:
        (after,) = read(tmp_path).skills
        assert after.trit == -1
        assert check(tmp_path) == []


def test_repair_of_a_whole_collection(tmp_path):
    generator.build(tmp_path, skills=500, seed=3, sections=0)
    before = read(tmp_path)
    draw = random.Random(0)
    linked = [
        skill
        for skill in before.skills
        if skill.trit is not None and skill.triads and "spare" not in skill.triads[0].text
    ]
    chosen = draw.sample(linked, 8)
    wrong = [Change(skill, skill.trit, draw.choice([t for t in TRITS if t != skill.trit]), 0) for skill in chosen]
    assert not [each for one in apply(planned(wrong)) for each in one.left]
    plan = repair.plan(read(tmp_path))
    assert plan.is_proved
    assert {(each.skill.path, each.old, each.new) for each in plan.changes} >= {
        (each.skill.path, each.new, each.old) for each in wrong
    }
    left = [each for one in apply(plan) for each in one.left]
    after = read(tmp_path)
    assert all(after.find(skill.name).trit == skill.trit for skill in chosen)
    again = repair.plan(after)
    assert len(again.changes) + sum(len(each.statements) for each in again.dropped) <= len(left)
