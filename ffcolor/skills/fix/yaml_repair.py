"""Front matter that is not YAML made YAML: the values that break it are quoted, tabs that indent become spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ffcolor.skills.fix import front_items, front_rewrite
from ffcolor.skills.fix.front_items import UnsafeError
from ffcolor.skills.keys import AT_TOP
from ffcolor.skills.reading.front_matter import TIGHT
from ffcolor.skills.reading.yaml_walk import NotYamlError, OddKeyError, walk

_TIGHT = re.compile(r"([A-Za-z_][\w-]{0,63}):(?=[^\s:/])")  # any key at the top without a blank behind its colon
_LINE = re.compile(r"([ \t]*)([A-Za-z_][\w.-]*)[ \t]*:([ \t]+)(\S[^\r\n]*?)([ \t]*\r?\n?)")


def quote_values(lines: Sequence[str]) -> list[str]:
    r"""Lines of front matter, fixed so that they are YAML; lines that cause no trouble stay as they are.

    Only values on one line are quoted, and only when YAML cannot read them as one scalar by themselves. A known key
    with no blank behind its colon gets one.

    Raises:
        UnsafeError: when that does not make it a mapping with the keys that a reader sees.

    >>> print(*quote_values(["name: a\n", "description: Tides: when to sail\n"]), sep="", end="")
    name: a
    description: "Tides: when to sail"
    """
    fixed = [_known_spaced(_untabbed(line)) for line in lines]
    literal = -1  # indentation of the key of a block of text
    for place, line in enumerate(fixed):
        indent = len(line) - len(line.lstrip())
        if literal >= 0 and (indent > literal or not line.strip()):
            continue
        literal = -1
        match = _LINE.fullmatch(line)
        if not match:
            continue
        if re.fullmatch(r"[|>][-+0-9]*(?:[ \t]+#.*)?", match[4]):
            literal = indent
        elif not _is_readable(match[4]):
            fixed[place] = f"{match[1]}{match[2]}:{match[3]}{front_rewrite.quoted(_unquoted(match[4]))}{match[5]}"
    if fixed == list(lines):
        front_items.parse(fixed)  # says what is wrong, where it can
        raise UnsafeError("its front matter is not YAML, and no single value is to blame")
    items = front_items.parse(fixed)
    top = [match[2] for line in fixed if (match := re.match(r"()([A-Za-z_][\w.-]*)[ \t]*:(?:\s|$)", line))]
    if [item.key for item in items] != top:
        raise UnsafeError("its front matter is not YAML, and quoting its values would change what its keys are")
    return fixed


def spaced(line: str) -> str:
    r"""A line with the blank behind its colon that YAML needs, if it begins with a key.

    >>> spaced("name:a\n")
    'name: a\n'
    """
    match = _TIGHT.match(line)
    return f"{match[0]} {line[match.end() :]}" if match else line


def _known_spaced(line: str) -> str:
    """The same, for a key that is known, indented or not."""
    match = TIGHT.match(line.rstrip("\r\n")) or _TIGHT.match(line)
    if match is None or (match.re is _TIGHT and match[1] not in AT_TOP):
        return line
    end = match.end() if match.re is _TIGHT else match.start(3)
    return f"{line[:end]} {line[end:]}"


def _untabbed(line: str) -> str:
    margin = line[: len(line) - len(line.lstrip(" \t"))]
    return margin.replace("\t", "  ") + line[len(margin) :] if line.strip() else line


def _is_readable(value: str) -> bool:
    try:
        return not any(
            step.what == "alias" or (step.what == "map" and step.path and not step.event.flow_style)
            for step in walk(f"key: {value}\n")
        )
    except OddKeyError:
        return True
    except NotYamlError:
        return False


def _unquoted(value: str) -> str:
    """What a value means whose own quotes are the trouble: the text between the outer ones."""
    mark = value[0]
    if mark not in "\"'":
        return value
    inner = value[1:-1]
    if len(value) < 2 or value[-1] != mark or "\\" in inner or (mark * 2) in inner:
        raise UnsafeError("its front matter is not YAML: a quote is never closed, or closed too early")
    return inner
