"""Fixing: what each rule with a ★ turns into, that all other bytes stay, and that a second run finds nothing to do."""

import os
import random
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.doors import verbs
from ffcolor.skills import check, check_collection, lock, read
from ffcolor.skills.catalog import RULES
from ffcolor.skills.fix import changes as fix
from ffcolor.skills.fix import front_rewrite
from ffcolor.skills.fix.front_items import UnsafeError
from ffcolor.skills.fix.one_file import fix_file
from ffcolor.skills.fix.yaml_repair import quote_values
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.skill_file import read_skill

ALL = frozenset(RULES)
HEAD = "---\nname: a\ndescription: Does it. Use it.\n"


def fixed(text, trust=None, folder="a"):
    """A file's text after fixing, and what was left."""

    def read_bytes(data):
        skill = read_skill(data, f"{folder}/SKILL.md", ".", folder)
        alone = assemble((".",), [skill])
        return alone.skills[0], check_collection(alone, ALL)

    data = text.encode() if isinstance(text, str) else text
    done = fix_file(data, read_bytes, trust)
    again = fix_file(done.data, read_bytes, trust)
    assert again.data == done.data, "a second run changes something"
    return done.data.decode(), done.left


# ---- one rule at a time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("trit: 1\n", 'metadata:\n  gf3-trit: "+1"\n'),
        ("trit: +1  # PLUS\n", 'metadata:\n  gf3-trit: "+1"  # PLUS\n'),
        ("trit: \u22121\n", 'metadata:\n  gf3-trit: "-1"\n'),
        ("trit: ERGODIC\n", 'metadata:\n  gf3-trit: "0"\n'),
        ("color: #D82626\n", 'metadata:\n  gf3-color: "#D82626"\n'),
        ("color: #D82626 # red\n", 'metadata:\n  gf3-color: "#D82626"  # red\n'),
        ("color: '#d82626'\n", 'metadata:\n  gf3-color: "#d82626"\n'),
        ("metadata:\n  gf3-color: #D82626\n", 'metadata:\n  gf3-color: "#D82626"\n'),
        ("metadata:\n  gf3-trit: +1\n  x: y\n", 'metadata:\n  gf3-trit: "+1"\n  x: y\n'),
        ("metadata:\n  trit: 1\n", 'metadata:\n  gf3-trit: "+1"\n'),
        ("metadata: {trit: 1, x: y}\n", 'metadata:\n  gf3-trit: "+1"\n  x: "y"\n'),
        ("metadata:\n    version: 1.10 # not 1.1\n", 'metadata:\n    version: "1.10"  # not 1.1\n'),
        ("metadata:\n  on: no\n  when: 2026-11-21\n", 'metadata:\n  on: "no"\n  when: "2026-11-21"\n'),
        ("metadata:\n  tags: [a, b]\n", 'metadata:\n  tags: "a, b"\n'),
        ("metadata:\n  tags:\n  - a\n  - b\nlicense: MIT\n", 'metadata:\n  tags: "a, b"\nlicense: MIT\n'),
        ("version: 1.0\nlicense: MIT\n", 'license: MIT\nmetadata:\n  version: "1.0"\n'),
        ('tags: ["a,b", c]\n', 'metadata:\n  tags: "[\\"a,b\\", \\"c\\"]"\n'),
        ("deep:\n  x: 1\nmetadata:\n  y: z\n", 'metadata:\n  y: z\n  deep: "{\\"x\\": \\"1\\"}"\n'),
        ("role: PLUS\n", 'metadata:\n  role: "PLUS"\n  gf3-trit: "+1"\n'),
        ("trit: 1\nmetadata:\n  gf3-trit: '+1'\n", "metadata:\n  gf3-trit: '+1'\n"),
        (
            "gf3_triad: b (-1) ⊗ c (0) ⊗ a (+1) = 0 ✓\ntrit: 1\n",
            'metadata:\n  gf3-triads: |\n    b:-1 c:0 a:+1\n  gf3-trit: "+1"\n',
        ),
        (
            "metadata:\n  gf3-triads: |\n    b:-1 c:0 a:+1\n    a:+1 b:-1 c:0\n",
            "metadata:\n  gf3-triads: |\n    a:+1 b:-1 c:0\n",
        ),
        (
            "metadata:\n  gf3_triad: b (-1) ⊗ c (0) ⊗ a (+1) = 1\n",
            "metadata:\n  gf3-triads: |\n    b:-1 c:0 a:+1\n",
        ),
    ],
)
def test_front_matter_becomes_valid_and_quoted(before, after):
    body = "---\n# A\n\ntext\n"
    text, left = fixed(HEAD + before + body)
    text = text.replace("    b:-1 c:0 a:+1\n  gf3-trit", "    b:-1 c:0 a:+1\n  gf3-trit")
    assert (text, left) == (HEAD + after + body, {})
    found = yaml.safe_load(text.split("---\n")[1])
    assert set(found) <= {"name", "description", "license", "metadata"}
    assert all(isinstance(value, str) for value in found.get("metadata", {}).values())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("description: Tides: when to sail\n", 'description: "Tides: when to sail"\n'),
        ("description: @home and `abroad`\n", 'description: "@home and `abroad`"\n'),
        ('description: Say "hi": then go\n', 'description: "Say \\"hi\\": then go"\n'),
        ('description: "Say "hi" now"\n', 'description: "Say \\"hi\\" now"\n'),
        ("description: *bold* text\n", 'description: "*bold* text"\n'),
        ("description: 100%\nmetadata:\n\tversion: '1'\n", "description: 100%\nmetadata:\n  version: '1'\n"),
        ("description: |\n  Foo: bar\nlicense: a: b\n", 'description: |\n  Foo: bar\nlicense: "a: b"\n'),
    ],
)
def test_what_is_not_yaml_is_quoted(before, after):
    text, left = fixed(f"---\nname: a\n{before}---\nbody: a: b\n")
    assert (text, left) == (f"---\nname: a\n{after}---\nbody: a: b\n", {})


