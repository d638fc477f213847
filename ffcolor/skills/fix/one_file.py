"""Fixing one SKILL.md: its front matter and its marked block change, and every other byte stays.

A file is fixed in rounds until its checker finds nothing more that can be fixed, so a second run changes nothing.
Before the result counts it is read again: it must be valid, and say what the file said before. Where any of this
fails, the file stays as it is and the reason is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ffcolor.skills.catalog import Problem
from ffcolor.skills.fix import marked_block as block
from ffcolor.skills.fix.entries import fix_entries
from ffcolor.skills.fix.front_items import UnsafeError
from ffcolor.skills.fix.front_marks import plain_marks, quote_text
from ffcolor.skills.fix.missing_front import give_front_matter, merge_displaced, move_displaced
from ffcolor.skills.fix.yaml_repair import quote_values
from ffcolor.skills.keys import AT_TOP
from ffcolor.skills.model import FrontMatter, Skill, Triad
from ffcolor.skills.reading.hidden_text import meant
from ffcolor.skills.reading.layout import Layout, lay_out

Read = Callable[[bytes], tuple[Skill, Sequence[Problem]]]
"""Reads a file's bytes: the skill, and the problems of this file alone that count."""

HANDLED = frozenset(("GF101", "GF102", "GF106", "GF107", "GF108", "GF202", "GF205", "GF206", "GF302", "GF307", "GF402"))
HANDLED |= {"GF110", "GF111", "GF112", "GF113", "GF114"}
"""The codes of what can be fixed within one file."""

TWO_TRITS = "it declares two trits: say whom you believe"
"""Why GF202 is left where nobody said whom to believe; a door adds how that is said there."""

_MOST_ROUNDS = 8
_MARK_LINE = r"[ \t>]*<!--\s*gf3:{}\s*-->\s*"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a file.

    Attributes:
        data: its bytes, fixed; or as they were.
        codes: what was fixed, ``"block"`` among them when the marked block was written anew.
        left: what was not fixed, and why: code -> reason.
        rest: the problems that the file alone still has.
    """

    data: bytes
    codes: frozenset[str]
    left: dict[str, str]
    rest: Sequence[Problem] = ()


def fix_file(data: bytes, read: Read, trust: str | None = None) -> Fixed:
    """Fix a file as far as that is safe.

    Args:
        data: its bytes.
        read: reads bytes as this file's, see `Read`.
        trust: ``"author"`` or ``"generated"``: whom to believe where the file declares two trits.
    """
    before, problems = read(data)
    wanted = left = _wanted(problems, trust)
    now, skill, has_new_block = data, before, False
    try:
        text = data.decode("utf-8")
        if re.search(r"\r(?!\n)", text):
            raise UnsafeError("it has carriage returns that do not end a line")
        for _ in range(_MOST_ROUNDS):
            new = _round(now, skill, problems, left, trust)
            if new == now:
                new = regenerated(now, skill)
                has_new_block |= new != now
            if new == now:
                break
            now = new
            skill, problems = read(now)
            left = _wanted(problems, trust)
            wanted |= left
        else:
            raise UnsafeError("fixing it would never end")
        if now != data:
            _verify(text, before, now.decode("utf-8"), skill, trust)
    except UnicodeDecodeError:
        return Fixed(data, frozenset(), dict.fromkeys(wanted, "it is not UTF-8"))
    except UnsafeError as error:
        return Fixed(data, frozenset(), dict.fromkeys(sorted(wanted) or ["block"], error.reason))
    done = wanted - left | ({"block"} if has_new_block else set())
    return Fixed(now, done, {code: _reason(code) for code in sorted(left)}, problems)


def _wanted(problems: Sequence[Problem], trust: str | None) -> frozenset[str]:
    codes = {each.code for each in problems if each.fixable or (each.code == "GF205" and trust == "generated")}
    return (HANDLED & codes) - ({"GF206"} if "GF202" in codes and trust is None else set())


def _reason(code: str) -> str:
    if code == "GF202":
        return TWO_TRITS
    if code == "GF206":
        return "its trit is not certain: see what else is wrong with it"
    if code in ("GF302", "GF307"):
        return "it stands in the author's own text, or its trits do not sum to 0"
    return "there is no safe way to fix it"


def _round(data: bytes, skill: Skill, problems: Sequence[Problem], codes: frozenset[str], trust: str | None) -> bytes:
    """The bytes after one step; the same bytes when there is nothing to do."""
    if not codes:
        return data
    text = data.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    if mark and "GF111" in codes:
        return text[1:].encode("utf-8")
    lines = split(text[len(mark) :])
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    front = skill.front
    if front is not None and {"GF112", "GF113"} & codes:
        lines = plain_marks(lines, front)
    elif front is None:
        if "GF107" in codes and skill.displaced is not None:
            lines = move_displaced(lines, skill, newline)
        elif "GF101" in codes:
            lines = give_front_matter(lines, skill, newline)
    elif front.error is not None:
        if "GF102" in codes:
            _refuse_open(lines, front.last)
            lines[front.first : front.last - 1] = quote_values(lines[front.first : front.last - 1])
    elif "GF107" in codes:
        _refuse_open(lines, front.last)
        lines = merge_displaced(lines, skill, newline)
    elif {"GF110", "GF114"} & codes:
        lines = quote_text(lines, skill, front)
    else:
        _refuse_open(lines, front.last)
        region = lines[front.first : front.last - 1]
        lines[front.first : front.last - 1] = fix_entries(region, skill, problems, codes, trust, newline)
    return (mark + "".join(lines)).encode("utf-8")


def split(text: str) -> list[str]:
    r"""Lines with their ends; only ``\n`` ends one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _refuse_open(lines: Sequence[str], last: int) -> None:
    if last > len(lines) or lines[last - 1].strip() not in ("---", "..."):
        raise UnsafeError("the line of --- that closes its front matter is missing")


