"""Networks: backpropagation, the naive Forward-Forward layer, and the package fflib."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.lib.concepts import Floats
from benchmarks.lib.inputs import Fit, Model, Probability, background


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