def test_front_matter_is_written_where_there_is_none():
    text, left = fixed(
        "# Title\n\n**Trit**: +1 (PLUS)\n\nReads *all* the [tables](x.md) --- fast.\nAnd more.\n\nNot this.\n"
    )
    assert left == {}
    assert text.startswith(
        '---\nname: a\ndescription: "Reads all the tables — fast. And more."\n'
        'metadata:\n  gf3-trit: "+1"\n---\n\n# Title\n'
    )
    assert fixed("# Only a title\n")[0].splitlines()[2] == 'description: "Only a title"'
    text, left = fixed("# A\n", folder="Not_Legal")
    assert text == "# A\n"
    assert left == {"GF101": "its folder's name, 'Not_Legal', is not a legal name for a skill"}
    assert fixed("")[1] == {"GF101": "there is no text to make a description from"}
    long = "word " * 400
    assert len(yaml.safe_load(fixed(long)[0].split("---\n")[1])["description"]) <= 1024


def test_front_matter_in_the_body_moves_to_the_top():
    text, left = fixed("# A\n\n---\nname: a\ndescription: Does it.\ntrit: 0\n---\n\nText\n")
    assert text == '---\nname: a\ndescription: Does it.\nmetadata:\n  gf3-trit: "0"\n---\n# A\n\n\nText\n'
    assert left == {}
    text, left = fixed("# A\n```yaml\nname: a\ndescription: Does it.\n```\nText\n")
    assert (text, left) == ("---\nname: a\ndescription: Does it.\n---\n# A\nText\n", {})
    text, left = fixed(
        HEAD + "---\n# A\n```yaml\n---\nname: a\ndescription: Other.\nlicense: MIT\ntrit: -1\n---\n```\nText\n"
    )
    assert text == (
        HEAD + 'license: MIT\nmetadata:\n  displaced-description: "Other."\n  gf3-trit: "-1"\n---\n# A\nText\n'
    )
    assert left == {}


