"""Settings as scikit-learn's estimators keep them: stored as given, checked in fit, read, changed and cloned."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from ffcolor import ColorPreference, FfcolorError, PalettePreference, TasteClassifier
from ffcolor.settings import Choice, Number, Row, Whole, check

LIKED, DISLIKED = ["#ffd1dc", "#c1e1c1", "#aec6cf"], ["#8b0000", "#003300", "black"]
PALETTES = [["#7f1d1d", "#dc2626", "#fca5a5"]], [["#1e3a8a", "#3b82f6", "#bfdbfe"]]
CLASSES = [ColorPreference, PalettePreference, TasteClassifier]


@pytest.mark.parametrize("kind", CLASSES)
def test_settings_are_kept_as_they_were_given(kind: type) -> None:
    given = {name: object() for name in inspect.signature(kind).parameters}
    model = kind(**given)
    assert model.get_params() == given
    assert vars(model) == given
    assert model.set_params() is model
    assert model.set_params(seed=4, hidden=3).get_params()["seed"] == 4
    assert list(kind().get_params()) == list(given)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_setting_is_limited_and_every_default_is_inside(kind: type) -> None:
    params = kind().get_params()
    assert {*kind.LIMITS} == {*params} - {"device"}
    params.pop("device", None)
    assert check(kind.LIMITS, **params) == params


@pytest.mark.parametrize("kind", CLASSES)
def test_an_unknown_setting_is_refused_and_changes_nothing(kind: type) -> None:
    model = kind()
    with pytest.raises(
        FfcolorError, match=f"'stepz' is not a setting of {kind.__name__}: did you mean 'steps'"
    ) as caught:
        model.set_params(seed=9, stepz=3)
    assert caught.value.code == "invalid-setting"
    assert model.seed == 0


@pytest.mark.parametrize("kind", CLASSES)
def test_scikit_learn_clones_it(kind: type) -> None:
    base = pytest.importorskip("sklearn.base")
    model = kind(hidden=3, seed=np.int64(5))
    copy = base.clone(model)
    assert type(copy) is kind
    assert copy is not model
    assert copy.get_params() == model.get_params()


def test_numpy_numbers_are_settings() -> None:
    plain = ColorPreference(hidden=4, threshold=5.0, steps=9, seed=3).fit(LIKED, DISLIKED)
    other = ColorPreference(hidden=np.int64(4), threshold=np.float32(5), steps=np.uint8(9), seed=np.int32(3))
    other.fit(LIKED, DISLIKED)
    assert other.score(LIKED).tobytes() == plain.score(LIKED).tobytes()
    assert other.settings_ == plain.settings_
    assert type(other.hidden) is np.int64
    layers = ColorPreference(hidden=np.array([4, 3]), steps=9).fit(LIKED, DISLIKED)
    assert [each.shape[1] for each in layers.network_.weights] == [4, 3]
    palettes = PalettePreference(hidden=np.int64(4), steps=np.int64(5)).fit(*PALETTES)
    assert (
        palettes.score(PALETTES[0]).tobytes()
        == PalettePreference(hidden=4, steps=5).fit(*PALETTES).score(PALETTES[0]).tobytes()
    )


def test_numpy_settings_are_written_to_files(tmp_path: object) -> None:
    path = tmp_path / "taste.safetensors"  # type: ignore[operator]
    for model, data in (
        (ColorPreference(hidden=np.array([4]), steps=np.int64(9), l2=np.float64(0.5)), (LIKED, DISLIKED)),
        (PalettePreference(hidden=np.int64(4), steps=np.int64(5)), PALETTES),
    ):
        model.fit(*data).save(path)
        again = type(model).load(path)
        assert again.settings_ == model.settings_
        assert again.score(data[0]).tobytes() == model.score(data[0]).tobytes()


def test_what_was_learned_stays_when_settings_change(tmp_path: object) -> None:
    path = tmp_path / "taste.safetensors"  # type: ignore[operator]
    model = ColorPreference().fit(LIKED, DISLIKED)
    before = model.score(DISLIKED), model.probability(DISLIKED), model.judge(DISLIKED).score
    model.set_params(threshold=1.0, hidden=2)
    after = model.score(DISLIKED), model.probability(DISLIKED), model.judge(DISLIKED).score
    np.testing.assert_array_equal(before, after)
    model.save(path)
    assert ColorPreference.load(path).threshold == 6.0
    assert model.fit(LIKED, DISLIKED).network_.threshold == 1.0


@pytest.mark.parametrize(
    ("constraint", "value", "says"),
    [
        (
            Whole(1) | Row(Whole(1)),
            0,
            "a whole number, at least 1, or a list in which each is a whole number, at least 1",
        ),
        (Choice("auto") | Number(0), -1, "'auto' or a number, 0 or more"),
        (Row(Whole(1), 2), [3], "a list of at least 2 in which each is a whole number, at least 1"),
        (Number(0, below=1), 10**400, "a number from 0 up to, but not including, 1"),
    ],
)
def test_what_would_be_accepted(constraint: object, value: object, says: str) -> None:
    with pytest.raises(FfcolorError) as caught:
        check({"it": constraint}, it=value)  # type: ignore[dict-item]
    assert str(caught.value).endswith(f"; it must be {says}")
