"""Writing and reading the part of EDN that data of this package needs: the one way out to Clojure.

Python's dicts become maps with keywords as keys, lists and tuples become vectors; strings, whole numbers, floats, True,
False and None are what they are. Read back, a keyword is a string without its colon. `dumps` writes documents, which
are read back the same; `answer` writes answers, which have to be written whatever they hold.

Source: the EDN format, github.com/edn-format/edn.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ffcolor.errors import FfcolorError

_TOKEN = re.compile(
    r"""(?P<space>(?:[\s,]|;[^\n]*)+)|(?P<open>[\[({])|(?P<close>[\])}])|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<atom>[^\s,;"()\[\]{}\\]+)""",
    re.DOTALL,
)
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\", '"': '"', "b": "\b", "f": "\f"}
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_SIGN = re.compile('["\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]')  # what is never written as it is
_CONSTANTS = {"nil": None, "true": True, "false": False} | {
    number: float(number[2:]) for number in ("##NaN", "##Inf", "##-Inf")
}
_WORDS = {None: "nil", True: "true", False: "false"}
_PLAIN = (str, int, float, list, dict, tuple, bool, type(None))
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_KEYWORD = re.compile(r"[A-Za-z*!_?$%&=<>.+-][\w*!?$%&=<>.+#:-]*(?:/[\w*!?$%&=<>.+#:-]+)?")
_SNAKE = re.compile(r"[a-z][a-z0-9_-]*\??")
_DEEPEST = 64
_LONGEST = 200  # letters of the repr of a value that is not plain


Special = Callable[[Any], str | None]
"""Writes a value that is not plain data; None leaves it to the writer."""


def dumps(value: Any, special: Special | None = None) -> str:
    r"""Write a document: on one line, keys as they stand, and nothing that would not be read back the same.

    >>> dumps({"name": "a\n", "trit": 1, "triads": [["b", -1]], "color": None})
    '{:name "a\\n" :trit 1 :triads [["b" -1]] :color nil}'

    Raises:
        FfcolorError: `edn` for a value (or a key) that has no place in it, NaN and the infinities among them.
    """
    return _Writer(_quoted, _keyword, _refused, _refused, special).write(value)


def answer(value: Any, special: Special | None = None) -> str:
    r"""Write an answer to a program in Clojure: in ASCII, keys in kebab case, and whatever happens to be in it.

    A key that is not a word becomes a string; NaN and the infinities are ``##NaN``, ``##Inf``, ``##-Inf``; what is not
    plain data is written as its repr, shortened.

    >>> answer({"liked_right": 1.0, "hue +20°": float("inf"), "why": {1, 2}})
    '{:liked-right 1.0 "hue +20\\u00b0" ##Inf :why "{1, 2}"}'
    """
    return _Writer(json.dumps, _kebab, number, _repr, special).write(value)


def number(value: float) -> str:
    """Write any float.

    >>> number(0.5), number(float("nan")), number(float("-inf"))
    ('0.5', '##NaN', '##-Inf')
    """
    if math.isfinite(value):
        return float.__repr__(value)
    return "##NaN" if math.isnan(value) else "##Inf" if value > 0 else "##-Inf"


class _Writer(NamedTuple):
    """The one writer: how text, keys, floats that are not finite, and values that are not plain are written."""

    text: Callable[[str], str]
    key: Callable[[Any], str]
    infinite: Callable[[Any], str]
    other: Callable[[Any], str]
    special: Special | None

    def write(self, value: Any) -> str:
        if type(value) not in _PLAIN and self.special is not None:
            written = self.special(value)
            if written is not None:
                return written
        if value is None or value is True or value is False:
            return _WORDS[value]
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            return str(int(value))
        if isinstance(value, float):
            return number(value) if math.isfinite(value) else self.infinite(value)
        if isinstance(value, Mapping):
            return "{" + " ".join(f"{self.key(key)} {self.write(each)}" for key, each in value.items()) + "}"
        if isinstance(value, list | tuple):
            return "[" + " ".join(map(self.write, value)) + "]"
        return self.other(value)