def test_front_matter_in_a_fence_that_never_ends_is_left():
    before = "~~~\n---\ntrit: -1\nname: a\n"
    assert fixed(before)[0] == before
    assert set(fixed(before)[1].values()) == {"the front matter in its body never ends"}


def test_two_trits_are_settled_by_trust():
    both = HEAD + "---\n**Trit**: +1 (PLUS)\n\n```\nTrit: 0 (ERGODIC)\n```\n"
    text, left = fixed(both)
    assert text == both
    assert left == {"GF202": "it declares two trits: say whom you believe"}
    for trust, trit in (("author", "+1"), ("generated", "0")):
        text, left = fixed(both, trust)
        assert left == {}
        assert text == both.replace("---\n**", f'metadata:\n  gf3-trit: "{trit}"\n  gf3-trust: "{trust}"\n---\n**')
        assert "GF202" not in {problem.code for problem in _problems(text)}
    text, left = fixed(both + "\n**Trit**: -1\n", "author")
    assert left["GF202"] == "its author declares both +1 and -1"
    only = HEAD + "---\n```\nTrit: 0 (ERGODIC)\n```\n"
    assert fixed(only)[0] == only
    assert fixed(only, "generated")[0] == HEAD + 'metadata:\n  gf3-trit: "0"\n---\n```\nTrit: 0 (ERGODIC)\n```\n'


def test_gf3_trust_settles_one_side_only():
    told = HEAD + 'metadata:\n  gf3-trit: "+1"\n  gf3-trust: "author"\n---\n'
    assert "GF202" not in {each.code for each in _problems(told + "```\nTrit: 0 (ERGODIC)\n```\n")}
    assert "GF202" in {each.code for each in _problems(told + "**Trit**: 0\n")}


def _problems(text, folder="a"):
    return check_collection(assemble((".",), [read_skill(text.encode(), "a/SKILL.md", ".", folder)]), ALL)


# ---- the block ---------------------------------------------------------------------------------------------------


FULL = HEAD + 'metadata:\n  gf3-trit: "+1"\n  gf3-color: "#D82626"\n  gf3-triads: |\n    b:-1 c:0 a:+1\n---\n# A\n'
SHOWN = "- **Trit**: +1 (PLUS)\n- **Color**: #D82626\n- b (-1) ⊗ c (0) ⊗ a (+1) = 0 ✓\n"


@pytest.mark.parametrize(
    "inside",
    ["", "anything\n", "**Trit**: 0\n", SHOWN + SHOWN, SHOWN.replace("= 0 ✓", "= 1 ✗"), SHOWN.replace("(0)", "(+1)")],
)
def test_a_stale_block_is_written_anew(inside):
    text, left = fixed(f"{FULL}<!-- gf3:begin -->\n{inside}<!-- gf3:end -->\ntail")
    assert (text, left) == (f"{FULL}<!-- gf3:begin -->\n{SHOWN}<!-- gf3:end -->\ntail", {})


def test_a_block_that_says_the_same_stays_as_it_is():
    own = "**Trit**: +1 (PLUS)\n**Color**: #D82626\n\n`b (-1) ⊗ c (0) ⊗ a (+1) = 0 ✓`\n\nand a word of mine\n"
    text = f"{FULL}<!-- gf3:begin -->\n{own}<!-- gf3:end -->\n"
    assert fixed(text) == (text, {})


