"""A stack of blocks, each taught by a loss of its own on inputs it takes as given: the class-goodness rules' base.

A block is a module that turns its inputs into (scores of the classes, outputs). A step goes through the blocks once:

    scores_l, out_l = block_l(detach(out_{l-1}));   loss_l = cross-entropy(scores_l, labels)

and steps each block down its own loss. So no gradient ever leaves a block, and what a block has to remember for its own
gradient is gone before the next one starts. There are no negatives and no label sweep: one pass gives every class its
goodness in every layer.

Source of the idea: Papachristodoulou et al., "Convolutional Channel-wise Competitive Learning for the Forward-Forward
Algorithm" (AAAI 2024), arXiv 2312.12668.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.learner import Learner
from ffcolor.rules.parts.optimizer import adam
from ffcolor.rules.parts.stateful import Part
from ffcolor.settings import Constraint, Number, Whole, check


class Stack(Learner):
    """The base of rules made of blocks with losses of their own.

    A rule's constructor calls this one, makes `blocks` (their weights drawn by `generator`) and calls `_ready`.

    Args:
        shape: of one input, (channels, height, width) or (numbers,); inputs (n, …) of as many numbers are reshaped.
        learning_rate: of each block's AdamW at the start; it falls to zero along half a cosine.
        weight_decay: of AdamW: each step shrinks the weights by this times the learning rate.
        windows: for each block, the part (from, to) of `fit` in which it learns, 0 to 1; it is left as it is outside,
            and its rate falls within its window. None: all of it. Outside of `fit` every block learns.
        readout: the blocks (first, last), from 0, both included, whose goodness counts in `predict`, by their sum;
            negative ones count from the end. `select` chooses them by data.
        **settings: num_classes, batch_size, seed, device, as in `ffcolor.rules.parts.learner.Learner`.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {**Learner.limits, "weight_decay": Number(0)}

    def __init__(
        self,
        shape: int | Sequence[int],
        *,
        learning_rate: float,
        weight_decay: float,
        windows: Sequence[tuple[float, float]] | None = None,
        readout: tuple[int, int] = (0, -1),
        **settings: Any,
    ):
        super().__init__(learning_rate=learning_rate, **settings)
        self.shape = _shape(shape)
        self.weight_decay: float = check(self.limits, weight_decay=weight_decay)["weight_decay"]
        self.windows = windows
        self.blocks = nn.ModuleList()
        self.optimizers: list[torch.optim.Optimizer] = []
        self.readout = readout

    def _ready(self) -> None:
        """Make an optimiser for each block, and check what depends on their number."""
        count = len(self.blocks)
        self.blocks.to(self.device)
        self.optimizers = [
            adam(list(block.parameters()), self.learning_rate, self.weight_decay) for block in self.blocks
        ]
        self._range = torch.tensor(_range(self.readout, count))
        if self.windows is not None:
            if len(self.windows) != count:
                message = f"windows holds {len(self.windows)} pairs; this rule has {count} blocks"
                raise FfcolorError(message, code="invalid-setting", value=self.windows)
            self.windows = [_window(place, pair) for place, pair in enumerate(self.windows)]

    # ---- learning ----------------------------------------------------------------------------------------------------

    def partial_fit(self, x: Any, y: Any) -> dict[str, float]:
        """Take one step with every block on a batch: inputs (n, …) and labels (n,).

        Returns:
            ``"loss"``, the sum, and ``"layer0"``, ``"layer1"``, … of the blocks.

        Raises:
            FfcolorError: `code` is ``"shape"`` or ``"invalid-label"``.
        """
        images = self._images(x)
        labels = self.as_labels(y, len(images))
        self.blocks.train(len(images) > 1)  # one input is not a batch to normalise by: the running means are used
        outputs, losses = [self._streams(images, labels)], []
        for place, block in enumerate(self.blocks):
            rate = self._rate(place)
            if rate is None:
                with torch.no_grad():
                    scores, out = self._forward(place, block.eval(), outputs)
                    losses.append(self._loss(place, scores, labels))
            else:
                optimizer = self.optimizers[place]
                optimizer.param_groups[0]["lr"] = rate
                with torch.enable_grad():
                    scores, out = self._forward(place, block, outputs)
                    loss = self._loss(place, scores, labels)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                optimizer.zero_grad()  # so that no gradient takes memory while other blocks learn
                losses.append(loss.detach())
            outputs = [*outputs[-1:], out.detach()]
        each = torch.stack(losses).tolist()
        return {"loss": sum(each)} | {f"layer{place}": value for place, value in enumerate(each)}

    def _streams(self, images: Tensor, labels: Tensor) -> Tensor:
        """What the first block learns from, given a batch: the images themselves."""
        return images

    def _forward(self, place: int, block: nn.Module, outputs: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Scores (n, classes) and output of a block, given the outputs of the (at most two) before it, latest last."""
        scores, out = block(outputs[-1])
        return scores, out

    def _loss(self, place: int, scores: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(scores, labels)

    def _rate(self, place: int) -> float | None:
        """The learning rate of a block just now, or None if it does not learn."""
        top: float = self.learning_rate
        if self.epoch is None:
            return top
        begin, end = (0.0, 1.0) if self.windows is None else self.windows[place]
        if not begin <= self.progress < end:
            return None
        done = (self.progress - begin) / (end - begin)
        return top * 0.5 * (1 + math.cos(math.pi * done))

    # ---- answers -----------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def goodness(self, x: Any, y: Any = None) -> list[Tensor]:
        """For each block, the goodness of inputs with labels y (n,), or with every label (n, num_classes)."""
        images = self._images(x)
        self.blocks.eval()
        parts = [self._scores(part) for (part,) in self.chunks(images, size=500)]
        scores = [torch.cat(layer) for layer in zip(*parts, strict=True)]
        return self.of_labels(scores, y)

    def predict(self, x: Any) -> Tensor:
        """The label whose goodness, summed over the blocks of `readout`, is largest: int64 (n,)."""
        first, last = self._range.tolist()
        return torch.stack(self.goodness(x)[first : last + 1]).sum(0).argmax(1)

    def select(self, x: Any, y: Any) -> tuple[int, int]:
        """Choose the run of blocks (first, last) whose summed goodness is right most often, and answer by it.

        Give it data that was not learned from, and that is not what the accuracy is reported on. Of equally good runs
        the one that starts latest is taken, then the shortest.
        """
        labels = self.as_labels(y, len(x))
        scores = self.goodness(x)
        right = {}
        for first in range(len(scores)):
            total = torch.zeros_like(scores[0])
            for last in range(first, len(scores)):
                total = total + scores[last]
                right[first, last] = int((total.argmax(1) == labels).sum())
        best = max(right, key=lambda run: (right[run], run[0], -run[1]))
        self._range = torch.tensor(best)
        return best

    def _scores(self, images: Tensor) -> list[Tensor]:
        outputs, found = [images], []
        for place, block in enumerate(self.blocks):
            scores, out = self._forward(place, block, outputs)
            found.append(scores)
            outputs = [*outputs[-1:], out]
        return found

    def twin(self) -> nn.Module:
        """The same blocks and weights in one module for `Backprop`: its logits are the last block's scores."""
        return Twin(copy.deepcopy(self.blocks, {id(self.generator): self.generator}), self._forward, self.shape)

    # ---- inputs and state --------------------------------------------------------------------------------------------

    def _images(self, x: Any) -> Tensor:
        """Inputs as float32 (n, *shape), each with mean 0 and standard deviation 1."""
        inputs = self.as_inputs(x)
        if inputs[0].numel() != math.prod(self.shape):
            message = f"the inputs are of shape {tuple(inputs.shape)}; this rule takes (n, {str(self.shape)[1:-1]})"
            raise FfcolorError(message, code="shape", value=tuple(inputs.shape))
        return as_blocks_see(inputs, self.shape)

    def parts(self) -> dict[str, Part]:
        """The blocks, their optimisers, and which blocks answer."""
        parts: dict[str, Part] = {"blocks": self.blocks, "readout": {"range": self._range}}
        return parts | {f"optimizer_{place}": optimizer for place, optimizer in enumerate(self.optimizers)}


class Twin(nn.Module):
    """A stack's blocks in a row, nothing detached: inputs (n, …) to the last block's scores (n, classes)."""

    def __init__(self, blocks: nn.ModuleList, forward: Callable[..., tuple[Tensor, Tensor]], shape: tuple[int, ...]):
        super().__init__()
        self.blocks = blocks
        self.shape = shape
        self._each = forward

    def forward(self, x: Tensor) -> Tensor:
        """Scores of the last block (n, classes)."""
        scores, outputs = x, [as_blocks_see(x, self.shape)]
        for place, block in enumerate(self.blocks):
            scores, out = self._each(place, block, outputs)
            outputs = [*outputs[-1:], out]
        return scores


def as_blocks_see(inputs: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Inputs (n, …) as (n, *shape), each standardised; images with their channels last in memory, which is faster."""
    images = standardize(inputs.reshape(len(inputs), *shape))
    return images.contiguous(memory_format=torch.channels_last) if images.ndim == 4 else images


def standardize(inputs: Tensor) -> Tensor:
    """Inputs (n, …), each shifted and scaled to mean 0 and standard deviation 1."""
    flat = inputs.flatten(1)
    spread, mean = torch.std_mean(flat, 1, correction=0, keepdim=True)
    return ((flat - mean) / (spread + 1e-5)).view_as(inputs)


def _shape(value: Any) -> tuple[int, ...]:
    sizes = (value,) if isinstance(value, int) else tuple(value)
    if len(sizes) not in (1, 3):
        message = f"shape is {value!r}; it must be a number of inputs or (channels, height, width)"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return tuple(Whole(1).check(f"shape[{place}]", size) for place, size in enumerate(sizes))


def _range(value: Any, count: int) -> tuple[int, int]:
    first, last = (place + count if place < 0 else place for place in value)
    if not 0 <= first <= last < count:
        message = f"readout is {value!r}; it must be (first, last) of the {count} blocks, from 0"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return first, last


def _window(place: int, pair: tuple[float, float]) -> tuple[float, float]:
    begin, end = (Number(0, 1).check(f"windows[{place}]", bound) for bound in pair)
    if begin >= end:
        message = f"windows[{place}] is {pair!r}; it must be (from, to), from less than to, both 0 to 1"
        raise FfcolorError(message, code="invalid-setting", value=pair)
    return begin, end
