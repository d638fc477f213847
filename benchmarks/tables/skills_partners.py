"""Partners of skills: each member of each triad is hidden in turn; how high it is ranked, beside naive orders."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.lib import report
from benchmarks.lib.skill_examples import generated, hand_written
from ffcolor.skills.gf3 import needed
from ffcolor.skills.solve.partners import Partners

Order = Callable[[Partners, list[str], list[str]], list[str]]


def ranked(known: Partners, given: list[str], candidates: list[str]) -> list[str]:
    """As `ffcolor skills partners` ranks them."""
    return [partner.names[0] for partner in known.find(*given, top=len(candidates))]


def popular(known: Partners, given: list[str], candidates: list[str]) -> list[str]:
    """Those in most triads first."""
    return sorted(candidates, key=lambda name: (-known.popularity[name], name))


def alphabetical(known: Partners, given: list[str], candidates: list[str]) -> list[str]:
    """By name."""
    return sorted(candidates)


ORDERS: dict[str, Order] = {"ffcolor": ranked, "popularity": popular, "alphabetical": alphabetical}


def places(collection: Partners, order: Order) -> Iterator[int]:
    """For each member of each triad: its place, from 1, when the triad had never been stated."""
    for triad in collection.triads:
        known = collection.without(triad)
        for hidden, trit in triad.items():
            given = [name for name in triad if name != hidden]
            if needed([triad[name] for name in given]) != trit or any(
                known.declared.get(name) is None for name in given
            ):
                continue
            candidates = [name for name in known.trits if trit in known.trits[name] and name not in given]
            if hidden in candidates:
                yield order(known, given, candidates).index(hidden) + 1


def measure(collections: list[Partners], order: Order) -> dict[str, float]:
    """Hit rates and the mean reciprocal rank over all hidden members."""
    start = time.perf_counter()
    found = [place for collection in collections for place in places(collection, order)]
    seconds = time.perf_counter() - start
    hits = {f"hit@{k}": sum(place <= k for place in found) / len(found) for k in (1, 3, 10)}
    mrr = sum(1 / place for place in found) / len(found)
    return {**hits, "MRR": mrr, "hidden": len(found), "ms": 1e3 * seconds / len(found)}


def main(quick: bool = False) -> dict[str, Any]:
    seeds = range(1 if quick else 3)
    sets = {
        "generated, 400 skills, 450 triads": [generated(seed) for seed in seeds],
        "written by hand, 30 skills, 30 triads": [hand_written()],
    }
    results: dict[str, dict[str, dict[str, float]]] = {}
    for title, collections in sets.items():
        results[title] = {name: measure(collections, order) for name, order in ORDERS.items()}
        report.print_table(
            title,
            ("order", "hit@1", "hit@3", "hit@10", "MRR", "hidden members", "ms each"),
            [(name, *row.values()) for name, row in results[title].items()],
        )
    large = results["generated, 400 skills, 450 triads"]["ffcolor"]
    goals = [report.at_least("hit@10", 0.60, large["hit@10"]), report.at_least("MRR", 0.31, large["MRR"])]
    report.print_goals(goals)
    return {"sets": results, "goals": goals}
