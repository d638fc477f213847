"""Picks and their weights: copies, sums, updates; and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ffcolor import ColorPreference, FfcolorError, TasteClassifier, streams
from ffcolor.doors.cli import main
from tests.taste.test_colors import DISLIKED, LIKED, fingerprint, split

MORE_LIKED, MORE_DISLIKED = split(streams.uniform(21, (6000, 3)).astype(np.float32), 60)


def copied(colors: np.ndarray, counts: list[int]) -> np.ndarray:
    return np.repeat(colors, counts, axis=0)


@pytest.mark.parametrize("seed", range(4))
def test_copies_are_weights_to_the_last_bit(seed: int) -> None:
    good, bad = (1 + (streams.uniform(seed, (2, 32)) ** 4 * 40)).astype(int)
    copies = ColorPreference().fit(copied(LIKED, good), copied(DISLIKED, bad))
    weights = ColorPreference().fit(LIKED, DISLIKED, liked_weight=good, disliked_weight=bad)
    assert fingerprint(copies) == fingerprint(weights)
    assert fingerprint(copies) != fingerprint(ColorPreference().fit(LIKED, DISLIKED))


def test_copies_are_weights_where_disliked_colors_are_drawn() -> None:
    copies = ColorPreference().fit([*LIKED, *([LIKED[0]] * 400)])
    weights = ColorPreference().fit(LIKED, liked_weight=[401.0] + [1.0] * 31)
    assert fingerprint(copies) == fingerprint(weights)


def test_the_mass_of_one_side_does_not_move_the_other() -> None:
    plain = ColorPreference().fit(LIKED, DISLIKED)
    for factor in (3, 1024):
        heavy = ColorPreference().fit(LIKED, DISLIKED, liked_weight=np.full(32, float(factor)))
        assert fingerprint(heavy) == fingerprint(plain)
    assert fingerprint(ColorPreference().fit([*LIKED, *LIKED, *LIKED], DISLIKED)) == fingerprint(plain)
    assert fingerprint(ColorPreference().fit(LIKED, [*DISLIKED, *DISLIKED])) == fingerprint(plain)


@pytest.mark.parametrize("heavy", [1e308, 1e31, float("inf"), float("nan")])
def test_weights_too_heavy_for_their_sum_are_refused(heavy: float) -> None:
    weight = [heavy, heavy] + [1.0] * 30
    with pytest.raises(FfcolorError, match=r"liked 0 is .*at most 1e\+30") as caught:
        ColorPreference().fit(LIKED, DISLIKED, liked_weight=weight)
    assert caught.value.code == "invalid-weight"
    with pytest.raises(FfcolorError, match="sample_weight 0 is"):
        TasteClassifier().fit(np.concatenate([LIKED[:16], DISLIKED[:16]]), [1] * 16 + [0] * 16, sample_weight=weight)


def test_weights_as_heavy_as_they_may_be() -> None:
    heavy = ColorPreference().fit(LIKED, DISLIKED, liked_weight=np.full(32, 1e30))
    np.testing.assert_allclose(heavy.score(MORE_LIKED), ColorPreference().fit(LIKED, DISLIKED).score(MORE_LIKED))
    with pytest.raises(FfcolorError, match="at least one must be above 0"):
        ColorPreference().fit(LIKED, DISLIKED, liked_weight=np.full(32, 1e-300))


def test_updates_are_a_fit_with_all_picks_to_the_last_bit() -> None:
    together = ColorPreference().fit(MORE_LIKED[:40], MORE_DISLIKED[:40])
    step_by_step = ColorPreference().fit(MORE_LIKED[:2], MORE_DISLIKED[:2])
    for at in range(2, 40, 2):
        step_by_step.update(MORE_LIKED[at : at + 2], MORE_DISLIKED[at : at + 2])
    assert step_by_step.l2_ == together.l2_
    assert fingerprint(step_by_step) == fingerprint(together)
    assert step_by_step.updates_ == 19


def test_updates_of_drawn_and_then_given_dislikes_are_a_fit() -> None:
    model = ColorPreference().fit(LIKED[:4]).update(LIKED[4:8])
    assert fingerprint(model) == fingerprint(ColorPreference().fit(LIKED[:8]))
    assert model.drawn_
    model.update(disliked=DISLIKED[:3])
    assert fingerprint(model) == fingerprint(ColorPreference().fit(LIKED[:8], DISLIKED[:3]))
    assert not model.drawn_
    assert len(model.disliked_) == 3


def test_a_model_file_knows_what_a_pick_weighs(tmp_path: object) -> None:
    path = tmp_path / "taste.safetensors"  # type: ignore[operator]
    ColorPreference().fit([*LIKED, LIKED[0]], DISLIKED).save(path)
    again = ColorPreference.load(path).update([LIKED[0], LIKED[1]])
    whole = ColorPreference().fit([*LIKED, LIKED[0], LIKED[0], LIKED[1]], DISLIKED)
    assert fingerprint(again) == fingerprint(whole)


def test_more_picks_than_are_relearned_go_on_from_there() -> None:
    liked, disliked = split(streams.uniform(22, (40_000, 3)).astype(np.float32), 1500)
    taken: list[int] = []
    model = ColorPreference().fit(liked[:1100], disliked[:1100])
    model.update(liked[1100:], disliked[1100:], on_step=lambda step, steps, loss: taken.append(step))
    assert len(taken) == 20 < model.steps
    fit = ColorPreference().fit(liked, disliked)
    assert model.l2_ == fit.l2_
    assert model.accuracy(MORE_LIKED, MORE_DISLIKED) > fit.accuracy(MORE_LIKED, MORE_DISLIKED) - 0.02


@pytest.mark.parametrize(
    "labels",
    [
        [0, 1] * 16,
        np.array([0, 1] * 16),
        np.array([0.0, 1.0] * 16),
        [True, False] * 16,
        ["yes", "no"] * 16,
        np.array(["yes", "no"] * 16),
        np.array([1] * 32),
    ],
)
def test_labels_are_not_disliked_colors(labels: object) -> None:
    with pytest.raises(FfcolorError, match="use TasteClassifier") as caught:
        ColorPreference().fit(LIKED, labels)
    assert caught.value.code == "labels"


def test_labels_of_three_rows_and_colors_that_look_like_labels() -> None:
    for labels in ([0, 1, 1], np.array([0.0, 1.0, 1.0]), [True, False, True], ["yes", "no", "no"]):
        with pytest.raises(FfcolorError, match="use TasteClassifier"):
            ColorPreference().fit(LIKED[:3], labels)
    for colors in ([0.0, 1.0, 1.0], ["red", "red", "blue"], [[0.0, 0.0, 1.0]] * 3, "red blue red", ["navy"] * 3):
        ColorPreference().fit(LIKED[:3], colors)


def test_a_photo_teaches_the_same_by_whatever_door(tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:300, 0:400]
    pixels = np.stack([rows * 255 // 300, columns * 255 // 400, 255 - rows * 255 // 300], axis=2).astype(np.uint8)
    photo = tmp_path / "photo.png"
    Image.fromarray(pixels).save(photo)
    assert main(["learn", "--like", str(photo), "-o", str(tmp_path / "shell.safetensors")]) == 0
    shell = ColorPreference.load(tmp_path / "shell.safetensors")
    assert len(shell.liked_) <= 4096
    for source in (str(photo), photo, Image.open(photo)):
        assert fingerprint(ColorPreference().fit(source)) == fingerprint(shell)
    assert (tmp_path / "shell.safetensors").stat().st_size < 200_000
