"""The table of streams: each by its name, and the short form that says name, seed and range in one word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import hint, shown
from ffcolor.splitmix import SEED, stream_error
from ffcolor.streams.colors import fork, genesis, hash, lch, unworld
from ffcolor.streams.trit import TRIT_RULES, Trits

Floats = NDArray[np.float32]


class Stream(NamedTuple):
    """One row of the table of streams."""

    colors: Callable[[int, int, int], Floats]
    """(seed, start, count) -> float32 (count, 3)."""
    trit_rule: str
    """The name of its trit rule in `TRIT_RULES`."""
    first: int
    """The index that counting starts at."""
    about: str
    """One line for people."""


STREAMS: dict[str, Stream] = {
    "genesis": Stream(genesis, "rgb-sum", 1, "the canonical chain: lively colours of middle lightness (the default)"),
    "hash": Stream(hash, "hue", 0, "all 16.7 million colours equally likely; any index at once"),
    "lch": Stream(lch, "hue", 0, "even in lightness, chroma and hue of CIE LCh, so with many greys"),
    "fork": Stream(fork, "hue", 0, "pale forks of music-topos: for compatibility"),
    "unworld": Stream(unworld, "hue", 0, "a chain of strong reds, greens and blues"),
}
"""The table of streams, by name."""


def stream(name: str = "genesis", seed: int = SEED, start: int | None = None, count: int = 12) -> Floats:
    """`count` colours of the named stream, from index `start` on (None: its first index), as float32 (count, 3).

    >>> from ffcolor import streams
    >>> (streams.stream("genesis", 1069, 1, 2) * 255).round().astype(int).tolist()
    [[230, 127, 134], [208, 101, 70]]

    Raises:
        FfcolorError: `stream` for an unknown name, or a seed, index or count that is not a whole number in range.
    """
    row = _row(name)
    return row.colors(seed, row.first if start is None else start, count)


def trits(
    name: str = "genesis", seed: int = SEED, start: int | None = None, count: int = 12, rule: str | None = None
) -> Trits:
    """The trits of those colours of the named stream, by its own rule or by the rule named, as int8 (count,)."""
    row = _row(name)
    chosen = row.trit_rule if rule is None else rule
    if chosen not in TRIT_RULES:
        raise stream_error(f"{chosen!r} is not a trit rule: write 'hue' or 'rgb-sum'", chosen)
    return TRIT_RULES[chosen](row.colors(seed, row.first if start is None else start, count))


_SPEC = re.compile(
    r"[^:]*(?::(?P<seed>[+-]?(?:0x[0-9a-f]{1,40}|[0-9]{1,40})))?"
    r"(?::(?:(?P<first>[0-9]{1,40})-(?P<last>[0-9]{1,40})|(?P<count>[0-9]{1,40})))?",
    re.IGNORECASE,
)
_FORM = "write NAME, NAME:SEED, NAME:SEED:FIRST-LAST or NAME:SEED:COUNT, as in genesis:1069:1-32"


def is_spec(text: str) -> bool:
    """Whether a text is meant as a stream: the part before its first colon is the name of one."""
    return text.partition(":")[0].strip().lower() in STREAMS


def parse(text: str) -> Floats:
    """Read a stream's short form, such as `genesis:1069:1-32`, and return its colours as float32 (n, 3).

    The forms are `name` (seed 1069, 12 colours), `name:seed`, `name:seed:first-last` (both included) and
    `name:seed:count`. The seed is decimal or 0x hexadecimal, and may be negative.

    Raises:
        FfcolorError: `stream`, saying which part is wrong and what would be accepted.
    """
    return stream(*place(text))


def place(text: str) -> tuple[str, int, int, int]:
    """Read a stream's short form (see `parse`): its name, seed, first index and count."""
    found = _SPEC.fullmatch(text.strip())
    name = text.partition(":")[0].strip().lower()
    row = _row(name)
    if not found:
        raise stream_error(f"{text[:80]!r} is not a stream: {_FORM}", text)
    seed = int(found["seed"], 16 if "x" in found["seed"].lower() else 10) if found["seed"] else SEED
    if found["count"]:
        start, count = row.first, int(found["count"])
    elif found["first"]:
        start, count = int(found["first"]), int(found["last"]) - int(found["first"]) + 1
    else:
        start, count = row.first, 12
    if count < 1:
        raise stream_error(f"{text[:80]!r} holds no colour: {_FORM}", text)
    return name, seed, start, count


def _row(name: str) -> Stream:
    row = STREAMS.get(name) if isinstance(name, str) else None
    if row is None:
        close = hint(name, STREAMS)
        advice = f"did you mean {close!r}? " if close else ""
        raise stream_error(f"{shown(name)} is not a stream: {advice}the streams are {', '.join(STREAMS)}", name)
    return row