def loads(text: str) -> Any:
    """Read one EDN value; maps become dicts, vectors and lists become lists, keywords strings.

    >>> loads("[1 2 ; and so on")
    Traceback (most recent call last):
    ffcolor.errors.FfcolorError: not EDN at character 16: '[' is never closed
    >>> loads('{:name "a", :triads [["b" -1]]}')
    {'name': 'a', 'triads': [['b', -1]]}

    Raises:
        FfcolorError: `edn`, with the place in characters from 0, for anything that is not EDN or not of this part.
    """
    stack: list[tuple[str, list[Any]]] = [("", [])]
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token:
            raise _error(f"{text[at : at + 20]!r} is neither a value nor a bracket", at)
        if token["open"]:
            if len(stack) > _DEEPEST:
                raise _error(f"more than {_DEEPEST} brackets within each other", at)
            stack.append((token["open"], []))
        elif token["close"]:
            opened, values = stack.pop()
            if opened + token["close"] not in ("[]", "()", "{}"):
                raise _error(f"{token['close']!r} closes nothing", at)
            stack[-1][1].append(_map(values, at) if opened == "{" else values)
        elif token["text"] is not None:
            stack[-1][1].append(_unescaped(token["text"], at))
        elif token["atom"]:
            stack[-1][1].append(_atom(token["atom"], at))
        at = token.end()
    opened, values = stack[-1]
    if opened:
        raise _error(f"{opened!r} is never closed", at)
    if len(values) != 1:
        raise _error(f"there are {len(values)} values where there should be one", at)
    return values[0]


def _atom(atom: str, at: int) -> Any:
    if atom in _CONSTANTS:
        return _CONSTANTS[atom]
    if atom.startswith(":") and _KEYWORD.fullmatch(atom, 1):
        return atom[1:]
    if _NUMBER.fullmatch(atom):
        return int(atom) if len(atom) < 400 else _fail(f"a number of {len(atom)} digits", at)
    return float(atom) if _FLOAT.fullmatch(atom) else _fail(f"{atom[:40]!r} is not known here", at)


def _map(values: list[Any], at: int) -> dict[str, Any]:
    keys = values[::2]
    if len(values) % 2 or not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
        raise _error("a map holds pairs of a keyword and a value, each keyword once", at)
    return dict(zip(keys, values[1::2], strict=True))


def _unescaped(text: str, at: int) -> str:
    def sign(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        return _ESCAPES[found[2]] if found[2] in _ESCAPES else str(_fail(f"{found[0]!r} is not an escape", at))

    plain = re.sub(r"\\(?:u([0-9A-Fa-f]{4})|(.))", sign, text, flags=re.DOTALL)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # pairs of \u: one character


def _quoted(text: str) -> str:
    return '"' + _SIGN.sub(_escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return _SHORT.get(sign) or f"\\u{ord(sign):04x}"


def _keyword(key: Any) -> str:
    if not isinstance(key, str) or not _KEYWORD.fullmatch(key):
        raise FfcolorError(f"{key!r} is not a keyword of EDN: write letters, digits and -", code="edn", value=key)
    return ":" + key


def _kebab(key: Any) -> str:
    text = str(key)
    return ":" + text.replace("_", "-") if _SNAKE.fullmatch(text) else json.dumps(text)


def _refused(value: Any) -> str:
    raise FfcolorError(f"{value!r} has no place in EDN", code="edn", value=value)


def _repr(value: Any) -> str:
    return json.dumps(repr(value)[:_LONGEST])


def _fail(message: str, at: int) -> Any:
    raise _error(message, at)


def _error(message: str, at: int) -> FfcolorError:
    return FfcolorError(f"not EDN at character {at}: {message}", code="edn", position=at)
