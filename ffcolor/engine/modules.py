"""Forward-Forward layers and networks as torch modules: the classic interface, for any inputs and labels.

`FFLayer` and `FFNetwork` are ordinary modules (`state_dict`, `to`, `eval`, `parameters` all work) that learn by
`ffcolor.engine.layer`'s closed-form local step, each layer with an optimiser of its own; no gradient crosses layers
and autograd is never used.

The form that is usually printed has two faults: without normalisation a layer sees how good the layer below was and
has little left to learn; and a fixed threshold against a *sum* of squares asks ever less of wider layers. By
default a network therefore normalises between layers to a root mean square of 1, and goodness is the *mean* of squares;
``naive=True`` brings the printed form back, to compare with.

Source: Hinton, "The Forward-Forward Algorithm: Some Preliminary Investigations" (2022), sections 2 and 3.3.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from ffcolor.engine import layer
from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint, Number, Row, Whole, check

LIMITS: Mapping[str, Constraint] = {
    "in_dim": Whole(1),
    "out_dim": Whole(1),
    "threshold": Number(),
    "lr": Number(above=0),
    "dims": Row(Whole(1), 2),
    "num_classes": Whole(0),
}
"""What the settings of layers and networks may be."""


class FFLayer(nn.Module):
    """One Forward-Forward layer: h = relu(W n(x) + b), taught by its own goodness.

    Args:
        in_dim: size of an input.
        out_dim: number of units.
        threshold: goodness between positive and negative inputs.
        lr: learning rate of the layer's own Adam, above 0.
        normalize: whether n(x) scales each input to a root mean square of 1 (True where the input is another layer's
            output) or leaves it as it is.
        naive: goodness is the sum of squares, not their mean, so that the threshold's meaning hangs on the width.
    """

    def __init__(
        self,
        in_dim: int,
        out_dim: int,
        threshold: float = 2.0,
        *,
        lr: float = 0.03,
        normalize: bool = False,
        naive: bool = False,
    ):
        super().__init__()
        given = check(LIMITS, in_dim=in_dim, out_dim=out_dim, threshold=threshold, lr=lr)
        self.linear = nn.Linear(given["in_dim"], given["out_dim"])
        for parameter in self.linear.parameters():
            parameter.requires_grad_(False)
        self.threshold: float = given["threshold"]
        self.lr: float = given["lr"]
        self.normalize = normalize and not naive
        self.naive = naive
        self._adam: tuple[layer.Adam, layer.Adam] | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Activations of inputs: (n, in_dim) to (n, out_dim), none below zero."""
        h: Tensor = self.linear(self._seen(x)).clip(0)
        return h

    def goodness(self, h: Tensor) -> Tensor:
        """Goodness of activations: the mean of their squares (the sum in the naive form), (n, out_dim) to (n,)."""
        goodness: Tensor = layer.goodness(h) / self._width
        return goodness

    @torch.no_grad()
    def train_step(self, x_pos: Tensor, x_neg: Tensor) -> tuple[float, Tensor, Tensor]:
        """Take one local step towards good positives and not good negatives.

        Args:
            x_pos: positive inputs (n, in_dim).
            x_neg: negative inputs (m, in_dim).

        Returns:
            The loss mean softplus(threshold - G+) + mean softplus(G- - threshold) before the step, and the
            activations of both sides before the step, (n, out_dim) and (m, out_dim).
        """
        for name, side in (("x_pos", x_pos), ("x_neg", x_neg)):
            if side.ndim != 2 or side.shape[1] != self.linear.in_features or not len(side):
                raise FfcolorError(
                    f"{name} is of shape {tuple(side.shape)}; it must be (n, {self.linear.in_features}), n at least 1",
                    code="shape",
                    value=tuple(side.shape),
                )
        x = self._seen(torch.cat([x_pos, x_neg]))
        sign = torch.ones(len(x), dtype=x.dtype, device=x.device)
        sign[: len(x_pos)] = -1
        weight = torch.full_like(sign, 1 / len(x_neg))
        weight[: len(x_pos)] = 1 / len(x_pos)
        h = self.linear(x).clip(0)
        g = self.goodness(h)
        loss = layer.loss(g, sign, weight, self.threshold)
        dz = layer.output_gradient(h, g, sign, weight, self.threshold) / self._width
        if self._adam is None:
            self._adam = layer.Adam(), layer.Adam()
        self._adam[0].update(self.linear.weight, dz.T @ x, self.lr)
        self._adam[1].update(self.linear.bias, dz.sum(0), self.lr)
        return float(loss), h[: len(x_pos)], h[len(x_pos) :]

    @property
    def _width(self) -> int:
        return 1 if self.naive else self.linear.out_features

    def _seen(self, x: Tensor) -> Tensor:
        x = x.detach()
        return x / ((x * x).mean(-1, keepdim=True) ** 0.5 + 1e-8) if self.normalize else x

    def extra_repr(self) -> str:
        """What the module's printout says beside its parts."""
        return f"threshold={self.threshold}, lr={self.lr}" + (", naive" if self.naive else "")


