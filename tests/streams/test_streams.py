"""Streams against the published vectors, plain big-integer arithmetic, and the promise that slicing changes nothing."""

from __future__ import annotations

import colorsys
import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor import FfcolorError, streams
from ffcolor.streams import chains

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "color_streams.json").read_text())
MASK = (1 << 64) - 1
seeds = st.integers(-(1 << 63), MASK)


def hexes(colors: np.ndarray) -> list[str]:
    exact = colors.astype(np.float64) * 255
    assert colors.dtype == np.float32
    assert np.abs(exact - exact.round()).max(initial=0) < 1e-4
    return ["#{:02X}{:02X}{:02X}".format(*row) for row in exact.round().astype(int).tolist()]


def rows(key: str) -> list:
    return [pytest.param(row, id=f"{place}") for place, row in enumerate(VECTORS[key])]


# ---- known answers: every vector of the file ---------------------------------------------------------------------


def test_no_vector_is_left_out():
    assert VECTORS.keys() - {"about"} == {
        *("splitmix64", "hash_color", "genesis", "lch", "fork"),
        *("split_child_seed_1069", "tripartite_1069", "unworld_chain_0x42D"),
    }


@pytest.mark.parametrize("seed", VECTORS["splitmix64"])
def test_splitmix64_vectors(seed):
    assert [f"0x{n:016x}" for n in streams.splitmix64(int(seed, 16), 0, 5).tolist()] == VECTORS["splitmix64"][seed]


@pytest.mark.parametrize("row", rows("hash_color"))
def test_hash_vectors(row):
    assert hexes(streams.hash(row["seed"], row["index"], 1)) == [row["hex"]]


@pytest.mark.parametrize("row", rows("genesis"))
def test_genesis_vectors(row):
    colors = streams.genesis(row["seed"], row["index"], 1)
    assert hexes(colors) == [row["hex"]]
    assert streams.trit_rgb_sum(colors).tolist() == [row["trit_rgbsum"]]
    assert streams.trit_hue(colors).tolist() == [row["trit_hue"]]


def test_lch_vectors():
    found = streams.lch_coordinates(1069, 0, 5)
    assert found == pytest.approx(np.array([[row["L"], row["C"], row["H"]] for row in VECTORS["lch"]]), abs=1e-5)
    assert streams.trit_of_angle(found[:, 2]).tolist() == [row["trit"] for row in VECTORS["lch"]]


@pytest.mark.parametrize("row", rows("fork"))
def test_fork_vectors(row):
    children, hsl = streams.fork_coordinates(row["seed"], row["index"], 1)
    assert children.tolist() == [row["child_seed"]]
    assert hsl[0] == pytest.approx([row["hue"], row["saturation"], 0.9], abs=1e-9)


def test_unworld_vectors():
    chain = VECTORS["unworld_chain_0x42D"]
    assert hexes(streams.unworld(0x42D, 0, 8)) == [row["hex"] for row in chain]
    assert [f"0x{n:016x}" for n in streams.unworld_seeds(0x42D, 0, 8).tolist()] == [row["seed"] for row in chain]
    assert streams.trits("unworld", 0x42D, 0, 8).tolist() == [row["trit"] for row in chain]


def test_split_vectors():
    assert [f"0x{streams.split(1069, i):016x}" for i in (0, 1, 2, 7)] == VECTORS["split_child_seed_1069"]


def test_tripartite_vectors():
    assert streams.tripartite(1069, 0, 8).tolist() == VECTORS["tripartite_1069"]


# ---- oracles: the definitions in big integers and in other libraries ---------------------------------------------


def mix(z: int) -> int:
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


@given(seeds, st.integers(0, MASK - 4))
def test_splitmix64_wraps_like_big_integers(seed, start):
    expected = [mix((seed + (start + k + 1) * streams.GAMMA) & MASK) for k in range(3)]
    assert streams.splitmix64(seed, start, 3).tolist() == expected


@given(seeds, st.integers(0, MASK - 4))
def test_hash_wraps_like_big_integers(seed, start):
    words = [mix(((seed & MASK) ^ ((start + k) * streams.GAMMA & MASK)) + streams.GAMMA & MASK) for k in range(3)]
    assert hexes(streams.hash(seed, start, 3)) == [
        f"#{w & 255:02X}{w >> 8 & 255:02X}{w >> 16 & 255:02X}" for w in words
    ]


@given(seeds)
def test_genesis_is_ordinary_hsl_of_a_splittable_generator(seed):
    state, gamma = seed & MASK, streams.GAMMA
    for _ in range(3):
        z = state + 2 * gamma & MASK
        z = (z ^ z >> 33) * 0xFF51AFD7ED558CCD & MASK
        z = (z ^ z >> 33) * 0xC4CEB9FE1A85EC53 & MASK
        z = (z ^ z >> 33) | 1
        state = mix(state + gamma & MASK)
        gamma = z ^ 0xAAAAAAAAAAAAAAAA if bin(z ^ z >> 1).count("1") < 24 else z
    hue, saturation, light = ((mix(state + k * gamma & MASK) & (2**52 - 1)) / 2**52 for k in (1, 2, 3))
    rgb = colorsys.hls_to_rgb(hue, 0.35 + 0.4 * light, 0.5 + 0.4 * saturation)
    assert hexes(streams.genesis(seed, 3, 1)) == ["#{:02X}{:02X}{:02X}".format(*(round(255 * c) for c in rgb))]


