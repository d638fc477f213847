"""The rules' tests compute on one thread: their matrices are so small that more threads only wait for each other.

Rules let go of a gradient when its step is taken; for the tests, a weight keeps the last one as its `taught`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def _taught(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    zero_grad = torch.optim.Optimizer.zero_grad

    def keep(self: torch.optim.Optimizer, set_to_none: bool = True) -> None:
        for group in self.param_groups:
            for weight in group["params"]:
                weight.taught = weight.grad
        zero_grad(self, set_to_none)

    monkeypatch.setattr(torch.optim.Optimizer, "zero_grad", keep)
