"""The verbs of skills: plain data in and out, the same as the shell prints, and nothing is written unasked."""

import json
from pathlib import Path

import pytest

from ffcolor import FfcolorError
from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.errors import FfcolorWarning

FILES = {
    "ash": 'metadata:\n  gf3-trit: "-1"\n  gf3-triads: |\n    ash:-1 bay:0 cod:+1\n',
    "bay": "trit: +1\n",
    "cod": 'metadata:\n  gf3-trit: "+1"\n',
    "dew": "",
}
CALLS = {
    "skills_check": {},
    "skills_fix": {},
    "skills_repair": {},
    "skills_partners": {"names": ["ash", "cod"]},
    "skills_pack": {},
    "skills_lock": {},
    "skills_graph": {"format": "svg"},
}


@pytest.fixture(autouse=True)
def collection(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, front in FILES.items():
        (tmp_path / "skills" / name).mkdir(parents=True)
        text = f"---\nname: {name}\ndescription: About {name} trees.\n{front}---\n# {name}\n"
        (tmp_path / "skills" / name / "SKILL.md").write_text(text, encoding="utf-8")


def bytes_of(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.mark.parametrize("verb", CALLS)
def test_answers_are_plain_and_nothing_is_written_unasked(verb):
    before = bytes_of(".")
    where = {"path": "skills"} if verb == "skills_lock" else {"paths": "skills"}
    answer = verbs.call(verb, **where, **CALLS[verb])
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert bytes_of(".") == before


@pytest.mark.parametrize(
    ("words", "verb", "arguments"),
    [
        ("check skills", "skills_check", {"paths": "skills"}),
        ("repair skills", "skills_repair", {"paths": "skills"}),
        ("partners ash cod --in skills", "skills_partners", {"paths": "skills", "names": ["ash", "cod"]}),
        ("partners ash --in skills -n 3", "skills_partners", {"paths": "skills", "names": "ash", "top": 3}),
        ("pack skills --one-of-each", "skills_pack", {"paths": ["skills"], "one_of_each": True}),
    ],
)
def test_the_shell_prints_what_the_verb_answers(capsys, words, verb, arguments):
    main(["skills", *words.split(), "--json"])
    assert json.loads(capsys.readouterr().out) == verbs.call(verb, **arguments)


def test_reports_come_as_text(capsys):
    for format in ("text", "json", "sarif", "github", "edn"):
        main(["skills", "check", "skills", "-f", format])
        found = verbs.call("skills_check", paths="skills", format=format)
        assert found["report"] == capsys.readouterr().out
    assert found["total"].startswith("1 error, 1 warning")


def test_a_baseline_is_written_and_held_against():
    first = verbs.call("skills_check", paths="skills", baseline="base.json", write_baseline=True)
    assert first["written"] == sum(first["counts"].values()) > 0
    again = verbs.call("skills_check", paths="skills", baseline="base.json")
    assert (again["problems"], again["suppressed"], again["gone"]) == ([], first["written"], 0)
    with pytest.raises(FfcolorError, match="needs the argument 'baseline'"):
        verbs.call("skills_check", paths="skills", write_baseline=True)


def test_explain_lists_checks_or_gives_their_pages():
    listed = verbs.call("skills_explain")["checks"]
    assert len(listed) > 30
    assert set(listed[0]) == {"code", "severity", "title", "fixable", "on"}
    (one,) = verbs.call("skills_explain", codes="gf304")["checks"]
    assert one["page"].startswith("# GF304: ")
    with pytest.raises(FfcolorError, match="did you mean 'GF3"):
        verbs.call("skills_explain", codes=["GF30"])


def test_what_is_applied_is_done():
    assert verbs.call("skills_fix", paths="skills", apply=True)["files"][0]["changed"]
    done = verbs.call("skills_repair", paths="skills", apply=True)
    assert done["done"]["skills/bay/SKILL.md"] == ["trit +1 -> 0"]
    with pytest.raises(FfcolorError, match="cannot read"):
        verbs.call("skills_lock", path="skills", check=True)
    written = verbs.call("skills_lock", path="skills", apply=True)
    assert Path(written["lock"]).read_text(encoding="utf-8") == written["text"]
    assert verbs.call("skills_lock", path="skills", check=True) == {"lock": written["lock"], "stale": []}


def test_a_folder_without_skills_is_said(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.warns(FfcolorWarning, match=r"there is no SKILL\.md below empty"):
        assert verbs.call("skills_check", paths="empty")["files"] == 0


@pytest.mark.parametrize(
    ("verb", "arguments", "message"),
    [
        ("skills_fix", {"trust": "me"}, "trust is 'me'; it must be one of 'author', 'generated', or None"),
        ("skills_repair", {"drop": 0}, "drop is 0; it must be a number above 0"),
        ("skills_partners", {"names": "ash", "top": 0}, "top is 0; it must be a whole number, at least 1"),
        ("skills_partners", {"names": "asch"}, "there is no skill 'asch': did you mean 'ash'?"),
        ("skills_graph", {"format": "png"}, "format is 'png'; it must be one of 'dot', 'svg', 'html'"),
        ("skills_check", {"format": "sarf"}, "did you mean 'sarif'?"),
    ],
)
def test_bad_settings_are_named_without_the_words_of_the_shell(verb, arguments, message):
    with pytest.raises(FfcolorError) as caught:
        verbs.call(verb, paths="skills", **arguments)
    assert message in str(caught.value)
    assert "--" not in str(caught.value)
