"""GF208: what became of trits and colours since a base revision: lost, changed, or no longer read by machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ffcolor.skills.catalog import Problem, Severity, problem, resting, shown
from ffcolor.skills.gf3 import WORDS, format_trit
from ffcolor.skills.model import Collection, ColorClaim, Place, Skill, TritClaim

_START = Place(1, 1)
_ONLY = {"author": "in the text", "generated": "in a generated block"}


def lost(now: Collection, base: Collection) -> Iterator[Problem]:
    """GF208 for skills that declared a trit or a colour in `base` and are still there.

    Both collections need paths that can be compared: a skill is looked for under its path, then under its name.
    """
    by_path = {skill.path: skill for skill in now.skills}
    for before in base.skills:
        skill = by_path.get(before.path) or now.find(before.name, before.path)
        if skill is not None:
            yield from _trit(before, skill)
            yield from _color(before, skill)


def _trit(before: Skill, skill: Skill) -> Iterator[Problem]:
    was, now = before.trit_claim, skill.trit_claim
    if was is None or was.value is None:
        return
    trit = format_trit(was.value)
    what = f"the trit {trit} of {skill.name!r}"
    advice = f'metadata: gf3-trit: "{trit}"'
    if now is None or now.value is None:
        number = next((each.place for each in skill.trits if each.value is None and each.form != "triad"), None)
        yield _gone(skill, what, number or _mention(skill, was), advice, was)
    elif now.value != was.value:
        message = (
            f"the trit of {skill.name!r} has changed from {trit} to {format_trit(now.value)} since the base revision"
        )
        yield _told(skill, now.place, message, None, "warning")
    elif was.source == "front matter" and now.source != "front matter":
        yield _told(skill, now.place, _unread(what, now), advice, "warning")


def _color(before: Skill, skill: Skill) -> Iterator[Problem]:
    was, now = before.color_claim, skill.color_claim
    if was is None or was.hex is None:
        return
    what = f"the colour {was.hex} of {skill.name!r}"
    advice = f'metadata: gf3-color: "{was.hex}"'
    if now is None or now.hex is None:
        broken = next((each.place for each in skill.colors if each.hex is None and each.text), None)
        yield _gone(skill, what, broken or _find(skill, re.escape(was.hex)), advice, was)
    elif now.hex != was.hex:
        message = f"the colour of {skill.name!r} has changed from {was.hex} to {now.hex} since the base revision"
        yield _told(skill, now.place, message, None, "info")
    elif was.source == "front matter" and now.source != "front matter":
        yield _told(skill, now.place, _unread(what, now), advice, "warning")


def _gone(skill: Skill, what: str, rest: Place | None, advice: str, was: TritClaim | ColorClaim) -> Problem:
    if rest is None:
        found = _told(skill, _START, f"{what} is gone: the base revision declares it", advice)
    else:
        said = shown(skill.lines[rest.line - 1].strip(), 60) if rest.line <= len(skill.lines) else "this line"
        found = _told(skill, rest, f"{what} is no longer machine-readable: {said} declares nothing", advice)
    return resting(found, was.source == "generated", "only a generated block declared it")


def _unread(what: str, now: TritClaim | ColorClaim) -> str:
    return f"{what} is no longer machine-readable: it was in the front matter, and is only {_ONLY[now.source]} now"


def _told(skill: Skill, place: Place, message: str, advice: str | None, severity: Severity = "error") -> Problem:
    return replace(problem("GF208", skill.path, *place.pair, message, advice), severity=severity)


def _mention(skill: Skill, was: TritClaim) -> Place | None:
    """Where a file still speaks of a trit, in words that declare nothing."""
    words = [re.escape(format_trit(was.value or 0)), *(word for word, trit in WORDS.items() if trit == was.value)]
    if was.value == -1:
        words.append("\u22121")
    return _find(skill, rf"\btrit\b[^\n]{{0,60}}?(?<![\w.])(?:{'|'.join(words)})(?![\w.]\w|\w)")


def _find(skill: Skill, pattern: str) -> Place | None:
    """The first place in a file that matches, whatever the case."""
    search = re.compile(pattern, re.I).search
    found = ((number, search(line[:2000])) for number, line in enumerate(skill.lines, 1))
    return next((Place(number, match.start() + 1) for number, match in found if match), None)
