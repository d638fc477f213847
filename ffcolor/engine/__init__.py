"""The Forward-Forward engine: a layer's local step, networks of such layers, and both as torch modules.

It knows no colour: its inputs are rows of numbers. Every name is imported on first use; only the torch modules import
torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.engine import layer as layer
    from ffcolor.engine import modules as modules
    from ffcolor.engine import network as network
    from ffcolor.engine.dense import FFLayer as FFLayer
    from ffcolor.engine.modules import FFNetwork as FFNetwork
    from ffcolor.engine.network import Network as Network
    from ffcolor.engine.roc import auc as auc

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {"dense": "FFLayer", "modules": "FFNetwork", "network": "Network", "roc": "auc"},
    modules=("layer", "modules", "network"),
    extras={"torch": "FFLayer FFNetwork modules"},
)
