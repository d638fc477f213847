"""TasteClassifier: scikit-learn's own checks of an estimator, and what users of colours are promised beside them."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest

from ffcolor import ColorPreference, FfcolorError, FfcolorWarning, Palette, TasteClassifier, streams
from ffcolor.color import space, to_hex

COLORS = streams.uniform(21, (240, 3)).astype(np.float32)
NEW = streams.uniform(22, (300, 3)).astype(np.float32)


def pastel(rgb: np.ndarray) -> np.ndarray:
    lch = space.to_polar(space.srgb_to_oklab(rgb))
    return (lch[:, 0] > 0.75) & (lch[:, 1] < 0.12)


LIKED = pastel(COLORS)
WORDS = np.where(LIKED, "liked", "disliked")
rng = np.random.default_rng(5)
NUMBERS = rng.normal(size=(80, 5)) * [1, 10, 100, 0.1, 1] + 7
SIGNS = (NUMBERS[:, 0] + NUMBERS[:, 1] / 10 > NUMBERS[:, :2].mean(axis=0) @ [1, 0.1]).astype(int)


@pytest.fixture(scope="module")
def fitted() -> TasteClassifier:
    return TasteClassifier().fit(COLORS, WORDS)


# scikit-learn ----


@pytest.fixture
def sklearn() -> object:
    return pytest.importorskip("sklearn", minversion="1.6")


@pytest.mark.usefixtures("sklearn")
@pytest.mark.parametrize("settings", [{}, {"hidden": (6, 4), "l2": 0.1}, {"inputs": "numbers"}])
def test_scikit_learn_checks_it(settings: dict[str, object]) -> None:
    from sklearn.utils.estimator_checks import check_estimator

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Estimator TasteClassifier does not inherit", UserWarning)
        warnings.filterwarnings("ignore", "Skipping check check_array_api_input", UserWarning)
        results = check_estimator(TasteClassifier(**settings))
    passed = [result["check_name"] for result in results if result["status"] == "passed"]
    skipped = [result["check_name"] for result in results if result["status"] != "passed"]
    assert len(passed) > 55
    assert set(skipped) <= {"check_array_api_input", "check_classifier_data_not_an_array"}  # lacking SciPy's or pandas
    assert {"check_sample_weight_equivalence_on_dense_data", "check_classifier_not_supporting_multiclass"} <= {*passed}


@pytest.mark.usefixtures("sklearn")
def test_scikit_learn_checks_its_names_of_columns() -> None:
    pytest.importorskip("pandas")
    from sklearn.utils.estimator_checks import check_dataframe_column_names_consistency

    check_dataframe_column_names_consistency("TasteClassifier", TasteClassifier())


@pytest.mark.usefixtures("sklearn")
def test_cross_validation_of_colors_and_of_text() -> None:
    from sklearn.model_selection import cross_val_score

    by_numbers = cross_val_score(TasteClassifier(), COLORS, WORDS, scoring="roc_auc")
    by_text = cross_val_score(TasteClassifier(), to_hex(COLORS), WORDS, scoring="roc_auc")
    assert by_numbers.min() > 0.95
    assert by_text.min() > 0.95
    assert cross_val_score(TasteClassifier(), COLORS, WORDS).mean() > 0.9


@pytest.mark.usefixtures("sklearn")
def test_a_search_over_numpy_settings() -> None:
    from sklearn.model_selection import GridSearchCV

    grid = {"hidden": np.array([2, 8]), "steps": [np.int64(20), 60], "l2": ["auto", np.float64(0.1)]}
    search = GridSearchCV(TasteClassifier(), grid, cv=3).fit(COLORS, WORDS)
    assert search.best_score_ > 0.9
    assert len(search.cv_results_["params"]) == 8
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.usefixtures("sklearn")
def test_pipelines() -> None:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    scaled = make_pipeline(StandardScaler(), TasteClassifier()).fit(COLORS, WORDS)
    assert scaled[-1].inputs_ == "numbers"
    assert scaled.score(NEW, np.where(pastel(NEW), "liked", "disliked")) > 0.85
    read = make_pipeline(FunctionTransformer(lambda texts: [text.strip() for text in texts]), TasteClassifier())
    read.fit([f" {text}" for text in to_hex(COLORS)], WORDS)
    assert read[-1].inputs_ == "colors"
    assert "TasteClassifier" in read._repr_html_()


@pytest.mark.usefixtures("sklearn")
def test_clones_and_their_settings() -> None:
    from sklearn.base import clone, is_classifier

    sizes = [4, 3]
    model = TasteClassifier(hidden=sizes, seed=7)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert copy.hidden is not sizes
    assert model.hidden is sizes
    assert is_classifier(model)
    assert repr(model) == "TasteClassifier(hidden=[4, 3], seed=7)"
    assert repr(TasteClassifier()) == "TasteClassifier()"


@pytest.mark.usefixtures("sklearn")
def test_not_fitted_is_known_to_both() -> None:
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError, match="call fit first") as caught:
        TasteClassifier().predict(COLORS)
    assert isinstance(caught.value, FfcolorError)
    assert pickle.loads(pickle.dumps(caught.value)).code == "not-fitted"


# without scikit-learn ----


def test_it_does_not_import_scikit_learn() -> None:
    program = (
        "import sys; from ffcolor import TasteClassifier\n"
        "taste = TasteClassifier().fit(['#fff', '#fdd', '#000', '#300'], [1, 1, 0, 0])\n"
        "assert taste.predict(['#fee', '#010']).tolist() == [1, 0]\n"
        "TasteClassifier().fit([[1, 2], [3, 4], [5, 6], [7, 8]], [0, 0, 1, 1])\n"
        "try: TasteClassifier().predict(['red'])\n"
        "except ValueError as error: assert error.code == 'not-fitted'\n"
        "print('sklearn' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_it_decides_as_the_preference_does(fitted: TasteClassifier) -> None:
    taste = ColorPreference().fit(COLORS[LIKED], COLORS[~LIKED])
    np.testing.assert_array_equal(fitted.predict(NEW) == "liked", taste.score(NEW) > 0)
    assert fitted.decision_function(NEW).astype(np.float32).tobytes() == taste.score(NEW).tobytes()
    np.testing.assert_allclose(fitted.predict_proba(NEW)[:, 1], taste.probability(NEW), atol=1e-6)
    assert isinstance(fitted.taste_, ColorPreference)
    assert len(fitted.taste_.palette(4)) == 4


@pytest.mark.parametrize(
    "classes",
    [("disliked", "liked"), ("no", "yes"), (0, 1), (-1, 1), (False, True), (2.0, 5.0)],
)
def test_the_larger_class_is_the_liked_one(classes: tuple[object, object], fitted: TasteClassifier) -> None:
    y = np.array(classes)[LIKED.astype(int)]
    model = TasteClassifier().fit(COLORS, y)
    assert model.classes_.tolist() == list(classes)
    assert (model.decision_function(NEW) == fitted.decision_function(NEW)).all()
    assert model.predict(NEW).dtype == y.dtype
    said = model.predict(NEW) == classes[1]
    assert (said == (model.predict_proba(NEW)[:, 1] > 0.5)).all()
    assert (said == pastel(NEW)).mean() > 0.9


def test_all_ways_to_give_colors() -> None:
    pandas = pytest.importorskip("pandas")
    texts = to_hex(COLORS)
    exact = np.round(COLORS.astype(np.float64) * 255).astype(np.uint8)
    forms = [
        texts,
        tuple(texts),
        np.array(texts),
        np.array(texts, dtype=object),
        np.array(texts)[:, None],
        [[text] for text in texts],
        pandas.Series(texts),
        pandas.DataFrame({"colors": texts}),
        exact,
        exact / 255,
        pandas.DataFrame(exact / 255, columns=["colors", "green", "blue"]),
        [{"hex": text} for text in texts],
        Palette(texts),
    ]
    expected = TasteClassifier().fit(texts, WORDS).decision_function(texts)
    for form in forms:
        model = TasteClassifier().fit(form, WORDS)
        assert (model.inputs_, model.n_features_in_) == ("colors", 3)
        np.testing.assert_allclose(model.decision_function(texts), expected, atol=1e-4)
        np.testing.assert_allclose(model.decision_function(form), expected, atol=1e-4)


def test_names_of_columns_come_and_go() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(COLORS, columns=["r", "g", "b"])
    model = TasteClassifier().fit(table, WORDS)
    assert model.feature_names_in_.tolist() == ["r", "g", "b"]
    with pytest.warns(FfcolorWarning, match="does not have valid feature names"):
        model.predict(COLORS)
    with pytest.raises(FfcolorError, match="same order"):
        model.predict(table[["b", "g", "r"]])
    assert len(model.predict(["red", "pink"])) == 2
    assert not hasattr(model.fit(COLORS, WORDS), "feature_names_in_")
    with pytest.warns(FfcolorWarning, match="was fitted without feature names"):
        model.predict(table)


def test_numbers_are_learned_as_numbers() -> None:
    model = TasteClassifier().fit(NUMBERS[:50], SIGNS[:50])
    assert (model.inputs_, model.n_features_in_) == ("numbers", 5)
    assert model.score(NUMBERS[50:], SIGNS[50:]) > 0.85
    many = rng.normal(size=(6000, 2))
    labels = (many**2).sum(axis=1) < 1
    assert TasteClassifier().fit(many, labels).score(many, labels) > 0.9
    constant = np.column_stack([NUMBERS, np.full(80, 3.0), np.full(80, 1e200) * rng.random(80)])
    assert TasteClassifier().fit(constant, SIGNS).score(constant, SIGNS) > 0.9


@pytest.mark.needs("torch")
def test_layers_on_layers_and_a_torch_device() -> None:
    plain = TasteClassifier(hidden=(8, 6)).fit(NUMBERS, SIGNS)
    torch = TasteClassifier(hidden=(8, 6), device="cpu:0").fit(NUMBERS, SIGNS)
    assert plain.score(NUMBERS, SIGNS) > 0.9
    np.testing.assert_allclose(plain.decision_function(NUMBERS), torch.decision_function(NUMBERS), atol=0.1)


@pytest.mark.parametrize(("X", "y"), [(COLORS[:60], LIKED[:60]), (NUMBERS, SIGNS)])
def test_weights_are_repetitions_to_the_last_bit(X: np.ndarray, y: np.ndarray) -> None:
    weight = np.arange(len(X)) % 4
    order = rng.permutation(len(X))
    weighted = TasteClassifier().fit(X[order], y[order], sample_weight=weight[order])
    repeated = TasteClassifier().fit(X.repeat(weight, axis=0), y.repeat(weight))
    assert weighted.decision_function(X).tobytes() == repeated.decision_function(X).tobytes()
    assert weighted.decision_function(X).tobytes() != TasteClassifier().fit(X, y).decision_function(X).tobytes()


@pytest.mark.parametrize(("X", "y"), [(COLORS, LIKED), (NUMBERS, SIGNS)])
def test_the_same_bytes_in_any_order_and_after_a_pickle(X: np.ndarray, y: np.ndarray) -> None:
    model = TasteClassifier().fit(X, y)
    expected = model.decision_function(X).tobytes()
    assert TasteClassifier().fit(X[::-1], y[::-1]).decision_function(X).tobytes() == expected
    assert pickle.loads(pickle.dumps(model)).decision_function(X).tobytes() == expected
    one_by_one = np.concatenate([model.decision_function(row[None]) for row in X])
    np.testing.assert_allclose(one_by_one, model.decision_function(X), atol=2e-5 if X is COLORS else 1e-9)


def test_what_is_learned_is_what_is_asked(fitted: TasteClassifier) -> None:
    with pytest.raises(FfcolorError, match=r"2 is outside 0\.\.1"):
        fitted.predict([[2.0, 0.3, 0.1]])
    with pytest.raises(FfcolorError, match="X has 4 features, but TasteClassifier is expecting 3 features"):
        fitted.predict(np.zeros((2, 4)))
    with pytest.raises(FfcolorError, match="Reshape your data"):
        fitted.predict([0.1, 0.2, 0.3])
    with pytest.raises(FfcolorError, match="not a table of numbers"):
        TasteClassifier().fit(NUMBERS, SIGNS).predict(["red"])
    numbers = TasteClassifier(inputs="numbers").fit(COLORS, WORDS)
    assert numbers.inputs_ == "numbers"
    assert len(numbers.predict([[2.0, 0.3, 0.1]])) == 1
    with pytest.raises(FfcolorError, match="NaN or infinity: nan at row 1, column 2"):
        fitted.predict([[0.1, 0.2, 0.3], [0.1, 0.2, np.nan]])


def test_what_may_be_bytes_is_asked_about() -> None:
    counts = rng.integers(0, 256, (30, 3))
    y = counts[:, 0] > 100
    for X in (counts, counts.astype(float)):
        with pytest.warns(FfcolorWarning, match=r"whole numbers up to 255 .* set inputs='colors'"):
            model = TasteClassifier().fit(X, y)
        assert model.inputs_ == "numbers"
    assert TasteClassifier(inputs="numbers").fit(counts, y).inputs_ == "numbers"
    assert TasteClassifier(inputs="colors").fit(counts, y).inputs_ == "colors"
    assert TasteClassifier().fit(counts / 255, y).inputs_ == "colors"


@pytest.mark.parametrize(
    ("y", "says"),
    [
        (None, "requires y to be passed"),
        (WORDS[:-1], "X has 240 rows and y has 239 labels"),
        (np.zeros((240, 2)), "1d array"),
        (np.linspace(0, 1, 240), "continuous"),
        (np.full(240, np.nan), "NaN"),
        (np.arange(240), "Only binary classification is supported. y holds 240 classes"),
        (["yes"] * 240, "only 1 class .*'yes'"),
        ([None, "yes"] * 120, "mixes types"),
        (np.full(240, 1j), "complex"),
    ],
)
def test_labels_that_make_no_sense(y: object, says: str) -> None:
    model = TasteClassifier().fit(COLORS, WORDS)
    before = model.decision_function(NEW).tobytes()
    with pytest.raises(FfcolorError, match=says) as caught:
        model.fit(COLORS, y)
    assert caught.value.code == "invalid-label"
    assert model.decision_function(NEW).tobytes() == before


@pytest.mark.parametrize(
    ("weight", "says"),
    [
        (np.ones(3), "one weight for each of 240 rows"),
        (-np.ones(240), "sample_weight 0 is -1.0"),
        (np.zeros(240), "every sample_weight is zero"),
    ],
)
def test_weights_that_make_no_sense(weight: np.ndarray, says: str) -> None:
    with pytest.raises(FfcolorError, match=says) as caught:
        TasteClassifier().fit(COLORS, WORDS, sample_weight=weight)
    assert caught.value.code == "invalid-weight"


def test_weights_that_leave_one_class() -> None:
    with pytest.raises(FfcolorError, match="only 1 class"):
        TasteClassifier().fit(COLORS, WORDS, sample_weight=LIKED.astype(float))


def test_accuracy_counts_by_weight(fitted: TasteClassifier) -> None:
    right = fitted.predict(COLORS) == WORDS
    assert fitted.score(COLORS, WORDS) == pytest.approx(right.mean())
    weight = np.arange(240.0)
    assert fitted.score(COLORS, WORDS, weight) == pytest.approx(np.average(right, weights=weight))


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(FfcolorError, match=r"inputs is 'color'; .*did you mean 'colors'"):
        TasteClassifier(inputs="color").fit(COLORS, WORDS)
    with pytest.raises(FfcolorError, match="steps is 0"):
        TasteClassifier(steps=0).fit(NUMBERS, SIGNS)


def test_rows_that_leave_the_colours_say_how_they_were_taken() -> None:
    taste = TasteClassifier().fit(COLORS, WORDS)
    with pytest.raises(FfcolorError) as caught:
        taste.predict(COLORS * 1.3)
    message, position = str(caught.value), caught.value.position
    assert message.startswith(f"row {position} of X: [")
    assert "taken as colours in fit" in message
    assert "set inputs='numbers'" in message
    assert "scale" not in message
    with pytest.raises(FfcolorError) as caught:
        TasteClassifier(inputs="colors").fit(COLORS * 200, WORDS)
    assert "scale" not in str(caught.value)
    assert TasteClassifier(inputs="numbers").fit(COLORS, WORDS).predict(COLORS * 1.3).shape == (240,)


def test_a_score_needs_labels_of_the_kind_that_was_fitted() -> None:
    taste = TasteClassifier().fit(COLORS, LIKED)
    assert taste.score(COLORS, LIKED.astype(int)) == taste.score(COLORS, LIKED)
    with pytest.raises(FfcolorError, match=r"y holds '.*', and the classes that were fitted are False and True"):
        taste.score(COLORS, WORDS)
    with pytest.raises(FfcolorError, match="y holds 1, and the classes"):
        TasteClassifier().fit(COLORS, WORDS).score(COLORS[:1], [1])
