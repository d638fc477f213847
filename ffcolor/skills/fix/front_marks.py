"""Fixing how front matter is written down: its marks, and values of which YAML reads something else than their text."""

from __future__ import annotations

from collections.abc import Sequence

from ffcolor.skills.fix import front_rewrite
from ffcolor.skills.model import FrontMatter, Skill
from ffcolor.skills.reading.hidden_text import meant


def plain_marks(lines: Sequence[str], front: FrontMatter) -> list[str]:
    """The lines with front matter between two bare ``---``; line ends stay."""
    new = list(lines)
    for number in (front.first, front.last):
        line = new[number - 1] if number <= len(new) else ""
        bare = line.rstrip("\r\n")
        if bare[:3] in ("---", "...") and not bare[3:].strip():
            new[number - 1] = "---" + line[len(bare) :]
    return new


def quote_text(lines: Sequence[str], skill: Skill, front: FrontMatter) -> list[str]:
    """The lines with quotes around what was meant as text and is something else, or less of it, to YAML."""
    new = list(lines)
    for entry in front.entries:
        told = meant(skill.lines, front, entry)
        if told is None or "color" in entry.key[-1]:
            continue
        line, start = new[told.start.line - 1], told.start.column - 1
        end = start + len(told.written)
        if line[start:end] == told.written:
            new[told.start.line - 1] = line[:start] + front_rewrite.quoted(told.text) + line[end:]
    return new
