import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.skills import gf3

trits = st.lists(st.sampled_from(gf3.TRITS), max_size=12)


@pytest.mark.parametrize("triple", list(itertools.product(gf3.TRITS, repeat=3)))
def test_balanced_triples_are_one_of_each_or_three_alike(triple):
    assert gf3.is_balanced(triple) == (len(set(triple)) in (1, 3))


@given(trits)
def test_add_is_the_sum_modulo_3(values):
    assert gf3.add(values) in gf3.TRITS
    assert (gf3.add(values) - sum(values)) % 3 == 0


@given(trits)
def test_needed_balances(values):
    assert gf3.is_balanced([*values, gf3.needed(values)])


@given(trits, trits)
def test_add_is_additive(left, right):
    assert gf3.add([*left, *right]) == gf3.add([gf3.add(left), gf3.add(right)])


@pytest.mark.parametrize("trit", gf3.TRITS)
def test_written_trits_are_read_back(trit):
    assert gf3.read_trit(gf3.format_trit(trit)) == trit
    assert gf3.read_trit(gf3.NAMES[trit]) == trit


@pytest.mark.parametrize(
    ("text", "trit"),
    [
        ("+1", 1), ("1", 1), (" -1 ", -1), ("\u22121", -1), ("0", 0), ("+0", 0), ("-0", 0), ("Plus", 1), ("MINUS", -1),
        ("ergodic", 0), ("validator", -1), ("COORDINATOR", 0), ("Generator", 1), ("SLAVE", -1), ("MASTER", 0),
        ("GAY", 1), ("2", None), ("+2", None), ("", None), ("+", None), ("1.0", None), ("١", None), ("--1", None),
    ],
)  # fmt: skip
def test_read_trit(text, trit):
    assert gf3.read_trit(text) == trit


@pytest.mark.parametrize("wrong", [2, -2, 1.0, True, "1", None])
def test_what_is_no_trit_is_refused(wrong):
    for function in (gf3.add, gf3.is_balanced, gf3.needed):
        with pytest.raises(FfcolorError, match="is not a trit") as caught:
            function([0, wrong])
        assert caught.value.code == "trit"
    with pytest.raises(FfcolorError):
        gf3.format_trit(wrong)
