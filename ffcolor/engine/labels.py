"""Labels as part of an input: a one-hot code in place of its first numbers, and wrong labels to make negatives with.

Source: Hinton (2022), arXiv 2212.13345, section 3.3.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ffcolor.errors import FfcolorError


def embed(x: Tensor, label: Tensor | int, classes: int) -> Tensor:
    """Inputs with a one-hot code of their labels in the first places.

    Args:
        x: inputs (n, size), left as they are; size is at least `classes`.
        label: one for each input (n,), or one for all, 0 to classes - 1.
        classes: number of labels.

    Raises:
        FfcolorError: `code` is ``"shape"`` or ``"invalid-label"``.
    """
    if x.ndim != 2 or x.shape[1] < classes:
        message = f"the inputs are of shape {tuple(x.shape)}; with labels they must be (n, {classes} or more)"
        raise FfcolorError(message, code="shape", value=tuple(x.shape))
    given = torch.as_tensor(label, device=x.device)
    labels = given.expand(len(x)) if given.ndim == 0 else given
    if labels.shape != (len(x),) or labels.is_floating_point() or labels.dtype == torch.bool:
        message = f"the labels are of shape {tuple(labels.shape)}; they must be a whole number, or ({len(x)},) of them"
        raise FfcolorError(message, code="shape", value=tuple(labels.shape))
    wrong = (labels < 0) | (labels >= classes)
    if bool(wrong.any()):
        value = int(labels[wrong][0])
        message = f"label {value} is not one of 0 to {classes - 1}"
        raise FfcolorError(message, code="invalid-label", value=value)
    x = x.clone()
    x[:, :classes] = nn.functional.one_hot(labels.long(), classes).to(x.dtype)
    return x


class WrongLabels(nn.Module):
    """Draws wrong labels; its generator is part of the state of the module that holds it.

    Args:
        classes: number of labels.
        seed: of the generator.
    """

    def __init__(self, classes: int, seed: int):
        super().__init__()
        self.classes = classes
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, y: Tensor, count: int = 1) -> Tensor:
        """Different wrong labels for each of y (n,), none of them its own: (n, count)."""
        order = torch.rand(len(y), self.classes - 1, generator=self.generator).argsort(1)[:, :count]
        return (y[:, None] + 1 + order.to(y.device)) % self.classes

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        destination[prefix + "generator"] = self.generator.get_state()

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *_: Any) -> None:
        if prefix + "generator" in state_dict:  # a state that was kept without one leaves it as it is
            self.generator.set_state(state_dict[prefix + "generator"].cpu())
