"""The family of local learning rules: one file a rule, one small protocol (`ffcolor.rules.protocol`), one table.

    >>> from ffcolor.rules import RULES
    >>> RULES["forward-forward"].about
    'each layer by its own goodness, positive against negative inputs; the label is part of the input'

Every name is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face, moved
from ffcolor.rules.registry import OWN

if TYPE_CHECKING:
    from ffcolor.engine import FFLayer as FFLayer
    from ffcolor.engine import FFNetwork as FFNetwork
    from ffcolor.rules import bench as bench
    from ffcolor.rules import cells as cells
    from ffcolor.rules import data as data
    from ffcolor.rules import graph as graph
    from ffcolor.rules import parallel as parallel
    from ffcolor.rules import protocol as protocol
    from ffcolor.rules.backprop import Backprop as Backprop
    from ffcolor.rules.bench import presets as presets
    from ffcolor.rules.cells.automaton import FF_NCA as FF_NCA
    from ffcolor.rules.cwcomp import CwComp as CwComp
    from ffcolor.rules.data import augment as augment
    from ffcolor.rules.data import sequences as sequences
    from ffcolor.rules.deeper import DeeperForward as DeeperForward
    from ffcolor.rules.deeper import residual_layers as residual_layers
    from ffcolor.rules.distance import DistanceForward as DistanceForward
    from ffcolor.rules.distance import DistanceForwardLayer as DistanceForwardLayer
    from ffcolor.rules.ff import ForwardForward as ForwardForward
    from ffcolor.rules.graph.forward import GraphForwardForward as GraphForwardForward
    from ffcolor.rules.graph.links import LinkForward as LinkForward
    from ffcolor.rules.graph.single import SingleForward as SingleForward
    from ffcolor.rules.jax_layer import FFLayerJAX as FFLayerJAX
    from ffcolor.rules.jax_layer import ff_loss as ff_loss
    from ffcolor.rules.jax_layer import ff_train_step as ff_train_step
    from ffcolor.rules.mono import MonoForward as MonoForward
    from ffcolor.rules.parallel import pipeline as pipeline
    from ffcolor.rules.parallel import processes as processes
    from ffcolor.rules.parallel import ranks as ranks
    from ffcolor.rules.parts import checkpoint as checkpoint
    from ffcolor.rules.parts.contrast import Recurrent as Recurrent
    from ffcolor.rules.parts.conv import Conv as Conv
    from ffcolor.rules.parts.learner import Learner as Learner
    from ffcolor.rules.parts.recipe import Recipe as Recipe
    from ffcolor.rules.parts.stateful import Stateful as Stateful
    from ffcolor.rules.protocol import HasGoodness as HasGoodness
    from ffcolor.rules.protocol import HasState as HasState
    from ffcolor.rules.protocol import Rule as Rule
    from ffcolor.rules.recurrent import RecurrentForwardForward as RecurrentForwardForward
    from ffcolor.rules.registry import RULES as RULES
    from ffcolor.rules.registry import Entry as Entry
    from ffcolor.rules.registry import known_rule as known_rule
    from ffcolor.rules.scff import SelfContrastiveFF as SelfContrastiveFF
    from ffcolor.rules.unsupervised import UnsupervisedForwardForward as UnsupervisedForwardForward
    from ffcolor.rules.vff import VFFNet as VFFNet

_HOMES = {
    ".engine": "FFLayer FFNetwork",
    "cells.automaton": "FF_NCA",
    "deeper": "residual_layers",
    "distance": "DistanceForwardLayer",
    "jax_layer": "FFLayerJAX ff_loss ff_train_step",
    "parts.contrast": "Recurrent",
    "parts.conv": "Conv",
    "parts.learner": "Learner",
    "parts.recipe": "Recipe",
    "parts.stateful": "Stateful",
    "protocol": "HasGoodness HasState Rule",
    "registry": "Entry RULES known_rule",
}
for _entry in OWN.values():
    _home = _entry.home.removeprefix(".")
    _HOMES[_home] = f"{_HOMES.get(_home, '')} {_entry.name}"

_TAUGHT = "augment checkpoint pipeline presets processes protocol ranks sequences"  # modules that import torch

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    _HOMES,
    modules={
        "augment": "data.augment",
        "bench": "bench",
        "cells": "cells",
        "checkpoint": "parts.checkpoint",
        "data": "data",
        "graph": "graph",
        "parallel": "parallel",
        "pipeline": "parallel.pipeline",
        "presets": "bench.presets",
        "processes": "parallel.processes",
        "protocol": "protocol",
        "ranks": "parallel.ranks",
        "sequences": "data.sequences",
    },
    extras={"torch": " ".join([_TAUGHT, *(names for home, names in _HOMES.items() if home != "registry")])},
)
moved(
    __name__,
    {
        "bench": "lineup presets resident trial",
        "data": "augment sequences",
        "parallel": "carry pipeline processes",
        "parts": "blocks checkpoint contrast dense labels losses mixer negatives norms",
    },
    renamed={
        "bench_plot": "bench.plot",
        "cell_layers": "cells.layers",
        "cell_pictures": "cells.pictures",
        "channels": "cwcomp",
        "layers": "parts.conv",
        "station": "parallel.worker",
        "stations": "parallel.ranks",
    },
)
