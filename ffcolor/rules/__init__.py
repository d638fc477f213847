"""The family of local learning rules: one file a rule, one small protocol (`ffcolor.rules.protocol`), one table.

    >>> from ffcolor.rules import RULES
    >>> RULES["forward-forward"].about
    'each layer by its own goodness, positive against negative inputs; the label is part of the input'

Every class is imported on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from ffcolor.errors import needs

if TYPE_CHECKING:
    from ffcolor.rules.backprop import Backprop as Backprop
    from ffcolor.rules.distance import DistanceForward as DistanceForward
    from ffcolor.rules.ff import ForwardForward as ForwardForward
    from ffcolor.rules.graph.forward import GraphForwardForward as GraphForwardForward
    from ffcolor.rules.graph.links import LinkForward as LinkForward
    from ffcolor.rules.graph.single import SingleForward as SingleForward
    from ffcolor.rules.protocol import Learner as Learner
    from ffcolor.rules.protocol import Rule as Rule
    from ffcolor.rules.recurrent import RecurrentForwardForward as RecurrentForwardForward
    from ffcolor.rules.scff import SelfContrastiveFF as SelfContrastiveFF
    from ffcolor.rules.unsupervised import UnsupervisedForwardForward as UnsupervisedForwardForward


class Entry(NamedTuple):
    """A row of the table of rules: where the class lives, what it is in a line, and whose idea it was."""

    home: str
    name: str
    about: str
    source: str

    def load(self) -> Any:
        """The class itself."""
        return _load(self.home, self.name)


RULES: dict[str, Entry] = {
    "forward-forward": Entry(
        "ff",
        "ForwardForward",
        "each layer by its own goodness, positive against negative inputs; the label is part of the input",
        "Hinton 2022, arXiv 2212.13345",
    ),
    "forward-forward-unsupervised": Entry(
        "unsupervised",
        "UnsupervisedForwardForward",
        "each layer tells images from hybrids of two images; labels only train a linear read-out",
        "Hinton 2022, arXiv 2212.13345, section 3.2",
    ),
    "cwcomp": Entry(
        "channels",
        "CwComp",
        "convolutions whose channels compete for the classes, by the mean square of each class's channels",
        "Papachristodoulou et al. 2024, arXiv 2312.12668",
    ),
    "deeper-forward": Entry(
        "deeper",
        "DeeperForward",
        "as cwcomp, by the mean, which a norm then takes away; detached shortcuts, layers selected by data",
        "Sun et al. 2025, ICLR",
    ),
    "vff-net": Entry(
        "vff",
        "VFFNet",
        "labels as noise laid over the input, a contrast of cosines, one loss for a group of layers",
        "Lee, Shin and Kim 2025, doi 10.1016/j.neunet.2025.107697",
    ),
    "mono-forward": Entry(
        "mono",
        "MonoForward",
        "each layer with a projection of its own to the classes, by its own cross-entropy: a strong plain baseline",
        "Gong, Li and Abdulla 2025, arXiv 2501.09238",
    ),
    "self-contrastive": Entry(
        "scff",
        "SelfContrastiveFF",
        "an input paired with itself against one paired with another of the batch; labels train a linear read-out",
        "Chen et al. 2025, Nature Communications 16, 5978",
    ),
    "distance-forward": Entry(
        "distance",
        "DistanceForward",
        "distances to the centres of the classes, by a margin loss of all wrong ones; layers may work together",
        "Wu et al. 2024, arXiv 2408.14925",
    ),
    "recurrent": Entry(
        "recurrent",
        "RecurrentForwardForward",
        "layers look up, down and at themselves over time, and should be less active with a right label",
        "Hinton 2022, arXiv 2212.13345, section 4",
    ),
    "graph-forward-forward": Entry(
        "graph.forward",
        "GraphForwardForward",
        "nodes of a graph with their labels against the same with wrong ones: appended, or as added label nodes",
        "Park et al. 2024, arXiv 2403.11004, section 3.1",
    ),
    "graph-single-forward": Entry(
        "graph.single",
        "SingleForward",
        "nodes agree with the others of their label, in every layer; one pass, no negatives, layers hear from above",
        "Park et al. 2024, arXiv 2403.11004, sections 3.2 and 3.3",
    ),
    "graph-links": Entry(
        "graph.links",
        "LinkForward",
        "pairs of nodes that are joined against pairs that are not, in every layer",
        "Park et al. 2024, arXiv 2403.11004, section 3",
    ),
    "backprop": Entry(
        "backprop",
        "Backprop",
        "the twin to measure by: the same architecture, taught end to end by the chain rule",
        "Rumelhart, Hinton and Williams 1986",
    ),
}
"""Every rule by name."""

_HOME = {entry.name: entry.home for entry in RULES.values()} | {"Learner": "protocol", "Rule": "protocol"}
__all__ = ["RULES", "Entry", *sorted(_HOME)]


def _load(home: str, name: str) -> Any:
    try:
        importlib.import_module("torch")
    except ImportError as missing:
        raise needs("ffcolor.rules", "torch", "rules") from missing
    return getattr(importlib.import_module(f"ffcolor.rules.{home}"), name)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return _load(_HOME[name], name)
    raise AttributeError(f"module 'ffcolor.rules' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
