"""What `ffcolor skills check, fix, explain` print, and the exit codes of `ffcolor skills …`.

0: clean. 1: there are findings. 2: the usage is bad, or a file cannot be read or written.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from ffcolor.doors.cli import skills_solve
from ffcolor.doors.cli.exits import discard_output, fail, in_shell
from ffcolor.doors.cli.stdio import print_json
from ffcolor.doors.cli.terminal import working
from ffcolor.doors.verbs.arguments import Plain
from ffcolor.doors.verbs.table import call
from ffcolor.errors import FfcolorError, visible, visible_lines
from ffcolor.skills.tell.report import SEVERITIES, many

Options = argparse.Namespace

CLEAN, FOUND, FAILED = 0, 1, 2

_STYLES = {"+": "32", "-": "31", "@": "36"}  # of the rows of a diff
_WHOM = ", --trust author or --trust generated"


def run(options: Options) -> int:
    """Run one of the verbs below `ffcolor skills` and return its exit code."""
    if not options.skill_verb:
        options.parser.error(f"a verb is missing: there are {', '.join(COMMANDS)}")
    try:
        code = COMMANDS[options.skill_verb](options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        raise
    except FfcolorError as error:
        fail(in_shell(error))
    except OSError as error:
        discard_output()
        fail(f"{error.filename or 'output'}: {error.strerror or error}")
    return FAILED


# ---- check -------------------------------------------------------------------------------------------------------


def _check(options: Options) -> int:
    if options.write_baseline and not options.baseline:
        options.parser.error("--write-baseline needs --baseline FILE, the file to write")
    if (options.diff or options.trust) and not options.fix:
        options.parser.error("--diff and --trust go with --fix")
    format = options.format or ("json" if options.json else "text")
    if options.all and options.statistics:
        options.parser.error("--all and --statistics exclude each other")
    if (options.all or options.statistics) and (format != "text" or options.write_baseline):
        options.parser.error("--all and --statistics go with a report in text; the others are always complete")
    for name in ("against", "new_since", "baseline", "select", "ignore"):
        given = getattr(options, name)
        if given is not None and not "".join(given).strip(", "):
            options.parser.error(f"--{name.replace('_', '-')} is empty: leave it out, or give a value")
    if options.fix:
        fixed = _fixed(options)
        if options.diff:
            _say_diff(options, fixed)
            return _code(fixed)
        _say_fixed(options, fixed, sys.stderr)
        if _code(fixed) == FAILED:
            return FAILED
    with working("checking skills"):
        found = call(
            "skills_check",
            **_chosen(options),
            against=options.against or None,
            new_since=options.new_since or None,
            baseline=options.baseline or None,
            write_baseline=options.write_baseline,
            format=None if options.write_baseline else format,
            color=format == "text" and not options.output and wants_style(options.color, sys.stdout),
            all_markdown=options.all_markdown,
            show="statistics" if options.statistics else "all" if options.all or options.output else "some",
            columns=shutil.get_terminal_size().columns if sys.stdout.isatty() and not options.output else None,
        )
    if options.write_baseline:
        print(f"wrote {many(found['written'], 'problem')} to {visible(options.baseline)}", file=sys.stderr)
        return CLEAN
    if gone := found.get("gone"):
        what = f"{many(gone, 'problem')} of {visible(options.baseline)} {'is' if gone == 1 else 'are'}"
        print(f"ffcolor: {what} gone: use --write-baseline to rewrite it", file=sys.stderr)
    _put(options, found)
    return FOUND if _is_bad(found["counts"], options.fail_on) else CLEAN


def _chosen(options: Options) -> dict[str, Any]:
    return {"paths": options.paths or ["."], "select": options.select, "ignore": options.ignore}


def _is_bad(counts: Plain, fail_on: str) -> bool:
    return fail_on != "never" and any(counts[severity] for severity in SEVERITIES[: SEVERITIES.index(fail_on) + 1])


def _put(options: Options, found: Plain) -> None:
    from ffcolor.files import write_atomically

    if options.output:
        write_atomically(options.output, found["report"].encode("utf-8", "backslashreplace"))
        print(found["total"], end="")
    else:
        report = found["report"]
        is_text = options.format in (None, "text")
        sys.stdout.write(visible_lines(report, styled=is_text) if sys.stdout.isatty() else report)


def wants_style(wish: str, stream: TextIO) -> bool:
    """Whether to print in the terminal's own colours: as wished, or as the terminal and NO_COLOR have it."""
    if wish != "auto":
        return wish == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


