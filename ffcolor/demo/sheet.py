"""The contact sheet: every learned palette on one picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from ffcolor.color import space
from ffcolor.demo.lesson import OURS, Lesson
from ffcolor.demo.tastes import PICKS
from ffcolor.palette.fonts import font

_PAPER, _INK, _SOFT = "#FBFAF8", "#1C1B1A", "#6D6A66"
_WIDTH, _MARGIN, _LABEL, _ROW, _GAP, _HEAD = 1600, 80, 300, 132, 20, 190


def contact_sheet(lessons: Sequence[Lesson]) -> bytes:
    """A PNG file: a row for each lesson, with its name, its accuracy and its swatches with their hexes."""
    from PIL import Image, ImageDraw

    height = _HEAD + len(lessons) * (_ROW + _GAP) - _GAP + _MARGIN
    picture = Image.new("RGB", (_WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((_MARGIN, 72), "Learned palettes", _INK, font("DejaVuSans-Bold", 44), anchor="lt")
    line = f"each from {PICKS} liked and {PICKS} disliked colours"
    draw.text((_WIDTH - _MARGIN, 108), line, _SOFT, font("DejaVuSans", 22), anchor="rs")
    for place, lesson in enumerate(lessons):
        _row(draw, lesson, _HEAD + place * (_ROW + _GAP))
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def _row(draw: ImageDraw.ImageDraw, lesson: Lesson, top: int) -> None:  # type: ignore[name-defined]  # noqa: F821
    assert lesson.palette is not None
    draw.text((_MARGIN, top + 44), lesson.taste.name, _INK, font("DejaVuSans-Bold", 28), anchor="ls")
    scores = lesson.scores[OURS]
    for below, text in ((80, f"AUC {scores['auc']:.3f}"), (108, f"learned in {lesson.milliseconds:.0f} ms")):
        draw.text((_MARGIN, top + below), text, _SOFT, font("DejaVuSans", 18), anchor="ls")
    black, white = (space.contrast_ratio(lesson.palette.colors, np.full(3, value)) for value in (0.0, 1.0))
    edges = np.linspace(_MARGIN + _LABEL, _WIDTH - _MARGIN, len(lesson.palette) + 1).round().astype(int).tolist()
    for place, code in enumerate(lesson.palette):
        left, right = edges[place], edges[place + 1] - 1
        draw.rectangle((left, top, right, top + _ROW - 1), fill=code)
        ink = "#000000" if black[place] >= white[place] else "#FFFFFF"
        draw.text(((left + right) / 2, top + _ROW - 16), code[1:], ink, font("DejaVuSansMono", 16), anchor="ms")
