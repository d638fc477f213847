"""What every learning rule can do: one small protocol, and a base class that does the parts that are all alike.

A rule is made with its settings as keywords, learns by `fit` (or batch by batch by `partial_fit`), answers by `predict`
and shows what its layers think by `goodness`. Its whole state, with optimisers and generator, is a flat dictionary of
tensors, so a run that was stopped goes on from the very step, to the same bits.

    rule = ForwardForward([784, 500, 500], seed=1).fit(x, y, epochs=20)
    rule.accuracy(x_test, y_test)

A rule's module writes `partial_fit`, `goodness`, `predict` and `_parts`; `Learner` does the rest.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar, runtime_checkable

import torch
from torch import Tensor, nn

from ffcolor.errors import FfcolorError
from ffcolor.rules.settings import choice as choice
from ffcolor.rules.settings import number as number
from ffcolor.rules.settings import whole as whole
from ffcolor.rules.settings import widths as widths

OnStep = Callable[[int, int, float], None]
"""Told (step from 1, number of steps, loss) after every step; stops the learning by raising."""
Augment = Callable[[Tensor, torch.Generator], Tensor]
"""Makes a batch's inputs anew, by a generator: shifts of images, say."""
Part = nn.Module | torch.optim.Optimizer | dict[str, Tensor]
"""A piece of a rule's state. The tensors of a dictionary are the live ones: they are loaded in place."""

_Self = TypeVar("_Self", bound="Learner")
_CHUNK = 2000  # inputs that predict and accuracy look at together
_WORD = 0x9E3779B97F4A7C15


@runtime_checkable
class Rule(Protocol):
    """A learning rule, made with its settings."""

    def fit(self, x: Any, y: Any, *, epochs: int = ..., on_step: OnStep | None = ...) -> Rule:
        """Learn until `epochs` passes over the inputs have been made in all."""
        ...

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Learn from one batch, and say the losses by name."""
        ...

    def predict(self, x: Any) -> Tensor:
        """The label of each input, int64 (n,)."""
        ...

    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs with their labels (n,), or with every label (n, classes)."""
        ...

    def state_dict(self) -> dict[str, Tensor]:
        """All that was learned, and all that is needed to go on learning."""
        ...

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state that a rule of the same settings gave."""
        ...


class Learner(ABC):
    """The base of the rules: batches, order, steps, checks and state.

    Args:
        num_classes: number of labels, at least 2.
        batch_size: inputs of one step.
        seed: of everything random: weights, order of the inputs, negatives. No global generator is used.
        device: where the rule computes, such as ``"cpu"`` or ``"cuda"``.

    Attributes:
        steps: steps that `fit` has taken.
        progress: how far `fit` has come, 0 to 1: what learning rates cool down by. 0 outside of `fit`.
        generator: the rule's source of randomness, on its device.
    """

    def __init__(
        self, *, num_classes: int = 10, batch_size: int = 128, seed: int = 0, device: str | torch.device = "cpu"
    ):
        self.num_classes = whole("num_classes", num_classes, 2)
        self.batch_size = whole("batch_size", batch_size, 1)
        self.seed = whole("seed", seed, None)
        self.device = torch.device(device)
        self.generator = self._seeded(-1)
        self.steps = 0
        self.progress = 0.0

    # ---- what a rule writes ------------------------------------------------------------------------------------------

    @abstractmethod
    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Learn from one batch: inputs (n, …) and labels (n,); the losses by name, ``"loss"`` among them."""

    @abstractmethod
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each layer, the goodness of inputs with labels y (n,), or with every label (n, num_classes)."""

    @abstractmethod
    def predict(self, x: Any) -> Tensor:
        """The label of each input, int64 (n,)."""

    @abstractmethod
    def _parts(self) -> dict[str, Part]:
        """The pieces of the state by name: modules, optimisers, dictionaries of live tensors."""

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
        last = each * whole("epochs", epochs, 0)
        order: Tensor | None = None
        try:
            while self.steps < last:
                epoch, place = divmod(self.steps, each)
                if order is None or place == 0:
                    order = self.order(len(inputs), epoch)
                batch = order[place * self.batch_size : (place + 1) * self.batch_size]
                rows = inputs[batch]
                self.progress = self.steps / last
                loss = self.partial_fit(rows if augment is None else augment(rows, self.generator), labels[batch])
                self.steps += 1
                if on_step is not None:
                    on_step(self.steps, last, loss["loss"])
        finally:
            self.progress = 0.0
        return self

    def order(self, count: int, epoch: int) -> Tensor:
        """The order in which an epoch (from 0) goes through `count` inputs: int64 (count,)."""
        return torch.randperm(count, generator=self._seeded(epoch), device=self.device)

    def accuracy(self, x: Any, y: Any) -> float:
        """Share of inputs whose label is predicted, 0 to 1."""
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

    def _seeded(self, epoch: int) -> torch.Generator:
        word = (self.seed * _WORD + (epoch + 1) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        word = ((word ^ word >> 31) * 0x94D049BB133111EB) & 0x7FFFFFFFFFFFFFFF
        return torch.Generator(device=self.device).manual_seed(word)

    # ---- state -------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Tensor]:
        """All that was learned, and all that is needed to go on: tensors by name, copies of the live ones."""
        state = {"rule.steps": torch.tensor(self.steps), "rule.generator": self.generator.get_state()}
        for name, part in self._parts().items():
            state |= {f"{name}.{key}": value.detach().clone() for key, value in _tensors(part).items()}
        return state

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state that a rule of the same class and settings gave.

        Raises:
            FfcolorError: `code` is ``"state"``: a tensor is missing, left over, or of another shape; nothing changes.
        """
        pieces: dict[str, dict[str, Tensor]] = {name: {} for name in self._parts()}
        for key, value in state.items():
            name, _, rest = key.partition(".")
            if name != "rule":
                if name not in pieces:
                    raise FfcolorError(f"the state holds {key}, which this rule has not", code="state", value=key)
                pieces[name][rest] = value
        if not {"rule.steps", "rule.generator"} <= state.keys():
            raise FfcolorError("the state lacks rule.steps and rule.generator: it is none of a rule", code="state")
        for name, part in self._parts().items():
            _check(name, part, pieces[name])
        for name, part in self._parts().items():
            _load(part, pieces[name])
        self.steps = int(state["rule.steps"])
        self.generator.set_state(state["rule.generator"].cpu())

    def __repr__(self) -> str:
        numbers = sum(value.numel() for part in self._parts().values() for value in _weights(part))
        return f"{type(self).__name__}({numbers:,} weights, {self.num_classes} classes, {self.steps:,} steps)"


