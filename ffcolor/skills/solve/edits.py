"""The edits of a repair, one file at a time: each result is read again, and is None unless it says what was planned.

A trit is changed wherever its file declares it, in the words that stand there, and its colours follow. A triad is taken
out where it has a line to itself, with the fence that it leaves empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set

from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.fix.one_file import is_stale, regenerated
from ffcolor.skills.gf3 import WORDS, format_trit
from ffcolor.skills.model import FrontMatter, Skill, Triad, TritClaim
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.layout import lay_out
from ffcolor.skills.reading.skill_file import read_skill
from ffcolor.skills.solve.hues import recolored

_FAMILIES = (("MINUS", "ERGODIC", "PLUS"), ("VALIDATOR", "COORDINATOR", "GENERATOR"), ("SLAVE", "MASTER", "GAY"))
_WORD = re.compile(r"[A-Za-z]+")
_IDLE = re.compile(r"\s*(?:(?:#|//|;;).*)?$")  # a line of a fence that says nothing without the others
_MEMBER = re.compile(
    r"(?P<between>:|[`*\]]{0,4}(?:\([^()\s]{1,200}\)[`*]{0,3})?[ \t]{0,8}\([ \t]{0,3})"
    r"(?P<trit>[+\-\u2212\u2013]?[01])(?!\d)"
)
_ALONE = frozenset(("GF202", "GF203", "GF204", "GF301", "GF302", "GF401", "GF402", "GF403", "GF404"))
_AROUND = re.compile(r"(?:[-*+>`\s\u2713\u2714=\u2192\u2261().]|mod|\b[03]\b|\[[^\]]*\])*")


def read(data: bytes, skill: Skill) -> Skill | None:
    """The skill of that file in these bytes."""
    found = read_skill(data, skill.path, skill.root, skill.folder)
    return found if isinstance(found, Skill) else None


def with_trit(data: bytes, skill: Skill, new: int) -> tuple[bytes, str] | None:
    """The file with another trit, and what else that changed; None when no edit makes it say so."""
    old = read(data, skill)
    lines = _split(data)
    if old is None or lines is None:
        return None
    colors = recolored(lines, old, new)
    if colors is None:
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
    edited = _finished("".join(lines).encode("utf-8"), old)
    after = read(edited, skill)
    if after is None or after.trit != new or any(each.value != new for each in after.trits):
        return None
    if any(each.role_trit not in (None, new) for each in after.trits):
        return None
    if not _same(old, after) or _triads(old) != _triads(after) or _contradictions(after) - _contradictions(old):
        return None
    return edited, colors


def _finished(data: bytes, old: Skill) -> bytes:
    """The bytes with the marked block as the front matter has it now, if it was so before."""
    was, now = _alone(old), read(data, old)
    return data if now is None or is_stale(was) else regenerated(data, _alone(now))


def _alone(skill: Skill) -> Skill:
    """A file's skill with its triads told from other formulas, as when it is fixed."""
    return assemble((), [skill]).skills[0]


def _contradictions(skill: Skill) -> Counter[str]:
    """How often a file alone contradicts itself, by code."""
    return Counter(each.code for each in check_collection(assemble((), [skill]), _ALONE))


def _respelt(line: str, claim: TritClaim, new: int) -> str | None:
    start = line.find(claim.text, claim.place.column - 1)
    if start < 0:
        return None
    end = start + len(claim.text)
    before, rest = line[:start], line[end:]
    close = rest.find(")") + 1 if "(" in rest[:3] or before.rstrip().endswith("(") else 0
    old = {claim.value, claim.role_trit}  # a role word that contradicts the number changes with it
    rest = _WORD.sub(lambda word: _word(word[0], old, new), rest[:close]) + rest[close:]
    if claim.role and WORDS.get(claim.text.upper()) is None:
        at = before.rfind(claim.role)
        if at >= 0:
            before = before[:at] + _word(claim.role, {claim.role_trit}, new) + before[at + len(claim.role) :]
    if claim.text.upper() in WORDS:
        rest = re.sub(r"(?<![\d.])[+\-\u2212]?[01](?![\d.])", format_trit(new), rest[:close]) + rest[close:]
        return before + _word(claim.text, {WORDS[claim.text.upper()]}, new) + rest
    written = format_trit(new)
    return before + (written.replace("-", "\u2212") if "\u2212" in claim.text else written) + rest


