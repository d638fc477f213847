"""Graphs: convolutions against dense matrices and a loop, losses by hand, steps against autograd on detached layers."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from torch import Tensor

from ffcolor import FfcolorError
from ffcolor.rules.graph import LinkBackprop, LinkForward, auc, split_links
from ffcolor.rules.graph.base import UNKNOWN, GraphLearner, direction
from ffcolor.rules.graph.convolutions import CONVOLUTIONS
from ffcolor.rules.graph.data import Graph, block_graph, karate_club
from ffcolor.rules.graph.forward import GraphForwardForward
from ffcolor.rules.graph.single import SingleForward
from ffcolor.rules.graph.twin import GraphBackprop

NODES = {
    "append": lambda g, s, **k: GraphForwardForward(g, s, labels="append", **k),
    "virtual": lambda g, s, **k: GraphForwardForward(g, s, labels="virtual", **k),
    "single": lambda g, s, **k: SingleForward(g, s, top=None, **k),
    "joined": lambda g, s, **k: SingleForward(g, s, labels="joined", agreement="cosine", temperature=0.1, **k),
    "top input": lambda g, s, **k: SingleForward(g, s, **k),
    "top loss": lambda g, s, **k: SingleForward(g, s, top="loss", **k),
    "twin": GraphBackprop,
}
nodes = pytest.mark.parametrize("make", [*NODES.values()], ids=[*NODES])
links = pytest.mark.parametrize(
    "make",
    [
        LinkForward,
        lambda *a, **k: LinkForward(*a, form="forward-forward", **k),
        LinkBackprop,
    ],
    ids=["single", "forward-forward", "twin"],
)
nodes_of_means = pytest.mark.parametrize("top", [None, "input", "loss"])
convolutions = pytest.mark.parametrize("name", CONVOLUTIONS)


def small(seed: int = 1) -> tuple[Graph, Tensor, Tensor]:
    """A graph of 12 nodes, one without neighbours; its features; labels of seven nodes."""
    g = torch.Generator().manual_seed(seed)
    pairs = [(i, j) for i, j in itertools.combinations(range(11), 2) if torch.rand((), generator=g) < 0.3]
    labels = torch.tensor([0, 1, 2, 0, 1, 2, 0, *[UNKNOWN] * 5])
    return Graph.undirected(12, pairs), torch.randn(12, 5, generator=g), labels


def dense(graph: Graph) -> Tensor:
    """a[i, j]: whether there is an edge from j to i."""
    a = torch.zeros(graph.size, graph.size)
    for start, end in graph.edges.T.tolist():
        a[end, start] = 1
    return a


def mixed(name: str, conv: torch.nn.Module, a: Tensor, h: Tensor) -> Tensor:
    """The convolutions written out: dense matrices, and a loop over nodes and their neighbours for GAT."""
    n = len(a)
    if name == "gcn":
        loops = a + torch.eye(n)
        scale = torch.diag(loops.sum(1) ** -0.5)
        return scale @ loops @ scale @ h @ conv.weight.T + conv.bias
    if name == "sage":
        mean = a / a.sum(1, keepdim=True).clamp(min=1)
        return h @ conv.own.T + mean @ h @ conv.others.T + conv.bias
    rows = []
    for i in range(n):
        around = [j for j in range(n) if a[i, j] or i == j]
        z = [conv.weight @ h[j] for j in around]
        own = conv.weight @ h[i]
        e = torch.stack([conv.start[0] @ each + conv.end[0] @ own for each in z])
        share = torch.where(e > 0, e, 0.2 * e).exp()
        rows.append(sum(s * each for s, each in zip(share / share.sum(), z, strict=True)) + conv.bias)
    return torch.stack(rows)


# ---- convolutions and graphs -----------------------------------------------------------------------------------------


@convolutions
def test_convolutions_are_their_dense_forms_values_and_gradients(name):
    graph, x, _ = small()
    graph = graph.joined(torch.tensor([0, 3]), torch.tensor([1, 0]), 2)
    x = torch.cat([x, torch.ones(2, 5)]).requires_grad_()
    conv = CONVOLUTIONS[name](5, 4, torch.Generator().manual_seed(2))
    torch.nn.init.normal_(conv.bias, generator=torch.Generator().manual_seed(3))
    weigh = torch.randn(14, 4, generator=torch.Generator().manual_seed(4))
    got, expected = conv(graph, x), mixed(name, conv, dense(graph), x)
    torch.testing.assert_close(got, expected)
    wanted = [x, *conv.parameters()]
    for one, other in zip(
        torch.autograd.grad((got * weigh).sum(), wanted),
        torch.autograd.grad((expected * weigh).sum(), wanted),
        strict=True,
    ):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


@convolutions
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_convolutions_follow_a_renaming_of_the_nodes(name, seed):
    graph, x, _ = small(seed)
    g = torch.Generator().manual_seed(seed)
    conv = CONVOLUTIONS[name](5, 3, g)
    order = torch.randperm(12, generator=g)  # the node that was order[i] is now i
    renamed = Graph(12, order.argsort()[graph.edges])
    torch.testing.assert_close(conv(renamed, x[order]), conv(graph, x)[order])


def test_edges_go_both_ways_once_and_joints_are_added():
    graph = Graph.undirected(4, [[0, 1], [1, 0], [2, 2], [1, 3]])
    assert sorted(graph.edges.T.tolist()) == [[0, 1], [1, 0], [1, 3], [3, 1]]
    joined = graph.joined(torch.tensor([0, 2]), torch.tensor([1, 0]), 2)
    assert joined.size == 6
    added = {tuple(edge) for edge in joined.edges.T.tolist()} - {tuple(edge) for edge in graph.edges.T.tolist()}
    assert added == {(0, 5), (5, 0), (2, 4), (4, 2)}


def test_the_karate_club_is_the_published_one():
    club = karate_club(known=3, seed=1)
    assert (club.graph.size, club.graph.edges.shape) == (34, (2, 2 * 78))
    assert club.labels.bincount().tolist() == [17, 17]
    assert club.labels[[0, 33]].tolist() == [0, 1]  # the instructor and the administrator
    assert [int((club.labels[club.known] == side).sum()) for side in (0, 1)] == [3, 3]
    degrees = club.graph.edges[0].bincount()
    assert (int(degrees[33]), int(degrees[0])) == (17, 16)


def test_a_block_graph_has_the_edges_and_means_it_was_drawn_with():
    made = block_graph(3, 200, inside=0.1, across=0.02, features=6, signal=2.0, known=5, seed=3)
    a = dense(made.graph)
    same = made.labels[:, None] == made.labels
    inside = a[same & ~torch.eye(600, dtype=torch.bool)].mean()
    assert torch.equal(a, a.T)
    assert float(inside) == pytest.approx(0.1, abs=5 * math.sqrt(0.1 * 0.9 / (3 * 200 * 199 / 2)))
    assert float(a[~same].mean()) == pytest.approx(0.02, abs=5 * math.sqrt(0.02 * 0.98 / (3 * 200 * 200)))
    means = torch.stack([made.features[made.labels == block].mean(0) for block in range(3)])
    assert float((made.features - means[made.labels]).std()) == pytest.approx(1, abs=0.1)
    assert float(means.std()) > 0.8
    assert made.known.sum() == 15
    assert torch.equal(made.features, block_graph(3, 200, 0.1, 0.02, 6, 2.0, 5, seed=3).features)


# ---- learning nodes --------------------------------------------------------------------------------------------------


def dot(u: Tensor, v: Tensor) -> float:
    return float(u @ v)


def cosine(u: Tensor, v: Tensor) -> float:
    return float(u @ v) / max(1e-6, math.sqrt(float(u @ u) * float(v @ v)))


AGREEMENTS = pytest.mark.parametrize(("agreement", "agree"), [("dot", dot), ("cosine", cosine)])


@AGREEMENTS
def test_a_single_forward_loss_by_hand(agreement, agree):
    graph, x, labels = small()
    settings = {"labels": "joined", "agreement": agreement, "held_out": 0, "temperature": 0.5}
    rule = SingleForward(graph, [5, 4], num_classes=3, top=None, seed=2, **settings)
    known = (labels != UNKNOWN).nonzero()[:, 0]
    a = dense(graph.joined(known, labels[known], 3))
    seen = direction(torch.cat([x, rule._label_nodes()]))
    with torch.no_grad():
        h = mixed("gcn", rule.layers[0], a, seen).relu().double()
    total = 0.0
    for node in known.tolist():
        agreed = [agree(h[node], h[12 + label]) / 0.5 for label in range(3)]
        total += math.log(sum(math.exp(each) for each in agreed)) - agreed[int(labels[node])]
    assert rule.partial_fit(x, labels)["loss"] == pytest.approx(total / 7, rel=1e-5)


@AGREEMENTS
def test_a_loss_of_means_by_hand(agreement, agree):
    """Each known node against the mean of every label's others; where there is no other, against itself."""
    graph, x, labels = small()
    labels[[2, 5]] = torch.tensor([2, 1])  # label 0: nodes 0, 3, 6; label 1: nodes 1, 4, 5; label 2: node 2 alone
    rule = SingleForward(graph, [5, 4], num_classes=3, top=None, agreement=agreement, temperature=0.5, seed=2)
    with torch.no_grad():
        h = mixed("gcn", rule.layers[0], dense(graph), direction(x)).relu().double()
    members = {0: [0, 3, 6], 1: [1, 4, 5], 2: [2]}
    total = 0.0
    for own, known in members.items():
        for node in known:
            agreed = []
            for around in members.values():
                others = [other for other in around if other != node] or around
                agreed.append(agree(h[node], sum(h[other] for other in others) / len(others)) / 0.5)
            total += math.log(sum(math.exp(each) for each in agreed)) - agreed[own]
    assert rule.partial_fit(x, labels)["loss"] == pytest.approx(total / 7, rel=1e-5)


