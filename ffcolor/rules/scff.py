"""Self-contrastive Forward-Forward: two of the same input make a positive, two different ones of a batch a negative.

No label is needed, and no negative has to be made: x+ = [x_k, x_k] and x- = [x_k, x_n], both halves seen through the
same weights. So z+ = 2 (W x_k + b), z- = W x_k + W x_n + 2 b, and one product with the weights serves all pairs. Each
layer learns by its own loss with two thresholds; labels train a linear read-out only.

    rule = SelfContrastiveFF([784, 2000], seed=1).fit(x, y, epochs=20)
    rule = SelfContrastiveFF([(1, 28, 28), Conv(32, 5, pool=2), Conv(64, pool=2)])
    rule = SelfContrastiveFF([(20, 39), Recurrent(500, bidirectional=True)])
    untrained = SelfContrastiveFF([784, 2000], learning_rate=0.0, seed=1).fit(x, y, epochs=20)  # always beside it
    network = SelfContrastiveFF([784, 500, 500], threshold=2.0)  # the classic form: see ffcolor.rules.scff_network

A layer of random weights makes features, too; what this rule has learned is what its read-out says beyond that one's.

Source: Chen et al., "Self-Contrastive Forward-Forward algorithm", Nature Communications 16, 5978 (2025), methods; from
the formulas. The generator of negatives is not the paper's: see `ffcolor.rules.parts.mixer`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.data import augment as augmentations
from ffcolor.rules.parts.contrast import ACTIVITIES, Contrast, contrasts, input_and_layers, plan, standard
from ffcolor.rules.parts.cooling import CoolingLearner, cooled
from ffcolor.rules.parts.head import Head
from ffcolor.rules.parts.mixer import Mixer, deceive
from ffcolor.rules.parts.negatives import partners
from ffcolor.rules.parts.optimizer import adam, descend
from ffcolor.rules.parts.per_layer import per_layer
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.stateful import Part
from ffcolor.rules.protocol import Augment
from ffcolor.rules.scff_network import SelfContrastiveNetwork
from ffcolor.settings import Choice, Constraint, Number, Row, check

NEGATIVES = ("pairs", "views", "generator")
"""Where negatives come from, by name."""
_CHUNK = 500  # inputs that are looked at together: convolutions have many features
_HIDDEN = 128  # units of the generator's inner layer


class SelfContrastiveFF(CoolingLearner):
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
        learning_rate: of each layer's AdamW, one for all layers or one each; 0 leaves them as they were drawn.
        head_learning_rate: learning rate of the read-out's.
        generator_learning_rate: learning rate of the generator's.
        weight_decay: of AdamW: each step shrinks the layers' weights by this times the learning rate.
        cooldown: the last share of a layer's time over which its learning rate falls to 0; the read-out's likewise.
        num_classes, batch_size, seed, device: see `ffcolor.rules.parts.learner.Learner`.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``; the message names the setting and what it may be.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **CoolingLearner.limits,
        "negatives": Choice(*NEGATIVES),
        "penalty": Number(0),
        "activity": Choice(*ACTIVITIES),
        "schedule": Choice("together", "greedy"),
        "settle": Number(0, 1),
        "read": Choice("all", "last"),
        "dropout": Number(0, 0.99),
        "gain": Number(0),
        "learning_rate": Number(0) | Row(Number(0)),
        "head_learning_rate": Number(0),
        "generator_learning_rate": Number(0),
        "weight_decay": Number(0),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe((64, 200, 200), {"head_learning_rate": 0.003}, 20),
        "subset": Recipe((784, 2000, 2000), {}, 20),
        "subset-untrained": Recipe((784, 2000, 2000), {"learning_rate": 0.0}, 20),
    }

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
        learning_rate: float | Sequence[float] = 3e-3,
        head_learning_rate: float = 1e-3,
        generator_learning_rate: float = 1e-3,
        weight_decay: float = 0.0,
        **settings: Any,
    ):
        super().__init__(learning_rate=learning_rate, **settings)
        check(self.limits, negatives=negatives, schedule=schedule, read=read)
        rates = check(
            self.limits,
            head_learning_rate=head_learning_rate,
            generator_learning_rate=generator_learning_rate,
            weight_decay=weight_decay,
            gain=gain,
        )
        self.generator_learning_rate: float = rates["generator_learning_rate"]
        self.shape, layers = input_and_layers(dims)
        self.planned = plan(self.shape, layers)
        depth = len(self.planned)
        self.negatives = negatives
        self.greedy = schedule == "greedy"
        self.settle, self.dropout = check(self.limits, settle=settle, dropout=dropout).values()
        self.view = augmentations.shifts(2) if view is None else view
        self.first_read = depth - 1 if read == "last" else 0
        self.rates: list[float] = per_layer("learning_rate", learning_rate, depth, self.limits["learning_rate"])
        self.layers = contrasts(
            self.planned,
            thresholds,
            per_layer("penalty", penalty, depth, self.limits["penalty"]),
            per_layer("activity", activity, depth, self.limits["activity"]),
            rates["gain"],
            self.generator,
        )
        decay = rates["weight_decay"]
        self.optimizers = [adam([*layer.parameters()], 0.0, decay) for layer in self.layers]
        features = sum(each.features for each in self.planned[self.first_read :])
        rate = rates["head_learning_rate"]
        self.head = Head(features, self.num_classes, learning_rate=rate, device=self.device)
        self.mixer: Mixer | None = None
        if negatives == "generator":
            self.mixer = Mixer(self.shape, _HIDDEN, self.generator)
            self.mixer_adam = adam([*self.mixer.parameters()], self.generator_learning_rate)

    @wraps(__init__, assigned=())  # type: ignore[misc]  # for the signature
    def __new__(cls, *sizes: Any, **settings: Any) -> Any:
        """With a threshold of one number, the classic form: an `FFNetwork` and not a rule."""
        is_classic = len(sizes) > 1 or "threshold" in settings
        return SelfContrastiveNetwork(*sizes, **settings) if is_classic else super().__new__(cls)

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
            others, rate = inputs[shift], self.generator_learning_rate
            losses["generator"] = deceive(self.mixer, self.mixer_adam, self.layers[0], inputs, others, rate)
        features = []
        for place, layer in enumerate(self.layers):
            rate = self._rate(place)
            with torch.set_grad_enabled(rate > 0):
                positive, negative = self._responses(layer, one, two, shift)
                loss = layer.loss(positive, negative)
            if rate > 0:
                descend(self.optimizers[place], loss, self.rates[place] * rate)
            losses[f"layer{place}"] = float(loss.detach())
            with torch.no_grad():
                one, two = self._upward(layer, one, two, positive.detach(), negative.detach())
                features.append(layer.features(one))
        losses["loss"] = sum(losses[f"layer{place}"] for place in range(len(self.layers)))
        shown = self.features(inputs) if self.negatives == "views" else torch.cat(features[self.first_read :], 1)
        losses["head"] = self._learn_head(shown, labels)
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
        return tuple(layer.upward(layer.respond(2 * layer.drive(half))) for half in (one, two))  # type: ignore[return-value]

    def _rate(self, place: int) -> float:
        """The factor of a layer's learning rate by now; 0 where it does not learn."""
        span = 1 - self.settle
        start, length = (place * span / len(self.layers), span / len(self.layers)) if self.greedy else (0.0, span)
        through = (self.progress - start) / length if length else 1.0
        return cooled(through, self.cooldown) if 0 <= through < 1 and self.rates[place] else 0.0

    @torch.no_grad()
    def _learn_head(self, features: Tensor, labels: Tensor) -> float:
        if self.dropout:
            drawn = torch.rand(features.shape, generator=self.generator, device=self.device)
            features = features * (drawn >= self.dropout) / (1 - self.dropout)
        return self.head.learn(features, labels, self.warmth)

    @torch.no_grad()
    def generate_negatives(self, x: Any) -> Tensor:
        """Negatives of inputs (n, …), each of one input and another of them, as one input: (n, …).

        A layer sees the pair [a, b] as it would see twice their mean, (a + b) / 2; that is what pairs and views give.
        """
        inputs = self._inputs(x)
        shift = partners(len(inputs), self.generator)
        if self.mixer is not None:
            return self.mixer.forward(inputs, inputs[shift])
        one, two = self._streams(inputs, shift)
        return (one + two[shift]) / 2

    # ---- answers -----------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs, each a pair with itself: (n,). It does not depend on labels."""
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
        return torch.cat([self.head(self.features(part)).argmax(1) for (part,) in parts])

    def _forward(self, inputs: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Goodness (n,) and features of every layer."""
        a, found = standard(inputs), []
        for layer in self.layers:
            z = layer.respond(2 * layer.drive(a))
            a = layer.upward(z)
            found.append((layer.goodness(z).mean(1), layer.features(a)))
        return found

    def _inputs(self, x: Any) -> Tensor:
        inputs = self.as_inputs(x)
        if inputs[0].numel() != math.prod(self.shape):
            message = f"the inputs are {tuple(inputs.shape[1:])} each; this rule was made for {self.shape}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return inputs.reshape(len(inputs), *self.shape)

    def parts(self) -> dict[str, Part]:
        """The head, the layers, the generator, and their optimisers."""
        parts: dict[str, Part] = {"head": self.head.tensors(), "head_adam": self.head.optimizer}
        for place, (layer, optimizer) in enumerate(zip(self.layers, self.optimizers, strict=True)):
            parts |= {f"layer{place}": layer, f"layer{place}_adam": optimizer}
        if self.mixer is not None:
            parts |= {"mixer": self.mixer, "mixer_adam": self.mixer_adam}
        return parts
