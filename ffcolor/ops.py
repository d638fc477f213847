"""The verbs: every door to ffcolor (shell, Clojure, web, MCP) goes through this table, from plain data to plain data.

A verb takes keyword arguments and returns a dict of strings, numbers, lists and dicts that JSON can hold. There are two
exceptions, both the caller's wish: `learn` and `update` return a live model under ``"model"`` where no ``output`` is
named, and a model argument may be a live model as well as the path of a file.

*Colours* are anything `read_colors` takes, or the short form of a stream such as ``"genesis:1069:1-32"``, alone or in a
list. `call` runs a verb by its name and checks the names of its arguments.

>>> call("show", colors=["teal"])["colors"][0]["hex"]
'#008080'
"""

from __future__ import annotations

import base64
import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ffcolor.errors import FfcolorError
from ffcolor.verb_table import VERBS as VERBS
from ffcolor.verb_table import Plain
from ffcolor.verb_table import Verb as Verb
from ffcolor.verb_table import call as call
from ffcolor.verb_table import verb as _verb

if TYPE_CHECKING:
    from ffcolor.palette import Palette
    from ffcolor.preference import ColorPreference

Path_ = str | os.PathLike[str]
OnStep = Callable[[int, int, float], object]


# ---- learning ----------------------------------------------------------------------------------------------------


@_verb
def learn(
    like: Any,
    dislike: Any = None,
    output: Path_ | None = None,
    seed: int = 0,
    on_step: OnStep | None = None,
    hidden: int | Sequence[int] | None = None,
    steps: int | None = None,
    threshold: float | None = None,
    background: float | None = None,
) -> Plain:
    """Learn a taste from liked and disliked colours.

    Args:
        like: liked colours.
        dislike: disliked colours; None draws some, away from the liked ones.
        output: the .safetensors file to write; None returns the live model.
        seed: of the first weights and the drawn colours.
        on_step: called as ``on_step(step, steps, loss)``.
        hidden: units of each layer; this and the next are settings of `ColorPreference`, None its own choice.
        steps: local steps of each layer.
        threshold: goodness between good and not good.
        background: share of the disliked side that is spread over the whole gamut.
    """
    from ffcolor.preference import ColorPreference

    given = {"hidden": hidden, "steps": steps, "threshold": threshold, "background": background}
    settings: Plain = {name: value for name, value in given.items() if value is not None}
    liked, disliked = colors_of(like), None if dislike is None else colors_of(dislike)
    begin = time.perf_counter()
    taste = ColorPreference(seed=seed, **settings).fit(liked, disliked, on_step=on_step)
    return _learned(taste, liked, disliked, begin, output)


@_verb
def update(
    model: Any, like: Any = None, dislike: Any = None, output: Path_ | None = None, on_step: OnStep | None = None
) -> Plain:
    """Teach a model a few more picks, on top of what it knows.

    Args:
        model: a path or a live model, which is changed.
        like: more liked colours.
        dislike: more disliked colours.
        output: the file to write; None writes the model's own file, or returns the live model that was given.
        on_step: called as ``on_step(step, steps, loss)``.
    """
    taste = model_of(model)
    liked, disliked = (None if colors is None else colors_of(colors) for colors in (like, dislike))
    begin = time.perf_counter()
    taste.update(liked, disliked, on_step=on_step)
    return _learned(taste, liked, disliked, begin, output or (model if isinstance(model, (str, os.PathLike)) else None))


def _learned(
    taste: ColorPreference,
    liked: NDArray[np.float32] | None,
    disliked: NDArray[np.float32] | None,
    begin: float,
    output: Path_ | None,
) -> Plain:
    elapsed = time.perf_counter() - begin
    if output is not None:
        taste.save(output)
    return {
        "model": taste if output is None else os.fspath(output),
        "liked": 0 if liked is None else len(liked),
        "disliked": 0 if disliked is None else len(disliked),
        "drawn": bool(taste.drawn_),
        "liked_right": None if liked is None else float((taste.score(liked) >= 0).mean()),
        "disliked_right": None if disliked is None else float((taste.score(disliked) < 0).mean()),
        "milliseconds": round(elapsed * 1000, 3),
    }


# ---- judging -----------------------------------------------------------------------------------------------------


@_verb
def score(model: Any, colors: Any) -> Plain:
    """Score colours by a taste: score (liked above 0) and probability in [0, 1], in the order given."""
    taste, rgb = model_of(model), colors_of(colors)
    return {"colors": _judged(taste, rgb)}


