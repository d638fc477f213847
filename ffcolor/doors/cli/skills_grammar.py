"""The grammar of `ffcolor skills …`: its verbs, their options and their help. Imports nothing heavy."""

from __future__ import annotations

import argparse
from typing import Any

from ffcolor.doors.cli.grammar import number, whole

FORMATS = ("text", "json", "sarif", "github", "edn")
LEVELS = ("error", "warning", "info", "never")
TRUST = ("author", "generated")
GRAPHS = ("dot", "svg", "html")

ABOUT = "check, fix and combine collections of skills whose trits must agree"


def add_verbs(skills: argparse.ArgumentParser, parser_class: Any) -> dict[str, Any]:
    """Add the verbs below `ffcolor skills` to its parser; each one's parser by its name, such as ``"skills check"``."""
    sub = skills.add_subparsers(dest="skill_verb", prog="ffcolor skills", metavar="VERB", parser_class=parser_class)
    verbs: dict[str, Any] = {}

    def add(name: str, line: str, examples: str) -> Any:
        epilog = "examples\n" + "\n".join(f"  {each}" for each in examples.strip().splitlines())
        about = line[0].upper() + line[1:] + "."
        verbs[f"skills {name}"] = sub.add_parser(name, description=about, epilog=epilog, help=line)
        return verbs[f"skills {name}"]

    _checking(add)
    _fixing(add)
    _repairing(add)
    _solving(add)
    _writing(add)
    return verbs


def _checking(add: Any) -> None:
    check = add(
        "check",
        "check every SKILL.md below some paths, each file and all of them together",
        "ffcolor skills check skills\n"
        "ffcolor skills check skills ~/.claude/skills --ignore GF201,GF4\n"
        "ffcolor skills check skills --baseline skills-baseline.json\n"
        "ffcolor skills check skills --against origin/main --format github\n"
        "ffcolor skills check skills --new-since origin/main\n"
        "ffcolor skills check skills --format sarif -o skills.sarif",
    )
    _paths(check)
    _checks(check)
    check.add_argument(
        "--fail-on", choices=LEVELS, default="error", help="the least severity that leaves exit code 1 (default: error)"
    )
    check.add_argument("--baseline", metavar="FILE", help="hold back the problems that this file lists")
    check.add_argument("--write-baseline", action="store_true", help="write the problems of today to that file")
    check.add_argument("--against", metavar="REV", help="compare with a revision of git: what did the change destroy?")
    check.add_argument("--all-markdown", action="store_true", help="check the triads of all other *.md files, too")
    check.add_argument("--new-since", metavar="REV", help="hold back the problems that this revision of git has, too")
    check.add_argument("--all", action="store_true", help="show every finding with its line, not what fits on a screen")
    check.add_argument("--statistics", action="store_true", help="show only how many findings there are of each kind")
    check.add_argument("-f", "--format", choices=FORMATS, help=", ".join(FORMATS) + " (default: text)")
    check.add_argument("-o", "--output", metavar="FILE", help="write the report there; the total is still printed")
    check.add_argument("--fix", action="store_true", help="first fix what can be fixed, as `ffcolor skills fix` does")
    check.add_argument("--diff", action="store_true", help="with --fix: show what it would change, and change nothing")
    check.add_argument("--trust", choices=TRUST, help="with --fix: whom to believe where a file declares two trits")
    check.epilog += (
        "\n\nexit codes: 0 clean, 1 findings of at least --fail-on, 2 bad usage or a file that cannot be read."
    )


def _fixing(add: Any) -> None:
    fix = add(
        "fix",
        "fix what can be fixed safely: front matter and generated blocks, and nothing else",
        "ffcolor skills fix skills --diff              # first look\n"
        "ffcolor skills fix skills\n"
        "ffcolor skills fix skills --trust author --select GF202",
    )
    _paths(fix)
    _checks(fix)
    fix.add_argument("--diff", action="store_true", help="show what would change, and change nothing")
    fix.add_argument("--trust", choices=TRUST, help="whom to believe where a file declares two trits")
    fix.epilog += (
        "\n\nexit codes: 0 done, 1 some files were left alone (each is named) or, with --diff, something would change,"
        "\n2 bad usage or a file that cannot be read or written."
    )
    explain = add(
        "explain",
        "print a check's page: what it does, why it is bad, an example, what to write instead",
        "ffcolor skills explain GF304\nffcolor skills explain          # every check, a line each",
    )
    explain.add_argument("codes", nargs="*", metavar="CODE", help="such as GF304; none lists the checks")


