"""A repair that is carried out: nothing contradicts that did not before, and a second run changes nothing."""

import random
from collections import Counter

import pytest
from collection import COLORS, SIGNS, WORDS, Draft, build, canonical  # beside this file
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ffcolor.doors import verbs
from ffcolor.skills import check, read
from ffcolor.skills.gf3 import TRITS
from ffcolor.skills.model import Collection
from ffcolor.skills.solve import repair
from ffcolor.skills.solve.hues import follow

CONTRADICTIONS = [
    "GF202", "GF203", "GF204", "GF207", "GF301", "GF302", "GF304", "GF309", "GF311", "GF401", "GF402", "GF403", "GF404",
    "GF501",
]  # fmt: skip


def contradictions(folder):
    """Each contradiction, by file and code; the same name claimed twice is told once for all files."""
    found = check(folder, select=CONTRADICTIONS)
    return Counter((each.code, each.message.split(" ")[0] if each.code == "GF311" else each.path) for each in found)


def bytes_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def settle(folder, **options):
    """Repair a folder and see that nothing new contradicts, and that nothing more changes."""
    before = contradictions(folder)
    done = verbs.call("skills_repair", paths=folder, apply=True, **options)
    assert not contradictions(folder) - before
    again = bytes_of(folder)
    verbs.call("skills_repair", paths=folder, apply=True, **options)
    assert bytes_of(folder) == again, "a second repair changes something"
    return done


# ---- whole collections -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_generated_collection_with_wrong_trits(tmp_path, seed, replace):
    build(tmp_path, skills=300, seed=seed, sections=0)
    draw = random.Random(seed)
    for skill in draw.sample(read(tmp_path).skills, 60):
        text = (tmp_path / skill.path).read_bytes()
        for claim in skill.trits:
            sign = draw.choice([b"+1", b"0", b"-1"])
            text = text.replace(f"Trit**: {claim.text}".encode(), b"Trit**: " + sign)
            text = text.replace(f'gf3-trit: "{claim.text}"'.encode(), b'gf3-trit: "' + sign + b'"')
        (tmp_path / skill.path).write_bytes(text)
    verbs.call("skills_fix", paths=tmp_path, apply=True)
    verbs.call("skills_lock", path=tmp_path, apply=True)
    done = settle(tmp_path, replace=replace)
    assert done["done"]
    after = bytes_of(tmp_path)
    verbs.call("skills_fix", paths=tmp_path, apply=True)
    assert bytes_of(tmp_path) == after, "repair leaves something to fix"


NAMES = ("ash-tree", "bay-tree", "cod-fish", "dew-drop", "eve-song")
trits = st.sampled_from(TRITS)
members = st.lists(st.sampled_from((*NAMES, "fog-bank")), min_size=3, max_size=3, unique=True)
triads = st.lists(st.tuples(members, st.tuples(trits, trits, trits), st.integers(0, 4)), max_size=3)
skills = st.tuples(st.none() | trits, st.none() | trits, st.none() | trits, triads, st.integers(0, 3))


def text_of(name, trit, generated, color, stated, form):
    """A file: the author's trit, a generated block's, a colour, and triads in one of five forms."""
    front = f"---\nname: {name}\ndescription: About {name}.\n"
    if form == 1 and trit is not None:
        front += f'metadata:\n  gf3-trit: "{SIGNS[trit]}"\n'
        front += f'  gf3-color: "{COLORS[color][0]}"\n' if color is not None else ""
    elif form == 2:
        front += "metadata:\n  version: '1'\n"
    body = f"---\n# {name}\n\n"
    if form != 1 and trit is not None:
        body += f"**Trit**: {SIGNS[trit]} ({WORDS[trit]})\n"
    if form != 1 and color is not None:
        body += f"**Color**: {COLORS[color][1]} ({COLORS[color][0]})\n"
    if generated is not None:
        body += f"\n```\nTrit: {SIGNS[generated]} ({WORDS[generated]})\nColor: {COLORS[generated][0]}\n```\n"
    for names, signs, how in stated:
        chain = " ⊗ ".join(f"{each} ({SIGNS[sign]})" for each, sign in zip(names, signs, strict=True))
        total = sum(signs)
        tail = "" if total % 3 else f" = {total} ✓"
        body += (
            f"\n```\n# Core\n{chain}{tail}\n```\n",
            f"\n- {chain}{tail}\n",
            f"\nHere {chain}{tail} is said.\n",
            f"\n{chain} = {total} {'✗' if total % 3 else '✓'}\n",
            f"\n```text\n{chain}{tail}\n\n```\n\n",
        )[how]
    return front + body


