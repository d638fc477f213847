"""Forward-Forward without labels: images are positives, hybrids of two images negatives; a linear read-out names them.

Labels play no part in what the layers learn. They train only the head, a linear softmax on the normalised
activities of the layers, and learns from every batch, too.

    rule = UnsupervisedForwardForward([784, 1000, 1000], shape=(28, 28)).fit(x, y, epochs=20)

Source: Hinton, "The Forward-Forward Algorithm: Some Preliminary Investigations" (2022), arXiv 2212.13345, section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts import negatives as draw
from ffcolor.rules.parts.goodness_stack import GoodnessStack
from ffcolor.rules.parts.head import Head
from ffcolor.rules.parts.norms import normalize
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.settings import Choice, Constraint, check

_ON_MNIST = {"shape": (28, 28), "head_learning_rate": 0.003}


class UnsupervisedForwardForward(GoodnessStack):
    """A stack of Forward-Forward layers that learns what images look like, and a linear read-out, its head.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 1000, 1000]``.
        shape: height and width of an input; None for a square.
        read: layers that the head looks at: ``"all"`` or ``"upper"``, all but the first.
        learning_rate: of each layer's Adam; 0 leaves the layers as they were drawn, to compare with.
        loss, alpha, goodness, threshold, norm, peer, straight_through, gain, weight_decay, head_learning_rate: of the
            layers and the head; see `ffcolor.rules.parts.goodness_stack.GoodnessStack`. The published loss is
            ``"logistic"``.
        cooldown: the last share of `fit` over which learning rates fall to 0.
        num_classes, batch_size, seed, device: see `ffcolor.rules.parts.learner.Learner`.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {**GoodnessStack.limits, "read": Choice("all", "upper")}
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe((64, 200, 200), {"shape": (8, 8), "head_learning_rate": 0.003}, 20),
        "subset": Recipe((784, 1000, 1000), _ON_MNIST | {"loss": "swish"}, 20),
        "subset-untrained": Recipe((784, 1000, 1000), _ON_MNIST | {"learning_rate": 0.0}, 20),
    }

    def __init__(
        self,
        dims: Sequence[int],
        *,
        shape: tuple[int, int] | None = None,
        read: str = "all",
        peer: float = 0.03,
        straight_through: bool = True,
        **settings: Any,
    ):
        super().__init__(dims, peer=peer, straight_through=straight_through, **settings)
        side = round(self.dims[0] ** 0.5)
        self.shape = (side, side) if shape is None else shape
        if self.shape[0] * self.shape[1] != self.dims[0]:
            message = f"shape is {shape}; hybrid images need a height and a width, {self.dims[0]} pixels in all"
            raise FfcolorError(message, code="invalid-setting", value=shape)
        upper = check(self.limits, read=read)["read"] == "upper"
        self._first_read = 1 if upper and len(self.dims) > 2 else 0
        self._add_layers(self.dims[0])
        self.head: Head = self._add_head(self._first_read)

    @torch.no_grad()
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Teach every layer with a batch of images and their hybrids, and the head with the labels.

        Args:
            x: inputs (n, dims[0]).
            y: labels (n,), for the head alone.

        Returns:
            The loss of each layer (``"layer0"`` …), their sum (``"loss"``), and the head's (``"head"``).
        """
        inputs, labels = self._flat(x), self.as_labels(y, len(x))
        rate = self.warmth
        pair = torch.stack([inputs, draw.hybrids(inputs, self.shape, self.generator)], 1)  # (n, 2, in)
        losses: dict[str, float] = {}
        features: list[Tensor] = []
        for place, layer in enumerate(self.layers):
            below = normalize(pair, self.norm)
            pair = layer.forward(below)
            loss, dz = layer.slopes(pair)
            layer.learn(dz.flatten(0, 1).T @ below.flatten(0, 1), dz.sum((0, 1)), rate)
            losses[f"layer{place}"] = float(loss)
            features.append(normalize(pair[:, 0], self.norm))
        losses["loss"] = sum(losses.values())
        losses["head"] = self.head.learn(torch.cat(features[self._first_read :], 1), labels, rate)
        return losses

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs as images: (n,). It does not depend on labels."""
        return [layer.goodness(h) for layer, h in zip(self.layers, self._activities(x), strict=True)]

    @torch.no_grad()
    def features(self, x: Any) -> Tensor:
        """What the head looks at, the normalised activities of the layers: (n, their units)."""
        return torch.cat([normalize(h, self.norm) for h in self._activities(x)[self._first_read :]], 1)

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label of each input, by the head: int64 (n,)."""
        return torch.cat([self.head(self.features(part)).argmax(1) for (part,) in self.chunks(self._flat(x))])

    def _activities(self, x: Any) -> list[Tensor]:
        h, found = self._flat(x)[:, None], []
        for layer in self.layers:
            h = layer.forward(normalize(h, self.norm))
            found.append(h[:, 0])
        return found