@pytest.mark.parametrize(
    "text",
    [
        HEAD + f"---\n<!-- gf3:begin -->\n{SHOWN}<!-- gf3:end -->\n",  # the block has what the front matter lost
        FULL + "<!-- gf3:begin -->\n**Trit**: 0\n",
        FULL + "<!-- gf3:begin --> x <!-- gf3:end -->\n",
        FULL + "```\n<!-- gf3:begin -->\nx\n<!-- gf3:end -->\n```\n",
        FULL + "<!-- gf3:begin -->\n**Trit**: 0\n<!-- gf3:end -->\n" * 2,
    ],
)
def test_a_block_that_cannot_be_written_safely_is_left(text):
    assert fixed(text)[0] == text


# ---- left alone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("trit: 1\nmetadata:\n  gf3-trit: '-1'\n", "its metadata has another 'gf3-trit' already"),
        ("version: 1\nmetadata:\n  version: '2'\n", "its metadata has another 'version' already"),
        ("trit: +1 (MINUS)\n", "its trit '+1 (MINUS)' contradicts itself"),
        ("x: &a 1\n", "its front matter has YAML anchors or aliases"),
        ("x: !!str 1\n", "its front matter has YAML tags"),
        ("x: [1, # one\n  2]\n", "'x' has comments that would be lost"),
        ("license: MIT\nlicense: BSD\n", "'license' is written twice in its front matter"),
        ("x: y\u2028\n", "its front matter has line ends that only some programs see as such"),
        ("x: 'y\n", "its front matter is not YAML: a quote is never closed, or closed too early"),
        ("metadata: {a: 1, # one\n  b: 2}\n", "its metadata is written in braces with comments among them"),
    ],
)
def test_what_is_not_safe_is_left_alone_and_named(front, reason):
    before = HEAD + front + "---\n# A\n"
    text, left = fixed(before)
    assert text == before
    assert set(left.values()) == {reason}


def test_front_matter_that_never_ends_is_left_alone():
    before = HEAD + "trit: 1\n\n# A\n"
    text, left = fixed(before)
    assert text == before
    assert left["GF102"] == "the line of --- that closes its front matter is missing"


def test_the_authors_own_text_is_never_touched():
    line = "b (-1) ⊗ c (0) ⊗ a (+1) = 1\n"
    before = HEAD + 'metadata:\n  gf3-trit: "+1"\n---\n' + line + "\n" + line
    assert fixed(before) == (before, {})


# ---- bytes -------------------------------------------------------------------------------------------------------


BODY = st.text(
    st.one_of(
        st.sampled_from("\n\r\t #-`|<>!*é\u0301\u2028\x0c\x85⊗+01"),
        st.characters(exclude_characters="\0", codec="utf-8"),
    ),
    max_size=200,
)
FRONTS = [
    "trit: +1\ncolor: #D82626\n",
    "metadata:\n  trit: -1\n  version: 1.0\n# a comment\n\n",
    "version: 2\ntags: [a, b]\n",
    "license: MIT\ngf3_triad: a (+1) ⊗ b (0) ⊗ c (-1) = 0\n",
    "note: a: b\n",
    "",
]


@given(st.sampled_from(FRONTS), BODY, st.booleans(), st.booleans())
@example(FRONTS[0], "trailing \t\n\n\x1a", True, True)
@example(FRONTS[1], "**Trit**: +1 ---\r\n\r\nx", False, True)
@settings(deadline=None)
def test_every_byte_outside_the_front_matter_stays(front, body, has_mark, is_crlf):
    end = "\r\n" if is_crlf else "\n"
    mark = "\ufeff" if has_mark else ""
    head = mark + (HEAD + front).replace("\n", end)
    text, left = fixed(head + "---" + end + body)
    assert text.endswith(f"{end}---{end}{body}")
    new = text.removesuffix(body)
    assert new.startswith((mark if left else "") + "---" + end)
    if is_crlf:
        assert "\n" not in new.replace("\r\n", "")
    kept = [line for line in head.split(end) if line.startswith(("name", "description", "license", "#"))]
    assert [line for line in new.split(end) if line in kept] == kept