@given(st.lists(skills, min_size=5, max_size=5), st.booleans(), st.sampled_from([0.4, 1, 2, 5]))
@example([(1, 0, 1, [], 0), (0, None, -1, [(list(NAMES[:3]), (0, 1, -1), 2)], 1)] * 2 + [(0, 0, 0, [], 0)], False, 2)
@example(
    [
        (None, None, None, [], 0),
        (1, None, None, [], 0),
        (None, None, None, [(list(NAMES[:3]), (-1, -1, -1), 0)] * 2 + [(list(NAMES[:3]), (-1, 0, 1), 2)], 0),
        (1, None, None, [([NAMES[3], *NAMES[:2]], (-1, 0, 1), 0)], 0),
        (None, None, None, [(list(NAMES[:3]), (-1, -1, -1), 0), ([*NAMES[:2], NAMES[3]], (-1, 1, 0), 2)], 0),
    ],
    False,
    1,
)  # of two choices that cost the same, a second run has to make the same one
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_collection(tmp_path_factory, drawn, replace, drop):
    folder = tmp_path_factory.mktemp("small")
    for name, (trit, generated, color, stated, form) in zip(NAMES, drawn, strict=True):
        (folder / name).mkdir()
        text = text_of(name, trit, generated, color, stated, form)
        (folder / name / "SKILL.md").write_text(text, encoding="utf-8")
    verbs.call("skills_lock", path=folder, apply=True)
    settle(folder, replace=replace, drop=drop)
    verbs.call("skills_fix", paths=folder, apply=True)
    fixed = bytes_of(folder)
    verbs.call("skills_fix", paths=folder, apply=True)
    assert bytes_of(folder) == fixed, "a second fix changes something"
    settle(folder, replace=replace, drop=drop)
    for path in folder.rglob("SKILL.md"):
        lines = path.read_text(encoding="utf-8").splitlines()
        fences = [number for number, line in enumerate(lines) if line.startswith("```")]
        for first, last in zip(fences[::2], fences[1::2], strict=True):
            assert any(line.strip() for line in lines[first + 1 : last]), "an empty fence stays behind"


# ---- one thing at a time ---------------------------------------------------------------------------------------------


def put(folder, **texts):
    for name, text in texts.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "SKILL.md").write_text(
            f"---\nname: {name}\ndescription: About {name}.\n{text}", encoding="utf-8"
        )


def body_of(folder, name):
    return (folder / name / "SKILL.md").read_text(encoding="utf-8").split("---\n", 2)[2]


TWO = "a (+1) ⊗ b (0) ⊗ c (-1) = 0 ✓\n\na (+1) ⊗ d (0) ⊗ e (-1) = 0 ✓\n"
REST = {"b": 0, "c": -1, "d": 0, "e": -1}


def others(folder, **trits):
    put(folder, **{name: f'metadata:\n  gf3-trit: "{SIGNS[trit]}"\n---\n' for name, trit in trits.items()})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**Color**: Green (#26D826)\n", "**Color**: Red (#D82626)\n"),
        ("**Color**: #26d826\n", "**Color**: #d82626\n"),
        ("**Color**: #2d2 (Emerald)\n", "**Color**: #d22 (Red)\n"),
        ("| Color | `#1A5E20` |\n", "| Color | `#5E201A` |\n"),
        ("**Color**: Brand (#808080)\n", "**Color**: Brand (#808080)\n"),
        ("**Color**: #D82626\n", "**Color**: #D82626\n"),
        ("\n```\nColor: #26D827\n```\n", "\n```\nColor: #D82726\n```\n"),
        ("**Color**: #26D826\n\n```\nColor: #26D830\n```\n", "**Color**: #D82626\n\n```\nColor: #D82626\n```\n"),
    ],
)
def test_a_colour_follows_its_trit(tmp_path, before, after):
    head = "| Key | Value |\n|---|---|\n" if before.startswith("|") else ""
    put(tmp_path, a=f"---\n**Trit**: 0 (ERGODIC)\n{head}{before}\n{TWO}")
    others(tmp_path, **REST)
    settle(tmp_path)
    assert body_of(tmp_path, "a") == f"**Trit**: +1 (PLUS)\n{head}{after}\n{TWO}"
    assert not check(tmp_path, select=["GF4"], ignore=["GF406"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**Trit**: 0 (MINUS - validator)", "**Trit**: +1 (PLUS - generator)"),
        ("**Trit**: 0 (Plus)", "**Trit**: +1 (Plus)"),
        ("**Trit**: 0 (SLAVE, cold)", "**Trit**: +1 (GAY, cold)"),
    ],
)
def test_a_role_word_that_contradicts_the_number_changes_with_it(tmp_path, before, after):
    put(tmp_path, a=f"---\n{before}\n\n{TWO}")
    others(tmp_path, **REST)
    assert settle(tmp_path)["left"] == []
    assert body_of(tmp_path, "a") == f"{after}\n\n{TWO}"