def _solving(add: Any) -> None:
    partners = add(
        "partners",
        "rank the skills that would balance one or two given ones",
        "ffcolor skills partners sheaf-cohomology unworld --in skills\n"
        "ffcolor skills partners sheaf-cohomology --in skills          # pairs",
    )
    partners.add_argument("names", nargs="+", metavar="SKILL", help="one skill (for pairs) or two (for the third)")
    partners.add_argument(
        "--in", dest="paths", action="append", metavar="PATH", help="a folder with skills (default: this folder)"
    )
    partners.add_argument("-n", "--top", type=whole, default=10, metavar="N", help="how many (default: 10)")
    pack = add(
        "pack",
        "make as many balanced triads as can be, each skill in at most one",
        "ffcolor skills pack skills\nffcolor skills pack skills --one-of-each --json",
    )
    _folders(pack)
    pack.add_argument("--one-of-each", action="store_true", help="no three alike: only -1, 0 and +1 together")


def _writing(add: Any) -> None:
    lock = add(
        "lock",
        "write skills.lock.edn, which Clojure reads without any dependency, or check it",
        "ffcolor skills lock skills\nffcolor skills lock skills --check",
    )
    lock.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a folder with skills (default: this folder)"
    )
    lock.add_argument("--check", action="store_true", help="write nothing; exit code 1 when the file is stale")
    lock.add_argument("-o", "--output", metavar="FILE", help="the lock file (default: PATH/skills.lock.edn)")
    graph = add(
        "graph",
        "draw skills and triads: what fails is seen at a glance",
        "ffcolor skills graph skills -o triads.html\nffcolor skills graph skills -o triads.svg\n"
        "ffcolor skills graph skills -o triads.dot                     # for Graphviz",
    )
    _folders(graph)
    graph.add_argument("-f", "--format", choices=GRAPHS, help=", ".join(GRAPHS) + " (default: by FILE, or dot)")
    graph.add_argument("-o", "--output", metavar="FILE", help="the file to write; its suffix names the format")
    graph.add_argument("--title", help="the title in the picture (default: the name of the folder)")


def _repairing(add: Any) -> None:
    repair = add(
        "repair",
        "find the cheapest changes that make trits and triads agree, and show them",
        "ffcolor skills repair skills                  # shows a plan, changes nothing\n"
        "ffcolor skills repair skills --drop 1\n"
        "ffcolor skills repair skills --apply\n"
        "ffcolor skills repair skills --apply --replace",
    )
    _folders(repair)
    repair.add_argument(
        "--drop", type=number, default=2.0, metavar="COST", help="what dropping a triad costs, in trits (default: 2)"
    )
    repair.add_argument("--apply", action="store_true", help="carry the plan out")
    repair.add_argument(
        "--replace", action="store_true", help="with --apply: put triads right by their offers instead of dropping them"
    )
    repair.epilog += (
        "\n\nexit codes: 0 nothing to do, or all done; 1 a plan, or something left to do by hand; 2 failed."
    )


def _folders(verb: Any) -> None:
    verb.add_argument("paths", nargs="*", metavar="PATH", help="folders with skills (default: this folder)")


def _paths(verb: Any) -> None:
    verb.add_argument(
        "paths", nargs="*", metavar="PATH", help="folders with skills, or SKILL.md files (default: this folder)"
    )


def _checks(verb: Any) -> None:
    for flag, what in (("--select", "only these checks"), ("--ignore", "all checks but these")):
        verb.add_argument(
            flag,
            type=_codes,
            action="extend",
            metavar="CODES",
            help=f"{what}: codes or their beginnings, such as GF304,GF4",
        )


def _codes(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