# ---- pieces of state -------------------------------------------------------------------------------------------------


def _tensors(part: Part) -> dict[str, Tensor]:
    if isinstance(part, nn.Module):
        found: dict[str, Tensor] = part.state_dict()
        return found
    if isinstance(part, dict):
        return part
    moments = part.state_dict()["state"]
    return {f"{i}.{key}": torch.as_tensor(value) for i, entry in moments.items() for key, value in entry.items()}


def _weights(part: Part) -> list[Tensor]:
    return [] if isinstance(part, torch.optim.Optimizer) else list(_tensors(part).values())


def _check(name: str, part: Part, given: dict[str, Tensor]) -> None:
    if isinstance(part, torch.optim.Optimizer):  # its tensors come into being with the first step
        return
    live = _tensors(part)
    for key in live.keys() ^ given.keys():
        fault = "lacks" if key in live else "holds"
        raise FfcolorError(f"the state {fault} {name}.{key}, unlike this rule", code="state", value=f"{name}.{key}")
    for key, tensor in live.items():
        if tensor.shape != given[key].shape:
            message = f"{name}.{key} is of shape {tuple(given[key].shape)}; this rule needs {tuple(tensor.shape)}"
            raise FfcolorError(message, code="state", value=f"{name}.{key}")


def _load(part: Part, given: dict[str, Tensor]) -> None:
    if isinstance(part, nn.Module):
        part.load_state_dict(given)
    elif isinstance(part, dict):
        with torch.no_grad():
            for key, tensor in part.items():
                tensor.copy_(given[key])
    else:
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in given.items():
            i, _, what = key.partition(".")
            moments.setdefault(int(i), {})[what] = value.clone()
        part.load_state_dict({"state": moments, "param_groups": part.state_dict()["param_groups"]})
