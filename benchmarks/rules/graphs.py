"""`python -m benchmarks.rules.graphs [SEEDS]`: the graph rules beside backpropagation of the same convolutions.

Nodes: accuracy on the nodes whose labels are hidden; links: the area under the ROC curve on hidden links. Two GCN
layers of 32, 100 steps, Adam 0.005, for all alike. A seed draws the graph, what is known of it, and the weights.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from ffcolor.rules.graph import (  # noqa: E402
    UNKNOWN,
    GraphBackprop,
    GraphForwardForward,
    Labelled,
    LinkBackprop,
    LinkForward,
    SingleForward,
    block_graph,
    karate_club,
    split_links,
)

STEPS = 100
GRAPHS: dict[str, Callable[[int], Labelled]] = {
    "blocks, signal 0.3": lambda seed: block_graph(signal=0.3, seed=seed),
    "blocks, signal 0.1": lambda seed: block_graph(signal=0.1, seed=seed),
    "karate club, 4 known a side": lambda seed: karate_club(4, seed=seed),
    "karate club, 2 known a side": lambda seed: karate_club(2, seed=seed),
}
LINKED = [*GRAPHS][:3]  # what is known of the labels is nothing to links: the club once
NODES: dict[str, Callable[..., Any]] = {
    "backprop, the twin": GraphBackprop,
    "SF": SingleForward,
    "SF, top to loss": partial(SingleForward, top="loss"),
    "SF, no top": partial(SingleForward, top=None),
    "SF, joined and held out": partial(SingleForward, labels="joined", agreement="cosine", temperature=0.1),
    "SF as published": partial(SingleForward, labels="joined", held_out=0, readout="all", top=None),
    "FF-LA": GraphForwardForward,
    "FF-VN": partial(GraphForwardForward, labels="virtual"),
}
LINKS: dict[str, Callable[..., Any]] = {
    "backprop, the twin": LinkBackprop,
    "single": LinkForward,
    "forward-forward": partial(LinkForward, form="forward-forward"),
}


def nodes(make: Callable[..., Any], made: Labelled, seed: int) -> float:
    classes = int(made.labels.max()) + 1
    rule = make(made.graph, [made.features.shape[1], 32, 32], num_classes=classes, seed=seed)
    rule.fit(made.features, made.labels.where(made.known, UNKNOWN), epochs=STEPS)
    return 100 * float(rule.accuracy(made.features, made.labels, ~made.known))


def links(make: Callable[..., Any], made: Labelled, seed: int) -> float:
    parts = split_links(made.graph, 0.2, seed=seed)
    rule = make(parts.graph, made.features, [made.features.shape[1], 32, 32], seed=seed)
    rule.fit(parts.pairs, parts.labels, epochs=STEPS)
    return 100 * float(rule.auc(parts.test_pairs, parts.test_labels))


def table(
    title: str,
    graphs: Iterable[str],
    rules: dict[str, Callable[..., Any]],
    measure: Callable[..., float],
    seeds: Iterable[int],
) -> None:
    for graph in graphs:
        print(f"\n{title}: {graph}\n", flush=True)
        for name, make in rules.items():
            start = time.process_time()
            found = [measure(make, GRAPHS[graph](seed), seed) for seed in seeds]
            cost = (time.process_time() - start) / len(found)
            spread = statistics.stdev(found)
            print(f"| {name} | {statistics.mean(found):.1f} ± {spread:.1f} | {cost:.2f} |", flush=True)


if __name__ == "__main__":
    seeds = range(1, 1 + int(sys.argv[1] if len(sys.argv) > 1 else 12))
    table("nodes, accuracy %", GRAPHS, NODES, nodes, seeds)
    table("links, AUC %", LINKED, LINKS, links, seeds)
