"""What else could learn a taste from a few colours: each peer is a function (pos, neg) -> (colors -> probability).

Every peer sees inputs of one of three kinds:
    RGB       the colour itself, centered and scaled (3).
    D12       twelve perceptual coordinates from OKLab and RGB (12).
    features  what ffcolor's own learner sees (`ffcolor.taste.features.encode`).
A peer named "… + bg" is also given 256 background colours, drawn uniformly from the gamut, that carry the same share of
the weight of the disliked class as they do for ffcolor's learner by default. Both classes weigh the same for every peer
that accepts weights. Settings were chosen on the development seeds, for each peer and input by itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.lib.classic_peers import (
    extra_trees,
    gaussian_process,
    gradient_boosting,
    kernel_density,
    logistic_regression,
    nearest_neighbors,
    random_forest,
    svm,
)
from benchmarks.lib.concepts import Floats
from benchmarks.lib.inputs import Fit, Model, Probability, background, d12, features, rgb
from benchmarks.lib.network_peers import backprop_mlp, fflib, naive_form_of_ffcolor, naive_forward_forward


def peer(model: Model, see: Callable[[Floats], Floats], with_background: bool = False) -> Fit:
    """A peer out of a model and what it sees. Without disliked colours, every peer learns against the background."""

    def fit(pos: Floats, neg: Floats | None) -> Probability:
        from ffcolor import ColorPreference

        share = 1.0 if neg is None else ColorPreference().background if with_background else 0.0
        groups = [(pos, 1.0, 1.0)]  # colours, label, share of the weight of its class
        if neg is not None:
            groups.append((neg, 0.0, 1 - share))
        if share:
            groups.append((background(), 0.0, share))
        class_weight = (len(pos) + len(pos if neg is None else neg)) / 2
        x = see(np.concatenate([colors for colors, _, _ in groups]))
        y = np.concatenate([np.full(len(colors), label) for colors, label, _ in groups])
        w = np.concatenate([np.full(len(colors), class_weight * part / len(colors)) for colors, _, part in groups])
        probability = model(x, y, w)
        return lambda colors: probability(see(colors))

    return fit


INPUTS: dict[str, Callable[[Floats], Floats]] = {"RGB": rgb, "D12": d12, "features": features}


def _grid(name: str, *models: Model, with_background: tuple[str, ...] = ("D12", "features")) -> dict[str, Fit]:
    """One learner, with settings of its own, on each of the inputs; and on some of them with the background as well."""
    by_input = dict(zip(INPUTS, models, strict=True))
    grid = {f"{name}, {see}": peer(model, INPUTS[see]) for see, model in by_input.items()}
    return grid | {f"{name}, {see} + bg": peer(by_input[see], INPUTS[see], True) for see in with_background}


PEERS: dict[str, Fit] = {
    **_grid("logistic regression", logistic_regression(1), logistic_regression(3), logistic_regression(3)),
    **_grid("RBF-SVM", svm(1, 1.0), svm(1, 0.25), svm(3, 0.2)),
    **_grid(
        "GP",
        gaussian_process(1, 0.7, 3),
        gaussian_process(2.5, 1.5, 6),
        gaussian_process(1.5, 1, 3),
        with_background=(),  # it takes no weights
    ),
    **_grid("k-NN", nearest_neighbors(9), nearest_neighbors(9), nearest_neighbors(9)),
    **_grid("KDE ratio", kernel_density(1.2), kernel_density(2.4), kernel_density(0.5)),
    **_grid("random forest", random_forest(100), random_forest(100), random_forest(100)),
    **_grid("extra trees", extra_trees(100), extra_trees(200), extra_trees(200, leaf=2)),
    **_grid(
        "gradient boosting",
        gradient_boosting(bins=32),
        gradient_boosting(bins=32),
        gradient_boosting(bins=16),
        with_background=("D12",),  # on the features that takes seconds
    ),
    **_grid("backprop MLP", backprop_mlp(decay=0.2), backprop_mlp(decay=0.5), backprop_mlp(decay=0.5)),
    **{f"fflib, {see}": fflib(INPUTS[see], theta=2.0, rate=0.03) for see in INPUTS},
    "naive FF layer, RGB": naive_forward_forward(),
    "FFLayer(naive=True), RGB": naive_form_of_ffcolor(),
}

# Learners that are left out of the larger tasks for their time: name -> the largest k they are given.
LARGEST_K: dict[str, int] = {"gradient boosting, features": 16}
