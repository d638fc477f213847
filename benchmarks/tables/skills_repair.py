"""Repairing collections of skills: cost and time beside coordinate descent and CP-SAT."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.lib import report
from ffcolor.skills.gf3 import TRITS, is_balanced
from ffcolor.skills.solve import repair
from ffcolor.skills.solve.solver import Claim, descend

Triads = list[list[tuple[str, int]]]


def generated(seed: int, wrong: float, skills: int = 400, triads: int = 450) -> tuple[dict[str, int | None], Triads]:
    """A collection in which a share of files and of triads says something wrong; a tenth of files declares nothing."""
    draw = random.Random(seed)
    truth = {f"skill-{i}": draw.choice(TRITS) for i in range(skills)}
    of = {trit: [name for name in truth if truth[name] == trit] for trit in TRITS}
    stated: Triads = []
    for _ in range(triads):
        names = [of[trit][int(len(of[trit]) * draw.random() ** 2)] for trit in TRITS]  # the first ones are popular
        trits = list(TRITS)
        if draw.random() < wrong:
            draw.shuffle(trits)
        elif draw.random() < wrong:
            trits = draw.choice([[0, 0, 0], [1, 1, 1], [-1, -1, -1], [-1, 0, 0]])
        stated.append(list(zip(names, trits, strict=True)))
    declared = {name: draw.choice(TRITS) if draw.random() < wrong else trit for name, trit in truth.items()}
    return {name: None if draw.random() < 0.1 else trit for name, trit in declared.items()}, stated


def by_descent(declared: Mapping[str, int | None], triads: Triads, drop: int) -> float:
    """The cost that coordinate descent from the declared trits comes to."""
    names = {name for triad in triads for name, _ in triad}
    costs = {name: {t: int(declared[name] not in (None, t)) for t in TRITS} for name in names}
    claims = [Claim(drop, dict(triad)) for triad in triads if is_balanced(trit for _, trit in triad)]
    values = descend(costs, claims)
    kept = sum(all(values[name] == value for name, value in claim.values.items()) for claim in claims)
    return sum(costs[name][value] for name, value in values.items()) + drop * (len(triads) - kept)


def by_cp_sat(declared: Mapping[str, int | None], triads: Triads, drop: int) -> float | None:
    """The least cost by OR-Tools' CP-SAT on one thread; None when twenty seconds prove nothing."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    names = sorted({name for triad in triads for name, _ in triad} | set(declared))
    has = {(name, trit): model.new_bool_var(f"{name} {trit}") for name in names for trit in TRITS}
    for name in names:
        model.add_exactly_one(has[name, trit] for trit in TRITS)
    lost = []
    for number, triad in enumerate(triads):
        drops = model.new_bool_var(f"drop {number}")
        lost.append(drops)
        for member in triad:
            model.add_bool_or(drops, has[member])
        if not is_balanced(trit for _, trit in triad):
            model.add(drops == 1)
    changed = [1 - has[name, trit] for name, trit in declared.items() if trit is not None]
    model.minimize(sum(changed) + drop * sum(lost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 20
    return solver.objective_value if solver.solve(model) == cp_model.OPTIMAL else None


def main(quick: bool = False) -> dict[str, Any]:
    shares = (0.0, 0.02, 0.05, 0.1) if quick else (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)
    rows = [_measure(share, range(2 if quick else 10)) for share in shares]
    report.print_table(
        "400 skills, 450 triads, dropping a triad costs 2",
        ("wrong", "cost", "CP-SAT", "descent", "same as CP-SAT", "descent misses", "ms", "worst ms", "CP-SAT ms"),
        [
            (
                f"{row['wrong']:.0%}",
                *(row[key] for key in ("cost", "cp_sat", "descent")),
                f"{row['same']} of {row['proved']}",
                row["descent_misses"],
                *(row[key] for key in ("ms", "worst_ms", "cp_sat_ms")),
            )
            for row in rows
        ],
        "wrong: the share of files, and of triads, that say something wrong. Costs are means; where CP-SAT proved none"
        " in 20 s it is left out.",
    )
    usual = [row for row in rows if row["wrong"] <= 0.1]
    goals = [
        report.at_most("worst ms, up to 10 % wrong", 200, max(row["worst_ms"] for row in usual)),
        report.at_least("same cost as CP-SAT, share", 1.0, min(row["same"] / max(row["proved"], 1) for row in usual)),
    ]
    report.print_goals(goals)
    return {"rows": rows, "goals": goals}


def _measure(wrong: float, seeds: Sequence[int]) -> dict[str, Any]:
    ours, peers, descents, times, peer_times = [], [], [], [], []
    for seed in seeds:
        declared, triads = generated(seed, wrong)
        start = time.perf_counter()
        ours.append(repair.solve(declared, triads, 2).cost)
        times.append(time.perf_counter() - start)
        start = time.perf_counter()
        peers.append(by_cp_sat(declared, triads, 2))
        peer_times.append(time.perf_counter() - start)
        descents.append(by_descent(declared, triads, 2))
    proved = [cost for cost in peers if cost is not None]
    return {
        "wrong": wrong,
        "cost": statistics.mean(ours),
        "cp_sat": statistics.mean(proved) if proved else None,
        "descent": statistics.mean(descents),
        "same": sum(peer is not None and abs(our - peer) < 1e-6 for our, peer in zip(ours, peers, strict=True)),
        "proved": len(proved),
        "descent_misses": sum(descent > our for our, descent in zip(ours, descents, strict=True)),
        "ms": 1e3 * statistics.median(times),
        "worst_ms": 1e3 * max(times),
        "cp_sat_ms": 1e3 * statistics.median(peer_times),
    }
