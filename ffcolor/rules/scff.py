"""Self-contrastive Forward-Forward: two of the same input make a positive, two different ones of a batch a negative.

No label is needed, and no negative has to be made: x+ = [x_k, x_k] and x- = [x_k, x_n], both halves seen through the
same weights. So z+ = 2 (W x_k + b), z- = W x_k + W x_n + 2 b, and one product with the weights serves all pairs. Each
layer learns by its own loss with two thresholds; labels train a linear read-out only.

    rule = SelfContrastiveFF([784, 2000], seed=1).fit(x, y, epochs=20)
    rule = SelfContrastiveFF([(1, 28, 28), Conv(32, 5, pool=2), Conv(64, pool=2)])
    rule = SelfContrastiveFF([(20, 39), Recurrent(500, bidirectional=True)])
    untrained = SelfContrastiveFF([784, 2000], lr=0.0, seed=1).fit(x, y, epochs=20)    # always show it beside

A layer of random weights makes features, too; what this rule has learned is what its read-out says beyond that one's.

Source: Chen et al., "Self-Contrastive Forward-Forward algorithm", Nature Communications 16, 5978 (2025), methods; from
the formulas. The generator of negatives is not the paper's: see `ffcolor.rules.parts.mixer`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.data import augment as augmentations
from ffcolor.rules.parts.contrast import ACTIVITIES, Contrast, Recurrent, plan, standard
from ffcolor.rules.parts.conv import Conv
from ffcolor.rules.parts.dense import adam, cooled
from ffcolor.rules.parts.head import Readout
from ffcolor.rules.parts.mixer import Mixer
from ffcolor.rules.parts.negatives import partners
from ffcolor.rules.protocol import Augment, Learner, Part, choice, number, whole

NEGATIVES = ("pairs", "views", "generator")
"""Where negatives come from, by name."""


class SelfContrastiveFF(Learner):
    """Layers that learn without labels by contrast within a batch, and a linear read-out.

    Args:
        dims: size of an input (a number, (channels, height, width), or (time, features)), then the layers: numbers of
            units, `Conv`s, or `Recurrent`s.
        negatives: ``"pairs"``, as published: x+ = [x_k, x_k], x- = [x_k, x_n] in every layer; ``"views"``: the same of
            two views of each input, [v_k, w_k] and [v_k, w_n]; ``"generator"``: an input against a mix of it and
            another by a learned mask, which goes up the layers beside it.
        thresholds: goodness that positives should pass and negatives stay below: a pair, or one for each layer.
        penalty: weight of the positives' goodness itself, one for all layers or one each.
        activity: ``"triangle"`` or ``"relu"``, what goes upward: one for all layers or one each.
        schedule: ``"together"``, every layer with every batch, or ``"greedy"``, each in its own share of `fit`; outside
            of `fit` greedy teaches the first.
        settle: the last share of `fit`, in which only the read-out learns.
        view: makes the views of a batch; None for shifts of up to two pixels.
        read: layers that the read-out looks at: ``"all"`` or ``"last"``.
        dropout: share of features that the read-out is not shown while it learns.
        gain: weights are drawn with variance gain / numbers a unit sees.
        lr: learning rate of each layer's AdamW, one for all layers or one each; 0 leaves them as they were drawn.
        head_lr: learning rate of the read-out's.
        generator_lr: learning rate of the generator's.
        weight_decay: by which AdamW shrinks the layers' weights a step, times lr.
        cooldown: the last share of a layer's time over which its learning rate falls to 0; the read-out's likewise.
        num_classes, batch_size, seed, device: see `ffcolor.rules.protocol.Learner`.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``; the message names the setting and what it may be.
    """

    def __init__(
        self,
        dims: Sequence[Any],
        *,
        negatives: str = "pairs",
        thresholds: Sequence[Any] = (4.0, 6.0),
        penalty: float | Sequence[float] = 1e-4,
        activity: str | Sequence[str] = "triangle",
        schedule: str = "together",
        settle: float = 0.3,
        view: Augment | None = None,
        read: str = "all",
        dropout: float = 0.0,
        gain: float = 1 / 3,
        lr: float | Sequence[float] = 3e-3,
        head_lr: float = 1e-3,
        generator_lr: float = 1e-3,
        weight_decay: float = 0.0,
        cooldown: float = 0.5,
        num_classes: int = 10,
        batch_size: int = 100,
        seed: int = 0,
        device: str | torch.device = "cpu",
    ):
        super().__init__(num_classes=num_classes, batch_size=batch_size, seed=seed, device=device)
        self.shape, layers = _sizes(dims)
        planned = plan(self.shape, layers)
        depth = len(planned)
        self.negatives = choice("negatives", negatives, NEGATIVES)
        self.greedy = choice("schedule", schedule, ("together", "greedy")) == "greedy"
        self.settle = number("settle", settle, 0, 1)
        self.view = augmentations.shifts(2) if view is None else view
        self.first_read = depth - 1 if choice("read", read, ("all", "last")) == "last" else 0
        self.dropout = number("dropout", dropout, 0, 0.99)
        self.cooldown = number("cooldown", cooldown, 0, 1)
        self.rates = [number("lr", rate) for rate in _each("lr", lr, depth)]
        pairs = thresholds if any(isinstance(pair, Sequence) for pair in thresholds) else [thresholds] * depth
        self.layers = [
            Contrast(
                layer,
                size,
                thresholds=_pair(pair),
                penalty=number("penalty", weight),
                activity=choice("activity", kind, ACTIVITIES),
                gain=number("gain", gain),
                generator=self.generator,
            )
            for (size, layer, _), pair, weight, kind in zip(
                planned,
                _each("thresholds", pairs, depth),
                _each("penalty", penalty, depth),
                _each("activity", activity, depth),
                strict=True,
            )
        ]
        decay = number("weight_decay", weight_decay)
        self.optimizers = [adam([*layer.parameters()], 0.0, decay) for layer in self.layers]
        features = sum(count for _, _, count in planned[self.first_read :])
        self.readout = Readout(features, num_classes, lr=number("head_lr", head_lr), device=self.device)
        self.mixer: Mixer | None = None
        if negatives == "generator":
            self.mixer = Mixer(self.shape, 128, self.generator)
            self.mixer_adam = adam([*self.mixer.parameters()], number("generator_lr", generator_lr))

    # ---- learning ----------------------------------------------------------------------------------------------------

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Teach the layers with a batch of inputs, and the read-out with the labels.

        Args:
            x: inputs (n, …).
            y: labels (n,), for the read-out alone.

        Returns:
            The loss of each layer (``"layer0"`` …), their sum (``"loss"``), the read-out's (``"head"``), and with a
            generator its own (``"generator"``).
        """
        inputs, labels = self._inputs(x), self.as_labels(y, len(x))
        shift = partners(len(inputs), self.generator)
        losses: dict[str, float] = {}
        one, two = self._streams(inputs, shift)
        if self.mixer is not None:
            losses["generator"] = self._deceive(inputs, inputs[shift])
        features = []
        for place, layer in enumerate(self.layers):
            rate = self._rate(place)
            with torch.set_grad_enabled(rate > 0):
                positive, negative = self._responses(layer, one, two, shift)
                loss = layer.loss(positive, negative)
            if rate > 0:
                self._descend(self.optimizers[place], loss, self.rates[place] * rate)
            losses[f"layer{place}"] = float(loss.detach())
            with torch.no_grad():
                one, two = self._upward(layer, one, two, positive.detach(), negative.detach())
                features.append(layer.features(one))
        losses["loss"] = sum(losses[f"layer{place}"] for place in range(len(self.layers)))
        shown = self.features(inputs) if self.negatives == "views" else torch.cat(features[self.first_read :], 1)
        losses["head"] = self._read(shown, labels)
        return losses

    def _streams(self, inputs: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
        """What enters the layers: both halves of a positive pair, or positives and the generator's negatives."""
        if self.negatives == "views":
            return tuple(standard(self.view(inputs, self.generator)) for _ in range(2))  # type: ignore[return-value]
        one = standard(inputs)
        if self.mixer is None:
            return one, one
        with torch.no_grad():
            return one, standard(self.mixer(inputs, inputs[shift]))

    def _responses(self, layer: Contrast, one: Tensor, two: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
        """A layer's z of positives and of negatives."""
        drive = layer.drive(one)
        other = drive if one is two else layer.drive(two)
        if self.mixer is not None:
            return layer.respond(2 * drive), layer.respond(2 * other)
        return layer.respond(drive + other), layer.respond(drive + other[shift])

    def _upward(
        self, layer: Contrast, one: Tensor, two: Tensor, positive: Tensor, negative: Tensor
    ) -> tuple[Tensor, Tensor]:
        """What enters the next layer: each view as a pair with itself, or positives and negatives as they are."""
        if self.negatives == "pairs":
            up = layer.upward(positive)
            return up, up
        if self.negatives == "generator":
            return layer.upward(positive), layer.upward(negative)
        return self._pass(layer, one), self._pass(layer, two)

    def _deceive(self, inputs: Tensor, others: Tensor) -> float:
        """A step of the generator: its negatives should pass for positives in the first layer, which stays as it is."""
        assert self.mixer is not None
        first = self.layers[0]
        with torch.enable_grad():
            g = first.goodness(first.respond(2 * first.drive(standard(self.mixer(inputs, others)))))
            loss = functional.softplus(first.thresholds[0] - g).mean()
        self._descend(self.mixer_adam, loss, self.mixer_adam.defaults["lr"])
        return float(loss.detach())

    def _descend(self, optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
        group = optimizer.param_groups[0]
        group["lr"] = rate
        weights = group["params"]
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.grad = gradient
        optimizer.step()
        optimizer.zero_grad()

    def _rate(self, place: int) -> float:
        """The factor of a layer's learning rate by now; 0 where it does not learn."""
        span = 1 - self.settle
        start, length = (place * span / len(self.layers), span / len(self.layers)) if self.greedy else (0.0, span)
        through = (self.progress - start) / length if length else 1.0
        return cooled(through, self.cooldown) if 0 <= through < 1 and self.rates[place] else 0.0

    @torch.no_grad()
    def _read(self, features: Tensor, labels: Tensor) -> float:
        if self.dropout:
            drawn = torch.rand(features.shape, generator=self.generator, device=self.device)
            features = features * (drawn >= self.dropout) / (1 - self.dropout)
        return self.readout.learn(features, labels, cooled(self.progress, self.cooldown))

    # ---- negatives ---------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def generate_negatives(self, x: Any) -> Tensor:
        """Negatives of inputs (n, …), each of one input and another of them, as one input: (n, …).

        A layer sees the pair [a, b] as it would see twice their mean, (a + b) / 2; that is what pairs and views give.
        """
        inputs = self._inputs(x)
        shift = partners(len(inputs), self.generator)
        if self.mixer is not None:
            made: Tensor = self.mixer(inputs, inputs[shift])
            return made
        one, two = self._streams(inputs, shift)
        return (one + two[shift]) / 2

    # ---- answers -----------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs, each a pair with itself: (n,). Labels are of no matter to it."""
        parts = [[g for g, _ in self._forward(part)] for (part,) in self.chunks(self._inputs(x), size=_CHUNK)]
        return [torch.cat(layer) for layer in zip(*parts, strict=True)]

    @torch.no_grad()
    def features(self, x: Any) -> Tensor:
        """What the read-out looks at, the standardised activities of its layers: (n, features)."""
        return torch.cat([f for _, f in self._forward(self._inputs(x))[self.first_read :]], 1)

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label of each input, by the read-out: int64 (n,)."""
        parts = self.chunks(self._inputs(x), size=_CHUNK)
        return torch.cat([self.readout(self.features(part)).argmax(1) for (part,) in parts])

    def _forward(self, inputs: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Goodness (n,) and features of every layer."""
        a, found = standard(inputs), []
        for layer in self.layers:
            z = layer.respond(2 * layer.drive(a))
            a = layer.upward(z)
            found.append((layer.goodness(z).mean(1), layer.features(a)))
        return found

    def _pass(self, layer: Contrast, a: Tensor) -> Tensor:
        return layer.upward(layer.respond(2 * layer.drive(a)))

    # ---- checks and state --------------------------------------------------------------------------------------------

    def _inputs(self, x: Any) -> Tensor:
        inputs = self.as_inputs(x)
        if inputs[0].numel() != math.prod(self.shape):
            message = f"the inputs are {tuple(inputs.shape[1:])} each; this rule was made for {self.shape}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return inputs.reshape(len(inputs), *self.shape)

    def _parts(self) -> dict[str, Part]:
        parts: dict[str, Part] = {"readout": self.readout.tensors(), "readout_adam": self.readout.optimizer}
        for place, (layer, optimizer) in enumerate(zip(self.layers, self.optimizers, strict=True)):
            parts |= {f"layer{place}": layer, f"layer{place}_adam": optimizer}
        if self.mixer is not None:
            parts |= {"mixer": self.mixer, "mixer_adam": self.mixer_adam}
        return parts


_CHUNK = 500  # inputs that are looked at together: convolutions have many features


def _sizes(dims: Sequence[Any]) -> tuple[tuple[int, ...], list[int | Conv | Recurrent]]:
    """The shape of an input, and the layers."""
    if isinstance(dims, (str, bytes)) or not isinstance(dims, Sequence) or len(dims) < 2:
        message = f"dims is {dims!r}; it must hold the size of an input, then at least one layer"
        raise FfcolorError(message, code="invalid-setting", value=dims)
    shape = (dims[0],) if isinstance(dims[0], int) else tuple(dims[0])
    return tuple(whole(f"dims[0][{axis}]", size, 1) for axis, size in enumerate(shape)), list(dims[1:])


def _each(name: str, value: Any, depth: int) -> list[Any]:
    """A setting for each layer, given one for all or one each."""
    many = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value] * depth
    if len(many) != depth:
        message = f"{name} is {value!r}; it must be one for all layers, or {depth}, one each"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return many


def _pair(value: Any) -> tuple[float, float]:
    if not isinstance(value, Sequence) or len(value) != 2:
        message = f"thresholds holds {value!r}; it must be a pair of numbers, of positives and of negatives"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return number("thresholds[0]", value[0], -math.inf), number("thresholds[1]", value[1], -math.inf)
