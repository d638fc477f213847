"""Which fill a drawing's style sheet gives to a shape: selectors of types, classes and ids, nested if need be.

Source: CSS Cascading 4, section 6 (importance, specificity, order); Selectors 4; SVG 2, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple
from xml.etree.ElementTree import Element as Node

from ffcolor.color import css_tokens
from ffcolor.palette.content import file_error

_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
_COMPOUND = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")
_DEEPEST = 32  # parts of a selector
_MOST_RULES = 1_000
_DEEPEST_DRAWING = 200  # elements that stand in each other

Weight = tuple[bool, bool, tuple[int, int, int]]  # important; in a style attribute; specificity


class Element:
    """An element of a drawing, which knows what it stands in."""

    def __init__(self, node: Node, parent: Element | None):
        self.node, self.parent = node, parent
        self.tag = node.tag.rpartition("}")[2]
        self.depth: int = 0 if parent is None else parent.depth + 1
        if self.depth > _DEEPEST_DRAWING:
            raise file_error(f"its elements stand more than {_DEEPEST_DRAWING} deep in each other")

    @cached_property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.node.get("class", "").split())


class _Step(NamedTuple):
    """One compound of a selector: ``rect.a#b``, and whether what follows must be its child."""

    tag: str
    classes: frozenset[str]
    ids: frozenset[str]
    is_parent: bool = False

    def fits(self, element: Element) -> bool:
        is_type = self.tag in ("", "*", element.tag)
        return is_type and self.classes <= element.classes and self.ids <= {element.node.get("id")}


class _Rule(NamedTuple):
    steps: Sequence[_Step]  # from the shape outwards
    fill: str

    @property
    def specificity(self) -> tuple[int, int, int]:
        ids, classes = (
            sum(len(part) for part in parts) for parts in zip(*((s.ids, s.classes) for s in self.steps), strict=True)
        )
        return ids, classes, sum(step.tag not in ("", "*") for step in self.steps)

    def fits(self, element: Element) -> bool:
        """Whether the selector means the element. The nearest ancestor that fits is taken for each step."""
        if not self.steps[0].fits(element):
            return False
        at = element.parent
        for step in self.steps[1:]:
            while at is not None and not step.fits(at) and not step.is_parent:
                at = at.parent
            if at is None or not step.fits(at):
                return False
            at = at.parent
        return True


class Rules:
    """The rules for fills of a style sheet; `notes` has those that are not understood."""

    def __init__(self, text: str):
        self.notes: list[str] = []
        self._rules: list[_Rule] = []
        for selectors, fill in _blocks(text):
            for selector in selectors.split(","):
                steps = _steps(selector)
                if steps and len(self._rules) >= _MOST_RULES:
                    raise file_error(f"its style sheet has more than {_MOST_RULES:,} rules for fills")
                if steps:
                    self._rules.append(_Rule(steps, fill))
                else:
                    self.notes.append(f"the rule {' '.join(selector.split())[:60]!r} of its style sheet is not read")

    def fill(self, element: Element) -> str:
        """The fill that an element is given by the sheet, its style or its attribute; empty if by none of these."""
        styled = [*_fills_of([*css_tokens.tokens(text := element.node.get("style", ""))], text)]
        found: list[tuple[Weight, str]] = [((False, False, (-1, 0, 0)), element.node.get("fill", ""))]
        found += [
            ((bool(_IMPORTANT.search(rule.fill)), False, rule.specificity), rule.fill)
            for rule in self._rules
            if rule.fits(element)
        ]
        found += [((bool(_IMPORTANT.search(fill)), True, (0, 0, 0)), fill) for fill in styled]
        best = max(weight for weight, _ in found)
        return _IMPORTANT.sub("", [fill for weight, fill in found if weight == best][-1]).strip()


def _steps(selector: str) -> list[_Step]:
    """The steps of a selector from the last to the first; none if there is anything else in it."""
    words = selector.replace(">", " > ").split()
    steps: list[_Step] = []
    is_parent = False
    for word in reversed(words):
        found = _COMPOUND.fullmatch(word)
        if word == ">" and steps and not is_parent:
            is_parent = True
        elif found and len(steps) < _DEEPEST:
            marks = re.findall(r"([.#])([\w-]+)", found[2])
            classes, ids = (frozenset(name for mark, name in marks if mark == wanted) for wanted in ".#")
            steps.append(_Step(found[1] or "", classes, ids, is_parent))
            is_parent = False
        else:
            return []
    return [] if is_parent else steps


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(selectors, fill) of each rule that sets a fill."""
    found = [token for token in css_tokens.tokens(text) if token.kind not in ("comment", "cdc")]
    start = at = 0
    while at < len(found):
        if found[at].kind == "{":
            end = css_tokens.end_of_block(found, at)
            selectors = "".join(text[token.start : token.end] for token in found[start:at]).strip()
            for fill in _fills_of(found[at + 1 : end], text):
                yield selectors, fill
            start = end + 1
            at = end
        elif found[at].kind == ";":  # of an at-rule such as @import
            start = at + 1
        at += 1


def _fills_of(found: Sequence[css_tokens.Token], text: str) -> Iterator[str]:
    """The values of the fills that a block's tokens declare."""
    at = 0
    while at < len(found):
        end = css_tokens.end_of_value(found, at)
        words = [token for token in found[at:end] if token.kind not in ("space", "comment")]
        if len(words) > 2 and words[0].kind == "name" and words[0].value.lower() == "fill" and words[1].kind == ":":
            yield text[words[2].start : words[-1].end]
        at = max(end, at) + 1
