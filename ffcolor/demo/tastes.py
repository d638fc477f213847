"""The tastes that the demo learns: colour words of the XKCD survey, and classes of deterministic streams.

Source: the XKCD colour survey (2010), 949 names by 222,500 people, public domain (CC0): `ffcolor.color.survey`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ffcolor import streams
from ffcolor.color import read_colors, survey

Floats = NDArray[np.float32]

PICKS = 16
"""Liked colours, and as many disliked ones, that each taste is learned from."""

SPLITS = 5
"""How often picks and held-out colours are drawn anew; the accuracies are means."""

_WORDS = {
    "pastel": ("names with pastel, pale, baby or powder", "pastel pale baby powder"),
    "dusty": (
        "names with dusty, dull, faded, dirty, muted, drab or greyish",
        "dusty dull faded dirty muted drab greyish",
    ),
    "bright": ("names with bright, neon, electric, hot, vivid or vibrant", "bright neon electric hot vivid vibrant"),
    "deep": ("names with deep, dark or midnight", "deep dark midnight"),
    "earth": ("names with brown, tan, rust, sand, clay, earth or mud", "brown tan rust sand clay earth mud"),
    "sea": ("names with sea, seafoam, teal, turquoise, aqua or ocean", "sea seafoam teal turquoise aqua ocean"),
    "pink": ("names with pink, rose, salmon, blush or coral", "pink rose salmon blush coral"),
    "green": ("names with green", "green"),
}
_CRUDE = re.compile(r"shit|poo|puke|vomit|piss|booger|snot|barf|diarrhea|bile")


class Side(NamedTuple):
    """Colours with the names that people gave them."""

    colors: Floats
    """(n, 3) sRGB in [0, 1]."""
    names: list[str]
    """One a colour; empty where there is none fit to print."""

    def take(self, places: NDArray[np.int64]) -> Side:
        """The colours at these places."""
        return Side(self.colors[places], [self.names[place] for place in places])


class Taste(NamedTuple):
    """Something that can be liked, as examples of both sides."""

    name: str
    about: str
    origin: str
    """"words" or "stream"."""
    liked: Side
    disliked: Side
    learnable: bool = True
    """False for the control, whose classes no colour shows."""


class Split(NamedTuple):
    """One draw of picks to learn from; the rest is held out."""

    liked: Side
    disliked: Side
    held_liked: Side
    held_disliked: Side


def tastes() -> Iterator[Taste]:
    """Every taste of the demo."""
    codes, names = zip(*survey.rows(), strict=True)
    everything = Side(read_colors(codes), ["" if _CRUDE.search(name) else name for name in names])
    for name, (about, words) in _WORDS.items():
        wanted = set(words.split())
        has = np.array([not wanted.isdisjoint(re.findall("[a-z]+", each)) for each in names])
        yield Taste(name, about, "words", everything.take(np.flatnonzero(has)), everything.take(np.flatnonzero(~has)))
    genesis, lch = streams.stream("genesis", 1069, 1, 400), streams.stream("lch", 1069, 0, 400)
    warm = "genesis colours of trit +1 by hue, against trit −1"
    yield _of_trits("plus", warm, genesis, streams.trit_hue(genesis), +1, -1)
    middle = "lch colours of trit 0 by hue, against trit +1"
    yield _of_trits("ergodic", middle, lch, streams.trit_hue(lch), 0, +1)
    chance = "control: genesis colours by the sum of their bytes mod 3, which no eye can see"
    yield _of_trits("mod 3", chance, genesis, streams.trit_rgb_sum(genesis), +1, -1)._replace(learnable=False)


def splits(taste: Taste, seed: int) -> Iterator[Split]:
    """The draws of a taste: `PICKS` of each side to learn from, all others held out."""
    for number in range(SPLITS):
        child = streams.split(seed, number)
        places = [
            np.argsort(streams.uniform(streams.split(child, side), len(pool.colors)), kind="stable")
            for side, pool in enumerate((taste.liked, taste.disliked))
        ]
        yield Split(
            taste.liked.take(places[0][:PICKS]),
            taste.disliked.take(places[1][:PICKS]),
            taste.liked.take(places[0][PICKS:]),
            taste.disliked.take(places[1][PICKS:]),
        )


def _of_trits(name: str, about: str, colors: Floats, trits: NDArray[np.int8], liked: int, disliked: int) -> Taste:
    pro, contra = (Side(colors[trits == trit], [""] * int((trits == trit).sum())) for trit in (liked, disliked))
    return Taste(name, about, "stream", pro, contra)