@_verb
def rank(model: Any, colors: Any, top: int | None = None) -> Plain:
    """Rank colours by a taste, the most liked first; each with its index in the order given.

    Args:
        model: a path or a live model.
        colors: the colours to rank.
        top: how many to return; None for all.
    """
    most = None if top is None else _whole("top", top, 1)
    rows = _judged(model_of(model), colors_of(colors))
    order = sorted(range(len(rows)), key=lambda index: -rows[index]["score"])[:most]  # a stable sort, as the model's
    return {"colors": [{"index": index, **rows[index]} for index in order]}


@_verb
def explain(model: Any, color: Any) -> Plain:
    """Explain why one colour is liked or not: its nearest known colours, and what small steps would change."""
    rgb = colors_of(color)
    if len(rgb) != 1:
        raise FfcolorError(f"one colour can be explained at a time, not {len(rgb)}", code="shape", value=len(rgb))
    return model_of(model).explain(rgb[0])


def _judged(taste: ColorPreference, rgb: NDArray[np.float32]) -> list[Plain]:
    from ffcolor.color import to_hex

    columns = to_hex(rgb), taste.score(rgb).tolist(), taste.probability(rgb).tolist()
    return [
        {"hex": code, "score": value, "probability": chance, "liked": value >= 0}
        for code, value, chance in zip(*columns, strict=True)
    ]


# ---- making ------------------------------------------------------------------------------------------------------


