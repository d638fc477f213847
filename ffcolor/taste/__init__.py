"""What a person likes: colours and whole palettes, learned from examples by the Forward-Forward engine.

Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.taste.candidates import nearness as nearness
    from ffcolor.taste.classifier import TasteClassifier as TasteClassifier
    from ffcolor.taste.colors import ColorPreference as ColorPreference
    from ffcolor.taste.judgement import Judgement as Judgement
    from ffcolor.taste.palettes import PalettePreference as PalettePreference

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "candidates": "nearness",
        "classifier": "TasteClassifier",
        "colors": "ColorPreference",
        "judgement": "Judgement",
        "palettes": "PalettePreference",
    },
)
