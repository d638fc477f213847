"""Self-contrastive Forward-Forward in the classic form: an `FFNetwork` with a network that makes negatives.

Much code writes it so, though Chen et al. (2025) have neither thresholds of one number nor such a generator; their rule
is `ffcolor.rules.scff.SelfContrastiveFF`. That form gives the generator no loss, so it stays as it was drawn: its
negatives show what an image is not. What tells labels apart are the wrong ones, which are tried beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from ffcolor.engine.modules import FFNetwork, Generator


class SelfContrastiveNetwork(FFNetwork):
    """A Forward-Forward network that makes negatives of its own.

    Args:
        dims: size of an input, then units of each layer, such as ``[784, 500, 500]``.
        threshold: see `FFNetwork`.
        **settings: of `FFNetwork`: lr, num_classes, naive, seed.

    Attributes:
        neg_generator: from inputs (n, dims[0]) to inputs that are not like them; it does not learn.
    """

    def __init__(self, dims: Sequence[int], threshold: float = 2.0, **settings: Any):
        super().__init__(dims, threshold, **settings)
        size = dims[0]
        self.neg_generator = nn.Sequential(nn.Linear(size, size), nn.ReLU(), nn.Linear(size, size))
        self.neg_generator.requires_grad_(False)

    @torch.no_grad()
    def generate_negatives(self, x_pos: Tensor) -> Tensor:
        """Negatives of inputs, by `neg_generator`: (n, dims[0]) to the same."""
        made: Tensor = self.neg_generator(x_pos)
        return made

    def pairs(
        self, dataloader: Iterable[tuple[Tensor, Tensor]], neg_generator: Generator | None = None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """As `FFNetwork.pairs`; without a generator, negatives are wrong labels, and generated ones with their own."""
        if neg_generator is not None or not self.num_classes:
            yield from super().pairs(dataloader, neg_generator)
            return
        for x, y in dataloader:
            for positive, negative in super().pairs([(x, y)]):
                yield positive, torch.cat([negative, self.embed_label(self.generate_negatives(x), y)])