@nodes_of_means
def test_a_known_node_is_asked_as_if_its_label_were_hidden(top):
    graph, x, labels = small()
    rule = SingleForward(graph, [5, 6, 6], num_classes=3, top=top, seed=2).fit(x, labels, epochs=3)
    shown = rule.goodness(x)
    for node in range(7):
        hidden = labels.clone()
        hidden[node] = UNKNOWN
        rule.known["labels"].copy_(hidden)
        for layer, other in zip(shown, rule.goodness(x), strict=True):
            torch.testing.assert_close(layer[node], other[node])
            assert not torch.equal(layer, other)  # for others it does matter


@pytest.mark.parametrize("kind", ["append", "virtual"])
def test_a_forward_forward_loss_by_hand(kind):
    graph, x, labels = small()
    rule = GraphForwardForward(graph, [5, 4], num_classes=3, labels=kind, threshold=0.7, seed=2)
    known = (labels != UNKNOWN).nonzero()[:, 0]
    expected = 0.0
    for shift in range(3):
        shown = (labels[known] + shift) % 3
        if kind == "append":
            a = dense(graph)
            code = torch.full((12, 3), 1 / 3)
            for node, label in zip(known.tolist(), shown.tolist(), strict=True):
                code[node] = torch.eye(3)[label]
            seen = torch.cat([x / x.norm(dim=1, keepdim=True), code], 1)
        else:
            a = dense(graph.joined(known, shown, 3))
            seen = torch.cat([x / x.norm(dim=1, keepdim=True), rule._label_nodes()])
        with torch.no_grad():
            h = mixed("gcn", rule.layers[0], a, seen).clamp(min=0)
        for node in known.tolist():
            margin = float((h[node] ** 2).sum()) - 0.7
            expected += math.log1p(math.exp(margin)) / 14 if shift else math.log1p(math.exp(-margin)) / 7
    assert rule.partial_fit(x, labels)["loss"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", ["append", "virtual", "single", "joined", "top input", "top loss"])
def test_a_layers_step_depends_on_no_gradient_of_another_layer(name):
    """Each layer moves down autograd's gradient of its own loss alone: other layers' losses leave it as it is."""
    graph, x, labels = small()
    make = NODES[name]
    rule = make(graph, [5, 6, 6], num_classes=3, seed=2)
    steps = []
    for place, layer in enumerate(rule.layers):
        optimizer = rule.optimizers[place]
        inner = optimizer.step

        def spy(place=place, inner=inner):
            steps.append((place, [None if p.grad is None else p.grad.abs().sum() for p in rule.layers.parameters()]))
            for other, each in enumerate(rule.layers):
                if other != place:
                    assert all(p.grad is None for p in each.parameters())
            inner()
            for p in rule.layers[place].parameters():
                p.grad = None

        optimizer.step = spy
        assert len(list(layer.parameters())) == 2
    rule.partial_fit(x, labels)
    assert {place for place, _ in steps} == {0, 1}
    for place, gradients in steps:
        own = gradients[2 * place : 2 * place + 2]
        assert all(each is not None and each > 0 for each in own)


@pytest.mark.parametrize("agreement", ["dot", "cosine"])
def test_top_input_is_its_plain_recurrence(agreement):
    graph, x, labels = small()
    rule = SingleForward(graph, [5, 4, 6], num_classes=3, labels="joined", agreement=agreement, rounds=3, seed=2)
    rule.partial_fit(x, labels)
    known = (labels != UNKNOWN).nonzero()[:, 0]
    a = dense(graph.joined(known, labels[known], 3))
    bottom = direction(torch.cat([x, rule._label_nodes()]))
    with torch.no_grad():
        upper = torch.zeros(15, 6)
        for _ in range(3):
            lower = mixed("gcn", rule.layers[0], a, torch.cat([bottom, direction(upper)], 1)).relu()
            upper = mixed("gcn", rule.layers[1], a, direction(lower)).relu()
        for h, got in zip((lower, upper), rule.goodness(x), strict=True):
            h = direction(h) if agreement == "cosine" else h
            opinion = (h[:12] @ h[12:].T / 0.3).softmax(1)
            torch.testing.assert_close(got, opinion, rtol=1e-4, atol=1e-5)


def test_held_out_nodes_are_asked_and_not_joined():
    graph, x, labels = small()
    rule = SingleForward(graph, [5, 4], num_classes=3, labels="joined", top=None, held_out=0.5, seed=2)
    joined = set()
    inner = rule._opinions

    def spy(x, nodes, truth, teach=None):
        assert teach is not None
        asked_before = {0, 1, 2, 3, 4, 5, 6} - set(nodes.tolist())
        assert set(truth.tolist()) == {0, 1, 2}  # every label keeps a node
        assert {int(labels[node]) for node in asked_before} == {0, 1, 2}
        joined.add(tuple(nodes.tolist()))
        return inner(x, nodes, truth, teach)

    rule._opinions = spy
    for _ in range(12):
        rule.partial_fit(x, labels)
    assert len(joined) > 3
    alone = SingleForward(graph, [5, 4], num_classes=3, labels="joined", top=None, held_out=0.5, seed=2)
    one_each = torch.tensor([0, 1, 2, *[UNKNOWN] * 9])  # nobody can be held out: all are joined and asked
    both = [tuple(part.tolist()) for part in alone._parted(torch.tensor([0, 1, 2]))]
    assert both == [(True,) * 3] * 2
    assert alone.partial_fit(x, one_each)["loss"] > 0


@nodes
@convolutions
def test_every_rule_learns_an_easy_graph(make, name):
    made = block_graph(2, 15, inside=0.5, across=0.02, features=8, signal=1.5, known=5, seed=1)
    labels = made.labels.where(made.known, UNKNOWN)
    rule = make(made.graph, [8, 16, 16], num_classes=2, convolution=name, learning_rate=0.02, seed=1)
    first = rule.partial_fit(made.features, labels)["loss"]
    rule.fit(made.features, labels, epochs=40)
    assert rule.partial_fit(made.features, labels)["loss"] < first
    assert rule.accuracy(made.features, made.labels, ~made.known) > 0.85
    assert rule.accuracy(made.features, labels) == 1
    for layer in rule.goodness(made.features):
        assert layer.shape == (30, 2)
    for every, own in zip(rule.goodness(made.features), rule.goodness(made.features, made.labels), strict=True):
        assert torch.equal(own, every[torch.arange(30), made.labels])


@nodes
def test_learning_goes_on_to_the_same_bits_from_a_state(make):
    graph, x, labels = small()
    before = torch.get_rng_state()
    straight = make(graph, [5, 6, 6], num_classes=3, seed=3).fit(x, labels, epochs=6)
    first = make(graph, [5, 6, 6], num_classes=3, seed=3).fit(x, labels, epochs=2)
    second = make(graph, [5, 6, 6], num_classes=3, seed=3)
    second.load_state_dict(first.state_dict())
    assert torch.equal(second.predict(x), first.predict(x))
    second.fit(x, labels, epochs=6)
    for key, value in straight.state_dict().items():
        assert torch.equal(value, second.state_dict()[key]), key
    assert not torch.equal(straight.layers[0].weight, make(graph, [5, 6, 6], num_classes=3, seed=4).layers[0].weight)
    assert torch.equal(before, torch.get_rng_state())


# ---- links -----------------------------------------------------------------------------------------------------------


def test_link_margins_and_losses_by_hand():
    graph, x, _ = small()
    pairs, labels = torch.tensor([[0, 1], [2, 7], [4, 4]]), torch.tensor([1, 0, 1])
    for form in ("single", "forward-forward"):
        rule = LinkForward(graph, x, [5, 4, 3], form=form, threshold=0.3, seed=1)
        below, expected = direction(x), []
        with torch.no_grad():
            for layer in rule.layers:
                z = mixed("gcn", layer, dense(graph), below)
                edge = [z[u] * z[v] for u, v in pairs.tolist()]
                expected.append([float(e.sum() if form == "single" else (e**2).sum() - 0.3) for e in edge])
                below = direction(z.clamp(min=0))
        for got, layer in zip(rule.margins(pairs), expected, strict=True):
            assert got.tolist() == pytest.approx(layer, rel=1e-4, abs=1e-6)
        assert rule.scores(pairs).tolist() == pytest.approx(
            [sum(each) for each in zip(*expected, strict=True)], rel=1e-4
        )
        losses = rule.partial_fit(pairs, labels)
        for place, layer in enumerate(expected):
            by_hand = sum(math.log1p(math.exp(m if k == 1 else -m)) for k, m in enumerate(layer)) / 3
            assert losses[f"layer{place}"] == pytest.approx(by_hand, rel=1e-4)


def test_a_link_layers_gradient_is_of_its_own_loss_on_constant_inputs():
    graph, x, _ = small()
    pairs, labels = torch.tensor([[0, 1], [2, 7], [4, 5]]), torch.tensor([1, 0, 1])
    rule = LinkForward(graph, x, [5, 4, 3], seed=1)
    below, wanted = direction(x), []
    for layer in rule.layers:
        z = layer(graph, below.detach())
        margin = (z[pairs[:, 0]] * z[pairs[:, 1]]).sum(1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(margin, labels.float())
        wanted.append(torch.autograd.grad(loss, list(layer.parameters())))
        below = direction(z.relu())
    rule.partial_fit(pairs, labels)
    for layer, gradients in zip(rule.layers, wanted, strict=True):
        for parameter, gradient in zip(layer.parameters(), gradients, strict=True):
            torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-6)


def test_links_are_parted_with_as_many_others_and_none_twice():
    made = block_graph(2, 20, inside=0.3, across=0.02, seed=2)
    parts = split_links(made.graph, 0.25, seed=4)
    count = made.graph.edges.shape[1] // 2
    hidden = round(0.25 * count)
    everything = torch.cat([parts.pairs, parts.test_pairs]).tolist()
    assert len({tuple(sorted(pair)) for pair in everything}) == len(everything) == 2 * count
    a = dense(made.graph)
    for pairs, labels in ((parts.pairs, parts.labels), (parts.test_pairs, parts.test_labels)):
        assert labels.float().mean() == 0.5
        assert torch.equal(a[pairs[:, 0], pairs[:, 1]].long(), labels)
    assert len(parts.test_pairs) == 2 * hidden
    kept = dense(parts.graph)
    shown = parts.pairs[parts.labels == 1]
    assert bool(kept[shown[:, 0], shown[:, 1]].all())
    assert int(kept.sum()) == 2 * len(shown)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=30))
