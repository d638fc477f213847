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
Learning" (2024), arXiv 2408.14925: centres, N-pair margin, DF-O and DF-R. Its formulas are interpreted freely here.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from ffcolor.rules.parts.dense_stack import DenseStack
from ffcolor.rules.parts.distance_layer import DistanceForwardLayer as DistanceForwardLayer
from ffcolor.rules.parts.norms import NORMS, normalize
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Choice, Constraint, Number, check

COLLABORATIONS = ("none", "overlap", "random")
"""How layers work together, by name."""


class DistanceForward(DenseStack):
    """A stack of layers, each of which tells classes by the distances to their centres.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        collaboration: ``"none"``, ``"overlap"`` or ``"random"``: whether a layer hears of the loss above it, and how.
        strength: weight of what it hears, beside its own loss.
        margin, sharpness, centers, momentum, weight_decay: of each layer; see
            `ffcolor.rules.parts.distance_layer.DistanceForwardLayer`.
        norm, learning_rate, cooldown, num_classes, batch_size, seed, device: see
            `ffcolor.rules.parts.dense_stack.DenseStack`.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``; the message names the setting and what it may be.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **DenseStack.limits,
        "collaboration": Choice(*COLLABORATIONS),
        "strength": Number(0),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe((64, 200, 200), {}, 20),
        "subset": Recipe((784, 500), {}, 60),
        "mnist": Recipe((784, 500, 500), {"collaboration": "overlap"}, 30),
    }

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
        weight_decay: float = 0.0,
        **settings: Any,
    ):
        super().__init__(dims, **settings)
        given = check(self.limits, collaboration=collaboration, strength=strength)
        self.collaboration: str = given["collaboration"]
        self.strength: float = given["strength"]
        self.layers: list[DistanceForwardLayer] = [
            DistanceForwardLayer(
                fan_in,
                units,
                self.num_classes,
                margin=margin,
                sharpness=sharpness,
                centers=centers,
                momentum=momentum,
                norm=self.norm,
                learning_rate=self.learning_rate,
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
        below = [normalize(inputs, self.norm)]
        seen: list[Tensor] = []
        for layer in self.layers:
            seen.append(layer.activities(below[-1]))
            below.append(normalize(seen[-1], self.norm))
        found = [layer.slopes(h, labels) for layer, h in zip(self.layers, seen, strict=True)]
        heard = [self._heard(place, seen, [dh for _, dh, _ in found]) for place in range(len(self.layers))]
        losses: dict[str, float] = {}
        for place, (layer, (loss, dh, dc)) in enumerate(zip(self.layers, found, strict=True)):
            layer.learn(below[place], seen[place], labels, dh + heard[place], dc, self.warmth)
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
                h = layer.activities(below)
                found.append(-layer.distances(h))
                below = normalize(h, self.norm)
            parts.append(found)
        return self.of_labels([torch.cat(layer) for layer in zip(*parts, strict=True)], y)

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label whose centres are nearest, distances summed over layers: int64 (n,)."""
        return torch.stack(self.goodness(x)).sum(0).argmax(1)

    def parts(self) -> dict[str, Part]:
        """The feedback, the layers, and their optimisers."""
        return {"feedback": self.feedback} | super().parts()
