"""The verb table: plain data in, plain data out, the same answers as the library gives."""

import base64
import inspect
import json
import warnings

import numpy as np
import pytest
from coloraide import Color
from PIL import Image

from ffcolor import ColorPreference, FfcolorError, Palette, streams
from ffcolor.color import to_hex
from ffcolor.doors import verbs
from ffcolor.doors.cli.stdio import as_json

LIKED = ["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"]
DISLIKED = ["#8b0000", "#003300", "#000000", "#4b0082"]
ASKED = ["pink", "black", "#88ccee", "#550000"]


@pytest.fixture(scope="module")
def taste():
    return ColorPreference().fit(LIKED, DISLIKED)


@pytest.fixture
def model(tmp_path, taste):
    taste.save(tmp_path / "taste.safetensors")
    return str(tmp_path / "taste.safetensors")


def test_the_table_is_complete_and_documented():
    assert set(verbs.VERBS) == {
        *("learn", "update", "score", "rank", "explain", "palette", "stream", "show", "convert", "image", "info"),
        *("skills_check", "skills_fix", "skills_explain", "skills_repair"),
        *("skills_partners", "skills_pack", "skills_lock", "skills_graph"),
    }
    for name, verb in verbs.VERBS.items():
        assert verb.about.endswith((".", ":")) or len(verb.about) > 20, name
        assert verb.parameters == tuple(inspect.signature(verb.run).parameters)


def test_every_answer_is_plain_data(model, tmp_path):
    Image.new("RGB", (5, 4), "#ffd1dc").save(tmp_path / "photo.png")
    answers = [
        verbs.call("learn", liked=LIKED, output=str(tmp_path / "new.safetensors")),
        verbs.call("update", model=str(tmp_path / "new.safetensors"), liked="pink"),
        verbs.call("score", model=model, colors=ASKED),
        verbs.call("rank", model=model, colors=ASKED),
        verbs.call("explain", model=model, color="pink"),
        verbs.call("palette", model=model, n=3, format="css"),
        verbs.call("palette", n=1),
        verbs.call("stream", count=3),
        verbs.call("show", colors=ASKED),
        verbs.call("show", colors=["red"]),
        verbs.call("convert", colors=ASKED, format="ase"),
        verbs.call("image", image=str(tmp_path / "photo.png"), model=model),
        verbs.call("info"),
        verbs.call("info", model=model),
    ]
    for answer in answers:
        assert json.loads(as_json(answer)) == answer


def test_learn_and_update_hand_over_a_live_model_or_write_it(tmp_path):
    live = verbs.learn(LIKED, DISLIKED)
    assert isinstance(live["model"], ColorPreference)
    assert (live["liked"], live["disliked"], live["drawn"]) == (4, 4, False)
    assert live["liked_right"] == live["disliked_right"] == 1.0
    path = tmp_path / "t.safetensors"
    written = verbs.learn(LIKED, DISLIKED, output=path)
    assert written["model"] == str(path)
    np.testing.assert_array_equal(ColorPreference.load(path).score(ASKED), live["model"].score(ASKED))
    before = path.read_bytes()
    verbs.update(path, liked="peachpuff", output=tmp_path / "u.safetensors")
    assert path.read_bytes() == before
    verbs.update(path, liked="peachpuff")
    assert path.read_bytes() == (tmp_path / "u.safetensors").read_bytes() != before
    assert verbs.update(live["model"], disliked="red")["model"] is live["model"]


def test_learn_passes_settings_on():
    settings = {"hidden": [4, 3], "steps": 7, "threshold": 3.0, "background": 0.3}
    learned = verbs.learn(LIKED, DISLIKED, seed=2, **settings)["model"]
    expected = ColorPreference(seed=2, **settings).fit(LIKED, DISLIKED)
    np.testing.assert_array_equal(learned.score(ASKED), expected.score(ASKED))
    with pytest.raises(FfcolorError, match="steps is 0"):
        verbs.learn(LIKED, steps=0)


def test_judging_is_what_the_library_says(model, taste):
    rows = verbs.score(model, ASKED)["colors"]
    assert [row["hex"] for row in rows] == to_hex(ASKED)
    np.testing.assert_allclose([row["score"] for row in rows], taste.score(ASKED))
    np.testing.assert_allclose([row["probability"] for row in rows], taste.probability(ASKED))
    assert [row["liked"] for row in rows] == [row["probability"] >= 0.5 for row in rows]
    ranked = verbs.rank(model, ASKED)["colors"]
    assert [row["index"] for row in ranked] == taste.rank(ASKED).tolist()
    assert verbs.rank(model, ASKED, top=2)["colors"] == ranked[:2]
    assert verbs.explain(taste, "pink") == taste.explain("pink")


def test_palette_options_reach_the_search(taste):
    locked = verbs.palette(taste, 4, locked="#123456", order="chosen")
    assert locked["colors"][0]["hex"] == "#123456"
    dark = verbs.palette(None, 4, background="white", contrast=7.0)
    for row in dark["colors"]:
        assert Color(row["hex"]).contrast("white", method="wcag21") >= 7.0 - 1e-3
    found = Palette([row["hex"] for row in verbs.palette(taste, 4)["colors"]])
    assert found.hex == taste.palette(4).hex
    text = verbs.palette(taste, 4, title="soft", format="gpl")["text"]
    assert "soft" in text
    assert Palette([row["hex"] for row in verbs.palette(n=3, vision="deutan")["colors"]])


