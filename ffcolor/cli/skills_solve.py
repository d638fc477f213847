"""`ffcolor skills repair, partners, pack, lock, graph`: their grammar, and what they print."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any

Options = argparse.Namespace

PICTURES = ("dot", "svg", "html")
DONE, FOUND, FAILED = 0, 1, 2


def add(add_verb: Any) -> None:
    """Add the verbs; `add_verb` takes a name, a line about it and examples, and returns a parser."""
    _add_repair(add_verb)
    partners = add_verb(
        "partners",
        "rank the skills that would balance one or two given ones",
        "ffcolor skills partners sheaf-cohomology unworld --in skills\n"
        "ffcolor skills partners sheaf-cohomology --in skills          # pairs",
    )
    partners.add_argument("names", nargs="+", metavar="SKILL", help="one skill (for pairs) or two (for the third)")
    partners.add_argument(
        "--in", dest="paths", action="append", metavar="PATH", help="a folder with skills (default: this folder)"
    )
    partners.add_argument("-n", "--top", type=int, default=10, metavar="N", help="how many (default: 10)")
    pack = add_verb(
        "pack",
        "make as many balanced triads as can be, each skill in at most one",
        "ffcolor skills pack skills\nffcolor skills pack skills --one-of-each --json",
    )
    _add_paths(pack)
    pack.add_argument("--one-of-each", action="store_true", help="no three alike: only -1, 0 and +1 together")
    lock = add_verb(
        "lock",
        "write skills.lock.edn, which Clojure reads without any dependency, or check it",
        "ffcolor skills lock skills\nffcolor skills lock skills --check",
    )
    lock.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a folder with skills (default: this folder)"
    )
    lock.add_argument("--check", action="store_true", help="write nothing; exit code 1 when the file is stale")
    lock.add_argument("-o", "--output", metavar="FILE", help="the lock file (default: PATH/skills.lock.edn)")
    graph = add_verb(
        "graph",
        "draw skills and triads: what fails is seen at a glance",
        "ffcolor skills graph skills -o triads.html\nffcolor skills graph skills -o triads.svg\n"
        "ffcolor skills graph skills -o triads.dot                     # for Graphviz",
    )
    _add_paths(graph)
    graph.add_argument("-f", "--format", choices=PICTURES, help=", ".join(PICTURES) + " (default: by FILE, or dot)")
    graph.add_argument("-o", "--output", metavar="FILE", help="the file to write; its suffix names the format")
    graph.add_argument("--title", help="what stands in the picture (default: the name of the folder)")


def _add_repair(add_verb: Any) -> None:
    repair = add_verb(
        "repair",
        "find the cheapest changes that make trits and triads agree, and show them",
        "ffcolor skills repair skills                  # shows a plan, changes nothing\n"
        "ffcolor skills repair skills --drop 1\n"
        "ffcolor skills repair skills --apply",
    )
    _add_paths(repair)
    repair.add_argument(
        "--drop", type=float, default=2.0, metavar="COST", help="what dropping a triad costs, in trits (default: 2)"
    )
    repair.add_argument("--apply", action="store_true", help="carry the plan out")
    repair.epilog += (
        "\n\nexit codes: 0 nothing to do, or all done; 1 a plan, or something left to do by hand; 2 failed."
    )


def _add_paths(verb: Any) -> None:
    verb.add_argument("paths", nargs="*", metavar="PATH", help="folders with skills (default: this folder)")


# ---- repair ------------------------------------------------------------------------------------------------------


def _repair(options: Options) -> int:
    from ffcolor.skills import read
    from ffcolor.skills.solve import repair

    plan = repair.plan(read(*options.paths), options.drop)
    amended = []
    if options.apply:
        from ffcolor.skills.solve.apply import apply

        amended = apply(plan)
    left = [each for one in amended for each in one.left]
    if options.json:
        told = _plain_plan(plan)
        if options.apply:
            told["done"] = {one.path: one.done for one in amended if one.done}
            told["left"] = left
        _print_json(told)
    else:
        _say_plan(plan)
        if options.apply:
            done = sum(len(one.done) for one in amended)
            print(f"\ndone: {done} edit{'s' * (done != 1)} in {sum(bool(one.done) for one in amended)} files")
            if left:
                print("left to do by hand:", *(f"  {each}" for each in left), sep="\n")
        elif plan:
            print("\nnothing is changed yet: look it over, then run it with --apply")
    return FOUND if left or (plan and not options.apply) else DONE


def _plain_plan(plan: Any) -> dict[str, Any]:
    return {
        "cost": plan.cost,
        "drop": plan.drop,
        "proved": plan.is_proved,
        "kept": plan.kept,
        "changes": [
            {
                "path": each.skill.path,
                "line": each.skill.trit_claim.place.line if each.skill.trit_claim else 1,
                "name": each.skill.name,
                "from": each.old,
                "to": each.new,
                "triads": each.triads,
            }
            for each in plan.changes
        ],
        "dropped": [
            {
                "members": [[member.name, member.trit] for member in each.triad.members],
                "reason": each.reason,
                "places": [{"path": skill.path, "line": triad.place.line} for skill, triad in each.statements],
            }
            for each in plan.dropped
        ],
    }


def _say_plan(plan: Any) -> None:
    if not plan:
        print(f"nothing to repair: all {plan.kept} triads agree with the skills" if plan.kept else "nothing to repair")
        return
    changed = [each for each in plan.changes if each.old is not None]
    declared = [each for each in plan.changes if each.old is None]
    for title, rows in (("change the trit of", changed), ("declare the trit of", declared)):
        if rows:
            print(f"{title}")
            for each in rows:
                line = each.skill.trit_claim.place.line if each.skill.trit_claim else 1
                print(f"  {each.skill.path}:{line}: {each}  ({each.triads} triad{'s' * (each.triads != 1)})")
    if plan.dropped:
        print("drop")
        for each in plan.dropped:
            print(f"  {each}: {each.reason}")
            for skill, triad in each.statements:
                print(f"    {skill.path}:{triad.place.line}")
    proof = "nothing cheaper exists" if plan.is_proved else "something cheaper may exist: the search was cut short"
    print(
        f"\n{len(changed)} changed, {len(declared)} declared, {len(plan.dropped)} dropped, {plan.kept} kept; "
        f"cost {plan.cost:g}: {proof}"
    )


# ---- partners and pack ---------------------------------------------------------------------------------------------


def _partners(options: Options) -> int:
    from ffcolor.skills import read
    from ffcolor.skills.gf3 import format_trit
    from ffcolor.skills.solve import partners

    if len(options.names) > 2:
        options.parser.error(f"partners are for one skill or two, not {len(options.names)}")
    if options.top < 1:
        options.parser.error(f"--top is {options.top}; it must be at least 1")
    found = partners.of(read(*(options.paths or ["."]))).find(*options.names, top=options.top)
    if options.json:
        rows = [{**each._asdict(), "names": list(each.names), "trits": list(each.trits)} for each in found]
        _print_json({"given": options.names, "partners": rows})
        return DONE
    if not found:
        print(f"no skill balances {' and '.join(options.names)}")
        return DONE
    shown = [
        " ⊗ ".join(f"{name} ({format_trit(trit)})" for name, trit in zip(each.names, each.trits, strict=True))
        for each in found
    ]
    width = max(map(len, shown))
    print(f"{'partner':<{width}}  score  triads  together  alike  mentions")
    for text, each in zip(shown, found, strict=True):
        print(
            f"{text:<{width}}  {each.score:5.2f}  {each.popularity:6}  {each.together:8}  {each.similarity:5.2f}  "
            f"{each.mentions:8}{'  (stated already)' if each.is_stated else ''}"
        )
    return DONE


def _pack(options: Options) -> int:
    from ffcolor.skills import read
    from ffcolor.skills.gf3 import TRITS, format_trit
    from ffcolor.skills.solve.pack import pack

    collection = read(*options.paths)
    trits = {skill.name: skill.trit for skill in collection.skills if skill.trit is not None and not skill.context}
    stated = [[member.name for member in triad.members] for skill in collection.skills for triad in skill.triads]
    found = pack(trits, stated, options.one_of_each)
    counts = {format_trit(trit): list(trits.values()).count(trit) for trit in TRITS}
    if options.json:
        triads = [[list(member) for member in triad] for triad in found.triads]
        left = [list(member) for member in found.left]
        _print_json({"counts": counts, "triads": triads, "stated": found.stated, "left": left})
        return DONE
    for triad in found.triads:
        print(" ⊗ ".join(f"{name} ({format_trit(trit)})" for name, trit in triad) + " = 0 ✓")
    told = ", ".join(f"{count} of {trit}" for trit, count in counts.items())
    many = f"{len(found.triads)} disjoint triad{'s' * (len(found.triads) != 1)}"
    print(f"{many}, {found.stated} of them stated already, out of {told}")
    if found.left:
        print(f"left over: {', '.join(f'{name} ({format_trit(trit)})' for name, trit in found.left)}")
    return DONE


# ---- lock and graph ------------------------------------------------------------------------------------------------


def _lock(options: Options) -> int:
    from ffcolor.skills import lock, read

    collection = read(options.path)
    target = options.output or os.path.join(options.path, lock.NAME)
    if options.check:
        differences = lock.stale(collection, options.path, target)
        if options.json:
            _print_json({"lock": target, "stale": differences})
        else:
            for each in differences:
                print(f"{target}: {each}")
            print(f"{target} is {'stale: ffcolor skills lock writes it anew' if differences else 'up to date'}")
        return FOUND if differences else DONE
    lock.write(collection, options.path, target)
    count = len(lock.build(collection, options.path)["skills"])
    if options.json:
        _print_json({"lock": target, "skills": count})
    else:
        print(f"wrote {target}: {count} skill{'s' * (count != 1)}")
    return DONE


def _graph(options: Options) -> int:
    from ffcolor.files import write_atomically
    from ffcolor.skills import read
    from ffcolor.skills.tell import graph, picture

    suffix = os.path.splitext(options.output or "triads.dot")[1].lower().lstrip(".")
    format = options.format or {"gv": "dot", "htm": "html"}.get(suffix, suffix)
    if format not in PICTURES:
        options.parser.error(f"'{options.output}' has no suffix that names a format: write .dot, .svg or .html, or -f")
    paths = options.paths or ["."]
    drawn = graph.build(read(*paths))
    title = options.title or os.path.basename(os.path.abspath(paths[0])) or "skills"
    write: dict[str, Callable[[], str]] = {
        "dot": lambda: graph.as_dot(drawn),
        "svg": lambda: picture.as_svg(drawn, title),
        "html": lambda: picture.as_html(drawn, title),
    }
    text = write[format]()
    if not options.output:
        sys.stdout.write(text)
        return DONE
    write_atomically(options.output, text.encode("utf-8"))
    counts = {state: drawn.count(state) for state in graph.STATES}
    if options.json:
        _print_json({"output": options.output, "skills": len(drawn.nodes), "triads": counts})
    else:
        print(
            f"wrote {options.output}: {counts['holds']} triads hold, {counts['open']} are open, {counts['fails']} fail"
        )
    return DONE


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


COMMANDS: dict[str, Callable[[Options], int]] = {
    "repair": _repair,
    "partners": _partners,
    "pack": _pack,
    "lock": _lock,
    "graph": _graph,
}