# ---- fix ---------------------------------------------------------------------------------------------------------


def _fix(options: Options) -> int:
    fixed = _fixed(options)
    if options.json:
        print_json(fixed, indented=True)
    elif options.diff:
        _say_diff(options, fixed)
        _say_fixed(options, fixed, sys.stderr, only_left=True)
        if not fixed["files"]:
            print("nothing to fix", file=sys.stderr)
    else:
        _say_fixed(options, fixed, sys.stdout)
    return _code(fixed)


def _fixed(options: Options) -> Plain:
    """What was fixed; with --diff, what would be."""
    with working("fixing skills"):
        return call("skills_fix", **_chosen(options), trust=options.trust, apply=not options.diff)


def _code(fixed: Plain) -> int:
    if not fixed["applied"]:
        return FOUND if any(row["changed"] for row in fixed["files"]) else CLEAN
    if any(row["error"] for row in fixed["files"]):
        return FAILED
    return FOUND if any(row["left"] for row in fixed["files"]) else CLEAN


def _say_diff(options: Options, fixed: Plain) -> None:
    color = wants_style(options.color, sys.stdout)
    for line in (line for row in fixed["files"] for line in row["diff"].splitlines(keepends=True)):
        if not color and not sys.stdout.isatty():
            sys.stdout.flush()
            sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape"))
            sys.stdout.buffer.flush()
            continue
        bare = visible(line.rstrip("\r\n"))
        style = "1" if line.startswith(("---", "+++", "diff", "rename")) else _STYLES.get(line[:1])
        print(f"\x1b[{style}m{bare}\x1b[0m" if color and style else bare)


def _say_fixed(options: Options, fixed: Plain, out: TextIO, *, only_left: bool = False) -> None:
    from ffcolor.skills.fix.one_file import TWO_TRITS

    rows: Sequence[Plain] = fixed["files"]
    for row in rows:
        if row["changed"] and not only_left:
            moved = f" -> {visible(row['target'])}" if row["path"] != row["target"] else ""
            print(f"fixed {visible(row['path'])}{moved}: {', '.join(row['codes'])}", file=out)
        for code, reason in row["left"].items():
            advice = _WHOM if reason == TWO_TRITS else ""
            print(f"left {visible(row['path'])}: {code}: {visible(reason)}{advice}", file=out)
    if not only_left:
        done, left = sum(row["changed"] for row in rows), sum(bool(row["left"]) for row in rows)
        print(f"{many(done, 'file')} fixed, {left:,} with something left", file=out)


# ---- explain -----------------------------------------------------------------------------------------------------


def _explain(options: Options) -> int:
    answer = call("skills_explain", codes=options.codes or None)
    checks = answer["checks"]
    if options.json:
        print_json(answer, indented=True)
        return CLEAN
    if options.codes:
        print("\n".join(check["page"] for check in checks), end="")
        return CLEAN
    for check in checks:
        marks = " ★" * check["fixable"] + " (off unless selected)" * (not check["on"])
        print(f"{check['code']}  {check['severity']:<7}  {check['title']}{marks}")
    return CLEAN


COMMANDS: dict[str, Callable[[Options], int]] = {
    "check": _check,
    "fix": _fix,
    "explain": _explain,
    **skills_solve.COMMANDS,
}
