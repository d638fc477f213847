"""VFF-Net: labels as a veil of noise over the image, a contrast of cosines instead of goodness, and one loss a group.

Every class c has an image of noise n_c, drawn once. It is laid over the whole input, so no pixel is lost and a
convolution sees the label everywhere:

    neutral x,   positive x + a n_label,   negative x + a n_wrong

Layers of equal width, one after the other, form a group with one loss; from group to group pass activities
alone. With f the group's output, scaled to length 1, each neutral input i picks its class out of the batch's positives
P and negatives N:

    loss = mean over i, and over p in P with label_p = label_i, of
           -log( exp(f_i . f_p / tau) / sum over k in P and N of exp(f_i . f_k / tau) )

A negative is right for nobody: its image and its veil disagree. Answers need no veil and one pass: each group keeps
the running mean of every class's positives, and the goodness of a class is the cosine to it, over tau.

The paper's exact blend and temperature are not public; a = 0.1 and tau = 0.05 are ours, and so are the running means.

Source: Lee, Shin and Kim, "VFF-Net: Evolving forward-forward algorithms into convolutional neural networks for enhanced
computational insights" (Neural Networks 190, 2025), doi 10.1016/j.neunet.2025.107697; the contrast: Khosla et al.,
"Supervised Contrastive Learning" (2020), arXiv 2004.11362, equation 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.blocks import Stack
from ffcolor.rules.parts.conv import Conv, dense, output, steps, unit
from ffcolor.rules.parts.recipe import Recipe
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Constraint, Number, Whole, check

_KEPT = 0.9  # of the running means of features, a batch


class VFFNet(Stack):
    """Label-wise noise, cosine contrast, layer groups.

    Args:
        shape: of one input: how many numbers, or (channels, height, width).
        layers: the layers: a number of units for a dense one, or a `Conv`.
        groups: how many layers each group has, in order; None: runs of equal width.
        noise: how strong the noise of a class is laid over the standardised input.
        temperature: tau; the smaller, the more the nearest others count.
        grid: a group's features are means over grid x grid fields of its output; 0: every place.
        **settings: as in `Stack`; `readout` is the last group if not given.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {
        **Stack.limits,
        "noise": Number(0),
        "temperature": Number(1e-3),
        "grid": Whole(0),
    }
    recipes: ClassVar[Mapping[str, Recipe]] = {
        "digits": Recipe(
            (1, 8, 8), {"layers": (Conv(16), Conv(16, pool=2), Conv(32)), "batch_size": 64}, 10, shape=(1, 8, 8)
        ),
        "subset": Recipe(
            None,
            {"layers": (Conv(20, 5, pool=2), Conv(20), Conv(40, pool=2), Conv(40)), "noise": 0.1, "temperature": 0.05},
            10,
        ),
    }

    def __init__(
        self,
        shape: int | Sequence[int] = (1, 28, 28),
        layers: Sequence[int | Conv] = (Conv(20, pool=2), Conv(20), Conv(40, pool=2), Conv(40)),
        *,
        groups: Sequence[int] | None = None,
        noise: float = 0.1,
        temperature: float = 0.05,
        grid: int = 4,
        learning_rate: float = 0.003,
        weight_decay: float = 0.0,
        readout: tuple[int, int] = (-1, -1),
        **settings: Any,
    ):
        super().__init__(shape, learning_rate=learning_rate, weight_decay=weight_decay, readout=readout, **settings)
        given = check(self.limits, noise=noise, temperature=temperature, grid=grid)
        self.noise: float = given["noise"]
        self.temperature: float = given["temperature"]
        self.veils = torch.randn((self.num_classes, *self.shape), generator=self.generator, device=self.device)
        parts = steps(self.shape, layers)
        counts = runs([layer for _, layer in parts]) if groups is None else list(groups)
        if sum(counts) != len(parts) or min(counts) < 1:
            message = f"groups is {groups!r}; it must split the {len(parts)} layers into groups of at least one"
            raise FfcolorError(message, code="invalid-setting", value=groups)
        for count in counts:
            self.blocks.append(Group(parts[:count], grid, self.generator))
            parts = parts[count:]
        self._ready()
        with torch.no_grad():
            found = self._outputs(self.veils)
        self.means = {str(place): torch.zeros_like(features) for place, features in enumerate(found)}

    def veiled(self, images: Tensor, labels: Tensor) -> Tensor:
        """Standardised images (n, …) with the noise of labels (n,) laid over them."""
        return images + self.noise * self.veils[labels]

    def _streams(self, images: Tensor, labels: Tensor) -> Tensor:
        """Neutral, positive and negative inputs in one batch (3n, …)."""
        others = torch.randint(1, self.num_classes, labels.shape, generator=self.generator, device=self.device)
        wrong = (labels + others) % self.num_classes
        streams = torch.cat([images, self.veiled(images, labels), self.veiled(images, wrong)])
        return streams.contiguous(memory_format=torch.channels_last) if streams.ndim == 4 else streams

    def _loss(self, place: int, scores: Tensor, labels: Tensor) -> Tensor:
        self._remember(place, scores.detach()[len(labels) : 2 * len(labels)], labels)
        return contrast(scores, labels, self.temperature)

    def _remember(self, place: int, features: Tensor, labels: Tensor) -> None:
        """Move the running means of the classes in a batch towards the means of its positives."""
        mean = self.means[str(place)]
        counts = torch.bincount(labels, minlength=self.num_classes)
        sums = torch.zeros_like(mean).index_add_(0, labels, features)
        there = counts > 0
        mean[there] += (1 - _KEPT) * (sums[there] / counts[there, None] - mean[there])

    def _scores(self, images: Tensor) -> list[Tensor]:
        pairs = zip(self._outputs(images), self.means.values(), strict=True)
        return [features @ functional.normalize(mean, dim=1).T / self.temperature for features, mean in pairs]

    def _outputs(self, images: Tensor) -> list[Tensor]:
        """Features (n, size) of each group, of length 1."""
        return super()._scores(images)

    def twin(self) -> nn.Module:
        """The same layers in one module for `Backprop`, with a linear layer to the classes on the last features."""
        size = list(self.means.values())[-1].shape[1]
        return nn.Sequential(super().twin(), dense(size, self.num_classes, self.seeded(-2), gain=size))

    def parts(self) -> dict[str, Part]:
        """What a stack has, the noise, and the running means."""
        return super().parts() | {"veils": {"noise": self.veils}, "means": self.means}


