"""The one error of ffcolor and its warning; what to install where something is missing; the word that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any


class FfcolorError(ValueError):
    """Bad input, said clearly: what is wrong, the value, and what would be accepted.

    The advice is for who calls from Python; another door leaves it out, and gives its own.

    Attributes:
        code: a stable kebab-case word for programs, such as ``"invalid-color"`` or ``"model-file"``.
        message: what is wrong, without the advice.
        advice: what to write instead, in Python; may be empty.
        value: the offending value (or its part), if there is one.
        position: 0-based place in the caller's sequence, if there is one.
        setting: the name of the argument that was checked, if there is one.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        value: Any = None,
        position: int | None = None,
        advice: str = "",
        setting: str | None = None,
    ):
        super().__init__(f"{message}; {advice}" if advice else message)
        self.code = code
        self.message = message
        self.advice = advice
        self.value = value
        self.position = position
        self.setting = setting

    def within(self, place: str, position: int | None = None) -> FfcolorError:
        """The same error, said of a place: a file, say, or one of many colours."""
        where = self.position if position is None else position
        told = {"code": self.code, "value": self.value, "advice": self.advice, "setting": self.setting}
        return FfcolorError(f"{place}: {self.message}", position=where, **told)

    def __reduce__(self) -> tuple[Any, ...]:  # for pickle, copy and process pools: `code` has no place in args
        return partial(type(self), code=self.code), self.args, self.__dict__


class FfcolorWarning(UserWarning):
    """Something was accepted, but its owner should look at it (contradicting labels, say).

    Attributes:
        message: what is the matter, without the advice.
        advice: what to do about it in Python; other doors leave it out.
    """

    def __init__(self, message: str, advice: str = ""):
        super().__init__(f"{message}; {advice}" if advice else message)
        self.message = message
        self.advice = advice


def needs(what: str, package: str, extra: str) -> FfcolorError:
    """The error to raise where a package that comes with an extra is missing: it names the command that brings it.

    >>> print(needs("FFLayer", "torch", "rules"))
    FFLayer needs torch: pip install 'ffcolor[rules]'

    Args:
        what: what cannot be had without it.
        package: its name, as pip knows it.
        extra: the extra of ffcolor that it comes with.
    """
    return FfcolorError(
        f"{what} needs {package}: pip install 'ffcolor[{extra}]'", code="missing-package", value=package
    )


def not_fitted(who: object, kind: type[FfcolorError] = FfcolorError) -> FfcolorError:
    """The error to raise where something that has not learned yet is asked what it learned."""
    return kind(f"this {type(who).__name__} has not learned anything yet", code="not-fitted", advice="call fit first")


_CLOSE = 0.6  # the least likeness of a word that is suggested, as difflib counts it


def hint(word: object, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, whatever its case, or None where none is near.

    >>> hint("pallete", ["palette", "rank"])
    'palette'
    """
    import difflib

    by_case = {each.lower(): each for each in known}
    found = difflib.get_close_matches(str(word).lower(), by_case, 1, _CLOSE)
    return by_case[found[0]] if found else None


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """What an error about an unknown word ends with: the word that was probably meant, or all that are known.

    >>> did_you_mean("xyz", ["palette", "rank"])
    'there are palette, rank'
    """
    words = list(known)
    close = hint(word, words)
    return f"did you mean {close!r}?" if close else f"there are {', '.join(words)}"