# ---- the marked block --------------------------------------------------------------------------------------------


def is_stale(skill: Skill) -> bool:
    """Whether the marked block says something else than the front matter, which it is written from."""
    if not any("gf3:begin" in line for line in skill.lines):
        return False
    if skill.front is None or skill.front.error is not None:
        return False
    trit, color, triads = _source(skill)
    shown = [each for each in (*skill.triads, *skill.formulas) if each.form == "block"]
    trits = [each.value for each in skill.trits if each.form == "block"]
    colors = [each.hex for each in skill.colors if each.form == "block"]
    if (trits and trit is None) or (colors and color is None) or (shown and not triads):
        return False  # the front matter has lost what the block still has
    return (
        trits != ([] if trit is None else [trit])
        or colors != ([] if color is None else [color])
        or [each.key for each in shown] != [each.key for each in triads]
        or any(each.result is not None and (each.result - each.total) % 3 for each in shown)
        or any(each.claim is not None and each.claim != each.is_balanced for each in shown)
    )


def _source(skill: Skill) -> tuple[int | None, str | None, list[Triad]]:
    """Trit, colour and triads as `metadata` has them; each triad once."""
    trit = next((each.value for each in skill.trits if each.form == "metadata.gf3-trit"), None)
    color = next((each.hex for each in skill.colors if each.form == "metadata.gf3-color"), None)
    return trit, color, list({each.key: each for each in skill.triads if each.form == "front matter"}.values())


def regenerated(data: bytes, skill: Skill) -> bytes:
    """A file's bytes with its marked block written anew from the front matter, if it says something else."""
    if not is_stale(skill):
        return data
    text = data.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = split(text[len(mark) :])
    inside = _block_lines(lines, skill)
    if inside is None:
        return data
    newline = "\r\n" if lines[inside.start - 1].endswith("\r\n") else "\n"
    lines[inside.start : inside.stop] = [line + newline for line in block.render(*_source(skill))]
    return (mark + "".join(lines)).encode("utf-8")


def _block_lines(lines: Sequence[str], skill: Skill) -> range | None:
    """Indices of the lines between the marks; None without a block that can be written anew."""
    if not any("gf3:begin" in line for line in lines):
        return None
    layout: Layout = lay_out(skill.lines, skill.body)
    if len(layout.blocks) != 1:
        return None
    first, last = (layout.place(offset).line for offset in (layout.blocks[0].start, layout.blocks[0].end))
    begin, end = (
        re.fullmatch(_MARK_LINE.format(word), lines[at - 1]) for word, at in (("begin", first), ("end", last))
    )
    return range(first, last - 1) if begin and end and first < last else None


# ---- before it counts --------------------------------------------------------------------------------------------


def _verify(old_text: str, old: Skill, new_text: str, new: Skill, trust: str | None) -> None:
    """Refuse a result that is not valid, or that says something else than the file did."""
    if new.front is None or new.front.error is not None:
        raise UnsafeError("its front matter could not be fixed")
    if old.front is None or old.displaced is not None:
        rest = iter(split(old_text.removeprefix("\ufeff")))
        if not all(line in rest for line in _body(new_text, new)[_added_blank(old_text, old) :]):
            raise UnsafeError("its body would change")
    elif _body(old_text, old) != _body(new_text, new):
        raise UnsafeError("its body would change")
    if old.front is not None:
        for key in sorted(AT_TOP - {"metadata"}):
            was, now = _entry(old.front, key), _entry(new.front, key)
            if was and was != now and old.front.error is None and not _is_as_meant(old, new, key):
                raise UnsafeError(f"its {key!r} would change")
    if trust is None and old.trit is not None and new.trit != old.trit:
        raise UnsafeError("its trit would change")
    if old.color is not None and new.color != old.color:
        raise UnsafeError("its colour would change")
    was_told, is_told = ({each.key for each in skill.triads if each.form == "front matter"} for skill in (old, new))
    if not (was_told <= is_told if old.front is None or old.front.error else was_told == is_told):
        raise UnsafeError("its triads would change")


def _entry(front: FrontMatter, key: str) -> list[tuple[object, ...]]:
    """What stands under a key at the top, however deep."""
    return [(each.key, each.text, each.kind) for each in front.entries if each.key[0] == key]


def _is_as_meant(old: Skill, new: Skill, key: str) -> bool:
    """Whether a key has become the text that its author meant, where YAML had read something else."""
    was, now = (skill.front.get(key) if skill.front else None for skill in (old, new))
    told = meant(old.lines, old.front, was) if was and old.front else None
    return told is not None and now is not None and now.text == told.text


def _added_blank(text: str, skill: Skill) -> int:
    """How many blank lines stand between front matter that was written anew and the text."""
    if skill.front is not None:
        return 0
    return int(skill.displaced is None and bool(split(text.removeprefix("\ufeff"))[:1][0].strip()) if text else 0)


def _body(text: str, skill: Skill) -> list[str]:
    """The lines after the front matter, without those of the marked block."""
    lines = split(text.removeprefix("\ufeff"))
    inside = _block_lines(lines, skill) or range(0)
    return [line for place, line in enumerate(lines) if place >= skill.body - 1 and place not in inside]
