"""The table of verbs, and `call`, which runs one by its name: every door goes through here.

A verb takes keyword arguments and returns a dict of strings, numbers, lists and dicts that JSON can hold. It is written
once, as a function with the mark `verb`; a door only translates.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from ffcolor.errors import FfcolorError, did_you_mean

Plain = dict[str, Any]


class Verb(NamedTuple):
    """One row of the table of verbs."""

    run: Callable[..., Plain]
    """Keyword arguments to plain data."""
    about: str
    """One line for people."""
    parameters: tuple[str, ...]
    """The names of its arguments, in order."""


VERBS: dict[str, Verb] = {}
"""The table of verbs, by name."""


def verb(function: Callable[..., Plain]) -> Callable[..., Plain]:
    """Enter a function in the table, under its own name."""
    about = (inspect.getdoc(function) or "").partition("\n")[0]
    VERBS[function.__name__] = Verb(function, about, tuple(inspect.signature(function).parameters))
    return function


def call(verb: str, **arguments: Any) -> Plain:
    """Run a verb of the table by its name.

    Raises:
        FfcolorError: ``unknown-verb``, ``unknown-argument`` or ``missing-argument``; or whatever the verb complains of.
    """
    row = VERBS.get(verb)
    if row is None:
        raise FfcolorError(f"{verb!r} is not a verb: {did_you_mean(verb, VERBS)}", code="unknown-verb", value=verb)
    for name in arguments:
        if name not in row.parameters:
            message = f"{verb} has no argument {name!r}: {did_you_mean(name, row.parameters)}"
            raise FfcolorError(message, code="unknown-argument", value=name)
    try:
        inspect.signature(row.run).bind(**arguments)
    except TypeError as error:
        raise FfcolorError(f"{verb}: {error}", code="missing-argument", value=verb) from None
    return row.run(**arguments)
