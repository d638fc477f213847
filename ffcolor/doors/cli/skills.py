"""What `ffcolor skills …` prints, and its exit codes: 0 clean, 1 findings, 2 bad usage or a file that fails."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

from ffcolor.doors.cli import skills_solve
from ffcolor.doors.cli.terminal import working
from ffcolor.errors import FfcolorError
from ffcolor.skills.model import Collection, Problem
from ffcolor.skills.report import visible

if TYPE_CHECKING:
    from ffcolor.skills.fix import Change

Options = argparse.Namespace

CLEAN, FOUND, FAILED = 0, 1, 2


def run(options: Options) -> int:
    """Run one of the verbs below `ffcolor skills` and return its exit code."""
    from ffcolor.doors.cli.exits import fail

    if not options.skill_verb:
        options.parser.error(f"a verb is missing: there are {', '.join(COMMANDS)}")
    try:
        return COMMANDS[options.skill_verb](options)
    except BrokenPipeError:
        raise
    except FfcolorError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or 'output'}: {error.strerror or error}")
    return FAILED


# ---- check -------------------------------------------------------------------------------------------------------


def _check(options: Options) -> int:
    from ffcolor.skills import baseline, report
    from ffcolor.skills.rules.table import chosen

    if options.write_baseline and not options.baseline:
        options.parser.error("--write-baseline needs --baseline FILE, the file to write")
    if (options.diff or options.trust) and not options.fix:
        options.parser.error("--diff and --trust go with --fix")
    codes = chosen(options.select, options.ignore)
    if options.fix:
        done, code = _mended(options, codes)
        if options.diff:
            _say_diff(options, done)
            return code
        _say_mended(done, sys.stderr)
        if code == FAILED:
            return code
    collection, problems = _found(options, codes)
    held = 0
    if options.write_baseline:
        number = baseline.write(options.baseline, problems)
        print(f"wrote {report.many(number, 'problem')} to {options.baseline}", file=sys.stderr)
        return CLEAN
    if options.baseline:
        compared = baseline.compare(options.baseline, problems)
        problems, held = list(compared.new), compared.suppressed
        if compared.gone:
            gone = (
                f"{report.many(compared.gone, 'problem')} of {options.baseline} {'is' if compared.gone == 1 else 'are'}"
            )
            print(f"ffcolor: {gone} gone: --write-baseline writes it anew", file=sys.stderr)
    _put(options, collection, problems, held)
    return FOUND if _is_bad(problems, options.fail_on) else CLEAN


def _found(options: Options, codes: frozenset[str]) -> tuple[Collection, list[Problem]]:
    from ffcolor.skills.against import base
    from ffcolor.skills.checking import check_collection
    from ffcolor.skills.collect import read

    with working("checking skills"):
        collection = read(*(options.paths or ["."]))
        before = base(collection, options.against) if getattr(options, "against", None) else None
        problems = check_collection(collection, codes, before)
    if not collection.skills and not collection.problems:
        print(f"ffcolor: warning: there is no SKILL.md below {' '.join(collection.roots)}", file=sys.stderr)
    return collection, problems


def _is_bad(problems: Sequence[Problem], fail_on: str) -> bool:
    from ffcolor.skills.report import SEVERITIES

    if fail_on == "never":
        return False
    bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return any(problem.severity in bad for problem in problems)


def _put(options: Options, collection: Collection, problems: list[Problem], held: int) -> None:
    from ffcolor.files import write_atomically
    from ffcolor.skills import report

    format = options.format or ("json" if options.json else "text")
    color = format == "text" and not options.output and wants_style(options.color, sys.stdout)
    text = _written(format, collection, problems, held, color)
    if options.output:
        write_atomically(options.output, text.encode("utf-8", "backslashreplace"))
        print(report.total(problems, report.files(collection), held), end="")
    else:
        sys.stdout.write(text)


def _written(format: str, collection: Collection, problems: list[Problem], held: int, color: bool) -> str:
    from ffcolor.skills import report
    from ffcolor.skills.rules.table import RULES

    files = report.files(collection)
    titles = {code: rule.title for code, rule in RULES.items()}
    if format == "json":
        return report.as_json(problems, files, held)
    if format == "edn":
        return report.as_edn(problems, files, held)
    if format == "github":
        return report.as_github(problems, titles)
    if format == "sarif":
        from ffcolor import __version__
        from ffcolor.skills import sarif

        return sarif.as_sarif(problems, sarif.descriptors(), __version__)
    lines = {skill.path: skill.lines for skill in collection.skills}
    return report.as_text(problems, files, titles, lambda path: lines.get(path, ()), color=color, suppressed=held)


def wants_style(wish: str, stream: TextIO) -> bool:
    """Whether to print in the terminal's own colours: as wished, or as the terminal and NO_COLOR have it."""
    if wish != "auto":
        return wish == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


