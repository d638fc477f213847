"""What a collection of skills is made of: plain frozen values, all of them with the place where they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeVar

from ffcolor.skills.catalog import Problem

Source = Literal["front matter", "author", "generated"]

_Claim = TypeVar("_Claim", "TritClaim", "ColorClaim")
_SOURCES = ("front matter", "author", "generated")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is written in a file: line and column, both counted from 1, columns in characters."""

    line: int
    column: int

    @property
    def pair(self) -> tuple[int, int]:
        """Line and column."""
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class TritClaim:
    """One place where a file says which trit its skill has.

    Attributes:
        value: -1, 0 or 1; None when what is written is not a trit (GF203).
        text: the value as written, such as ``"+1"`` or ``"ERGODIC"``.
        source: ``"front matter"``, ``"author"`` (the body) or ``"generated"`` (a fenced or marked block).
        form: how it is written: ``"metadata.gf3-trit"``, ``"trit"``, ``"metadata.trit"``, ``"role"``, ``"bold"``,
            ``"heading"``, ``"title"``, ``"table"``, ``"fence"``, ``"block"`` (between the gf3 marks),
            ``"displaced"`` (front matter below the top), ``"triad"`` (no declaration: an illegal number in a triad).
        place: of the value.
        role: the role word beside the number, such as ``"PLUS"``, if any.
        role_trit: the trit that this word stands for.
    """

    value: int | None
    text: str
    source: Source
    form: str
    place: Place
    role: str | None = None
    role_trit: int | None = None


@dataclass(frozen=True, slots=True)
class ColorClaim:
    """One place where a file says which colour its skill has.

    Attributes:
        hex: ``"#D82626"`` in upper case; None when what is written is not such a colour (GF402) or only a name.
        text: the value as written.
        source: as in `TritClaim`.
        form: as in `TritClaim`.
        place: of the value.
        name: the colour's name beside the hex, such as ``"Red"``, if any.
    """

    hex: str | None
    text: str
    source: Source
    form: str
    place: Place
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A skill named in a triad with the trit that the triad gives it; the name is in NFC."""

    name: str
    trit: int
    place: Place


@dataclass(frozen=True, slots=True)
class Triad:
    """Skills written together with their trits, `a (-1) ⊗ b (0) ⊗ c (+1) = 0 ✓`.

    Attributes:
        members: as written, in order (usually three).
        text: the formula as written.
        form: ``"tensor"`` (⊗), ``"sum"`` (+), ``"table"``, ``"front matter"`` or ``"block"`` (between the gf3 marks).
        place: of the first character.
        result: the integer after ``=``, if there is one.
        result_place: where that stands.
        claim: True for ✓ (or the words balanced, conserved) and for triads in the front matter, which are nothing
            else; False for ✗ or a result said not to be 0; None when nothing but arithmetic is written.
    """

    members: tuple[Member, ...]
    text: str
    form: str
    place: Place
    result: int | None = None
    result_place: Place | None = None
    claim: bool | None = None

    @property
    def total(self) -> int:
        """The plain sum of the members' trits."""
        return sum(member.trit for member in self.members)

    @property
    def is_balanced(self) -> bool:
        """Whether the trits sum to 0 modulo 3."""
        return self.total % 3 == 0

    @property
    def claims_balance(self) -> bool:
        """Whether the line says that the triad is balanced: by ✓ or such, or by a result that is 0 modulo 3."""
        return self.claim is True or (self.claim is None and self.result is not None and self.result % 3 == 0)

    @property
    def is_meant(self) -> bool:
        """Whether it is to hold: one that is unbalanced and says so is not."""
        return self.is_balanced or (self.claim is not False and (self.result is None or self.result % 3 == 0))

    @property
    def key(self) -> tuple[tuple[str, int], ...]:
        """Members and trits in sorted order: the same for the same triad written in another order."""
        return tuple(sorted((member.name, member.trit) for member in self.members))


