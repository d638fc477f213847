"""Fixing the entries of front matter: what is outside the specification moves into `metadata`, as quoted strings."""

from __future__ import annotations

from collections.abc import Sequence

from ffcolor.skills import gf3
from ffcolor.skills.catalog import Problem
from ffcolor.skills.fix import front_items, front_rewrite
from ffcolor.skills.fix import marked_block as block
from ffcolor.skills.fix.front_items import Item, UnsafeError
from ffcolor.skills.fix.front_rewrite import Changes
from ffcolor.skills.keys import AT_TOP
from ffcolor.skills.model import Skill, TritClaim
from ffcolor.skills.reading import values

TRIT, COLOR, TRIADS, TRUST = "gf3-trit", "gf3-color", "gf3-triads", "gf3-trust"
_TRIT_KEYS = frozenset(("trit", "gf3-trit", "gf3_trit"))
_COLOR_KEYS = frozenset(("color", "colour", "gf3-color", "gf3_color", "gf3-colour", "gf3_colour"))
_TRIAD_KEYS = frozenset(("gf3-triads", "gf3_triads", "gf3-triad", "gf3_triad"))
_ROLE_KEYS = frozenset(("role", "polarity", "gf3-role", "gf3_role"))


def fix_entries(
    lines: Sequence[str],
    skill: Skill,
    problems: Sequence[Problem],
    codes: frozenset[str],
    trust: str | None,
    newline: str,
) -> list[str]:
    """The lines of front matter with its entries fixed; the same lines when there is nothing to do.

    Args:
        lines: between the ``---`` lines, with their line ends.
        skill: what the whole file says.
        problems: of this file; only what they name is fixed.
        codes: of what is to be fixed.
        trust: whom to believe where the file declares two trits.
        newline: the line end of new lines.

    Raises:
        UnsafeError: when two entries contradict each other, or one cannot be moved without losing something.
    """
    items = front_items.parse(lines)
    plan = Plan(items, skill, lines)
    offset = skill.front.first + 1 if skill.front else 0  # line number of the first line
    named = [(each.code, each.line - offset) for each in problems if each.code in codes]
    for item in items:
        if item.key not in AT_TOP and _is_named("GF106", item, named):
            plan.move(item)
    for child in plan.children:
        written = plan.metadata if plan.metadata and child.first < 0 else child  # within braces
        is_swallowed = not child.text and values.HEX.match(child.comment) and _is_named("GF402", written, named)
        is_triads = child.key.lower() in _TRIAD_KEYS and _is_named("GF302", written, named)
        if (_is_named("GF108", written, named) and not child.is_string) or is_swallowed or is_triads:
            plan.restate(child)
    if any(item.key.lower() in _ROLE_KEYS and item.key in plan.drop for item in items):
        plan.declare(skill.trit_claim)
    if {"GF202", "GF205"} & codes and trust is not None:
        plan.believe(trust)
    elif "GF206" in codes and "GF202" not in {each.code for each in problems}:
        plan.declare(skill.trit_claim)
    if "GF307" in codes:
        plan.list_once()
    changes = plan.changes()
    return front_rewrite.rewrite(lines, items, changes, newline) if changes else list(lines)


def _is_named(code: str, item: Item, named: Sequence[tuple[str, int]]) -> bool:
    return any(each == code and item.first <= line < item.end for each, line in named)


