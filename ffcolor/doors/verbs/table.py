"""The table of verbs, by name; each is imported when it is first asked for, so that a call loads what it needs only."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, NoReturn

from ffcolor.errors import FfcolorError, did_you_mean

HOMES = {
    "learning": "learn update",
    "judging": "score rank explain",
    "making": "palette stream",
    "showing": "show convert",
    "images": "image",
    "about": "info",
    "skills": "skills_check skills_fix skills_explain skills_repair"
    " skills_partners skills_pack skills_lock skills_graph",
}
"""The module of each verb."""
_HOME_OF = {name: home for home, names in HOMES.items() for name in names.split()}


class Verb(NamedTuple):
    """One row of the table of verbs."""

    run: Callable[..., dict[str, Any]]
    """Keyword arguments to plain data."""
    about: str
    """One line for people."""
    parameters: tuple[str, ...]
    """The names of its arguments, in order."""
    required: tuple[str, ...]
    """The names of those that must be given."""


class _Verbs(Mapping[str, Verb]):
    def __init__(self) -> None:
        self._rows: dict[str, Verb] = {}

    def __getitem__(self, name: str) -> Verb:
        if name not in self._rows:
            self._rows[name] = _row(getattr(importlib.import_module(f"ffcolor.doors.verbs.{_HOME_OF[name]}"), name))
        return self._rows[name]

    def __contains__(self, name: object) -> bool:
        return name in _HOME_OF

    def __iter__(self) -> Iterator[str]:
        return iter(_HOME_OF)

    def __len__(self) -> int:
        return len(_HOME_OF)


def _row(function: Callable[..., dict[str, Any]]) -> Verb:
    about = (inspect.getdoc(function) or "").partition("\n")[0]
    parameters = inspect.signature(function).parameters
    required = tuple(name for name, each in parameters.items() if each.default is inspect.Parameter.empty)
    return Verb(function, about, tuple(parameters), required)


VERBS: Mapping[str, Verb] = _Verbs()
"""The table of verbs, by name."""


def call(verb: str, **arguments: Any) -> dict[str, Any]:
    """Run a verb of the table by its name.

    Raises:
        FfcolorError: ``unknown-verb``, ``unknown-argument`` or ``missing-argument``; or whatever the verb complains of.
    """
    return checked(verb, arguments)(**arguments)


def checked(verb: str, arguments: Mapping[str, Any]) -> Callable[..., dict[str, Any]]:
    """The function of a verb that can take these arguments.

    Raises:
        FfcolorError: as `call`, about the names of the verb and of its arguments.
    """
    run, known, required = _signature(verb)
    if not (known.issuperset(arguments) and required.issubset(arguments)):
        _complain(verb, arguments)
    return run


@cache
def _signature(verb: str) -> tuple[Callable[..., dict[str, Any]], frozenset[str], frozenset[str]]:
    """What a call needs to know of a verb: the function, the names of its arguments, and those that must be given."""
    if verb not in VERBS:
        raise FfcolorError(f"{verb!r} is not a verb: {did_you_mean(verb, VERBS)}", code="unknown-verb", value=verb)
    row = VERBS[verb]
    return row.run, frozenset(row.parameters), frozenset(row.required)


def _complain(verb: str, arguments: Mapping[str, Any]) -> NoReturn:
    """Say which argument is unknown, or missing."""
    row = VERBS[verb]
    for name in arguments:
        if name not in row.parameters:
            message = f"{verb} has no argument {name!r}: {did_you_mean(name, row.parameters)}"
            raise FfcolorError(message, code="unknown-argument", value=name)
    name = next(name for name in row.required if name not in arguments)
    raise FfcolorError(f"{verb} needs the argument {name!r}", code="missing-argument", value=verb)
