"""Lazy faces: a package that lists its public names, and imports each one on first use.

A package's `__init__` says where its names live, and nothing is imported before one is asked for:

    __all__, __getattr__, __dir__ = face(__name__, {"Palette": "palette", "recolor": "repaint"}, modules=("formats",))
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

Face = tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]


def face(package: str, homes: Mapping[str, str], modules: Mapping[str, str] | tuple[str, ...] = ()) -> Face:
    """The `__all__`, `__getattr__` and `__dir__` of a package.

    Args:
        package: its name.
        homes: for each public name, the module below the package that it lives in.
        modules: public modules of the package, or of packages below it: their names, or names and places.
    """
    places = dict(modules) if isinstance(modules, Mapping) else {name: name for name in modules}
    names = sorted([*homes, *places])

    def get(name: str) -> Any:
        if name in homes:
            return getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
        if name in places:
            return importlib.import_module(f"{package}.{places[name]}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return names, get, lambda: names
