"""ffcolor: teach a computer a person's taste in colour, by Forward-Forward learning, in milliseconds.

Every public name is re-exported here and imported on first use, so that ``import ffcolor`` itself costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face, moved

if TYPE_CHECKING:
    from ffcolor import streams as streams
    from ffcolor.color import read_color as read_color
    from ffcolor.color import read_colors as read_colors
    from ffcolor.color import space as space
    from ffcolor.color import to_hex as to_hex
    from ffcolor.engine.modules import FFLayer as FFLayer
    from ffcolor.engine.modules import FFNetwork as FFNetwork
    from ffcolor.errors import FfcolorError as FfcolorError
    from ffcolor.errors import FfcolorWarning as FfcolorWarning
    from ffcolor.palette import Palette as Palette
    from ffcolor.palette.generate import diverse_palette as diverse_palette
    from ffcolor.palette.repaint import recolor as recolor
    from ffcolor.taste.classifier import TasteClassifier as TasteClassifier
    from ffcolor.taste.colors import ColorPreference as ColorPreference
    from ffcolor.taste.palettes import PalettePreference as PalettePreference
    from ffcolor.version import __version__ as __version__

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "color": "read_color read_colors to_hex",
        "engine": "FFLayer FFNetwork",
        "errors": "FfcolorError FfcolorWarning",
        "palette": "Palette diverse_palette recolor",
        "taste": "ColorPreference PalettePreference TasteClassifier",
        "version": "__version__",
    },
    modules={"space": "color.space", "streams": "streams"},
)
moved(
    __name__,
    {
        "color": "css difference images rows space vision",
        "doors": "sources cli cli.bench cli.commands cli.jvm cli.parser"
        " cli.skills cli.skills_grammar cli.skills_solve cli.terminal",
        "palette": "formats generate relax repaint search",
        "palette.formats": "adobe pictures swatches",
        "streams": "chains",
        "taste": "candidates explain features noise palette_features palette_sets picks",
    },
    renamed={
        "engine.learning": "taste.learning",
        "engine.negatives": "taste.negatives",
        "ops": "doors.verbs",
        "preference": "taste.colors",
        "table": "taste.lookup",
        "whole": "taste.palettes",
    },
)