class FFNetwork(nn.Module):
    """A stack of Forward-Forward layers that classifies by goodness, or tells positives from negatives.

    With `num_classes`, the label goes into the input: its first `num_classes` numbers are overwritten by a one-hot
    code; a wrong label makes a negative. Without (0), the two sides are given as they are.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        threshold: goodness between positive and negative, for each layer.
        lr: learning rate of each layer's own Adam, above 0.
        num_classes: number of labels, or 0.
        naive: the form that is usually printed; see the module's text.
        seed: of the drawn wrong labels.

    Example:
        >>> network = FFNetwork([3, 16], num_classes=0)
        >>> loss = network.train_epoch([(torch.rand(8, 3) / 2 + 0.5, torch.rand(8, 3) / 2)])
    """

    def __init__(
        self,
        dims: Sequence[int],
        threshold: float = 2.0,
        lr: float = 0.003,
        *,
        num_classes: int = 10,
        naive: bool = False,
        seed: int = 0,
    ):
        super().__init__()
        sizes, classes = check(LIMITS, dims=dims, num_classes=num_classes).values()
        if classes == 1 or classes > sizes[0]:
            message = f"num_classes is {classes}; it must be 0, or 2 to {sizes[0]}: labels go into the input"
            raise FfcolorError(message, code="invalid-setting", value=classes, setting="num_classes")
        self.layers = nn.ModuleList(
            FFLayer(fan_in, fan_out, threshold, lr=lr, normalize=depth > 0, naive=naive)
            for depth, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes))
        )
        self.num_classes: int = classes
        self._generator = torch.Generator().manual_seed(seed)

    def forward(self, x: Tensor) -> Tensor:
        """Score of inputs as they are: goodness less threshold, summed over the layers. (n, dims[0]) to (n,)."""
        total = torch.zeros(len(x), dtype=x.dtype, device=x.device)
        for each in self._stack():
            x = each(x)
            total = total + each.goodness(x) - each.threshold
        return total

    def train_epoch(
        self,
        dataloader: Iterable[tuple[Tensor, Tensor]],
        neg_generator: Callable[[Tensor, Tensor], Tensor] | None = None,
    ) -> float:
        """Teach all layers with each batch, once.

        Args:
            dataloader: batches ``(x, y)``: inputs (n, dims[0]) and labels int (n,); with `num_classes` 0, batches
                ``(x_pos, x_neg)``.
            neg_generator: makes inputs for negatives from ``(x, y)``; by default they are x itself, with a wrong label.

        Returns:
            The mean loss of a layer and batch.
        """
        losses: list[float] = []
        for positive, negative in self.pairs(dataloader, neg_generator):
            for each in self._stack():
                loss, positive, negative = each.train_step(positive, negative)
                losses.append(loss)
        if not losses:
            raise FfcolorError("train_epoch was given no batches", code="no-data")
        return sum(losses) / len(losses)

    def pairs(
        self,
        dataloader: Iterable[tuple[Tensor, Tensor]],
        neg_generator: Callable[[Tensor, Tensor], Tensor] | None = None,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """What the first layer learns from: positive and negative inputs of each batch; arguments as `train_epoch`."""
        for x, y in dataloader:
            if self.num_classes:
                other = x if neg_generator is None else neg_generator(x, y)
                yield self.embed_label(x, y), self.embed_label(other, self._wrong_labels(y))
            else:
                yield x, y

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """The label under which each input scores best, int64 (n,); with `num_classes` 0, whether it is positive."""
        if not self.num_classes:
            positive: Tensor = self(x) >= 0
            return positive
        labels = torch.arange(self.num_classes, device=x.device)
        scores = [self(self.embed_label(x, label.expand(len(x)))) for label in labels]
        return torch.stack(scores, dim=1).argmax(dim=1)

    def embed_label(self, x: Tensor, y: Tensor) -> Tensor:
        """Inputs with a one-hot code of their labels in the first `num_classes` places: (n, dims[0]) and (n,)."""
        x = x.clone()
        x[:, : self.num_classes] = torch.nn.functional.one_hot(y.long(), self.num_classes).to(x.dtype)
        return x

    def _wrong_labels(self, y: Tensor) -> Tensor:
        shift = torch.randint(1, self.num_classes, y.shape, generator=self._generator)
        return (y + shift.to(y.device)) % self.num_classes

    def _stack(self) -> Iterable[FFLayer]:
        return (each for each in self.layers if isinstance(each, FFLayer))
