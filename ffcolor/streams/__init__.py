"""Deterministic streams of colours: the same name, seed and index give the same colour on every machine.

A stream is a function of (seed, index), so it does not matter in which order, in how many pieces or on how many
threads it is asked: the bytes are the same. `STREAMS` is the table of all of them, `stream` asks one by name and
`parse` reads the short form `genesis:1069:1-32` that the command line uses.

Seeds are 64-bit: any whole number from -2**63 (a Clojure long) up to 2**64 - 1 is taken, modulo 2**64. Every colour is
an exact 8-bit colour, held as float32 value / 255. A *trit* is a colour's class in GF(3): -1 (minus), 0 (ergodic) or
+1 (plus); `trit_hue` and `trit_rgb_sum` are the two rules in use, and each stream names its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ffcolor.lazy import face

if TYPE_CHECKING:
    from ffcolor.splitmix import GAMMA as GAMMA
    from ffcolor.splitmix import SEED as SEED
    from ffcolor.splitmix import mix64 as mix64
    from ffcolor.splitmix import split as split
    from ffcolor.splitmix import splitmix64 as splitmix64
    from ffcolor.splitmix import uniform as uniform
    from ffcolor.streams.colors import fork as fork
    from ffcolor.streams.colors import fork_coordinates as fork_coordinates
    from ffcolor.streams.colors import genesis as genesis
    from ffcolor.streams.colors import hash as hash
    from ffcolor.streams.colors import lch as lch
    from ffcolor.streams.colors import lch_coordinates as lch_coordinates
    from ffcolor.streams.colors import unworld as unworld
    from ffcolor.streams.colors import unworld_seeds as unworld_seeds
    from ffcolor.streams.table import STREAMS as STREAMS
    from ffcolor.streams.table import Stream as Stream
    from ffcolor.streams.table import is_spec as is_spec
    from ffcolor.streams.table import parse as parse
    from ffcolor.streams.table import place as place
    from ffcolor.streams.table import stream as stream
    from ffcolor.streams.table import trits as trits
    from ffcolor.streams.trit import TRIT_RULES as TRIT_RULES
    from ffcolor.streams.trit import tripartite as tripartite
    from ffcolor.streams.trit import trit_hue as trit_hue
    from ffcolor.streams.trit import trit_of_angle as trit_of_angle
    from ffcolor.streams.trit import trit_rgb_sum as trit_rgb_sum

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "colors": "fork fork_coordinates genesis hash lch lch_coordinates unworld unworld_seeds",
        "table": "STREAMS Stream is_spec parse place stream trits",
        "trit": "TRIT_RULES trit_hue trit_of_angle trit_rgb_sum tripartite",
        ".splitmix": "GAMMA SEED mix64 split splitmix64 uniform",
    },
)
