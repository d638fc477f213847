"""The verbs that make colours: palettes of a taste, and deterministic streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ffcolor.doors.sources import streamed
from ffcolor.doors.verbs.arguments import Plain, finite, is_empty, model_of
from ffcolor.doors.verbs.judging import judged
from ffcolor.doors.verbs.showing import described, written
from ffcolor.doors.verbs.warned import of_palette


def palette(
    model: Any = None,
    n: int = 5,
    locked: Any = (),
    background: Any = None,
    contrast: float | None = None,
    vision: str | Sequence[str] | None = (),
    power: float = 10.0,
    min_delta_e: float = 0.0,
    order: str = "lightness",
    title: str = "palette",
    format: str | None = None,
) -> Plain:
    """Make a palette of colours that are liked and differ from each other; without a model, from the whole gamut.

    Args:
        model: a path or a live model, or None.
        n: how many colours, 1 to 256, locked ones included.
        locked: colours that must be in it.
        background: a colour that every colour must stand out from.
        contrast: the least WCAG 2.1 contrast ratio against it; None is 4.5. Only with a background.
        vision: ``"deutan"``, ``"protan"``, ``"tritan"``: or ``"all"``: viewers who must tell the colours apart, too.
        power: from daring (small) to safe (large).
        min_delta_e: the least CIEDE2000 difference between two colours.
        order: ``"lightness"``, ``"hue"`` or ``"chosen"``.
        title: what the palette is called.
        format: one of the palette formats, to have the palette written in it, too: see `convert`.
    """
    from ffcolor.palette import Palette, diverse_palette

    options: Plain = {
        "locked": () if is_empty(locked) else streamed(locked),
        "background": streamed(background),
        "contrast": contrast,
        "vision": vision,
        "power": power,
        "min_delta_e": min_delta_e,
        "order": order,
    }
    taste = None if model is None else model_of(model)
    found = diverse_palette(n, **options) if taste is None else taste.palette(n, **options)
    of_palette(found, taste)
    rows = described(found) if taste is None else judged(taste.judge(found.colors))
    result: Plain = {"title": title, "colors": rows, "min_delta_e": finite(found.min_delta_e())}
    return result if format is None else result | written(Palette(found.colors, title=title), format)


def stream(name: str = "genesis", seed: int = 1069, start: int | None = None, count: int = 12) -> Plain:
    """List colours of a deterministic stream, with their trits.

    Args:
        name: of the stream; or its short form, such as ``"genesis:1069:1-32"``, which says all the rest as well.
        seed: 64 bits.
        start: the first index; None is where the stream begins.
        count: how many.
    """
    from ffcolor import streams
    from ffcolor.color import to_hex

    if isinstance(name, str) and ":" in name:
        name, seed, start, count = streams.place(name)
    colors = streams.stream(name, seed, start, count)
    row = streams.STREAMS[name]
    return {
        "name": name,
        "seed": seed,
        "start": row.first if start is None else start,
        "colors": to_hex(colors) if len(colors) else [],
        "trits": streams.TRIT_RULES[row.trit_rule](colors).tolist() if len(colors) else [],
        "trit_rule": row.trit_rule,
    }