@given(BODY, st.booleans())
@settings(deadline=None)
def test_every_byte_stays_where_front_matter_is_written(body, is_crlf):
    body = body.replace("\n", "\r\n") if is_crlf else body
    text, left = fixed(body)
    assert text == body if "GF101" in left else text.endswith(body)


@given(st.binary(max_size=300))
@example(b"---\nname: \xff\n---\n")
@example(b"---\n- {a: &b [*b]}\n---\n")
@settings(deadline=None)
def test_any_bytes_are_fixed_or_left(data):
    def read_bytes(data):
        found = read_skill(data, "a/SKILL.md", ".", "a")
        if not hasattr(found, "front"):
            raise FfcolorError("no skill", code="file-read")
        alone = assemble((".",), [found])
        return alone.skills[0], check_collection(alone, ALL)

    try:
        done = fix_file(data, read_bytes)
    except FfcolorError:
        return
    assert fix_file(done.data, read_bytes).data == done.data


KEY = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.dictionaries(KEY, TEXT | st.integers() | st.booleans() | st.lists(TEXT, max_size=3) | st.none(), max_size=5))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_metadata_becomes_strings_and_none_is_lost(values):
    front = yaml.safe_dump({"metadata": values} | {"top": "level"}, allow_unicode=True, sort_keys=False)
    text, left = fixed(HEAD + front + "---\n# A\n")
    if left:
        assert text == HEAD + front + "---\n# A\n"
        return
    found = yaml.safe_load(text.removesuffix("---\n# A\n").removeprefix("---\n"))["metadata"]
    assert found.pop("top") == "level"
    assert all(isinstance(value, str) for value in found.values())
    same = {key: value for key, value in values.items() if isinstance(value, str)}
    assert {key: found[key] for key in same if key in found} == {key: same[key] for key in same if key in found}
    assert len(found) == len(values)


@given(TEXT)
@example("0\x1f\n")
@example("a: b\n# c\n")
@example("⊗ a\nb \n")
def test_a_quoted_text_reads_back(text):
    assert yaml.safe_load(f"a: {front_rewrite.quoted(text)}")["a"] == text
    assert yaml.safe_load("".join(front_rewrite.entry("k", text, 2, "\n")))["k"] == text
    assert "---" not in front_rewrite.quoted(text)


@given(st.lists(st.sampled_from(["a: b: c\n", "x: 'y\n", "  - z\n", "k: |\n", "  t: u: v\n", "d: [1\n", "e: f\n"])))
def test_repair_gives_yaml_or_says_why_not(lines):
    try:
        text = "".join(quote_values(lines))
    except UnsafeError:
        return
    assert isinstance(yaml.safe_load(text), dict)


# ---- files -------------------------------------------------------------------------------------------------------


def plan(root, trust=None, codes=ALL):
    collection = read(str(root))
    return fix.plan(collection, check_collection(collection, codes), codes, trust)


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode() if isinstance(text, str) else text)


def test_skill_md_is_renamed(tmp_path):
    write(tmp_path, {"a/skill.md": HEAD + "trit: 1\n---\n", "b/skill.md": HEAD + "---\n", "b/SKILL.md": HEAD + "---\n"})
    done = list(fix.apply(plan(tmp_path, codes=frozenset(("GF103", "GF106")))))
    assert sorted(os.listdir(tmp_path / "a")) == ["SKILL.md"]
    assert sorted(os.listdir(tmp_path / "b")) == ["SKILL.md", "skill.md"]
    assert "gf3-trit" in (tmp_path / "a/SKILL.md").read_text()
    assert [(Path(each.path).parent.name, each.codes, each.left) for each in done] == [
        ("a", ("GF103", "GF106"), {}),
        ("b", (), {"GF103": "there is a SKILL.md beside it"}),
    ]


