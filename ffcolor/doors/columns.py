"""Columns: what a verb says of many colours, kept as arrays until a door wants rows.

A verb hands columns on; a door makes rows of them, or text, or sends the arrays as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast, overload

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
        self._made: dict[str, list[Any]] = {}  # arrays as plain data

    def __getstate__(self) -> dict[str, Any]:  # for pickle and copy, which cannot keep a function
        return {"_columns": {name: self.array(name) for name in self.names}, "_made": {}}

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
        """A column as plain data: numbers, truth values, text, or the hexes of colours; a list of the caller's own."""
        column = self.array(name)
        return [*self._listed(name)] if isinstance(column, np.ndarray) else [_own(cell) for cell in column]

    def _listed(self, name: str) -> Sequence[Any]:
        """A column as plain data, to be read only."""
        column = self.array(name)
        if not isinstance(column, np.ndarray):
            return cast(Sequence[Any], column)
        if name not in self._made:
            if column.ndim == 1:
                self._made[name] = column.tolist()
            else:
                from ffcolor.color import to_hex

                self._made[name] = to_hex(column) if len(column) else []
        return self._made[name]

    def rows(self) -> list[Plain]:
        """A dict for each row."""
        names = self.names
        lists = [self.plain(name) for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def __iter__(self) -> Iterator[Plain]:
        return iter(self.rows())

    @overload
    def __getitem__(self, place: int) -> Plain: ...
    @overload
    def __getitem__(self, place: slice) -> Columns: ...
    def __getitem__(self, place: int | slice) -> Plain | Columns:
        if isinstance(place, slice):
            return Columns(**{name: self.array(name)[place] for name in self.names})
        return {name: _own(self._listed(name)[place]) for name in self.names}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Columns, list)) or len(self) != len(other):
            return False
        return self.rows() == (other.rows() if isinstance(other, Columns) else other)

    def __repr__(self) -> str:
        return f"Columns of {len(self):,} rows: {', '.join(self.names)}"


def _own(cell: Any) -> Any:
    """A cell that its reader may change."""
    return [*cell] if isinstance(cell, list) else cell
