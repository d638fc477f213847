"""Lazy faces: a package lists its public names and where each lives, and imports a module when its name is first asked.

__getattr__, __dir__, __all__ = face(__name__, {"digits": "images"}, {"augment": "augment"})
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def face(
    package: str, names: Mapping[str, str], modules: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """What a package's `__init__` needs to show names that live in its modules.

    Args:
        package: name of the package.
        names: each public name, and the module in the package that holds it.
        modules: each module that is itself shown, and where in the package it is.

    Returns:
        ``__getattr__``, ``__dir__`` and ``__all__``.
    """
    shown = modules or {}
    everything = sorted([*names, *shown])

    def get(name: str) -> Any:
        if name in names:
            return getattr(importlib.import_module(f"{package}.{names[name]}"), name)
        if name in shown:
            return importlib.import_module(f"{package}.{shown[name]}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get, lambda: everything, everything