def test_the_diff_is_what_git_would_apply(tmp_path):
    files = {
        "a/SKILL.md": (HEAD + "trit: 1\n---\n# A").encode(),
        "crlf/SKILL.md": (HEAD + "trit: 1\n---\n").replace("\n", "\r\n").replace("name: a", "name: crlf").encode(),
        "bom/SKILL.md": b"\xef\xbb\xbf# Bom\n\nText of it\xc2\xa0here.\n",
        "low/skill.md": (HEAD + "---\n").replace("name: a", "name: low").encode(),
    }
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    write(tmp_path / "one", files)
    write(tmp_path / "two", files)
    changes = plan(tmp_path / "one")
    assert len(changes) == 4
    patch = "".join(map(fix.diff, changes)).replace(f"{tmp_path}/one/", "")
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=patch.encode("utf-8", "surrogateescape"), cwd=tmp_path / "two", check=True)
    list(fix.apply(changes))
    one, two = (
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*.md")}
        for root in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two
    assert one[Path("bom/SKILL.md")].startswith(b"---\nname: bom\n")
    assert not plan(tmp_path / "one")


def test_a_lock_file_is_written_anew_when_what_it_says_changes(tmp_path):
    write(tmp_path, {"a/SKILL.md": HEAD + "---\n**Trit**: +1\n", "b/skill.md": HEAD.replace(": a", ": b") + "---\n"})
    assert lock.write(read(str(tmp_path)), str(tmp_path)) == str(tmp_path / lock.NAME)
    assert "GF501" not in {each.code for each in check(str(tmp_path))}
    changes = plan(tmp_path)
    assert [each.codes for each in changes] == [("GF206",), ("GF103",), ("GF501",)], "the name of a file is in the lock"
    list(fix.apply(changes))
    assert {each.code for each in check(str(tmp_path))} == {"GF201"}
    assert [each["path"] for each in lock.manifest(tmp_path / lock.NAME)["skills"]] == ["a/SKILL.md", "b/SKILL.md"]
    write(tmp_path, {"a/SKILL.md": HEAD + 'metadata:\n  gf3-trit: "-1"\n---\n'})
    (stale,) = check(str(tmp_path), select=["GF5"])
    assert stale.message == "it is stale: a/SKILL.md: trit is -1, not +1"
    list(fix.apply(plan(tmp_path)))
    assert check(str(tmp_path), select=["GF5"]) == []
    write(tmp_path, {lock.NAME: "{:no lock}"})
    (broken,) = check(str(tmp_path), select=["GF5"])
    assert "is not a lock file" in broken.message
    list(fix.apply(plan(tmp_path)))
    assert check(str(tmp_path), select=["GF5"]) == []
    assert check(str(tmp_path / "a" / "SKILL.md"), select=["GF5"]) == []


def test_only_what_is_selected_is_fixed(tmp_path):
    write(tmp_path, {"a/SKILL.md": HEAD + "trit: 1\nmetadata:\n  version: 1.0\n---\n"})
    list(fix.apply(plan(tmp_path, codes=frozenset(("GF108",)))))
    assert (tmp_path / "a/SKILL.md").read_text() == HEAD + 'trit: 1\nmetadata:\n  version: "1.0"\n---\n'


def test_what_is_ignored_is_not_fixed(tmp_path):
    text = HEAD + "trit: 1  # gf3: ignore GF106\nversion: 1\n---\n"
    write(tmp_path, {"a/SKILL.md": text})
    list(fix.apply(plan(tmp_path)))
    expected = HEAD + 'trit: 1  # gf3: ignore GF106\nmetadata:\n  version: "1"\n---\n'
    assert (tmp_path / "a/SKILL.md").read_text() == expected


def test_a_file_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def full(path, data):
        raise FfcolorError(f"cannot write {path!r}: no space left on device", code="file-write")

    write(tmp_path, {"a/SKILL.md": HEAD + "trit: 1\n---\n"})
    monkeypatch.setattr(fix, "write_atomically", full)
    (done,) = fix.apply(plan(tmp_path))
    assert done.error.endswith("no space left on device")
    assert not done.is_change


def test_a_file_that_changes_meanwhile_is_left(tmp_path):
    write(tmp_path, {"a/SKILL.md": HEAD + "trit: 1\n---\n"})
    changes = plan(tmp_path)
    write(tmp_path, {"a/SKILL.md": HEAD + "trit: 0\n---\n"})
    (done,) = fix.apply(changes)
    assert done.error == "it changed in the meantime"
    assert done.left["GF106"] == "it changed in the meantime"
    assert (tmp_path / "a/SKILL.md").read_text() == HEAD + "trit: 0\n---\n"


def test_permissions_and_links_stay(tmp_path):
    write(tmp_path, {"real.md": HEAD + "trit: 1\n---\n"})
    (tmp_path / "real.md").chmod(0o640)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/SKILL.md").symlink_to("../real.md")
    list(fix.apply(plan(tmp_path)))
    assert (tmp_path / "a/SKILL.md").is_symlink()
    assert "gf3-trit" in (tmp_path / "real.md").read_text()
    assert (tmp_path / "real.md").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["a", "real.md"]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_whole_collection(tmp_path, seed):
    from collection import build  # beside this file
    from skills_ref import validate

    build(tmp_path, skills=120, seed=seed, sections=2)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    known = check(str(tmp_path), select=["ALL"])
    done = list(fix.apply(plan(tmp_path)))
    now = check(str(tmp_path), select=["ALL"])
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {Path(each.target) for each in done if each.is_change}
    fixable = {"GF101", "GF103", "GF106", "GF107", "GF108", "GF206"}
    left = {(each.path, code) for each in done for code in each.left}
    assert {(p.path, p.code) for p in now if p.code in fixable} <= left | {
        (path, code) for path, owner in left for code in fixable if owner in ("GF202", "GF102")
    }
    assert len([p for p in known if p.code in fixable]) > 20
    gone = {"GF100", "GF301", "GF303", "GF304", "GF309", "GF203", "GF204"}
    assert sorted((p.code, p.path) for p in now if p.code in gone) == sorted(
        (p.code, p.path) for p in known if p.code in gone
    )
    for path in changed:
        body = re.split(rb"^---[ \t]*\r?$", after[path], maxsplit=2, flags=re.M)[-1]
        rows = iter(before.get(path, before.get(path.with_name("skill.md"), b"")).split(b"\n"))
        assert all(row in rows for row in body.split(b"\n")[2:]), path
    assert not [each for each in plan(tmp_path) if each.is_change]
    rest = {Path(p.path).parent for p in now if p.code < "GF111" and p.code != "GF103"}
    sample = random.Random(seed).sample(sorted({path.parent for path in changed} - rest), 10)
    assert {
        folder.name: validate(folder) for folder in sample if not after[folder / "SKILL.md"].startswith(b"\xef")
    } == {folder.name: [] for folder in sample if not after[folder / "SKILL.md"].startswith(b"\xef")}


def test_the_verb_shows_first_and_writes_when_told(tmp_path):
    write(tmp_path, {"a/SKILL.md": HEAD + "trit: 1\n---\n"})
    shown = verbs.call("skills_fix", paths=str(tmp_path))
    assert not shown["applied"]
    assert '+  gf3-trit: "+1"\n' in shown["files"][0]["diff"]
    assert "trit: 1\n---" in (tmp_path / "a/SKILL.md").read_text()
    done = verbs.call("skills_fix", paths=[tmp_path], apply=True)
    assert done["files"][0]["codes"] == ["GF106"]
    assert verbs.call("skills_fix", paths=[tmp_path])["files"] == []
    with pytest.raises(FfcolorError, match="must be one of 'author', 'generated', or None"):
        verbs.call("skills_fix", paths=[tmp_path], trust="me")
