"""Front matter that readers of skills see less of than its author: what is said, and what `fix` makes of it."""

from __future__ import annotations

import pytest
import yaml

from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.fix.one_file import fix_file
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.skill_file import read_skill

BODY = "\n# Title\n\nBody text.\n"
TRIT = "metadata:\n  gf3-trit: '0'\n"


def read(data, folder="a"):
    alone = assemble((), [read_skill(data, f"{folder}/SKILL.md", ".", folder)])
    return alone.skills[0], check_collection(alone)


def found(text, folder="a"):
    problems = read(text.encode(), folder)[1]
    return [(p.code, p.line, p.column) for p in problems if p.code != "GF201"]


def fixed(text, folder="a"):
    """The text after fixing and what is left; a second run must find nothing to do."""
    done = fix_file(text.encode(), lambda data: read(data, folder))
    assert fix_file(done.data, lambda data: read(data, folder)).data == done.data
    return done.data.decode(), done.left


def front(rows, open_="---\n", close="---\n"):
    return f"{open_}name: a\n{rows}{TRIT}{close}{BODY}"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("\ufeff" + front("description: d\n"), [("GF111", 1, 1)]),
        (front("description: d\n", "--- \n"), [("GF112", 1, 4)]),
        (front("description: d\n", "---\t\n", "---  \n"), [("GF112", 1, 4), ("GF112", 6, 4)]),
        (front("description: d\n", close="...\n"), [("GF113", 6, 1)]),
        (front("description: d\n", "\ufeff---\t\n", "... \n"), [("GF111", 1, 1), ("GF112", 1, 4), ("GF113", 6, 1)]),
    ],
)
def test_the_marks_are_named_and_mended(text, problems):
    assert found(text) == problems
    assert found(text.replace("\n", "\r\n")) == problems
    assert fixed(text) == (front("description: d\n"), {})
    crlf = text.replace("\n", "\r\n")
    assert fixed(crlf) == (front("description: d\n").replace("\n", "\r\n"), {})


@pytest.mark.parametrize(
    ("before", "place", "after"),
    [
        (
            "description: Notes for the #releases channel.\n",
            (3, 28),
            'description: "Notes for the #releases channel."\n',
        ),
        ("description:   Say it\t#now \n", (3, 23), 'description:   "Say it\\t#now" \n'),
        ('description: A "quote" #one\n', (3, 24), 'description: "A \\"quote\\" #one"\n'),
        ("description: Notes #one\n\n# comment\n", (3, 20), 'description: "Notes #one"\n\n# comment\n'),
        ("description: d\ncompatibility: Needs #x\n", (4, 22), 'description: d\ncompatibility: "Needs #x"\n'),
    ],
)
def test_text_behind_a_hash_is_kept_by_quoting_it(before, place, after):
    assert found(front(before)) == [("GF114", *place)]
    assert fixed(front(before)) == (front(after), {})
    assert any("#" in text for text in yaml.safe_load(after).values())


def test_text_that_is_all_behind_a_hash():
    text = front("description: #releases are announced\n")
    assert found(text) == [("GF105", 3, 1), ("GF114", 3, 14)]
    assert fixed(text) == (front('description: "#releases are announced"\n'), {})


def test_text_in_metadata_behind_a_hash():
    text = f"---\nname: a\ndescription: d\n{TRIT}  topic: Notes for #one\n  ref: x  # why\n---\n"
    assert found(text) == [("GF114", 6, 20)]
    assert fixed(text)[0] == text.replace("Notes for #one", '"Notes for #one"')


@pytest.mark.parametrize(
    "rows",
    [
        "description: Uses C# and #\n",
        "description: Foo. # a remark\n",
        "description: Foo\n  and more #one\n",
    ],
)
def test_what_may_be_a_comment_is_named_and_left(rows):
    assert [code for code, _, _ in found(front(rows))] == ["GF114"]
    assert fixed(front(rows)) == (front(rows), {})


@pytest.mark.parametrize(
    "rows",
    [
        'description: "a #b"\n',
        "description: 'a' #b\n",
        "description: a#b\n",
        "description: |\n  a #b\n",
        "description: d # gf3: ignore GF106\n",
        "description: d\n# a comment\n",
        "description: d\nlicense: MIT # see LICENSE\n",
        "description: d\n#license: MIT\n",
        "description: d\nlicense: MIT #see\n",
    ],
)
def test_what_hides_no_text(rows):
    assert found(front(rows)) == []
    text = "---\nname: a\ndescription: d\nmetadata: {gf3-trit: '0', about: one two} #three\n---\n"
    assert found(text) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("license: [MIT]\n", 'license: "MIT"\n'),
        ("license: [MIT, Apache-2.0]\n", 'license: "MIT, Apache-2.0"\n'),
        ("license: 2.0\n", 'license: "2.0"\n'),
        ("compatibility: 3.10\n", 'compatibility: "3.10"\n'),
        ("compatibility: true # really\n", 'compatibility: "true" # really\n'),
        ("allowed-tools: 1\n", 'allowed-tools: "1"\n'),
    ],
)
def test_a_value_of_another_type_becomes_text(before, after):
    assert [code for code, line, _ in found(front(f"description: d\n{before}")) if line == 4][:1] == ["GF110"]
    assert fixed(front(f"description: d\n{before}")) == (front(f"description: d\n{after}"), {})