class Plan:
    """What is to become of the entries.

    Args:
        items: at the top of the front matter.
        skill: what the whole file says.
        lines: in which the entries stand that are to move.
    """

    def __init__(self, items: Sequence[Item], skill: Skill, lines: Sequence[str]):
        self.skill, self.lines = skill, lines
        self.metadata = next((item for item in items if item.key == "metadata"), None)
        self.children = self.metadata.children if self.metadata else ()
        self.final = {child.key: child.text for child in self.children}
        self.drop: set[str] = set()
        self.replace: dict[str, tuple[str, str] | None] = {}
        self.add: dict[str, tuple[str, str, str]] = {}

    def changes(self) -> Changes | None:
        """What is to change; None for nothing."""
        if not (self.drop or self.replace or self.add):
            return None
        return Changes(frozenset(self.drop), self.replace, tuple(self.add.values()))

    def put(self, key: str, text: str, comment: str = "") -> None:
        """Have `key: text` in metadata; another text under the same key is a contradiction."""
        if key not in self.final:
            self.add[key] = key, text, comment
        elif not _same(key, self.final[key], text):
            raise UnsafeError(f"its metadata has another {key!r} already")
        self.final.setdefault(key, text)

    def overwrite(self, key: str, text: str) -> None:
        """Have `key: text` in metadata, whatever stood there."""
        if key in self.add:
            self.add[key] = key, text, self.add[key][2]
        elif key in self.final:
            old = next((name for name, pair in self.replace.items() if pair and pair[0] == key), key)
            if self.final[key] != text or old in self.replace or not self._is_string(old):
                self.replace[old] = key, text
        else:
            self.add[key] = key, text, ""
        self.final[key] = text

    def _is_string(self, key: str) -> bool:
        return any(child.key == key and child.is_string for child in self.children)

    def move(self, item: Item) -> None:
        """Move an entry from the top into metadata."""
        self.take(item)
        self.drop.add(item.key)

    def take(self, item: Item) -> None:
        """Have what an entry says in metadata."""
        key, text, comment = self._canonical(item)
        if key == TRIADS and self.final.get(TRIADS) is not None:
            self.overwrite(TRIADS, text)  # both are in it: it lists every triad of the front matter
        else:
            self.put(key, text, comment)

    def restate(self, child: Item) -> None:
        """Write an entry of metadata as a string, under its proper key."""
        key, text, _ = self._canonical(child)
        if key != child.key and key in self.final:
            if not _same(key, self.final[key], text):
                raise UnsafeError(f"its metadata has both {child.key!r} and {key!r}, and they differ")
            self.replace[child.key] = None
            return
        self.replace[child.key] = key, text
        self.final[key] = text

    def _canonical(self, item: Item) -> tuple[str, str, str]:
        """Key, text and comment of an entry as metadata has it."""
        if not item.is_scalar and any("#" in row for row in self.lines[max(item.first, 0) : max(item.end, 0)]):
            raise UnsafeError(f"{item.key!r} has comments that would be lost")
        name = item.key.lower()
        if name in _TRIT_KEYS:
            return TRIT, _trit_text(item.text), item.comment
        if name in _COLOR_KEYS:
            return COLOR, *_color_text(item)
        if name in _TRIAD_KEYS:
            triads = [each for each in self.skill.triads if each.form == "front matter"]
            is_plain = not any(each.form == "triad" and each.source == "front matter" for each in self.skill.trits)
            if triads and is_plain and all(each.is_balanced for each in triads):
                return TRIADS, block.compact(triads), item.comment
        return item.key, item.text, item.comment

    def declare(self, claim: TritClaim | None) -> None:
        """Have the effective trit in metadata, and the author's colour with it."""
        if claim is None or claim.value is None or claim.source == "generated":
            return
        text = gf3.format_trit(claim.value)
        if TRIT not in self.final:
            color = self.skill.color_claim
            self.put(TRIT, text)
            if COLOR not in self.final and color is not None and color.hex and color.source == "author":
                self.put(COLOR, color.hex)
        elif self.final[TRIT] != text:
            self.overwrite(TRIT, text)

    def believe(self, trust: str) -> None:
        """Have the trit of the one who is believed in metadata, and who that is."""
        sides = {"author": ("front matter", "author"), "generated": ("generated",)}[trust]
        claims = [each for each in self.skill.trits if each.source in sides and each.value is not None]
        claims = [each for each in claims if each.form != "block"] or claims  # a block only repeats the front matter
        found = list(dict.fromkeys(each.value for each in claims if each.value is not None and each.form != "triad"))
        if not found:
            raise UnsafeError(f"{'its author declares' if trust == 'author' else 'its blocks declare'} no trit")
        if len(found) > 1:
            told = " and ".join(gf3.format_trit(each) for each in found)
            raise UnsafeError(f"{'its author declares' if trust == 'author' else 'its blocks declare'} both {told}")
        self.overwrite(TRIT, gf3.format_trit(found[0]))
        if any(each.value not in (None, found[0]) for each in self.skill.trits if each.form not in ("triad", "block")):
            self.overwrite(TRUST, trust)

    def list_once(self) -> None:
        """List each triad of the front matter once."""
        if TRIADS not in self.final:
            return
        once = {each.key: each for each in self.skill.triads if each.form == "front matter"}
        text = block.compact(once.values())
        if once and self.final[TRIADS].split() != text.split():
            self.overwrite(TRIADS, text)


def _same(key: str, one: str, other: str) -> bool:
    if key == TRIT:
        return one == other or (gf3.read_trit(one) is not None and gf3.read_trit(one) == gf3.read_trit(other))
    return one.upper() == other.upper() if key == COLOR else one == other


def _trit_text(text: str) -> str:
    """A trit as metadata has it; what is not a trit stays as it is, for the check to name."""
    reading = values.read_trit(text)
    if reading is None or reading.value is None:
        return text
    if reading.role_trit is not None and reading.role_trit != reading.value:
        raise UnsafeError(f"its trit {text!r} contradicts itself")
    return gf3.format_trit(reading.value)


def _color_text(item: Item) -> tuple[str, str]:
    """A colour's text and the comment after it; ``#D82626`` without quotes is all comment to YAML."""
    if values.HEX.fullmatch(item.text):
        return item.text, item.comment
    match = values.HEX.match(item.comment)
    if not item.text and match:
        rest = item.comment[match.end() :].strip()
        return match[0], rest if rest.startswith("#") else f"# {rest}" if rest else ""
    return item.text, item.comment
