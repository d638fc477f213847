"""Carrying out a repair: each edit is made, the file read again, and kept only when it says exactly what was planned.

A trit is changed wherever its file declares it, in the words that stand there. A triad is taken out where it has a line
to itself. Everything else is left to people, and named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ffcolor.files import read_file, write_atomically
from ffcolor.skills.gf3 import WORDS, format_trit
from ffcolor.skills.model import FrontMatter, Skill, Triad, TritClaim
from ffcolor.skills.reading.skill_file import LARGEST, read_skill
from ffcolor.skills.solve.repair import Plan

_FAMILIES = (("MINUS", "ERGODIC", "PLUS"), ("VALIDATOR", "COORDINATOR", "GENERATOR"), ("SLAVE", "MASTER", "GAY"))
_WORD = re.compile(r"[A-Za-z]+")
_AROUND = re.compile(r"(?:[-*+>`\s\u2713\u2714=\u2192\u2261().]|mod|\b[03]\b|\[[^\]]*\])*")


@dataclass
class Applied:
    """What became of one file."""

    path: str
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What people have to do themselves, as `path:line: what`."""


def apply(plan: Plan) -> list[Applied]:
    """Carry a plan out, file by file in order of path; each file is written atomically, or not at all.

    Raises:
        FfcolorError: `file-read` or `file-write` when a file can no longer be read or written.
    """
    work: dict[str, tuple[Skill, list[int], list[tuple[Triad, str]]]] = {}
    for change in plan.changes:
        work.setdefault(change.skill.path, (change.skill, [], []))[1].append(change.new)
    for dropped in plan.dropped:
        for skill, triad in dropped.statements:
            work.setdefault(skill.path, (skill, [], []))[2].append((triad, str(dropped)))
    return [_apply_to(*work[path]) for path in sorted(work)]


def as_plain(applied: Sequence[Applied]) -> dict[str, Any]:
    """What was done in each file, and what is left to people, as plain data."""
    return {
        "done": {one.path: one.done for one in applied if one.done},
        "left": [each for one in applied for each in one.left],
    }


def _apply_to(skill: Skill, trits: Iterable[int], drops: Iterable[tuple[Triad, str]]) -> Applied:
    result = Applied(skill.path)
    data = before = read_file(skill.path, LARGEST)
    for new in trits:
        told = f"trit {'none' if skill.trit is None else format_trit(skill.trit)} -> {format_trit(new)}"
        edited = _with_trit(data, skill, new)
        claim = skill.trit_claim
        line = claim.place.line if claim else 1
        data = _keep(result, data, edited, told, line)
    for triad, told in drops:
        data = _keep(result, data, _without(data, skill, triad), f"drop {told}", triad.place.line)
    if data != before:
        write_atomically(skill.path, data)
    return result


def _keep(result: Applied, data: bytes, edited: bytes | None, told: str, line: int) -> bytes:
    if edited is None:
        result.left.append(f"{result.path}:{line}: {told}")
        return data
    result.done.append(told)
    return edited


def _read(data: bytes, skill: Skill) -> Skill | None:
    found = read_skill(data, skill.path, skill.root, skill.folder)
    return found if isinstance(found, Skill) else None


def _with_trit(data: bytes, skill: Skill, new: int) -> bytes | None:
    """The file with another trit; None when no edit makes it say so."""
    old = _read(data, skill)
    if old is None:
        return None
    lines = _split(data)
    if lines is None:
        return None
    if old.trits:
        for claim in old.trits:
            if claim.value != new:
                line = _respelt(lines[claim.place.line - 1], claim, new)
                if line is None:
                    return None
                lines[claim.place.line - 1] = line
    elif not _declare(lines, old.front, new):
        return None
    edited = "".join(lines).encode("utf-8")
    after = _read(edited, skill)
    if after is None or after.trit != new or any(each.value != new for each in after.trits):
        return None
    if any(each.role_trit not in (None, new) for each in after.trits):
        return None
    return edited if _same(old, after) and _triads(old) == _triads(after) else None


