"""Forward-Forward on graphs: nodes and links, without a backward pass through the layers.

`data` makes graphs, `convolutions` mixes neighbours; `forward` and `single` classify nodes, `twin` is backpropagation
to measure them by; `links` predicts links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.rules.graph.base import UNKNOWN as UNKNOWN
    from ffcolor.rules.graph.data import Graph as Graph
    from ffcolor.rules.graph.data import Labelled as Labelled
    from ffcolor.rules.graph.data import block_graph as block_graph
    from ffcolor.rules.graph.data import karate_club as karate_club
    from ffcolor.rules.graph.forward import GraphForwardForward as GraphForwardForward
    from ffcolor.rules.graph.hidden import split_links as split_links
    from ffcolor.rules.graph.links import LinkBackprop as LinkBackprop
    from ffcolor.rules.graph.links import LinkForward as LinkForward
    from ffcolor.rules.graph.roc import auc as auc
    from ffcolor.rules.graph.single import SingleForward as SingleForward
    from ffcolor.rules.graph.twin import GraphBackprop as GraphBackprop

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "base": "UNKNOWN",
        "data": "Graph Labelled block_graph karate_club",
        "forward": "GraphForwardForward",
        "hidden": "split_links",
        "links": "LinkBackprop LinkForward",
        "roc": "auc",
        "single": "SingleForward",
        "twin": "GraphBackprop",
    },
)
