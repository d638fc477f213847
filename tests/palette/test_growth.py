"""Readers take time that grows with the length of what they read and no faster: twice the input, twice the steps."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from ffcolor import FfcolorError
from ffcolor.palette import formats
from ffcolor.palette.formats import mplstyle, telling, triples

SIZE = 400

HOSTILE: dict[str, tuple[str, Callable[[int], str]]] = {
    "mpl brackets": ("mpl", lambda n: "axes.prop_cycle: " + "color=[" * n),
    "mpl lists": ("mpl", lambda n: "axes.prop_cycle: " + "color,['" * n),
    "mpl colors": ("mpl", lambda n: "axes.prop_cycle: cycler('color', [" + "'k'," * n + "])"),
    "svg groups": ("svg", lambda n: "<svg>" + '<g fill="red"><rect/></g>' * n + "</svg>"),
    "svg sheet": ("svg", lambda n: "<svg><style>" + ".a{" * n + "</style><rect/></svg>"),
    "svg selectors": ("svg", lambda n: "<svg><style>" + "g " * n + "{fill:red}</style><rect/></svg>"),
    "gpl": ("gpl", lambda n: "GIMP Palette\n" + "1 2 3\tx\n" * n),
    "gpl blanks": ("gpl", lambda n: "GIMP Palette\n1" + " " * n + "x"),
    "rgb": ("rgb", lambda n: "1,2,3,x\n" * n),
    "rgb blanks": ("rgb", lambda n: "1" + " " * n + "," + " " * n + "x"),
    "paintnet": ("paintnet", lambda n: ";\n" + "FF112233;x\n" * n),
    "ansi": ("ansi", lambda n: "\x1b[48;2;1;2;3m" * n + "\x1b[" * n),
    "colors": ("colors", lambda n: "[x]\n" + "a=1,2,3\n" * n),
    "hex": ("hex", lambda n: "#112233\n" * n),
    "json": ("json", lambda n: "[" + '"#112233",' * n + '"red"]'),
}


def steps(call: Callable[[], Any]) -> int:
    """How many functions, of Python and of C, a call calls."""
    count = 0

    def tick(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        call()
    except FfcolorError:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("case", HOSTILE)
def test_twice_the_input_takes_twice_the_steps(case):
    kind, text = HOSTILE[case]
    steps(lambda: formats.read(text(3), kind))  # what is imported and remembered once
    once, twice = (steps(lambda n=n: formats.read(text(n), kind)) for n in (SIZE, 2 * SIZE))
    assert twice <= 2.2 * once + 50


def test_the_tokens_of_a_style_are_as_many_as_its_marks():
    counts = [sum(1 for _ in mplstyle.tokens("color=[" * n)) for n in (SIZE, 2 * SIZE)]
    assert counts == [3 * SIZE, 6 * SIZE]


@pytest.mark.parametrize(
    "data", [b"-" * 40_000, b"x" * 40_000, b"--a " * 10_000, b"<" * 40_000, b"[" * 40_000, b"\x1b" * 40_000]
)
def test_only_the_beginning_tells_what_a_file_is(data, monkeypatch):
    looked = []
    search = telling._CSS

    class Pattern:
        def search(self, head: bytes) -> Any:
            looked.append(len(head))
            return search.search(head)

    told = triples.told
    monkeypatch.setattr(telling, "_CSS", Pattern())
    monkeypatch.setattr(triples, "told", lambda text: looked.append(len(text)) or told(text))
    for size in (1, 2):
        formats.tell(data * size)
    assert all(length <= 4096 for length in looked)


def test_a_run_of_letters_is_tried_once():
    starts = [found.start() for found in telling._CSS.finditer(b"--a" * 500 + b": ")]
    assert starts == [0]
    assert telling._CSS.search(b"x --a:") is not None
    assert telling._CSS.search(b"-" * 4000) is None