def test_streams():
    answer = verbs.stream("genesis", 1069, None, 3)
    assert answer["colors"] == ["#E67F86", "#D06546", "#1316BB"]
    assert (answer["start"], answer["trit_rule"]) == (1, "rgb-sum")
    assert answer["trits"] == streams.trits("genesis", 1069, 1, 3).tolist()
    assert verbs.stream("hash", count=0)["colors"] == []


def test_show_against_coloraide():
    for row in verbs.show(["#e67f86", "teal", "#fff", "#777"])["colors"]:
        color = Color(row["hex"])
        lightness, chroma, hue = color.convert("oklch").coords(nans=False)
        assert row["oklch"][:2] == pytest.approx([lightness, chroma], abs=2e-4)
        if chroma > 1e-3:
            assert row["oklch"][2] == pytest.approx(hue, abs=0.05)
        else:
            assert row["oklch"][1:] == [0, 0]
        assert row["contrast_on_white"] == pytest.approx(color.contrast("white", method="wcag21"), abs=0.02)
        assert row["contrast_on_black"] == pytest.approx(color.contrast("black", method="wcag21"), abs=0.02)


def test_convert_writes_text_or_bytes():
    assert verbs.convert(["red", "blue"], "hex") == {"format": "hex", "text": "#FF0000\n#0000FF\n"}
    data = base64.b64decode(verbs.convert(["red"], "ase", names=["rouge"])["base64"])
    assert data == Palette(["red"], ["rouge"]).to("ase")


def test_image_scores_and_recolors(taste, tmp_path):
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[:, :2] = 255
    Image.fromarray(pixels).save(tmp_path / "in.png")
    scored = verbs.image(tmp_path / "in.png", taste)
    assert (scored["width"], scored["height"]) == (8, 6)
    assert scored["liked_share"] == pytest.approx(0.25)
    done = verbs.image(pixels, palette=["#102030", "#f0e0d0"], output=tmp_path / "out.png")
    assert done["palette"] == ["#102030", "#F0E0D0"]
    with Image.open(tmp_path / "out.png") as picture:
        found = np.asarray(picture)
    assert found[0, 0].tolist() == [0xF0, 0xE0, 0xD0]
    assert found[0, 7].tolist() == [0x10, 0x20, 0x30]
    clear = np.dstack([pixels, np.full((6, 8), 128, np.uint8)])
    Image.fromarray(clear).save(tmp_path / "clear.png")
    for suffix, mode in ((".png", "RGBA"), (".jpg", "RGB")):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            verbs.image(tmp_path / "clear.png", palette="teal", output=tmp_path / f"clear-out{suffix}")
        assert [str(each.message)[:13] for each in told] == (["JPEG is lossy"] if suffix == ".jpg" else [])
        with Image.open(tmp_path / f"clear-out{suffix}") as found:
            assert found.mode == mode
    learned = verbs.image(pixels, taste, n=3, output=tmp_path / "learned.webp")
    assert learned["palette"] == taste.palette(3).hex


def test_streams_stand_for_colors_everywhere():
    expected = [*to_hex(streams.parse("hash:7:0-1")), "#FF0000"]
    assert [row["hex"] for row in verbs.show(["hash:7:0-1", "red"])["colors"]] == expected
    assert verbs.convert("hash:7:0-1", "hex")["text"].split() == expected[:2]


@pytest.mark.parametrize(
    ("verb", "arguments", "code", "message"),
    [
        ("lern", {}, "unknown-verb", "did you mean 'learn'"),
        ("zzz", {}, "unknown-verb", "there are learn"),
        ("learn", {"likes": []}, "unknown-argument", "did you mean 'liked'"),
        ("learn", {}, "missing-argument", "like"),
        ("score", {"model": 7, "colors": "red"}, "model", "7 is not a model"),
        ("image", {"image": "x.png"}, "missing-argument", "needs a model or a palette"),
        ("explain", {"model": "x", "color": ["red", "blue"]}, "shape", "one colour"),
        ("convert", {"colors": "red", "format": "doc"}, "palette-format", "doc"),
        ("stream", {"name": "gensis"}, "stream", "did you mean 'genesis'"),
    ],
)
def test_errors_have_codes(verb, arguments, code, message):
    with pytest.raises(FfcolorError, match=message) as caught:
        verbs.call(verb, **arguments)
    assert caught.value.code == code


def test_bad_arguments_leave_files_alone(taste, tmp_path):
    path = tmp_path / "t.safetensors"
    path.write_bytes(b"precious")
    with pytest.raises(FfcolorError):
        verbs.learn(["#12g"], output=path)
    assert path.read_bytes() == b"precious"
    with pytest.raises(FfcolorError, match="names no image format"):
        verbs.image(np.zeros((2, 2, 3), np.uint8), palette="red", output=tmp_path / "x.doc")
    with pytest.raises(FfcolorError, match="top is 0"):
        verbs.rank(taste, ASKED, top=0)
    assert [each.name for each in tmp_path.iterdir()] == ["t.safetensors"]
