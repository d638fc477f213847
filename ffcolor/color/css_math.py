"""Arithmetic in CSS values: ``calc()`` and its like, down to one number, percentage or angle.

Source: CSS Values 4, section 10.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ffcolor.color.css_plain import refuse
from ffcolor.color.css_tokens import Token
from ffcolor.errors import FfcolorError

_DEGREES = {"deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0}
_CONSTANTS = {"pi": math.pi, "e": math.e, "infinity": math.inf, "-infinity": -math.inf, "nan": math.nan}
_LARGEST = 1e6  # no colour needs more


class Amount(NamedTuple):
    """A plain number."""

    value: float


class Percent(NamedTuple):
    """A percentage."""

    value: float


class Angle(NamedTuple):
    """An angle in degrees."""

    value: float


Value = Amount | Percent | Angle


def _round(*values: float) -> float:
    step = values[1] if len(values) > 1 else 1.0
    return math.floor(values[0] / step + 0.5) * step


_FUNCTIONS: dict[str, tuple[int, int, Callable[..., float]]] = {
    "min": (1, 99, min),
    "max": (1, 99, max),
    "clamp": (3, 3, lambda low, value, high: max(low, min(value, high))),
    "round": (1, 2, _round),
    "mod": (2, 2, lambda x, y: x % y),
    "rem": (2, 2, math.fmod),
    "abs": (1, 1, abs),
    "sign": (1, 1, lambda x: math.copysign(1, x) if x else 0.0),
    "sqrt": (1, 1, math.sqrt),
    "pow": (2, 2, math.pow),
    "exp": (1, 1, math.exp),
    "log": (1, 2, math.log),
    "hypot": (1, 99, math.hypot),
    "sin": (1, 1, math.sin),
    "cos": (1, 1, math.cos),
    "tan": (1, 1, math.tan),
}
_TRIGONOMETRIC = ("sin", "cos", "tan")


def calculate(text: str, part: Sequence[Token], known: Mapping[str, float], whole: float | None) -> Value:
    """Work one component value out.

    Args:
        text: the whole value, for messages.
        part: its tokens.
        known: the numbers of names, such as the channels of a relative colour.
        whole: what 100 % stands for where percentages meet numbers; None where there are none.

    Raises:
        FfcolorError: ``invalid-color``.
    """
    found = _Sum(text, [token for token in part if token.kind not in ("space", "comment")], known, whole)
    try:
        value = found.value()
    except FfcolorError:
        raise
    except (ArithmeticError, ValueError) as problem:
        refuse(text, f"its arithmetic has no result: {problem}")
    if found.left():
        refuse(text, f"{found.left()!r} is not expected in it")
    if not abs(value.value) <= _LARGEST:
        refuse(text, f"{value.value:g} is not a number for a channel")
    return value


class _Sum:
    """A reader of sums, products and what they are made of."""

    def __init__(self, text: str, part: list[Token], known: Mapping[str, float], whole: float | None):
        self.text, self.part, self.known, self.whole = text, part, known, whole
        self.at = self.depth = 0

    def left(self) -> str:
        """What has not been read."""
        return self.part[self.at].value if self.at < len(self.part) else ""

    def _next(self) -> Token:
        if self.at >= len(self.part):
            refuse(self.text, "it ends too early")
        self.at += 1
        return self.part[self.at - 1]

    def value(self) -> Value:
        """A number, a percentage, an angle, a name with a number, or a function's result."""
        token = self._next()
        if token.kind == "number":
            return Amount(float(token.value))
        if token.kind == "percentage":
            return Percent(float(token.value))
        if token.kind == "dimension" and token.unit in _DEGREES:
            return Angle(float(token.value) * _DEGREES[token.unit])
        if token.kind == "name" and (name := token.value.lower()) in self.known:
            return Amount(self.known[name])
        if token.kind == "function" or token.kind == "(":
            return self._inside(token.value.lower() if token.kind == "function" else "calc")
        return refuse(self.text, f"{token.value + token.unit!r} is not a number, a percentage or an angle")

    def _inside(self, name: str) -> Value:
        """What a function gives; brackets are a calc()."""
        self.depth += 1
        if self.depth > 32:
            refuse(self.text, "its arithmetic goes too deep")
        arguments = [self._sum()]
        while (mark := self._next()).kind == ",":
            arguments.append(self._sum())
        if mark.kind != ")":
            refuse(self.text, f"{mark.value!r} is not expected in it")
        self.depth -= 1
        if name == "calc" and len(arguments) == 1:
            return arguments[0]
        if name not in _FUNCTIONS:
            refuse(self.text, f"there is no {name}() in its arithmetic")
        least, most, run = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            refuse(self.text, f"{name}() takes {least} to {most} values")
        if name in _TRIGONOMETRIC:
            (angle,) = arguments
            return Amount(run(math.radians(angle.value) if isinstance(angle, Angle) else angle.value))
        kind, numbers = self._alike(arguments)
        return kind(run(*numbers))

    def _sum(self) -> Value:
        total = self._product()
        while self.at < len(self.part) and self.part[self.at].kind in ("+", "-", "number", "percentage", "dimension"):
            token = self.part[self.at]
            if token.kind in ("+", "-"):
                self.at += 1
                other = self._product()
            elif token.value[0] in "+-":  # "1 -2": the sign went with the number
                other = self._product()
                token = token._replace(kind="+")
            else:
                break
            kind, (one, two) = self._alike([total, other])
            total = kind(one - two if token.kind == "-" else one + two)
        return total

    def _product(self) -> Value:
        total = self._term()
        while self.at < len(self.part) and self.part[self.at].kind in ("*", "/"):
            mark = self._next().kind
            other = self._term()
            if mark == "/":
                total = type(total)(total.value / other.value)
            else:
                kind = type(other) if isinstance(total, Amount) else type(total)
                total = kind(total.value * other.value)
        return total

    def _term(self) -> Value:
        token = self.part[self.at] if self.at < len(self.part) else None
        name = token.value.lower() if token is not None and token.kind == "name" else ""
        if name in _CONSTANTS and name not in self.known:
            self.at += 1
            return Amount(_CONSTANTS[name])
        if token is not None and token.kind in ("+", "-"):
            self.at += 1
            value = self._term()
            return value if token.kind == "+" else type(value)(-value.value)
        return self.value()

    def _alike(self, values: Sequence[Value]) -> tuple[type[Value], list[float]]:
        """Values of one kind: percentages that meet numbers become numbers."""
        kinds = {type(value) for value in values}
        if len(kinds) == 1:
            return kinds.pop(), [value.value for value in values]
        if kinds == {Amount, Percent} and self.whole is not None:
            whole = self.whole
            return Amount, [v.value * whole / 100 if isinstance(v, Percent) else v.value for v in values]
        if kinds == {Amount, Angle}:  # a hue is a number of degrees
            return Angle, [value.value for value in values]
        return refuse(self.text, "its arithmetic mixes angles and percentages")
