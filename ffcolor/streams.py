"""Deterministic streams of colours: the same name, seed and index give the same colour on every machine.

A stream is a function of (seed, index), so it does not matter in which order, in how many pieces or on how many
threads it is asked: the bytes are the same. `STREAMS` is the table of all of them, `stream` asks one by name and
`parse` reads the short form `genesis:1069:1-32` that the command line uses.

Seeds are 64-bit: any whole number from -2**63 (a Clojure long) up to 2**64 - 1 is taken, modulo 2**64. Every colour is
an exact 8-bit colour, held as float32 value / 255. A *trit* is a colour's class in GF(3): -1 (minus), 0 (ergodic) or
+1 (plus); `trit_hue` and `trit_rgb_sum` are the two rules in use, and each stream names its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor.chains import GENESIS, UNWORLD, chain_range
from ffcolor.color import space
from ffcolor.splitmix import GAMMA as GAMMA
from ffcolor.splitmix import MASK, Words, index_range, indices, stream_error, to_word
from ffcolor.splitmix import SEED as SEED
from ffcolor.splitmix import mix64 as mix64
from ffcolor.splitmix import split as split
from ffcolor.splitmix import splitmix64 as splitmix64
from ffcolor.splitmix import uniform as uniform

Floats = NDArray[np.float32]
Trits = NDArray[np.int8]

_UNIT = np.array([value / 255 for value in range(256)], dtype=np.float32)
_BLOCK = 8192


# ---- trits -------------------------------------------------------------------------------------------------------


def trit_hue(colors: NDArray[Any]) -> Trits:
    """Class colours (n, 3) by their HSL hue: [300, 60) is +1, [60, 180) is 0, [180, 300) is -1; greys are +1.

    The hue is that of the colour rounded to 8 bits, and the comparison is exact. By the hue of CIE LCh, 29 % of random
    colours would get another trit.
    """
    r, g, b = np.moveaxis(_to_bytes(colors), -1, 0)
    green = (g >= r) & (g > b)  # the largest channel, and on which side of it the second one lies
    blue = (b >= g) & (b > r)
    return np.where(green, 0, np.where(blue, -1, 1)).astype(np.int8)


def trit_of_angle(hue_deg: NDArray[np.float64]) -> Trits:
    """Class hues in degrees (n,), of whatever colour space: [300, 60) is +1, [60, 180) is 0, [180, 300) is -1."""
    return (1 - np.floor((hue_deg + 60) % 360 / 120)).astype(np.int8)


def trit_rgb_sum(colors: NDArray[Any]) -> Trits:
    """Class colours (n, 3) by the sum of their 8-bit channels: ((R + G + B) mod 3) - 1."""
    trits: Trits = (_to_bytes(colors).sum(axis=-1) % 3 - 1).astype(np.int8)
    return trits


TRIT_RULES: dict[str, Callable[[NDArray[Any]], Trits]] = {"hue": trit_hue, "rgb-sum": trit_rgb_sum}
"""The two trit rules by name. Public implementations disagree, so every use names the rule."""


def tripartite(seed: int = SEED, start: int = 0, count: int = 12) -> Trits:
    """Triples (minus, ergodic, plus) of trits as int8 (count, 3), each summing to 0 in GF(3).

    Minus and plus come from two generators of their own (number mod 3, less 1); ergodic is what balances them.
    """
    word = to_word(seed)
    minus, plus = (
        (splitmix64(word ^ key, start, count) % np.uint64(3)).astype(np.int8) - np.int8(1)
        for key in (0, 0x170865DF4B3201FC)
    )
    ergodic = (np.int8(1) - minus - plus) % np.int8(3) - np.int8(1)
    return np.stack([minus, ergodic, plus], axis=-1)


# ---- streams -----------------------------------------------------------------------------------------------------


def genesis(seed: int = SEED, start: int = 1, count: int = 12) -> Floats:
    """The canonical Gay MCP chain: lively colours of middle lightness. Indices usually start at 1. Returns (count, 3).

    Colour i draws hue 360u, saturation 0.5 + 0.4u and lightness 0.35 + 0.4u (HSL) from a generator that was split off i
    times, one split after the other, so reaching index i costs i steps (about a microsecond each). Passed places are
    remembered every 256 steps: a range costs one pass, and the next range goes on from there.

    Source: Steele, Lea, Flood (2014), as in SplittableRandoms.jl.
    """
    states = GENESIS.states(to_word(seed), *chain_range("genesis", start, count))  # (count, 2): seed, gamma
    draws = np.arange(1, 4, dtype=np.uint64)
    u = (mix64(states[:, :1] + draws * states[:, 1:]) & np.uint64((1 << 52) - 1)) * 2.0**-52  # (count, 3)
    return _quantized(u * [360.0, 0.4, 0.4] + [0.0, 0.5, 0.35], space.hsl_to_srgb)


def hash(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """Gay.jl 0.4's `color_at`: every one of the 16.7 million colours is equally likely. Returns (count, 3).

    R, G, B are the low three bytes of mix64((seed ^ (index * GAMMA)) + GAMMA). Any part costs the same.
    """
    words = (indices(start, count) * np.uint64(GAMMA)) ^ np.uint64(to_word(seed))
    words += np.uint64(GAMMA)
    return _UNIT[mix64(words).astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)[:, :3]]


def lch(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """The gay-mcp page's stream: even in CIE LCh(ab), hence many greys, clipped to sRGB. Returns (count, 3).

    Three SplitMix64 numbers a colour, u = number / (2**64 - 1): L = 10 + 85u, C = 100u, hue = 360u degrees (D65).
    """
    return _quantized(lch_coordinates(seed, start, count), lambda lch: space.lab_to_srgb(space.from_polar(lch)))


def lch_coordinates(seed: int = SEED, start: int = 0, count: int = 12) -> NDArray[np.float64]:
    """The (L, C, hue in degrees) that `lch` draws before they are clipped and rounded, float64 (count, 3)."""
    first, size = index_range(start, count)
    before = np.uint64(
        to_word(seed) + 3 * first * GAMMA & MASK
    )  # the generator's state when it comes to colour `start`
    numbers = mix64(np.arange(1, 3 * size + 1, dtype=np.uint64) * np.uint64(GAMMA) + before).reshape(-1, 3)
    return numbers / float(MASK) * [85.0, 100.0, 360.0] + [10.0, 0.0, 0.0]


def fork(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """music-topos's parallel forks, kept for compatibility: a poor stream to train on. Returns (count, 3).

    By its formulas the lightness always comes out as 0.9 and the first thousand forks have only 125 hues.
    """
    return _quantized(fork_coordinates(seed, start, count)[1], space.hsl_to_srgb)


def fork_coordinates(
    seed: int = SEED, start: int = 0, count: int = 12
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """`fork`'s draws: child seeds, int64 (count,), and (hue in degrees, saturation, lightness) float64 (count, 3)."""
    x = (indices(start, count) + np.uint64(to_word(seed))).view(np.int64)
    child = (x << 13) | (x >> 51)  # on signed words: the right shift drags the sign along, so this is no rotation
    hue = child % 1000 * 137.508 % 360
    saturation = np.minimum(1.0, 0.3 + 0.01 + child % 256 / 256 * 0.3)
    lightness = np.clip(0.3 + child % 70 + 70 - 1 / 20, 0.2, 0.9)
    return child, np.stack([hue, saturation, lightness], axis=-1)


