"""Every door carries a verb the same way: the library, the verb table and the shell answer alike."""

import io
import json
import sys

import pytest

from ffcolor import ColorPreference, Palette, streams
from ffcolor.color import to_hex
from ffcolor.doors import verbs
from ffcolor.doors.cli import main

LIKED = ["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"]
DISLIKED = ["#8b0000", "#003300", "#000000", "#4b0082"]
ASKED = ["#ffc0cb", "#000000", "#88ccee", "#550000"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("doors") / "soft.safetensors"
    ColorPreference().fit(LIKED, DISLIKED).save(path)
    return str(path)


@pytest.fixture
def shell(capfd, monkeypatch):
    def shell(*arguments, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        assert main([*map(str, arguments), "--json"]) == 0
        return json.loads(capfd.readouterr().out)

    return shell


def test_learn_and_update(shell, tmp_path):
    paths = [tmp_path / f"{door}.safetensors" for door in ("library", "table", "shell")]
    ColorPreference().fit(LIKED, DISLIKED).update(["pink"], ["lime"]).save(paths[0])
    verbs.call("learn", liked=LIKED, disliked=DISLIKED, output=str(paths[1]))
    verbs.call("update", model=str(paths[1]), liked=["pink"], disliked=["lime"])
    shell("learn", "--like", *LIKED, "--dislike", *DISLIKED, "-o", paths[2])
    shell("update", paths[2], "--like", "pink", "--dislike", "lime")
    assert len({path.read_bytes() for path in paths}) == 1


def test_learn_writes_the_same_bytes(shell, tmp_path):
    paths = [tmp_path / f"{door}.safetensors" for door in ("library", "table", "shell")]
    ColorPreference(seed=3).fit(LIKED).save(paths[0])
    verbs.call("learn", liked=LIKED, seed=3, output=str(paths[1]))
    shell("learn", "--like", "-", "--seed", 3, "-o", paths[2], stdin="\n".join(LIKED))
    assert len({path.read_bytes() for path in paths}) == 1


def test_score_and_rank(shell, model):
    taste = ColorPreference.load(model)
    rows = verbs.call("score", model=model, colors=ASKED)["colors"]
    assert [row["score"] for row in rows] == taste.score(ASKED).tolist()
    assert shell("score", model, *ASKED) == {"colors": rows}
    ranked = verbs.call("rank", model=model, colors=ASKED)["colors"]
    assert [row["index"] for row in ranked] == taste.rank(ASKED).tolist()
    assert shell("rank", model, "-", stdin=" ".join(ASKED)) == {"colors": ranked}


def test_explain(shell, model):
    expected = ColorPreference.load(model).explain("crimson")
    assert verbs.call("explain", model=model, color="crimson") == expected
    assert shell("explain", model, "crimson") == expected


@pytest.mark.parametrize("background", [None, "#102030"])
def test_palette(shell, model, background):
    expected = ColorPreference.load(model).palette(6, locked=["#ffd1dc"], background=background, contrast=3.0)
    wish = ["--background", background, "--contrast", 3] if background else []
    table = verbs.call(
        "palette", model=model, n=6, locked=["#ffd1dc"], background=background, contrast=3.0, title="soft"
    )
    assert [row["hex"] for row in table["colors"]] == expected.hex
    assert table["min_delta_e"] == expected.min_delta_e()
    assert shell("palette", model, "-n", 6, "--lock", "#ffd1dc", *wish) == table


def test_streams(shell):
    expected = to_hex(streams.stream("lch", 42, 5, 9))
    table = verbs.call("stream", name="lch", seed=42, start=5, count=9)
    assert table["colors"] == expected
    assert shell("stream", "lch", "--seed", 42, "--start", 5, "--count", 9) == table


def test_show_convert_and_info(shell, model):
    table = verbs.call("show", colors=ASKED)
    assert [row["hex"] for row in table["colors"]] == Palette(ASKED).hex
    assert shell("show", *ASKED) == table
    assert shell("convert", *ASKED, "--format", "css") == verbs.call("convert", colors=ASKED, format="css")
    assert verbs.call("convert", colors=ASKED, format="css")["text"] == Palette(ASKED).to("css")
    assert shell("info", model) == verbs.call("info", model=model)
    assert shell("info") == verbs.call("info")
