"""The area under the ROC curve."""

from __future__ import annotations

import torch
from torch import Tensor

from ffcolor.errors import FfcolorError


def auc(scores: Tensor, labels: Tensor) -> float:
    """The share of pairs of a 1 and a 0 in which the 1 scores higher, ties counting half: scores (n,), labels (n,).

    >>> auc(torch.tensor([0.1, 0.8, 0.4, 0.8]), torch.tensor([0, 1, 0, 0]))
    0.8333333333333334

    Source: Mann and Whitney (1947); Fawcett, "An introduction to ROC analysis" (2006), section 7.
    """
    ones, zeros = scores[labels == 1], scores[labels == 0].sort().values
    if not len(ones) or not len(zeros):
        raise FfcolorError("the labels are all alike; give both links and pairs that are not links", code="no-data")
    below, up_to = torch.searchsorted(zeros, ones), torch.searchsorted(zeros, ones, right=True)
    return float((below + up_to).double().sum() / 2 / (len(ones) * len(zeros)))