def unworld(seed: int = SEED, start: int = 0, count: int = 12) -> Floats:
    """Unworld's derivational chain: 180 strong colours around red, green and blue. Returns (count, 3).

    The hue is 0, 120 or 240 by the seed's trit plus an offset in [-30, 30); HSL saturation 0.7, lightness 0.5, channels
    rounded down. Each colour derives the next seed, so reaching index i costs i steps, as in `genesis`.
    """
    seeds = unworld_seeds(seed, start, count)
    turn = (
        120 * (1 - _seed_trits(seeds)) + ((seeds >> np.uint64(16)) & np.uint64(255)).astype(np.int64) % 60 - 30
    ) % 360
    # 255 * (0.15 + 0.7 * part / 60), rounded down, in whole numbers; part is how far each channel has risen, 0 to 60
    k = (turn[:, None] + [120, 0, -120]) % 360
    part = np.clip(np.minimum(k, 240 - k), 0, 60)
    return _UNIT[((119 * part + 1530) // 40).astype(np.uint8)]


def unworld_seeds(seed: int = SEED, start: int = 0, count: int = 12) -> Words:
    """The chain of seeds behind `unworld`, as uint64 (count,)."""
    return UNWORLD.states(to_word(seed), *chain_range("unworld", start, count))[:, 0]


def _seed_trits(seeds: Words) -> NDArray[np.int64]:
    return (mix64(seeds + np.uint64(GAMMA)) % np.uint64(3)).astype(np.int64) - 1


# ---- by name -----------------------------------------------------------------------------------------------------


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
        FfcolorError: `stream` for an unknown name, or a seed, index or count that is no whole number or out of range.
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
    row = STREAMS.get(name)
    if row is None:
        close = difflib.get_close_matches(str(name).lower(), STREAMS, 1, 0.5)
        hint = f"did you mean {close[0]!r}? " if close else ""
        shown = repr(name if len(str(name)) < 80 else str(name)[:80])
        raise stream_error(f"{shown} is not a stream: {hint}the streams are {', '.join(STREAMS)}", name)
    return row


def _to_bytes(colors: NDArray[Any]) -> NDArray[np.int64]:
    values = np.asarray(colors)
    if (
        values.dtype.kind != "f"
        or values.ndim != 2
        or values.shape[1] != 3
        or not ((values >= 0) & (values <= 1)).all()
    ):
        raise stream_error(f"colours are floats (n, 3) in [0, 1], not {values.dtype} {values.shape}", values.shape)
    return (values * 255 + 0.5).astype(np.int64)


def _quantized(coordinates: NDArray[np.float64], to_srgb: Callable[[NDArray[Any]], NDArray[Any]]) -> Floats:
    """Convert, clip and round to 8 bits, in blocks that stay in the processor's cache."""
    colors = np.empty(coordinates.shape, dtype=np.float32)
    for at in range(0, len(coordinates), _BLOCK):
        srgb = to_srgb(coordinates[at : at + _BLOCK])
        colors[at : at + _BLOCK] = _UNIT[(np.clip(srgb, 0, 1) * 255 + 0.5).astype(np.uint8)]
    return colors
