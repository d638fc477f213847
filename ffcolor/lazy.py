"""Lazy faces: a package that lists its public names, and imports each one on first use.

A package's `__init__` says where its names live, and nothing is imported before one is asked for:

    __all__, __getattr__, __dir__ = face(__name__, {"palette": "Palette", "generate": "diverse_palette ORDERS"})
"""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import MappingProxyType, ModuleType
from typing import Any

from ffcolor.errors import MissingNameError, MissingPackageError, needs

Face = tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]


def face(
    package: str,
    homes: Mapping[str, str],
    modules: Mapping[str, str] | tuple[str, ...] = (),
    extras: Mapping[str, str] | None = None,
) -> Face:
    """The `__all__`, `__getattr__` and `__dir__` of a package.

    Args:
        package: its name.
        homes: for each module, the public names that live in it, with spaces between. Modules are named as seen from
            the package: ``"palette"`` is below it, ``".splitmix"`` beside it.
        modules: modules that are public themselves: their names, or names and places.
        extras: for each package that comes with an extra, the names that need it: they are listed where it is there.
    """
    places = dict(modules) if isinstance(modules, Mapping) else {name: name for name in modules}
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    lacking = {name for extra, names in (extras or {}).items() if not _is_there(extra) for name in names.split()}
    public = sorted({*home_of, *places} - lacking)

    def get(name: str) -> Any:
        try:
            if name in home_of:
                found = getattr(bring(f".{home_of[name]}", package, name), name)
            elif name in places or f"{package}.{name}" in _MOVED.homes:
                found = bring(f".{places.get(name, name)}", package, name)
            else:
                raise AttributeError(f"module {package!r} has no attribute {name!r}")
        except (MissingNameError, MissingPackageError) as missing:
            imported = sys._getframe(1).f_code.co_name == "_handle_fromlist"  # by an import statement
            kind = MissingPackageError if imported else MissingNameError
            raise kind(missing.message, code=missing.code, value=missing.value) from missing
        setattr(sys.modules[package], name, found)  # so that this is not asked again
        return found

    return public, get, lambda: public


_ONE_AT_A_TIME = threading.RLock()


def bring_untouched(name: str) -> ModuleType:
    """Import a library that changes warning filters and NumPy's print options while it is imported, and undo that.

    `warnings.catch_warnings` would do for one thread: where several import at once, each restores what it found, which
    may be what another one's import had just changed.

    Raises:
        ImportError: it is not installed.
    """
    import numpy as np

    with _ONE_AT_A_TIME:
        if name in sys.modules:
            return importlib.import_module(name)
        printing, filters = np.get_printoptions(), list(warnings.filters)
        warnings.filterwarnings("ignore", module=rf"{name}\b")  # it may tell which of its helpers are missing
        try:
            return importlib.import_module(name)
        finally:
            warnings.filters[:] = [each for each in warnings.filters if each in filters]  # type: ignore[index]
            np.set_printoptions(**printing)


def _is_there(package: str) -> bool:
    """Whether a package can be imported; it is not imported to tell."""
    return (sys.modules[package] if package in sys.modules else PathFinder.find_spec(package)) is not None


class _Moved(MetaPathFinder, Loader):
    """Finds modules by the names that they had: what is imported is the module itself, with its name of today."""

    def __init__(self) -> None:
        self.homes: dict[str, str] = {}

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        name, rest = fullname, ""
        while "." in name:  # the longest name that has moved
            if name in self.homes:
                return ModuleSpec(fullname, self, origin=self.homes[name] + rest)
            name, dot, last = name.rpartition(".")
            rest = dot + last + rest
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(str(spec.origin))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:  # the old name's, which the import system has just put there
            module.__spec__ = module.__spec__.loader_state


_MOVED = _Moved()


def moved(package: str, homes: Mapping[str, str], renamed: Mapping[str, str] = MappingProxyType({})) -> None:
    """Keep the old names of modules importable, as in ``from ffcolor.images import open_image``.

    Args:
        package: where they were.
        homes: for each place below the package, the modules that are in it now, with spaces between.
        renamed: modules that have another name as well, and what they are now, below the package.
    """
    places = {name: f"{home}.{name}" for home, names in homes.items() for name in names.split()} | dict(renamed)
    _MOVED.homes.update({f"{package}.{name}": f"{package}.{home}" for name, home in places.items()})
    if _MOVED not in sys.meta_path:
        sys.meta_path.insert(0, _MOVED)


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
        MissingPackageError: see `ffcolor.errors.needs`.
    """
    try:
        return importlib.import_module(module, package)
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRAS:
            raise
        raise needs(what, *_EXTRAS[missing.name]) from missing
