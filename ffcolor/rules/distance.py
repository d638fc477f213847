"""Distance-Forward: a layer moves what it makes of an input towards the centre of its class, and off the others'.

A layer keeps a centre c_j of its activities for each class; its badness for class j is the distance to it, and its loss
the smooth N-pair margin loss, which looks at all wrong classes at once:

    h = relu(W n(x) + b),   d_j = mean_i (h_i - c_ji)^2,   loss = log(1 + sum_{j != y} exp(m + s (d_y - d_j)))

With the right class's distance alone, all centres and all activities alike would be a perfect answer, and the layer
goes there; here that costs log(1 + (C - 1) e^m), the most that an undecided layer can pay. The gradient is closed:
with p the softmax of m [j != y] - s d_j, dloss/dh = 2 s / width * (sum_j p_j c_j - c_y).

Layers may work together without a chain of gradients through all: each also steps down the loss of the layer above it
(``"overlap"``, windows of two that overlap by one), or takes that layer's error by fixed random weights (``"random"``).

    rule = DistanceForward([784, 500, 500], collaboration="overlap", seed=1).fit(x, y, epochs=20)

Source: Wu et al., "Distance-Forward Learning: Enhancing the Forward-Forward Algorithm Towards High-Performance On-Chip
Learning" (2024), arXiv 2408.14925: centres, N-pair margin, DF-O and DF-R. Its formulas are read freely here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.dense import adam, cooled, step
from ffcolor.rules.parts.norms import NORMS, normalize
from ffcolor.rules.protocol import Learner, Part, choice, number, whole, widths

COLLABORATIONS = ("none", "overlap", "random")
"""How layers work together, by name."""
CENTERS = ("mean", "learned")
"""Where centres come from, by name."""


class DistanceForward(Learner):
    """A stack of layers, each of which tells classes by the distances to their centres.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        collaboration: ``"none"``, ``"overlap"`` or ``"random"``: whether a layer hears of the loss above it, and how.
        strength: weight of what it hears, beside its own loss.
        margin: by how much, in units of the exponent, a wrong centre should be farther.
        sharpness: of distances in the exponent.
        centers: ``"learned"`` down the loss, from where each class is first met, or ``"mean"``, running means of each
            class's activities.
        momentum: what a running mean keeps at each step.
        norm: ``"rms"``, ``"l2"`` or ``"none"``, of what a layer sees; see `ffcolor.rules.parts.norms`.
        lr: learning rate of each layer's Adam.
        weight_decay: by which Adam shrinks the weights a step, times lr.
        cooldown: the last share of `fit` over which learning rates fall to 0.
        num_classes, batch_size, seed, device: see `ffcolor.rules.protocol.Learner`.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``; the message names the setting and what it may be.
    """

    def __init__(
        self,
        dims: Sequence[int],
        *,
        collaboration: str = "none",
        strength: float = 1.0,
        margin: float = 1.0,
        sharpness: float = 50.0,
        centers: str = "learned",
        momentum: float = 0.9,
        norm: str = "rms",
        lr: float = 0.001,
        weight_decay: float = 0.0,
        cooldown: float = 0.5,
        num_classes: int = 10,
        batch_size: int = 100,
        seed: int = 0,
        device: str | torch.device = "cpu",
    ):
        super().__init__(num_classes=num_classes, batch_size=batch_size, seed=seed, device=device)
        self.dims = widths("dims", dims)
        self.collaboration = choice("collaboration", collaboration, COLLABORATIONS)
        self.strength = number("strength", strength)
        self.norm = choice("norm", norm, NORMS)
        self.cooldown = number("cooldown", cooldown, 0, 1)
        self.layers = [
            DistanceForwardLayer(
                fan_in,
                units,
                num_classes,
                margin=margin,
                sharpness=sharpness,
                centers=centers,
                momentum=momentum,
                norm=norm,
                lr=lr,
                weight_decay=weight_decay,
                generator=self.generator,
            )
            for fan_in, units in itertools.pairwise(self.dims)
        ]
        self.feedback = {
            f"to{place}": torch.randn(units, above, generator=self.generator, device=self.device) / above**0.5
            for place, (units, above) in enumerate(itertools.pairwise(self.dims[1:]))
            if collaboration == "random"
        }

    @torch.no_grad()
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Teach every layer with one batch.

        Args:
            x: inputs (n, dims[0]).
            y: labels (n,).

        Returns:
            The loss of each layer (``"layer0"`` …) and their sum (``"loss"``).
        """
        inputs, labels = self._flat(x), self.as_labels(y, len(x))
        rate = cooled(self.progress, self.cooldown)
        below = [normalize(inputs, self.norm)]
        seen: list[Tensor] = []
        for layer in self.layers:
            seen.append(layer.forward(below[-1]))
            below.append(normalize(seen[-1], self.norm))
        found = [layer.slopes(h, labels) for layer, h in zip(self.layers, seen, strict=True)]
        heard = [self._heard(place, seen, [dh for _, dh, _ in found]) for place in range(len(self.layers))]
        losses: dict[str, float] = {}
        for place, (layer, (loss, dh, dc)) in enumerate(zip(self.layers, found, strict=True)):
            layer.learn(below[place], seen[place], labels, dh + heard[place], dc, rate)
            losses[f"layer{place}"] = float(loss)
        losses["loss"] = sum(losses.values())
        return losses

    def _heard(self, place: int, seen: list[Tensor], slopes: list[Tensor]) -> Tensor | float:
        """What a layer hears of the loss above it: a slope by its activities (n, units), or 0."""
        if self.collaboration == "none" or place + 1 == len(self.layers):
            return 0.0
        if self.collaboration == "random":
            back = self.strength * self.feedback[f"to{place}"].T
            return torch.mm(slopes[place + 1], back)
        above = self.layers[place + 1]
        dp: Tensor = (slopes[place + 1] * (seen[place + 1] > 0)) @ (self.strength * above.weight)  # by what it sees
        if self.norm == "none":
            return dp
        h = seen[place]
        factor = NORMS[self.norm](h.square().mean(1, keepdim=True), h.shape[1])  # (n, 1)
        along = (dp * h).sum(1, keepdim=True) / h.square().sum(1, keepdim=True).clamp_min(1e-12)
        return factor * (dp - along * h)  # only what turns it: the norm takes the rest away

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, minus the distance to the centre of labels y (n,), or of every label (n, num_classes)."""
        inputs = self._flat(x)
        parts: list[list[Tensor]] = []
        for (part,) in self.chunks(inputs):
            below, found = normalize(part, self.norm), []
            for layer in self.layers:
                h = layer.forward(below)
                found.append(-layer.distances(h))
                below = normalize(h, self.norm)
            parts.append(found)
        every = [torch.cat(layer) for layer in zip(*parts, strict=True)]
        if y is None:
            return every
        labels = self.as_labels(y, len(inputs))
        return [layer.gather(1, labels[:, None])[:, 0] for layer in every]

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label whose centres are nearest, distances summed over layers: int64 (n,)."""
        return torch.stack(self.goodness(x)).sum(0).argmax(1)

    def _flat(self, x: Any) -> Tensor:
        inputs = self.as_inputs(x).flatten(1)
        if inputs.shape[1] != self.dims[0]:
            message = f"the inputs have {inputs.shape[1]} numbers each; this rule was made for {self.dims[0]}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return inputs

    def _parts(self) -> dict[str, Part]:
        parts: dict[str, Part] = {"feedback": self.feedback}
        for place, layer in enumerate(self.layers):
            parts |= {f"layer{place}": layer.tensors(), f"layer{place}_adam": layer.optimizer}
        return parts


