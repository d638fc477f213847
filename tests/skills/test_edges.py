"""What real collections met: other signs and blanks, lists of meanings, sums and indexes that a repair must keep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ffcolor.doors import verbs
from ffcolor.doors.cli import main
from ffcolor.skills import check as check_paths
from tests.skills.test_reader import check
from tests.skills.test_revision import git

TOP = "---\nname: me\ndescription: d\n---\n"


def skill(folder: Path, name: str, trit: str, body: str = "") -> Path:
    path = folder / name / "SKILL.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'---\nname: {name}\ndescription: d\nmetadata:\n  gf3-trit: "{trit}"\n---\n{body}', encoding="utf-8"
    )
    return path


def codes(*paths: Path) -> list[str]:
    return sorted(problem.code for problem in check_paths(*paths))


@pytest.mark.parametrize("sign", ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\ufe63", "\uff0d"])
def test_every_dash_is_a_minus(sign, tmp_path):
    path = tmp_path / "me" / "SKILL.md"
    path.parent.mkdir()
    path.write_text(f"{TOP}\n**Trit**: {sign}1\n", encoding="utf-8")
    verbs.call("skills_fix", paths=tmp_path, apply=True)
    assert 'gf3-trit: "-1"' in path.read_text(encoding="utf-8")


def test_every_dash_is_a_minus_in_mentions(tmp_path):
    skill(tmp_path, "aa-b", "0")
    skill(tmp_path, "me", "0", "\n`aa-b` (\u20111)\n- `aa-b`: \uff0d1\n")
    assert codes(tmp_path) == ["GF314", "GF314"]


def test_a_wide_plus_is_a_plus():
    assert check(f"{TOP}\n**Trit**: \uff0b1\n") == [("GF206", 6, 11)]


@pytest.mark.parametrize("blank", ["\u2002", "\u2003", "\u2009", "\u3000", "\u00a0"])
def test_triads_may_have_any_blanks(blank, tmp_path):
    for name, trit in (("alpha", "-1"), ("beta", "0")):
        skill(tmp_path, name, trit)
    skill(tmp_path, "gamma", "+1", f"\nalpha (-1){blank}⊗{blank}beta{blank}(0) ⊗ gamma (+1) = 0 ✓\n")
    assert "GF301" not in codes(tmp_path)


def test_a_chain_is_read_once_and_italics_are_no_part_of_names(tmp_path):
    skill(tmp_path, "alpha", "-1")
    skill(tmp_path, "beta", "0")
    skill(tmp_path, "x-tool", "0", "\nalpha(0) ⊗ beta(0) ⊗ x-tool(0) = 0 ✓\n")
    assert [code for code in codes(tmp_path) if code in ("GF301", "GF304")] == ["GF304"]
    skill(tmp_path, "x-tool", "+1", "\n_alpha_ (-1) ⊗ __beta__ (0) ⊗ _x-tool_ (+1) = 0 ✓\n")
    assert not {"GF303", "GF304", "GF309"} & set(codes(tmp_path))


@pytest.mark.parametrize(
    "body",
    [
        "- **Trit: -1** validates\n- **Trit: 0** coordinates\n- **Trit: +1** generates\n",
        "**Trit**: (-1) + (0) + (+1) = 0\n",
        "~~**Trit**: -1~~\n",
    ],
)
def test_what_explains_trits_or_is_struck_out_declares_none(body, tmp_path):
    skill(tmp_path, "me", "+1", f"\n{body}")
    assert "GF202" not in codes(tmp_path)


def test_an_index_is_compared_with_what_it_was_at_a_revision(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    skill(tmp_path / "skills", "aa", "0")
    index = tmp_path / "skills" / "skills.json"
    index.write_text(json.dumps({"aa": {"trit": 0}}))
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    assert main(["skills", "check", "skills", "--new-since", "HEAD"]) == 0
    index.write_text(json.dumps({"aa": {"trit": 1}}))
    assert main(["skills", "check", "skills", "--new-since", "HEAD"]) == 1
    assert "GF502" in capsys.readouterr().out
    git("commit", "-qam", "two")
    assert main(["skills", "check", "skills", "--new-since", "HEAD"]) == 0


def test_a_baseline_holds_from_any_folder(tmp_path, monkeypatch, capsys):
    skill(tmp_path / "s" / "h", "aa", "0")
    skill(tmp_path / "s" / "h", "bb", "0", "\naa (-1) ⊗ bb (0) ⊗ cc (+1) = 0 ✓\n")
    monkeypatch.chdir(tmp_path)
    assert main(["skills", "check", "s/h", "--baseline", "b.json", "--write-baseline"]) == 0
    monkeypatch.chdir(tmp_path / "s" / "h")
    capsys.readouterr()
    assert main(["skills", "check", ".", "--baseline", str(tmp_path / "b.json")]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("option", ["--against", "--new-since", "--select", "--ignore", "--baseline"])
def test_an_empty_option_is_refused(option, tmp_path, capsys):
    assert main(["skills", "check", str(tmp_path), option, ""]) == 2
    assert f"{option} is empty" in capsys.readouterr().err


@pytest.mark.parametrize("index", [False, True])
def test_a_repair_breaks_no_sum_and_no_index(index, tmp_path):
    """alpha is -1 in two triads that are kept, and +1 in its own file, which something else relies on."""
    skill(tmp_path, "alpha", "+1")
    skill(tmp_path, "beta", "0", "\nalpha (-1) ⊗ beta (0) ⊗ gamma (+1) = 0 ✓\n")
    skill(
        tmp_path,
        "gamma",
        "+1",
        "\nalpha (-1) ⊗ beta (0) ⊗ gamma (+1) = 0 ✓\nalpha (-1) ⊗ beta (0) ⊗ delta (+1) = 0 ✓\n",
    )
    skill(tmp_path, "delta", "+1", "" if index else "\nalpha ⊗ gamma ⊗ delta = 0 ✓\n")
    if index:
        (tmp_path / "skills.json").write_text(json.dumps({"alpha": {"trit": 1}}))
    before = {problem.kind for problem in check_paths(tmp_path)}
    verbs.call("skills_repair", paths=tmp_path, apply=True)
    new = {
        kind for kind in ({problem.kind for problem in check_paths(tmp_path)} - before) if kind[0] in ("GF301", "GF502")
    }
    assert not new
