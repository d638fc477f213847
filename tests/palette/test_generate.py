"""The palette search: brute force, colour-science as the judge of every constraint, and what it promises."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor import ColorPreference, FfcolorError, FfcolorWarning, diverse_palette
from ffcolor.color import space, vision
from ffcolor.color.difference import difference_table
from ffcolor.palette.generate import ORDERS
from ffcolor.palette.search import View, choose, searches

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

RNG = np.random.default_rng(5)
NONE = View.of(np.empty((0, 3)))


def levels(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 3))


def least(colors: np.ndarray, kinds: tuple[str, ...] = ()) -> float:
    """The least CIEDE2000 between two colours, to normal and other viewers, by colour-science."""
    found = []
    for seen in (colors, *(vision.simulate(colors, kind) for kind in kinds)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lab = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(seen.astype(np.float64)))
        table = colour.delta_E(lab[:, None], lab[None], method="CIE 2000")
        found.append(table[~np.eye(len(colors), dtype=bool)].min())
    return float(min(found))


def is_8_bit(colors: np.ndarray) -> bool:
    return bool((colors == (np.floor(colors * 255 + 0.5) / 255).astype(np.float32)).all())


# the search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [2, 3, 4])
def test_close_to_the_best_of_all_choices(n: int, seed: int) -> None:
    colors = levels(14, seed) / 255
    table = View.of(colors).apart()
    best = max(
        min(table[i, j] for i, j in itertools.combinations(some, 2)) for some in itertools.combinations(range(14), n)
    )
    found = choose(View.of(colors), np.ones(14, dtype=np.float32), n, NONE)
    assert len({*found.tolist()}) == n
    assert View.of(colors[found]).apart().min() >= 0.9**2 * best


@given(st.integers(0, 10_000), st.integers(2, 9), st.floats(0, 4))
@settings(deadline=None, max_examples=30)
def test_exchange_is_no_worse_than_greedy(seed: int, n: int, power: float) -> None:
    colors = levels(60, seed) / 255
    view, value = View.of(colors), np.random.default_rng(seed).uniform(0.1, 1, 60).astype(np.float32) ** power
    greedy = [int(np.argmax(value))]
    table = np.sqrt(view.to(view))
    while len(greedy) < n:
        greedy.append(int(np.argmax(value * table[greedy].min(axis=0))))

    def standing(chosen: list[int]) -> float:
        apart = np.sqrt(view[chosen].apart()).min(axis=0)
        return float((value[chosen] * apart).min())

    for reported, found in searches(view, value * value, n, NONE, 3):
        assert len({*found.tolist()}) == n
        assert reported == pytest.approx(standing(found.tolist()) ** 2, rel=1e-3)
    assert standing(searches(view, value * value, n, NONE, 1)[0][1].tolist()) >= standing(greedy) * (1 - 1e-4)


def test_spread_over_the_gamut() -> None:
    for n, bar in ((5, 58), (12, 33), (64, 16.5)):
        palette = diverse_palette(n)
        assert len({*palette.hex}) == n
        assert is_8_bit(palette.colors)
        assert least(palette.colors) > bar


def test_weights_win_over_distance_by_power() -> None:
    candidates = levels(400)
    weight = np.clip(1 - np.abs(candidates[:, 0] - 200) / 200, 0, 1)
    means, leasts = [], []
    for power in (0, 3, 30, 300):
        palette = diverse_palette(6, candidates / 255, weight, power=power)
        place = [int(np.flatnonzero((candidates == np.round(color * 255)).all(axis=1))[0]) for color in palette.colors]
        means.append(weight[place].mean())
        leasts.append(palette.min_delta_e())
    assert means == sorted(means)
    assert leasts == sorted(leasts, reverse=True)
    assert means[-1] > 0.97


def test_candidates_in_any_order_and_more_than_once() -> None:
    candidates, weight = levels(300) / 255, RNG.random(300)
    shuffled = RNG.permutation(np.concatenate([np.arange(300), np.arange(50)]))
    palette = diverse_palette(9, candidates, weight, order="chosen")
    assert diverse_palette(9, candidates[shuffled], weight[shuffled], order="chosen") == palette


def test_the_same_in_every_process() -> None:
    code = "from ffcolor import diverse_palette as d; print(d(7).hex, d(5, vision='deutan', background='#333').hex)"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads},
            capture_output=True,
            check=True,
        ).stdout
        for seed, threads in (("0", "1"), ("17", "2"))
    }
    assert len(runs) == 1


# constraints ---------------------------------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 1000),
    n=st.integers(1, 12),
    count=st.integers(0, 3),
    background=st.sampled_from([None, "#ffffff", "#777777", "#123"]),
    kinds=st.lists(st.sampled_from(vision.KINDS), unique=True, max_size=2),
    over_gamut=st.booleans(),
    order=st.sampled_from(ORDERS),
)
@settings(deadline=None, max_examples=25)
def test_everything_at_once(
    seed: int, n: int, count: int, background: str | None, kinds: list[str], over_gamut: bool, order: str
) -> None:
    rng = np.random.default_rng(seed)
    candidates = levels(400, seed).astype(np.float32) / np.float32(255)
    locked = rng.random((count, 3)).astype(np.float32)
    contrast = None if background is None else 2.5
    options = {"locked": locked, "background": background, "contrast": contrast, "vision": kinds, "order": order}
    reaches = background is None or space.contrast_ratio(locked, vision.simulate(background, "protan", 0)) >= 2.5
    if count > n or not np.all(reaches):
        with pytest.raises(FfcolorError, match="locked colour"):
            diverse_palette(n, candidates, **options)
        return
    palette = diverse_palette(n, None if over_gamut else candidates, **options)
    assert len(palette) == n
    rows = {color.tobytes() for color in palette.colors}
    assert len(rows) == n
    kept = {color.tobytes() for color in locked}
    assert kept <= rows
    chosen = np.array([color for color in palette.colors if color.tobytes() not in kept]).reshape(-1, 3)
    assert is_8_bit(chosen)
    if not over_gamut:
        assert {color.tobytes() for color in chosen} <= {color.tobytes() for color in candidates}
    if background is not None:
        shown = vision.simulate(background, "protan", 0)[0].astype(np.float64)
        assert space.contrast_ratio(palette.colors.astype(np.float64), shown).min() >= 2.5 - 1e-6


@pytest.mark.parametrize("kinds", [("deutan",), ("protan", "tritan")])
def test_safe_for_other_viewers(kinds: tuple[str, ...]) -> None:
    plain, safe = diverse_palette(8), diverse_palette(8, vision=kinds)
    assert least(safe.colors, kinds) > least(plain.colors, kinds) + 3
    among = diverse_palette(8, levels(900) / 255, vision=kinds)
    assert least(among.colors, kinds) > least(plain.colors, kinds) + 3


def test_min_delta_e_comes_before_preference() -> None:
    candidates = levels(2000) / 255
    weight = np.exp(-(((candidates - 0.5) ** 2).sum(axis=1)) * 20)
    loose = diverse_palette(8, candidates, weight, power=30)
    tight = diverse_palette(8, candidates, weight, power=30, min_delta_e=25)
    assert least(loose.colors) < 25 <= least(tight.colors)


def test_contrast_at_its_limit() -> None:
    palette = diverse_palette(20, background="white", contrast=20)
    assert space.contrast_ratio(palette.colors.astype(np.float64), np.ones(3)).min() >= 20
    assert diverse_palette(1, background="white", contrast=21).hex == ["#000000"]


def test_locked_colors_stay_byte_exact() -> None:
    locked = np.array([[0.123456, 0.5, 1e-9], [1 / 3, 2 / 3, 0.1]], dtype=np.float32)
    for order in ORDERS:
        palette = diverse_palette(6, locked=locked, order=order)
        assert {color.tobytes() for color in locked} <= {color.tobytes() for color in palette.colors}
    assert palette.colors[:2].tobytes() == locked.tobytes()
    assert diverse_palette(2, locked=locked, order="chosen").colors.tobytes() == locked.tobytes()


def test_a_locked_candidate_is_not_taken_twice() -> None:
    palette = diverse_palette(3, ["#ff0000", "#00ff00", "#0000ff"], locked=["#ff0000"])
    assert {*palette.hex} == {"#FF0000", "#00FF00", "#0000FF"}


# order ---------------------------------------------------------------------------------------------------------------


def test_orders() -> None:
    candidates = ["#ff0000", "#ffff00", "#00ff00", "#0000ff", "#808080", "#000000"]
    light = diverse_palette(6, candidates)
    assert (np.diff(space.srgb_to_oklab(light.colors)[:, 0]) > 0).all()
    hue = diverse_palette(6, candidates, order="hue")
    assert hue.hex == ["#000000", "#808080", "#FF0000", "#FFFF00", "#00FF00", "#0000FF"]
    chosen = diverse_palette(6, candidates, [0.1, 0.2, 1, 0.3, 0.4, 0.5], locked="#123456", order="chosen")
    assert chosen.hex[0] == "#123456"


@pytest.mark.parametrize("n", [1, 2, 100, 256])
def test_every_size(n: int) -> None:
    palette = diverse_palette(n, levels(3000) / 255)
    assert len({*palette.hex}) == n


# what cannot be had --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "options", "words"),
    [
        (3, {"candidates": ["red", "#ff0000"]}, ["only 1 different candidates", "3 colours"]),
        (2, {"candidates": []}, ["only 0"]),
        (3, {"candidates": ["#777", "#787878", "black"], "background": "#777", "contrast": 7}, ["none of 3", "4.68"]),
        (2, {"candidates": ["#777", "#787878", "black"], "background": "#777"}, ["only 1 of 3", "4.5", "4.68"]),
        (300, {}, ["300", "1 to 256"]),
        (3, {"candidates": ["#f00", "#0f0", "#00f"], "min_delta_e": 60}, ["ΔE 52.8", "asked for 60", "2 colours"]),
        (1, {"locked": ["red", "blue"]}, ["2 locked colours", "1"]),
        (3, {"locked": ["#777"], "background": "#777"}, ["locked colour #777777", "contrast 1 ", "4.5"]),
        (3, {"locked": ["#f00", "#fe0000"], "min_delta_e": 5}, ["#FF0000 and #FE0000", "asked for 5"]),
        (4, {"background": "#777", "contrast": 9}, ["only 0", "8-bit"]),
        (40, {"min_delta_e": 30}, ["40 colours", "asked for 30", "would be possible"]),
    ],
)  # fmt: skip
def test_says_which_wish_binds(n: int, options: dict[str, object], words: list[str]) -> None:
    with pytest.raises(FfcolorError) as caught:
        diverse_palette(n, **options)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert caught.value.code == ("palette" if n == 300 else "palette-infeasible")


@pytest.mark.parametrize(
    "options",
    [
        {"n": 0}, {"n": 2.5}, {"n": True}, {"n": "5"}, {"contrast": 3}, {"power": 1001}, {"power": "5"}, {"vision": 5},
        {"power": -1}, {"power": float("nan")}, {"contrast": 0.5}, {"contrast": 22},
        {"min_delta_e": -1}, {"order": "size"}, {"vision": "x-ray"}, {"weight": [1]}, {"background": "#12g"},
        {"candidates": ["red", "blue"], "weight": [1]}, {"candidates": ["red", "blue"], "weight": [1, float("nan")]},
        {"candidates": ["red", "blue"], "weight": [1, 2]}, {"locked": ["#12g"]}, {"candidates": [[2.0, 0, 0]]},
    ],
)  # fmt: skip
def test_mistakes_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(FfcolorError):
        diverse_palette(**{"n": 2, **options})  # type: ignore[arg-type]


# wishes that hardly change anything ---------------------------------------------------------------------------------


def tastes() -> list[ColorPreference]:
    return [
        ColorPreference().fit(["#ffd1dc", "#c1e1c1", "#aec6cf", "#fdfd96"], ["#8b0000", "#003300", "#000", "#4b0082"]),
        ColorPreference().fit(["#003049", "#d62828", "#f77f00", "#fcbf49"], ["#eae2b7", "#00ff00", "#ff00ff"]),
        ColorPreference().fit(["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"]),
    ]


@pytest.mark.parametrize("n", [3, 5, 8])
def test_a_hair_more_distance_than_the_default_changes_next_to_nothing(n: int) -> None:
    for taste in tastes():
        plain = taste.palette(n)
        wish = plain.min_delta_e() + 1e-6
        wider = taste.palette(n, min_delta_e=wish)
        assert wider.min_delta_e() >= wish
        moved = np.sort(difference_table(*(space.srgb_to_lab(each.colors) for each in (plain, wider))).min(axis=1))
        assert moved[-1] < 8
        assert np.median(moved) < 1.5


@pytest.mark.parametrize("n", [3, 6, 12])
def test_the_best_that_can_be_had_is_named_and_can_be_had(n: int) -> None:
    for taste in tastes():
        with pytest.raises(FfcolorError) as caught:
            taste.palette(n, min_delta_e=150)
        best = float(re.search(r"ΔE ([0-9.]+)", str(caught.value))[1])
        assert taste.palette(n, min_delta_e=best).min_delta_e() >= best
        for power in (0, 1, 10):
            assert taste.palette(n, power=power).min_delta_e() <= best + 0.01


def test_colors_locked_twice_are_said_and_kept_once() -> None:
    with pytest.warns(FfcolorWarning, match="locked more than once: #FF0000"):
        palette = diverse_palette(3, locked=["red", "blue", "#f00", "red"], order="chosen")
    assert len(set(palette.hex)) == 3
    assert palette.hex[:2] == ["#FF0000", "#0000FF"]


def test_contrast_needs_a_background() -> None:
    for make in (diverse_palette, tastes()[0].palette):
        with pytest.raises(FfcolorError, match=r"contrast is 3, but there is no background") as caught:
            make(3, contrast=3)
        assert caught.value.setting == "contrast"
    shown = np.ones(3)
    assert space.contrast_ratio(diverse_palette(3, background="white").colors.astype(float), shown).min() >= 4.5


def test_all_viewers_by_one_word() -> None:
    everyone = diverse_palette(4, levels(300) / 255, vision=vision.KINDS)
    assert diverse_palette(4, levels(300) / 255, vision="all") == everyone
    assert diverse_palette(4, levels(300) / 255, vision="tritan, deutan,protan") == everyone
    assert diverse_palette(4, levels(300) / 255, vision=["all"]) == everyone
    with pytest.raises(FfcolorError, match="vision 'x-ray' is not a kind of colour vision"):
        diverse_palette(4, vision=["x-ray"])
    with pytest.raises(FfcolorError, match="n is '5'"):
        tastes()[0].palette("5")  # type: ignore[arg-type]
