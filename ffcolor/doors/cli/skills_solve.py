"""What `ffcolor skills repair, partners, pack, lock, graph` print."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from ffcolor.doors.cli.skills_grammar import GRAPHS
from ffcolor.doors.cli.stdio import printed_json
from ffcolor.doors.cli.terminal import working
from ffcolor.doors.verbs.arguments import Plain
from ffcolor.doors.verbs.table import call
from ffcolor.errors import visible, visible_lines
from ffcolor.skills.gf3 import format_triad, format_trit
from ffcolor.skills.tell.report import many

Options = argparse.Namespace

DONE, FOUND = 0, 1


# ---- repair ------------------------------------------------------------------------------------------------------


def _repair(options: Options) -> int:
    if options.replace and not options.apply:
        options.parser.error("--replace goes with --apply")
    with working("repairing skills"):
        plan = call(
            "skills_repair", paths=_paths(options), drop=options.drop, apply=options.apply, replace=options.replace
        )
    is_plan = bool(plan["changes"] or plan["dropped"])
    left = plan.get("left", [])
    if not printed_json(options, plan):
        _say_plan(plan, is_plan)
        if options.apply:
            done = sum(map(len, plan["done"].values()))
            _say("", f"done: {many(done, 'edit')} in {many(len(plan['done']), 'file')}")
            _say(*(f"wrote {path} anew" for path in plan["locks"]))
            if left:
                _say("left to do by hand:", *(f"  {each}" for each in left))
        elif is_plan:
            _say("", "nothing has changed yet: look it over, then run it again with --apply")
    return FOUND if left or (is_plan and not options.apply) else DONE


def _say_plan(plan: Plain, is_plan: bool) -> None:
    kept = plan["kept"]
    if not is_plan:
        triads = "the one triad agrees" if kept == 1 else f"all {kept:,} triads agree"
        _say(f"nothing to repair: {triads} with the skills" if kept else "nothing to repair")
        return
    changed = [row for row in plan["changes"] if row["from"] is not None]
    declared = [row for row in plan["changes"] if row["from"] is None]
    for title, rows in (("change the trit of", changed), ("declare the trit of", declared)):
        if rows:
            _say(title)
            for row in rows:
                old = "none" if row["from"] is None else format_trit(row["from"])
                told = f"{row['name']}: {old} -> {format_trit(row['to'])}"
                _say(f"  {row['path']}:{row['line']}: {told}  ({many(row['triads'], 'triad')})")
    if plan["dropped"]:
        offers = any(row["offer"] for row in plan["dropped"])
        _say("drop, or with --replace put right what has an offer" if offers else "drop")
        for row in plan["dropped"]:
            _say(f"  {format_triad(row['members'])}: {row['reason']}")
            if row["offer"]:
                _say(f"    offer: {_offered(row['offer'])}")
            _say(*(f"    {place['path']}:{place['line']}" for place in row["places"]))
    proof = "nothing cheaper exists" if plan["proved"] else "something cheaper may exist: the search was cut short"
    _say(
        "",
        f"{len(changed)} changed, {len(declared)} declared, {len(plan['dropped'])} dropped, {kept} kept; "
        f"cost {plan['cost']:g}: {proof}",
    )


def _offered(offer: Plain) -> str:
    who = f"{offer['by']} instead of {offer['replaced']}" if offer["replaced"] else "the trits of the files"
    return f"{who}: {format_triad(offer['members'])}"


# ---- partners and pack ---------------------------------------------------------------------------------------------


def _partners(options: Options) -> int:
    with working("ranking skills"):
        result = call("skills_partners", names=options.names, paths=_paths(options), top=options.top)
    found = result["partners"]
    if printed_json(options, result):
        return DONE
    if not found:
        _say(f"no skill balances {' and '.join(options.names)}")
        return DONE
    shown = [visible(format_triad(zip(row["names"], row["trits"], strict=True))) for row in found]
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
    if printed_json(options, found):
        return DONE
    _say(*(f"{format_triad(triad)} = 0 ✓" for triad in found["triads"]))
    told = ", ".join(f"{count} of {trit}" for trit, count in found["counts"].items())
    _say(f"{many(len(found['triads']), 'disjoint triad')}, {found['stated']} of them stated already, out of {told}")
    if found["left"]:
        _say(f"left over: {', '.join(f'{name} ({format_trit(trit)})' for name, trit in found['left'])}")
    return DONE


# ---- lock and graph ------------------------------------------------------------------------------------------------


def _lock(options: Options) -> int:
    result = call(
        "skills_lock", path=options.path, output=options.output or None, check=options.check, apply=not options.check
    )
    if printed_json(options, result):
        pass
    elif options.check:
        stale = "stale: run ffcolor skills lock to rewrite it" if result["stale"] else "up to date"
        _say(*(f"{result['lock']}: {each}" for each in result["stale"]), f"{result['lock']} is {stale}")
    else:
        _say(f"wrote {result['lock']}: {many(result['skills'], 'skill')}")
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
        if not printed_json(options, result):
            sys.stdout.write(visible_lines(result["text"]) if sys.stdout.isatty() else result["text"])
        return DONE
    write_atomically(options.output, result["text"].encode("utf-8"))
    counts = result["triads"]
    if not printed_json(options, {"output": options.output, "skills": result["skills"], "triads": counts}):
        holds, opened, fails = counts["holds"], counts["open"], counts["fails"]
        _say(
            f"wrote {options.output}: {many(holds, 'triad')} hold{'s' * (holds == 1)}, "
            f"{opened:,} {'is' if opened == 1 else 'are'} open, {fails:,} fail{'s' * (fails == 1)}"
        )
    return DONE


def _paths(options: Options) -> list[str]:
    return options.paths or ["."]


def _say(*lines: str) -> None:
    """Print lines without what a terminal would obey, or what it cannot show."""
    for line in lines:
        print(visible(line))


COMMANDS: dict[str, Callable[[Options], int]] = {
    "repair": _repair,
    "partners": _partners,
    "pack": _pack,
    "lock": _lock,
    "graph": _graph,
}
