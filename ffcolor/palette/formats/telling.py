"""What a file without a telling name is: its beginning says so, and no more than that is looked at."""

from __future__ import annotations

import re

from ffcolor.palette.formats import triples

_LOOK = 4096  # bytes
_CSS = re.compile(rb"(?<![\w-])--[\w-]+\s*:")  # a run of letters is tried once, at its start
_GROUP = re.compile(rb"\[[A-Za-z][^\]\n\"]*\][^\n]*\n")  # [Colors:Window], over lines of key=value
_BEGINNINGS = {
    "ase": (b"ASEF",),
    "aco": (b"\0\1", b"\0\2"),
    "pal": (b"JASC-PAL",),
    "gpl": (b"GIMP Palette",),
    "colors": (b"KDE RGB Palette",),
    "svg": (b"<?xml", b"<!DOCTYPE", b"<!--", b"<svg"),
    "json": (b"[", b"{"),
    "ansi": (b"\x1b[",),
}


def tell(data: bytes) -> str | None:
    """The name of the palette format that a file's content begins as, or None: hex codes, say, or a picture."""
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:_LOOK]
    kind = next((name for name, beginnings in _BEGINNINGS.items() if head.startswith(beginnings)), None)
    if kind == "svg" and b"<svg" not in head and b"draw:color" in head:
        return "soc"
    if kind == "json" and _GROUP.match(head):
        return "colors"
    if kind:
        return kind
    if head[:4] == b"RIFF" and head[8:12] == b"PAL ":
        return "pal"
    if b"axes.prop_cycle" in head:
        return "mpl"
    if _CSS.search(head):
        return "css"
    return triples.told(head.decode("utf-8", "replace"))
