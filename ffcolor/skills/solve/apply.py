"""Carrying out a repair: whatever would contradict something that agrees today is left to people, and named.

A trit changes only where no statement that stays says otherwise; a triad goes only where it contradicts the trits that
the files then have. So a second run finds nothing more to do, and a check nothing that was not there before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ffcolor.files import read_file, write_atomically
from ffcolor.skills import lock
from ffcolor.skills.checks import indexes
from ffcolor.skills.gf3 import format_trit
from ffcolor.skills.model import Collection, Member, Place, Skill, Triad
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.folders import shown_path
from ffcolor.skills.reading.skill_file import LARGEST
from ffcolor.skills.solve import edits
from ffcolor.skills.solve.offers import Offer
from ffcolor.skills.solve.repair import Change, Plan

_Statement = tuple[str, Triad | None, Member]
"""Which file says it, the triad that it is in if it is in one, and the skill with the trit."""


@dataclass
class Applied:
    """What became of one file."""

    path: str
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What people have to do themselves, as `path:line: what`."""
    is_lock: bool = False
    """Whether it is a lock file, written anew."""


def apply(plan: Plan, replace: bool = False) -> list[Applied]:
    """Carry a plan out, file by file in order of path; each file is written atomically, or not at all.

    Args:
        plan: what to do.
        replace: whether a triad becomes what it is offered instead, where there is an offer, rather than being dropped.

    Raises:
        FfcolorError: `file-read` or `file-write` when a file can no longer be read or written.
    """
    job = _Job(plan, replace)
    while not job.is_settled():
        pass
    return job.finish()


def as_plain(applied: Sequence[Applied]) -> dict[str, Any]:
    """What was done in each file, what is left to people, and the lock files written anew, as plain data."""
    return {
        "done": {one.path: one.done for one in applied if one.done and not one.is_lock},
        "left": [each for one in applied for each in one.left],
        "locks": [one.path for one in applied if one.is_lock],
    }


@dataclass(eq=False)
class _Drop:
    """One statement of a triad that is to go, or to say something else."""

    skill: Skill
    triad: Triad
    told: str
    offer: Offer | None
    members: dict[str, tuple[str, int]]
    is_stuck: bool = False


class _Job:
    """A plan under way; nothing is written before everything is settled."""

    def __init__(self, plan: Plan, replace: bool):
        self.about = plan.about
        self.changes = {change.skill.path: change for change in plan.changes}
        self.refused: dict[str, str] = {}
        self.drops: list[_Drop] = []
        for dropped in plan.dropped:
            offer = dropped.offer if replace else None
            names = [member.name for member in dropped.triad.members]
            members = dict(zip(names, offer.members, strict=True)) if offer else {}
            told = f"drop {dropped}" if offer is None else f"{offer} instead of {dropped}"
            self.drops += [_Drop(skill, triad, told, offer, members) for skill, triad in dropped.statements]
        self.skills = {change.skill.path: change.skill for change in plan.changes}
        self.skills.update((drop.skill.path, drop.skill) for drop in self.drops)
        self.before = {path: read_file(path, LARGEST) for path in sorted(self.skills)}
        self.after: dict[str, bytes] = {}
        self.results: dict[str, Applied] = {}
        self.said = dict(_statements(self.about)) if self.about else {}

    def is_settled(self) -> bool:
        """Edit every file; whatever fails or would contradict something is given up, and all is done once more."""
        known = len(self.refused), sum(drop.is_stuck for drop in self.drops)
        for path, skill in self.skills.items():
            self._edit(path, skill)
        gone = self._gone()
        for drop in self.drops:
            drop.is_stuck = drop.is_stuck or (id(drop.triad) in gone and self._is_disputed(drop, gone))
        for path, change in self.changes.items():
            if path not in self.refused and (why := self._against(change, gone)) is not None:
                self.refused[path] = why
        names = {self.changes[path].skill.name for path in self.refused}
        for path, change in self.changes.items():  # copies of a skill change together
            if path not in self.refused and change.skill.name in names:
                self.refused[path] = " (its copies cannot change)"
        return known == (len(self.refused), sum(drop.is_stuck for drop in self.drops))

    def _edit(self, path: str, skill: Skill) -> None:
        data, result = self.before[path], Applied(path)
        change = self.changes.get(path)
        if change is not None:
            old = "none" if change.old is None else format_trit(change.old)
            told = f"trit {old} -> {format_trit(change.new)}"
            edited = None if path in self.refused else edits.with_trit(data, skill, change.new)
            if edited is None:
                line = skill.trit_claim.place.line if skill.trit_claim else 1
                result.left.append(f"{path}:{line}: {told}{self.refused.setdefault(path, '')}")
            else:
                data, colors = edited
                result.done.append(told + colors)
        for drop in self.drops:
            if drop.skill.path != path:
                continue
            after = None if drop.is_stuck or not self._is_due(drop) else _carried_out(data, drop)
            if after is None:
                drop.is_stuck = drop.is_stuck or self._is_due(drop)
                result.left.append(f"{path}:{drop.triad.place.line}: {drop.told}")
            else:
                data = after
                result.done.append(drop.told)
        self.after[path], self.results[path] = data, result

    def _is_due(self, drop: _Drop) -> bool:
        """Whether a triad contradicts the trits that the files will have, and what it is to say instead does not."""
        if self.about is None:
            return True
        if any(self._will_be(name, drop.skill) not in (None, trit) for name, trit in drop.members.values()):
            return False
        stated = {(member.name, member.trit) for member in drop.triad.members}
        is_odd = not drop.triad.is_balanced or len(dict(stated)) < len(stated)
        return is_odd or any(self._will_be(name, drop.skill) not in (None, trit) for name, trit in stated)

    def _will_be(self, name: str, skill: Skill) -> int | None:
        """The trit that a name has once the job is done."""
        owner = _owner(self.about, skill, name) if self.about else None
        if owner is None:
            return None
        change = self.changes.get(owner.path)
        return change.new if change and owner.path not in self.refused else owner.trit

    def _gone(self) -> set[int]:
        """The statements that will not stand any more."""
        return {id(drop.triad) for drop in self.drops if not drop.is_stuck and self._is_due(drop)}

    def _is_disputed(self, drop: _Drop, gone: set[int]) -> bool:
        """Whether a statement that stays gives another trit to a member of what a triad is to say instead."""
        for name, trit in drop.members.values():
            owner = _owner(self.about, drop.skill, name) if self.about else None
            said = self.said.get(owner.path, ()) if owner else ()
            if any(member.trit != trit and id(triad) not in gone for _, triad, member in said):
                return True
        return False

    def _against(self, change: Change, gone: set[int]) -> str | None:
        """Who would contradict a new trit and does not contradict the old one; None for nobody."""
        for path, triad, member in self.said.get(change.skill.path, ()):
            agrees_today = change.old is None or member.trit == change.old
            if id(triad) not in gone and member.trit != change.new and agrees_today:
                return f" (first correct {path}:{member.place.line}, which says {format_trit(member.trit)})"
        return None

    def finish(self) -> list[Applied]:
        """Write what has changed, and the lock files with it."""
        written = {path: data for path, data in self.after.items() if data != self.before[path]}
        for path, data in written.items():
            write_atomically(path, data)
        results = [self.results[path] for path in sorted(self.results)]
        if self.about and written:
            skills = [_again(skill, written.get(skill.path)) for skill in self.about.skills]
            for path, data in lock.renewed(assemble(self.about.roots, skills)):
                write_atomically(path, data)
                results.append(Applied(shown_path(os.fspath(path)), ["written anew"], is_lock=True))
        return results


