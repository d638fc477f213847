"""Columns: what a verb says of many colours, kept as arrays until a door wants rows.

A verb hands columns on; a door makes rows of them, or text, or sends the arrays as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np

Plain = dict[str, Any]


class Columns(Sequence[Plain]):
    """Equally long columns by name; as a sequence, it holds a dict of plain data for each row.

    A column (n, 3) holds colours, and its rows are their hexes. A column may be a function that makes it, which is
    called when the column is first asked for; the first column is not.

    >>> found = Columns(hex=np.float32([[1, 0, 0], [0, 0, 1]]), liked=np.array([True, False]))
    >>> found[0]
    {'hex': '#FF0000', 'liked': True}
    >>> int(found.array("liked").sum()), len(found)
    (1, 2)
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, **columns: Any):
        self._columns = columns
        self._plain: dict[str, list[Any]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self._columns)

    def array(self, name: str) -> Any:
        """A column as the verb made it: an array (n,), or (n, 3) of colours, or a list."""
        column = self._columns[name]
        if callable(column):
            column = self._columns[name] = column()
        return column

    def plain(self, name: str) -> list[Any]:
        """A column as plain data: numbers, truth values, text, or the hexes of colours."""
        if name not in self._plain:
            column = self.array(name)
            if not isinstance(column, np.ndarray):
                self._plain[name] = [*column]
            elif column.ndim == 1:
                self._plain[name] = column.tolist()
            else:
                from ffcolor.color import to_hex

                self._plain[name] = to_hex(column)
        return self._plain[name]

    def rows(self) -> list[Plain]:
        """A dict for each row."""
        names = self.names
        lists = [self.plain(name) for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __iter__(self) -> Iterator[Plain]:
        return iter(self.rows())

    @overload
    def __getitem__(self, place: int) -> Plain: ...
    @overload
    def __getitem__(self, place: slice) -> Columns: ...
    def __getitem__(self, place: int | slice) -> Plain | Columns:
        if isinstance(place, slice):
            return Columns(**{name: self.array(name)[place] for name in self.names})
        return {name: self.plain(name)[place] for name in self.names}

    def __eq__(self, other: object) -> bool:
        return self.rows() == (other.rows() if isinstance(other, Columns) else other)

    def __repr__(self) -> str:
        return f"Columns of {len(self):,} rows: {', '.join(self.names)}"