def test_some_gammas_of_genesis_are_too_regular_and_get_mended():
    gammas = np.frombuffer(chains.walk_genesis((1069, streams.GAMMA), 2000), dtype=np.uint64)[1::2].tolist()
    mended = [g for g in gammas if bin((g ^ 0xAAAAAAAAAAAAAAAA) ^ (g ^ 0xAAAAAAAAAAAAAAAA) >> 1).count("1") < 24]
    assert len(mended) > 10  # the chain did come by the rare branch
    assert all(bin((g ^ g >> 1) & MASK).count("1") >= 24 for g in gammas[1:])


def test_lch_is_cielab_clipped_to_srgb():
    for coordinates, shown in zip(streams.lch_coordinates(7, 0, 60), hexes(streams.lch(7, 0, 60)), strict=True):
        rgb = Color("lch-d65", coordinates.tolist()).convert("srgb")[:3]
        mine = np.array([int(shown[i : i + 2], 16) for i in (1, 3, 5)])
        assert np.abs(mine - np.clip(rgb, 0, 1) * 255).max() < 0.51


def test_fork_hues_are_few_and_the_lightness_stuck():
    _, hsl = streams.fork_coordinates(1069, 0, 1000)
    assert len(np.unique(hsl[:, 0].round(6))) == 125
    assert set(hsl[:, 2]) == {0.9}


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.integers(0, 1 << 62))
def test_fork_shifts_signed_words(seed, index):
    x = (seed + index + (1 << 63)) % (1 << 64) - (1 << 63)
    shifted = ((x << 13) | (x >> 51)) & MASK
    assert streams.fork_coordinates(seed, index, 1)[0].view(np.uint64).tolist() == [shifted]


def test_trit_by_hue_on_each_border():
    sides = {"#FF0000": 1, "#FFFE00": 1, "#FFFF00": 0, "#00FF00": 0, "#00FFFE": 0, "#00FFFF": -1, "#0000FF": -1}
    sides |= {"#FE00FF": -1, "#FF00FF": 1, "#000000": 1, "#FFFFFF": 1, "#808080": 1}
    colors = np.array([[int(h[i : i + 2], 16) / 255 for i in (1, 3, 5)] for h in sides], dtype=np.float32)
    assert streams.trit_hue(colors).tolist() == list(sides.values())


def test_trit_by_hue_is_the_class_of_the_hsl_hue():
    colors = streams.hash(3, 0, 2000)
    hues = np.array([colorsys.rgb_to_hls(*row)[0] * 360 for row in colors.astype(np.float64).tolist()])
    assert streams.trit_hue(colors).tolist() == streams.trit_of_angle(hues.round(9)).tolist()


@given(seeds, st.integers(0, 1 << 63))
def test_tripartite_triples_balance(seed, start):
    triples = streams.tripartite(seed, start, 20)
    assert set(np.unique(triples)) <= {-1, 0, 1}
    assert not (triples.sum(axis=1) % 3).any()


def test_tripartite_uses_three_independent_seeds():
    minus, plus = streams.tripartite(5, 0, 50)[:, 0], streams.tripartite(5, 0, 50)[:, 2]
    assert minus.tolist() == [mix(5 + (k + 1) * streams.GAMMA & MASK) % 3 - 1 for k in range(50)]
    assert plus.tolist() == [mix((5 ^ 0x170865DF4B3201FC) + (k + 1) * streams.GAMMA & MASK) % 3 - 1 for k in range(50)]


def test_uniform_is_the_upper_53_bits():
    found = streams.uniform(9, (2, 3))
    assert (found * 2**53).ravel().tolist() == [number >> 11 for number in streams.splitmix64(9, 0, 6).tolist()]
    assert found.shape == (2, 3)
    assert streams.uniform(9, ()).shape == ()
    many = streams.uniform(10, 20_000)
    assert 0 <= many.min() < many.max() < 1
    assert abs(many.mean() - 0.5) < 0.01
    assert abs(many.var() - 1 / 12) < 0.003


# ---- the promise: any order, any pieces, any threads -------------------------------------------------------------


@pytest.mark.parametrize("name", streams.STREAMS)
def test_order_pieces_and_threads_change_nothing(name):
    count = 3000
    whole = streams.stream(name, 77, 5, count)
    rng = np.random.default_rng(0)

    def piece(bounds: tuple[int, int]) -> bytes:
        return streams.stream(name, 77, 5 + bounds[0], bounds[1] - bounds[0]).tobytes()

    cuts = [0, *sorted(rng.choice(np.arange(1, count), 40, replace=False).tolist()), count]
    bounds = list(itertools.pairwise(cuts))
    assert b"".join(map(piece, bounds)) == whole.tobytes()
    with ThreadPoolExecutor(8) as pool:
        assert b"".join(pool.map(piece, bounds)) == whole.tobytes()
    for index in rng.permutation(count)[:100].tolist():
        assert piece((index, index + 1)) == whole[index].tobytes()


