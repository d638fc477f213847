"""Checks of settings: one declarative constraint a parameter, for every wing.

A class lists its constraints in a table, and checks its arguments against it:

    >>> LIMITS = {"hidden": Whole(1), "l2": Choice("auto") | Number(0), "steps": Whole(1) | None}
    >>> check(LIMITS, hidden=8, l2="auto", steps=None)
    {'hidden': 8, 'l2': 'auto', 'steps': None}
    >>> check(LIMITS, hidden=0)
    Traceback (most recent call last):
    ffcolor.errors.FfcolorError: hidden is 0; it must be a whole number, at least 1

NumPy's numbers and truth values are taken as Python's own; `True` and `False` are not numbers here. Checked values come
back as plain bool, int and float, so that they can be written to a file.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from ffcolor.errors import FfcolorError, hint

_NOT = object()  # what `take` gives for a value that does not fit


class Constraint(ABC):
    """What one parameter can be."""

    @property
    @abstractmethod
    def wanted(self) -> str:
        """What would be accepted, as it stands behind "it must be"."""

    @abstractmethod
    def take(self, value: Any) -> Any:
        """The value in its plain form, or `_NOT`."""

    def check(self, name: str, value: Any, code: str = "invalid-setting") -> Any:
        """The value in its plain form.

        Raises:
            FfcolorError: of the code given: it names the parameter, the value and what would be accepted.
        """
        taken = self.take(value)
        if taken is _NOT:
            message = f"{name} is {value!r}; it must be {self.wanted}{self.advice(value)}"
            raise FfcolorError(message, code=code, value=value, setting=name)
        return taken

    def advice(self, value: Any) -> str:
        """More to say of a value that does not fit."""
        return ""

    def __or__(self, other: Constraint | None) -> Constraint:
        return _Either(self, _Nothing() if other is None else other)


@dataclass(frozen=True)
class Whole(Constraint):
    """A whole number from `least` to `most`, both included; None stands for no bound."""

    least: int | None = None
    most: int | None = None

    @property
    def wanted(self) -> str:
        """What would be accepted."""
        if self.most is not None:
            return f"a whole number from {self.least} to {self.most}"
        return "a whole number" + ("" if self.least is None else f", at least {self.least}")

    def take(self, value: Any) -> Any:
        """The value as an int, or `_NOT`."""
        if isinstance(value, bool) or not isinstance(value, Integral):
            return _NOT
        number = int(value)
        low, high = self.least is None or number >= self.least, self.most is None or number <= self.most
        return number if low and high else _NOT


@dataclass(frozen=True)
class Number(Constraint):
    """A finite number from `least` to `most`; `above` and `below` are bounds that are not included."""

    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None

    @property
    def wanted(self) -> str:
        """What would be accepted."""
        low = "" if self.least is None else f"{self.least:,.15g}"
        if self.below is not None:
            return f"a number from {low} up to, but not including, {self.below:,.15g}"
        if self.most is not None:
            return (
                f"a number above {self.above:,.15g}, at most {self.most:,.15g}"
                if not low
                else f"a number from {low} to {self.most:,.15g}"
            )
        if self.above is not None:
            return f"a number above {self.above:,.15g}"
        return f"a number, {low} or more" if low else "a number"

    def take(self, value: Any) -> Any:
        """The value as a float, or `_NOT`."""
        if isinstance(value, bool) or not isinstance(value, Real):
            return _NOT
        try:
            number = float(value)
        except OverflowError:  # a whole number beyond the largest float
            return _NOT
        if not math.isfinite(number):
            return _NOT
        inside = (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )
        return number if inside else _NOT


class Choice(Constraint):
    """One of a few words (or of a table's names)."""

    def __init__(self, *words: str):
        self.words = words

    @property
    def wanted(self) -> str:
        """What would be accepted."""
        shown = [repr(word) for word in self.words]
        return shown[0] if len(shown) == 1 else f"one of {', '.join(shown)}"

    def take(self, value: Any) -> Any:
        """The word, or `_NOT`."""
        return value if isinstance(value, str) and value in self.words else _NOT

    def advice(self, value: Any) -> str:
        """The word that was probably meant."""
        close = hint(value, self.words) if isinstance(value, str) and len(self.words) > 1 else None
        return f" (did you mean {close!r}?)" if close else ""


@dataclass(frozen=True)
class Flag(Constraint):
    """True or False."""

    @property
    def wanted(self) -> str:
        """What would be accepted."""
        return "True or False"

    def take(self, value: Any) -> Any:
        """The value as a bool, or `_NOT`."""
        is_numpys = type(value).__module__ == "numpy" and type(value).__name__ in ("bool", "bool_")
        return bool(value) if isinstance(value, bool) or is_numpys else _NOT


@dataclass(frozen=True)
class Row(Constraint):
    """A list of at least `fewest` values that all fit `each`. A value that does not is named with its place.

    >>> Row(Whole(1), 2).check("dims", [784, 0])
    Traceback (most recent call last):
    ffcolor.errors.FfcolorError: dims[1] is 0; it must be a whole number, at least 1
    """

    each: Constraint
    fewest: int = 1

    @property
    def wanted(self) -> str:
        """What would be accepted."""
        count = "" if self.fewest == 1 else f" of at least {self.fewest}"
        return f"a list{count} in which each is {self.each.wanted}"

    def take(self, value: Any) -> Any:
        """The values as a list, or `_NOT`."""
        if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
            return _NOT
        taken = [self.each.take(item) for item in value]
        return taken if len(taken) >= self.fewest and not any(item is _NOT for item in taken) else _NOT

    def check(self, name: str, value: Any, code: str = "invalid-setting") -> Any:
        """The values as a list, each in its plain form."""
        if isinstance(value, (list, tuple)) and len(value) >= self.fewest:
            return [self.each.check(f"{name}[{place}]", item, code) for place, item in enumerate(value)]
        return super().check(name, value, code)


class _Nothing(Constraint):
    wanted = "None"

    def take(self, value: Any) -> Any:
        return None if value is None else _NOT


class _Either(Constraint):
    def __init__(self, *these: Constraint):
        self.these = these

    @property
    def wanted(self) -> str:
        wanted = [each.wanted for each in self.these]
        return (", or " if "," in wanted[0] else " or ").join(wanted)

    def take(self, value: Any) -> Any:
        return next((taken for each in self.these if (taken := each.take(value)) is not _NOT), _NOT)


def check(constraints: Mapping[str, Constraint], code: str = "invalid-setting", **values: Any) -> dict[str, Any]:
    """Check values against a table of constraints, and give them back in their plain form, in the order given.

    Raises:
        FfcolorError: of the code given, for the first value that does not fit.
    """
    return {name: constraints[name].check(name, value, code) for name, value in values.items()}