@_verb
def palette(
    model: Any = None,
    n: int = 5,
    locked: Any = (),
    background: Any = None,
    contrast: float = 4.5,
    vision: Sequence[str] = (),
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
        contrast: the least WCAG 2.1 contrast ratio against it.
        vision: ``"deutan"``, ``"protan"``, ``"tritan"``: viewers who must tell the colours apart, too.
        power: from daring (small) to safe (large).
        min_delta_e: the least CIEDE2000 difference between two colours.
        order: ``"lightness"``, ``"hue"`` or ``"chosen"``.
        title: what the palette is called.
        format: one of the palette formats, to have the palette written in it, too: see `convert`.
    """
    from ffcolor.generate import diverse_palette
    from ffcolor.palette import Palette

    options: Plain = {
        "locked": () if _is_empty(locked) else colors_of(locked),
        "background": None if background is None else colors_of(background)[0],
        "contrast": contrast,
        "vision": tuple([vision] if isinstance(vision, str) else vision),
        "power": power,
        "min_delta_e": min_delta_e,
        "order": order,
    }
    taste = None if model is None else model_of(model)
    found = diverse_palette(n, **options) if taste is None else taste.palette(n, **options)
    rows = _described(found) if taste is None else _judged(taste, found.colors)
    result: Plain = {"title": title, "colors": rows, "min_delta_e": _finite(found.min_delta_e())}
    return result if format is None else result | _written(Palette(found.colors, title=title), format)


@_verb
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

    if ":" in name:
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


# ---- showing and converting --------------------------------------------------------------------------------------


@_verb
def show(colors: Any, names: Sequence[str] | None = None, title: str = "palette") -> Plain:
    """Show colours: hex, name, OKLCh coordinates and contrast with black and white; and how far apart they are."""
    from ffcolor.palette import Palette

    found = Palette(colors_of(colors), names, title)
    return {"title": title, "colors": _described(found), "min_delta_e": _finite(found.min_delta_e())}


@_verb
def convert(colors: Any, format: str, names: Sequence[str] | None = None, title: str = "palette") -> Plain:
    """Write colours in a palette format: ``text`` for text formats, ``base64`` for binary ones.

    Args:
        colors: the colours.
        format: hex, css, json, gpl, ase, aco, svg, png, ansi or mpl.
        names: one a colour, for formats that keep names.
        title: of the palette.
    """
    from ffcolor.palette import Palette

    return _written(Palette(colors_of(colors), names, title), format)


def _described(found: Palette) -> list[Plain]:
    from ffcolor import space

    rgb = found.colors.astype(np.float64)
    oklch = space.to_polar(space.srgb_to_oklab(rgb))
    oklch[oklch[:, 1] < 1e-4, 1:] = 0  # the hue of a grey is noise
    on_white, on_black = space.contrast_ratio(rgb, np.ones(3)), space.contrast_ratio(rgb, np.zeros(3))
    return [
        {
            "hex": code,
            "name": name,
            "oklch": [round(float(lightness), 4), round(float(chroma), 4), round(float(hue), 2)],
            "contrast_on_white": round(float(white), 2),
            "contrast_on_black": round(float(black), 2),
        }
        for code, name, (lightness, chroma, hue), white, black in zip(
            found.hex, found.names, oklch, on_white, on_black, strict=True
        )
    ]


def _written(found: Palette, format: str) -> Plain:
    data = found.to(format)
    if isinstance(data, bytes):
        return {"format": format, "base64": base64.b64encode(data).decode("ascii")}
    return {"format": format, "text": data}


# ---- images ------------------------------------------------------------------------------------------------------


@_verb
def image(
    image: Any,
    model: Any = None,
    palette: Any = None,
    n: int = 8,
    output: Path_ | None = None,
    dither: bool = False,
) -> Plain:
    """Score an image by a taste, and recolour it with a palette or with colours that the taste likes.

    Args:
        image: the path of an image, or an array (h, w, 3).
        model: a path or a live model: scores the image, and makes the palette where none is given.
        palette: the colours to recolour with.
        n: how many colours the model's palette has.
        output: the image file to write; None only scores.
        dither: spread the error over neighbouring pixels, for smooth shades.
    """
    from ffcolor.color import read_image

    if model is None and palette is None:
        raise FfcolorError("an image needs a model or a palette; neither was given", code="missing-argument")
    pixels = read_image(image, alpha="composite")
    taste = None if model is None else model_of(model)
    result: Plain = {"width": pixels.shape[1], "height": pixels.shape[0]}
    if taste is not None:
        probability = taste.probability(pixels.reshape(-1, 3), exact=False)
        result["mean_probability"] = float(probability.mean(dtype=np.float64))
        result["liked_share"] = float((probability >= 0.5).mean())
    if output is not None:
        from ffcolor.palette import Palette
        from ffcolor.repaint import recolor

        kind = _image_kind(output)
        chosen = Palette(colors_of(palette)) if palette is not None else model_of(taste).palette(n)
        clear = kind in ("PNG", "WEBP", "TIFF")  # these keep the image's own alpha
        _save_image(recolor(image if clear else pixels, chosen, dither=dither), output, kind)
        result |= {"output": os.fspath(output), "palette": chosen.hex}
    return result


def _image_kind(output: Path_) -> str:
    from PIL import Image

    kind = Image.registered_extensions().get(Path(output).suffix.lower())
    if kind not in Image.SAVE:
        message = f"cannot write '{os.fspath(output)}': its suffix names no image format; write .png, .jpg or .webp"
        raise FfcolorError(message, code="image-file", value=os.fspath(output))
    return str(kind)


def _save_image(pixels: NDArray[np.uint8], output: Path_, kind: str) -> None:
    import io

    from PIL import Image

    from ffcolor.files import write_atomically

    data = io.BytesIO()
    options = {"quality": 92} if kind in ("JPEG", "WEBP") else {}
    Image.fromarray(pixels).save(data, kind, **options)
    write_atomically(output, data.getvalue())


# ---- about -------------------------------------------------------------------------------------------------------


@_verb
def info(model: Any = None) -> Plain:
    """Describe a model: what it learned from and how; without a model, ffcolor itself: version, formats, streams."""
    if model is None:
        from ffcolor import __version__, formats, streams

        return {
            "version": __version__,
            "formats": {name: row.about for name, row in formats.FORMATS.items()},
            "streams": {name: row.about for name, row in streams.STREAMS.items()},
            "verbs": {name: row.about for name, row in VERBS.items()},
        }
    from ffcolor.color import to_hex

    taste = model_of(model)
    return {
        "liked": len(taste.liked_),
        "disliked": len(taste.disliked_),
        "drawn": bool(taste.drawn_),
        "updates": taste.updates_,
        "settings": {name: getattr(taste, name) for name in ("hidden", "threshold", "background", "steps", "seed")},
        "l2": float(taste.l2_),
        "liked_colors": to_hex(taste.liked_.colors[:64]),
        "disliked_colors": [] if taste.drawn_ else to_hex(taste.disliked_.colors[:64]),
    }


# ---- arguments ---------------------------------------------------------------------------------------------------


def model_of(model: Any) -> ColorPreference:
    """A live model, from itself or from the path of its file."""
    from ffcolor.preference import ColorPreference

    if isinstance(model, ColorPreference):
        return model
    if isinstance(model, (str, os.PathLike)):
        return ColorPreference.load(model)
    raise FfcolorError(f"{model!r} is not a model; give a path or a ColorPreference", code="model", value=model)


def colors_of(source: Any) -> NDArray[np.float32]:
    """Colours float32 (n, 3) from anything `read_colors` takes, and from streams in their short form."""
    from ffcolor import streams
    from ffcolor.color import read_colors

    if isinstance(source, str) and streams.is_spec(source):
        return streams.parse(source)
    if isinstance(source, (list, tuple)) and any(isinstance(each, str) and streams.is_spec(each) for each in source):
        return np.concatenate([colors_of(each) for each in source])
    return read_colors(source)


def _is_empty(value: Any) -> bool:
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def _whole(name: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        message = f"{name} is {value!r}; it must be a whole number, at least {least}"
        raise FfcolorError(message, code="invalid-setting", value=value)
    return value


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


import ffcolor.skill_verbs  # noqa: E402, F401  the verbs of skills join the table
