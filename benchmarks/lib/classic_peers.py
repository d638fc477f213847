"""Learners of scikit-learn, neighbours and kernel densities: each is a `Model` with settings."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.lib.concepts import Floats
from benchmarks.lib.inputs import Model, Probability


def _sigmoid(score: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(score, -60, 60))))


def _sklearn(make: Callable[[], Any], weighted: bool = True) -> Model:
    def model(x: Floats, y: Floats, w: Floats) -> Probability:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = make().fit(x, y, sample_weight=w) if weighted else make().fit(x, y)
        return lambda z: np.asarray(fitted.predict_proba(z)[:, 1])

    return model


def logistic_regression(C: float) -> Model:
    def make() -> Any:
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=C, max_iter=1000)

    return _sklearn(make)


def svm(C: float, gamma: float | str, slope: float = 2.0) -> Model:
    """RBF support vectors; a logistic of the margin, with a fixed slope, stands for a probability."""

    def model(x: Floats, y: Floats, w: Floats) -> Probability:
        from sklearn.svm import SVC

        fitted = SVC(C=C, gamma=gamma).fit(x, y, sample_weight=w)
        return lambda z: _sigmoid(slope * fitted.decision_function(z))

    return model


def gaussian_process(length: float, least: float, most: float) -> Model:
    """RBF Gaussian process (Laplace); the length scale is bounded, for it collapses at small k when free."""

    def make() -> Any:
        from sklearn.gaussian_process import GaussianProcessClassifier
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel

        return GaussianProcessClassifier(ConstantKernel(10.0, (1.0, 100.0)) * RBF(length, (least, most)))

    return _sklearn(make, weighted=False)


def _squared_distances(z: Floats, x: Floats) -> Floats:
    return np.maximum((z**2).sum(1)[:, None] + (x**2).sum(1) - 2 * z @ x.T, 0)


def nearest_neighbors(count: int) -> Model:
    """Votes of the nearest colours by weight over distance."""

    def model(x: Floats, y: Floats, w: Floats) -> Probability:
        def probability(z: Floats) -> Floats:
            far = _squared_distances(z, x)
            near = np.argsort(far, axis=1, kind="stable")[:, :count]
            vote = w[near] / (np.sqrt(np.take_along_axis(far, near, axis=1)) + 1e-3)
            return np.asarray((vote * y[near]).sum(1) / vote.sum(1))

        return probability

    return model


def kernel_density(width: float) -> Model:
    """Ratio of two Gaussian kernel densities whose widths shrink as n^(-1/7), the rule for three dimensions."""

    def model(x: Floats, y: Floats, w: Floats) -> Probability:
        def log_density(z: Floats, label: int) -> Floats:
            from scipy.special import logsumexp

            mine = y == label
            spread = width * mine.sum() ** (-1 / 7)
            exponent = -_squared_distances(z, x[mine]) / (2 * spread**2) + np.log(w[mine] / w[mine].sum())
            return np.asarray(logsumexp(exponent, axis=1) - 3 * np.log(spread))

        return lambda z: _sigmoid(log_density(z, 1) - log_density(z, 0))

    return model


def random_forest(trees: int) -> Model:
    def make() -> Any:
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(trees, random_state=0)

    return _sklearn(make)


def extra_trees(trees: int, leaf: int = 1) -> Model:
    def make() -> Any:
        from sklearn.ensemble import ExtraTreesClassifier

        return ExtraTreesClassifier(trees, min_samples_leaf=leaf, random_state=0)

    return _sklearn(make)


def gradient_boosting(bins: int) -> Model:
    def make() -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            max_iter=100, min_samples_leaf=2, max_leaf_nodes=8, max_bins=bins, early_stopping=False
        )

    return _sklearn(make)