def test_auc_is_scikit_learns_with_ties(rows):
    scores = torch.tensor([float(score) for score, _ in rows])
    labels = torch.tensor([int(label) for _, label in rows])
    if len(labels.unique()) < 2:
        with pytest.raises(FfcolorError, match="all alike"):
            auc(scores, labels)
    else:
        assert auc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


@links
def test_links_of_an_easy_graph_are_predicted(make):
    made = block_graph(2, 25, inside=0.5, across=0.01, features=8, signal=1.5, seed=1)
    parts = split_links(made.graph, 0.2, seed=1)
    rule = make(parts.graph, made.features, [8, 16, 16], learning_rate=0.02, seed=1)
    rule.fit(parts.pairs, parts.labels, epochs=60)
    assert rule.auc(parts.test_pairs, parts.test_labels) > 0.75
    assert rule.accuracy(parts.test_pairs, parts.test_labels) > 0.65
    again = make(parts.graph, made.features, [8, 16, 16], learning_rate=0.02, seed=1)
    again.load_state_dict(rule.state_dict())
    assert torch.equal(again.scores(parts.test_pairs), rule.scores(parts.test_pairs))
    for layer in rule.goodness(parts.test_pairs):
        assert torch.equal(layer[:, 0], -layer[:, 1])
        assert layer.shape == (len(parts.test_pairs), 2)


