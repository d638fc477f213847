"""How well a taste is learned from a few colours: ffcolor beside its peers, on the same tasks, in the same run.

Figures: area under the ROC curve (AUC), balanced accuracy at p = 0.5 (BA), calibration error (ECE). The XKCD mean is
over tasks, the synthetic mean over families and k (every family has as many tasks); "mean" is half of either.
Differences are paired by task, their standard errors clustered by concept (17 words and 12 families).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from benchmarks.lib import report
from benchmarks.lib.contest import OURS, Results, contenders, measure
from benchmarks.lib.peers import LARGEST_K
from benchmarks.lib.tasks import DEV_SEEDS, TEST_SEEDS, Task, tasks

NAIVE = "naive FF layer, RGB"
BACKPROP = ("backprop MLP, features", "backprop MLP, features + bg")
VARIANT_PEERS = (
    OURS,
    NAIVE,
    "logistic regression, features",
    "RBF-SVM, features",
    "extra trees, D12",
    "random forest, D12",
    "backprop MLP, features",
    "KDE ratio, D12",
    "k-NN, D12",
)


def main_table(results: Results) -> list[dict[str, Any]]:
    rows = []
    for name in results.names:
        xkcd, synthetic, both = results.mean(name, results.learned(name))
        gain, error, won, count = results.ahead(name)
        auc, accuracy, calibration = ([half[i] for half in (xkcd, synthetic, both)] for i in range(3))
        rows.append(
            {
                "name": name,
                "auc": auc,
                "balanced_accuracy": accuracy,
                "calibration_error": calibration,
                "ms": results.milliseconds(name),
                "ahead": gain,
                "error": error,
                "won": won,
                "concepts": count,
                "largest_k": LARGEST_K.get(name),
            }
        )
    rows[1:] = sorted(rows[1:], key=lambda row: -row["auc"][2])
    shown = []
    for row in rows:
        star = "" if row["largest_k"] is None else " *"
        figures = [f"{v:.3f}" for key in ("auc", "balanced_accuracy", "calibration_error") for v in row[key]]
        ahead = (
            ["", ""]
            if row["name"] == OURS
            else [f"{row['ahead']:+.4f} ± {row['error']:.4f}", f"{row['won']}/{row['concepts']}"]
        )
        shown.append([row["name"] + star, *figures, f"{row['ms']:.1f}", *ahead])
    columns = [f"{figure} {half}" for figure in ("AUC", "BA", "ECE") for half in ("xkcd", "syn", "mean")]
    limited = sorted({f"k <= {k}" for k in LARGEST_K.values()})
    report.print_table(
        "Learning from a few colours",
        ("learner", *columns, "ms", "ours ahead, AUC", "concepts won"),
        shown,
        "ms: median time of one learn, encoding included. Ours ahead: paired on the same tasks, ± standard error "
        f"clustered by concept.\n* only {', '.join(limited)}, for its time; ours ahead is on those tasks.",
    )
    return rows


def _family_table(results: Results) -> list[dict[str, Any]]:
    """Where ffcolor loses: by word and family, and by k, beside the best peer of all and the best peer of that row."""
    peers = [name for name in results.names if name != OURS and name not in LARGEST_K]
    best_of_all = max(peers, key=lambda name: results.mean(name)[2][0])
    ks = np.array([task.k for task in results.tasks])
    groups = [("xkcd", f"word {f}", results.families == f) for f in dict.fromkeys(results.families[results.is_xkcd])]
    groups += [("synthetic", f, results.families == f) for f in dict.fromkeys(results.families[~results.is_xkcd])]
    for kind, mask in (("xkcd", results.is_xkcd), ("synthetic", ~results.is_xkcd)):
        groups += [(kind, f"{kind} k = {k}", mask & (ks == k)) for k in sorted(set(ks[mask].tolist()))]
    rows = []
    for kind, what, where in groups:
        auc = {name: float(results.values[name][where, 0].mean()) for name in results.names if name not in LARGEST_K}
        best = max(peers, key=auc.__getitem__)
        rows.append(
            {
                "kind": kind,
                "group": what,
                "tasks": int(where.sum()),
                "ours": auc[OURS],
                "overall_best": auc[best_of_all],
            }
            | {"best": auc[best], "best_name": best, "naive": auc.get(NAIVE)}
        )
    report.print_table(
        "Where it wins and where it loses (AUC)",
        ("", "tasks", "ours", best_of_all, "naive", "ours - best", "best peer of this row"),
        [
            (r["group"], r["tasks"], r["ours"], r["overall_best"], r["naive"], f"{r['ours'] - r['best']:+.3f}")
            + (f"{r['best_name']} {r['best']:.3f}",)
            for r in rows
        ],
        f"The best peer of a row is picked after the fact among {len(peers)}, which flatters it.",
    )
    return rows


def _variant_table(name: str, title: str, results: Results) -> list[dict[str, Any]]:
    rows = []
    for contender in results.names:
        xkcd, synthetic, both = results.mean(contender)
        gain, error, _, _ = results.ahead(contender)
        halves = [None if half is None else [float(v) for v in half] for half in (xkcd, synthetic, both)]
        rows.append(
            {
                "name": contender,
                "xkcd": halves[0],
                "synthetic": halves[1],
                "mean": halves[2],
                "ahead": gain,
                "error": error,
            }
        )
    rows[1:] = sorted(rows[1:], key=lambda row: -row["mean"][0])
    report.print_table(
        title,
        ("learner", "AUC xkcd", "AUC syn", "AUC mean", "BA mean", "ECE mean", "ours ahead, AUC"),
        [
            (r["name"], r["xkcd"] and r["xkcd"][0], r["synthetic"] and r["synthetic"][0], *r["mean"])
            + ("" if r["name"] == OURS else f"{r['ahead']:+.4f} ± {r['error']:.4f}",)
            for r in rows
        ],
    )
    return rows


VARIANTS: dict[str, tuple[str, Callable[[Task], bool]]] = {
    "unlabeled": ("No disliked colours given (peers take 256 uniform colours for them)", lambda task: True),
    "flipped": ("One label in five is wrong (synthetic, k = 64, 128, 256)", lambda task: True),
    "8 against 64": ("8 liked against 64 disliked (synthetic)", lambda task: task.k == 8),
    "64 against 8": ("64 liked against 8 disliked (synthetic)", lambda task: task.k == 64),
}


def _sample(chosen: Iterable[Task], every: int) -> list[Task]:
    """Every so many-th task: as 5 divides no count of words, families or k, a sample meets all of them."""
    return list(chosen)[::every]


def main(quick: bool = False, workers: int = 2) -> dict[str, Any]:
    """Print the tables of accuracy. `quick` takes every fifth task of one development seed, and judges no goal."""
    seeds, every = (DEV_SEEDS[:1], 5) if quick else (TEST_SEEDS, 1)
    chosen = _sample((task for kind in ("xkcd", "synthetic") for task in tasks(kind, seeds)), every)
    names = list(contenders())
    results = Results(chosen, measure("preference", chosen, names, workers), names)
    print(f"\n{len(chosen)} tasks, seeds {', '.join(map(str, seeds))}{f', every {every}th' if every > 1 else ''}.")
    rows = main_table(results)
    families = _family_table(results)
    variants = {}
    for name, (title, wanted) in VARIANTS.items():
        kind = "imbalanced" if "against" in name else name
        some = _sample((task for task in tasks(kind, seeds) if wanted(task)), every)
        scored = measure(name, some, VARIANT_PEERS, workers)
        variants[name] = _variant_table(name, title, Results(some, scored, VARIANT_PEERS))
    goals = _goals(rows, variants)
    report.print_goals(goals)
    return {
        "seeds": list(seeds),
        "every": every,
        "tasks": len(chosen),
        "rows": rows,
        "families": families,
        "variants": variants,
        "goals": goals,
    }


def _goals(rows: list[dict[str, Any]], variants: dict[str, list[dict[str, Any]]]) -> list[report.Goal]:
    by_name = {row["name"]: row for row in rows}
    xkcd, synthetic, both = by_name[OURS]["auc"]
    calibration = by_name[OURS]["calibration_error"]
    closest = min(rows[1:], key=lambda row: row["ahead"])
    backprop = min((by_name[name] for name in BACKPROP), key=lambda row: row["ahead"])
    return [
        report.at_least("AUC, XKCD words", 0.905, xkcd),
        report.at_least("AUC, synthetic families", 0.967, synthetic),
        report.at_least("AUC, mean of the two", 0.938, both),
        report.at_least(f"AUC ahead of every peer (closest: {closest['name']})", -0.002, closest["ahead"]),
        report.at_least(f"AUC ahead of {backprop['name']}", 0.005, backprop["ahead"]),
        report.at_least(f"AUC ahead of the {NAIVE}", 0.09, by_name[NAIVE]["ahead"]),
        report.at_least("balanced accuracy at p = 0.5, mean", 0.872, by_name[OURS]["balanced_accuracy"][2]),
        report.at_most("calibration error, XKCD words", 0.13, calibration[0]),
        report.at_most("calibration error, synthetic families", 0.06, calibration[1]),
        report.at_least("AUC, no disliked colours given", 0.925, variants["unlabeled"][0]["mean"][0]),
        report.at_least("AUC, one label in five wrong", 0.955, variants["flipped"][0]["mean"][0]),
    ]
