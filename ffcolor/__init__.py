"""ffcolor: teach a computer a person's taste in colour, by Forward-Forward learning, in milliseconds.

Every public name is re-exported here and imported on first use, so that ``import ffcolor`` itself costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ffcolor.version import __version__ as __version__

if TYPE_CHECKING:
    from ffcolor import space as space
    from ffcolor import streams as streams
    from ffcolor.color import read_color as read_color
    from ffcolor.color import read_colors as read_colors
    from ffcolor.color import to_hex as to_hex
    from ffcolor.engine.modules import FFLayer as FFLayer
    from ffcolor.engine.modules import FFNetwork as FFNetwork
    from ffcolor.errors import FfcolorError as FfcolorError
    from ffcolor.errors import FfcolorWarning as FfcolorWarning
    from ffcolor.generate import diverse_palette as diverse_palette
    from ffcolor.palette import Palette as Palette
    from ffcolor.preference import ColorPreference as ColorPreference
    from ffcolor.repaint import recolor as recolor
    from ffcolor.whole import PalettePreference as PalettePreference

_HOME = {
    "ColorPreference": "preference",
    "FFLayer": "engine.modules",
    "FFNetwork": "engine.modules",
    "FfcolorError": "errors",
    "FfcolorWarning": "errors",
    "Palette": "palette",
    "PalettePreference": "whole",
    "diverse_palette": "generate",
    "read_color": "color",
    "read_colors": "color",
    "recolor": "repaint",
    "to_hex": "color",
}
_MODULES = ("space", "streams")
__all__ = [*sorted([*_HOME, *_MODULES]), "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"ffcolor.{_HOME[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"ffcolor.{name}")
    raise AttributeError(f"module 'ffcolor' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
