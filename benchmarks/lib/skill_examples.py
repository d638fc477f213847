"""Collections of skills to rank partners in: one written by hand, and a generator of larger ones."""

from __future__ import annotations

import random

from ffcolor.skills.gf3 import TRITS
from ffcolor.skills.solve.partners import Partners

# name, trit, what it is for
HAND_WRITTEN = """\
contrast-checker -1 Checks that text has enough WCAG contrast against its background.
color-blindness-audit -1 Audits palettes for viewers with deutan, protan or tritan colour vision.
accessible-theme-tokens 0 Keeps design tokens of a theme accessible: contrast, focus rings, states.
readable-text-styles 0 Coordinates text colours, sizes and weights so that everything stays readable.
accessible-palette-maker +1 Makes palettes that are readable on a background and safe for colour-blind viewers.
focus-ring-generator +1 Generates focus rings and states with enough contrast in any theme.
gamut-check -1 Checks that colours lie inside the gamut of a display or printer.
icc-profile-lint -1 Lints ICC profiles and warns when images carry none.
color-management 0 Converts between device profiles and keeps images alike on screen and in print.
print-proofing 0 Coordinates proofs between designers, printers and paper.
spot-color-builder +1 Builds spot colours for print from Lab measurements.
duotone-press +1 Makes duotone images for risograph printers.
palette-lint -1 Checks a palette for colours that look alike, by CIEDE2000 difference.
chart-color-review -1 Reviews the colours of charts: categories apart, sequences even.
chart-themes 0 Keeps one theme for all charts of a report, legends and axes included.
categorical-scales 0 Assigns categories to colours so that the same thing always has the same colour.
sequential-scale-maker +1 Makes even sequential and diverging scales for charts and maps.
glasbey-palette +1 Makes categorical palettes whose colours are as different as can be.
taste-validation -1 Validates a learned taste in colour on examples that were held back.
label-audit -1 Finds contradicting labels among liked and disliked examples.
preference-session 0 Leads a person through picking liked and disliked colours.
training-schedule 0 Schedules when a learned preference takes new examples in.
forward-forward-colors +1 Learns a taste in colour from liked and disliked examples, layer by layer.
negative-sampler +1 Draws negative examples for learning a preference.
seed-audit -1 Checks that streams of random colours repeat for the same seed.
entropy-check -1 Tests generators of random numbers for bias.
stream-registry 0 Keeps names, seeds and indices of deterministic streams.
fork-scheduler 0 Splits one seed into independent streams for parallel work.
splitmix-colors +1 Generates deterministic streams of random colours from a seed.
palette-shuffler +1 Shuffles colours deterministically by seed.
"""

# the triads of that collection, by place in the listing above
TRIADS = (
    (0, 2, 4), (0, 3, 5), (1, 2, 4), (1, 3, 4), (0, 2, 5), (6, 8, 10), (7, 8, 11), (7, 9, 10), (6, 9, 11), (6, 8, 11),
    (12, 14, 16), (13, 14, 17), (13, 15, 17), (12, 15, 16), (12, 14, 17), (18, 20, 22), (19, 20, 22), (18, 21, 23),
    (19, 21, 22), (18, 20, 23), (24, 26, 28), (25, 27, 28), (25, 26, 29), (24, 27, 28), (24, 26, 29), (1, 15, 17),
    (12, 2, 4), (18, 26, 22), (13, 2, 16), (0, 8, 4),
)  # fmt: skip


def hand_written() -> Partners:
    """Thirty skills about colour in five fields, and thirty triads."""
    rows = [line.split(" ", 2) for line in HAND_WRITTEN.splitlines()]
    declared = {name: int(trit) for name, trit, _ in rows}
    triads = [{rows[i][0]: declared[rows[i][0]] for i in triad} for triad in TRIADS]
    return Partners(declared, triads, {name: text for name, _, text in rows})


def generated(seed: int, skills: int = 400, triads: int = 450) -> Partners:
    """Skills in twenty-five fields with words of their own; six triads of ten stay in one field, a few name a friend.

    Inside a field some skills are much more popular than others. Nothing else ties the members of a triad together.
    """
    draw = random.Random(seed)
    fields = 25
    declared = {f"{_word(draw)}-{_word(draw)}-{i}": draw.choice(TRITS) for i in range(skills)}
    names = list(declared)
    field = {name: draw.randrange(fields) for name in names}
    weight = {name: (1 + draw.randrange(skills)) ** -0.8 for name in names}
    common, special = [_word(draw) for _ in range(120)], [[_word(draw) for _ in range(14)] for _ in range(fields)]
    descriptions = {
        name: " ".join(draw.choices(common, k=9) + draw.choices(special[field[name]], k=5)) for name in names
    }
    stated = []
    mentions: dict[str, set[str]] = {name: set() for name in names}
    for _ in range(triads):
        home = draw.randrange(fields) if draw.random() < 0.6 else None
        members = [_pick(draw, declared, field, weight, trit, home) for trit in TRITS]
        stated.append({name: declared[name] for name in members})
        if draw.random() < 0.3:
            one, other = draw.sample(members, 2)
            mentions[one].add(other)
    return Partners(declared, stated, descriptions, {name: frozenset(found) for name, found in mentions.items()})


def _pick(
    draw: random.Random,
    declared: dict[str, int],
    field: dict[str, int],
    weight: dict[str, float],
    trit: int,
    home: int | None,
) -> str:
    fitting = [name for name in declared if declared[name] == trit and home in (None, field[name])]
    fitting = fitting or [name for name in declared if declared[name] == trit]
    return draw.choices(fitting, [weight[name] for name in fitting])[0]


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(draw.randint(2, 4)))
