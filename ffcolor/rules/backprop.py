"""The twin to measure by: the same architecture, taught end to end by backpropagation.

`Backprop([784, 500, 500])` is the network of `ForwardForward([784, 500, 500])` with a linear layer to the classes on
top, cross-entropy and Adam. Any torch module with logits for its output may be given in place of the sizes.

Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986); weights: He et al.
(2015), arXiv 1502.01852, equation 10.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.cooling import CoolingLearner
from ffcolor.rules.parts.dense_stack import SIZES
from ffcolor.rules.parts.optimizer import adam
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Constraint, Number, check


class Backprop(CoolingLearner):
    """A network that learns by the chain rule.

    Args:
        network: sizes of the input and of each hidden layer, such as ``[784, 500, 500]``, for ReLU layers and a linear
            one to the classes; or a module from inputs to logits (n, num_classes), taken as it is, weights and all.
        learning_rate: of Adam.
        weight_decay: of Adam: each step shrinks the weights by this times the learning rate.
        cooldown, num_classes, batch_size, seed, device: see `ffcolor.rules.parts.cooling.CoolingLearner`. Dropout in
            your own module draws from torch's global generator.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **CoolingLearner.limits,
        "network": SIZES,
        "weight_decay": Number(0),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe((64, 200, 200), {}, 20),
        "subset": Recipe((784, 500, 500), {"learning_rate": 0.003}, 30),
    }

    def __init__(self, network: Sequence[int] | nn.Module, *, weight_decay: float = 0.0, **settings: Any):
        super().__init__(**settings)
        if isinstance(network, nn.Module):
            module = network
        else:
            module = self._dense(check(self.limits, network=network)["network"])
        self.network = module.to(self.device)
        decay = check(self.limits, weight_decay=weight_decay)["weight_decay"]
        self.optimizer = adam(list(self.network.parameters()), self.learning_rate, decay)

    def _dense(self, sizes: list[int]) -> nn.Module:
        layers: list[nn.Module] = [nn.Flatten()]
        for fan_in, units in itertools.pairwise([*sizes, self.num_classes]):
            linear = nn.Linear(fan_in, units, device="meta")  # draws nothing: the global generator stays untouched
            drawn = torch.randn(units, fan_in, generator=self.generator, device=self.device)
            linear.weight = nn.Parameter(drawn * (2 / fan_in) ** 0.5)
            linear.bias = nn.Parameter(torch.zeros(units, device=self.device))
            layers += [linear, nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Take one step on a batch: inputs (n, …) and labels (n,); the mean cross-entropy is ``"loss"``."""
        inputs, labels = self.as_inputs(x), self.as_labels(y, len(x))
        self.network.train()
        self.optimizer.zero_grad()
        with torch.enable_grad():
            loss = cross_entropy(self._logits(inputs), labels)
            loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.param_groups[0]["lr"] = self.learning_rate * self.warmth
        self.optimizer.step()
        return {"loss": float(loss.detach())}

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """The logits, as of one layer: of labels y (n,), or of every one (n, num_classes); no other layer has any."""
        inputs = self.as_inputs(x)
        self.network.eval()
        logits = torch.cat([self._logits(part) for (part,) in self.chunks(inputs)])
        return self.of_labels([logits], y)

    def predict(self, x: Any) -> Tensor:
        """The label of each input: int64 (n,)."""
        return self.goodness(x)[0].argmax(1)

    def _logits(self, inputs: Tensor) -> Tensor:
        try:
            logits: Tensor = self.network(inputs)
        except RuntimeError as problem:
            message = f"the network cannot take inputs of shape {tuple(inputs.shape)}: {problem}"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape)) from None
        if logits.shape != (len(inputs), self.num_classes):
            message = (
                f"the network gives {tuple(logits.shape)}; it must give logits ({len(inputs)}, {self.num_classes})"
            )
            raise FfcolorError(message, code="shape", value=tuple(logits.shape))
        return logits

    def parts(self) -> dict[str, Part]:
        """The network and its optimiser."""
        return {"network": self.network, "adam": self.optimizer}
