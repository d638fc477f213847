"""What a collection of skills is made of: plain frozen values, all of them with the place where they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeVar

from ffcolor.skills.catalog import Problem
from ffcolor.skills.nearness import folders_of, home_of
from ffcolor.skills.triad import Member as Member
from ffcolor.skills.triad import Named as Named
from ffcolor.skills.triad import NamedTriad as NamedTriad
from ffcolor.skills.triad import Place as Place
from ffcolor.skills.triad import Triad as Triad

Source = Literal["front matter", "author", "generated"]

_Claim = TypeVar("_Claim", "TritClaim", "ColorClaim")
_SOURCES = ("front matter", "author", "generated")


@dataclass(frozen=True, slots=True)
class TritClaim:
    """One place where a file says which trit its skill has.

    Attributes:
        value: -1, 0 or 1; None when what is written is not a trit (GF203).
        text: the value as written, such as ``"+1"`` or ``"ERGODIC"``.
        source: ``"front matter"``, ``"author"`` (the body) or ``"generated"`` (a fenced or marked block).
        form: how it is written: ``"metadata.gf3-trit"``, ``"trit"``, ``"metadata.trit"``, ``"role"``, ``"bold"``,
            ``"bare"`` (a line or a list item without emphasis), ``"heading"``, ``"title"``, ``"table"``, ``"fence"``,
            ``"block"`` (between the gf3 marks),
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
        root: the path of the user's that it was found under; `home` is the folder that holds its own folder.
        folder: the name of its folder, in NFC.
        name: what the front matter says, in NFC; the folder's name when it says nothing.
        description: "" when missing.
        trits: every declaration in file order.
        colors: every declaration in file order.
        triads: in file order.
        formulas: written like triads, but of names that are not skills: only their arithmetic can be checked.
        named: triads without all of their trits, said to be balanced.
        mentions: names with a trit outside triads, `` `gay-mcp` (-1) ``; not every name is a skill's.
        front: the front matter; None when there is none.
        body: the number of the first line after the front matter.
        lines: the text, line by line, without line ends.
        ignores: line -> codes that an inline comment ignores there; key 0 is for the whole file.
        displaced: the place of front matter found below the top of the file, if any.
        has_mark: whether a byte order mark precedes the text.
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
    named: tuple[NamedTriad, ...] = ()
    mentions: tuple[Member, ...] = ()
    front: FrontMatter | None = None
    body: int = 1
    lines: tuple[str, ...] = ()
    ignores: Mapping[int, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    displaced: Place | None = None
    has_mark: bool = False
    context: bool = False

    @property
    def home(self) -> str:
        """The folder that holds this skill's folder: a root, whose skills name each other."""
        return home_of(self.path)

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
        pages: other Markdown files, read for their triads only; their `name` and `folder` are "".
    """

    roots: tuple[str, ...]
    skills: tuple[Skill, ...]
    problems: tuple[Problem, ...] = ()
    pages: tuple[Skill, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Skill, ...]]:
        """Name in NFC -> the skills of that name, in all roots, and then those whose folder has it."""
        found: dict[str, list[Skill]] = {}
        for skill in self.skills:
            found.setdefault(skill.name, []).append(skill)
        for skill in self.skills:
            if skill.folder != skill.name:
                found.setdefault(skill.folder, []).append(skill)
        return MappingProxyType({name: tuple(skills) for name, skills in found.items()})

    @cached_property
    def _folders(self) -> dict[str, tuple[str, ...]]:
        """Path -> the folders that it is in, of those files that asked."""
        return {}

    @cached_property
    def _copies(self) -> dict[str, dict[str, Skill]]:
        """Name -> folder -> the first skill of that name below it, of those names that were asked for."""
        return {}

    def find(self, name: str, near: str | None = None) -> Skill | None:
        """The skill that a name means in a file: the nearest one of that name.

        Of several copies it is the one whose path shares the most folders with the file's; of equally near ones the
        first in the order of the roots given, and of paths.

        Args:
            name: in NFC.
            near: the path of the file that names it; None stands for no file, so that only the order counts.
        """
        skills = self.by_name.get(name, ())
        if len(skills) < 2:
            return skills[0] if skills else None
        below = self._copies.get(name)
        if below is None:
            below = self._copies[name] = self._first_below(name, skills)
        if near is None:
            return below[""]
        if near not in self._folders:
            self._folders[near] = folders_of(near)
        return next((below[folder] for folder in self._folders[near] if folder in below), below[""])

    def _first_below(self, name: str, skills: Iterable[Skill]) -> dict[str, Skill]:
        """Each folder with the first copy below it; "" is everywhere. A name in front matter precedes a folder's."""
        orders = {root: order for order, root in reversed(tuple(enumerate(self.roots)))}
        named = [skill for skill in skills if skill.name == name] or skills
        below: dict[str, Skill] = {}
        for skill in sorted(named, key=lambda skill: orders.get(skill.root, len(orders))):
            for folder in ("", *folders_of(skill.path)):
                below.setdefault(folder, skill)
        return below


def _effective(claims: Iterable[_Claim], value: str) -> _Claim | None:
    """The claim that counts among those that have a value: the front matter's, else the author's, else a block's."""
    found = [claim for claim in claims if getattr(claim, value) is not None]
    return min(found, key=lambda claim: _SOURCES.index(claim.source), default=None)
