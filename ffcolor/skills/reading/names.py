"""Names of skills: which are legal, and which is nearest to one that does not exist.

The search for the nearest is not the `hint` of other errors: it decides, too, whether a sum of names is a triad, and is
asked about thousands of names in a collection, so it counts edits and shares its work.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

_TRIED = 6
LONGEST = 64
"""Characters of a name that the specification allows."""


def is_legal(name: str) -> bool:
    """Whether a name has only lower-case letters (of any script), digits and single hyphens; its length is not judged.

    >>> [is_legal(name) for name in ("gay-mcp", "技能", "мой-навык", "Gay", "a--b", "-a", "a_b", "")]
    [True, True, True, False, False, False, False, False]

    Source: the rules of skills-ref, the reference library of the Agent Skills specification; composed as NFC.
    """
    composed = name if name.isascii() else unicodedata.normalize("NFC", name)
    return composed == composed.lower() and all(part.isalnum() for part in composed.split("-"))


def legal(name: str) -> str | None:
    """The legal name that is most like an illegal one; None when nothing of it is left.

    >>> legal("My Skill"), legal("Café_2"), legal("!?")
    ('my-skill', 'café-2', None)
    """
    lower = unicodedata.normalize("NFC", name).lower()
    words = "".join(char if char.isalnum() else " " for char in lower).split()
    return "-".join(words)[:LONGEST].rstrip("-") or None


class Names:
    """A set of names that knows which of them is nearest to another one.

    >>> names = Names(["sheaf-cohomology", "gay-mcp", "acsets"])
    >>> names.nearest("sheaf-cohomolgy"), names.nearest("Gay_MCP"), names.nearest("unworld")
    ('sheaf-cohomology', 'gay-mcp', None)
    """

    def __init__(self, names: Iterable[str]):
        self._names = dict.fromkeys(names)
        self._pairs: dict[str, list[str]] = defaultdict(list)
        self._bare: dict[str, str] = {}
        self._answers: dict[str, str | None] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def nearest(self, name: str) -> str | None:
        """The nearest name, or None when none is near: a typing mistake or two, another case, other hyphens."""
        if name not in self._answers:
            self._answers[name] = self._nearest(name[:120])
        return self._answers[name]

    def _nearest(self, name: str) -> str | None:
        if not self._pairs:
            for known in self._names:
                self._bare.setdefault(_bare(known), known)
                for pair in _pairs(known):
                    self._pairs[pair].append(known)
        if bare := self._bare.get(_bare(name)):
            return bare
        shared = Counter(known for pair in _pairs(name) for known in self._pairs.get(pair, ()))
        best = sorted(shared, key=lambda known: (-2 * shared[known] / (len(known) + len(name) + 2), known))[:_TRIED]
        most = 1 if len(name) < 6 else 2 if len(name) < 12 else 3
        distance, found = min(((_distance(name.casefold(), known, most), known) for known in best), default=(99, None))
        if distance <= most:
            return found
        longer = [known for known in self._names if known.startswith(f"{name}-") or known.endswith(f"-{name}")]
        return longer[0] if len(longer) == 1 and len(name) > 3 else None


def _bare(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _pairs(name: str) -> set[str]:
    padded = f" {name.casefold()} "
    return {padded[index : index + 2] for index in range(len(padded) - 1)}


def _distance(a: str, b: str, most: int) -> int:
    """Edits from `a` to `b`, two neighbours that changed places counting once; anything above `most` may stop early.

    Source: optimal string alignment, after Damerau (1964), doi:10.1145/363958.363994.
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
