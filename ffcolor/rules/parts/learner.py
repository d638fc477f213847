"""The base of the rules: labelled batches in their order, steps, checks of inputs and labels.

A rule's module writes `partial_fit`, `predict` and `parts`, and `goodness` if its layers have one; `Learner` does the
rest. See `ffcolor.rules.protocol` for what all rules share.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeVar

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.stateful import Stateful
from ffcolor.rules.protocol import Augment, OnStep
from ffcolor.settings import Constraint, Number, Whole, check

_Self = TypeVar("_Self", bound="Learner")
_CHUNK = 2000  # inputs that predict and accuracy look at together


class Learner(Stateful):
    """The base of the rules.

    Args:
        learning_rate: of the rule's optimisers; 0 leaves the weights as they were drawn.
        num_classes: number of labels, at least 2.
        batch_size: inputs of one step.
        seed: of everything random: weights, order of the inputs, negatives. No global generator is used.
        device: where the rule computes, such as ``"cpu"`` or ``"cuda"``.

    Attributes:
        recipes: what the rule runs with, by the name of a task: see `ffcolor.rules.parts.recipe`.
        steps: steps that `fit` has taken.
        epoch: which pass `fit` is making, from 0; None outside of `fit`.
        progress: how far `fit` has come, 0 to 1: what learning rates cool down by. 0 outside of `fit`.
        generator: the rule's source of randomness, on its device.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Stateful.limits,
        "learning_rate": Number(0),
        "num_classes": Whole(2),
        "batch_size": Whole(1),
        "epochs": Whole(0),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {}

    def __init__(
        self,
        *,
        learning_rate: Any = 0.001,
        num_classes: int = 10,
        batch_size: int = 128,
        seed: int = 0,
        device: str | torch.device = "cpu",
    ):
        super().__init__(seed=seed, device=device)
        given = check(self.limits, learning_rate=learning_rate, num_classes=num_classes, batch_size=batch_size)
        self.learning_rate: Any = given["learning_rate"]
        self.num_classes: int = given["num_classes"]
        self.batch_size: int = given["batch_size"]
        self.epoch: int | None = None
        self.progress = 0.0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._size:,} weights, {self.num_classes} classes, {self.steps:,} steps)"

    @abstractmethod
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Learn from one batch: inputs (n, …) and labels (n,); returns the losses by name, ``"loss"`` among them."""

    @abstractmethod
    def predict(self, x: Any) -> Tensor:
        """The label of each input, int64 (n,)."""

    # ---- learning ----------------------------------------------------------------------------------------------------

    def fit(
        self: _Self,
        x: Any,
        y: Any,
        *,
        epochs: int = 20,
        on_step: OnStep | None = None,
        augment: Augment | None = None,
    ) -> _Self:
        """Learn until `epochs` passes over the inputs have been made in all.

        A rule that was stopped, or whose state was loaded, goes on from its step: the order of the inputs follows from
        the seed and the epoch alone, so the outcome is the same to the bit as without the stop.

        Args:
            x: inputs (n, …), an array or tensor of numbers.
            y: labels (n,), whole numbers from 0 to num_classes - 1.
            epochs: passes over the inputs in all, those made before counted in.
            on_step: called with (step, steps, loss) after each step; it may raise to stop.
            augment: makes each batch's inputs anew, given them and the rule's generator.

        Returns:
            The rule itself.

        Raises:
            FfcolorError: `code` is ``"shape"``, ``"not-finite"``, ``"invalid-label"`` or ``"invalid-setting"``.
        """
        inputs, labels = self.as_inputs(x), self.as_labels(y, len(x))
        each = math.ceil(len(inputs) / self.batch_size)
        last = each * check(self.limits, epochs=epochs)["epochs"]
        try:
            while self.steps < last:
                epoch, place = divmod(self.steps, each)
                if epoch != self.epoch:
                    order, self.epoch = self.order(len(inputs), epoch), epoch
                batch = order[place * self.batch_size : (place + 1) * self.batch_size]
                rows = inputs[batch]
                self.progress = self.steps / last
                loss = self.partial_fit(rows if augment is None else augment(rows, self.generator), labels[batch])
                self.steps += 1
                if on_step is not None:
                    on_step(self.steps, last, loss["loss"])
        finally:
            self.epoch, self.progress = None, 0.0
        return self

    def order(self, count: int, epoch: int) -> Tensor:
        """The order in which an epoch (from 0) goes through `count` inputs: int64 (count,)."""
        return torch.randperm(count, generator=self.seeded(epoch), device=self.device)

    def accuracy(self, x: Any, y: Any) -> float:
        """The share of inputs whose label is predicted, 0 to 1."""
        inputs, labels = self.as_inputs(x), self.as_labels(y, len(x))
        right = [(self.predict(part) == truth).sum() for part, truth in self.chunks(inputs, labels)]
        return int(torch.stack(right).sum()) / len(inputs)

    def chunks(self, *tensors: Tensor, size: int = _CHUNK) -> Iterator[tuple[Tensor, ...]]:
        """Go through tensors of equal length together, `size` rows at a time."""
        for start in range(0, len(tensors[0]), size):
            yield tuple(tensor[start : start + size] for tensor in tensors)

    # ---- checks ------------------------------------------------------------------------------------------------------

    def as_inputs(self, x: Any) -> Tensor:
        """Inputs as a float32 tensor on the rule's device, the caller's own if it is one already.

        Raises:
            FfcolorError: `code` is ``"shape"``, or ``"not-finite"`` with the place of the first such input.
        """
        inputs = torch.as_tensor(x)
        if inputs.ndim < 2 or not len(inputs) or inputs.is_complex():
            message = f"the inputs are of shape {tuple(inputs.shape)}; they must be numbers (n, …), n at least 1"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        inputs = inputs.detach().to(device=self.device, dtype=torch.float32)
        fine = inputs.isfinite().flatten(1).all(1)
        if not bool(fine.all()):
            place = int((~fine).nonzero()[0, 0])
            raise FfcolorError(f"input {place} holds a number that is not finite", code="not-finite", position=place)
        return inputs

    def as_labels(self, y: Any, count: int) -> Tensor:
        """Labels as int64 (count,) on the rule's device.

        Raises:
            FfcolorError: `code` is ``"shape"`` or ``"invalid-label"``; the latter names the place.
        """
        labels = torch.as_tensor(y)
        if labels.shape != (count,) or labels.is_floating_point() or labels.is_complex() or labels.dtype == torch.bool:
            kind = f"{str(labels.dtype).removeprefix('torch.')} {tuple(labels.shape)}"
            message = f"the labels are {kind}; they must be whole numbers ({count},), one for each input"
            raise FfcolorError(message, code="shape", value=tuple(labels.shape))
        labels = labels.to(device=self.device, dtype=torch.int64)
        wrong = (labels < 0) | (labels >= self.num_classes)
        if bool(wrong.any()):
            place = int(wrong.nonzero()[0, 0])
            message = f"label {int(labels[place])} at {place} is not one of 0 to {self.num_classes - 1}"
            raise FfcolorError(message, code="invalid-label", value=int(labels[place]), position=place)
        return labels

    def of_labels(self, every: list[Tensor], y: Any) -> list[Tensor]:
        """Of a layer's values for every label, (n, num_classes) a layer, those of labels y (n,), or all for None."""
        if y is None:
            return every
        labels = self.as_labels(y, len(every[0]))
        return [values.gather(1, labels[:, None])[:, 0] for values in every]