# ---- errors ----------------------------------------------------------------------------------------------------------


def club(**settings) -> SingleForward:
    return SingleForward(karate_club().graph, [34, 8], num_classes=2, **settings)


@pytest.mark.parametrize(
    ("call", "gist", "code"),
    [
        (lambda: Graph(3, torch.zeros(3, 2, dtype=torch.int64)), r"must be whole numbers \(2, m\)", "shape"),
        (
            lambda: Graph(3, torch.tensor([[0, 1], [1, 3]])),
            r"edge 1 is \[1, 3\]; nodes are numbered from 0 to 2",
            "invalid-edge",
        ),
        (lambda: karate_club(known=0), "known is 0", "invalid-setting"),
        (lambda: block_graph(inside=1.5), "inside is 1.5; it must be a number from 0 to 1", "invalid-setting"),
        (
            lambda: club(convolution="gin"),
            "convolution is 'gin'; it must be one of 'gcn', 'sage', 'gat'",
            "invalid-setting",
        ),
        (lambda: club(labels="virtual"), "labels is 'virtual'; it must be one of 'mean', 'joined'", "invalid-setting"),
        (lambda: club(agreement="l2"), "agreement is 'l2'; it must be one of 'dot', 'cosine'", "invalid-setting"),
        (lambda: club(top="down"), "top is 'down'", "invalid-setting"),
        (lambda: club(held_out=2), "held_out is 2", "invalid-setting"),
        (
            lambda: SingleForward(karate_club().graph, [34, 8, 9], num_classes=2, top="loss"),
            r"must be of one width; sizes is \[34, 8, 9\]",
            "invalid-setting",
        ),
        (lambda: club().predict(torch.eye(34)), "has not learned anything yet", "not-fitted"),
        (
            lambda: club().fit(torch.eye(33), [0] * 33),
            r"the features are \(33, 33\); this graph needs \(34, 34\)",
            "shape",
        ),
        (lambda: club().fit(torch.eye(34), [UNKNOWN] * 34), "no node has a known label", "invalid-label"),
        (lambda: club().fit(torch.eye(34), [2] * 34), "label 2 at 0 is not one of 0 to 1", "invalid-label"),
        (
            lambda: LinkForward(Graph.undirected(3, [[0, 1]]), torch.eye(2), [3, 2]),
            r"are \(2, 2\); .* \(3, 3\)",
            "shape",
        ),
        (lambda: linker().predict([[0.5, 1.0]]), r"must be whole numbers \(n, 2\)", "shape"),
        (lambda: linker().predict([[0, 1], [0, 3]]), r"pair 1 is \[0, 3\]", "invalid-edge"),
        (lambda: split_links(Graph.undirected(3, [[0, 1]])), "0 of 1 links would be hidden", "no-data"),
    ],
)
def test_bad_input_is_refused(call, gist, code):
    with pytest.raises(FfcolorError, match=gist) as caught:
        call()
    assert caught.value.code == code


def test_the_pages_example_reaches_what_it_says():
    text = (Path(__file__).parents[3] / "docs" / "rules" / "graph.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)
    claim = float(re.search(r"# over ([0-9.]+)", code)[1])
    made = found["made"]
    assert found["rule"].accuracy(made.features, made.labels, ~made.known) > claim


def linker() -> LinkForward:
    return LinkForward(Graph.undirected(3, [[0, 1]]), torch.eye(3), [3, 2])


def test_rules_of_nodes_share_a_base():
    graph, _, _ = small()
    assert all(isinstance(make(graph, [5, 4], num_classes=3), GraphLearner) for make in NODES.values())
