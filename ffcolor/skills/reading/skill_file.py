"""One SKILL.md from bytes to a `Skill`: text, front matter, body, and nothing that depends on other files."""

from __future__ import annotations

import re
from types import MappingProxyType

from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.model import FrontMatter, Place, Skill
from ffcolor.skills.reading.body import find_displaced, illegal_trits, read_colors, read_triads, read_trits
from ffcolor.skills.reading.front_claims import bad_tokens, front_colors, front_triads, front_trits
from ffcolor.skills.reading.front_matter import find_end, parse
from ffcolor.skills.reading.layout import ignores, lay_out
from ffcolor.skills.reading.mentions import read_mentions
from ffcolor.skills.reading.tables import find_tables
from ffcolor.skills.reading.triad_text import find_formulas, named_triads, nfc

LARGEST = 1 << 20
"""Bytes of a file that is read; the specification's own advice is below 500 lines."""

_MARK = b"\xef\xbb\xbf"
_KNOWN = {"name", "description", "license", "compatibility", "metadata", "allowed-tools", "version", "trit", "color"}


def read_skill(data: bytes, path: str, root: str = "", folder: str = "") -> Skill | Problem:
    r"""Read one file.

    Args:
        data: its bytes.
        path: how problems name it.
        root: the path of the user's that it was found under.
        folder: the name of its folder.

    Returns:
        The skill, or the one problem (GF100) that says why these bytes cannot be one.

    >>> read_skill(b"---\nname: a\ndescription: b\n---\n**Trit**: +1 (PLUS)\n", "a/SKILL.md", folder="a").trit
    1
    """
    lines = _lines(data, path)
    if isinstance(lines, Problem):
        return lines
    return _read_text(lines, path, root, nfc(folder), data.startswith(_MARK))


def read_page(data: bytes, path: str, root: str = "") -> Skill | Problem:
    """Read a Markdown file that is not a skill's, for the triads in it; the result has no name.

    Args are those of `read_skill`.
    """
    lines = _lines(data, path)
    if isinstance(lines, Problem):
        return lines
    layout = lay_out(lines, 1)
    formulas, tables = find_formulas(layout.visible, 0, len(layout.text)), list(find_tables(layout))
    return Skill(
        path=path,
        root=root,
        folder="",
        name="",
        trits=tuple(illegal_trits(layout, formulas, tables)),
        triads=tuple(read_triads(layout, formulas, tables)),
        named=tuple(named_triads(layout.visible, layout, 0, len(layout.text))),
        lines=lines,
        ignores=MappingProxyType(ignores(layout, lines, range(0))),
    )


def _lines(data: bytes, path: str) -> tuple[str, ...] | Problem:
    """The lines of a text, or why it is not one."""
    if len(data) > LARGEST:
        message = f"the file is larger than {LARGEST:,} bytes and was not read"
        return problem("GF100", path, 1, 1, message)
    if b"\0" in data:
        return problem("GF100", path, *_place(data, data.index(b"\0")), "the file holds NUL bytes: it is not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = error.object[error.start]
        message = f"the file is not UTF-8: byte 0x{bad:02X} cannot be read"
        return problem("GF100", path, *_place(data, error.start), message, "save it as UTF-8")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _place(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[start:].decode("utf-8-sig", "replace")) + 1


def _read_text(lines: tuple[str, ...], path: str, root: str, folder: str, has_mark: bool) -> Skill:
    front = _front(lines)
    body = 1 if front is None else min(front.last + 1, len(lines) + 1)
    layout = lay_out(lines, body)
    named = front.get("name") if front else None
    name = nfc(named.text.strip()) if named and named.kind != "map" and named.text.strip() else folder
    described = front.get("description") if front else None
    displaced = find_displaced(layout, lines, frozenset((name, folder)))
    formulas, tables = find_formulas(layout.visible, layout.body, len(layout.text)), list(find_tables(layout))
    trits, colors = read_trits(layout, frozenset((name, folder)), formulas, tables), read_colors(layout)
    triads = read_triads(layout, formulas, tables)
    if front:
        trits = [*front_trits(front, "front matter"), *trits]
        colors = [*front_colors(front, "front matter"), *colors]
        triads = [*front_triads(front, lines), *triads]
        trits += bad_tokens(front, lines)
    if displaced:
        trits = sorted([*trits, *front_trits(displaced, "author")], key=lambda claim: claim.place)
        colors = sorted([*colors, *front_colors(displaced, "author")], key=lambda claim: claim.place)
        triads = [*triads, *(t for t in front_triads(displaced, lines) if t.place not in {u.place for u in triads})]
    return Skill(
        path=path,
        root=root,
        folder=folder,
        name=name,
        description=described.text.strip() if described else "",
        trits=tuple(trits),
        colors=tuple(colors),
        triads=tuple(triads),
        named=tuple(named_triads(layout.visible, layout, layout.body, len(layout.text))),
        mentions=tuple(read_mentions(layout, formulas, tables)),
        front=front,
        body=body,
        lines=lines,
        ignores=MappingProxyType(ignores(layout, lines, range(1, body))),
        displaced=Place(displaced.first, 1) if displaced else None,
        has_mark=has_mark,
    )


def _front(lines: tuple[str, ...]) -> FrontMatter | None:
    """The front matter at the very top, or None: a ``---`` over prose is a horizontal rule."""
    if lines[0][:3] != "---" or lines[0][3:].strip():
        return None
    end = find_end(lines, 0)
    if end is None:
        first = next((line for line in lines[1:] if line.strip()), "")
        if not re.match(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)", first):
            return None
        last = next((number for number, line in enumerate(lines[1:], 2) if not line.strip()), len(lines) + 1)
        front = parse(lines, 1, last)
        reason = "its closing `---` is missing"
        return FrontMatter(1, last - 1, front.entries, reason, Place(1, 1))
    front = parse(lines, 1, end + 1)
    known = {entry.key[0] for entry in front.entries} & _KNOWN
    is_rule = not known and (front.error or not lines[1].strip())
    return None if is_rule and end > 1 else front
