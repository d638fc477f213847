"""``@argument`` files and JDK_JAVA_OPTIONS: the words of java's command line before any of them has a meaning."""

from __future__ import annotations

from collections.abc import Callable

_SPACE = " \t\n\r\f"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_TERMINAL = {
    *("-jar", "-m", "--module", "--dry-run", "-h", "-?", "-help", "--help", "-X", "--help-extra"),
    *("-version", "--version", "-fullversion", "--full-version"),
}


class NotForUs(Exception):  # noqa: N818 - an answer, not an error
    """The command line is for the real java: only it can do this, or only it can say what is wrong."""


class Expander:
    """Collects words; those of ``@file`` come from the file, up to the main class and unless ``--disable-@files``.

    Args:
        takes_value: whether an option is followed by its value.
    """

    def __init__(self, takes_value: Callable[[str], bool]):
        self.words: list[str] = []
        self.found_main = False
        self._takes_value = takes_value
        self._value_next = False
        self._literal = False

    def add(self, word: str) -> None:
        """Take one word of the command line."""
        if self.found_main or self._literal or not word.startswith("@") or word == "@":
            self._note(word)
        elif word.startswith("@@"):
            self._note(word[1:])
        else:
            for inner in split_file(_read(word[1:])):
                self._note(inner)

    def _note(self, word: str) -> None:
        self.words.append(word)
        if self.found_main:
            return
        if word.startswith("-"):
            self._value_next = self._takes_value(word) and word not in ("-m", "--module")
            self._literal |= word == "--disable-@files"
            self.found_main = word.startswith("--module=")
        else:
            self.found_main = not self._value_next
            self._value_next = False


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")
    except OSError:
        raise NotForUs from None


def split_file(text: str) -> list[str]:
    r"""Split an argument file's text into words.

    White space separates; ``#`` starts a comment; either quote keeps white space, and within it ``\n \r \t \f`` are
    what they are elsewhere, a backslash at a line's end joins the next line without its indentation, and any other
    ``\x`` is x. A word ends at its line's end, even within a quote. As in java, a ``#`` in the middle of a word drops
    the word from its last quote on, and a backslash at the file's end drops all of it.

    >>> split_file('-cp "my jars/a.jar"  # where\nMain')
    ['-cp', 'my jars/a.jar', 'Main']
    """
    words: list[str] = []
    parts: list[str] = []  # of the word at hand, up to its last quote or escape
    tail = ""  # what came after that
    quote = ""
    inside = False  # a word is at hand, if only an empty quote
    place, end = 0, len(text)
    while place < end:
        char = text[place]
        place += 1
        if char in _SPACE and not (quote and char not in "\r\n"):
            if inside:
                words.append("".join([*parts, tail]))
                parts, tail, quote, inside = [], "", "", False
        elif char == "#" and not quote:
            while place < end and text[place] not in "\r\n":
                place += 1
            tail, inside = "", False
        elif char == "\\" and quote:
            parts += [tail, _ESCAPES.get(text[place : place + 1], text[place : place + 1])]
            tail = ""
            if place == end or (parts[-1] in ("\r", "\n") and text[place] in "\r\n"):
                parts[-1] = ""
                while place < end and text[place] in _SPACE:
                    place += 1
                if place == end:
                    return words
            else:
                place += 1
        elif char in ("'", '"') and quote in ("", char):
            parts += [tail] if tail else []
            quote, tail, inside = "" if quote else char, "", True
        else:
            tail += char
            inside = True
    if tail or (inside and parts):
        words.append("".join([*parts, tail]))
    return words


def split_variable(text: str) -> list[str]:
    """Split JDK_JAVA_OPTIONS into words: white space separates, either quote keeps it, nothing is escaped.

    >>> split_variable("-ea '-Dname=a b'")
    ['-ea', '-Dname=a b']
    """
    words: list[str] = []
    place, end = 0, len(text)
    while place < end:
        if text[place].isspace():
            place += 1
            continue
        parts: list[str] = []
        while place < end and not text[place].isspace():
            if text[place] in "'\"":
                close = text.find(text[place], place + 1)
                if close < 0:
                    raise NotForUs
                parts.append(text[place + 1 : close])
                place = close + 1
            else:
                parts.append(text[place])
                place += 1
        words.append("".join(parts))
        if words[-1] in _TERMINAL or words[-1].startswith("--module="):
            raise NotForUs
    return words