@pytest.mark.parametrize("trit", TRITS)
@pytest.mark.parametrize("color", ["#D82626", "#ABCDEF", "#123456", "#FE0000", "#00FF7F"])
def test_following_thrice_comes_home(color, trit):
    other = follow(color, trit)
    assert sorted(other) == sorted(color)
    assert {follow(other, each) for each in TRITS} == {follow(color, each) for each in TRITS}
    assert color in {follow(other, each) for each in TRITS}


def test_a_generated_trit_weighs_less_than_an_authors(tmp_path):
    # one of a and b has to change: a is declared by its author, b only by a generated block
    put(tmp_path, a="---\n**Trit**: +1\n\na (0) ⊗ c (+1) ⊗ d (-1) = 0 ✓\n\na (+1) ⊗ b (0) ⊗ e (-1) = 0 ✓\n")
    put(tmp_path, b="---\n```\nTrit: +1\n```\n")
    others(tmp_path, c=1, d=-1, e=-1)
    plan = verbs.call("skills_repair", paths=tmp_path, drop=0.75)
    assert [(row["name"], row["to"]) for row in plan["changes"]] == [("b", 0)]
    assert plan["cost"] == 1.25  # half a change, and one triad
    put(tmp_path, b="---\n**Trit**: +1\n")
    plan = verbs.call("skills_repair", paths=tmp_path, drop=0.75)
    assert (plan["changes"], plan["cost"]) == ([], 1.5)


def test_a_fence_that_would_be_empty_goes_too(tmp_path):
    put(
        tmp_path,
        a='metadata:\n  gf3-trit: "+1"\n---\nText.\n\n```\n# Core\na (0) ⊗ b (+1) ⊗ c (-1) = 0 ✓\n\n```\n\nMore.\n',
    )
    others(tmp_path, b=0, c=-1)
    settle(tmp_path, drop=0.5)
    assert body_of(tmp_path, "a") == "Text.\n\nMore.\n"


def test_metadata_that_would_be_empty_goes_too(tmp_path):
    put(tmp_path, a="license: MIT\nmetadata:\n  gf3-triads: |\n    a:0 b:0 c:0\n---\n**Trit**: +1\n")
    others(tmp_path, b=1, c=-1)
    settle(tmp_path, drop=0.5)
    text = (tmp_path / "a" / "SKILL.md").read_text(encoding="utf-8")
    assert text == "---\nname: a\ndescription: About a.\nlicense: MIT\n---\n**Trit**: +1\n"


def test_a_lock_file_is_written_anew_and_none_is_made(tmp_path):
    put(tmp_path, a=f"---\n**Trit**: 0\n\n{TWO}")
    others(tmp_path, **REST)
    (tmp_path / "copy").mkdir()
    assert verbs.call("skills_repair", paths=tmp_path)["changes"]
    verbs.call("skills_lock", path=tmp_path, apply=True)
    done = settle(tmp_path)
    assert done["locks"] == [f"{tmp_path.as_posix()}/skills.lock.edn"]
    assert verbs.call("skills_lock", path=tmp_path, check=True)["stale"] == []
    put(tmp_path, a=f"---\n**Trit**: -1\n\n{TWO}")
    (tmp_path / "skills.lock.edn").unlink()
    assert settle(tmp_path)["locks"] == []
    assert not (tmp_path / "skills.lock.edn").exists()


