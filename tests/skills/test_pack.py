import functools
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.skills.gf3 import TRITS, is_balanced
from ffcolor.skills.solve.pack import most, pack

KINDS = [kind for kind in itertools.combinations_with_replacement(TRITS, 3) if is_balanced(kind)]
collections = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.sampled_from(TRITS), max_size=20)


@functools.cache
def brute(counts, kinds):
    """The most triads of these kinds by trying every one of them first."""
    best = 0
    for kind in kinds:
        rest = tuple(count - kind.count(trit) for count, trit in zip(counts, TRITS, strict=True))
        if min(rest) >= 0:
            best = max(best, 1 + brute(rest, kinds))
    return best


def test_the_kinds_are_one_of_each_and_three_alike():
    assert sorted(KINDS) == [(-1, -1, -1), (-1, 0, 1), (0, 0, 0), (1, 1, 1)]


def test_most_is_what_trying_everything_finds():
    for counts in itertools.product(range(11), repeat=3):
        assert most(*counts) == brute(counts, tuple(KINDS))
        assert most(*counts, one_of_each=True) == brute(counts, ((-1, 0, 1),))


@given(collections, st.data(), st.booleans())
def test_pack_gives_that_many_disjoint_balanced_triads(trits, data, one_of_each):
    stated = data.draw(st.lists(st.lists(st.sampled_from([*sorted(trits), "nobody"]), min_size=3, max_size=3)))
    found = pack(trits, stated, one_of_each)
    counts = [list(trits.values()).count(trit) for trit in TRITS]
    assert len(found.triads) == most(*counts, one_of_each=one_of_each)
    members = [name for triad in found.triads for name, _ in triad] + [name for name, _ in found.left]
    assert sorted(members) == sorted(trits)
    for triad in found.triads:
        assert all(trits[name] == trit for name, trit in triad)
        assert is_balanced(trit for _, trit in triad)
        assert not one_of_each or {trit for _, trit in triad} == set(TRITS)
    written = {frozenset(triad) for triad in stated}
    assert all({name for name, _ in triad} in written for triad in found.triads[: found.stated])


def test_stated_triads_are_kept():
    trits = {"a": 1, "b": 1, "c": 0, "d": 0, "e": -1, "f": -1}
    found = pack(trits, [["b", "d", "f"], ["b", "c", "e"]])
    assert found.stated == 1
    assert found.triads == ((("f", -1), ("d", 0), ("b", 1)), (("e", -1), ("c", 0), ("a", 1)))


def test_one_of_each_is_preferred_where_the_number_allows():
    trits = {f"{trit}{i}": trit for trit in TRITS for i in range(3)}
    assert [len({trit for _, trit in triad}) for triad in pack(trits).triads] == [3, 3, 3]


@pytest.mark.parametrize("counts", [(-1, 0, 0), (0, 1.0, 0), (True, 0, 0)])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(FfcolorError, match="not a number of skills"):
        most(*counts)


def test_trits_that_are_none_are_refused():
    with pytest.raises(FfcolorError, match="2 is not a trit"):
        pack({"a": 2})
