"""Whatever is handed to a verb, the answer is an `FfcolorError` that names it, in few words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ffcolor import ColorPreference, FfcolorError
from ffcolor.doors.verbs import call

LONG = "x" * 100_000


@pytest.fixture(scope="module")
def taste() -> ColorPreference:
    return ColorPreference().fit(["#ffd1dc", "#c1e1c1"], ["#8b0000", "black"])


WRONG: list[tuple[str, dict[str, Any], str]] = [
    *[("palette", {"n": n}, "n is ") for n in (None, "5", float("nan"), 10**6, True, LONG)],
    *[("palette", {"vision": vision}, "vision ") for vision in (5, np.array(5))],
    ("palette", {"vision": LONG}, "is not a kind of colour vision"),
    ("palette", {"locked": np.array(5)}, "an array of colours is"),
    *[("stream", {"name": name}, "is not a stream") for name in (None, 5, [1], b"x", {}, LONG)],
    *[("stream", {name: value}, f"{name} ") for name in ("seed", "count") for value in (True, 10**4000, 10**5000)],
    *[
        ("show", {"colors": "red", "names": names}, "names is ")
        for names in (5, iter("a"), {"a": 1}, np.array(5), b"a", LONG)
    ],
    *[("convert", {"colors": "red", "format": each}, "is not a palette format") for each in (["css"], 5, None, LONG)],
    *[("learn", {"liked": "red", "output": output}, "output is ") for output in (5, [], b"x", "", 0)],
    ("learn", {"liked": "red", "hidden": np.array(5)}, "hidden is array"),
    ("learn", {"liked": "red", "hidden": 10**6}, "hidden is 1000000"),
    ("learn", {"liked": "red", "threshold": 1e308}, "threshold is 1e"),
    *[
        ("score", {"model": path, "colors": "red"}, "cannot be read|cannot hold a NUL|can't encode")
        for path in ("a\0b", "a\ud800b", LONG)
    ],
    ("show", {"colors": "red", "verb": "x"}, "show has no argument 'verb'"),
    ("show", {LONG: 1}, "show has no argument"),
    *[(verb, {}, "is not a verb") for verb in ([], {}, None, LONG)],  # type: ignore[misc]
]


@pytest.mark.parametrize(("verb", "given", "words"), WRONG, ids=range(len(WRONG)))
def test_the_error_says_what_is_wrong(verb: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(FfcolorError, match=words) as caught:
        call(verb, **given)
    assert len(str(caught.value)) < 1500


@pytest.mark.parametrize("n", [None, "5", float("nan"), 10**6])
def test_a_palette_of_a_model_is_checked_as_one_without(taste: ColorPreference, n: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(ColorPreference, "lookup", lambda self: pytest.fail("the work was begun"))
    said = []
    for model in (None, taste):
        with pytest.raises(FfcolorError) as caught:
            call("palette", model=model, n=n)
        said.append(str(caught.value))
    assert said[0] == said[1]
    with pytest.raises(FfcolorError):
        taste.palette(n)


@pytest.mark.parametrize("output", [5, [], b"x", "", 0])
def test_nothing_is_learned_for_an_output_that_cannot_be(taste: ColorPreference, output: Any) -> None:
    before = taste.updates_
    with pytest.raises(FfcolorError, match="output is"):
        call("update", model=taste, liked="red", output=output)
    assert taste.updates_ == before


def test_no_vision_is_none() -> None:
    assert call("palette", n=2, vision=None)["colors"] == call("palette", n=2)["colors"]


def test_info_tells_what_was_learned_with(taste: ColorPreference) -> None:
    with pytest.raises(FfcolorError) as caught:
        call("info", model=ColorPreference())
    assert caught.value.code == "not-fitted"
    odd = ColorPreference(hidden=np.array([5, 4]), threshold=np.float32(3), seed=np.int64(7)).fit("red", "blue")
    odd.set_params(threshold=9.0, hidden=2)
    assert call("info", model=odd)["settings"] == {
        "hidden": [5, 4],
        "threshold": 3.0,
        "background": 0.15,
        "steps": 60,
        "seed": 7,
    }


def test_a_stream_in_a_list_does_not_change_how_its_neighbours_are_read() -> None:
    rows = call("show", colors=[[1, 1, 1], [255, 0, 0], "genesis:1069:1-2"])["colors"]
    assert rows.plain("hex") == ["#010101", "#FF0000", "#E67F86", "#D06546"]
    with pytest.raises(FfcolorError, match=r"^colour 2: 'nonsense'") as caught:
        call("show", colors=["genesis:1069:1-9", "red", "nonsense"])
    assert caught.value.position == 2
    with pytest.raises(FfcolorError, match=r"^colour 1: 'genesis:x'"):
        call("show", colors=["red", "genesis:x"])
