"""How many steps a regular expression takes: a plain backtracking matcher over the tree that Python's own parser makes.

Seconds depend on the machine; these steps do not, and grow as those of Python's engine do.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

if sys.version_info >= (3, 11):
    from re import _parser as parser
else:
    import sre_parse as parser

CATEGORIES = {"CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W", "CATEGORY_SPACE": r"\s", "CATEGORY_DIGIT": r"\d"}


class Steps:
    """Searches text after text for a pattern and counts the letters that it looks at."""

    def __init__(self, pattern: re.Pattern[str]):
        self.tree = list(parser.parse(pattern.pattern, pattern.flags))
        self.count = 0

    def of_search(self, text: str) -> int:
        """The steps of a substitution by nothing: all attempts, from every place where the last match ended."""
        self.text, self.count, place = text, 0, 0
        while place <= len(text):
            end = next(self._all(self.tree, 0, place), None)
            place = place + 1 if end is None or end == place else end
        return self.count

    def _all(self, nodes: list[Any], at: int, place: int) -> Iterator[int]:
        if at == len(nodes):
            yield place
            return
        for end in self._one(*nodes[at], place):
            yield from self._all(nodes, at + 1, end)

    def _one(self, op: Any, given: Any, place: int) -> Iterator[int]:
        name = str(op)
        if name == "MAX_REPEAT":
            yield from self._repeat(*given, place)
        elif name == "SUBPATTERN":
            yield from self._all(list(given[-1]), 0, place)
        elif name == "BRANCH":
            for branch in given[1]:
                yield from self._all(list(branch), 0, place)
        elif name in ("ASSERT", "ASSERT_NOT"):
            start = place if given[0] > 0 else place - 1
            found = start >= 0 and next(self._all(list(given[1]), 0, start), None) is not None
            if found == (name == "ASSERT"):
                yield place
        elif self._fits(name, given, place):
            yield place + 1

    def _repeat(self, least: int, most: int, body: Any, place: int) -> Iterator[int]:
        ends, nodes = [place], list(body)
        while len(ends) <= most and (end := next(self._all(nodes, 0, ends[-1]), None)) is not None and end > ends[-1]:
            ends.append(end)
        for end in reversed(ends[least:]):
            self.count += 1
            yield end

    def _fits(self, name: str, given: Any, place: int) -> bool:
        self.count += 1
        if place >= len(self.text):
            return False
        code = ord(self.text[place])
        if name == "LITERAL":
            return bool(code == given)
        if name == "NOT_LITERAL":
            return bool(code != given)
        if name == "ANY":
            return self.text[place] != "\n"
        assert name == "IN", name
        is_negated = str(given[0][0]) == "NEGATE"
        return is_negated != any(_is_in(str(kind), what, code) for kind, what in given[is_negated:])


def _is_in(kind: str, what: Any, code: int) -> bool:
    if kind == "LITERAL":
        return bool(code == what)
    if kind == "RANGE":
        return bool(what[0] <= code <= what[1])
    return re.fullmatch(CATEGORIES[str(what)], chr(code)) is not None
