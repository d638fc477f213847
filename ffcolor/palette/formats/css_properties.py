"""The custom properties of a style sheet: where each is declared, and what is left of a value once ``var()`` is put in.

Source: CSS Syntax 3 (declarations and blocks), CSS Custom Properties for Cascading Variables 1 (``var()``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ffcolor.color import css_tokens

_LONGEST_VALUE = 20_000  # characters, once every var() is put in
_DEEPEST = 32  # properties that name properties


class UndefinedError(Exception):
    """A custom property that a value names is not declared anywhere, or names itself."""


class Declaration(NamedTuple):
    """One declaration of a custom property."""

    name: str
    """With its two dashes."""
    value: Sequence[css_tokens.Token]
    line: int
    """Counted from 1."""
    block: int
    """The number of the block it stands in; 0 is the sheet itself."""
    comment: str | None
    """The comment behind it on its line."""


class Block(NamedTuple):
    """A block in braces."""

    parent: int
    selector: str
    """What stands before it: a selector or an at-rule."""


class Sheet:
    """A sheet's declarations of custom properties, in order, and the blocks they stand in."""

    def __init__(self, text: str):
        self.text = text
        self.blocks = [Block(-1, "")]
        self.declarations: list[Declaration] = []
        self._found = [*css_tokens.tokens(text)]
        self._lines = [place for place, character in enumerate(text) if character == "\n"]
        self._read()
        self._by_name: dict[str, list[Declaration]] = {}
        for each in self.declarations:
            self._by_name.setdefault(each.name, []).append(each)

    @property
    def comment(self) -> str | None:
        """The comment that the sheet begins with."""
        first = next((token for token in self._found if token.kind != "space"), None)
        return first.value if first is not None and first.kind == "comment" else None

    def is_open(self) -> bool:
        """Whether a comment is never closed."""
        last = self._found[-1] if self._found else None
        return last is not None and last.kind == "comment" and not self.text.endswith("*/", last.start + 2)

    def _read(self) -> None:
        found, at, inside, selector = self._found, 0, [0], -1
        while at < len(found):
            token = found[at]
            if token.kind in ("space", "comment", "cdc"):
                at += 1
                continue
            if selector < 0 and token.kind == "name" and token.value.startswith("--"):
                colon = self._past_spaces(at + 1)
                if colon < len(found) and found[colon].kind == ":":
                    at = self._declared(token, colon + 1, inside[-1])
                    continue
            if token.kind == "{":
                start = token.start if selector < 0 else selector
                self.blocks.append(Block(inside[-1], self.text[start : token.start].strip()))
                inside.append(len(self.blocks) - 1)
                selector = -1
            elif token.kind == "}":
                inside = inside[:-1] or [0]
                selector = -1
            else:
                selector = -1 if token.kind == ";" else token.start if selector < 0 else selector
            at += 1

    def _declared(self, name: css_tokens.Token, start: int, block: int) -> int:
        """Keep the declaration whose value starts at a place, and say where the next thing starts."""
        end = css_tokens.end_of_value(self._found, start)
        after = end + (end < len(self._found) and self._found[end].kind == ";")
        line = bisect_right(self._lines, name.start) + 1
        value = self._found[start:end]
        self.declarations.append(Declaration(name.value, value, line, block, self._comment_at(after)))
        return after

    def _comment_at(self, place: int) -> str | None:
        """The comment at a place, if only blanks are before it on the line."""
        for token in self._found[place : place + 2]:
            if token.kind == "comment":
                return token.value
            if token.kind != "space" or not set(self.text[token.start : token.end]) <= {" ", "\t"}:
                break
        return None

    def _past_spaces(self, place: int) -> int:
        while place < len(self._found) and self._found[place].kind in ("space", "comment"):
            place += 1
        return place

    # var() ------------------------------------------------------------------------------------------------------------

    def expanded(self, declaration: Declaration) -> str:
        """The text of a value without comments, and with each ``var()`` replaced by the value it names.

        Raises:
            UndefinedError: it names a property that is not declared, without another value; or it is too long.
        """
        return self._expanded(declaration.value, declaration.block, (declaration.name,)).strip()

    def is_alias(self, declaration: Declaration) -> bool:
        """Whether a value only names another property of this sheet, and so holds nothing of its own."""
        words = [token for token in declaration.value if token.kind not in ("space", "comment")]
        is_variable = len(words) >= 3 and words[0].kind == "function" and words[0].value.lower() == "var"
        return is_variable and _closing(words, 0) == len(words) - 1 and words[1].value in self._by_name

    def _expanded(self, value: Sequence[css_tokens.Token], block: int, asking: tuple[str, ...]) -> str:
        parts: list[str] = []
        at = length = 0
        while at < len(value):
            token = value[at]
            if token.kind == "function" and token.value.lower() == "var":
                end = _closing(value, at)
                parts.append(self._variable(value[at + 1 : end], block, asking))
                at = end
            else:
                parts.append(" " if token.kind == "comment" else self.text[token.start : token.end])
            at += 1
            length += len(parts[-1])
            if length > _LONGEST_VALUE:
                raise UndefinedError("it is too long once its var() are put in")
        return "".join(parts)

    def _variable(self, inside: Sequence[css_tokens.Token], block: int, asking: tuple[str, ...]) -> str:
        words = [token for token in inside if token.kind not in ("space", "comment")]
        name = words[0].value if words and words[0].kind == "name" else ""
        if len(asking) > _DEEPEST:
            raise UndefinedError(f"more than {_DEEPEST} properties name each other")
        found = None if name in asking else self._nearest(name, block)
        if found is not None:
            try:
                return self._expanded(found.value, found.block, (*asking, name))
            except UndefinedError:
                if "," not in [token.kind for token in words]:
                    raise
        comma = next((place for place, token in enumerate(inside) if token.kind == ","), None)
        if comma is None:
            raise UndefinedError(f"{name or 'var()'} is not declared" if name not in asking else f"{name} names itself")
        return self._expanded(inside[comma + 1 :], block, asking)

    def _nearest(self, name: str, block: int) -> Declaration | None:
        """The declaration that a block sees best: its own, an outer one's, the root's; of these, the last."""
        outer = self._outer(block)

        def closeness(each: Declaration) -> tuple[bool, bool, bool, bool]:
            above = self.blocks[each.block].parent in outer
            return each.block == block, each.block in outer, above and self._is_root(each.block), above

        known = self._by_name.get(name)
        return max(reversed(known), key=closeness) if known else None

    def _outer(self, block: int) -> set[int]:
        found = {-1}
        while block >= 0:
            found.add(block)
            block = self.blocks[block].parent
        return found

    def _is_root(self, block: int) -> bool:
        selector = self.blocks[block].selector
        return any(word in selector for word in (":root", ":host", "html", "@theme")) or not selector


def _closing(value: Sequence[css_tokens.Token], start: int) -> int:
    """The place of the parenthesis that closes the function at a place, or past the last."""
    depth = 0
    for place in range(start, len(value)):
        depth += value[place].kind in ("function", "(")
        depth -= value[place].kind == ")"
        if not depth:
            return place
    return len(value)
