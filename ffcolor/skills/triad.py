"""What triads are made of: members with the place of each, and what is said of their sum."""

from __future__ import annotations

from dataclasses import dataclass


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
class Member:
    """A skill named in a triad with the trit that the triad gives it; the name is in NFC."""

    name: str
    trit: int
    place: Place


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a chain that may leave the trit to the skill's own file: `trit` is None there."""

    name: str
    trit: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class NamedTriad:
    """`a ⊗ b ⊗ c = 0 ✓` without all of the trits: those of the members' own files are to be summed.

    Attributes are those of `Triad`.
    """

    members: tuple[Named, ...]
    text: str
    place: Place
    result: int | None
    result_place: Place | None
    claim: bool | None


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
