"""The area under the ROC curve of labelled scores, as tensors."""

from __future__ import annotations

from torch import Tensor

from ffcolor import engine
from ffcolor.errors import FfcolorError


def auc(scores: Tensor, labels: Tensor) -> float:
    """The share of pairs of a 1 and a 0 in which the 1 scores higher, ties counting half: scores (n,), labels (n,).

    >>> import torch
    >>> auc(torch.tensor([0.1, 0.8, 0.4, 0.8]), torch.tensor([0, 1, 0, 0]))
    0.8333333333333334

    See `ffcolor.engine.auc`.
    """
    ones, zeros = scores[labels == 1], scores[labels == 0]
    if not len(ones) or not len(zeros):
        raise FfcolorError("the labels are all alike; give both links and pairs that are not links", code="no-data")
    return engine.auc(ones.detach().cpu().numpy(), zeros.detach().cpu().numpy())
