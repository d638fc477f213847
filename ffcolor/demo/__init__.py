"""The demo: learns what people call pastel, dusty or green, and classes of streams; prints, and writes a page."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ffcolor.errors import FfcolorError
from ffcolor.files import quoted, reason

SEED = 1069


def run(out: str | os.PathLike[str] = "out", *, color: bool = False, quiet: bool = False) -> dict[str, Any]:
    """Learn every taste of the demo and write palettes, models, a contact sheet and a page.

    Args:
        out: the folder to write into; made if it is not there.
        color: print swatches, on a truecolor terminal.
        quiet: print nothing.

    Returns:
        The results as plain data, as in ``results.json``.

    Raises:
        FfcolorError: ``file-write`` if the folder cannot be written.
    """
    from ffcolor.demo.lesson import learn, save
    from ffcolor.demo.page import page
    from ffcolor.demo.report import Report
    from ffcolor.demo.sheet import contact_sheet
    from ffcolor.demo.tastes import tastes
    from ffcolor.files import write_atomically
    from ffcolor.streams import split

    begin = time.perf_counter()
    folder = _folder(out)
    say: Callable[[str], None] = (lambda text: None) if quiet else _print
    report = Report(color)
    say(report.head())
    lessons, control = [], None
    for number, taste in enumerate(tastes()):
        lesson = learn(taste, split(SEED, number))
        if taste.learnable:
            say(report.row(lesson))
            lessons.append(save(lesson, folder))
        else:
            control = lesson
    assert control is not None
    say(report.foot(lessons, control))
    results = {
        "seed": SEED,
        "tastes": [
            {
                "name": lesson.taste.name,
                "about": lesson.taste.about,
                "liked": len(lesson.taste.liked.colors),
                "disliked": len(lesson.taste.disliked.colors),
                "milliseconds": round(lesson.milliseconds, 2),
                "scores": lesson.scores,
                "curve": lesson.curve,
                "palette": None if lesson.palette is None else lesson.palette.hex,
                "files": lesson.files,
            }
            for lesson in (*lessons, control)
        ],
    }
    write_atomically(folder / "contact-sheet.png", contact_sheet(lessons))
    write_atomically(folder / "results.json", (json.dumps(results, indent=2, ensure_ascii=False) + "\n").encode())
    write_atomically(folder / "index.html", page(lessons, control).encode())
    say(report.end(folder, time.perf_counter() - begin))
    return results


def _folder(out: str | os.PathLike[str]) -> Path:
    folder = Path(out)
    try:
        for inner in ("palettes", "models"):
            (folder / inner).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        message = f"cannot write into {quoted(folder)}: {reason(error)}"
        raise FfcolorError(message, code="file-write", value=str(folder)) from error
    return folder


def _print(text: str) -> None:
    print(text)
    sys.stdout.flush()
