"""Simulated colour-vision deficiencies, against colour-science's own simulation."""

from __future__ import annotations

import subprocess
import sys
import warnings

import coloraide
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ffcolor import FfcolorError
from ffcolor.color import vision

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

COLORS = np.random.default_rng(0).random((500, 3)).astype(np.float32)
ANOMALIES = {"protan": "Protanomaly", "deutan": "Deuteranomaly", "tritan": "Tritanomaly"}


@pytest.mark.parametrize("kind", vision.KINDS)
def test_complete_deficiencies_agree_with_colour_science(kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = colour.matrix_cvd_Machado2009(ANOMALIES[kind], 1.0)
        linear = colour.models.eotf_sRGB(COLORS.astype(np.float64))
        expected = colour.models.eotf_inverse_sRGB(np.clip(linear @ np.asarray(matrix).T, 0, 1))
    result = vision.simulate(COLORS, kind)
    assert result.dtype == np.float32
    assert np.abs(result - expected).max() < 2e-6


@pytest.mark.parametrize("kind", vision.KINDS)
@pytest.mark.parametrize("severity", [0.0, 0.25, 0.5, 0.99, 1.0])
def test_all_severities_agree_with_coloraide(kind: str, severity: float) -> None:
    seen = [
        coloraide.Color("srgb", color).filter(kind, severity, method="machado").convert("srgb").clip().coords()
        for color in COLORS[:100].tolist()
    ]
    assert np.abs(vision.simulate(COLORS[:100], kind, severity) - seen).max() < 2e-5


def test_known_answer_deuteranopia_confuses_red_and_green() -> None:
    from ffcolor.color.space import delta_e_2000, srgb_to_lab

    pair = ["#D00000", "#6E6E00"]
    before = delta_e_2000(*srgb_to_lab(vision.simulate(pair, "deutan", 0)))
    after = delta_e_2000(*srgb_to_lab(vision.simulate(pair, "deutan")))
    assert after < before / 3


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(vision.KINDS))
@settings(deadline=None, max_examples=40)
def test_grays_stay_gray_and_everything_stays_in_gamut(gray: float, severity: float, kind: str) -> None:
    assert np.abs(vision.simulate([[gray] * 3], kind, severity) - gray).max() < 2e-3
    result = vision.simulate(COLORS, kind, severity)
    assert result.min() >= 0
    assert result.max() <= 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Deuteranopia", "deutan"),
        ("deuteranomaly", "deutan"),
        (" PROTAN ", "protan"),
        ("protanomaly", "protan"),
        ("tritanopia", "tritan"),
    ],
)
def test_names(name: str, kind: str) -> None:
    assert vision.read_kind(name) == kind


@pytest.mark.parametrize("name", ["", "achromat", "deut", 3, None])
def test_unknown_names(name: str) -> None:
    with pytest.raises(FfcolorError, match=r"protan|deutan") as caught:
        vision.read_kind(name)
    assert caught.value.code == "vision"


@pytest.mark.parametrize("severity", [-0.1, 1.1, float("nan"), "1"])
def test_severity_out_of_range(severity: float) -> None:
    with pytest.raises(FfcolorError, match="severity"):
        vision.simulate(["red"], "deutan", severity)


def test_colour_science_is_imported_only_when_needed() -> None:
    code = "import sys, ffcolor.color.vision; sys.exit('colour' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
