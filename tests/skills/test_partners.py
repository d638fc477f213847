from math import log1p, sqrt

import pytest

from benchmarks.lib.skill_examples import generated, hand_written
from benchmarks.tables.skills_partners import alphabetical, measure, popular, ranked
from ffcolor import FfcolorError
from ffcolor.skills import read
from ffcolor.skills.gf3 import is_balanced
from ffcolor.skills.solve import partners
from ffcolor.skills.solve.partners import Partners, similar, tf_idf

SMALL = Partners(
    {"a": 1, "b": 0, "c": -1, "d": -1, "e": -1, "f": None, "g": 1},
    [{"a": 1, "b": 0, "c": -1}, {"a": 1, "b": 0, "f": -1}, {"g": 1, "b": 0, "c": -1}],
    {"a": "red walks", "b": "green walks", "c": "blue", "d": "red walks", "e": "grey", "f": ""},
    {"a": frozenset({"e"}), "e": frozenset({"a", "b"})},
)


def test_the_score_is_the_formula():
    found = {partner.names[0]: partner for partner in SMALL.find("a", "b")}
    assert set(found) == {"c", "d", "e", "f"}
    c = found["c"]
    assert (c.popularity, c.together, c.mentions, c.trits, c.is_stated) == (2, 3, 0, (-1,), True)
    assert c.score == pytest.approx(log1p(2) + 2 * log1p(3))
    d = found["d"]
    assert (d.popularity, d.together, d.mentions, d.is_stated) == (0, 0, 0, False)
    assert d.similarity > 0
    assert d.score == pytest.approx(4 * d.similarity)
    assert found["e"].score == pytest.approx(1.5 * 3)
    assert found["e"].mentions == 3


def test_a_claimed_trit_qualifies_and_a_missing_skill_does_not():
    assert "f" in {partner.names[0] for partner in SMALL.find("a", "b")}
    assert SMALL.find("c", "b")[0].names == ("a",)
    assert {partner.names[0] for partner in SMALL.find("c", "b")} == {"a", "g"}


def test_one_given_skill_gets_pairs():
    found = SMALL.find("a", top=100)
    assert found[0].names == ("e", "b")  # three mentions are worth more than one triad
    assert [partner.names for partner in found if partner.is_stated] == [("c", "b"), ("f", "b")]
    for partner in found:
        assert is_balanced((1, *partner.trits))
        assert len({"a", *partner.names}) == 3
    assert len({frozenset(partner.names) for partner in found}) == len(found)


def test_top_and_order():
    found = SMALL.find("a", "b", top=2)
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert SMALL.find("a", "b") == SMALL.find("a", "b")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("nobody",), "there is no skill"),
        ("aa", "one skill or two"),
        ("abc", "one skill or two"),
        ((), "one skill or two"),
    ],
)
def test_what_cannot_have_partners_is_refused(given, said):
    with pytest.raises(FfcolorError, match=said) as caught:
        SMALL.find(*given)
    assert caught.value.code == "skill"


def test_a_name_misspelt_is_guessed():
    with pytest.raises(FfcolorError, match="did you mean 'palette-lint'"):
        hand_written().find("palete-lint")


def test_a_skill_without_a_trit_is_refused():
    with pytest.raises(FfcolorError, match="'x' has no trit"):
        Partners({"x": None}, []).find("x")
    with pytest.raises(FfcolorError, match="several trits"):
        Partners({"x": None}, [{"x": 1, "y": 1, "z": 1}, {"x": 0, "y": 0, "z": 0}]).find("x")


def test_tf_idf_by_hand():
    vectors = tf_idf({"one": "red red blue", "two": "red"})
    # n = 2; red in 2 texts: weight 1; blue in 1: ln(3/2) + 1
    blue = 1.4054651081081644
    length = sqrt(4 + blue**2)
    assert vectors["one"] == pytest.approx({"red": 2 / length, "blue": blue / length})
    assert vectors["two"] == {"red": 1.0}
    assert similar(vectors["two"], [vectors["one"]]) == pytest.approx(2 / length)
    assert similar(vectors["one"], [vectors["one"]]) == pytest.approx(1)
    assert similar(vectors["one"], []) == 0


def test_a_hidden_triad_leaves_no_trace():
    hidden = SMALL.without({"a", "b", "f"})
    assert "f" not in {partner.names[0] for partner in hidden.find("a", "b")}
    assert hidden.popularity["b"] == 2
    assert SMALL.popularity["b"] == 3


def test_hidden_members_are_found_far_better_than_by_naive_orders():
    collection = generated(5, skills=150, triads=120)
    ours, counted, by_name = (measure([collection], order) for order in (ranked, popular, alphabetical))
    assert ours["hidden"] == 360
    assert ours["hit@10"] > counted["hit@10"] > by_name["hit@10"]
    assert ours["MRR"] > counted["MRR"] > by_name["MRR"]


def test_partners_of_files(tmp_path):
    chain = "walk-maker (+1) ⊗ walk-queue (0) ⊗ far-check (-1) = 0 ✓"
    texts = {
        "walk-maker": ("+1", "Makes random walks.", f"See walk-check.\n\n{chain}"),
        "walk-queue": ("0", "Queues walks.", "Nothing."),
        "walk-check": ("-1", "Checks random walks.", ""),
        "far-check": (None, "Checks the rest.", ""),
        "red": ("-1", "Red.", "A red thing"),
    }
    for name, (trit, about, body) in texts.items():
        (tmp_path / name).mkdir()
        metadata = f'metadata:\n  gf3-trit: "{trit}"\n' if trit else ""
        text = f"---\nname: {name}\ndescription: {about}\n{metadata}---\n\n{body}\n"
        (tmp_path / name / "SKILL.md").write_text(text, encoding="utf-8")
    known = partners.of(read(tmp_path))
    assert known.mentions["walk-maker"] == {"walk-check"}
    found = known.find("walk-maker", "walk-queue")
    assert {partner.names[0] for partner in found} == {"far-check", "walk-check", "red"}
    assert {partner.names[0]: partner.mentions for partner in found}["walk-check"] == 1
    assert [partner.names[0] for partner in found if partner.is_stated] == ["far-check"]