def test_a_trit_stays_while_a_line_that_cannot_change_gives_it(tmp_path):
    put(
        tmp_path,
        a=f"---\n**Trit**: 0\n\n{TWO}",
        f="---\n**Trit**: +1\n\nWhere a (0) ⊗ f (+1) ⊗ c (-1) = 0 ✓ says so.\n",
    )
    others(tmp_path, **REST)
    done = settle(tmp_path)
    path = tmp_path.as_posix()
    assert done["done"] == {}
    assert done["left"][0] == f"{path}/a/SKILL.md:5: trit 0 -> +1 (first correct {path}/f/SKILL.md:7, which says 0)"


def test_an_unbalanced_triad_that_says_so_holds_a_trit_too(tmp_path):
    put(tmp_path, a=f"---\n**Trit**: 0\n\n{TWO}", f="---\n**Trit**: +1\n\na (0) ⊗ f (+1) ⊗ b (0) = 1 ✗\n")
    others(tmp_path, **REST)
    done = settle(tmp_path)
    assert "which says 0" in done["left"][0]


# ---- offers ----------------------------------------------------------------------------------------------------------


def test_another_member_is_offered_before_a_triad_is_dropped(tmp_path):
    put(tmp_path, a='metadata:\n  gf3-trit: "+1"\n---\n- a (+1) ⊗ [b](../b/SKILL.md) (0) ⊗ `gone` (−1) = 0 ✓\n')
    others(tmp_path, b=0, c=1, d=-1)
    put(tmp_path, e='metadata:\n  gf3-trit: "-1"\n---\nSee `a`.\n', f="---\n`gone` (0) ⊗ d (-1) ⊗ c (+1) = 0 ✓\n")
    put(tmp_path, gone='metadata:\n  gf3-trit: "0"\n---\n')
    plan = verbs.call("skills_repair", paths=tmp_path, drop=0.5)
    assert [row["offer"] for row in plan["dropped"]] == [
        {"members": [["a", 1], ["b", 0], ["e", -1]], "replaced": "gone", "by": "e"}
    ]
    settle(tmp_path, drop=0.5, replace=True)
    assert body_of(tmp_path, "a") == "- a (+1) ⊗ [b](../b/SKILL.md) (0) ⊗ `e` (−1) = 0 ✓\n"
    assert not check(tmp_path, select=CONTRADICTIONS)


def test_offers_keep_to_the_order_and_to_what_is_there(tmp_path):
    put(tmp_path, a="---\n**Trit**: +1\n\na (0) ⊗ b (+1) ⊗ c (-1) = 0 ✓\n")
    others(tmp_path, b=0, c=-1)
    plan = verbs.call("skills_repair", paths=tmp_path, drop=0.5)
    assert plan["dropped"][0]["offer"] == {"members": [["a", 1], ["b", 0], ["c", -1]], "replaced": None, "by": None}
    settle(tmp_path, drop=0.5, replace=True)
    assert body_of(tmp_path, "a") == "**Trit**: +1\n\na (+1) ⊗ b (0) ⊗ c (-1) = 0 ✓\n"


def test_nothing_is_offered_that_is_stated_already(tmp_path):
    put(tmp_path, a="---\n**Trit**: +1\n\na (0) ⊗ b (+1) ⊗ c (-1) = 0 ✓\n\na (+1) ⊗ b (0) ⊗ c (-1) = 0 ✓\n")
    others(tmp_path, b=0, c=-1)
    plan = verbs.call("skills_repair", paths=tmp_path)
    assert [row["offer"] for row in plan["dropped"]] == [None]


def test_replace_without_apply_is_refused(tmp_path, capsys):
    from ffcolor.doors.cli import main

    assert main(["skills", "repair", str(tmp_path), "--replace"]) == 2
    assert "--replace goes with --apply" in capsys.readouterr().err


def test_a_plan_without_its_collection_is_carried_out_as_it_is(tmp_path):
    draft = Draft("walk-maker", 1)
    canonical(draft, [])
    draft.save(tmp_path)
    (skill,) = read(tmp_path).skills
    plan = repair.Plan((repair.Change(skill, 1, 0, 1),), (), 0, 0.0, True, 2.0)
    assert plan.about is None
    assert repair.plan(Collection((), ())).about is not None