def test_a_description_that_is_a_number():
    assert found(front("description: 42\n")) == [("GF110", 3, 14)]
    assert fixed(front("description: 42\n")) == (front('description: "42"\n'), {})


@pytest.mark.parametrize(
    "rows",
    [
        f"compatibility: {'x' * 501}\n",
        f'compatibility: "{"x" * 501}"\n',
        "compatibility:\n",
        'compatibility: ""\n',
        "license:\n- MIT\n",
        "license: {spdx: MIT}\n",
        "license: [[MIT]]\n",
        "license:\n",
        "allowed-tools: [Read, Write]\n",
        "allowed-tools:\n- Bash(git add:*)\n",
    ],
)
def test_a_value_that_is_for_its_author_to_change_is_left(rows):
    text = front(f"description: d\n{rows}")
    assert {code for code, _, _ in found(text)} == {"GF110"}
    assert fixed(text) == (text, {})


def test_values_that_the_specification_allows():
    rows = f"license: MIT\ncompatibility: {'x' * 500}\nallowed-tools: Bash(git:*) Read\n"
    assert found(front(f"description: d\n{rows}")) == []


# ---- no blank behind a colon -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "place", "after"),
    [
        ("name:a\ndescription:Sorts mail. Use it.\n", (2, 6), "name: a\ndescription: Sorts mail. Use it.\n"),
        ("name: a\ndescription:Sorts mail.\n", (3, 13), "name: a\ndescription: Sorts mail.\n"),
        ("name: a\ndescription:Note: it sorts\n", (3, 13), 'name: a\ndescription: "Note: it sorts"\n'),
        ("name:a\ndescription: d\nlicense:MIT\n", (2, 6), "name: a\ndescription: d\nlicense: MIT\n"),
        ('name:"a"\ndescription:"d"\n', (2, 6), 'name: "a"\ndescription: "d"\n'),
    ],
)
def test_a_key_without_a_blank_gets_one(before, place, after):
    text = f"---\n{before}{TRIT}---\n{BODY}"
    assert found(text)[0] == ("GF102", *place)
    assert "no blank behind the colon" in read(text.encode())[1][0].message
    assert fixed(text) == (f"---\n{after}{TRIT}---\n{BODY}", {})


def test_a_key_without_a_blank_under_metadata():
    text = "---\nname: a\ndescription: d\nmetadata:\n  gf3-trit:+1\n---\n"
    skill, problems = read(text.encode())
    (message,) = [problem.message for problem in problems if problem.code == "GF108"]
    assert "no blank behind the colon" in message
    assert skill.name == "a"


@pytest.mark.parametrize("line", ["https://example.org", "a::b", "see:this"])
def test_other_colons_are_text(line):
    assert found(f"---\nname: a\ndescription: >\n  {line}\n{TRIT}---\n") == []


# ---- an author's own description ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f" ---\nname: a\ndescription: Mine.\n---\n{BODY}",
        f"----\nname: a\ndescription: Mine.\n----\n{BODY}",
        f"name: a\ndescription: Mine.\n---\n{BODY}",
        f"+++\nname = 'a'\ndescription = 'Mine.'\n+++\n{BODY}",
        f"–––\nname: a\n'description': Mine.\n–––\n{BODY}",
        f"\ufeff\ufeff---\nname: a\ndescription: Mine.\n---\n{BODY}",
        f"---\nname a\ndescription : Mine.\n---\n{BODY}",
        f"---\n\nname:a\n\ndescription:Mine.\n---\n{BODY}",
    ],
)
def test_a_description_is_never_replaced_by_text_of_the_body(text):
    after, left = fixed(text)
    assert "Mine." in after
    assert 'description: "Body text' not in after
    assert "description: Body" not in after
    assert left or found(after) == [] or "Mine." in read(after.encode())[0].description


def test_letters_of_any_script_are_legal():
    for name in ("技能", "мой-навык", "möbius-2", "ß"):
        assert found(f"---\nname: {name}\ndescription: d\n{TRIT}---\n", name) == []
        assert fixed("# Title\n\nText of it.\n", name)[0].startswith(f"---\nname: {name}\n")
    for name, better in (("Мой", "мой"), ("a_b", "a-b"), ("-a", "a"), ("a--b", "a-b"), ("हिन्दी", None)):
        skill, problems = read(f"---\nname: {name}\ndescription: d\n{TRIT}---\n".encode(), name)
        assert [problem.code for problem in problems] == ["GF104"]
        assert better is None or problems[0].suggestion == f"name: {better}"
        assert skill.name == name