def _respelt(line: str, claim: TritClaim, new: int) -> str | None:
    start = line.find(claim.text, claim.place.column - 1)
    if start < 0:
        return None
    end = start + len(claim.text)
    before, rest = line[:start], line[end:]
    close = rest.find(")") + 1 if "(" in rest[:3] or before.rstrip().endswith("(") else 0
    rest = _WORD.sub(lambda word: _word(word[0], claim.value, new), rest[:close]) + rest[close:]
    if claim.role and WORDS.get(claim.text.upper()) is None:
        at = before.rfind(claim.role)
        if at >= 0:
            before = before[:at] + _word(claim.role, claim.role_trit, new) + before[at + len(claim.role) :]
    if claim.text.upper() in WORDS:
        rest = re.sub(r"(?<![\d.])[+\-\u2212]?[01](?![\d.])", format_trit(new), rest[:close]) + rest[close:]
        return before + _word(claim.text, WORDS[claim.text.upper()], new) + rest
    written = format_trit(new)
    return before + (written.replace("-", "\u2212") if "\u2212" in claim.text else written) + rest


def _word(word: str, old: int | None, new: int) -> str:
    """A role word of the same family for another trit, in the same case; other words as they are."""
    family = next((each for each in _FAMILIES if word.upper() in each), None)
    if family is None or WORDS[word.upper()] != old:
        return word
    other = family[new + 1]
    return other if word.isupper() else other.lower() if word.islower() else other.capitalize()


def _declare(lines: list[str], front: FrontMatter | None, new: int) -> bool:
    """Add `gf3-trit` to the front matter."""
    if front is None or front.error:
        return False
    end = "\r\n" if lines[front.first - 1].endswith("\r\n") else "\n"
    below = [entry for entry in front.entries if entry.key[:1] == ("metadata",) and len(entry.key) == 2]
    if below:
        place = below[0].key_place
        indent = lines[place.line - 1][: place.column - 1]
        if indent.strip():
            return False
        lines.insert(place.line - 1, f'{indent}gf3-trit: "{format_trit(new)}"{end}')
    elif front.get("metadata"):
        return False
    else:
        lines.insert(front.last - 1, f'metadata:{end}  gf3-trit: "{format_trit(new)}"{end}')
    return True


def _without(data: bytes, skill: Skill, triad: Triad) -> bytes | None:
    """The file without one statement of a triad; None when it shares its line with other text."""
    old = _read(data, skill)
    lines = _split(data)
    if old is None or lines is None:
        return None
    found = next((each for each in old.triads if each.key == triad.key and each.form == triad.form), None)
    if found is None or "\n" in found.text or found.form == "table":
        return None
    number = found.place.line
    line = lines[number - 1]
    if found.form == "front matter":
        alone = sum(each.form == "front matter" and each.place.line == number for each in old.triads) == 1
    else:
        alone = found.text in line and bool(_AROUND.fullmatch(line.replace(found.text, "", 1)))
    if not alone:
        return None
    del lines[number - 1]
    key = old.front.get("metadata", "gf3-triads") if old.front and found.form == "front matter" else None
    if key is not None and sum(each.form == "front matter" for each in old.triads) == 1:
        if key.key_place.line != number - 1:
            return None
        del lines[number - 2]
    edited = "".join(lines).encode("utf-8")
    after = _read(edited, skill)
    if after is None or after.trit != old.trit or not _same(old, after):
        return None
    return edited if _triads(old) - Counter([(found.key, found.form)]) == _triads(after) else None


def _split(data: bytes) -> list[str] | None:
    """The lines with their ends; None where they are not the reader's."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return re.split(r"(?<=\n)", text) if "\r" not in text.replace("\r\n", "") else None


def _same(old: Skill, after: Skill) -> bool:
    def about(skill: Skill) -> object:
        return skill.name, skill.description, skill.color, None if skill.front is None else skill.front.error

    return about(old) == about(after)


def _triads(skill: Skill) -> Counter[tuple[object, str]]:
    return Counter((triad.key, triad.form) for triad in skill.triads)
