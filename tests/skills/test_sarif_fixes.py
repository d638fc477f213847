"""The fixes in SARIF are what `fix` writes, and valid by the official schema."""

import json
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

import pytest
from collection import build  # beside this file
from hypothesis import example, given
from hypothesis import strategies as st
from test_report import schema  # beside this file

from ffcolor.doors import verbs
from ffcolor.skills.tell.edits import Edit, edits

__all__ = ["schema"]

TEXT = st.text(st.one_of(st.sampled_from("a\n\r\u2028é⊗"), st.characters(codec="utf-8")), max_size=40)


def replaced(text, found):
    """A text after edits, by SARIF's rules: lines end in a line feed, columns count characters."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for edit in sorted(found, reverse=True):
        first, end = starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1
        text = text[:first] + edit.text + text[end:]
    return text


@given(TEXT, TEXT)
@example("a\nb", "a\nb\n")
@example("", "a\n")
@example("a\n", "")
def test_edits_make_one_text_of_the_other(before, after):
    before, after = (each.removeprefix("\ufeff") for each in (before, after))
    found = edits(before.encode(), after.encode())
    assert replaced(before, found) == after
    assert all(edit.line <= edit.end_line and min(edit[:4]) > 0 for edit in found)
    assert edits(b"\xef\xbb\xbf" + before.encode(), b"\xef\xbb\xbf" + after.encode()) == found


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The log of a generated collection, and its folder, which is then fixed."""
    folder = tmp_path_factory.mktemp("fixes") / "skills"
    build(folder, skills=150, seed=2, sections=1)
    (folder / "skills.lock.edn").write_text("{:ffcolor/schema 1 :skills []}", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    log = json.loads(verbs.call("skills_check", paths=folder, format="sarif")["report"])
    shown = verbs.call("skills_fix", paths=folder)
    return log, before, shown


def test_the_log_is_valid_by_the_official_schema(run, schema):
    assert not list(schema.iter_errors(run[0]))


def test_every_mark_has_its_fix_and_nothing_else(run):
    log, before, shown = run
    results = log["runs"][0]["results"]
    fixed = [each for each in results if "fixes" in each]
    assert len(fixed) > 20
    renamed = {row["path"] for row in shown["files"] if row["path"] != row["target"]}
    assert {each["ruleId"] for each in fixed} >= {"GF101", "GF106", "GF108", "GF206", "GF501"}
    assert not {"GF303", "GF304", "GF202", "GF205"} & {each["ruleId"] for each in fixed}
    by_file = defaultdict(set)
    for each in fixed:
        place = each["locations"][0]["physicalLocation"]["artifactLocation"]
        (fix,) = each["fixes"]
        (change,) = fix["artifactChanges"]
        assert change["artifactLocation"] == place
        by_file[unquote(place["uri"]).removeprefix("file://")].add(json.dumps(change["replacements"]))
    assert all(len(told) == 1 for told in by_file.values())
    after = {}
    for path, (told,) in by_file.items():
        found = [
            Edit(*(row["deletedRegion"][key] for key in ("startLine", "startColumn", "endLine", "endColumn")),
                 row.get("insertedContent", {}).get("text", ""))
            for row in json.loads(told)
        ]  # fmt: skip
        old = next(data for known, data in before.items() if known.as_posix() == path)
        after[path] = replaced(old.decode("utf-8-sig"), found).encode()  # SARIF counts no byte order mark
    written = {row["path"]: row for row in shown["files"] if row["changed"] and row["path"] not in renamed}
    marked = {path.as_posix() for path, data in before.items() if data.startswith(b"\xef\xbb\xbf")}
    assert set(written) <= set(by_file) | renamed | marked
    folder = next(path for path in before if path.name == "skills.lock.edn").parent
    verbs.call("skills_fix", paths=folder, apply=True)
    for path in written:
        with open(path, "rb") as file:
            assert file.read() == after.get(path, before[Path(path)][3:]), path
