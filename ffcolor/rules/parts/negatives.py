"""Where negatives come from: wrong labels, the labels that tempt the network most, and hybrids of two images.

A negative label is never the true one. A hybrid takes some patches from one image and the rest from another: its parts
look right and the whole does not, so that a layer must learn shape, not strokes.

Source: Hinton 2022, arXiv 2212.13345, sections 3.2 (hybrid images) and 3.3 (labels; hard ones by the network's answer).
"""

from __future__ import annotations

import torch
from torch import Tensor


def with_wrong_labels(y: Tensor, classes: int, count: int, generator: torch.Generator) -> Tensor:
    """Each label of y (n,), then `count` different wrong ones, drawn evenly: (n, 1 + count)."""
    if count == 1:
        shift = torch.randint(1, classes, (len(y), 1), generator=generator, device=y.device)
    elif count == classes - 1:
        shift = torch.arange(1, classes, device=y.device).expand(len(y), -1)
    else:
        drawn = torch.rand((len(y), classes - 1), generator=generator, device=y.device)
        shift = 1 + drawn.topk(count, dim=1).indices
    return torch.cat([y[:, None], (y[:, None] + shift) % classes], 1)


def hard_labels(scores: Tensor, y: Tensor, generator: torch.Generator) -> Tensor:
    """A wrong label for each of y (n,), drawn from the softmax of scores (n, classes) over the wrong ones.

    Drawn by the Gumbel trick: the largest of scores less log(-log(u)), the true class left out.
    """
    noise = torch.rand(scores.shape, generator=generator, device=scores.device)
    tempting = scores - (-noise.clamp_min(1e-20).log()).clamp_min(1e-20).log()
    return tempting.scatter_(1, y[:, None], -torch.inf).argmax(1)


def masks(count: int, height: int, width: int, generator: torch.Generator, blurs: int = 6) -> Tensor:
    """Random masks with large patches of ones and zeros, bool (count, height, width).

    Random bits are blurred `blurs` times by [1/4, 1/2, 1/4] along both axes (edges count as repeated) and cut at 1/2.
    """
    mask = torch.randint(0, 2, (count, height, width), generator=generator, device=generator.device).float()
    for _ in range(blurs):
        for axis in (1, 2):
            size = mask.shape[axis]
            before = torch.cat([mask.narrow(axis, 0, 1), mask.narrow(axis, 0, size - 1)], axis)
            after = torch.cat([mask.narrow(axis, 1, size - 1), mask.narrow(axis, size - 1, 1)], axis)
            mask = 0.5 * mask + 0.25 * (before + after)
    return mask > 0.5


def partners(count: int, generator: torch.Generator) -> Tensor:
    """For each of `count` places another place of the batch, int64 (count,); with one place, itself."""
    if count == 1:
        return torch.zeros(1, dtype=torch.int64, device=generator.device)
    shift = torch.randint(1, count, (1,), generator=generator, device=generator.device)
    return (torch.arange(count, device=generator.device) + shift) % count


def hybrids(x: Tensor, shape: tuple[int, int], generator: torch.Generator) -> Tensor:
    """Hybrids of images x (n, height * width), each of one image and another of the batch: (n, height * width)."""
    mask = masks(len(x), *shape, generator).flatten(1)
    return torch.where(mask, x, x[partners(len(x), generator)])
