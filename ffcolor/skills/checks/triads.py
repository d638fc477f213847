"""GF301 to GF313: whether triads sum to 0, name skills that exist, and agree with what those declare."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from ffcolor.skills.catalog import Problem, problem, resting, shown
from ffcolor.skills.gf3 import format_trit
from ffcolor.skills.model import Collection, Member, NamedTriad, Skill, Triad
from ffcolor.skills.reading.names import Names


def check_triads(collection: Collection) -> Iterator[Problem]:
    """The findings of these checks in a whole collection."""
    names = Names(name for skill in collection.skills for name in (skill.name, skill.folder))
    for skill in (*collection.skills, *collection.pages):
        for triad in (*skill.triads, *(formula for formula in skill.formulas if len(formula.members) > 2)):
            yield from _arithmetic(skill, triad)
        for triad, is_repeated in _distinct(skill):
            if is_repeated:
                message = f"the triad {_text(triad)} is written twice in this file"
                yield problem("GF307", skill.path, *triad.place.pair, message, fixable=_is_ours(triad))
            else:
                yield from _members(skill, triad, collection, names)
                yield from _shape(skill, triad)
        for named in skill.named:
            yield from _named(skill, named, collection, names)
    yield from _disagreeing(collection)
    yield from _unlisted(collection)


def _named(skill: Skill, triad: NamedTriad, collection: Collection, names: Names) -> Iterator[Problem]:
    """A triad whose trits are those of its members' files: each has to declare one, and they have to sum to 0."""
    found = [_owner(skill, member.name, collection) for member in triad.members]
    trits: list[int] = []
    for member, other in zip(triad.members, found, strict=True):
        at = skill.path, *member.place.pair
        if other is None:
            yield _nowhere(at, member.name, names)
        elif other.trit is None:
            message = f"{member.name!r} declares no trit, so {_text(triad)} cannot be summed ({other.path})"
            yield problem("GF305", *at, message)
        elif member.trit is not None and member.trit != other.trit:
            yield _contradicted(at, member.name, member.trit, other)
        trit = member.trit if member.trit is not None or other is None else other.trit
        trits += [] if trit is None else [trit]
    if len(trits) == len(triad.members):
        members = tuple(
            Member(member.name, trit, member.place) for member, trit in zip(triad.members, trits, strict=True)
        )
        whole = Triad(members, triad.text, "tensor", triad.place, triad.result, triad.result_place, triad.claim)
        yield from _arithmetic(skill, whole)


def _owner(skill: Skill, name: str, collection: Collection) -> Skill | None:
    """The skill that a name means in a file: the file's own, or the nearest one."""
    return skill if name in (skill.name, skill.folder) else collection.find(name, skill.path)


def _nowhere(at: tuple[str, int, int], name: str, names: Names) -> Problem:
    near = names.nearest(name)
    return problem("GF303", *at, f"there is no skill {shown(name)}", f"did you mean {near!r}?" if near else None)


def _contradicted(at: tuple[str, int, int], name: str, given: int, other: Skill) -> Problem:
    line = other.trit_claim.place.line if other.trit_claim else 1
    own = format_trit(other.trit or 0)
    message = f"{name!r} is given {format_trit(given)}, but declares {own} itself ({other.path}:{line})"
    return problem("GF304", *at, message)


def _distinct(skill: Skill) -> Iterator[tuple[Triad, bool]]:
    """A file's triads, each with whether it is repeated; the marked block's copies of the front matter are left out.

    Front matter and text may state the same triad once each: one is for programs, the other for people.
    """
    in_front = {triad.key for triad in skill.triads if triad.form == "front matter"}
    seen = set()
    for triad in skill.triads:
        if triad.form == "block" and triad.key in in_front:
            continue
        scope = triad.form if triad.form in ("front matter", "block") else "text"
        yield triad, (scope, triad.key) in seen
        seen.add((scope, triad.key))


def _arithmetic(skill: Skill, triad: Triad) -> Iterator[Problem]:
    total = triad.total
    balance = (total + 1) % 3 - 1
    sums = f"sums to {total}" + (f", which is {format_trit(balance)} modulo 3" if total != balance else "")
    if not triad.is_balanced and triad.claims_balance:
        message = f"the triad {_text(triad)} is said to be balanced, but {sums}"
        yield problem("GF301", skill.path, *triad.place.pair, message)
        return
    place = triad.result_place or triad.place
    if triad.result is not None and (triad.result - total) % 3:
        message = f"the result {triad.result} is wrong: {_text(triad)} {sums}"
        yield problem("GF302", skill.path, *place.pair, message, f"= {balance}", fixable=_is_ours(triad))
    elif triad.is_balanced and triad.claim is False:
        message = f"{_text(triad)} is said not to be balanced, but {sums}"
        yield problem("GF302", skill.path, *place.pair, message, "✓", fixable=_is_ours(triad))
    if not triad.is_balanced and (triad.claim is False or (triad.result is not None and triad.result % 3)):
        yield problem("GF312", skill.path, *triad.place.pair, f"the triad {_text(triad)} {sums}, and says so")


