"""Writing and reading the part of EDN that data of this package needs: one way out to Clojure without a dependency.

Python's dicts become maps with keywords as keys, lists and tuples become vectors; strings, whole numbers, floats, True,
False and None are what they are. Read back, a keyword is a string without its colon.

Source: the EDN format, github.com/edn-format/edn.
"""

from __future__ import annotations

import re
from typing import Any

from ffcolor.errors import FfcolorError

_TOKEN = re.compile(
    r"""(?P<space>(?:[\s,]|;[^\n]*)+)|(?P<open>[\[({])|(?P<close>[\])}])|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<atom>[^\s,;"()\[\]{}\\]+)""",
    re.DOTALL,
)
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\", '"': '"', "b": "\b", "f": "\f"}
_CONSTANTS = {"nil": None, "true": True, "false": False}
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_KEYWORD = re.compile(r"[A-Za-z*!_?$%&=<>.+-][\w*!?$%&=<>.+#:-]*(?:/[\w*!?$%&=<>.+#:-]+)?")
_DEEPEST = 64


def dumps(value: Any) -> str:
    r"""Write a value as EDN on one line.

    >>> dumps({"name": "a\n", "trit": 1, "triads": [["b", -1]], "color": None})
    '{:name "a\\n" :trit 1 :triads [["b" -1]] :color nil}'

    Raises:
        FfcolorError: `edn` for a value (or a key) that has no place in it.
    """
    if value is None or value is True or value is False:
        return {None: "nil", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return '"' + "".join(_escaped(sign) for sign in value) + '"'
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float) and abs(value) < float("inf"):
        return repr(value)
    if isinstance(value, dict):
        return "{" + " ".join(f"{_keyword(key)} {dumps(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + " ".join(dumps(each) for each in value) + "]"
    raise FfcolorError(f"{value!r} has no place in EDN", code="edn", value=value)


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
        return _ESCAPES[found[2]] if found[2] in _ESCAPES else str(_fail(f"{found[0]!r} is no escape", at))

    plain = re.sub(r"\\(?:u([0-9A-Fa-f]{4})|(.))", sign, text, flags=re.DOTALL)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # pairs of \u: one character


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[sign]
    return f"\\u{ord(sign):04x}" if ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or "\ud800" <= sign < "\ue000" else sign


def _keyword(key: Any) -> str:
    if not isinstance(key, str) or not _KEYWORD.fullmatch(key):
        raise FfcolorError(f"{key!r} is not a keyword of EDN: write letters, digits and -", code="edn", value=key)
    return ":" + key


def _fail(message: str, at: int) -> Any:
    raise _error(message, at)


def _error(message: str, at: int) -> FfcolorError:
    return FfcolorError(f"not EDN at character {at}: {message}", code="edn", position=at)