class Group(nn.Module):
    """Layers that share one loss: inputs to (features (n, size) of length 1, outputs)."""

    def __init__(self, parts: Sequence[tuple[tuple[int, ...], int | Conv]], grid: int, generator: torch.Generator):
        super().__init__()
        self.layers = nn.ModuleList(unit(layer, size, generator) for size, layer in parts)
        self.pools = [layer.pool if isinstance(layer, Conv) else 1 for _, layer in parts]
        sizes = [output(layer, size) for size, layer in parts]
        self.norms = nn.ModuleList(nn.GroupNorm(1, size[0]) for size in sizes)
        self.grid = grid if 0 < grid < max(sizes[-1][1:], default=0) else 0

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Features and outputs of inputs."""
        for layer, norm, pool in zip(self.layers, self.norms, self.pools, strict=True):
            z = layer(x.flatten(1) if isinstance(layer, nn.Linear) else x)
            x = functional.relu(norm(functional.max_pool2d(z, pool) if pool > 1 else z))
        seen = functional.adaptive_avg_pool2d(x, self.grid) if self.grid else x
        return functional.normalize(seen.flatten(1), dim=1), x


def contrast(features: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """The contrast of cosines.

    Args:
        features: of length 1 (3n, size): neutral, positive and negative ones, the same inputs in the same order.
        labels: (n,).
        temperature: tau.

    Returns:
        The mean over inputs, a scalar.
    """
    n = len(labels)
    logs = torch.log_softmax(features[:n] @ features[n:].T / temperature, 1)[:, :n]  # (n, n): neutral i, positive p
    same = (labels[:, None] == labels[None, :]).to(logs.dtype)
    return -((logs * same).sum(1) / same.sum(1)).mean()


def runs(layers: Sequence[int | Conv]) -> list[int]:
    """Lengths of the runs of layers of equal width."""
    widths = [layer.channels if isinstance(layer, Conv) else layer for layer in layers]
    starts = [place for place in range(len(widths)) if place == 0 or widths[place] != widths[place - 1]]
    return [end - start for start, end in zip(starts, [*starts[1:], len(widths)], strict=True)]
