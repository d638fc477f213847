"""Lazy faces: a package that lists its public names, and imports each one on first use.

A package's `__init__` says where its names live, and nothing is imported before one is asked for:

    __all__, __getattr__, __dir__ = face(__name__, {"palette": "Palette", "generate": "diverse_palette ORDERS"})
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

from ffcolor.errors import needs

Face = tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]


def face(package: str, homes: Mapping[str, str], modules: Mapping[str, str] | tuple[str, ...] = ()) -> Face:
    """The `__all__`, `__getattr__` and `__dir__` of a package.

    Args:
        package: its name.
        homes: for each module, the public names that live in it, with spaces between. Modules are named as seen from
            the package: ``"palette"`` is below it, ``".splitmix"`` beside it.
        modules: modules that are public themselves: their names, or names and places.
    """
    places = dict(modules) if isinstance(modules, Mapping) else {name: name for name in modules}
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    public = sorted([*home_of, *places])

    def get(name: str) -> Any:
        if name in home_of:
            found = getattr(bring(f".{home_of[name]}", package, name), name)
        elif name in places:
            found = bring(f".{places[name]}", package, name)
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        setattr(sys.modules[package], name, found)  # so that this is not asked again
        return found

    return public, get, lambda: public


class _Moved(ModuleType):
    """A module that lives elsewhere now: whatever is asked of it is asked there."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__dict__["home"]), name)


def moved(package: str, homes: Mapping[str, str], renamed: Mapping[str, str] = MappingProxyType({})) -> None:
    """Keep the old names of modules importable, as in ``from ffcolor.images import open_image``.

    Args:
        package: where they were.
        homes: for each place below the package, the modules that are in it now, with spaces between.
        renamed: modules that have another name as well, and what they are now, below the package.
    """
    places = {name: f"{home}.{name}" for home, names in homes.items() for name in names.split()} | dict(renamed)
    for name, home in places.items():
        module = _Moved(f"{package}.{name}", f"`{package}.{home}`, by the name that it had.")
        module.__dict__["home"] = f"{package}.{home}"
        sys.modules[module.__name__] = module
        above, _, last = module.__name__.rpartition(".")
        if above in sys.modules and last not in vars(sys.modules[above]).get("__all__", ()):
            setattr(sys.modules[above], last, module)


_EXTRAS = {  # what comes with an extra: the name to import, the name for pip, the extra
    "torch": ("torch", "rules"),
    "colour": ("colour-science", "spaces"),
    "matplotlib": ("matplotlib", "plot"),
    "jax": ("jax", "jax"),
    "optax": ("optax", "jax"),
}


def bring(module: str, package: str | None, what: str) -> Any:
    """Import a module, or say which extra brings the package that it needs.

    Args:
        module: its name, relative to the package if it begins with a dot.
        package: see there.
        what: what is wanted of it, for the message.

    Raises:
        FfcolorError: ``missing-package``: see `ffcolor.errors.needs`.
    """
    try:
        return importlib.import_module(module, package)
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRAS:
            raise
        raise needs(what, *_EXTRAS[missing.name]) from missing