@given(seeds, st.integers(0, 5000), st.integers(0, 3000))
@settings(deadline=None, max_examples=30)
def test_chains_do_not_depend_on_what_was_asked_before(seed, start, count):
    fresh = chains.Chain(chains.walk_unworld)
    expected = fresh.states(seed & MASK, 0, start + count)[start:]
    assert streams.unworld_seeds(seed, start, count).tobytes() == expected.tobytes()
    assert streams.unworld_seeds(seed, 0, start + count)[start:].tobytes() == expected.tobytes()


def test_chains_forget_old_seeds_and_stay_right():
    before = streams.genesis(1, 2000, 3)
    for seed in range(2, 100):
        streams.genesis(seed, 1, 1)
    assert len(chains.GENESIS.marks) <= chains.Chain.SEEDS
    assert streams.genesis(1, 2000, 3).tobytes() == before.tobytes()


# ---- by name -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "seed", "start", "count"),
    [
        ("genesis", "genesis", 1069, 1, 12),
        ("genesis:1069:1-32", "genesis", 1069, 1, 32),
        ("genesis:42", "genesis", 42, 1, 12),
        ("hash:0x42D:7", "hash", 0x42D, 0, 7),
        ("lch:-3:5-5", "lch", MASK - 2, 5, 1),
        (" FORK:18446744073709551615:0-3 ", "fork", -1, 0, 4),
        ("unworld:-0x10:2", "unworld", -16, 0, 2),
        ("hash:1:18446744073709551600-18446744073709551615", "hash", 1, MASK - 15, 16),
        ("genesis:007:3", "genesis", 7, 1, 3),
    ],
)
def test_the_short_form(text, name, seed, start, count):
    assert streams.is_spec(text)
    assert streams.parse(text).tobytes() == streams.STREAMS[name].colors(seed, start, count).tobytes()


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("genisis:1069", "did you mean 'genesis'"),
        ("", "the streams are genesis, hash"),
        ("genesis:x", "write NAME"),
        ("genesis:1:5-", "write NAME"),
        ("genesis:1:2-3:4", "write NAME"),
        ("genesis:1.5", "write NAME"),
        ("genesis:1:9-3", "holds no colour"),
        ("hash:1:0", "holds no colour"),
        ("hash:18446744073709551616", "64 bits"),
        ("hash:" + "9" * 5000, "write NAME"),
        ("hash:" + "9" * 30, "64 bits"),
        ("9" * 5000, "the streams are"),
        ("hash:1:999999999999", "one call"),
        ("genesis:1:99999999999-99999999999", "too far"),
    ],
)
def test_a_wrong_short_form_says_what_is_wrong(text, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        streams.parse(text)
    assert caught.value.code == "stream"
    assert len(str(caught.value)) < 400


def test_negative_seeds_are_their_two_s_complement():
    for row in streams.STREAMS.values():
        assert row.colors(-5, 1, 9).tobytes() == row.colors(MASK - 4, 1, 9).tobytes()


@pytest.mark.parametrize("name", streams.STREAMS)
def test_edges(name):
    assert streams.stream(name, count=0).shape == (0, 3)
    assert streams.trits(name, count=0).shape == (0,)
    assert streams.stream(name, np.uint64(MASK), np.int32(3), np.int64(2)).shape == (2, 3)
    for bad in ({"seed": 1.0}, {"seed": "7"}, {"start": -1}, {"count": -1}, {"count": 1 << 40}, {"start": 1 << 64}):
        with pytest.raises(FfcolorError) as caught:
            streams.stream(name, **bad)
        assert caught.value.code == "stream"


def test_the_last_index():
    assert streams.hash(1, MASK, 1).shape == (1, 3)
    with pytest.raises(FfcolorError, match="last index"):
        streams.hash(1, MASK, 2)


def test_trit_rules_are_named():
    assert streams.trits("genesis", 1069, 1, 12).tolist() == [
        row["trit_rgbsum"] for row in VECTORS["genesis"] if row["seed"] == 1069 and row["index"] > 0
    ]
    assert streams.trits("genesis", 1069, 1, 3, rule="hue").tolist() == [1, 1, -1]
    with pytest.raises(FfcolorError, match="'hue' or 'rgb-sum'"):
        streams.trits("hash", rule="lch")
    with pytest.raises(FfcolorError, match=r"floats \(n, 3\)"):
        streams.trit_hue(np.array([[255, 0, 0]], dtype=np.uint8))
    with pytest.raises(FfcolorError, match=r"floats \(n, 3\)"):
        streams.trit_rgb_sum(np.array([[np.nan, 0, 0]]))