def _carried_out(data: bytes, drop: _Drop) -> bytes | None:
    if drop.offer is None:
        return edits.without(data, drop.skill, drop.triad)
    return edits.restated(data, drop.skill, drop.triad, drop.members)


def _again(skill: Skill, data: bytes | None) -> Skill:
    again = None if data is None else edits.read(data, skill)
    return skill if again is None else again


def _statements(collection: Collection) -> Iterator[tuple[str, list[_Statement]]]:
    """For each file, who says which trit of its skill."""
    found: dict[str, list[_Statement]] = {}
    for skill in collection.skills:
        for owner, statement in (*_in_text(collection, skill), *_in_sums(collection, skill)):
            found.setdefault(owner.path, []).append(statement)
    for path, owner, trit, line in indexes.agreeing(collection):
        found.setdefault(owner.path, []).append((path, None, Member(owner.name, trit, Place(line, 1))))
    yield from found.items()


def _in_text(collection: Collection, skill: Skill) -> Iterator[tuple[Skill, _Statement]]:
    """What a file's triads and mentions say of other skills, and of its own."""
    declared = {claim.place.line for claim in skill.trits}
    for mention in skill.mentions:
        owner = _owner(collection, skill, mention.name)
        if owner is not None and not (owner is skill and mention.place.line in declared):
            yield owner, (skill.path, None, mention)
    for triad in skill.triads:
        for member in triad.members:
            if (owner := _owner(collection, skill, member.name)) is not None:
                yield owner, (skill.path, triad, member)


def _in_sums(collection: Collection, skill: Skill) -> Iterator[tuple[Skill, _Statement]]:
    """The trits that make triads without numbers sum to 0, where they do today."""
    for named in skill.named:
        owners = [_owner(collection, skill, member.name) for member in named.members]
        trits = [
            member.trit if member.trit is not None else owner.trit if owner else None
            for member, owner in zip(named.members, owners, strict=True)
        ]
        if None in trits or sum(trit or 0 for trit in trits) % 3:
            continue
        for member, owner, trit in zip(named.members, owners, trits, strict=True):
            if owner is not None and member.trit is None and trit is not None:
                yield owner, (skill.path, None, Member(member.name, trit, member.place))


def _owner(collection: Collection, skill: Skill, name: str) -> Skill | None:
    """The skill that a name in a file means."""
    return skill if name in (skill.name, skill.folder) else collection.find(name, skill.path)