@dataclass(frozen=True, slots=True)
class Entry:
    """One scalar of the front matter.

    Attributes:
        key: the keys down to it: ``("metadata", "gf3-trit")``.
        text: the scalar's text, as YAML reads it (before any conversion to a number).
        kind: ``"str"``, ``"int"``, ``"float"``, ``"bool"``, ``"null"``, ``"date"``, ``"list"`` or ``"map"``.
        quoted: whether it is written in quotes or as a block (``|``, ``>``).
        place: of the value.
        key_place: of the key.
    """

    key: tuple[str, ...]
    text: str
    kind: str
    quoted: bool
    place: Place
    key_place: Place


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The YAML between the first two ``---`` lines of a file.

    Attributes:
        first: line of the opening ``---``.
        last: line of the closing ``---``; when it is missing, the last line of the file.
        entries: its scalars (and lists and maps) in file order; empty when it is not YAML.
        error: why it is not YAML; None when all is well.
        error_place: where it stops being YAML.
    """

    first: int
    last: int
    entries: tuple[Entry, ...] = ()
    error: str | None = None
    error_place: Place | None = None

    def get(self, *key: str) -> Entry | None:
        """The first entry with exactly this key."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Skill:
    """One SKILL.md as read.

    Attributes:
        path: the file as the user gave it, with ``/`` between the parts.
        root: the path of the user's that it was found under.
        folder: the name of its folder, in NFC.
        name: what the front matter says, in NFC; the folder's name when it says nothing.
        description: "" when missing.
        trits: every declaration in file order.
        colors: every declaration in file order.
        triads: in file order.
        formulas: written like triads, but of names that are not skills: only their arithmetic can be checked.
        front: the front matter; None when there is none.
        body: the number of the first line after the front matter.
        lines: the text, line by line, without line ends.
        ignores: line -> codes that an inline comment ignores there; key 0 is for the whole file.
        displaced: the place of front matter found below the top of the file, if any.
        context: whether it was only read so that others can name it: no problem is reported in it.
    """

    path: str
    root: str
    folder: str
    name: str
    description: str = ""
    trits: tuple[TritClaim, ...] = ()
    colors: tuple[ColorClaim, ...] = ()
    triads: tuple[Triad, ...] = ()
    formulas: tuple[Triad, ...] = ()
    front: FrontMatter | None = None
    body: int = 1
    lines: tuple[str, ...] = ()
    ignores: Mapping[int, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    displaced: Place | None = None
    context: bool = False

    @property
    def trit_claim(self) -> TritClaim | None:
        """The declaration that counts: the front matter's, else the author's first, else the generated block's."""
        return _effective(self.trits, "value")

    @property
    def trit(self) -> int | None:
        """The effective trit; None when no legal one is declared."""
        claim = self.trit_claim
        return None if claim is None else claim.value

    @property
    def color_claim(self) -> ColorClaim | None:
        """The colour that counts, by the same order."""
        return _effective(self.colors, "hex")

    @property
    def color(self) -> str | None:
        """The effective colour as ``"#D82626"``."""
        claim = self.color_claim
        return None if claim is None else claim.hex


@dataclass(frozen=True)
class Collection:
    """All skills found under the paths given, and what went wrong while reading them.

    Attributes:
        roots: the paths as given.
        skills: in order of path.
        problems: found while reading (files that cannot be read, and the like).
    """

    roots: tuple[str, ...]
    skills: tuple[Skill, ...]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Skill, ...]]:
        """Name in NFC -> the skills of that name, in all roots."""
        found: dict[str, list[Skill]] = {}
        for skill in self.skills:
            for name in dict.fromkeys((skill.name, skill.folder)):
                found.setdefault(name, []).append(skill)
        return MappingProxyType({name: tuple(skills) for name, skills in found.items()})

    def find(self, name: str, root: str | None = None) -> Skill | None:
        """The skill of a name: in `root` if there is one, else in the first root that has it."""
        skills = self.by_name.get(name, ())
        return next((skill for skill in skills if skill.root == root), skills[0] if skills else None)


def _effective(claims: Iterable[_Claim], value: str) -> _Claim | None:
    """The claim that counts among those that have a value: the front matter's, else the author's, else a block's."""
    found = [claim for claim in claims if getattr(claim, value) is not None]
    return min(found, key=lambda claim: _SOURCES.index(claim.source), default=None)