class DistanceForwardLayer:
    """One layer with a centre for each class, its own loss and its own Adam.

        layer = DistanceForwardLayer(784, 500, 10)
        layer.fit_batch(x, y)          # again and again
        layer.predict(x_test)

    Args:
        in_dim: size of an input.
        out_dim: units.
        num_classes: number of labels, at least 2.
        margin, sharpness, centers, momentum, norm, lr, weight_decay: see `DistanceForward`.
        seed: of the weights, if there is no generator.
        generator: draws the weights.
    """

    def __init__(
        self,
        in_dim: int,
        out_dim: int,
        num_classes: int,
        *,
        margin: float = 1.0,
        sharpness: float = 50.0,
        centers: str = "learned",
        momentum: float = 0.9,
        norm: str = "rms",
        lr: float = 0.001,
        weight_decay: float = 0.0,
        seed: int = 0,
        generator: torch.Generator | None = None,
    ):
        draw = generator or torch.Generator().manual_seed(whole("seed", seed, None))
        sizes = whole("out_dim", out_dim, 1), whole("in_dim", in_dim, 1)
        self.weight = torch.randn(*sizes, generator=draw, device=draw.device) * (2 / in_dim) ** 0.5
        self.bias = torch.zeros(out_dim, device=draw.device)
        self.centers = torch.zeros(whole("num_classes", num_classes, 2), out_dim, device=draw.device)
        self.known = torch.zeros(num_classes, device=draw.device)  # 1 where a centre has been set
        self.margin = number("margin", margin)
        self.sharpness = number("sharpness", sharpness)
        self.learned = choice("centers", centers, CENTERS) == "learned"
        self.momentum = number("momentum", momentum, 0, 1)
        self.norm = choice("norm", norm, NORMS)
        self.lr = number("lr", lr)
        weights = [self.weight, self.bias] + [self.centers] * self.learned
        self.optimizer = adam(weights, lr, number("weight_decay", weight_decay))

    def forward(self, seen: Tensor) -> Tensor:
        """Activities of inputs that are normalised already: (n, in_dim) to (n, out_dim)."""
        return torch.addmm(self.bias, seen, self.weight.T).clamp_(0)

    def distances(self, h: Tensor) -> Tensor:
        """Mean square distance of activities (n, out_dim) to each centre (n, num_classes); inf where none is known."""
        size = h.square().mean(1, keepdim=True) + self.centers.square().mean(1)
        return torch.addmm(size, h, self.centers.T, alpha=-2 / h.shape[1]).masked_fill_(self.known == 0, torch.inf)

    def slopes(self, h: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The loss of activities with their labels, and its derivatives by the activities and by the centres.

        Args:
            h: activities (n, out_dim).
            y: labels (n,).

        Returns:
            The mean loss, (n, out_dim), and (num_classes, out_dim).
        """
        self._meet(h, y)
        own = one_hot(y, len(self.centers)).to(h.dtype)
        log = (self.margin * (1 - own) - self.sharpness * self.distances(h)).log_softmax(1)
        pull = (2 * self.sharpness / h.numel()) * (log.exp() - own)  # (n, classes); rows sum to 0
        by_center = pull.T @ h - pull.sum(0)[:, None] * self.centers
        return -log.gather(1, y[:, None]).mean(), pull @ self.centers, by_center

    def learn(self, seen: Tensor, h: Tensor, y: Tensor, dh: Tensor, dc: Tensor, cooled: float = 1.0) -> None:
        """Step down slopes by activities and centres; running means of the classes move on.

        Args:
            seen: inputs, normalised (n, in_dim).
            h: their activities (n, out_dim).
            y: labels (n,).
            dh: the slope by the activities (n, out_dim).
            dc: the slope by the centres (num_classes, out_dim).
            cooled: factor of the learning rate.
        """
        dz = dh * (h > 0)
        step(self.optimizer, [dz.T @ seen, dz.sum(0)] + [dc] * self.learned, self.lr * cooled)
        if not self.learned:
            means, there = _class_means(h, y, len(self.centers))
            self.centers.lerp_(torch.where(there[:, None], means, self.centers), 1 - self.momentum)

    @torch.no_grad()
    def fit_batch(self, x: Tensor, y: Tensor) -> float:
        """Learn from inputs (n, in_dim) with labels (n,), and give the mean loss."""
        seen = normalize(x, self.norm)
        h = self.forward(seen)
        loss, dh, dc = self.slopes(h, y)
        self.learn(seen, h, y, dh, dc)
        return float(loss)

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """The label of the nearest centre for inputs (n, in_dim): int64 (n,)."""
        return self.distances(self.forward(normalize(x, self.norm))).argmin(1)

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of the layer's state, but for its optimiser's."""
        return {"weight": self.weight, "bias": self.bias, "centers": self.centers, "known": self.known}

    def _meet(self, h: Tensor, y: Tensor) -> None:
        """Put the centre of a class that is met for the first time where its inputs are."""
        if not bool(self.known.all()):
            means, there = _class_means(h, y, len(self.centers))
            new = there & (self.known == 0)
            self.centers[new] = means[new]
            self.known[new] = 1.0


def _class_means(h: Tensor, y: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """Mean activities of each class (classes, units), and which classes are there, bool (classes,)."""
    count = torch.bincount(y, minlength=classes)
    sums = torch.zeros(classes, h.shape[1], device=h.device).index_add_(0, y, h)
    return sums / count.clamp_min(1)[:, None], count > 0
