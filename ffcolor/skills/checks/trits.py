"""GF201 to GF208: which trit a skill has, and whether its file says so once, rightly, and where machines look."""

from __future__ import annotations

from collections.abc import Iterator

from ffcolor.skills.catalog import Problem, problem, resting
from ffcolor.skills.gf3 import NAMES, format_trit
from ffcolor.skills.model import Collection, Skill, TritClaim
from ffcolor.skills.reading.values import near_word

_WHO = {"front matter": "the front matter", "author": "the author", "generated": "a generated block"}


_SETTLE = "`ffcolor skills fix --trust author` (or generated) settles it"


def check_trits(collection: Collection) -> Iterator[Problem]:
    """The findings of these checks in a whole collection, but for GF208, which needs a base revision."""
    for skill in collection.skills:
        yield from _values(skill)
        yield from _source(skill)
    for page in collection.pages:
        yield from _values(page)
    yield from _copies(collection)


def declared(skill: Skill) -> list[TritClaim]:
    """What a file declares, legal or not; numbers in its triads are not declarations."""
    return [claim for claim in skill.trits if claim.form != "triad"]


def _values(skill: Skill) -> Iterator[Problem]:
    for claim in skill.trits:
        at = skill.path, claim.place.line, claim.place.column
        if claim.value is None:
            yield problem("GF203", *at, *_illegal(claim))
        elif claim.role_trit is not None and claim.role_trit != claim.value:
            word, number = NAMES[claim.value], format_trit(claim.value)
            message = f"{claim.text} contradicts {claim.role!r}, which stands for {format_trit(claim.role_trit)}"
            found = problem(
                "GF204", *at, message, f"{number} ({word}), or {format_trit(claim.role_trit)} ({claim.role})"
            )
            yield resting(found, claim.source == "generated", "it is in a generated block")


def _illegal(claim: TritClaim) -> tuple[str, str | None]:
    shown = claim.text if len(claim.text) <= 40 else claim.text[:39] + "…"
    if claim.form == "triad":
        what = (
            "has no trit: write name:-1, name:0 or name:+1"
            if not shown.lstrip("+-−–±∓/").isdigit()
            else "is not a trit"
        )
        return f"{shown!r} in a triad {what}", None
    if not shown:
        return "the trit is empty: write -1, 0 or +1", None
    word = near_word(shown) if shown.isalpha() else None
    return f"{shown!r} is not a trit: write -1, 0 or +1", f"did you mean {word}?" if word else None


def _source(skill: Skill) -> Iterator[Problem]:
    claims, chosen = declared(skill), skill.trit_claim
    if not claims:
        if not (skill.front and skill.front.error):
            yield problem("GF201", skill.path, 1, 1, f"{skill.name!r} declares no trit")
        return
    if chosen is None or chosen.value is None:
        return
    own = format_trit(chosen.value)
    wrong = _known_wrong(skill, chosen)
    for claim in claims:
        if claim.value is not None and claim.value != chosen.value and claim.source != wrong:
            where = f"{_WHO[claim.source]} says {format_trit(claim.value)}"
            message = f"two trits: {where} here, {_WHO[chosen.source]} says {own} in line {chosen.place.line}"
            found = problem("GF202", skill.path, claim.place.line, claim.place.column, message, _SETTLE)
            yield resting(found, claim.source == "generated")
    at = skill.path, chosen.place.line, chosen.place.column
    if chosen.source == "generated":
        message = f"the trit {own} is only in a generated block: its author has not confirmed it"
        yield problem("GF205", *at, message, f'metadata: gf3-trit: "{own}"')
    elif chosen.source == "author" and chosen.form != "displaced":
        message = f"the trit {own} is only in the text, where programs do not look"
        yield problem("GF206", *at, message, f'metadata: gf3-trit: "{own}"')


def _known_wrong(skill: Skill, chosen: TritClaim) -> str | None:
    """Whose lines may differ from the front matter's: `gf3-trust` there says whom its author believes instead."""
    trust = skill.front.get("metadata", "gf3-trust") if skill.front else None
    if trust is None or chosen.form != "metadata.gf3-trit":
        return None
    return {"author": "generated", "generated": "author"}.get(trust.text.strip())


def _copies(collection: Collection) -> Iterator[Problem]:
    """GF207: skills of one name in several roots, each against the first of them, in the order of the roots given."""
    orders = {root: order for order, root in reversed(tuple(enumerate(collection.roots)))}
    first: dict[str, Skill] = {}
    seen: set[tuple[str, str]] = set()
    for skill in sorted(collection.skills, key=lambda skill: orders.get(skill.root, len(orders))):
        if (skill.home, skill.name) in seen:
            continue  # a GF109
        seen.add((skill.home, skill.name))
        if skill.trit is None or skill.trit_claim is None:
            continue
        other = first.setdefault(skill.name, skill)
        if other.trit_claim is None or other.trit is None or other.trit == skill.trit:
            continue
        message = (
            f"{skill.name!r} is {format_trit(skill.trit)} here, but {format_trit(other.trit)} "
            f"in its copy {other.path}:{other.trit_claim.place.line}"
        )
        place = skill.trit_claim.place
        yield problem("GF207", skill.path, place.line, place.column, message)
