"""What each verb of the command prints: the sources are read, the verb does the work, the answer is shown."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ffcolor.doors.cli.stdio import format_of, gathered, painter, printed_json, put, stdin_once
from ffcolor.doors.cli.terminal import bar, chance, is_utf8, wants_color, working
from ffcolor.doors.columns import Columns
from ffcolor.doors.sources import read_sources
from ffcolor.doors.verbs import call
from ffcolor.errors import visible
from ffcolor.palette.formats import swatch

Options = argparse.Namespace
Plain = dict[str, Any]

_PART = 1 << 16  # colours of a stream that are listed at a time
_LONGEST_TABLE = 10_000  # rows printed in one go


def _learn(options: Options) -> None:
    read = stdin_once()
    liked = read_sources(options.like, read).colors
    disliked = None if options.dislike is None else read_sources(options.dislike, read).colors
    with working("learning") as progress:
        result = call(
            "learn",
            liked=liked,
            disliked=disliked,
            output=options.output,
            seed=options.seed,
            on_step=_if_long(progress, liked),
        )
    _say_learned(options, result)


def _update(options: Options) -> None:
    if options.like is None and options.dislike is None:
        options.parser.error("give --like, --dislike, or both")
    read = stdin_once()
    liked, disliked = (
        None if texts is None else read_sources(texts, read).colors for texts in (options.like, options.dislike)
    )
    with working("learning"):
        result = call("update", model=options.model, liked=liked, disliked=disliked, output=options.output)
    _say_learned(options, result)


def _say_learned(options: Options, result: Plain) -> None:
    if printed_json(options, result):
        return
    counts = [f"{result[side]:,} {side}" for side in ("liked", "disliked") if result[side]]
    drawn = " (disliked ones were drawn)" if result["drawn"] else ""
    right = [f"{result[f'{side}_right']:.0%} of the {side}" for side in ("liked", "disliked") if result[side]]
    plural = "" if result["liked"] + result["disliked"] == 1 else "s"
    print(
        f"learned from {' and '.join(counts)} colour{plural}{drawn} in {result['milliseconds']:.0f} ms; "
        f"right about {' and '.join(right)}"
    )
    print(f"wrote {visible(result['model'])}")


def _score(options: Options) -> None:
    result = call("score", model=options.model, colors=gathered(options).colors)
    if not printed_json(options, result):
        _say_judged(options, result["colors"])


def _rank(options: Options) -> None:
    result = call("rank", model=options.model, colors=gathered(options).colors, top=options.top)
    if not printed_json(options, result):
        _say_judged(options, result["colors"])


def _say_judged(options: Options, found: Columns) -> None:
    color, bars = wants_color(options.color, sys.stdout), sys.stdout.isatty() and is_utf8(sys.stdout)
    codes, chances = found.plain("hex"), found.array("probability")
    steps = np.rint(chances.astype(np.float64) * 1000).astype(int) + 1001 * found.array("liked")
    words = ("not liked", "liked")

    def tail(step: int, shown: str) -> str:
        return f"  {shown}{f'  {bar(step % 1001 / 1000)}' if bars else ''}  {words[step // 1001]}\n"

    tails = [tail(step, f"{step % 1001 / 1000:.3f}") for step in range(2002)]  # two thousand serve a million colours
    lines = [code + tails[step] for code, step in zip(codes, steps.tolist(), strict=True)]
    for place in np.flatnonzero(np.isin(steps % 1001, (0, 1000))).tolist():  # near 0 and 1, more places are shown
        lines[place] = codes[place] + tail(int(steps[place]), chance(float(chances[place])))
    if color:
        lines = [f"{swatch(code)}  {line}" for code, line in zip(codes, lines, strict=True)]
    for start in range(0, len(lines), _LONGEST_TABLE):
        sys.stdout.write("".join(lines[start : start + _LONGEST_TABLE]))


def _explain(options: Options) -> None:
    result = call("explain", model=options.model, color=read_sources([options.source], stdin_once()).colors)
    if printed_json(options, result):
        return
    paint = painter(options)
    verdict = "liked" if result["liked"] else "not liked"
    print(f"{paint(result['color'])}{result['color']}  is {verdict}: probability {chance(result['probability'])}")
    for side in ("liked", "disliked"):
        if near := result[f"nearest_{side}"]:
            print(f"{paint(near['color'])}{near['color']}  is the nearest {side} colour, ΔE {near['delta_e']:.1f}")
    print("what small steps would do")
    for change in result["changes"]:
        print(
            f"{paint(change['color'])}{change['color']}  {change['step']:<14} {chance(change['probability'])}"
            f"  ({change['gain']:+.3f})"
        )


def _info(options: Options) -> None:
    result = call("info", model=options.model)
    if printed_json(options, result):
        return
    if options.model is None:
        print(f"ffcolor {result['version']}")
        for title in ("formats", "streams"):
            print(f"{title}:")
            for name, about in result[title].items():
                print(f"  {name:<8} {about}")
        return
    drawn = "drawn" if result["drawn"] else "disliked"
    name = visible(options.model)
    print(f"{name}: learned from {result['liked']:,} liked and {result['disliked']:,} {drawn} colours")
    print(f"updates: {result['updates']}; penalty: {result['l2']:g}")
    print("; ".join(f"{name}: {visible(str(value))}" for name, value in result["settings"].items()))
    for side in ("liked", "disliked"):
        if codes := result[f"{side}_colors"]:
            color = wants_color(options.color, sys.stdout)
            print(f"{side}: {''.join(swatch(code, 2) for code in codes) if color else ' '.join(codes)}")


def _palette(options: Options) -> None:
    read = stdin_once()
    name = os.path.splitext(os.path.basename(options.model))[0] if options.model else "palette"
    arguments = {
        "n": options.number,
        "locked": read_sources(options.lock, read).colors if options.lock else (),
        "background": read_sources([options.background], read).colors if options.background else None,
        "contrast": options.contrast,
        "vision": options.safe_for,
        "power": options.power,
        "min_delta_e": options.min_delta_e,
        "order": options.order,
        "title": options.title or os.fsencode(name).decode("utf-8", "replace"),
    }
    format = format_of(options)
    with working("searching"):
        result = call("palette", model=options.model, format=format, **arguments)
    if format is None and not options.json:
        _say_palette(options, result)
    else:
        put(options, result)


def _say_palette(options: Options, result: Plain) -> None:
    """People get swatches and what is known of them; a pipe gets hex, one a line."""
    paint, color = painter(options), wants_color(options.color, sys.stdout)
    for row in result["colors"]:
        known = f"  {chance(row['probability'])}" if color and "probability" in row else ""
        print(f"{paint(row['hex'])}{row['hex']}{known}")
    if color and result["min_delta_e"] is not None:
        print(f"the two most similar are ΔE {result['min_delta_e']:.1f} apart")


def _image(options: Options) -> None:
    arguments: Plain = {"n": options.number, "output": options.output, "dither": options.dither}
    if options.taste.lower().endswith(".safetensors"):
        arguments["model"] = options.taste
    else:
        if not options.output:
            options.parser.error("a palette has no taste to score with: give -o to recolour the image")
        arguments["palette"] = read_sources([options.taste], stdin_once()).colors
    with working(f"looking at {options.image}"):
        result = call("image", image=options.image, **arguments)
    if printed_json(options, result):
        return
    print(f"{visible(options.image)}: {result['width']} × {result['height']}", end="")
    if "liked_share" in result:
        print(
            f", {result['liked_share']:.1%} of it is liked, mean probability {result['mean_probability']:.3f}", end=""
        )
    print()
    if "output" in result:
        paint = painter(options, 4)
        print("".join(f"{paint(code)}{code} " for code in result["palette"]).rstrip())
        print(f"wrote {visible(result['output'])}")


def _stream(options: Options) -> None:
    if options.json:
        printed_json(
            options, call("stream", name=options.name, seed=options.seed, start=options.start, count=options.count)
        )
        return
    color = wants_color(options.color, sys.stdout)
    name, seed, start, left = options.name, options.seed, options.start, options.count
    if ":" in name:
        from ffcolor.streams import place

        name, seed, start, left = place(name)
    while True:
        part = call("stream", name=name, seed=seed, start=start, count=min(left, _PART))
        if color:
            rows = zip(part["colors"], part["trits"], strict=True)
            sys.stdout.write(
                "".join(f"{swatch(code)}  {code}  {trit or 0:{'+' if trit else ' '}d}\n" for code, trit in rows)
            )
        else:
            sys.stdout.write("".join(f"{code}\n" for code in part["colors"]))
        start, left = part["start"] + len(part["colors"]), left - len(part["colors"])
        if left <= 0:
            return


def _show(options: Options) -> None:
    found = gathered(options)
    result = call("show", colors=found.colors, names=found.names or None, title=found.title or "palette")
    if printed_json(options, result):
        return
    paint = painter(options)
    for row in result["colors"]:
        lightness, chroma, hue = row["oklch"]
        name = "" if row["name"] == row["hex"] else f"  {visible(row['name'])}"
        print(
            f"{paint(row['hex'])}{row['hex']}  oklch({lightness:.3f} {chroma:.3f} {hue:5.1f})  contrast with "
            f"white {row['contrast_on_white']:5.2f}, black {row['contrast_on_black']:5.2f}{name}"
        )
    if result["min_delta_e"] is not None:
        print(f"{len(result['colors'])} colours; the two most similar are ΔE {result['min_delta_e']:.1f} apart")


def _convert(options: Options) -> None:
    format = format_of(options)
    if format is None:
        options.parser.error("give --format, or -o with a suffix that names one")
    found = gathered(options)
    title = options.title or found.title or "palette"
    put(options, call("convert", colors=found.colors, format=format, names=found.names or None, title=title))


def _demo(options: Options) -> None:
    from ffcolor.demo import run

    result = run(options.out, color=wants_color(options.color, sys.stdout), quiet=options.json)
    printed_json(options, result)


def _if_long(progress: Callable[..., None], colors: Sequence[Any] | Any) -> Callable[..., None] | None:
    """Progress costs the learner a loss a step, so only big data reports it."""
    return progress if len(colors) > _LONGEST_TABLE else None


COMMANDS: dict[str, Callable[[Options], None]] = {
    "learn": _learn,
    "update": _update,
    "score": _score,
    "rank": _rank,
    "explain": _explain,
    "info": _info,
    "palette": _palette,
    "image": _image,
    "stream": _stream,
    "show": _show,
    "convert": _convert,
    "demo": _demo,
}
