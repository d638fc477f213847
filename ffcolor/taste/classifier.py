"""TasteClassifier: a taste as a binary classifier of scikit-learn's kind, for pipelines, searches and cross-validation.

It follows scikit-learn's protocol without importing scikit-learn: only what scikit-learn itself calls imports it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ffcolor.engine import layer
from ffcolor.errors import FfcolorError, not_fitted
from ffcolor.settings import Choice
from ffcolor.taste import number_taste
from ffcolor.taste.colors import ColorPreference
from ffcolor.taste.labels import merged, read_labels, read_weights, two_classes
from ffcolor.taste.learning import Side
from ffcolor.taste.parameters import Parameters
from ffcolor.taste.rows import read_rows

if TYPE_CHECKING:
    from sklearn.utils import Tags

Floats = NDArray[np.float64]


class TasteClassifier(Parameters):
    """A taste in colour as a binary classifier with scikit-learn's interface.

    Of the two classes in y, the larger one in sorted order, ``classes_[1]``, is the liked one, as scikit-learn has it
    of a positive class: True over False, 1 over 0, "liked" over "disliked", "yes" over "no".

    The rows of X are colours, and are learned by `ColorPreference`: text such as ``["#ff0000", "teal"]``, an array
    (n, 3) of floats in 0..1, or anything else that `ffcolor.read_colors` takes. Any other table of numbers, such as one
    that a pipeline has scaled, is learned as what it is, by the same layers on its standardised columns and random
    Fourier features of them. What it takes the rows for is decided in `fit` and kept in ``inputs_``; `predict` refuses
    rows of the other kind.

    Args:
        inputs: ``"colors"``, ``"numbers"``, or ``"auto"``: three columns of floats in 0..1 or of uint8 are colours, all
            other tables of numbers are numbers.
        hidden, threshold, l2, steps, learning_rate, seed, device: as in `ColorPreference`.
        background: as in `ColorPreference`; numbers have no gamut, and do without.

    Attributes:
        classes_: the two classes, sorted; the second is the liked one.
        inputs_: ``"colors"`` or ``"numbers"``.
        n_features_in_: the number of columns of X; 3 for colours given in another way.
        feature_names_in_: the names of the columns, only if X named them all in text.
        taste_: what was learned: a `ColorPreference`, which can be saved and asked for palettes, if X holds colours.

    Example:
        >>> taste = TasteClassifier().fit(["#ffd1dc", "#c1e1c1", "#8b0000", "black"], ["yes", "yes", "no", "no"])
        >>> taste.predict(["#fdfd96", "#220011"]).tolist()
        ['yes', 'no']
    """

    LIMITS = MappingProxyType({"inputs": Choice("auto", "colors", "numbers"), **ColorPreference.LIMITS})

    def __init__(
        self,
        *,
        inputs: str = "auto",
        hidden: int | Sequence[int] = 8,
        threshold: float = 6.0,
        l2: float | str = "auto",
        background: float = 0.15,
        steps: int = 60,
        learning_rate: float = 0.05,
        seed: int = 0,
        device: str = "cpu",
    ):
        self.inputs = inputs
        self.hidden = hidden
        self.threshold = threshold
        self.l2 = l2
        self.background = background
        self.steps = steps
        self.learning_rate = learning_rate
        self.seed = seed
        self.device = device

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> TasteClassifier:
        """Learn from labelled rows, forgetting what was learned before.

        Args:
            X: n colours, or numbers (n, columns).
            y: their labels, (n,): text, whole numbers or booleans, of two classes.
            sample_weight: how much each row counts, (n,), 0 or more; all the same if None. A row of weight two is the
                same as that row given twice, to the last bit. Each class counts for one half, however many rows it has.

        Returns:
            This classifier. If anything is raised, it is as it was.

        Raises:
            FfcolorError: rows, labels, weights or settings that make no sense.
        """
        settings = self._checked()
        rows = read_rows(X, settings.pop("inputs"))
        labels = read_labels(y, len(rows.values), type(self).__name__)
        weights = read_weights(sample_weight, len(rows.values))
        counted = weights > 0
        classes, liked = two_classes(labels[counted])
        values, weights = rows.values[counted], weights[counted]
        likes, dislikes = (merged(values[side], weights[side]) for side in (liked, ~liked))
        if rows.colors:
            self.taste_: Any = ColorPreference(**settings, device=self.device).fit(
                likes[0], dislikes[0], liked_weight=likes[1], disliked_weight=dislikes[1]
            )
        else:
            self.taste_ = number_taste.learn(_side(*likes), _side(*dislikes), settings, self.device)
        self.classes_, self._columns = classes, rows.columns
        self.inputs_ = "colors" if rows.colors else "numbers"
        self.n_features_in_ = 3 if rows.columns is None else rows.columns.number
        self.__dict__.pop("feature_names_in_", None)
        if rows.columns is not None and rows.columns.names is not None:
            self.feature_names_in_ = np.array(rows.columns.names, dtype=object)
        return self

    def decision_function(self, X: Any) -> Floats:
        """The score of each row, float64 (n,): above 0 is ``classes_[1]``; see `ColorPreference.score`."""
        return self._score(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of each row, (n,)."""
        return self._classes(self._score(X))

    def predict_proba(self, X: Any) -> Floats:
        """The probability of each class, float64 (n, 2), in the order of ``classes_``, if both are equally frequent."""
        liked = layer.sigmoid(self._score(X) / len(self.taste_.network_.weights))
        return np.stack([1 - liked, liked], axis=1)

    def score(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> float:
        """Accuracy in [0, 1]: the share of rows whose class is predicted, each row counted by its weight."""
        said = self._classes(self._score(X))
        labels, weights = read_labels(y, len(said), type(self).__name__), read_weights(sample_weight, len(said))
        return float(np.average(said == labels, weights=weights))

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self)).parameters
        params = self.get_params().items()
        changed = [f"{name}={value!r}" for name, value in params if repr(value) != repr(defaults[name].default)]
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_tags__(self) -> Tags:
        """What scikit-learn can expect: two classes, a table of finite numbers (or text, for which there is no tag)."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(multi_class=False),
            input_tags=InputTags(),
        )

    def _score(self, X: Any) -> Floats:
        if not hasattr(self, "taste_"):
            raise _not_fitted(self)
        rows = read_rows(X, self.inputs_, self._columns, type(self).__name__)
        return np.asarray(self.taste_.score(rows.values), dtype=np.float64)

    def _classes(self, score: Floats) -> NDArray[Any]:
        classes: NDArray[Any] = self.classes_[(score > 0).astype(np.intp)]
        return classes


def _side(rows: NDArray[Any], weights: Floats) -> Side:
    return Side(rows, (weights / weights.sum()).astype(np.float32))


def _not_fitted(who: TasteClassifier) -> FfcolorError:
    if "sklearn" in sys.modules:
        from ffcolor.taste.known_to_sklearn import NotFittedError

        return not_fitted(who, NotFittedError)
    return not_fitted(who)
