"""Palette: an ordered set of colours that knows its names, shows itself and writes itself in every common format."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from ffcolor.color import read_color, read_colors, space, to_hex
from ffcolor.errors import FfcolorError, needs, shown
from ffcolor.palette.content import LARGEST, LONGEST_NAME, Content

if TYPE_CHECKING:
    from matplotlib.colors import ListedColormap


class Palette(Sequence[str]):
    """An ordered, immutable list of colours with names and a title; as a sequence it holds their hexes.

    Two palettes are equal when they have exactly the same colours in the same order, whatever the names. A slice is a
    palette again.

    >>> palette = Palette(["#E67F86", "teal"], title="two")
    >>> palette
    Palette 'two' of 2 colours: #E67F86 #008080
    >>> palette[0], palette[1:].names, palette.index("teal")
    ('#E67F86', ('#008080',), 1)

    Args:
        colors: one colour or many, in any way that `read_colors` takes; at least 1 and at most 65,535.
        names: one name a colour; None or "" stands for the colour's hex.
        title: what the palette is called.

    Raises:
        FfcolorError: as `read_colors`; ``palette`` when the names don't fit or there are too many colours.
    """

    __slots__ = ("_colors", "_hex", "_names", "_title")

    def __init__(self, colors: Any, names: Sequence[str | None] | None = None, title: str = "palette"):
        self._colors = read_colors(colors)
        self._colors.setflags(write=False)
        count = len(self._colors)
        if count > LARGEST:
            raise FfcolorError(
                f"{count:,} colours are too many: a palette holds {LARGEST:,}", code="palette", value=count
            )
        self._hex = tuple(to_hex(self._colors))
        given: Any = [None] * count if names is None else names
        if isinstance(given, np.ndarray) and given.ndim == 1:
            given = given.tolist()
        if not isinstance(given, Sequence) or isinstance(given, (str, bytes)):
            message = f"names is {shown(given)}; it must be a list of names, one for each colour"
            raise FfcolorError(message, code="palette", value=names)
        if len(given) != count:
            named = "one name" if len(given) == 1 else f"{len(given):,} names"
            message = f"{named} for a palette of {count:,}; there must be one for each colour"
            raise FfcolorError(message, code="palette", value=names)
        for place, name in enumerate(given):
            _check_text(name or "", f"name {place}", place)
        _check_text(title, "the title")
        self._names = tuple(name or code for name, code in zip(given, self._hex, strict=True))
        self._title = title

    @classmethod
    def of(cls, content: Content) -> Palette:
        """The palette of what a file holds."""
        return cls(content.colors, content.names or None, content.title or "palette")

    @property
    def content(self) -> Content:
        """What a file of this palette holds."""
        names = ("" if name == code else name for name, code in zip(self._names, self._hex, strict=True))
        return Content(self._colors, tuple(names), self._title)

    @property
    def colors(self) -> NDArray[np.float32]:
        """The colours as float32 (n, 3), sRGB in [0, 1]; read-only."""
        return self._colors

    @property
    def hex(self) -> list[str]:
        """The colours rounded to 8 bits, as "#RRGGBB"."""
        return list(self._hex)

    @property
    def names(self) -> tuple[str, ...]:
        """One name a colour; a colour without a name is called by its hex."""
        return self._names

    def is_named(self, place: int) -> bool:
        """Whether the colour at this place has a name of its own, not just its hex."""
        return self._names[place] != self._hex[place]

    @property
    def title(self) -> str:
        """What the palette is called."""
        return self._title

    # ---- as a sequence of hexes ------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._hex)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Palette: ...
    def __getitem__(self, place: int | slice) -> str | Palette:
        if isinstance(place, slice):
            return Palette(self._colors[place], self._names[place], self._title)
        return self._hex[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._hex)

    def __contains__(self, color: object) -> bool:
        return bool((self._colors == read_color(color)).all(axis=1).any())

    def index(self, color: Any, start: int = 0, stop: int | None = None) -> int:
        """The first place of exactly this colour, written in any way; ValueError if it isn't there."""
        wanted = read_color(color)
        for place in range(*slice(start, stop).indices(len(self))):
            if np.array_equal(self._colors[place], wanted):
                return place
        raise FfcolorError(f"{color!r} is not in {self!r}", code="palette", value=color)

    def count(self, color: Any) -> int:
        """How often exactly this colour occurs."""
        return int((self._colors == read_color(color)).all(axis=1).sum())

    def __eq__(self, other: object) -> bool:
        return np.array_equal(self._colors, other._colors) if isinstance(other, Palette) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._colors + np.float32(0)).tobytes())  # adding 0 makes -0.0 the 0.0 that it equals

    def __reduce__(self) -> tuple[Any, ...]:
        return Palette, (np.array(self._colors), self._names, self._title)

    # ---- what it says about itself ---------------------------------------------------------------------------------

    def min_delta_e(self) -> float:
        """The CIEDE2000 difference of the two most similar colours; infinite for a single colour."""
        lab = space.srgb_to_lab(self._colors.astype(np.float64))
        rest = range(len(lab) - 1)
        return min((float(space.delta_e_2000(lab[i], lab[i + 1 :]).min()) for i in rest), default=float("inf"))

    def __repr__(self) -> str:
        shown = " ".join(self._hex[:16]) + (f" … and {len(self) - 16:,} more" if len(self) > 16 else "")
        return f"Palette {self._title!r} of {len(self):,} colour{'s' if len(self) > 1 else ''}: {shown}"

    def _repr_html_(self) -> str:
        from ffcolor.palette.formats import swatches

        return swatches.as_html(self.content)

    def _repr_svg_(self) -> str:
        from ffcolor.palette.formats import swatches

        return swatches.svg(self.content)

    def ansi(self, width: int = 80, labels: bool = True) -> str:
        """Blocks of colour for a truecolor terminal, at most `width` columns wide, each with its hex if `labels`."""
        from ffcolor.palette.formats import swatches

        return swatches.ansi(self.content, width, labels)

    def colormap(self) -> ListedColormap:
        """A matplotlib colormap of these colours, in this order."""
        try:
            from matplotlib.colors import ListedColormap
        except ImportError as missing:
            raise needs("Palette.colormap", "matplotlib", "plot") from missing
        return ListedColormap(self._colors.astype(np.float64).tolist(), name=self._title)

    # ---- files -----------------------------------------------------------------------------------------------------

    def to(self, format: str) -> str | bytes:
        """Write the palette in one of the `ffcolor.palette.formats`: text for text formats, bytes for the others."""
        from ffcolor.palette import formats

        return formats.write(self.content, format)

    def save(self, path: str | os.PathLike[str], format: str | None = None) -> None:
        """Save the palette, in the format that the file's suffix names or that is given. Nobody sees half a file.

        Raises:
            FfcolorError: ``palette-format`` for an unknown suffix or format; ``file-write`` if it cannot be written.
        """
        from ffcolor.files import write_atomically
        from ffcolor.palette import formats

        data = self.to(format or formats.guess(path))
        write_atomically(path, data.encode() if isinstance(data, str) else data)

    @classmethod
    def load(cls, path: str | os.PathLike[str], format: str | None = None) -> Palette:
        """Load a palette file, in the format that its suffix names or that is given.

        Raises:
            FfcolorError: ``palette-format`` for an unknown suffix or format; ``file-read`` if the file cannot be read;
                ``palette-file``, saying what is wrong, if it holds no palette.
            FfcolorWarning: (a warning) of what in the file could not be kept as it is.
        """
        from ffcolor.files import quoted, read_file
        from ffcolor.palette import formats

        chosen = format or formats.guess(path)
        try:
            return cls.of(formats.read(read_file(path, formats.LARGEST_FILE), chosen).warned(quoted(path)))
        except FfcolorError as error:
            if error.code != "palette-file":
                raise
            raise error.within(quoted(path)) from error


def _check_text(text: object, what: str, position: int | None = None) -> None:
    problem = None
    if not isinstance(text, str):
        problem = f"is {type(text).__name__}, not text"
    elif len(text) > LONGEST_NAME:
        problem = f"is {len(text):,} characters long, and {LONGEST_NAME:,} are allowed"
    elif any("\ud800" <= letter <= "\udfff" for letter in text):
        problem = "holds half of a surrogate pair, which is not text"
    if problem:
        raise FfcolorError(f"{what} {problem}", code="palette", value=text, position=position)
