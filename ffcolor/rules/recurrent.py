"""Recurrent Forward-Forward: layers that look up, down and at themselves, and fall silent where a label fits its image.

Time goes in steps, and at each one all layers move together from the states of the step before. A layer is driven by
the layer below, less what the layer above expects of it (at the top: the label), and by itself:

    u_l = F_l p - B_l q + L_l s(h_l),    p = x_t or s(h_{l-1}),    q = y or s(h_{l+1}),    s(h) = h / sqrt(mean h^2)
    h_l <- (1 - d) h_l + d leaky_relu(u_l)

The objective is reversed: badness b_l = mean h_l^2 should be low for an image with its own label, and high with a
wrong one. Every layer learns at every step by its own loss, softplus(b+ - theta) + softplus(theta - b-) or a loss of
b+ - b- alone, in closed form: no gradient goes to another layer or back in time. First come some steps with the label
hidden, in which nothing is learned. The answer is the label under which the layers are least active.

    rule = RecurrentForwardForward([784, 200, 200, 200], seed=1).fit(x, y, epochs=15)      # images (n, 784)
    rule = RecurrentForwardForward([4096, 200, 200], steps=15).fit(frames, y, epochs=15)   # sequences (n, time, 4096)

Source: Hinton 2022, arXiv 2212.13345, section 4 (the recurrent net, its label at the top); the minus sign, the lateral
connections and the turned objective as the repository "and-rewsmith/RecurrentForwardForward" describes them, from the
equations alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts import negatives as draw
from ffcolor.rules.parts.cooling import CoolingLearner
from ffcolor.rules.parts.dense_stack import SIZES
from ffcolor.rules.parts.head import Head
from ffcolor.rules.parts.losses import ALPHA, LOSSES
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.recurrent_layer import EPS, SLOPE, Look, RecurrentLayer, leaky, rms
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Choice, Constraint, Number, Whole, check

_SWEEP = 500  # inputs that are tried with every label together


class RecurrentForwardForward(CoolingLearner):
    """A stack of layers with forward, backward and lateral connections, each taught by its own activity.

    Args:
        dims: size of an input at one step, then units of each layer, such as ``[784, 200, 200, 200]``.
        steps: steps with the label shown, at each of which every layer learns.
        label_free: steps before them with the label hidden; None for one a layer.
        loss: ``"logistic"``, ``"symba"`` or ``"swish"``, of goodness, minus badness; see `ffcolor.rules.parts.losses`.
        alpha: the loss's sharpness; None for the usual one.
        threshold: badness between positive and negative, for the logistic loss.
        damping: share of a state that is new at each step with the label shown.
        negatives: ``"random"`` wrong labels, or ``"dynamic"``: drawn by a linear softmax on the states that the steps
            with the label hidden end in, so that those that tempt it most come most.
        standardize: mean and standard deviation to standardise inputs with, such as ``(0.1307, 0.3081)`` for MNIST.
        learning_rate: of each layer's RMSprop.
        momentum: of the same.
        cooldown, num_classes, batch_size, seed, device: see `ffcolor.rules.parts.cooling.CoolingLearner`.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``; the message names the setting and what it may be.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **CoolingLearner.limits,
        "dims": SIZES,
        "steps": Whole(1),
        "label_free": Whole(0) | None,
        "loss": Choice(*LOSSES),
        "alpha": Number(0) | None,
        "threshold": Number(0),
        "damping": Number(0, 1),
        "negatives": Choice("random", "dynamic"),
        "momentum": Number(0, 1),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe((64, 200, 200), {"learning_rate": 0.003}, 20),
        "subset": Recipe((784, 200, 200, 200), {"standardize": (0.0, 0.3), "learning_rate": 3e-4}, 15),
        "mnist-gpu": Recipe(
            (784, 2000, 2000, 2000),
            {
                "loss": "logistic",
                "negatives": "random",
                "standardize": (0.1307, 0.3081),
                "learning_rate": 5e-5,
                "cooldown": 0.2,
                "batch_size": 500,
            },
            100,
        ),
    }

    def __init__(
        self,
        dims: Sequence[int],
        *,
        steps: int = 10,
        label_free: int | None = None,
        loss: str = "swish",
        alpha: float | None = None,
        threshold: float = 1.5,
        damping: float = 0.7,
        negatives: str = "dynamic",
        standardize: tuple[float, float] = (0.0, 1.0),
        learning_rate: float = 2e-4,
        momentum: float = 0.0,
        **settings: Any,
    ):
        super().__init__(learning_rate=learning_rate, **settings)
        check(self.limits, loss=loss, negatives=negatives)
        given = check(self.limits, dims=dims, steps=steps, label_free=label_free, momentum=momentum)
        given |= check(self.limits, alpha=alpha, threshold=threshold, damping=damping)
        self.dims: list[int] = given["dims"]
        self.shown: int = given["steps"]
        depth = len(self.dims) - 1
        self.label_free: int = depth if label_free is None else given["label_free"]
        self.loss = LOSSES[loss]
        self.alpha: float = ALPHA[loss] if alpha is None else given["alpha"]
        self.threshold: float = given["threshold"]
        self.damping: float = given["damping"]
        self.center: float = Number().check("standardize[0]", standardize[0])
        self.spread: float = Number(1e-12).check("standardize[1]", standardize[1])
        above = [*self.dims[2:], self.num_classes]
        self.layers = [
            RecurrentLayer(*sizes, last=place == depth - 1, generator=self.generator)
            for place, sizes in enumerate(zip(self.dims, self.dims[1:], above, strict=False))
        ]
        self.optimizer = torch.optim.RMSprop(
            [weight for layer in self.layers for weight in layer.tensors().values()],
            self.learning_rate,
            momentum=given["momentum"],
            eps=EPS,
            foreach=True,
        )
        self.head: Head | None = None
        if negatives == "dynamic":
            self.head = Head(sum(self.dims[1:]), self.num_classes, device=self.device)

    # ---- learning ----------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Teach every layer with one batch, at every step with the label shown.

        Args:
            x: inputs (n, dims[0]), or sequences (n, time, dims[0]) that start anew when they end.
            y: labels (n,).

        Returns:
            The loss of each layer, a mean over the steps (``"layer0"`` …), their sum (``"loss"``), and the head's.
        """
        inputs, labels = self._inputs(x), self.as_labels(y, len(x))
        rate = self.warmth
        self.optimizer.param_groups[0]["lr"] = self.learning_rate * rate
        hidden = self._rest(inputs)
        losses: dict[str, float] = {}
        if self.head is None:
            wrong = draw.with_wrong_labels(labels, self.num_classes, 1, self.generator)[:, 1]
        else:
            features = torch.cat([rms(h[0]) for h in hidden], 1)
            wrong = draw.hard_labels(self.head(features), labels, self.generator)
            losses["head"] = self.head.learn(features, labels, rate)
        top = self._codes(torch.stack([labels, wrong]))  # (2, n, classes)
        states = [h.expand(2, -1, -1) for h in hidden]
        total = torch.zeros(len(self.layers), device=self.device)
        for step in range(self.shown):
            seen = self._look(_frame(inputs, self.label_free + step), states, top)
            for place, (layer, look) in enumerate(zip(self.layers, seen, strict=True)):
                u = layer.drive(look)
                states[place] = torch.lerp(states[place], leaky(u), self.damping)
                loss, slope = self._slope(states[place], u)
                layer.teach(slope, look)
                total[place] += loss
            self.optimizer.step()
        losses |= {f"layer{place}": float(loss) / self.shown for place, loss in enumerate(total)}
        losses["loss"] = sum(losses[f"layer{place}"] for place in range(len(self.layers)))
        return losses

    def _slope(self, h: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of new states h (2, n, units), of positives and negatives, and its derivative by u, their drive."""
        badness = torch.linalg.vecdot(h, h) / h.shape[2]  # (2, n)
        loss, good, bad = self.loss(-badness[0], -badness[1], -self.threshold, self.alpha)
        outer = torch.stack([good, bad]) * (-2 * self.damping / h.shape[2])  # goodness is minus badness
        inner = h * outer[:, :, None]
        return loss, torch.where(u > 0, inner, SLOPE * inner)

    # ---- moving ------------------------------------------------------------------------------------------------------

    def _look(self, frame: Tensor, states: list[Tensor], top: Tensor) -> list[Look]:
        """What each layer looks at: below, above and itself, from states (k, n, units) and labels (k, n, classes)."""
        scaled = [rms(h) for h in states]
        below, above = [frame[None], *scaled[:-1]], [*scaled[1:], top]
        return [Look(*views) for views in zip(below, above, scaled, strict=True)]

    def _advance(self, frame: Tensor, states: list[Tensor], top: Tensor, damping: float) -> list[Tensor]:
        seen = self._look(frame, states, top)
        return [
            torch.lerp(h, leaky(layer.drive(look)), damping)
            for layer, look, h in zip(self.layers, seen, states, strict=True)
        ]

    def _rest(self, inputs: Tensor) -> list[Tensor]:
        """States after the steps with the label hidden, which is 1/classes everywhere: (1, n, units) each."""
        n = len(inputs)
        states = [torch.zeros(1, n, units, device=self.device) for units in self.dims[1:]]
        hidden = torch.full((1, n, self.num_classes), 1 / self.num_classes, device=self.device)
        for step in range(self.label_free):
            states = self._advance(_frame(inputs, step), states, hidden, 1.0)
        return states

    def _codes(self, labels: Tensor) -> Tensor:
        return one_hot(labels, self.num_classes).float()

    # ---- answers -----------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, minus its badness: a mean over the middle steps, with labels y (n,) or every label.

        Returns:
            (n,) or (n, num_classes) for each layer, never above 0.
        """
        inputs = self._inputs(x)
        every = torch.arange(self.num_classes, device=self.device).expand(len(inputs), -1)
        tried = every if y is None else self.as_labels(y, len(inputs))[:, None]
        parts = [self._sweep(part, labels.T) for part, labels in self.chunks(inputs, tried, size=_SWEEP)]
        found = [torch.cat(layer) for layer in zip(*parts, strict=True)]  # (n, tried) each
        return found if y is None else [layer[:, 0] for layer in found]

    def _sweep(self, inputs: Tensor, tried: Tensor) -> list[Tensor]:
        """Minus the badness of each layer, for labels (k, n): (n, k)."""
        top = self._codes(tried)
        states = [h.expand(len(tried), -1, -1) for h in self._rest(inputs)]
        first, last = self.shown // 2 - self.shown // 10, self.shown // 2 + self.shown // 10
        found = [torch.zeros(tried.shape, device=self.device) for _ in states]
        for step in range(last + 1):
            states = self._advance(_frame(inputs, self.label_free + step), states, top, self.damping)
            if step >= first:
                for sums, h in zip(found, states, strict=True):
                    sums -= torch.linalg.vecdot(h, h) / (h.shape[2] * (last + 1 - first))
        return [sums.T for sums in found]

    @torch.no_grad()
    def predict(self, x: Any) -> Tensor:
        """The label under which the layers are least active, int64 (n,)."""
        return torch.stack(self.goodness(x)).sum(0).argmax(1)

    # ---- checks and state --------------------------------------------------------------------------------------------

    def _inputs(self, x: Any) -> Tensor:
        """Inputs (n, time, dims[0]), one step long if they were images."""
        inputs = self.as_inputs(x)
        inputs = inputs[:, None] if inputs.ndim == 2 else inputs
        if inputs.ndim != 3 or inputs.shape[2] != self.dims[0]:
            message = (
                f"the inputs are {tuple(torch.as_tensor(x).shape)}; they must be (n, {self.dims[0]}), "
                f"or sequences (n, time, {self.dims[0]})"
            )
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return (inputs - self.center) / self.spread

    def parts(self) -> dict[str, Part]:
        """The layers, the head, and their optimisers."""
        parts: dict[str, Part] = {f"layer{place}": layer.tensors() for place, layer in enumerate(self.layers)}
        parts["rmsprop"] = self.optimizer
        if self.head is not None:
            parts |= {"head": self.head.tensors(), "head_adam": self.head.optimizer}
        return parts


def _frame(inputs: Tensor, step: int) -> Tensor:
    """What is seen at a step, of sequences (n, time, …)."""
    return inputs[:, step % inputs.shape[1]]
