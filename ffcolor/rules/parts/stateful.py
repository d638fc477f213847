"""What is alike in everything that learns and can be stopped: a seed, a source of randomness, and the whole state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint, Whole, check
from ffcolor.splitmix import GAMMA, MASK, MIX_1, MIX_2

Part = nn.Module | torch.optim.Optimizer | dict[str, Tensor]
"""A piece of a state. The tensors of a dictionary are the live ones: they are loaded in place."""

_STEPS, _GENERATOR = "rule.steps", "rule.generator"


class Stateful(ABC):
    """The base of rules, cells and single layers that learn. A subclass says what its `parts` are.

    Args:
        seed: of everything random. No global generator is used.
        device: where it computes, such as ``"cpu"`` or ``"cuda"``.
        generator: a source of randomness to use in place of one made from the seed.

    Attributes:
        limits: what each setting may be, a table of `ffcolor.settings` constraints.
        steps: steps that have been learned from.
        generator: the source of randomness, on the device.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {"seed": Whole()}

    def __init__(self, *, seed: int = 0, device: str | torch.device = "cpu", generator: torch.Generator | None = None):
        self.seed: int = check(self.limits, seed=seed)["seed"]
        self.device = torch.device(device)
        self.generator = self.seeded(-1) if generator is None else generator
        self.steps = 0

    @abstractmethod
    def parts(self) -> dict[str, Part]:
        """The pieces of the state by name: modules, optimisers, dictionaries of live tensors."""

    def seeded(self, number: int) -> torch.Generator:
        """A generator of its own for a purpose that has a number: epochs from 0 on, others below."""
        word = (self.seed * GAMMA + (number + 1) * MIX_1) & MASK
        word = ((word ^ word >> 31) * MIX_2) & (MASK >> 1)
        return torch.Generator(device=self.device).manual_seed(word)

    def state_dict(self) -> dict[str, Tensor]:
        """All that was learned, and all that is needed to go on: tensors by name, copies of the live ones."""
        state = {_STEPS: torch.tensor(self.steps), _GENERATOR: self.generator.get_state()}
        for name, part in self.parts().items():
            state |= {f"{name}.{key}": value.detach().clone() for key, value in _tensors(part).items()}
        return state

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state that came from the same class and settings.

        Raises:
            FfcolorError: `code` is ``"state"``: a tensor is missing, left over, or of another shape; nothing changes.
        """
        parts, own = self.parts(), type(self).__name__
        given: dict[str, dict[str, Tensor]] = {name: {} for name in parts}
        for key, value in state.items():
            name, _, rest = key.partition(".")
            if name in given:
                given[name][rest] = value
            elif key not in (_STEPS, _GENERATOR):
                raise FfcolorError(f"the state holds {key}, which this {own} does not have", code="state", value=key)
        if not {_STEPS, _GENERATOR} <= state.keys():
            message = f"the state lacks {_STEPS} and {_GENERATOR}: it is not the state of a rule"
            raise FfcolorError(message, code="state")
        for name, part in parts.items():
            _check(own, name, part, given[name])
        for name, part in parts.items():
            _load(part, given[name])
        self.steps = int(state[_STEPS])
        self.generator.set_state(state[_GENERATOR].cpu())

    @property
    def _size(self) -> int:
        """How many numbers the state holds, without those of optimisers."""
        kept = [part for part in self.parts().values() if not isinstance(part, torch.optim.Optimizer)]
        return sum(value.numel() for part in kept for value in _tensors(part).values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._size:,} weights, {self.steps:,} steps)"


def _tensors(part: Part) -> dict[str, Tensor]:
    if isinstance(part, nn.Module):
        found: dict[str, Tensor] = part.state_dict()
        return found
    if isinstance(part, dict):
        return part
    moments = part.state_dict()["state"]
    return {f"{i}.{key}": torch.as_tensor(value) for i, entry in moments.items() for key, value in entry.items()}


def _check(own: str, name: str, part: Part, given: dict[str, Tensor]) -> None:
    if isinstance(part, torch.optim.Optimizer):  # its tensors come into being with the first step
        return
    live = _tensors(part)
    for key in live.keys() ^ given.keys():
        fault = ("lacks", "needs") if key in live else ("holds", "does not have")
        message = f"the state {fault[0]} {name}.{key}, which this {own} {fault[1]}"
        raise FfcolorError(message, code="state", value=f"{name}.{key}")
    for key, tensor in live.items():
        if tensor.shape != given[key].shape:
            message = f"{name}.{key} is of shape {tuple(given[key].shape)}; this {own} needs {tuple(tensor.shape)}"
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
