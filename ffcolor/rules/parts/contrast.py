"""Layers of self-contrast: linear drives that add up for a pair of inputs, their goodness at each place, their loss.

A layer sees two inputs as one, by the same weights: z = (W x + b) + (W x' + b). So the drive u(x) = W x + b of each
input is worked out once, and all pairs are sums of two drives. What follows for a kind of layer:

    int         dense; one place
    Conv        convolution; the places are pixels; pooled after its activity
    Recurrent   on sequences (n, time, features); the places are times: z_t = drive_t + U s(relu(z_{t-1})), with s the
                standardised state, kept constant: no gradient goes back in time

    goodness at a place   g = mean over units of relu(z)^2
    loss                  mean softplus(theta+ - g+) + mean softplus(g- - theta-) + lambda mean |g+|_2 over places
    activity              "triangle": relu(z - mean over units of z), or relu(z)

Source: Chen et al., "Self-Contrastive Forward-Forward algorithm", Nature Communications 16, 5978 (2025), methods.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.conv import Conv, dense, draw, output, steps
from ffcolor.rules.parts.per_layer import per_layer
from ffcolor.settings import Number, Whole

ACTIVITIES = ("triangle", "relu")
"""What a layer passes upward, by name."""
_EPS = 1e-5


class Recurrent(NamedTuple):
    """A recurrent layer in words: units of a direction, and whether there is a second one that goes back in time."""

    units: int
    bidirectional: bool = False


class Contrast(nn.Module):
    """A layer that is taught by pairs.

    Args:
        layer: its size: a number of units, a `Conv` or a `Recurrent`.
        inputs: size of one input: (numbers,), (channels, height, width) or (time, features).
        thresholds: goodness that positives should pass, and that negatives should stay below.
        penalty: weight of the positives' goodness itself.
        activity: ``"triangle"`` or ``"relu"``, what goes upward.
        gain: weights are drawn with variance gain / numbers a unit sees.
        generator: draws the weights.
    """

    def __init__(
        self,
        layer: int | Conv | Recurrent,
        inputs: tuple[int, ...],
        *,
        thresholds: tuple[float, float],
        penalty: float,
        activity: str,
        gain: float,
        generator: torch.Generator,
    ):
        super().__init__()
        self.layer = layer
        self.thresholds = thresholds
        self.penalty = penalty
        self.activity = activity
        if isinstance(layer, Recurrent):
            self.directions = 2 if layer.bidirectional else 1
            self.map: nn.Linear | nn.Conv2d = dense(inputs[-1], self.directions * layer.units, generator, gain)
            again = torch.empty(self.directions, layer.units, layer.units, device=generator.device)
            for weight in again:
                draw(weight, generator, gain)
            self.again = nn.Parameter(again)
        elif isinstance(layer, Conv):
            self.map = layer.module(inputs[0], generator, bias=True)
            with torch.no_grad():
                draw(self.map.weight, generator, gain)
        else:
            self.map = dense(math.prod(inputs), layer, generator, gain)

    def drive(self, x: Tensor) -> Tensor:
        """What one input of a pair gives, linear in it: (n, units, places …)."""
        u: Tensor = self.map(x.flatten(1) if isinstance(self.layer, int) else x)
        return u.transpose(1, 2) if isinstance(self.layer, Recurrent) else u

    def respond(self, drive: Tensor) -> Tensor:
        """What a layer makes of the drives' sum: the same, but for a recurrent one, which hears itself."""
        if not isinstance(self.layer, Recurrent):
            return drive
        n, units, time = len(drive), self.layer.units, drive.shape[2]
        found = []
        for direction in range(self.directions):
            mine = drive[:, direction * units : (direction + 1) * units]
            order = range(time) if direction == 0 else range(time - 1, -1, -1)
            state = torch.zeros(n, units, device=drive.device)
            z: list[Tensor] = [state] * time
            for t in order:
                z[t] = mine[:, :, t] + state @ self.again[direction].T
                state = standard(functional.relu(z[t].detach()))
            found.append(torch.stack(z, 2))
        return torch.cat(found, 1)

    def goodness(self, z: Tensor) -> Tensor:
        """Mean square of the activities at each place: (n, units, places …) to (n, places)."""
        g: Tensor = functional.relu(z).square().mean(1).flatten(1) if z.ndim > 2 else _mean_square(z)
        return g

    def loss(self, positive: Tensor, negative: Tensor) -> Tensor:
        """The loss of responses z to positive and to negative pairs."""
        high, low = self.goodness(positive), self.goodness(negative)
        loss = functional.softplus(self.thresholds[0] - high).mean()
        loss = loss + functional.softplus(low - self.thresholds[1]).mean()
        return loss + self.penalty * high.norm(dim=1).mean() if self.penalty else loss

    def upward(self, z: Tensor) -> Tensor:
        """What the next layer, and the read-out, are given of responses: pooled, and standardised for each input."""
        a = functional.relu(z - z.mean(1, keepdim=True) if self.activity == "triangle" else z)
        if isinstance(self.layer, Conv) and self.layer.pool > 1:
            a = functional.max_pool2d(a, self.layer.pool)
        return standard(a.transpose(1, 2) if isinstance(self.layer, Recurrent) else a)

    def features(self, a: Tensor) -> Tensor:
        """What the read-out sees of what goes upward: flat, and the mean over time of a recurrent layer."""
        return standard(a.mean(1)) if isinstance(self.layer, Recurrent) else a.flatten(1)


