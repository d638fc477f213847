"""A colour that follows its trit: a third of the circle of hues at a time, which only changes places of R, G and B."""

from __future__ import annotations

from ffcolor.skills.checks.colors import hue, is_name_of, trit_of_hue
from ffcolor.skills.model import ColorClaim, Skill

_WORDS = {"red": 0, "orange": 30, "yellow": 58, "green": 120, "teal": 178, "blue": 230, "purple": 280, "magenta": 312}


def follow(color: str, trit: int) -> str:
    """The colour of the same lightness and saturation whose hue stands for a trit; a grey stays as it is.

    >>> follow("#D82626", 0), follow("#D82626", -1), follow("#808080", 1)
    ('#26D826', '#2626D8', '#808080')
    """
    degrees = hue(color)
    if degrees is None:
        return color
    channels = color[1:3], color[3:5], color[5:7]
    steps = (trit_of_hue(degrees) - trit) % 3
    return "#" + "".join(channels[(place - steps) % 3] for place in range(3))


def recolored(lines: list[str], skill: Skill, trit: int) -> str | None:
    """Have every colour of a file fit a trit, in its `lines`; what a generated block says follows the author.

    Returns:
        What was done, ``""`` for nothing; None when a colour cannot be changed in its place.
    """
    chosen, told = skill.color_claim, ""
    for claim in skill.colors:
        if claim.hex is None or chosen is None or chosen.hex is None:
            continue
        follows = claim.source == "generated" and chosen.source != "generated"
        new = follow(chosen.hex if follows else claim.hex, trit)
        if new == claim.hex:
            continue
        line = _respelt(lines[claim.place.line - 1], claim, new)
        if line is None:
            return None
        lines[claim.place.line - 1] = line
        told = told or f", colour {claim.hex} -> {new}"
    return told


def _respelt(line: str, claim: ColorClaim, new: str) -> str | None:
    start = line.find(claim.text, claim.place.column - 1)
    if start < 0:
        return None
    text = new if len(claim.text) != 4 or new[1::2] != new[2::2] else "#" + new[1::2]
    text = text.lower() if claim.text == claim.text.lower() else text
    line = line[:start] + text + line[start + len(claim.text) :]
    if not claim.name or is_name_of(claim.name, new):
        return line
    at = line.find(claim.name)
    return None if at < 0 else line[:at] + _word(claim.name, new) + line[at + len(claim.name) :]


def _word(name: str, color: str) -> str:
    """A plain word for a colour, in the case of the name that it stands for."""
    degrees = hue(color) or 0.0
    word = min(_WORDS, key=lambda each: abs((degrees - _WORDS[each] + 180) % 360 - 180))
    return word.upper() if name.isupper() else word if name.islower() else word.capitalize()
