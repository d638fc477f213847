import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.skills import edn

keys = st.from_regex(r"[a-z][a-z0-9?-]{0,8}(/[a-z]{1,4})?", fullmatch=True)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


@given(values)
def test_what_is_written_is_read_back(value):
    assert edn.loads(edn.dumps(value)) == value


@given(st.text(alphabet='{}[]()":;\\ ,a1u-+.\n', max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        edn.loads(text)
    except FfcolorError as caught:
        error = caught
    else:
        return
    assert error.code == "edn"
    assert 0 <= error.position <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{:a/b 1, :c [nil true -7 2.5 1e3]} ; end", {"a/b": 1, "c": [None, True, -7, 2.5, 1000.0]}),
        (r'"\u00e9\ud83d\ude00\n\""', 'é😀\n"'),
        ("(1 2)", [1, 2]),
        ("[##Inf ##-Inf]", [float("inf"), float("-inf")]),
    ],
)
def test_edn_of_others_is_read(text, value):
    assert edn.loads(text) == value


@pytest.mark.parametrize("text", ["", "1 2", "{:a}", "{1 2}", "{:a 1 :a 2}", "[1)", "]", "#inst", r'"\q"', "[" * 1000])
def test_what_is_not_edn_is_refused(text):
    with pytest.raises(FfcolorError, match="not EDN"):
        edn.loads(text)


@pytest.mark.parametrize("value", [{1: 2}, {"a b": 1}, object(), float("nan"), {1, 2}])
def test_what_has_no_place_is_refused(value):
    with pytest.raises(FfcolorError) as caught:
        edn.dumps(value)
    assert caught.value.code == "edn"


@given(values)
def test_an_answer_reads_as_the_same_document(value):
    assert edn.loads(edn.answer(value)) == value
    assert edn.answer(value).isascii()


def test_an_answer_holds_whatever_there_is():
    found = edn.answer({"is_in": float("nan"), "a b": object, "c": 2j}, lambda value: "#c 2" if value == 2j else None)
    assert found == '{:is-in ##NaN "a b" "<class \'object\'>" :c #c 2}'


def test_numbers_of_others_are_written_as_pythons_own():
    assert edn.dumps([np.float64(0.5)]) == "[0.5]"
