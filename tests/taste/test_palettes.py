"""PalettePreference and the encoding of palettes: order, sizes, bad input, files, and that it learns."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor import FfcolorError, FfcolorWarning, Palette, PalettePreference, streams
from ffcolor.color.space import hsl_to_srgb
from ffcolor.taste import palette_features, palette_sets

LIKED = [
    ["#69d2e7", "#a7dbd8", "#e0e4cc", "#f38630", "#fa6900"],
    ["#fe4365", "#fc9d9a", "#f9cdad", "#c8c8a9", "#83af9b"],
    ["#ecd078", "#d95b43", "#c02942", "#542437"],
]
DISLIKED = [["#00ff00", "#ff00ff", "#0000ff"], ["#ffff00", "#00ffff", "#ff0000", "#7f00ff"]]


def palettes(seed, count, size):
    return streams.uniform(seed, (count, size, 3)).astype(np.float32)


def one_hue(seed, count, size):
    """Palettes whose colours share a hue."""
    u = streams.uniform(seed, (count, size, 3))
    hue = np.broadcast_to(360 * u[:, :1, 0], (count, size))
    return hsl_to_srgb(np.stack([hue, 0.3 + 0.7 * u[..., 1], 0.15 + 0.7 * u[..., 2]], axis=-1)).astype(np.float32)


def quick(**options):
    return PalettePreference(**{"steps": 60, **options})


@pytest.fixture(scope="module")
def taught():
    return quick().fit(LIKED, DISLIKED)


def same(one, two):
    arrays = [(m.network_.weights[0], m.mean_, m.scale_) for m in (one, two)]
    return all(a.tobytes() == b.tobytes() for a, b in zip(*arrays, strict=True))


# ---- the encoding --------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_encoding_does_not_depend_on_the_order_of_colors(data):
    levels = st.integers(0, 255)
    colors = data.draw(st.lists(st.tuples(levels, levels, levels), min_size=2, max_size=12))
    palette = np.array(colors, dtype=np.float32) / np.float32(255)
    other = palette[data.draw(st.permutations(range(len(colors))))]
    code = palette_features.encode([palette])
    assert code.shape == (1, palette_features.SIZE)
    assert np.isfinite(code).all()
    assert palette_features.encode([other]).tobytes() == code.tobytes()


def test_encoding_of_mixed_sizes_is_that_of_each_alone():
    mixed = [palette for size in (5, 2, 12, 3) for palette in palettes(size, 3, size)]
    mixed = [mixed[i] for i in (7, 0, 11, 3, 8, 1, 4, 9, 2, 6, 5, 10)]
    alone = np.concatenate([palette_features.encode([palette]) for palette in mixed])
    np.testing.assert_allclose(palette_features.encode(mixed), alone, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", range(2, 13))
def test_gray_black_and_equal_colors_are_encoded(size):
    edges = [np.zeros((size, 3)), np.ones((size, 3)), np.full((size, 3), 0.5), np.eye(3)[np.arange(size) % 3]]
    assert np.isfinite(palette_features.encode([np.asarray(edge, dtype=np.float32) for edge in edges])).all()


def test_encoding_sees_colors_and_not_only_their_mean():
    line = np.array([[0, 0, 0], [0.5, 0.5, 0.5], [1, 1, 1]], dtype=np.float32)
    still = np.full((3, 3), 0.5, dtype=np.float32)
    code = palette_features.encode([line, still])
    for place in palette_features.parts().values():
        assert np.abs(code[0, place] - code[1, place]).max() > 0.1


def test_parts_cover_the_encoding():
    places = list(palette_features.parts().values())
    assert places[0].start == 0
    assert places[-1].stop == palette_features.SIZE
    assert all(one.stop == two.start for one, two in pairwise(places))


# ---- made-up palettes ----------------------------------------------------------------------------------------------


def test_shuffles_keep_colors_and_sizes_but_no_palette():
    given_ = palette_sets.read([*LIKED, *DISLIKED])
    made = palette_sets.shuffled(given_, 1, seed=5)
    assert [len(palette) for palette in made] == [len(palette) for palette in given_]
    rows = [np.concatenate(group) for group in (made, given_)]
    assert sorted(map(tuple, rows[0].tolist())) == sorted(map(tuple, rows[1].tolist()))
    known = {palette_sets.key(palette) for palette in given_}
    assert not known & {palette_sets.key(palette) for palette in palette_sets.shuffled(given_, 20, seed=5)}
    assert len(palette_sets.shuffled(given_, 20, seed=5)) > 90


def test_shuffles_of_one_palette_are_itself_and_left_away():
    assert palette_sets.shuffled(palette_sets.read(LIKED[:1]), 10, seed=0) == []


def test_drawn_palettes_take_the_sizes_in_turn():
    drawn = palette_sets.drawn([2, 5], 5, seed=3)
    assert [len(palette) for palette in drawn] == [2, 5, 2, 5, 2]
    assert palette_sets.drawn([2], 0, seed=3) == []


# ---- learning ------------------------------------------------------------------------------------------------------


def auc(good, bad):
    return float((good[:, None] > bad[None]).mean())


def test_learns_one_hue_from_shuffles_of_held_out_size():
    taste = quick(steps=150).fit(one_hue(1, 80, 5))
    pool = one_hue(2, 60, 5)
    mixed = pool.reshape(-1, 3)[np.argsort(streams.uniform(3, 300))].reshape(60, 5, 3)
    assert auc(taste.score(pool), taste.score(mixed)) > 0.95
    assert taste.accuracy(pool, mixed) > 0.85
    smaller = one_hue(4, 60, 4)
    mixed = smaller.reshape(-1, 3)[np.argsort(streams.uniform(5, 240))].reshape(60, 4, 3)
    assert auc(taste.score(smaller), taste.score(mixed)) > 0.85


def test_learns_from_given_dislikes_in_mixed_sizes():
    sizes = (2, 3, 5, 8, 12)
    liked, disliked, new, new_bad = (
        [p for n in sizes for p in make(seed + n, 12, n)]
        for seed, make in ((10, one_hue), (20, palettes), (30, one_hue), (40, palettes))
    )
    taste = quick(steps=150).fit(liked, disliked)
    assert taste.accuracy(new, new_bad) > 0.85


def test_the_other_way_round_is_learned_too():
    taste = quick(steps=150, background=0.0).fit(palettes(20, 60, 5), one_hue(10, 60, 5))
    assert taste.accuracy(palettes(40, 60, 5), one_hue(30, 60, 5)) > 0.85


def test_one_palette_is_told_from_the_gamut():
    taste = quick().fit(LIKED[:1])
    assert taste.score(LIKED[:1])[0] > 0
    assert taste.accuracy(LIKED[:1], palettes(8, 200, 5)) > 0.9


def test_without_background_one_palette_still_needs_the_gamut():
    assert quick(background=0.0).fit(LIKED[:1]).score(LIKED[:1])[0] > 0


def test_scores_hang_together(taught):
    every = [*LIKED, *DISLIKED]
    score, p, rank = taught.score(every), taught.probability(every), taught.rank(every)
    assert score.shape == p.shape == rank.shape == (5,)
    assert (score.dtype, p.dtype, rank.dtype) == (np.float32, np.float32, np.int64)
    np.testing.assert_allclose(p, 1 / (1 + np.exp(-score)), rtol=1e-5)
    np.testing.assert_allclose(taught.goodness(every) - taught.threshold, score, rtol=1e-5, atol=1e-5)
    assert (np.diff(score[rank]) <= 0).all()
    assert set(rank[:3]) == {0, 1, 2}
    assert taught.accuracy(LIKED, DISLIKED) == 1.0


def test_order_makes_no_difference_to_a_byte(taught):
    turned = [palette[::-1] for palette in LIKED][::-1]
    assert same(quick().fit(turned, DISLIKED[::-1]), taught)
    assert taught.score(turned[::-1]).tobytes() == taught.score(LIKED).tobytes()
    assert same(quick().fit(LIKED), quick().fit(turned))
    assert not same(quick().fit(LIKED, DISLIKED), quick(seed=1).fit(LIKED, DISLIKED))


def test_same_bytes_in_another_process(taught):
    program = (
        "import hashlib; from ffcolor import PalettePreference\n"
        f"m = PalettePreference(steps=60).fit({LIKED!r}, {DISLIKED!r})\n"
        "print(hashlib.sha256(m.network_.weights[0].tobytes()).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(taught.network_.weights[0].tobytes()).hexdigest()


def test_palettes_may_be_anything_that_holds_colors():
    forms = [
        LIKED,
        (tuple(palette) for palette in LIKED),
        [Palette(palette) for palette in LIKED],
        [" ".join(palette) for palette in LIKED],
        [[[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in palette] for palette in LIKED],
    ]
    first, *others = (quick(steps=3).fit(form) for form in forms)
    assert all(same(first, other) for other in others)


def test_a_duplicate_counts_twice_and_equal_colors_are_a_palette():
    twice = quick().fit([*LIKED, LIKED[0], LIKED[0]], DISLIKED)
    assert not same(twice, quick().fit(LIKED, DISLIKED))
    assert np.isfinite(quick().fit([["red", "red"], ["red", "red"]]).score([["red", "blue"]])).all()


def test_contradictions_are_warned_of_and_end_in_doubt():
    with pytest.warns(FfcolorWarning, match=r"one palette is both liked and disliked \(#"):
        taste = quick(background=0.0).fit([*LIKED, DISLIKED[0]], [*DISLIKED, DISLIKED[0][::-1]])
    assert taste.score(LIKED).min() > taste.score(DISLIKED[:1])[0] > taste.score(DISLIKED[1:])[0]


def test_update_is_a_fit_to_all():
    taste = quick().fit(LIKED[:2], DISLIKED[:1]).update(LIKED[2:], DISLIKED[1:])
    assert same(taste, quick().fit(LIKED, DISLIKED))
    assert same(quick().fit(LIKED[:2]).update(LIKED[2:]), quick().fit(LIKED))


def test_progress_is_reported():
    calls = []
    quick(steps=5).fit(LIKED, on_step=lambda *call: calls.append(call))
    assert [call[:2] for call in calls] == [(step, 5) for step in range(1, 6)]
    assert calls[-1][2] < calls[0][2]


def test_many_palettes_are_learned_in_batches():
    taste = quick().fit(one_hue(1, 200, 3))
    assert taste.accuracy(one_hue(2, 100, 3), palettes(3, 100, 3)) > 0.8


# ---- explaining ----------------------------------------------------------------------------------------------------


def test_explanation_adds_up(taught):
    told = taught.explain(LIKED[0])
    assert told["score"] == pytest.approx(float(taught.score([LIKED[0]])[0]))
    assert sum(told["because"].values()) - taught.threshold == pytest.approx(told["score"], abs=1e-3)
    assert [row["color"].lower() for row in told["colors"]] == LIKED[0]
    first, rest = told["colors"][0], LIKED[0][1:]
    assert first["without"] == pytest.approx(float(taught.score([rest])[0]) - told["score"], abs=1e-4)
    assert taught.explain(["red", "blue"])["colors"][0]["without"] is None


# ---- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "code", "message", "position"),
    [
        ([], "no-palettes", "there are no liked palettes", None),
        ("#fff #000", "no-palettes", r"write \[palette\]", None),
        (7, "no-palettes", "int is not a sequence of palettes", None),
        (Palette(["red", "blue"]), "no-palettes", "Palette is not a sequence of palettes", None),
        (["#ffffff", "#000000"], "palette-size", r"liked palette 0 has 1 colour; .*write \[palette\]", 0),
        ([LIKED[0], ["red"] * 13], "palette-size", "liked palette 1 has 13 colours", 1),
        ([LIKED[0], LIKED[1], ["red", "#12g"]], "invalid-color", "liked palette 2: colour 1: .*#12g", 2),
        ([LIKED[0], []], "no-colors", "liked palette 1: ", 1),
        (np.zeros((4, 3)), "palette-size", "liked palette 0 has 1 colour", 0),
        ([[[0.5, 0.5, np.nan], [0.1, 0.2, 0.3]]], "invalid-color", "liked palette 0: colour 0: ", 0),
    ],
)
def test_bad_palettes_leave_the_model_as_it_was(bad, code, message, position):
    taste = quick().fit(LIKED, DISLIKED)
    before = taste.score(LIKED).tobytes(), taste.liked_
    with pytest.raises(FfcolorError, match=message) as caught:
        taste.fit(bad)
    assert (caught.value.code, caught.value.position) == (code, position)
    with pytest.raises(FfcolorError, match="disliked palette 0"):
        taste.fit(LIKED, [["red"]])
    assert taste.score(LIKED).tobytes() == before[0]
    assert taste.liked_ is before[1]


def test_an_interrupted_fit_leaves_the_model_as_it_was():
    taste = quick().fit(LIKED, DISLIKED)
    before = taste.score(LIKED).tobytes()

    def stop(step, steps, loss):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        taste.fit(DISLIKED, on_step=stop)
    assert taste.score(LIKED).tobytes() == before


@pytest.mark.parametrize(
    "options",
    [{"hidden": 0}, {"hidden": 2.5}, {"hidden": True}, {"threshold": 0}, {"l2": -1}, {"l2": float("nan")}]
    + [{"background": 1.5}, {"shuffles": 0}, {"steps": "many"}, {"seed": 2**64}],
)
def test_bad_settings(options):
    ((name, value),) = options.items()
    with pytest.raises(FfcolorError, match=f"{name} is {value!r}; it must be a") as caught:
        PalettePreference(**options).fit(LIKED)
    assert caught.value.code == "invalid-setting"


def test_untaught():
    for use in (
        lambda m: m.score(LIKED),
        lambda m: m.save("x"),
        lambda m: m.update(LIKED),
        lambda m: m.explain(LIKED[0]),
    ):
        with pytest.raises(FfcolorError, match="call fit first") as caught:
            use(PalettePreference())
        assert caught.value.code == "not-fitted"
    assert "not learned anything" in repr(PalettePreference())


# ---- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("disliked", [None, DISLIKED])
def test_a_saved_taste_is_the_same(tmp_path, disliked):
    taste = quick(seed=7).fit(LIKED, disliked)
    taste.save(tmp_path / "taste.safetensors")
    back = PalettePreference.load(tmp_path / "taste.safetensors")
    assert same(taste, back)
    assert back.score(LIKED).tobytes() == taste.score(LIKED).tobytes()
    assert repr(back) == repr(taste)
    assert same(back.update([["navy", "gold"]]), taste.update([["navy", "gold"]]))
    taste.save(tmp_path / "again.safetensors")
    back.save(tmp_path / "back.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "back.safetensors").read_bytes()


def test_other_files_are_refused(tmp_path, taught):
    path = tmp_path / "taste.safetensors"
    taught.save(path)
    whole = path.read_bytes()
    for wrong in (whole[:-9], whole[:-1] + bytes([whole[-1] ^ 1]), b"", b"#FF0000"):
        path.write_bytes(wrong)
        with pytest.raises(FfcolorError) as caught:
            PalettePreference.load(path)
        assert caught.value.code == "model-file"
    from ffcolor import store

    store.save(path, "palette-preference", {"weights": np.zeros((3, 3))}, {"config": {}})
    with pytest.raises(FfcolorError, match="not a palette preference of this version"):
        PalettePreference.load(path)


def test_no_warning_in_ordinary_use():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quick(steps=3).fit(LIKED).probability([["black", "black"], ["white"] * 12])
