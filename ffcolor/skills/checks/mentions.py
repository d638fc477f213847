"""GF314: whether a trit that a text gives a skill outside triads is the one that the skill declares."""

from __future__ import annotations

from collections.abc import Iterator

from ffcolor.skills.catalog import Problem, problem
from ffcolor.skills.gf3 import format_trit
from ffcolor.skills.model import Collection


def check_mentions(collection: Collection) -> Iterator[Problem]:
    """The findings of this check in a whole collection."""
    for skill in collection.skills:
        declared = {claim.place.line for claim in skill.trits}
        for mention in skill.mentions:
            is_own = mention.name in (skill.name, skill.folder)
            if is_own and mention.place.line in declared:
                continue  # a declaration, which GF202 compares
            other = skill if is_own else collection.find(mention.name, skill.path)
            if other is None or other.trit is None or other.trit_claim is None or other.trit == mention.trit:
                continue
            given, own = format_trit(mention.trit), format_trit(other.trit)
            where = f"{other.path}:{other.trit_claim.place.line}"
            message = f"{mention.name!r} is mentioned with {given}, but declares {own} itself ({where})"
            yield problem("GF314", skill.path, *mention.place.pair, message)
