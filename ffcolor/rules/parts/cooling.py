"""Learning rates that cool down: full for most of `fit`, and over its last share falling in line to 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ffcolor.rules.parts.learner import Learner
from ffcolor.settings import Constraint, Number, check


class CoolingLearner(Learner):
    """The base of rules whose learning rates cool down.

    Args:
        cooldown: the last share of `fit` over which learning rates fall to 0.
        **settings: as in `ffcolor.rules.parts.learner.Learner`; `batch_size` is 100 if not given.
    """

    limits: ClassVar[Mapping[str, Constraint]] = {**Learner.limits, "cooldown": Number(0, 1)}

    def __init__(self, *, cooldown: float = 0.5, batch_size: int = 100, **settings: Any):
        super().__init__(batch_size=batch_size, **settings)
        self.cooldown: float = check(self.limits, cooldown=cooldown)["cooldown"]

    @property
    def warmth(self) -> float:
        """The factor of learning rates by now, 1 down to 0."""
        return cooled(self.progress, self.cooldown)


def cooled(progress: float, cooldown: float) -> float:
    """The factor of learning rates: 1, and over the last share `cooldown` of the learning falling in line to 0.

    >>> [cooled(progress, 0.5) for progress in (0.0, 0.5, 0.75, 1.0)]
    [1.0, 1.0, 0.5, 0.0]
    """
    return min(1.0, (1 - progress) / cooldown) if cooldown else 1.0
