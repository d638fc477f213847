"""The habits of scikit-learn's estimators: settings that can be read, changed, copied and searched over."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from ffcolor.errors import FfcolorError, did_you_mean
from ffcolor.settings import Constraint, check

Self = TypeVar("Self", bound="Parameters")


class Parameters:
    """What every preference shares: its settings are the arguments of its constructor, kept as they were given.

    A constructor only stores its arguments; `fit` checks them against `LIMITS`. That is what `sklearn.base.clone`, a
    pipeline and a grid search count on.
    """

    LIMITS: ClassVar[Mapping[str, Constraint]]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The settings, by name, as they were given.

        Args:
            deep: for scikit-learn; there are no settings inside settings.
        """
        return {name: getattr(self, name) for name in _names(type(self))}

    def set_params(self: Self, **params: Any) -> Self:
        """Change settings; they take effect at the next `fit`.

        Raises:
            FfcolorError: ``invalid-setting`` for a name that is not a setting; nothing is changed then.
        """
        known = _names(type(self))
        for name, value in params.items():
            if name not in known:
                message = f"{name!r} is not a setting of {type(self).__name__}: {did_you_mean(name, known)}"
                raise FfcolorError(message, code="invalid-setting", value=value, setting=name)
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def _checked(self) -> dict[str, Any]:
        """The settings that `LIMITS` lists, in plain form.

        Raises:
            FfcolorError: ``invalid-setting`` for the first one that does not fit.
        """
        return check(self.LIMITS, **{name: getattr(self, name) for name in self.LIMITS})


def _names(kind: type) -> tuple[str, ...]:
    """The names of a class's settings, in the order of its constructor."""
    return tuple(inspect.signature(kind).parameters)
