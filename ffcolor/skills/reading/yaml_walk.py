"""The one walk over YAML: keys and values with their places, as *events*, and never an object.

Nothing is constructed, so a tag cannot run code; an alias is not followed, so anchors cannot blow up; nothing here
recurses, so depth costs nothing. What is accepted beyond YAML itself is for the caller to say, event by event.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

_STANDARD = "tag:yaml.org,2002:"
_VALUES = {
    "ScalarEvent": "scalar",
    "AliasEvent": "alias",
    "MappingStartEvent": "map",
    "SequenceStartEvent": "list",
}
ODD_KEY = "a key is not plain text"
_DEEPEST = 64  # maps and lists within each other; the path to each value is as long as that
_ENDS = ("MappingEndEvent", "SequenceEndEvent")


class NotYamlError(Exception):
    """Why a text is not YAML, and where: line and column, both counted from 0."""

    def __init__(self, reason: str, line: int = 0, column: int = 0):
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


class OddKeyError(NotYamlError):
    """A key is a list, a map or an alias."""


class Step(NamedTuple):
    """One step of the walk.

    Attributes:
        what: ``"key"``, or what a value is: ``"scalar"``, ``"alias"``, ``"map"``, ``"list"``; or the ``"end"`` of a map
            or a list; or ``"odd key"``, for one that is not text, which is the last step.
        path: the keys down to it; the items of a list are numbered. The document itself has the path ().
        event: PyYAML's.
        key: the event of a value's key; an item of a list, and the document, are their own.
    """

    what: str
    path: tuple[str, ...]
    event: Any
    key: Any


class _Open:
    """A map or a list under way: the place of the next item, or the key whose value comes next."""

    def __init__(self, path: tuple[str, ...], place: int | None):
        self.path, self.place = path, place
        self.key: Any = None


def walk(text: str) -> Iterator[Step]:
    """Every key and value of the one document in a text, in file order.

    >>> [(step.what, step.path) for step in walk("a: [1]")]
    [('map', ()), ('key', ('a',)), ('list', ('a',)), ('scalar', ('a', '0')), ('end', ('a',)), ('end', ())]

    Raises:
        NotYamlError: where it stops being YAML, has a second document, or is nested deeper than 64 levels;
            `OddKeyError` for a key that is not text.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from _steps(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if str(error.context).startswith(("while parsing a flow", "while scanning a quoted")):
            mark = error.context_mark  # where it was opened, not where the rest of the file was used up
        reason = str(error.problem or error.context or "it cannot be read")
        raise NotYamlError(reason, *((mark.line, mark.column) if mark else (0, 0))) from None
    except yaml.YAMLError as error:
        raise NotYamlError(str(error).split("\n", 1)[0]) from None


def _steps(events: Iterator[Any]) -> Iterator[Step]:
    documents = 0
    opened: list[_Open] = []
    for event in events:
        name = type(event).__name__
        if name == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                raise _refused(NotYamlError, "there is more than one document", event)
        elif name in _ENDS:
            yield Step("end", opened.pop().path, event, event)
        elif name in _VALUES:
            path: tuple[str, ...] = ()
            key = event
            if opened:
                inside = opened[-1]
                if inside.place is not None:
                    path = (*inside.path, str(inside.place))
                    inside.place += 1
                elif inside.key is None:
                    if name != "ScalarEvent":
                        yield Step("odd key", inside.path, event, event)
                        _pass_over(events, len(opened) + 1)
                        raise _refused(OddKeyError, ODD_KEY, event)
                    inside.key = event
                    yield Step("key", (*inside.path, event.value), event, event)
                    continue
                else:
                    path, key = (*inside.path, inside.key.value), inside.key
                    inside.key = None
            yield Step(_VALUES[name], path, event, key)
            if name in ("MappingStartEvent", "SequenceStartEvent"):
                _check_depth(len(opened), event)
                opened.append(_Open(path, 0 if name == "SequenceStartEvent" else None))


def _pass_over(events: Iterator[Any], depth: int) -> None:
    """Read on behind an odd key: nothing there can be told apart, but it may not even be YAML."""
    for event in events:
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            _check_depth(depth, event)
            depth += 1
        depth -= name in _ENDS


def _check_depth(depth: int, event: Any) -> None:
    if depth >= _DEEPEST:
        raise _refused(NotYamlError, f"it is nested deeper than {_DEEPEST} levels", event)


def _refused(kind: type[NotYamlError], reason: str, event: Any) -> NotYamlError:
    return kind(reason, event.start_mark.line, event.start_mark.column)


def is_quoted(event: Any) -> bool:
    """Whether a scalar is written in quotes or as a block (``|``, ``>``)."""
    return bool(event.style)


def scalar_kind(event: Any) -> str | None:
    """What a scalar is: ``"str" "int" "float" "bool" "null"`` or ``"date"``; None for a tag without a meaning here."""
    if event.tag is None or event.tag == "!":
        return "str" if is_quoted(event) or event.tag == "!" else kind_of(event.value)
    kind = str(event.tag).removeprefix(_STANDARD)
    if kind not in ("str", "int", "float", "bool", "null", "timestamp"):
        return None
    return "date" if kind == "timestamp" else kind


def is_tagged(event: Any, usual: str) -> bool:
    """Whether an event has a tag other than the one it would have anyway, such as ``"map"``."""
    return event.tag is not None and event.tag not in ("!", _STANDARD + usual)


@lru_cache(maxsize=4096)
def kind_of(text: str) -> str:
    """What YAML 1.1 reads an unquoted scalar as: ``"str" "int" "float" "bool" "null"`` or ``"date"``."""
    import yaml

    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in resolvers.get(text[:1], []) + resolvers.get(None, []):
        if pattern.match(text):
            kind = str(tag).removeprefix(_STANDARD)
            kind = "date" if kind == "timestamp" else kind
            return kind if kind in ("int", "float", "bool", "null", "date") else "str"
    return "str"
