"""Keys that hosts read stay at the top; what describes a skill is never the mark of a fence."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor.doors import verbs
from ffcolor.skills import check
from ffcolor.skills.keys import AT_TOP, HOST, SPECIFIED

VALUES = {
    "disable-model-invocation": "true",
    "user-invocable": "false",
    "argument-hint": "[file]",
    "model": "small",
    "context": "fork",
    "agent": "Explore",
    "hooks": "\n  PreToolUse:\n    - matcher: Bash\n      hooks: [{type: command, command: ./a.sh}]",
    "effort": "high",
    "paths": "\n  - '*.md'",
    "shell": "bash",
}


def write(folder, text, name="a"):
    (folder / name).mkdir(exist_ok=True)
    path = folder / name / "SKILL.md"
    path.write_text(text, encoding="utf-8")
    return path


def fixed(folder, text):
    path = write(folder, text)
    done = verbs.call("skills_fix", paths=folder, apply=True)
    return path.read_text(encoding="utf-8"), [row["left"] for row in done["files"] if row["left"]]


def test_every_host_key_has_a_value_here():
    assert VALUES.keys() == HOST.keys()
    assert {*SPECIFIED, *HOST} == AT_TOP


@pytest.mark.parametrize("key", HOST)
def test_a_key_that_hosts_read_is_a_note_and_stays(tmp_path, key):
    line = f"{key}: {VALUES[key]}\n"
    text, left = fixed(tmp_path, f"---\nname: a\ndescription: d\n{line}trit: 1\n---\n# A\n")
    assert text == f'---\nname: a\ndescription: d\n{line}metadata:\n  gf3-trit: "+1"\n---\n# A\n'
    assert left == []
    (found,) = check(tmp_path, select=["GF106"])
    assert (found.severity, found.fixable) == ("info", False)
    assert f"the key {key!r} is not in the specification, but hosts read it here" in found.message


@given(st.lists(st.sampled_from(sorted(HOST)), unique=True), st.lists(st.sampled_from(sorted(HOST)), unique=True))
@settings(deadline=None, max_examples=60)
def test_none_is_lost_or_moved_into_metadata(tmp_path_factory, above, below):
    folder = tmp_path_factory.mktemp("a")
    front, displaced = ("".join(f"{key}: {VALUES[key]}\n" for key in keys) for keys in (above, below))
    text, left = fixed(
        folder,
        f"---\nname: a\ndescription: d\n{front}version: 2\n---\n# A\n\n---\nname: a\ntrit: 1\n{displaced}---\nText\n",
    )
    assert left == []
    found = yaml.safe_load(text.split("---\n")[1])
    assert {key: found[key] for key in {*above, *below}} == {
        key: yaml.safe_load(f"{key}: {VALUES[key]}")[key] for key in {*above, *below}
    }
    assert found["metadata"] == {"version": "2", "gf3-trit": "+1"}


def test_another_value_below_is_kept_under_a_name_of_its_own(tmp_path):
    text, _ = fixed(tmp_path, "---\nname: a\ndescription: d\nmodel: x\n---\n# A\n\n---\nname: a\nmodel: y\n---\nText\n")
    assert text == '---\nname: a\ndescription: d\nmodel: x\nmetadata:\n  displaced-model: "y"\n---\n# A\n\nText\n'


# ---- descriptions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ("```yaml\n\nname: b\n```\n\nMoves boxes.\n", "Moves boxes."),
        ("```yaml\n```\n\nMoves boxes.\n", "Moves boxes."),
        ("Moves boxes.\n```yaml\n\nx: 1\n```\n", "Moves boxes."),
        ("~~~~ yml\n\n---\nname: b\n---\n~~~~\nMoves boxes.\n", "Moves boxes."),
        ("# Boxes\n\n```yaml\n\nnever: closed\n", "Boxes"),
        ("> ```yaml\n>\n> x: 1\n> ```\n\nMoves boxes.\n", "Moves boxes."),
    ],
)
def test_a_fence_describes_nothing(tmp_path, body, description):
    text, left = fixed(tmp_path, body)
    assert left == []
    assert yaml.safe_load(text.split("---\n")[1])["description"] == description
    assert text.endswith(body)


FENCES = ("```yaml", "```yml", "```", "~~~yaml")


@pytest.mark.parametrize("fence", FENCES)
@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_fence_goes_with_the_front_matter_in_it(tmp_path, fence, blank):
    inner = "---\nname: a\ndescription: Moves boxes.\ntrit: 0\n---\n"
    text, left = fixed(tmp_path, f"# A\n\n{fence}\n{inner}{blank}{fence[:3]}\n\nText.\n")
    assert left == []
    assert text == '---\nname: a\ndescription: Moves boxes.\nmetadata:\n  gf3-trit: "0"\n---\n# A\n\n\nText.\n'


def test_a_fence_that_holds_more_stays_with_the_rest(tmp_path):
    text, _ = fixed(tmp_path, "# A\n```yaml\n---\nname: a\ndescription: d\n---\nmore: 1\n```\nText.\n")
    assert text.endswith("---\n# A\n```yaml\nmore: 1\n```\nText.\n")


@pytest.mark.parametrize("indent", ["", "metadata:\n  x: 'y'\n"])
def test_a_block_without_blanks_behind_its_colons_is_front_matter(tmp_path, indent):
    text, left = fixed(tmp_path, f"---\nname:a\ndescription:Sorts mail: by sender.\n{indent}---\n\n# A\n\nBody text.\n")
    assert left == []
    assert text == f'---\nname: a\ndescription: "Sorts mail: by sender."\n{indent}---\n\n# A\n\nBody text.\n'


def test_a_block_that_is_almost_front_matter_is_not_written_over(tmp_path):
    before = "---\nname = a\ndescription: [\n---\n\nBody text.\n"
    text, left = fixed(tmp_path, before)
    assert text == before
    assert left
