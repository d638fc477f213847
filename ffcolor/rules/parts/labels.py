"""A label as part of the input: in place of the first numbers, or as a fixed random pattern of its class appended.

An input with its label is [what is kept of x, code of y]. Since W [x, c] = W_x x + W_c c, the costly product with x is
made once for all labels that are tried with it; `LabelCode` holds the codes and says what is kept.

Source: Hinton 2022, arXiv 2212.13345, section 3.3 (one-hot in the first pixels; the neutral label); patterns of the
class: Lee and Song 2023, arXiv 2303.08418.
"""

from __future__ import annotations

import torch
from torch import Tensor

LABELS = ("input", "pattern")
"""The two ways by name."""


class LabelCode:
    """The codes of the labels, and of "no label yet" (their mean, 1/10 each with ten one-hot labels).

    Args:
        kind: ``"input"``, one-hot in place of the first numbers of x; ``"pattern"``, a random pattern appended to x.
        inputs: size of x.
        classes: number of labels.
        scale: height of the one-hot number, or root mean square of a pattern.
        size: numbers of a pattern.
        generator: draws the patterns.

    Attributes:
        codes: (classes, width), all of one length.
        dropped: how many numbers of x give way.
        inputs: size of an input with its label.
    """

    def __init__(self, kind: str, inputs: int, classes: int, scale: float, size: int, generator: torch.Generator):
        device = generator.device
        if kind == "input":
            self.codes = scale * torch.eye(classes, device=device)
            self.dropped = classes
        else:
            drawn = torch.randn(classes, size, generator=generator, device=device)
            self.codes = scale * drawn / drawn.square().mean(1, keepdim=True).sqrt()
            self.dropped = 0
        self.inputs = inputs - self.dropped + self.codes.shape[1]

    def kept(self, x: Tensor) -> Tensor:
        """What stays of inputs (..., d) beside a label."""
        return x[..., self.dropped :]

    def mean_square(self, kept: Tensor, neutral: bool = False) -> Tensor:
        """Mean square of whole inputs, of which these parts are kept: (..., 1), the same for every label."""
        code = self.neutral if neutral else self.codes[0]
        return (kept.square().sum(-1, keepdim=True) + code.square().sum()) / self.inputs

    @property
    def neutral(self) -> Tensor:
        """The code of no label yet: (width,)."""
        return self.codes.mean(0)
