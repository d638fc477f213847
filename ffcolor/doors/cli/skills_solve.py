"""What `ffcolor skills repair, partners, pack, lock, graph` print."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from ffcolor.doors.cli.skills_grammar import GRAPHS
from ffcolor.doors.cli.terminal import working
from ffcolor.doors.verbs.arguments import Plain
from ffcolor.doors.verbs.table import call
from ffcolor.skills.gf3 import format_triad, format_trit

Options = argparse.Namespace

DONE, FOUND = 0, 1
_MOST = 1e6  # that dropping a triad may cost


# ---- repair ------------------------------------------------------------------------------------------------------


def _repair(options: Options) -> int:
    if not 0 < options.drop <= _MOST:
        options.parser.error(f"--drop is {options.drop:g}; it must be a number above 0, at most 1,000,000")
    with working("repairing skills"):
        plan = call("skills_repair", paths=_paths(options), drop=options.drop, apply=options.apply)
    is_plan = bool(plan["changes"] or plan["dropped"])
    left = plan.get("left", [])
    if options.json:
        _print_json(plan)
    else:
        _say_plan(plan, is_plan)
        if options.apply:
            done = sum(map(len, plan["done"].values()))
            print(f"\ndone: {done} edit{'s' * (done != 1)} in {len(plan['done'])} files")
            if left:
                print("left to do by hand:", *(f"  {each}" for each in left), sep="\n")
        elif is_plan:
            print("\nnothing has changed yet: look it over, then run it again with --apply")
    return FOUND if left or (is_plan and not options.apply) else DONE


def _say_plan(plan: Plain, is_plan: bool) -> None:
    kept = plan["kept"]
    if not is_plan:
        print(f"nothing to repair: all {kept} triads agree with the skills" if kept else "nothing to repair")
        return
    changed = [row for row in plan["changes"] if row["from"] is not None]
    declared = [row for row in plan["changes"] if row["from"] is None]
    for title, rows in (("change the trit of", changed), ("declare the trit of", declared)):
        if rows:
            print(f"{title}")
            for row in rows:
                old = "none" if row["from"] is None else format_trit(row["from"])
                told = f"{row['name']}: {old} -> {format_trit(row['to'])}"
                count = row["triads"]
                print(f"  {row['path']}:{row['line']}: {told}  ({count} triad{'s' * (count != 1)})")
    if plan["dropped"]:
        print("drop")
        for row in plan["dropped"]:
            print(f"  {format_triad(row['members'])}: {row['reason']}")
            for place in row["places"]:
                print(f"    {place['path']}:{place['line']}")
    proof = "nothing cheaper exists" if plan["proved"] else "something cheaper may exist: the search was cut short"
    print(
        f"\n{len(changed)} changed, {len(declared)} declared, {len(plan['dropped'])} dropped, {kept} kept; "
        f"cost {plan['cost']:g}: {proof}"
    )


# ---- partners and pack ---------------------------------------------------------------------------------------------


def _partners(options: Options) -> int:
    if len(options.names) > 2:
        options.parser.error(f"partners are for one skill or two, not {len(options.names)}")
    if options.top < 1:
        options.parser.error(f"--top is {options.top}; it must be at least 1")
    with working("ranking skills"):
        result = call("skills_partners", names=options.names, paths=_paths(options), top=options.top)
    found = result["partners"]
    if options.json:
        _print_json(result)
        return DONE
    if not found:
        print(f"no skill balances {' and '.join(options.names)}")
        return DONE
    shown = [format_triad(zip(row["names"], row["trits"], strict=True)) for row in found]
    width = max(map(len, shown))
    print(f"{'partner':<{width}}  score  triads  together  alike  mentions")
    for text, row in zip(shown, found, strict=True):
        print(
            f"{text:<{width}}  {row['score']:5.2f}  {row['popularity']:6}  {row['together']:8}  "
            f"{row['similarity']:5.2f}  {row['mentions']:8}{'  (stated already)' if row['is_stated'] else ''}"
        )
    return DONE


def _pack(options: Options) -> int:
    with working("packing triads"):
        found = call("skills_pack", paths=_paths(options), one_of_each=options.one_of_each)
    if options.json:
        _print_json(found)
        return DONE
    for triad in found["triads"]:
        print(f"{format_triad(triad)} = 0 ✓")
    told = ", ".join(f"{count} of {trit}" for trit, count in found["counts"].items())
    many = f"{len(found['triads'])} disjoint triad{'s' * (len(found['triads']) != 1)}"
    print(f"{many}, {found['stated']} of them stated already, out of {told}")
    if found["left"]:
        print(f"left over: {', '.join(f'{name} ({format_trit(trit)})' for name, trit in found['left'])}")
    return DONE


# ---- lock and graph ------------------------------------------------------------------------------------------------


def _lock(options: Options) -> int:
    result = call(
        "skills_lock", path=options.path, output=options.output or None, check=options.check, apply=not options.check
    )
    if options.json:
        _print_json(result)
    elif options.check:
        for each in result["stale"]:
            print(f"{result['lock']}: {each}")
        stale = "stale: run ffcolor skills lock to rewrite it" if result["stale"] else "up to date"
        print(f"{result['lock']} is {stale}")
    else:
        print(f"wrote {result['lock']}: {result['skills']} skill{'s' * (result['skills'] != 1)}")
    return FOUND if result.get("stale") else DONE


def _graph(options: Options) -> int:
    from ffcolor.files import write_atomically

    suffix = os.path.splitext(options.output or "triads.dot")[1].lower().lstrip(".")
    format = options.format or {"gv": "dot", "htm": "html"}.get(suffix, suffix)
    if format not in GRAPHS:
        options.parser.error(f"'{options.output}' has no suffix that names a format: write .dot, .svg or .html, or -f")
    with working("drawing triads"):
        result = call("skills_graph", paths=_paths(options), format=format, title=options.title)
    if not options.output:
        if options.json:
            _print_json(result)
        else:
            sys.stdout.write(result["text"])
        return DONE
    write_atomically(options.output, result["text"].encode("utf-8"))
    counts = result["triads"]
    if options.json:
        _print_json({"output": options.output, "skills": result["skills"], "triads": counts})
    else:
        print(
            f"wrote {options.output}: {counts['holds']} triads hold, {counts['open']} are open, {counts['fails']} fail"
        )
    return DONE


def _paths(options: Options) -> list[str]:
    return options.paths or ["."]


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


COMMANDS: dict[str, Callable[[Options], int]] = {
    "repair": _repair,
    "partners": _partners,
    "pack": _pack,
    "lock": _lock,
    "graph": _graph,
}
