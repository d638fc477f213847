"""The grammar of the verbs for colours: their options and their help. Imports nothing heavy."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from ffcolor.errors import did_you_mean

FORMATS = ("hex", "css", "json", "gpl", "ase", "aco", "svg", "png", "ansi", "mpl")
STREAMS = ("genesis", "hash", "lch", "fork", "unworld")
VISION = ("deutan", "protan", "tritan")
ORDERS = ("lightness", "hue", "chosen")

SOURCES = """\
colours can be written as
  '#e67f86', e67f86, fa8, teal   hex (# is optional; shells want it quoted) or a CSS name
  'rgb(230 127 134)'             any CSS colour, such as hsl(), lab(), oklch()
  '5R 4/14', 'luv(50 30 20)'     Munsell, xyz(), xyy(), luv(), cam16-ucs(): with the extra ffcolor[spaces]
  red,teal,gold                  several with commas
  warm.gpl, brand.css, ./red     a palette file: hex css json gpl ase aco svg png ansi mpl;
                                 only read: pal act soc colors, paint.net, r g b a line
  photo.jpg                      an image: an even sample of up to 4,096 of its pixels;
                                 of flat swatches, their colours
  genesis:1069:1-32              a stream: NAME:SEED:FIRST-LAST
  @words.txt                     a text file with any of these, one a line
  -                              the standard input: colours as text, a palette, an image
What has a slash or a known suffix is a file: red is a colour, ./red is a file."""


def common(verb: argparse.ArgumentParser) -> None:
    """Add the options that every verb has."""
    group = verb.add_argument_group("output")
    group.add_argument("--json", action="store_true", help="print plain data for scripts, as JSON")
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="swatches on the terminal; auto heeds NO_COLOR and whether it is a terminal (default: auto)",
    )


def _teaching(add: Any) -> None:
    learn = add(
        "learn",
        "learn a taste from liked and disliked colours",
        "ffcolor learn --like ffd1dc c1e1c1 aec6cf --dislike 8b0000 black -o soft.safetensors\n"
        "ffcolor learn --like brand.gpl photo.jpg -o brand.safetensors\n"
        "ffcolor learn --like genesis:1069:1-32 --dislike hash:7:1-32 -o stream.safetensors\n"
        "cat liked.txt | ffcolor learn --like - --dislike @disliked.txt -o mine.safetensors",
        sources=True,
    )
    _picks(learn, "--like")
    learn.add_argument("-o", "--output", metavar="MODEL", required=True, help="the .safetensors file to write")
    learn.add_argument("--seed", type=whole, default=0, help="another seed learns slightly differently (default: 0)")
    update = add(
        "update",
        "teach a model a few more picks, on top of what it knows",
        "ffcolor update soft.safetensors --like b5ead7\n"
        "ffcolor update soft.safetensors --dislike ff00ff lime -o softer.safetensors",
        sources=True,
    )
    _model(update)
    _picks(update)
    update.add_argument("-o", "--output", metavar="MODEL", help="the file to write (default: the model itself)")


def _asking(add: Any) -> None:
    score = add(
        "score",
        "say how probably each colour is liked",
        "ffcolor score soft.safetensors pink black '#88ccee'\nffcolor score soft.safetensors brand.gpl --json",
        sources=True,
    )
    _model(score)
    _colors(score)
    rank = add(
        "rank",
        "put colours in order, the most liked first",
        "ffcolor rank soft.safetensors red pink navy\n"
        "ffcolor stream hash --count 10000 | ffcolor rank soft.safetensors --top 8",
        sources=True,
    )
    _model(rank)
    _colors(rank)
    rank.add_argument("--top", type=whole, metavar="N", help="only the first N")
    explain = add(
        "explain",
        "say why one colour is liked or not, and what would change it",
        "ffcolor explain soft.safetensors crimson",
    )
    _model(explain)
    explain.add_argument("source", metavar="COLOR", help="one colour")
    info = add(
        "info",
        "describe a model; without one, list formats and streams",
        "ffcolor info soft.safetensors\nffcolor info",
    )
    info.add_argument("model", nargs="?", metavar="MODEL", help="a .safetensors file")


def _palette(add: Any) -> None:
    palette = add(
        "palette",
        "make a palette that is liked and diverse",
        "ffcolor palette soft.safetensors -n 5\n"
        "ffcolor palette soft.safetensors -n 8 --format css > theme.css\n"
        "ffcolor palette soft.safetensors -n 6 --lock '#e67f86' -o theme.ase\n"
        "ffcolor palette soft.safetensors --background white --contrast 4.5 --safe-for deutan,protan\n"
        "ffcolor palette -n 12                # no model: as different as colours can be",
    )
    palette.add_argument("model", nargs="?", metavar="MODEL", help="a .safetensors file; none: all colours are equal")
    palette.add_argument("-n", "--number", type=whole, default=5, metavar="N", help="how many, 1 to 256 (default: 5)")
    wishes = palette.add_argument_group("wishes")
    wishes.add_argument("--lock", nargs="+", action="extend", default=[], metavar="SOURCE", help="colours to keep")
    wishes.add_argument("--background", metavar="COLOR", help="a colour to stand out from")
    wishes.add_argument(
        "--contrast",
        type=number,
        metavar="RATIO",
        help="least WCAG 2.1 contrast against it (default: 4.5)",
    )
    wishes.add_argument(
        "--safe-for", default=(), metavar="WHOM", help=f"colour-blind viewers: {','.join(VISION)}, or all"
    )
    wishes.add_argument(
        "--min-delta-e", type=number, default=0.0, metavar="DE", help="least CIEDE2000 difference (default: 0)"
    )
    wishes.add_argument(
        "--power", type=number, default=10.0, help="1 is daring and diverse, 30 is safe and similar (default: 10)"
    )
    wishes.add_argument(
        "--order", choices=ORDERS, default="lightness", help="the order of colours (default: lightness)"
    )
    _writing(palette)
    palette.add_argument("--title", help="what the palette is called in the file (default: from the model's name)")


def _image(add: Any) -> None:
    image = add(
        "image",
        "recolour an image with a taste or a palette, or score it",
        "ffcolor image soft.safetensors photo.jpg                  # how much of it is liked\n"
        "ffcolor image soft.safetensors photo.jpg -n 8 -o soft.png # in eight liked colours\n"
        "ffcolor image brand.gpl photo.jpg --dither -o brand.png   # in the colours of a palette",
    )
    image.add_argument("taste", metavar="TASTE", help="a model (.safetensors), or colours: a palette file, for example")
    image.add_argument("image", metavar="IMAGE", help="the image file")
    image.add_argument("-o", "--output", metavar="IMAGE", help="the recoloured image; none: only score")
    image.add_argument("-n", "--number", type=whole, default=8, metavar="N", help="colours of a model (default: 8)")
    image.add_argument("--dither", action="store_true", help="spread errors over neighbours, for smooth shades")


def _streaming(add: Any) -> None:
    stream = add(
        "stream",
        "list colours of a deterministic stream",
        "ffcolor stream genesis --seed 1069 --count 12\n"
        "ffcolor stream genesis:1069:1-12\n"
        "ffcolor stream hash --count 100000 | head\n"
        "ffcolor stream lch --start 500 --count 8 --json",
    )
    stream.add_argument(
        "name",
        nargs="?",
        default="genesis",
        type=_stream,
        metavar="NAME",
        help=f"{', '.join(STREAMS)}; or the short form NAME:SEED:FIRST-LAST",
    )
    stream.add_argument("--seed", type=whole, default=1069, help="64 bits, decimal or 0x hexadecimal (default: 1069)")
    stream.add_argument("--start", type=whole, help="the first index (default: where the stream begins)")
    stream.add_argument("-c", "--count", type=whole, default=12, help="how many (default: 12)")


def _looking(add: Any) -> None:
    show = add(
        "show",
        "show colours: swatches, names, OKLCh, contrast",
        "ffcolor show teal 'oklch(.8 .1 90)'\nffcolor show brand.ase\nffcolor show genesis:1069:1-8",
        sources=True,
    )
    _colors(show)
    convert = add(
        "convert",
        "write colours in another palette format",
        "ffcolor convert brand.ase -o brand.gpl\nffcolor convert brand.gpl --format css\n"
        "ffcolor convert genesis:1069:1-5 -o genesis.png",
        sources=True,
    )
    _colors(convert)
    _writing(convert)
    convert.add_argument("--title", help="what the palette is called (default: what it is called now)")
    demo = add(
        "demo",
        "learn real tastes in colour and write them down: start here",
        "ffcolor demo --out out              # then open out/index.html",
    )
    demo.add_argument("--out", default="out", metavar="FOLDER", help="where to write (default: out)")


def _model(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("model", metavar="MODEL", help="a .safetensors file that learn wrote")


def _colors(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("sources", nargs="*", metavar="COLOR", help="colours (see below); none: the standard input")


def _picks(verb: argparse.ArgumentParser, required: str = "") -> None:
    for flag, word in (("--like", "liked"), ("--dislike", "disliked")):
        verb.add_argument(
            flag,
            nargs="+",
            action="extend",
            metavar="COLOR",
            required=flag == required,
            help=f"{word} colours (see below)"
            + ("; none: drawn, away from the liked ones" if required and word[0] == "d" else ""),
        )


def _writing(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("-f", "--format", choices=FORMATS, metavar="FORMAT", help=", ".join(FORMATS))
    verb.add_argument("-o", "--output", metavar="FILE", help="the file to write; its suffix names the format")


def _stream(text: str) -> str:
    name = text.partition(":")[0]
    if name not in STREAMS:
        raise argparse.ArgumentTypeError(f"'{name}' is not a stream: {did_you_mean(name, STREAMS)}")
    return text


def whole(text: str) -> int:
    """A whole number, decimal or 0x hexadecimal."""
    try:
        return int(text, 0) if text.lower().lstrip("+-").startswith("0x") else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None


def number(text: str) -> float:
    """A number; a whole one stays whole, and is shown as it was written."""
    try:
        return int(text) if text.strip("+-").isdecimal() else float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None


PARTS: tuple[Callable[[Any], None], ...] = (_teaching, _asking, _palette, _image, _streaming, _looking)
"""What adds the verbs to a parser, in the order of the help."""