# ---- fix ---------------------------------------------------------------------------------------------------------


def _fix(options: Options) -> int:
    from ffcolor.skills import report
    from ffcolor.skills.fix import as_plain
    from ffcolor.skills.rules.table import chosen

    done, code = _mended(options, chosen(options.select, options.ignore))
    if options.json:
        sys.stdout.write(report.encode_json(as_plain(done, applied=not options.diff)))
    elif options.diff:
        _say_diff(options, done)
        _say_mended(done, sys.stderr, only_left=True)
    else:
        _say_mended(done, sys.stdout)
    return code


def _mended(options: Options, codes: frozenset[str]) -> tuple[list[Change], int]:
    """What was mended (with --diff: what would be), and the exit code for it."""
    from ffcolor.skills import fix

    collection, problems = _found(options, codes)
    with working("mending skills"):
        changes = fix.plan(collection, problems, codes, options.trust)
        if options.diff:
            return changes, FOUND if any(change.is_change for change in changes) else CLEAN
        done = list(fix.apply(changes))
    if any(change.error for change in done):
        return done, FAILED
    return done, FOUND if any(change.left for change in done) else CLEAN


def _say_diff(options: Options, changes: Sequence[Change]) -> None:
    from ffcolor.skills.fix import diff

    color = wants_style(options.color, sys.stdout)
    styles = {"+": "32", "-": "31", "@": "36"}
    for change in changes:
        for row in diff(change).splitlines(keepends=True):
            text = row.encode("utf-8", "surrogateescape")
            if not color:
                sys.stdout.flush()
                sys.stdout.buffer.write(text)
                sys.stdout.buffer.flush()
                continue
            bare = visible(row.rstrip("\r\n"))
            style = "1" if row.startswith(("---", "+++", "diff", "rename")) else styles.get(row[:1])
            print(f"\x1b[{style}m{bare}\x1b[0m" if style else bare)


def _say_mended(changes: Sequence[Change], out: TextIO, *, only_left: bool = False) -> None:
    from ffcolor.skills.report import many

    for change in changes:
        if change.is_change and not only_left:
            moved = f" -> {visible(change.target)}" if change.path != change.target else ""
            print(f"mended {visible(change.path)}{moved}: {', '.join(change.codes)}", file=out)
        for code, reason in change.left.items():
            print(f"left {visible(change.path)}: {code}: {visible(reason)}", file=out)
    if not only_left:
        mended, left = sum(each.is_change for each in changes), sum(bool(each.left) for each in changes)
        print(f"{many(mended, 'file')} mended, {left:,} with something left", file=out)


# ---- explain -----------------------------------------------------------------------------------------------------


def _explain(options: Options) -> int:
    from ffcolor.skills.pages import page
    from ffcolor.skills.rules.table import RULES

    if options.codes:
        print("\n".join(page(code) for code in options.codes), end="")
        return CLEAN
    for rule in RULES.values():
        marks = " ★" * rule.fixable + " (off unless selected)" * (not rule.on)
        print(f"{rule.code}  {rule.severity:<7}  {rule.title}{marks}")
    return CLEAN


COMMANDS: dict[str, Callable[[Options], int]] = {
    "check": _check,
    "fix": _fix,
    "explain": _explain,
    **skills_solve.COMMANDS,
}
