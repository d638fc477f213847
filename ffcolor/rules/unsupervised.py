"""Forward-Forward without labels: images are positives, hybrids of two images negatives; a linear read-out names them.

Labels play no part in what the layers learn. They train only the read-out, a linear softmax on the normalised
activities of the layers, which goes along with every batch.

    rule = UnsupervisedForwardForward([784, 1000, 1000], shape=(28, 28)).fit(x, y, epochs=20)

Source: Hinton, "The Forward-Forward Algorithm: Some Preliminary Investigations" (2022), arXiv 2212.13345, section 3.2.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts import negatives as draw
from ffcolor.rules.parts.dense import Dense, cooled
from ffcolor.rules.parts.head import Readout
from ffcolor.rules.parts.losses import LOSSES
from ffcolor.rules.parts.norms import NORMS, normalize
from ffcolor.rules.protocol import Learner, Part, choice, number, widths


class UnsupervisedForwardForward(Learner):
    """A stack of Forward-Forward layers that learns what images look like, and a linear read-out.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 1000, 1000]``.
        shape: height and width of an input; None for a square.
        loss: ``"swish"``, ``"symba"`` or ``"logistic"``, the published one; see `ffcolor.rules.parts.losses`.
        alpha: the loss's sharpness; None for the usual one.
        goodness: ``"mean"`` or ``"sum"`` of the squared activities.
        threshold: goodness between positive and negative; None for what a mean square of 1 gives.
        norm: ``"rms"``, ``"l2"`` or ``"none"``; see `ffcolor.rules.parts.norms`.
        peer: weight of peer normalisation, or 0.
        straight_through: whether the gradient passes units that are off; it matters with `peer` only.
        read: layers that the read-out looks at: ``"all"`` or ``"upper"``, all but the first.
        gain: weights are drawn with a standard deviation of gain / sqrt(fan-in).
        lr: learning rate of each layer's Adam; 0 leaves the layers as they were drawn, to compare with.
        head_lr: learning rate of the read-out's.
        weight_decay: by which Adam shrinks the layers' weights a step, times lr.
        cooldown: the last share of `fit` over which learning rates fall to 0.
        num_classes, batch_size, seed, device: see `ffcolor.rules.protocol.Learner`.
    """

    def __init__(
        self,
        dims: Sequence[int],
        *,
        shape: tuple[int, int] | None = None,
        loss: str = "swish",
        alpha: float | None = None,
        goodness: str = "mean",
        threshold: float | None = None,
        norm: str = "rms",
        peer: float = 0.03,
        straight_through: bool = True,
        read: str = "all",
        gain: float = 1.0,
        lr: float = 0.001,
        head_lr: float = 0.001,
        weight_decay: float = 0.0,
        cooldown: float = 0.5,
        num_classes: int = 10,
        batch_size: int = 100,
        seed: int = 0,
        device: str | torch.device = "cpu",
    ):
        super().__init__(num_classes=num_classes, batch_size=batch_size, seed=seed, device=device)
        self.dims = widths("dims", dims)
        side = round(self.dims[0] ** 0.5)
        self.shape = (side, side) if shape is None else shape
        if self.shape[0] * self.shape[1] != self.dims[0]:
            message = f"shape is {shape}; hybrid images need height and width, {self.dims[0]} pixels in all"
            raise FfcolorError(message, code="invalid-setting", value=shape)
        self.norm = choice("norm", norm, NORMS)
        self.cooldown = number("cooldown", cooldown, 0, 1)
        upper = choice("read", read, ("all", "upper")) == "upper"
        self._first_read = 1 if upper and len(self.dims) > 2 else 0
        mean = choice("goodness", goodness, ("mean", "sum")) == "mean"
        self.layers = [
            Dense(
                fan_in,
                units,
                goodness=goodness,
                threshold=(1.0 if mean else float(units)) if threshold is None else number("threshold", threshold),
                loss=choice("loss", loss, LOSSES),
                alpha=None if alpha is None else number("alpha", alpha),
                peer=number("peer", peer),
                straight_through=straight_through,
                gain=number("gain", gain),
                lr=number("lr", lr),
                weight_decay=number("weight_decay", weight_decay),
                generator=self.generator,
            )
            for fan_in, units in itertools.pairwise(self.dims)
        ]
        features = sum(self.dims[1 + self._first_read :])
        self.readout = Readout(features, num_classes, lr=number("head_lr", head_lr), device=self.device)

    @torch.no_grad()
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Teach every layer with a batch of images and their hybrids, and the read-out with the labels.

        Args:
            x: inputs (n, dims[0]).
            y: labels (n,), for the read-out alone.

        Returns:
            The loss of each layer (``"layer0"`` …), their sum (``"loss"``), and the read-out's (``"head"``).
        """
        inputs, labels = self._flat(x), self.as_labels(y, len(x))
        rate = cooled(self.progress, self.cooldown)
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
        losses["head"] = self.readout.learn(torch.cat(features[self._first_read :], 1), labels, rate)
        return losses

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs as images: (n,). Labels are of no matter to it."""
        return [layer.goodness(h) for layer, h in zip(self.layers, self._activities(x), strict=True)]

    @torch.no_grad()
    def features(self, x: Any) -> Tensor:
        """What the read-out looks at, the normalised activities of the layers: (n, their units)."""
        return torch.cat([normalize(h, self.norm) for h in self._activities(x)[self._first_read :]], 1)

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label of each input, by the read-out: int64 (n,)."""
        return torch.cat([self.readout(self.features(part)).argmax(1) for (part,) in self.chunks(self._flat(x))])

    def _activities(self, x: Any) -> list[Tensor]:
        h, found = self._flat(x)[:, None], []
        for layer in self.layers:
            h = layer.forward(normalize(h, self.norm))
            found.append(h[:, 0])
        return found

    def _flat(self, x: Any) -> Tensor:
        inputs = self.as_inputs(x).flatten(1)
        if inputs.shape[1] != self.dims[0]:
            message = f"the inputs have {inputs.shape[1]} numbers each; this rule was made for {self.dims[0]}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return inputs

    def _parts(self) -> dict[str, Part]:
        parts: dict[str, Part] = {"readout": self.readout.tensors(), "readout_adam": self.readout.optimizer}
        for place, layer in enumerate(self.layers):
            parts |= {f"layer{place}": layer.tensors(), f"layer{place}_adam": layer.optimizer}
        return parts