def input_and_layers(dims: Sequence[Any]) -> tuple[tuple[int, ...], list[int | Conv | Recurrent]]:
    """The shape of an input, and the layers, of ``[input, layer, …]``.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``.
    """
    if isinstance(dims, (str, bytes)) or not isinstance(dims, Sequence) or len(dims) < 2:
        message = f"dims is {dims!r}; it must hold the size of an input, then at least one layer"
        raise FfcolorError(message, code="invalid-setting", value=dims)
    shape = (dims[0],) if isinstance(dims[0], int) else tuple(dims[0])
    return tuple(Whole(1).check(f"dims[0][{axis}]", size) for axis, size in enumerate(shape)), list(dims[1:])


class Planned(NamedTuple):
    """A layer in words with the size of its inputs, and how many features it gives."""

    inputs: tuple[int, ...]
    layer: int | Conv | Recurrent
    features: int


def plan(shape: tuple[int, ...], layers: Sequence[int | Conv | Recurrent]) -> list[Planned]:
    """Each layer with the size of its inputs and the number of its features, checked.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``: a layer does not fit what it would see.
    """
    if not any(isinstance(layer, Recurrent) for layer in layers):
        found = steps(shape, [layer for layer in layers if not isinstance(layer, Recurrent)])
        return [Planned(size, layer, math.prod(output(layer, size))) for size, layer in found]
    planned: list[Planned] = []
    for layer in layers:
        if len(shape) != 2 or not isinstance(layer, Recurrent) or layer.units < 1:
            message = (
                f"dims is {[shape, *layers]!r}; Recurrent layers need inputs (time, features), and no other layers"
            )
            raise FfcolorError(message, code="invalid-setting", value=layers)
        units = layer.units * (2 if layer.bidirectional else 1)
        planned.append(Planned(shape, layer, units))
        shape = (shape[0], units)
    return planned


def threshold_pairs(thresholds: Sequence[Any], depth: int) -> list[tuple[float, float]]:
    """The thresholds of positives and of negatives for each of `depth` layers, given one pair or one each.

    Raises:
        FfcolorError: `code` is ``"invalid-setting"``.
    """
    one = not any(isinstance(pair, Sequence) for pair in thresholds)
    pairs = [thresholds] * depth if one else per_layer("thresholds", thresholds, depth)
    for pair in pairs:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            message = f"thresholds holds {pair!r}; it must be a pair of numbers, of positives and of negatives"
            raise FfcolorError(message, code="invalid-setting", value=pair)
    any_number = Number()
    return [(any_number.check("thresholds[0]", high), any_number.check("thresholds[1]", low)) for high, low in pairs]


def contrasts(
    planned: Sequence[Planned],
    thresholds: Sequence[Any],
    penalties: Sequence[float],
    activities: Sequence[str],
    gain: float,
    generator: torch.Generator,
) -> list[Contrast]:
    """The layers that were planned, each of its own settings; thresholds may be one pair for all."""
    pairs = threshold_pairs(thresholds, len(planned))
    return [
        Contrast(
            each.layer,
            each.inputs,
            thresholds=pair,
            penalty=penalty,
            activity=activity,
            gain=gain,
            generator=generator,
        )
        for each, pair, penalty, activity in zip(planned, pairs, penalties, activities, strict=True)
    ]


def standard(x: Tensor) -> Tensor:
    """Each input (n, …) with mean 0 and standard deviation 1 over all its numbers."""
    flat = x.flatten(1)
    deviation, mean = torch.std_mean(flat, 1, keepdim=True, correction=0)
    return ((flat - mean) / (deviation + _EPS)).view(x.shape)


def _mean_square(z: Tensor) -> Tensor:
    return functional.relu(z).square().mean(1, keepdim=True)
