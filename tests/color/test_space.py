"""Colour spaces against colour-science and coloraide, published CIEDE2000 pairs, and round trips."""

from __future__ import annotations

import warnings

import coloraide
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ffcolor.color import space

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

RNG = np.random.default_rng(20240601)
CORNERS = np.array([[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)], dtype=float)
GRAYS = np.linspace(0, 1, 9)[:, None].repeat(3, axis=1)
COLORS = np.concatenate([CORNERS, GRAYS, RNG.random((300, 3))])

# Sharma, Wu, Dalal (2005), table 1: L a b of both colours, and their difference.
SHARMA = np.array(
    [
        [50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425],
        [50, 3.1571, -77.2803, 50, 0, -82.7485, 2.8615],
        [50, 2.8361, -74.0200, 50, 0, -82.7485, 3.4412],
        [50, -1.3802, -84.2814, 50, 0, -82.7485, 1.0000],
        [50, -1.1848, -84.8006, 50, 0, -82.7485, 1.0000],
        [50, -0.9009, -85.5211, 50, 0, -82.7485, 1.0000],
        [50, 0, 0, 50, -1, 2, 2.3669],
        [50, -1, 2, 50, 0, 0, 2.3669],
        [50, 2.4900, -0.0010, 50, -2.4900, 0.0009, 7.1792],
        [50, 2.4900, -0.0010, 50, -2.4900, 0.0010, 7.1792],
        [50, 2.4900, -0.0010, 50, -2.4900, 0.0011, 7.2195],
        [50, 2.4900, -0.0010, 50, -2.4900, 0.0012, 7.2195],
        [50, -0.0010, 2.4900, 50, 0.0009, -2.4900, 4.8045],
        [50, -0.0010, 2.4900, 50, 0.0010, -2.4900, 4.8045],
        [50, -0.0010, 2.4900, 50, 0.0011, -2.4900, 4.7461],
        [50, 2.5, 0, 50, 0, -2.5, 4.3065],
        [50, 2.5, 0, 73, 25, -18, 27.1492],
        [50, 2.5, 0, 61, -5, 29, 22.8977],
        [50, 2.5, 0, 56, -27, -3, 31.9030],
        [50, 2.5, 0, 58, 24, 15, 19.4535],
        [50, 2.5, 0, 50, 3.1736, 0.5854, 1.0000],
        [50, 2.5, 0, 50, 3.2972, 0, 1.0000],
        [50, 2.5, 0, 50, 1.8634, 0.5757, 1.0000],
        [50, 2.5, 0, 50, 3.2592, 0.3350, 1.0000],
        [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
        [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
        [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ]
)

colors = arrays(np.float64, st.tuples(st.integers(1, 4), st.just(3)), elements=st.floats(0, 1))


def by_coloraide(name: str) -> np.ndarray:
    return np.array([coloraide.Color("srgb", c).convert(name).coords(nans=False) for c in COLORS.tolist()])


@pytest.mark.parametrize(
    ("ours", "name", "tolerance"),
    [
        (space.srgb_to_linear, "srgb-linear", 1e-9),
        (space.srgb_to_oklab, "oklab", 1e-4),
        (space.srgb_to_lab, "lab-d65", 0.03),
    ],
)
def test_rectangular_spaces_agree_with_coloraide(ours, name, tolerance):
    np.testing.assert_allclose(ours(COLORS), by_coloraide(name), atol=tolerance)


def test_hsl_agrees_with_coloraide_as_positions_on_the_hue_circle():
    ours, theirs = space.srgb_to_hsl(COLORS), by_coloraide("hsl")
    np.testing.assert_allclose(ours[:, 1:], theirs[:, 1:], atol=1e-9)
    turn = (ours[:, 0] - theirs[:, 0] + 180) % 360 - 180
    assert np.abs(turn[ours[:, 1] > 0]).max() < 1e-6


def test_lab_and_oklab_agree_with_colour_science():
    lab = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(COLORS), colour.CCS_ILLUMINANTS["cie_2_1931"]["D65"])
    np.testing.assert_allclose(space.srgb_to_lab(COLORS), lab, atol=0.03)
    oklab = colour.XYZ_to_Oklab(colour.sRGB_to_XYZ(COLORS))
    np.testing.assert_allclose(space.srgb_to_oklab(COLORS), oklab, atol=2e-3)


def test_one_color_in_plain_numbers_is_the_same_oklab():
    for color in COLORS:
        np.testing.assert_allclose(space.srgb_to_oklab_one(*color.tolist()), space.srgb_to_oklab(color), atol=1e-12)


def test_lab_under_d50_agrees_with_coloraide():
    np.testing.assert_allclose(space.lab_d50_to_srgb(by_coloraide("lab")), COLORS, atol=1e-6)


def test_white_is_exactly_neutral_in_every_space():
    np.testing.assert_allclose(space.srgb_to_oklab([1.0, 1, 1]), [1, 0, 0], atol=1e-7)
    np.testing.assert_allclose(space.srgb_to_lab([1.0, 1, 1]), [100, 0, 0], atol=1e-12)
    np.testing.assert_allclose(space.lab_d50_to_srgb([100.0, 0, 0]), [1, 1, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (space.srgb_to_linear, space.linear_to_srgb),
        (space.srgb_to_oklab, space.oklab_to_srgb),
        (space.srgb_to_lab, space.lab_to_srgb),
        (space.srgb_to_hsl, space.hsl_to_srgb),
        (lambda x: space.to_polar(space.srgb_to_oklab(x)), lambda x: space.oklab_to_srgb(space.from_polar(x))),
    ],
    ids=["linear", "oklab", "lab", "hsl", "oklch"],
)
@given(srgb=colors)
@settings(deadline=None, max_examples=50)
def test_round_trip(there, back, srgb):
    before = srgb.copy()
    np.testing.assert_allclose(back(there(srgb)), srgb, atol=1e-6)
    np.testing.assert_array_equal(srgb, before)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(
    "convert",
    [
        space.srgb_to_linear,
        space.linear_to_srgb,
        space.srgb_to_oklab,
        space.oklab_to_srgb,
        space.srgb_to_hsl,
        space.hsl_to_srgb,
        space.srgb_to_lab,
        space.lab_to_srgb,
        space.lab_d50_to_srgb,
        space.to_polar,
        space.from_polar,
        space.fit_gamut,
    ],
    ids=lambda f: f.__name__,
)
def test_dtype_and_shape_are_kept(convert, dtype):
    for shape in ((3,), (0, 3), (2, 4, 3)):
        result = convert(np.full(shape, 0.5, dtype))
        assert result.dtype == dtype
        assert result.shape == shape
    assert convert([0, 0, 0]).dtype == np.float64


def test_hue_takes_any_turn():
    np.testing.assert_allclose(space.hsl_to_srgb([-120.0, 1, 0.5]), space.hsl_to_srgb([600.0, 1, 0.5]), atol=1e-12)


def test_hue_stays_below_a_full_turn():
    tiny = np.array([0.5, 0.1, -1e-20])
    assert space.to_polar(tiny)[2] < 360
    assert space.to_polar(tiny.astype(np.float32))[2] < 360
    assert space.srgb_to_hsl([1.0, 0.0, 1e-18])[0] < 360


def test_ciede2000_published_pairs():
    difference = space.delta_e_2000(SHARMA[:, :3], SHARMA[:, 3:6])
    np.testing.assert_allclose(difference, SHARMA[:, 6], atol=6e-5)
    np.testing.assert_allclose(space.delta_e_2000(SHARMA[:, 3:6], SHARMA[:, :3]), SHARMA[:, 6], atol=6e-5)


def test_ciede2000_table_is_the_published_one():
    theirs = colour.difference.delta_E_CIE2000(SHARMA[:, :3], SHARMA[:, 3:6])
    np.testing.assert_allclose(theirs, SHARMA[:, 6], atol=6e-5)


def test_ciede2000_agrees_with_colour_science_and_broadcasts():
    lab = space.srgb_to_lab(COLORS)
    ours = space.delta_e_2000(lab[:, None], lab[None, ::7])
    theirs = colour.difference.delta_E_CIE2000(*np.broadcast_arrays(lab[:, None], lab[None, ::7]))
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@given(srgb=colors)
@settings(deadline=None, max_examples=50)
def test_ciede2000_is_zero_only_at_home_and_symmetric(srgb):
    lab = space.srgb_to_lab(srgb)
    assert (space.delta_e_2000(lab, lab) == 0).all()
    np.testing.assert_allclose(space.delta_e_2000(lab, lab[::-1]), space.delta_e_2000(lab[::-1], lab), atol=1e-9)


def test_contrast_agrees_with_coloraide():
    for one, two in zip(COLORS[:60].tolist(), COLORS[60:120].tolist(), strict=True):
        theirs = coloraide.Color("srgb", one).contrast(coloraide.Color("srgb", two), method="wcag21")
        assert space.contrast_ratio(one, two) == pytest.approx(theirs, abs=5e-3)
    assert space.contrast_ratio([0, 0, 0], [1, 1, 1]) == pytest.approx(21)


def test_fit_gamut_agrees_with_coloraide():
    polar = np.column_stack([RNG.random(60), 0.4 * RNG.random(60), 360 * RNG.random(60)])
    fitted = space.fit_gamut(space.oklab_to_srgb(space.from_polar(polar)))
    for ours, coords in zip(fitted, polar.tolist(), strict=True):
        theirs = coloraide.Color("oklch", coords).convert("srgb").fit(method="oklch-chroma", jnd=0.02)
        np.testing.assert_allclose(ours, theirs.coords(), atol=0.01)


@given(arrays(np.float64, (3, 3), elements=st.floats(-0.5, 1.5)))
@settings(deadline=None, max_examples=50)
def test_fit_gamut_ends_inside_and_leaves_the_inside_alone(srgb):
    fitted = space.fit_gamut(srgb)
    assert space.in_gamut(fitted, 0).all()
    inside = space.in_gamut(srgb, 0)
    np.testing.assert_array_equal(fitted[inside], srgb[inside])


def test_in_gamut_has_a_tolerance_and_no_room_for_nan():
    assert space.in_gamut([[0.0, 1, 1.00005], [0, 1, 1.1], [0, 0, np.nan]]).tolist() == [True, False, False]
