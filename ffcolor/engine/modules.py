"""Forward-Forward networks as torch modules: the classic interface, for any inputs and labels.

`FFLayer` and `FFNetwork` are ordinary modules (`state_dict`, `to`, `eval`, `parameters` all work) that learn by
`ffcolor.engine.layer`'s closed-form local step, each layer with an optimiser of its own; no gradient crosses layers
and autograd is never used.

The form that is usually printed does not learn: without normalisation a layer sees how good the layer below was and
has little left to learn; a fixed threshold against a *sum* of squares asks ever less of wider layers; Adam at 0.03
kills most units; and a random wrong label is soon too easy. A network therefore

* scales what a layer sees to a root mean square of 1, and takes the *mean* of squares for goodness;
* learns by `ffcolor.engine.steady`, whose steps are bounded for each unit and wake units that have died;
* where inputs have labels, tries `RIVALS` wrong ones with each, and has each layer compare the right one with those
  that tempt it most, by a loss of pairs that lets go of a pair well apart. It looks at one layer alone.

``naive=True`` brings the printed form back, to compare with.

Source: Hinton, "The Forward-Forward Algorithm: Some Preliminary Investigations" (2022), sections 2 and 3.3; the loss
of pairs: as "swish" in `ffcolor.rules.parts.losses`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from ffcolor.engine.dense import LIMITS as LAYER_LIMITS
from ffcolor.engine.dense import FFLayer as FFLayer
from ffcolor.engine.labels import WrongLabels, embed
from ffcolor.errors import FfcolorError
from ffcolor.settings import Constraint, Row, Whole, check

Generator = Callable[[Tensor, Tensor], Tensor]
"""Makes inputs for negatives of inputs and their labels."""
LIMITS: Mapping[str, Constraint] = {**LAYER_LIMITS, "dims": Row(Whole(1), 2), "seed": Whole()}
"""What the settings of layers and networks may be."""
RIVALS = 3
"""Wrong labels that are tried with each input."""
CONTRAST = 16.0
"""Sharpness of the loss of pairs; see `ffcolor.engine.dense.FFLayer`."""


class FFNetwork(nn.Module):
    """A stack of Forward-Forward layers that classifies by goodness, or tells positives from negatives.

    With `num_classes`, the label goes into the input: its first `num_classes` numbers are overwritten by a one-hot
    code; a wrong label makes a negative. Without (0), the two sides are given as they are.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        threshold: goodness between positive and negative, for each layer; with labels, which are compared with each
            other, the goodness that layers begin with and the scale of their loss.
        lr: learning rate of each layer's own optimiser, above 0; see `ffcolor.engine.steady`.
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
        lr: float = 0.03,
        *,
        num_classes: int = 10,
        naive: bool = False,
        seed: int = 0,
    ):
        super().__init__()
        sizes, classes, seed = check(LIMITS, dims=dims, num_classes=num_classes, seed=seed).values()
        if classes == 1 or classes > sizes[0]:
            message = f"num_classes is {classes}; it must be 0, or 2 to {sizes[0]}: labels go into the input"
            raise FfcolorError(message, code="invalid-setting", value=classes, setting="num_classes")
        self.layers = nn.ModuleList(
            FFLayer(
                fan_in,
                fan_out,
                threshold,
                lr=lr,
                normalize=depth > 0 or classes > 0,  # without labels, how large an input is may be all that it says
                naive=naive,
                steady=not naive,
                contrast=CONTRAST if classes and not naive else 0.0,
                num_classes=classes,
            )
            for depth, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes))
        )
        self.num_classes: int = classes
        self.rivals: int = 1 if naive else min(RIVALS, classes - 1)
        self.wrong = WrongLabels(classes, seed)

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
        neg_generator: Generator | None = None,
    ) -> float:
        """Teach all layers with each batch, once.

        Args:
            dataloader: batches ``(x, y)``: inputs (n, dims[0]) and labels int (n,); with `num_classes` 0, batches
                ``(x_pos, x_neg)``.
            neg_generator: makes inputs for negatives from ``(x, y)``; by default they are x itself. Either way they get
                wrong labels.

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
        neg_generator: Generator | None = None,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """What the first layer learns from: positive and negative inputs of each batch; arguments as `train_epoch`."""
        for x, y in dataloader:
            if self.num_classes:
                other = x if neg_generator is None else neg_generator(x, y)
                wrong = self.wrong(y, self.rivals).T  # (rivals, n)
                yield self.embed_label(x, y), torch.cat([self.embed_label(other, each) for each in wrong])
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

    def embed_label(self, x: Tensor, y: Tensor | int) -> Tensor:
        """Inputs with a one-hot code of their labels in the first `num_classes` places.

        Args:
            x: inputs (n, dims[0]), left as they are.
            y: one label for each (n,), or one for all.
        """
        return embed(x, y, self.num_classes)

    def random_labels(self, y: Tensor) -> Tensor:
        """A wrong label for each of y (n,), drawn evenly: never its own."""
        drawn: Tensor = self.wrong(y)[:, 0]
        return drawn

    def _stack(self) -> Iterable[FFLayer]:
        return (each for each in self.layers if isinstance(each, FFLayer))