def _is_ours(triad: Triad) -> bool:
    """Whether a triad stands where `fix` may write: the author's own text is not touched."""
    return triad.form in ("front matter", "block")


def _members(skill: Skill, triad: Triad, collection: Collection, names: Names) -> Iterator[Problem]:
    for member in triad.members:
        at = skill.path, *member.place.pair
        given = format_trit(member.trit)
        if member.name in (skill.name, skill.folder):
            if skill.trit is not None and skill.trit_claim and skill.trit != member.trit:
                said = f"its own trit is {format_trit(skill.trit)} (line {skill.trit_claim.place.line})"
                found = problem("GF309", *at, f"{member.name!r} gives itself {given} here, but {said}")
                yield _rests(found, triad, skill)
            continue
        other = collection.find(member.name, skill.path)
        if other is None:
            yield _nowhere(at, member.name, names)
        elif other.trit is None or other.trit_claim is None:
            yield problem("GF305", *at, f"{member.name!r} declares no trit; this triad gives it {given} ({other.path})")
        elif other.trit != member.trit:
            yield _rests(_contradicted(at, member.name, member.trit, other), triad, other)


def _rests(found: Problem, triad: Triad, owner: Skill) -> Problem:
    """The problem, as a warning where a generated block is all that states the triad, or declares the trit."""
    if triad.form == "block":
        return resting(found, True, "only a generated block states this triad")
    is_generated = owner.trit_claim is not None and owner.trit_claim.source == "generated"
    return resting(found, is_generated, "only a generated block declares that")


def _shape(skill: Skill, triad: Triad) -> Iterator[Problem]:
    at = skill.path, *triad.place.pair
    if len(triad.members) != 3:
        yield problem("GF306", *at, f"{_text(triad)} has {len(triad.members)} members, not three")
    elif triad.is_balanced and len({member.trit for member in triad.members}) != 3:
        trit = format_trit(triad.members[0].trit)
        yield problem("GF310", *at, f"{_text(triad)} is balanced by three times {trit}, not by one of each")
    if skill.name and not any(member.name in (skill.name, skill.folder) for member in triad.members):
        yield problem("GF308", *at, f"{skill.name!r} is not a member of the triad {_text(triad)}")


def _disagreeing(collection: Collection) -> Iterator[Problem]:
    """GF311, once a skill, at the first place that departs from what it declares or else from most claims."""
    claims: dict[tuple[str, str], list[tuple[Skill, Member]]] = defaultdict(list)
    declared: dict[tuple[str, str], int | None] = {}
    for skill in (*collection.skills, *collection.pages):
        for triad, is_repeated in _distinct(skill):
            for member in () if is_repeated else triad.members:
                found = _owner(skill, member.name, collection)
                meant = member.name, found.path if found else ""
                claims[meant].append((skill, member))
                declared[meant] = found.trit if found else None
    for meant, places in claims.items():
        counts = Counter(member.trit for _, member in places)
        if len(counts) < 2:
            continue
        own = declared[meant]
        most = max(counts, key=lambda trit: counts[trit])
        usual = own if own is not None and own in counts else most
        skill, member = next((skill, member) for skill, member in places if member.trit != usual)
        other, there = next((skill, member) for skill, member in places if member.trit == usual)
        said = ", ".join(f"{format_trit(trit)} ({counts[trit]}×)" for trit in sorted(counts))
        where = f"{other.path}:{there.place.line}"
        message = f"{member.name!r} is claimed with several trits: {said}; {format_trit(usual)} in {where}"
        yield problem("GF311", skill.path, *member.place.pair, message)


def _unlisted(collection: Collection) -> Iterator[Problem]:
    """GF313: members whose own files do not list the triad, in any order and with any trits."""
    listed = {
        skill.path: {frozenset(member.name for member in triad.members) for triad in skill.triads}
        for skill in collection.skills
    }
    for skill in (*collection.skills, *collection.pages):
        for triad, is_repeated in _distinct(skill):
            members = frozenset(member.name for member in triad.members)
            for member in () if is_repeated else triad.members:
                other = _owner(skill, member.name, collection)
                if other is not None and other is not skill and members not in listed[other.path]:
                    message = f"{member.name!r} does not list the triad {_text(triad)} ({other.path})"
                    yield problem("GF313", skill.path, *member.place.pair, message)


def _text(triad: Triad | NamedTriad) -> str:
    return shown(" ".join(triad.text.split()), 120)
