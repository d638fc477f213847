"""Colours written as text, in any way that CSS has: written out, or to be worked out first."""

from __future__ import annotations

import functools

from ffcolor.color import css_plain
from ffcolor.color.css_plain import Parsed

FUNCTIONS = (*css_plain.FUNCTIONS, *css_plain.WORKED_OUT)
"""The functions of CSS that are colours."""


@functools.lru_cache(maxsize=4096)
def parse_css(text: str) -> Parsed:
    """Read one colour written as text.

    Raises:
        FfcolorError: ``invalid-color``, with what is wrong in the text.
    """
    name, _, inside = text.strip().lower().partition("(")
    plain = name in css_plain.FUNCTIONS and "(" not in inside and not inside.lstrip().startswith("from ")
    if plain or name not in FUNCTIONS or not inside:
        return css_plain.parse_plain(text)
    from ffcolor.color import css_functions

    return css_functions.parse(text)
