"""What a check found, for people: the sum first, then as much of the findings as fits on a screen, or all of them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from ffcolor.errors import visible
from ffcolor.skills.catalog import Problem
from ffcolor.skills.tell.totals import SEVERITIES, many, total

SHOWN = ("some", "all", "statistics")
"""How much of the findings can be shown."""

Lines = Callable[[str], Sequence[str]]
"""The lines of a file by its path as the problems name it; () when they are not at hand."""
Paint = Callable[[str, str], str]

MOST = 50
"""Findings that are shown unless all are asked for."""

_WIDTH = 100  # columns of an excerpt
_INDENT = 4  # columns before what is left of a line that is too long
_COLUMNS, _ROWS = 80, 60  # of the screen that some findings have to fit on
_KINDS = {"error": 10, "warning": 6, "info": 2}  # rows of the table of codes, unless all are asked for
_FEW = 10  # findings that need no table
_NOBODY = "GF201"
_ADOPT = "to let only new findings count from now on: --baseline FILE --write-baseline"
_STYLES = {"error": "1;31", "warning": "1;33", "info": "1;36", "path": "1", "dim": "2", "mark": "1;32"}


def as_text(
    problems: Sequence[Problem],
    files: int,
    titles: Mapping[str, str],
    lines: Lines = lambda path: (),
    *,
    color: bool = False,
    suppressed: int = 0,
    where: str = "in the baseline",
    show: str = "some",
    has_trits: bool = True,
    columns: int | None = None,
) -> str:
    """Problems for people: how many there are of which kind, then the findings with the lines that they are about.

    Where there are too many for a screen, alike ones are shown once, and of each kind only some.

    Args:
        problems: in order of file and place.
        files: how many files were checked.
        titles: code -> what its check finds.
        lines: gives a file's lines for the excerpts.
        color: whether to use the terminal's colours.
        suppressed: how many problems are held back.
        where: where those stand.
        show: some findings, all of them with their lines, or ``"statistics"``: none, but all counts.
        has_trits: whether any file declares a trit or states a triad; otherwise, that none does is one line.
        columns: the width that some findings are wrapped to; None leaves each in one line.
    """
    paint = _painter(color)
    told = problems if has_trits else [each for each in problems if each.code != _NOBODY]
    mute = len(problems) - len(told)
    if mute and not told:
        return f"{many(files, 'file')} checked: none declares a trit ({_NOBODY}), and nothing else was found\n"
    head = total(problems, files, suppressed, where) + _fixable(problems, paint)
    if mute:
        head += f"none of them declares a trit ({_NOBODY})\n"
    if not told:
        return head
    if show == "statistics":
        return head + "\n" + _table(told, titles, paint, is_whole=True)
    if len(told) > _FEW:
        head += "\n" + _table(told, titles, paint, is_whole=show == "all")
    room = _ROWS - _height(head) - 3
    if show == "all" or len(told) <= MOST:
        whole = _all(told, lines, paint)
        if show == "all" or _height(whole) <= room:
            return f"{head}\n{whole}"
        plain = "".join(_line(each, paint, 1, columns) for each in told)
        if _height(plain) <= room:
            return f"{head}\n{plain}\n{paint('--all shows the lines, too', 'dim')}\n"
    foot = "" if suppressed else f"{_ADOPT}\n"
    some, shown = _some(told, room - _height(foot) - 1, paint, columns)
    kind = _ranked(told)[0][0][1]
    more = f"… {len(told) - shown:,} more: --all shows them, --statistics counts them, --select {kind} picks\n"
    return f"{head}\n{some}\n{more}{foot}"


def _all(problems: Sequence[Problem], lines: Lines, paint: Paint) -> str:
    """Every finding with its line, a group a file."""
    parts: list[str] = []
    path = None
    for problem in problems:
        if problem.path != path and path is not None:
            parts.append("\n")
        path = problem.path
        parts.append(_finding(problem, lines(path), paint))
    return "".join(parts)


def _some(problems: Sequence[Problem], room: int, paint: Paint, columns: int | None) -> tuple[str, int]:
    """As many findings as there is room for, alike ones once, each kind in its turn; and for how many they stand."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.severity, *problem.kind), []).append(problem)
    kinds: dict[tuple[str, str], list[list[Problem]]] = {}
    for (severity, code, _), group in alike.items():
        kinds.setdefault((severity, code), []).append(group)
    chosen: dict[tuple[str, str], list[str]] = {kind: [] for kind, _ in _ranked(problems)}
    stands = count = 0
    for kind, group in _in_turn({kind: kinds[kind] for kind in chosen}):
        row = _line(group[0], paint, len(group), columns)
        if (height := _height(row)) <= room and count < MOST:
            chosen[kind].append(row)
            room, stands, count = room - height, stands + len(group), count + 1
    return "".join(row for rows in chosen.values() for row in rows), stands


def _ranked(problems: Sequence[Problem]) -> list[tuple[tuple[str, str], int]]:
    """Severity and code of each kind, and how many there are: errors first, then the most frequent."""
    counts = Counter((problem.severity, problem.code) for problem in problems)
    order = [str(severity) for severity in SEVERITIES]
    return sorted(counts.items(), key=lambda row: (order.index(row[0][0]), -row[1], row[0][1]))


