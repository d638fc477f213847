"""A rule's whole state in one file, to go on from the very step it was stopped at.

    save(path, rule, {"cpu_s": 12.5})
    header = load(path, fresh)      # a rule made with the same settings
    fresh.fit(x, y, epochs=20)      # goes on, to the same bits

It is a model file as `ffcolor.store` describes it: no pickle, written whole or not at all.
"""

from __future__ import annotations

import os
from typing import Any

import torch

from ffcolor import store
from ffcolor.errors import FfcolorError
from ffcolor.rules.parts.stateful import Stateful

_KIND = "rule"


def save(path: str | os.PathLike[str], rule: Stateful, header: dict[str, Any] | None = None) -> None:
    """Write a rule's state, with plain data beside it if there is some to keep."""
    arrays = {name: tensor.cpu().numpy() for name, tensor in rule.state_dict().items()}
    store.save(path, _KIND, arrays, {"rule": type(rule).__name__, **(header or {})})


def load(path: str | os.PathLike[str], rule: Stateful) -> dict[str, Any]:
    """Give a rule, made with the same settings, the state of a file.

    Returns:
        The plain data that was kept beside it.

    Raises:
        FfcolorError: `code` is ``"model-file"`` for a damaged file or another kind, ``"state"`` if it does not fit.
    """
    arrays, header = store.load(path, _KIND)
    name = type(rule).__name__
    if header.get("rule") != name:
        message = f"{os.fspath(path)} holds a {header.get('rule')}, not a {name}"
        raise FfcolorError(message, code="state", value=header.get("rule"))
    rule.load_state_dict({key: torch.from_numpy(array) for key, array in arrays.items()})
    return header
