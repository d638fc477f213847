"""Fuzzing the fixing of skills with atheris: any bytes are fixed or left alone, and a second run changes nothing.

`make fuzz` runs this for a minute, after the checker. By hand: ``python fuzz/skills_fix.py -max_total_time=60``.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["ffcolor", "yaml"]):
    from ffcolor.skills.catalog import RULES, Problem
    from ffcolor.skills.checks.run import check_collection
    from ffcolor.skills.fix.one_file import fix_file
    from ffcolor.skills.model import Skill
    from ffcolor.skills.reading.collection import assemble
    from ffcolor.skills.reading.skill_file import read_skill

from skills import seeds, text_of  # beside this file

TRUST = (None, None, "author", "generated")
EVERY = frozenset(RULES)


class NoSkillError(Exception):
    """Bytes that no skill is read from."""


def read(data: bytes) -> tuple[Skill, list[Problem]]:
    """A file alone, and what is wrong with it."""
    skill = read_skill(data, "me/SKILL.md", "", "me")
    if not isinstance(skill, Skill):
        raise NoSkillError
    alone = assemble((), [skill])
    return alone.skills[0], check_collection(alone, EVERY)


def one(data: bytes) -> None:
    """Fix a file twice; what it declares stays, unless somebody was to be believed."""
    text, trust = text_of(data[1:]), TRUST[data[0] % 4] if data else None
    try:
        before, _ = read(text)
    except NoSkillError:
        return
    fixed = fix_file(text, read, trust)
    assert fix_file(fixed.data, read, trust).data == fixed.data
    after, _ = read(fixed.data)
    if trust is None and before.trit is not None:
        assert after.trit == before.trit


if __name__ == "__main__":
    for seed in seeds():
        one(b"\0" + seed)
    atheris.Setup([*sys.argv, "-timeout=20", "-max_len=4000"], one)
    atheris.Fuzz()
