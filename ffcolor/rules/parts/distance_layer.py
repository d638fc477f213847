"""A layer that tells classes by the distances of its activities to a centre of each: the layer of Distance-Forward.

    h = relu(W n(x) + b),   d_j = mean_i (h_i - c_ji)^2,   loss = log(1 + sum_{j != y} exp(m + s (d_y - d_j)))

With p the softmax of m [j != y] - s d_j the gradient is closed: dloss/dh = 2 s / width * (sum_j p_j c_j - c_y).

Source: Wu et al., "Distance-Forward Learning" (2024), arXiv 2408.14925: centres and N-pair margin, interpreted freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.norms import NORMS, normalize
from ffcolor.rules.parts.optimizer import adam, step
from ffcolor.rules.parts.stateful import Part, Stateful
from ffcolor.settings import Choice, Constraint, Number, Whole, check

CENTERS = ("mean", "learned")
"""Where centres come from, by name."""


class DistanceForwardLayer(Stateful, nn.Module):  # type: ignore[misc]  # states of one kind, by name
    """One layer with a centre for each class, its own loss and its own Adam: a torch module.

        layer = DistanceForwardLayer(784, 500, num_classes=10)
        loss, h = layer.train_step(x, y)          # again and again
        layer.predict(x_test)

    Its `state_dict` holds its optimiser's moments, too. Set `optimizer` to another of torch's to have that take the
    steps, at its own rate.

    Args:
        in_dim: size of an input.
        out_dim: units.
        num_classes: number of labels, at least 2.
        margin: by how much, in units of the exponent, a wrong centre should be farther.
        sharpness: of distances in the exponent.
        centers: ``"learned"`` down the loss, from where each class is first met, or ``"mean"``, running means of each
            class's activities.
        momentum: what a running mean keeps at each step.
        norm: ``"rms"``, ``"l2"`` or ``"none"``, of what the layer sees; see `ffcolor.rules.parts.norms`.
        learning_rate: of its Adam.
        weight_decay: of Adam: each step shrinks the weights by this times the learning rate.
        seed: of the weights, if there is no generator.
        generator: draws the weights.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Stateful.limits,
        "in_dim": Whole(1),
        "out_dim": Whole(1),
        "num_classes": Whole(2),
        "margin": Number(0),
        "sharpness": Number(0),
        "centers": Choice(*CENTERS),
        "momentum": Number(0, 1),
        "norm": Choice(*NORMS),
        "learning_rate": Number(0),
        "weight_decay": Number(0),
    }

    def __init__(
        self,
        in_dim: int,
        out_dim: int,
        num_classes: int = 10,
        *,
        margin: float = 1.0,
        sharpness: float = 50.0,
        centers: str = "learned",
        momentum: float = 0.9,
        norm: str = "rms",
        learning_rate: float = 0.001,
        weight_decay: float = 0.0,
        seed: int = 0,
        generator: torch.Generator | None = None,
    ):
        sizes = check(self.limits, in_dim=in_dim, out_dim=out_dim, num_classes=num_classes)
        numbers = check(
            self.limits,
            margin=margin,
            sharpness=sharpness,
            momentum=momentum,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
        )
        check(self.limits, seed=seed, centers=centers, norm=norm)
        draw = generator or torch.Generator().manual_seed(seed)
        nn.Module.__init__(self)
        Stateful.__init__(self, seed=seed, device=draw.device, generator=draw)
        inputs, units, classes = sizes.values()
        self.learned = centers == "learned"
        drawn = torch.randn(units, inputs, generator=draw, device=draw.device) * (2 / inputs) ** 0.5
        self.weight = nn.Parameter(drawn, requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(units, device=draw.device), requires_grad=False)
        self.centers: Tensor
        blank = torch.zeros(classes, units, device=draw.device)
        if self.learned:
            self.centers = nn.Parameter(blank, requires_grad=False)
        else:
            self.register_buffer("centers", blank)
        self.known: Tensor
        self.register_buffer("known", torch.zeros(classes, device=draw.device))  # 1 where a centre has been set
        self.margin: float = numbers["margin"]
        self.sharpness: float = numbers["sharpness"]
        self.momentum: float = numbers["momentum"]
        self.learning_rate: float = numbers["learning_rate"]
        self.norm = norm
        self._adam = adam([*self.parameters()], self.learning_rate, numbers["weight_decay"])
        self.optimizer = self._adam

    @property
    def class_centers(self) -> Tensor:
        """The centre of each class: (num_classes, out_dim)."""
        return self.centers

    def forward(self, x: Tensor) -> Tensor:
        """Activities of inputs: (n, in_dim) to (n, out_dim)."""
        return self.activities(normalize(x, self.norm))

    def activities(self, seen: Tensor) -> Tensor:
        """Activities of inputs that are normalised already: (n, in_dim) to (n, out_dim)."""
        return torch.addmm(self.bias, seen, self.weight.T).clamp_(0)

    def distance_goodness(self, h: Tensor, labels: Tensor) -> Tensor:
        """Minus the square distance of activities (n, out_dim) to the centres of their labels (n,): (n,)."""
        return -(h - self.centers[labels]).square().sum(-1)

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

    def learn(self, seen: Tensor, h: Tensor, y: Tensor, dh: Tensor, dc: Tensor, warmth: float = 1.0) -> None:
        """Step down slopes by activities and centres; running means of the classes move on.

        Args:
            seen: inputs, normalised (n, in_dim).
            h: their activities (n, out_dim).
            y: labels (n,).
            dh: the slope by the activities (n, out_dim).
            dc: the slope by the centres (num_classes, out_dim).
            warmth: factor of the learning rate.
        """
        dz = dh * (h > 0)
        slopes = [dz.T @ seen, dz.sum(0)] + [dc] * self.learned
        step(self.optimizer, slopes, self.learning_rate * warmth if self.optimizer is self._adam else None)
        if not self.learned:
            means, there = _class_means(h, y, len(self.centers))
            self.centers.lerp_(torch.where(there[:, None], means, self.centers), 1 - self.momentum)

    @torch.no_grad()
    def train_step(self, x: Tensor, labels: Tensor) -> tuple[float, Tensor]:
        """Learn from inputs (n, in_dim) with labels (n,).

        Returns:
            The mean loss, and the activities before the step (n, out_dim).

        Raises:
            FfcolorError: `code` is ``"shape"``, ``"invalid-label"`` or ``"not-finite"``; nothing has changed.
        """
        self._check(x, labels)
        seen = normalize(x, self.norm)
        h = self.activities(seen)
        loss, dh, dc = self.slopes(h, labels)
        self.learn(seen, h, labels, dh, dc)
        self.steps += 1
        return float(loss), h

    def fit_batch(self, x: Tensor, y: Tensor) -> float:
        """As `train_step`, and give the mean loss alone."""
        return self.train_step(x, y)[0]

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """The label of the nearest centre for inputs (n, in_dim): int64 (n,)."""
        return self.distances(self.forward(x)).argmin(1)

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of the layer's state, but for its optimiser's."""
        return {"weight": self.weight, "bias": self.bias, "centers": self.centers, "known": self.known}

    def parts(self) -> dict[str, Part]:
        """The layer and its optimiser."""
        return {"layer": self.tensors(), "adam": self.optimizer}

    def state_dict(self, *, destination: Any = None, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:  # type: ignore[override]
        """All that was learned, and all that is needed to go on; arguments as a module's, for one that holds this."""
        own = {prefix + name: value for name, value in Stateful.state_dict(self).items()}
        if destination is None:
            return own
        destination.update(own)
        found: dict[str, Tensor] = destination
        return found

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *_: Any) -> None:
        own = {key.removeprefix(prefix): state_dict[key] for key in state_dict if key.startswith(prefix)}
        self.load_state_dict(own)

    def _check(self, x: Tensor, labels: Tensor) -> None:
        if x.ndim != 2 or x.shape[1] != self.weight.shape[1] or not len(x):
            message = f"x is of shape {tuple(x.shape)}; it must be (n, {self.weight.shape[1]}), n at least 1"
            raise FfcolorError(message, code="shape", value=tuple(x.shape))
        if not bool(x.isfinite().all()):
            raise FfcolorError("the inputs hold a number that is not finite", code="not-finite")
        if labels.shape != (len(x),) or labels.dtype != torch.int64:
            message = f"labels are {labels.dtype} {tuple(labels.shape)}; they must be int64 ({len(x)},)"
            raise FfcolorError(message, code="shape", value=tuple(labels.shape))
        if int(labels.min()) < 0 or int(labels.max()) >= len(self.centers):
            message = f"a label is not one of 0 to {len(self.centers) - 1}"
            raise FfcolorError(message, code="invalid-label", value=labels.tolist())

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
