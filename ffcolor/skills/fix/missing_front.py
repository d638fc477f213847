"""Giving a file front matter that has none at its top: moved there from below, or written from its folder and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ffcolor.skills.fix import front_items, front_rewrite
from ffcolor.skills.fix.entries import Plan
from ffcolor.skills.fix.front_items import UnsafeError
from ffcolor.skills.fix.front_rewrite import quoted
from ffcolor.skills.fix.yaml_repair import spaced
from ffcolor.skills.keys import AT_TOP
from ffcolor.skills.model import Skill
from ffcolor.skills.reading import names
from ffcolor.skills.reading.body import find_displaced
from ffcolor.skills.reading.layout import Layout, lay_out
from ffcolor.skills.reading.yaml_walk import kind_of

_OWN = re.compile(r"^[ \t]{0,8}[\"']?description[\"']?[ \t]*[:=]", re.M)
_HEAD = 40  # lines at the top that may be front matter which is written wrongly
_LABEL = re.compile(r"(?:[-*+•] )?[^\w\s]{0,3} ?\*\*[^*\n]{1,40}(?::\*\*|\*\*[ \t]*:)")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")  # none of it begins anew at each bracket
_MARKS = re.compile(r"[`*]|(?<!\w)_+|(?<!_)_+(?!\w)")
_LONGEST = 1024
_FAR = 40  # lines of a block at the top that may be meant as front matter


def move_displaced(lines: Sequence[str], skill: Skill, newline: str) -> list[str]:
    """The lines with front matter moved to the top that stood in the body or in a fence.

    Raises:
        UnsafeError: when it cannot be told where it begins and ends.
    """
    first, end, inner = _displaced(lines, skill)
    return [f"---{newline}", *inner, f"---{newline}", *lines[:first], *lines[end:]]


def merge_displaced(lines: Sequence[str], skill: Skill, newline: str) -> list[str]:
    """The lines with front matter that stood in the body merged into that at the top, which wins.

    What belongs at the top stays there as it is; where the other one differs, its text is kept in `metadata`
    under a name of its own.

    Raises:
        UnsafeError: when something would be lost, or the two contradict each other.
    """
    if skill.front is None:
        raise UnsafeError("it has no front matter at its top")
    first, end, inner = _displaced(lines, skill)
    if any(line.lstrip().startswith("#") for line in inner):
        raise UnsafeError("the front matter in its body has comments that would be lost")
    top = list(lines[skill.front.first : skill.front.last - 1])
    known = {item.key: item for item in front_items.parse(top)}
    for item in front_items.parse(inner):
        if item.key in AT_TOP and item.key not in known:
            top += inner[item.first : item.end]
    plan = Plan(front_items.parse(top), skill, inner)
    for item in front_items.parse(inner):
        other = known.get(item.key)
        if item.key == "metadata":
            for child in item.children:
                plan.take(child)
        elif item.key not in AT_TOP:
            plan.take(item)
        elif other is not None and other.text.strip() != item.text.strip():
            plan.put(f"displaced-{item.key}", item.text, item.comment)
    changes = plan.changes()
    if changes:
        top = front_rewrite.rewrite(top, front_items.parse(top), changes, newline)
    opened, closed = lines[: skill.front.first], lines[skill.front.last - 1 : first]
    return [*opened, *top, *closed, *lines[end:]]


def _displaced(lines: Sequence[str], skill: Skill) -> tuple[int, int, list[str]]:
    """Where front matter in the body begins and ends, marks and fence included, and the lines between its marks."""
    layout = lay_out(skill.lines, skill.body)
    front = find_displaced(layout, skill.lines, frozenset((skill.name, skill.folder)))
    if front is None:
        raise UnsafeError("the front matter in its body cannot be found again")
    first, end = front.first - 1, front.last  # marks included
    if end > len(lines):
        raise UnsafeError("the front matter in its body never ends")
    inner = list(lines[front.first : front.last - 1])
    opened, closed = lines[first].strip(), lines[end - 1].strip()
    if not ((opened == "---" and closed in ("---", "...")) or (_is_fence(opened) and _is_fence(closed))):
        raise UnsafeError("the front matter in its body has no clear beginning and end")
    if any(re.match(r"[ \t>]", line) for line in inner[:1]):
        raise UnsafeError("the front matter in its body is indented")
    return *_with_fence(layout, lines, first, end), inner


def _with_fence(layout: Layout, lines: Sequence[str], first: int, end: int) -> tuple[int, int]:
    """The lines from `first` to `end`, and with them the fence around them where it holds nothing else."""
    for opened, closed in _fences(layout):
        around = [*lines[opened + 1 : first], *lines[end:closed]]
        is_closed = closed < len(lines) and _is_fence(lines[closed])
        if opened < first and end <= closed and is_closed and not "".join(around).strip():
            return opened, closed + 1
    return first, end


def _fences(layout: Layout) -> Iterator[tuple[int, int]]:
    """The lines that open and close each fence, counted from 0."""
    for fence in layout.fences:
        opened = layout.place(max(fence.start - 1, 0)).line - 1
        yield opened, layout.place(fence.end).line - 1


def _is_fence(line: str) -> bool:
    return line.startswith(("```", "~~~"))


def give_front_matter(lines: Sequence[str], skill: Skill, newline: str) -> list[str]:
    """The lines after front matter made of the folder's name and of the first paragraph.

    A block at the top that lacks only the blanks behind its colons is front matter already, once it has them.

    Raises:
        UnsafeError: when the folder's name is not a legal name, the text has nothing that could describe the skill, or
            it has a description of its own in something that is nearly front matter.
    """
    if meant := _almost(lines):
        return meant
    name = skill.folder
    if not names.is_legal(name) or len(name) > names.LONGEST:
        raise UnsafeError(f"its folder's name, {name!r}, is not a legal name for a skill")
    if _OWN.search("\n".join(lay_out(skill.lines, 1).prose.split("\n", _HEAD)[:_HEAD])):
        raise UnsafeError("it has a description of its own: put that between two lines of `---` at the top")
    text = describe(skill)
    written = name if kind_of(name) == "str" else quoted(name)
    head = ["---", f"name: {written}", f"description: {quoted(text)}", "---"]
    blank = [newline] if lines and lines[0].strip() else []
    return [*(line + newline for line in head), *blank, *lines]


def _almost(lines: Sequence[str]) -> list[str] | None:
    """The lines with `name:a` at the top as `name: a`; None where nothing of that kind stands there.

    Raises:
        UnsafeError: when a block at the top has a name or a description that cannot be told from the text.
    """
    if not lines or lines[0].strip() != "---":
        return None
    end = next((place for place, line in enumerate(lines[1:_FAR], 1) if line.strip() in ("---", "...")), None)
    inner = lines[1:end] if end else []
    keys = [match[1] for line in inner if (match := re.match(r"([A-Za-z_][\w-]{0,63})[ \t]*:", line))]
    if not {"name", "description"} & set(keys):
        return None
    with_blanks = [spaced(line) for line in inner]
    if end is None or with_blanks == list(inner):
        raise UnsafeError("it begins with a block that is almost front matter: write it as lines of `key: value`")
    return [lines[0], *with_blanks, *lines[end:]]


def describe(skill: Skill) -> str:
    """The first paragraph of a body as plain text of at most 1,024 characters; else its first heading."""
    layout = lay_out(skill.lines, skill.body)
    lines = layout.prose.split("\n")
    for opened, closed in _fences(layout):  # neither what they quote nor their marks describe anything
        lines[opened : closed + 1] = [""] * len(lines[opened : closed + 1])
    for paragraph in re.split(r"\n[ \t]*\n", "\n".join(lines[skill.body - 1 :])):
        text = paragraph.strip()
        if text and text[0] not in "#>|-+=<!\\$" and "⊗" not in text and not _LABEL.match(text) and "\x00" not in text:
            plain = _plain(text)
            if len(plain) > 2:
                return plain
    for _, _, heading in layout.headings:
        if plain := _plain(heading):
            return plain
    raise UnsafeError("there is no text to make a description from")


def _plain(text: str) -> str:
    text = " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())
    text = re.sub(r"-{3,}", "—", text)
    if len(text) <= _LONGEST:
        return text
    cut = text[: _LONGEST - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"
