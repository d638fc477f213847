"""How many problems there are: by severity, in how many files, and as one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ffcolor.skills.catalog import Problem, Severity
from ffcolor.skills.model import Collection

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


def count(problems: Iterable[Problem]) -> dict[str, int]:
    """How many problems there are of each severity."""
    found = Counter(problem.severity for problem in problems)
    return {severity: found[severity] for severity in SEVERITIES}


def files(collection: Collection) -> int:
    """How many files were checked: those read only for their names do not count."""
    broken = {problem.path for problem in collection.problems if problem.code == "GF100"}
    return sum(not skill.context for skill in collection.skills) + len(collection.pages) + len(broken)


def total(problems: Sequence[Problem], files: int, suppressed: int = 0, where: str = "in the baseline") -> str:
    """One line that sums problems up: how many of which severity, in how many of the files.

    Args:
        problems: of a collection.
        files: how many files were checked.
        suppressed: how many more problems are held back.
        where: where those stand.
    """
    held = f"; {suppressed:,} more {where}" if suppressed else ""
    if not problems:
        return f"{many(files, 'file')} checked, nothing found{held}\n"
    counts = count(problems)
    said = ", ".join(many(number, word) for word, number in counts.items() if number)
    within = len({problem.path for problem in problems})
    return f"{said} in {within:,} of {many(files, 'file')}{held}\n"


def many(number: int, word: str) -> str:
    """A number with its noun.

    >>> many(1, "file"), many(1200, "file"), many(2, "info")
    ('1 file', '1,200 files', '2 info')
    """
    plural = "" if number == 1 or word == "info" else "s"
    return f"{number:,} {word}{plural}"