def _word(word: str, old: Set[int | None], new: int) -> str:
    """A role word of the same family for another trit, in the same case; other words as they are."""
    family = next((each for each in _FAMILIES if word.upper() in each), None)
    if family is None or WORDS[word.upper()] not in old:
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


def without(data: bytes, skill: Skill, triad: Triad) -> bytes | None:
    """The file without one statement of a triad; None when it shares its line with other text."""
    old = read(data, skill)
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
    first, end = number - 1, number
    if found.form == "front matter":
        if old.front and sum(each.form == "front matter" for each in old.triads) == 1:
            key = old.front.get("metadata", "gf3-triads")
            if key is not None and key.key_place.line != number - 1:
                return None
            first -= key is not None
            metadata = old.front.get("metadata")
            inside = [each for each in old.front.entries if each.key[:1] == ("metadata",)]
            if key is not None and metadata is not None and len(inside) == 2 and metadata.key_place.line == first:
                first -= 1  # it would hold nothing
    else:
        first, end = _with_fence(old, lines, first, end)
    del lines[first:end]
    edited = "".join(lines).encode("utf-8")
    after = read(edited, skill)
    if after is None or not _same(old, after) or _declared(old) != _declared(after):
        return None
    return edited if _triads(old) - Counter([(found.key, found.form)]) == _triads(after) else None


def _with_fence(old: Skill, lines: list[str], first: int, end: int) -> tuple[int, int]:
    """The lines to take out, and the fence around them where only blank lines and comments would be left in it."""
    layout = lay_out(old.lines, old.body)
    for fence in layout.fences:
        opened, closed = layout.place(max(fence.start - 1, 0)).line - 1, layout.place(fence.end).line - 1
        rest = [*lines[opened + 1 : first], *lines[end:closed]]
        is_closed = closed < len(old.lines) and lines[closed].lstrip(" \t>").startswith(("```", "~~~"))
        if opened < first and end <= closed and is_closed and all(_IDLE.match(line) for line in rest):
            first, end = opened, closed + 1
            if first > 0 and end < len(lines) and not lines[first - 1].strip() and not lines[end].strip():
                end += 1  # one blank line is enough
            break
    return first, end


def restated(data: bytes, skill: Skill, triad: Triad, members: Mapping[str, tuple[str, int]]) -> bytes | None:
    """The file where one statement of a triad has other members or trits; None when there is no room for that.

    Args:
        data: the file.
        skill: the file's.
        triad: as it was read.
        members: each member's name -> the name and the trit in its place.
    """
    old, lines = read(data, skill), _split(data)
    if old is None or lines is None:
        return None
    found = next((each for each in old.triads if each.key == triad.key and each.form == triad.form), None)
    if found is None or any(member.name not in members for member in found.members):
        return None
    for member in sorted(found.members, key=lambda each: each.place, reverse=True):
        name, trit = members[member.name]
        line, at = lines[member.place.line - 1], member.place.column - 1
        match = _MEMBER.match(line, at + len(member.name)) if line.startswith(member.name, at) else None
        if match is None:
            return None
        between = match["between"].replace(member.name, name)
        written = format_trit(trit)
        written = written.replace("-", "\u2212") if "\u2212" in match["trit"] else written
        lines[member.place.line - 1] = line[:at] + name + between + written + line[match.end("trit") :]
    edited = "".join(lines).encode("utf-8")
    after = read(edited, skill)
    if after is None or not _same(old, after) or _declared(old) != _declared(after):
        return None
    key = tuple(sorted(members[member.name] for member in found.members))
    wanted = _triads(old) - Counter([(found.key, found.form)]) + Counter([(key, found.form)])
    return edited if wanted == _triads(after) else None


def _split(data: bytes) -> list[str] | None:
    """The lines with their ends; None where they are not the reader's."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return re.split(r"(?<=\n)", text) if "\r" not in text.replace("\r\n", "") else None


def _same(old: Skill, after: Skill) -> bool:
    def about(skill: Skill) -> object:
        return skill.name, skill.description, len(skill.colors), None if skill.front is None else skill.front.error

    return about(old) == about(after)


def _declared(skill: Skill) -> object:
    """What a file declares, wherever."""
    trits = [(each.value, each.text, each.form) for each in skill.trits]
    return trits, [(each.hex, each.text, each.form) for each in skill.colors]


def _triads(skill: Skill) -> Counter[tuple[object, str]]:
    return Counter((triad.key, triad.form) for triad in skill.triads)
