"""A stack of dense layers that learn one by one: sizes, norm, and the layers' state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.cooling import CoolingLearner
from ffcolor.rules.parts.head import Head
from ffcolor.rules.parts.norms import NORMS
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Choice, Constraint, Row, Whole, check

SIZES = Row(Whole(1), 2)
"""Sizes: the input's, then each layer's."""


class OwnLayer(Protocol):
    """A layer with an optimiser of its own."""

    optimizer: torch.optim.Optimizer

    def tensors(self) -> dict[str, Tensor]:
        """The live tensors of its state, but for its optimiser's."""
        ...


class DenseStack(CoolingLearner):
    """The base of rules that are a stack of dense layers. A rule's constructor makes `layers`, and `head` if any.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        norm: ``"rms"``, ``"l2"`` or ``"none"``, of what a layer sees; see `ffcolor.rules.parts.norms`.
        **settings: as in `ffcolor.rules.parts.cooling.CoolingLearner`.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {**CoolingLearner.limits, "dims": SIZES, "norm": Choice(*NORMS)}

    def __init__(self, dims: Sequence[int], *, norm: str = "rms", **settings: Any):
        super().__init__(**settings)
        given = check(self.limits, dims=dims, norm=norm)
        self.dims: list[int] = given["dims"]
        self.norm: str = given["norm"]
        self.layers: Sequence[OwnLayer] = ()
        self.head: Head | None = None

    def _flat(self, x: Any) -> Tensor:
        """Inputs flat, float32 (n, dims[0]).

        Raises:
            FfcolorError: as `as_inputs`; `code` is ``"shape"`` where an input has more or fewer numbers.
        """
        inputs = self.as_inputs(x).flatten(1)
        if inputs.shape[1] != self.dims[0]:
            message = f"the inputs have {inputs.shape[1]} numbers each; this rule was made for {self.dims[0]}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return inputs

    def parts(self) -> dict[str, Part]:
        """The layers, the head, and their optimisers."""
        parts: dict[str, Part] = {}
        for place, layer in enumerate(self.layers):
            parts |= {f"layer{place}": layer.tensors(), f"layer{place}_adam": layer.optimizer}
        if self.head is not None:
            parts |= {"head": self.head.tensors(), "head_adam": self.head.optimizer}
        return parts
