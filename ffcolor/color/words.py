"""Words that could be numbers as well as hex, such as ``230 127 134``: refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn

from ffcolor.color.rows import fail, show

_PLAIN_NUMBER = re.compile(r"\d{1,3}|\d*\.\d+")


def check_text(text: str, words: Sequence[str]) -> None:
    """Refuse a text whose words could all be numbers, or three in a row that are at most 255.

    Raises:
        FfcolorError: ``ambiguous-scale``.
    """
    if len(words) > 1 and all(map(_PLAIN_NUMBER.fullmatch, words)):
        _refuse(text, words[:3])
    run = 0
    for place, word in enumerate(words):
        run = run + 1 if len(word) <= 3 and word.isdecimal() and int(word) <= 255 else 0
        if run == 3:
            _refuse(text, words[place - 2 : place + 1])


def check_words(items: Sequence[Any]) -> None:
    """Refuse single texts that together look like one row of numbers.

    Raises:
        FfcolorError: ``ambiguous-scale``.
    """
    if 3 <= len(items) <= 4 and all(isinstance(item, str) and _PLAIN_NUMBER.fullmatch(item) for item in items):
        _refuse(list(items), items)


def _refuse(given: Any, words: Sequence[str]) -> NoReturn:
    message = f"{show(given)} could be numbers or hex; write rgb({' '.join(words)}), or hex with #"
    fail(message, given, "ambiguous-scale")
