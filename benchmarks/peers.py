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

import warnings
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.concepts import Floats, rng_for
from ffcolor.color.space import srgb_to_oklab

Probability = Callable[[Floats], Floats]
Fit = Callable[[Floats, Floats | None], Probability]
Model = Callable[[Floats, Floats, Floats], Probability]  # inputs (n, d), labels (n,), weights (n,) -> inputs -> p


# --- inputs -----------------------------------------------------------------------------------------------------------


def rgb(colors: Floats) -> Floats:
    """Scaled RGB, (n, 3)."""
    return (np.asarray(colors, dtype=np.float64) - 0.5) / 0.289


def d12(colors: Floats) -> Floats:
    """Lightness, chroma, gated hue direction (and turned by 45 degrees), RGB, saturation, largest, least: (n, 12)."""
    r = np.asarray(colors, dtype=np.float64)
    L, a, b = srgb_to_oklab(r).T
    C = np.hypot(a, b)
    x, y = 1.4 * a / (C + 0.03), 1.4 * b / (C + 0.03)
    high, low = r.max(axis=1), r.min(axis=1)
    hue = [x, y, (x - y) / 2**0.5, (x + y) / 2**0.5]
    rest = [((high - low) / (high + 0.001) - 0.6) / 0.3, (high - 0.75) / 0.2, (low - 0.25) / 0.2]
    return np.column_stack([(L - 0.62) / 0.22, (C - 0.13) / 0.07, *hue, rgb(r), *rest])


def features(colors: Floats) -> Floats:
    """What the learner of ffcolor sees, (n, d)."""
    from ffcolor.taste.features import encode

    return np.asarray(encode(np.asarray(colors, dtype=np.float32)))


@lru_cache(maxsize=1)
def background() -> Floats:
    """256 colours drawn uniformly from the gamut, float32 (256, 3)."""
    return rng_for("background").random((256, 3), dtype=np.float32)


# --- models -----------------------------------------------------------------------------------------------------------


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


def backprop_mlp(hidden: int = 16, steps: int = 100, rate: float = 0.03, decay: float = 0.0) -> Model:
    """A hidden layer of ReLUs and a logistic output, trained by autograd with Adam on the full batch."""

    def model(x: Floats, y: Floats, w: Floats) -> Probability:
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 1))
        tx, ty, tw = (torch.as_tensor(v, dtype=torch.float32) for v in (x, y, w / w.sum()))
        optimizer = torch.optim.Adam(net.parameters(), lr=rate)
        penalty = decay / max(y.sum(), 1)
        loss_of = torch.nn.functional.binary_cross_entropy_with_logits
        for _ in range(steps):
            optimizer.zero_grad()
            loss = 2 * loss_of(net(tx)[:, 0], ty, tw, reduction="sum")
            if penalty:
                loss = loss + penalty * sum(layer.weight.square().sum() for layer in (net[0], net[2]))
            loss.backward()
            optimizer.step()

        def probability(z: Floats) -> Floats:
            with torch.no_grad():
                return np.asarray(torch.sigmoid(net(torch.as_tensor(z, dtype=torch.float32))[:, 0]).numpy())

        return probability

    return model


def naive_forward_forward(hidden: int = 16, theta: float = 2.0, steps: int = 100, rate: float = 0.03) -> Fit:
    """The naive Forward-Forward layer: raw RGB, sum of squares against theta = 2, autograd and Adam.

    Source: Hinton, "The Forward-Forward algorithm" (2022), section 2, taken literally.
    """

    def fit(pos: Floats, neg: Floats | None) -> Probability:
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            layer = torch.nn.Linear(3, hidden)
        liked, disliked = (torch.as_tensor(v) for v in (pos, background() if neg is None else neg))
        optimizer = torch.optim.Adam(layer.parameters(), lr=rate)
        softplus = torch.nn.functional.softplus
        for _ in range(steps):
            optimizer.zero_grad()
            good, bad = (torch.relu(layer(v)).square().sum(1) for v in (liked, disliked))
            (softplus(theta - good).mean() + softplus(bad - theta).mean()).backward()
            optimizer.step()

        def probability(colors: Floats) -> Floats:
            with torch.no_grad():
                goodness = torch.relu(layer(torch.as_tensor(colors, dtype=torch.float32))).square().sum(1)
                return np.asarray(torch.sigmoid(goodness - theta).numpy())

        return probability

    return fit


def naive_form_of_ffcolor(hidden: int = 16, theta: float = 2.0, steps: int = 100, rate: float = 0.03) -> Fit:
    """The same naive layer as ffcolor keeps it reachable: `FFLayer(…, naive=True)`, closed-form steps."""

    def fit(pos: Floats, neg: Floats | None) -> Probability:
        import torch

        from ffcolor import FFLayer

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            layer = FFLayer(3, hidden, theta, lr=rate, naive=True)
        liked, disliked = (torch.as_tensor(v) for v in (pos, background() if neg is None else neg))
        for _ in range(steps):
            layer.train_step(liked, disliked)

        def probability(colors: Floats) -> Floats:
            goodness = layer.goodness(layer(torch.as_tensor(colors, dtype=torch.float32)))
            return np.asarray(torch.sigmoid(goodness - theta).numpy())

        return probability

    return fit


def fflib(see: Callable[[Floats], Floats], theta: float, rate: float, widths: tuple[int, ...] = (16,)) -> Fit:
    """The package fflib 0.3.0 through its public API: FFNet of FFLinear layers, 100 full-batch steps.

    fflib reports the sum over layers of log(1 + e^z), z a layer's goodness over its threshold, so 1 - exp(-mean) is a
    probability (for one layer, exactly the logistic of z). It takes no weights.
    """

    def fit(pos: Floats, neg: Floats | None) -> Probability:
        import torch
        from fflib.nn.ff_linear import FFLinear
        from fflib.nn.ff_net import FFNet

        liked, disliked = (
            torch.as_tensor(see(v), dtype=torch.float32) for v in (pos, background() if neg is None else neg)
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            sizes = (liked.shape[1], *widths)
            layers = [FFLinear(a, b, theta, rate) for a, b in pairwise(sizes)]
        net = FFNet(layers, device="cpu")
        for _ in range(100):
            net.run_train_combined(liked, disliked)

        def probability(colors: Floats) -> Floats:
            with torch.no_grad():
                total = net(torch.as_tensor(see(colors), dtype=torch.float32)) / len(widths)
                return np.asarray(-torch.expm1(-total).numpy())

        return probability

    return fit


# --- peers ------------------------------------------------------------------------------------------------------------


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