def _in_turn(kinds: Mapping[tuple[str, str], list[list[Problem]]]) -> Iterator[tuple[tuple[str, str], list[Problem]]]:
    """The largest group of each kind, then the second largest, and so on."""
    ordered = {kind: sorted(groups, key=lambda group: (-len(group), group[0].order)) for kind, groups in kinds.items()}
    for turn in range(max(map(len, ordered.values()), default=0)):
        yield from ((kind, groups[turn]) for kind, groups in ordered.items() if turn < len(groups))


def _height(text: str) -> int:
    """How many rows of a screen a text takes."""
    bare = (_bare(line) for line in text.splitlines())
    return sum(max(1, -(-sum(map(_columns, line)) // _COLUMNS)) for line in bare)


def _bare(line: str) -> str:
    head, *rest = line.split("\x1b[")
    return head + "".join(each.partition("m")[2] for each in rest)


def _line(problem: Problem, paint: Paint, alike: int = 1, columns: int | None = None) -> str:
    """A finding in one line, and how many others are like it; wrapped between words where there is a width."""
    hint = problem.suggestion if problem.suggestion and problem.suggestion.startswith("did you mean") else ""
    said = f"{visible(problem.message)}{'; ' + visible(hint) if hint else ''}"
    words = [
        (f"{visible(problem.path)}:{problem.line}:{problem.column}:", "path"),
        (f"{problem.code} {problem.severity}:", problem.severity),
        *((word, "") for word in said.split(" ")),
        *([("★", "mark")] if problem.fixable else []),
        *([(f"({alike - 1:,} more like it)", "dim")] if alike > 1 else []),
    ]
    line, at = "", 0
    for word, style in words:
        width = sum(map(_columns, word))
        if at and columns and at + 1 + width > columns:
            line, at = line + "\n" + " " * (_INDENT - 1), _INDENT - 1
        line += (" " if at else "") + (paint(word, style) if style else word)
        at += width + bool(at)
    return line + "\n"


def _finding(problem: Problem, lines: Sequence[str], paint: Callable[[str, str], str]) -> str:
    place = f"{visible(problem.path)}:{problem.line}:{problem.column}:"
    word = paint(f"{problem.code} {problem.severity}:", problem.severity)
    mark = paint(" ★", "mark") if problem.fixable else ""
    found = f"{paint(place, 'path')} {word} {visible(problem.message)}{mark}\n"
    if 1 <= problem.line <= len(lines):
        number = str(problem.line)
        line, caret = excerpt(lines[problem.line - 1], problem.column)
        if line.strip():
            found += f"  {paint(number + ' |', 'dim')} {line}\n"
            found += f"  {paint(' ' * len(number) + ' |', 'dim')} {' ' * caret}{paint('^', problem.severity)}\n"
    if problem.suggestion:
        found += f"  {paint('help:', 'mark')} {visible(problem.suggestion)}\n"
    return found


def excerpt(line: str, column: int) -> tuple[str, int]:
    r"""A line as a terminal may show it, cut to a width around a column, and how many columns lie before that.

    >>> excerpt("\ta (-1) ⊗ b (0)", 2)
    ('    a (-1) ⊗ b (0)', 4)
    """
    start, end = 0, len(line)
    before = min(column - 1, len(line))
    if end > _WIDTH:
        start = max(0, min(before - _WIDTH // 2, len(line) - _WIDTH))
        end = start + _WIDTH
    shown = [_shown(letter) for letter in line[start:end]]
    head, tail = "…" if start else "", "…" if end < len(line) else ""
    left = head + "".join(shown[: before - start])
    return head + "".join(shown).rstrip() + tail, sum(map(_columns, left))


def _shown(letter: str) -> str:
    return "    " if letter == "\t" else visible(letter)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _table(problems: Sequence[Problem], titles: Mapping[str, str], paint: Paint, *, is_whole: bool) -> str:
    """How many findings there are of each code, errors first; of the rarer ones, how many in all."""
    fixed = Counter(problem.code for problem in problems if problem.fixable)
    rows = shown = _ranked(problems)
    if not is_whole and len(rows) > sum(_KINDS.values()) + 1:
        left = Counter(_KINDS)
        shown = [row for row in rows if left[row[0][0]] > 0 and not left.subtract([row[0][0]])]
    rest = sum(number for _, number in rows) - sum(number for _, number in shown)
    width = max(len(f"{number:,}") for number in (rest, *(number for _, number in rows)))
    return "".join(
        f"  {number:>{width},}  {paint(f'{code} {severity:<7}', severity)}  {titles.get(code, '')}"
        f"{paint(' ★', 'mark') if fixed[code] else ''}\n"
        for (severity, code), number in shown
    ) + (f"  {rest:>{width},}  of {len(rows) - len(shown)} other kinds: --statistics\n" if rest else "")


def _fixable(problems: Sequence[Problem], paint: Paint) -> str:
    number = sum(problem.fixable for problem in problems)
    if not number:
        return ""
    return f"{number:,} {paint('★', 'mark')} can be fixed by `ffcolor skills fix`; --diff shows how\n"


def _painter(color: bool) -> Paint:
    if color:
        return lambda text, style: f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
    return lambda text, style: text
