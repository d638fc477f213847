"""ColorPreference: what people are promised."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor import ColorPreference, FfcolorError, FfcolorWarning, streams
from ffcolor.color import space
from ffcolor.taste import negatives


def colors(seed: int, n: int) -> np.ndarray:
    return streams.uniform(seed, (n, 3)).astype(np.float32)


def pastel(rgb: np.ndarray) -> np.ndarray:
    lch = space.to_polar(space.srgb_to_oklab(rgb))
    return (lch[:, 0] > 0.75) & (lch[:, 1] < 0.12)


def split(rgb: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    return rgb[pastel(rgb)][:k], rgb[~pastel(rgb)][:k]


LIKED, DISLIKED = split(colors(1, 2000), 32)
NEW_LIKED, NEW_DISLIKED = split(colors(2, 6000), 300)


@pytest.fixture(scope="module")
def taste() -> ColorPreference:
    return ColorPreference().fit(LIKED, DISLIKED)


def test_it_learns(taste: ColorPreference) -> None:
    assert taste.accuracy(NEW_LIKED, NEW_DISLIKED) > 0.9


def test_what_the_numbers_mean(taste: ColorPreference) -> None:
    x = colors(3, 50)
    goodness, score, probability = taste.goodness(x), taste.score(x), taste.probability(x)
    assert goodness.shape == score.shape == probability.shape == (50,)
    assert goodness.dtype == score.dtype == probability.dtype == np.float32
    np.testing.assert_allclose(score, goodness - taste.threshold, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(-score.astype(float))), rtol=1e-5, atol=1e-7)
    assert (goodness >= 0).all()
    order = taste.rank(x)
    assert sorted(order) == list(range(50))
    assert (np.diff(score[order]) <= 0).all()
    expected = ((taste.probability(NEW_LIKED) >= 0.5).mean() + (taste.probability(NEW_DISLIKED) < 0.5).mean()) / 2
    assert taste.accuracy(NEW_LIKED, NEW_DISLIKED) == pytest.approx(expected)


def test_rank_keeps_ties_in_order(taste: ColorPreference) -> None:
    assert taste.rank(["#123456", "#ffffff", "#123456", "#ffffff"]).tolist() in ([1, 3, 0, 2], [0, 2, 1, 3])


def test_habits_of_scikit_learn() -> None:
    model = ColorPreference(hidden=4, steps=7)
    assert (model.hidden, model.steps) == (4, 7)
    assert not [name for name in vars(model) if name.endswith("_")]
    assert model.fit(LIKED, DISLIKED) is model
    assert "32 liked and 32 disliked" in repr(model)


def test_nothing_is_promised_before_fit() -> None:
    for call in (lambda m: m.score("red"), lambda m: m.palette(3), lambda m: m.save("x"), lambda m: m.update("red")):
        with pytest.raises(FfcolorError, match="call fit first") as caught:
            call(ColorPreference())
        assert caught.value.code == "not-fitted"
    assert "not learned anything" in repr(ColorPreference())


# the same bytes ----


def fingerprint(model: ColorPreference) -> bytes:
    return b"".join(weights.tobytes() for weights in model.network_.weights) + model.score(colors(3, 20)).tobytes()


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_order_of_the_colors_gives_the_same_bytes(random: object) -> None:
    first, second = list(LIKED), list(DISLIKED)
    random.shuffle(first)  # type: ignore[attr-defined]
    random.shuffle(second)  # type: ignore[attr-defined]
    assert fingerprint(ColorPreference().fit(first, second)) == fingerprint(ColorPreference().fit(LIKED, DISLIKED))


def test_weights_travel_with_their_colors() -> None:
    weight = np.arange(1.0, 33)
    forth = ColorPreference().fit(LIKED, DISLIKED, liked_weight=weight)
    back = ColorPreference().fit(LIKED[::-1], DISLIKED, liked_weight=weight[::-1])
    assert fingerprint(forth) == fingerprint(back)
    assert fingerprint(forth) != fingerprint(ColorPreference().fit(LIKED, DISLIKED))


def test_threads_and_processes_give_the_same_bytes() -> None:
    expected = fingerprint(ColorPreference().fit(LIKED, DISLIKED))
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(fingerprint(ColorPreference().fit(LIKED, DISLIKED))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
    program = (
        "import sys, hashlib; sys.path[:0] = ['tests/taste']; import test_colors as t;"
        "print(hashlib.sha256(t.fingerprint(t.ColorPreference().fit(t.LIKED, t.DISLIKED))).hexdigest())"
    )
    answers = set()
    for hash_seed in ("0", "17"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", program]
        answers.add(subprocess.run(command, capture_output=True, env=environment, check=True).stdout)

    assert answers == {hashlib.sha256(expected).hexdigest().encode() + b"\n"}


def test_global_generators_are_left_alone() -> None:
    import random

    import torch

    np.random.seed(5)  # noqa: NPY002
    torch.manual_seed(5)
    random.seed(5)
    before = np.random.random(), torch.rand(1).item(), random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    torch.manual_seed(5)
    random.seed(5)
    ColorPreference().fit(LIKED).palette(3)
    assert (np.random.random(), torch.rand(1).item(), random.random()) == before  # noqa: NPY002


def test_seeds_matter_little_but_matter() -> None:
    one, two = (ColorPreference(seed=seed).fit(LIKED, DISLIKED) for seed in (0, 1))
    assert fingerprint(one) != fingerprint(two)
    assert np.corrcoef(one.score(NEW_LIKED), two.score(NEW_LIKED))[0, 1] > 0.97


# the edges of learning ----


def test_without_disliked_colors_some_are_drawn_away_from_the_liked_ones() -> None:
    model = ColorPreference().fit(LIKED)
    assert model.accuracy(NEW_LIKED, NEW_DISLIKED) > 0.8
    drawn = model.disliked_.colors
    assert len(drawn) == 256
    distance = space.delta_e_2000(space.srgb_to_lab(drawn)[:, None], space.srgb_to_lab(LIKED)[None])
    assert distance.min() >= negatives.JUST_NOTICEABLE - 1e-3
    assert "drawn" in repr(model)
    assert model.explain("red")["nearest_disliked"] is None


def test_liked_colors_that_fill_the_gamut_leave_some_room() -> None:
    axis = np.linspace(0, 1, 8)
    cube = np.stack(np.meshgrid(axis, axis, axis), -1).reshape(-1, 3)
    model = ColorPreference().fit(cube)
    assert 0 < len(model.disliked_) <= 512


@pytest.mark.parametrize("disliked", [None, ["#00ff00"], DISLIKED])
def test_one_liked_color_is_enough(disliked: object) -> None:
    model = ColorPreference().fit(["#ff8800"], disliked)
    assert model.probability("#ff8800")[0] > 0.5
    assert model.probability("#0044ff")[0] < model.probability("#ff8a04")[0]


def test_duplicates_weigh_and_weights_duplicate() -> None:
    twice = ColorPreference(l2=0.2).fit([*LIKED, *LIKED], DISLIKED)
    heavy = ColorPreference(l2=0.2).fit(LIKED, DISLIKED, liked_weight=np.full(32, 7.0))
    np.testing.assert_allclose(twice.score(NEW_LIKED), heavy.score(NEW_LIKED), atol=0.05)


def test_a_color_of_weight_zero_says_nothing() -> None:
    weight = [1.0] * 32 + [0.0]
    model = ColorPreference(l2=0.2).fit([*LIKED, (0.0, 0.0, 0.4)], DISLIKED, liked_weight=weight)
    assert model.probability([(0.0, 0.0, 0.4)])[0] < 0.3


def test_contradicting_labels_are_warned_of_and_weighed() -> None:
    both = np.float32([[1, 0.5, 0]])
    with pytest.warns(FfcolorWarning, match=r"one colour is both liked and disliked \(#FF8000\)"):
        model = ColorPreference().fit(np.concatenate([LIKED, both]), np.concatenate([DISLIKED, both]))
    assert 0.05 < model.probability(both)[0] < 0.95
    with pytest.warns(FfcolorWarning) as told:
        torn = ColorPreference().fit(LIKED, LIKED)
    assert "32 colours are both" in str(told[0].message)
    assert "could not be told apart" in str(told[1].message)
    assert np.abs(torn.probability(LIKED) - 0.5).max() < 0.25


def test_flipped_labels_make_it_smoother_by_itself() -> None:
    rgb = colors(8, 4000)
    liked, disliked = split(rgb, 100)
    noisy = ColorPreference().fit([*liked[:80], *disliked[:20]], [*disliked[20:], *liked[80:]])
    clean = ColorPreference().fit(liked, disliked)
    assert noisy.l2_ > 5 * clean.l2_
    assert noisy.accuracy(NEW_LIKED, NEW_DISLIKED) > 0.85


def test_a_hundred_thousand_of_each() -> None:
    rgb = colors(9, 800_000)
    liked, disliked = split(rgb, 100_000)
    assert len(liked) > 40_000
    model = ColorPreference().fit(liked, disliked[: len(liked)])
    assert model.accuracy(NEW_LIKED, NEW_DISLIKED) > 0.97
    assert fingerprint(model) == fingerprint(ColorPreference().fit(liked[::-1], disliked[: len(liked)][::-1]))


def test_layers_on_layers() -> None:
    model = ColorPreference(hidden=(16, 8, 8)).fit(LIKED, DISLIKED)
    assert model.accuracy(NEW_LIKED, NEW_DISLIKED) > 0.9
    x = colors(3, 9)
    np.testing.assert_allclose(model.score(x), model.goodness(x) - 3 * model.threshold, rtol=1e-4, atol=1e-4)
    assert len(model.explain("red")["goodness"]) == 3


@pytest.mark.needs("torch")
def test_a_torch_device_learns_the_same() -> None:
    """The path that a GPU takes, on the CPU."""
    ours, theirs = ColorPreference().fit(LIKED, DISLIKED), ColorPreference(device="cpu:0").fit(LIKED, DISLIKED)
    np.testing.assert_allclose(ours.score(NEW_LIKED), theirs.score(NEW_LIKED), atol=0.05)
    assert type(theirs.network_.weights[0]).__module__ == "torch"
    np.testing.assert_allclose(theirs.probability(NEW_LIKED, exact=False), theirs.probability(NEW_LIKED), atol=0.2)


@pytest.mark.needs("torch")
def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(FfcolorError, match="device 'toaster' cannot be used"):
        ColorPreference(device="toaster").fit(LIKED, DISLIKED)


# keeping on learning ----


def test_update_learns_new_picks_and_keeps_the_old() -> None:
    model = ColorPreference().fit(LIKED, DISLIKED)
    navy = ["#000080", "#00007a", "#050588"]
    before = model.probability(navy).max()
    assert before < 0.3
    assert model.update(navy) is model
    assert model.probability(navy).min() > 0.5
    assert model.accuracy(NEW_LIKED, NEW_DISLIKED) > 0.85
    assert len(model.liked_) == 35
    model.update(disliked=navy[:1] and ["#ffffff"])
    assert model.updates_ == 2


def test_update_takes_the_steps_of_fit_or_as_many_as_asked_for() -> None:
    taken: list[int] = []
    model = ColorPreference().fit(LIKED, DISLIKED)
    model.update(["#000080"], on_step=lambda step, steps, loss: taken.append(step))
    model.update(["#000082"], steps=20, on_step=lambda step, steps, loss: taken.append(step))
    assert len(taken) == model.steps + 20


def test_update_needs_colors() -> None:
    with pytest.raises(FfcolorError, match="neither was given"):
        ColorPreference().fit(LIKED).update()


def test_progress_is_told_and_can_stop_the_learning_without_harm() -> None:
    told: list[tuple[int, int, float]] = []
    model = ColorPreference().fit(LIKED, DISLIKED, on_step=lambda *step: told.append(step))
    assert [step[0] for step in told] == list(range(1, 61))
    assert told[-1][2] < told[0][2]
    assert model.history_ == [step[2] for step in told]

    def stop(step: int, steps: int, loss: float) -> None:
        if step == 5:
            raise KeyboardInterrupt

    before = fingerprint(model)
    for learn in (model.fit, model.update):
        with pytest.raises(KeyboardInterrupt):
            learn(NEW_LIKED[:5], NEW_DISLIKED[:5], on_step=stop)
        assert fingerprint(model) == before


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ((LIKED, [*DISLIKED, (0.1, 0.2, 7.0)]), "32"),
        (([], DISLIKED), "no colours|empty"),
        ((LIKED, ["#12g"]), "#12g"),
    ],
)
def test_bad_colors_leave_the_model_as_it_was(bad: tuple[object, object], words: str) -> None:
    model = ColorPreference().fit(LIKED, DISLIKED)
    before = fingerprint(model)
    with pytest.raises(FfcolorError, match=words):
        model.fit(*bad)
    assert fingerprint(model) == before


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"hidden": 0}, "hidden is 0"),
        ({"hidden": (8, -1)}, "hidden is"),
        ({"hidden": ()}, "hidden is"),
        ({"threshold": 0}, "threshold is 0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"steps": 0}, "steps is 0"),
        ({"steps": 2.5}, "steps is 2.5"),
        ({"background": 1.0}, "background is 1.0"),
        ({"l2": "much"}, "l2 is 'much'"),
        ({"l2": -1}, "l2 is -1"),
        ({"seed": "x"}, "seed is 'x'"),
    ],
)
def test_settings_that_make_no_sense_are_named(setting: dict[str, object], words: str) -> None:
    with pytest.raises(FfcolorError, match=words):
        ColorPreference(**setting).fit(LIKED, DISLIKED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ([1.0] * 31, "32 colours"),
        ([1.0] * 31 + [-1.0], "liked 31 is -1.0"),
        ([float("nan")] + [1.0] * 31, "liked 0 is nan"),
        ([0.0] * 32, "at least one"),
    ],
)
def test_weights_that_make_no_sense_are_named(weight: list[float], words: str) -> None:
    with pytest.raises(FfcolorError, match=words):
        ColorPreference().fit(LIKED, DISLIKED, liked_weight=weight)


def test_learning_that_dies_says_so() -> None:
    with pytest.warns(FfcolorWarning, match="could not be told apart"):
        ColorPreference(learning_rate=50.0).fit(LIKED, DISLIKED)
    with pytest.warns(FfcolorWarning, match="could not be told apart"):
        ColorPreference(l2=1e6).fit(LIKED, DISLIKED)


def test_dead_units_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffcolor.engine.network.Network.learn", lambda network, *_, **__: network.weights[0].fill(-1))
    with pytest.raises(FfcolorError, match="no unit of the network responds to any liked colour") as caught:
        ColorPreference().fit(LIKED, DISLIKED)
    assert caught.value.code == "dead-units"


# tables, explanations, palettes, files ----


def test_the_table_is_close_to_the_exact_probability(taste: ColorPreference) -> None:
    x = colors(11, 20_000)
    exact, quick = taste.probability(x), taste.probability(x, exact=False)
    assert np.abs(exact - quick).mean() < 0.005
    assert ((exact >= 0.5) != (quick >= 0.5)).mean() < 0.01
    assert quick.tobytes() == taste.probability(x, exact=False, threads=3).tobytes()


def test_the_table_is_exact_at_its_nodes_and_trilinear_between() -> None:
    from scipy.ndimage import map_coordinates

    from ffcolor.taste.lookup import SIDE, Lookup, grid

    values = streams.uniform(1, SIDE**3).astype(np.float32)
    np.testing.assert_allclose(Lookup(values)(grid()), values, atol=1e-6)
    x = colors(12, 70_000)
    cube = values.reshape(SIDE, SIDE, SIDE).astype(float)
    np.testing.assert_allclose(Lookup(values)(x), map_coordinates(cube, x.T * 32.0, order=1), atol=1e-5)


def test_an_updated_preference_gets_a_new_table() -> None:
    model = ColorPreference().fit(LIKED, DISLIKED)
    before = model.probability("#000080", exact=False)[0]
    model.update(["#000080"] * 5)
    assert model.probability("#000080", exact=False)[0] > before + 0.2


def test_an_explanation_is_plain_data_and_true(taste: ColorPreference) -> None:
    told = taste.explain("#2244aa")
    assert json.loads(json.dumps(told)) == told
    assert told["color"] == "#2244AA"
    assert told["probability"] == pytest.approx(float(taste.probability("#2244aa")[0]))
    assert told["liked"] is (told["score"] >= 0)
    assert told["goodness"] == pytest.approx([told["score"] + taste.threshold], abs=1e-5)
    gains = [change["gain"] for change in told["changes"]]
    assert gains == sorted(gains, reverse=True)
    assert len(gains) == 6
    lab = space.srgb_to_lab(LIKED)
    distances = space.delta_e_2000(space.srgb_to_lab(np.float32([0x22, 0x44, 0xAA]) / 255), lab)
    assert told["nearest_liked"]["delta_e"] == pytest.approx(float(distances.min()), rel=1e-3)
    assert [change["step"] for change in taste.explain("#808080")["changes"]] == ["lighter", "more vivid", "darker"]


def test_its_palette_is_liked(taste: ColorPreference) -> None:
    palette = taste.palette(5)
    assert len(palette) == 5
    assert taste.probability(palette.colors).min() > 0.4
    assert pastel(palette.colors).mean() >= 0.8
    assert palette == taste.palette(5)


def test_files_bring_back_the_very_same_preference(tmp_path: object) -> None:
    path = tmp_path / "taste.safetensors"  # type: ignore[operator]
    for model in (
        ColorPreference(seed=3).fit(LIKED, DISLIKED),
        ColorPreference(hidden=(6, 5)).fit(LIKED).update(disliked=["#ffffff"]),
    ):
        model.save(path)
        again = ColorPreference.load(path)
        assert fingerprint(again) == fingerprint(model)
        assert (again.l2_, again.drawn_, again.updates_) == (model.l2_, model.drawn_, model.updates_)
        assert again.explain("red") == model.explain("red")
        model.update(["#224466"])
        again.update(["#224466"])
        assert fingerprint(again) == fingerprint(model)


def test_learning_warns_of_nothing_else() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ColorPreference().fit(LIKED, DISLIKED).update(["#123456"])


@pytest.mark.parametrize("n", [1, 12, 256])
def test_a_narrow_taste_still_makes_palettes(n: int) -> None:
    model = ColorPreference().fit(["#3366cc"], ["#3368cc", "#3364cc", *DISLIKED])
    palette = model.palette(n)
    assert len(set(palette.hex)) == n
    blue = space.srgb_to_oklab(np.float32([0x33, 0x66, 0xCC]) / 255)
    assert np.linalg.norm(space.srgb_to_oklab(palette.colors) - blue, axis=1).max() < 0.5


def test_explanations_are_ranked_by_score_and_leave_out_what_changes_nothing() -> None:
    certain = ColorPreference(threshold=1.0).fit(LIKED, DISLIKED)
    for color in ("#ffffff", "#000000", "#ff0000", *(f"#{level:02x}{level:02x}ff" for level in range(0, 256, 51))):
        told = certain.explain(color)
        scores = [change["score"] for change in told["changes"]]
        assert scores == sorted(scores, reverse=True)
        assert told["color"] not in [change["color"] for change in told["changes"]]
        for change in told["changes"]:
            assert change["score"] == pytest.approx(float(certain.score(change["color"])[0]), abs=0.1)
