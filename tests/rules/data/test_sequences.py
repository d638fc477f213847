"""Sequences: thinning against the paper's rule pixel by pixel, strokes that give their lines back, moving digits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ffcolor.errors import FfcolorError
from ffcolor.rules.data import digits
from ffcolor.rules.data.sequences import moving_digits, strokes, thin, trace


def thin_slowly(ink: np.ndarray) -> np.ndarray:
    """Zhang and Suen's two sub-iterations, as the paper words them: P2 is north, P3 north-east, and so on to P9."""
    image = np.pad(ink, 1).astype(int)
    while True:
        gone = False
        for first in (True, False):
            marked = []
            for y, x in zip(*np.nonzero(image), strict=True):
                p2, p3, p4 = image[y - 1, x], image[y - 1, x + 1], image[y, x + 1]
                p5, p6, p7 = image[y + 1, x + 1], image[y + 1, x], image[y + 1, x - 1]
                p8, p9 = image[y, x - 1], image[y - 1, x - 1]
                ring = [p2, p3, p4, p5, p6, p7, p8, p9, p2]
                a = sum(ring[k] == 0 and ring[k + 1] == 1 for k in range(8))
                c = p2 * p4 * p6 if first else p2 * p4 * p8
                d = p4 * p6 * p8 if first else p2 * p6 * p8
                if 2 <= sum(ring[:8]) <= 6 and a == 1 and c == 0 and d == 0:
                    marked.append((y, x))
            for y, x in marked:
                image[y, x] = 0
            gone |= bool(marked)
        if not gone:
            return image[1:-1, 1:-1].astype(bool)


@settings(max_examples=60, deadline=None)
@given(arrays(bool, st.tuples(st.just(2), st.integers(1, 9), st.integers(1, 9))))
def test_thinning_is_that_of_the_paper(ink):
    assert (thin(ink) == np.stack([thin_slowly(image) for image in ink])).all()


def test_a_bar_thins_to_a_line():
    bar = np.zeros((1, 9, 12), dtype=bool)
    bar[0, 3:6, 2:10] = True
    (lines,) = thin(bar)
    assert lines.sum(0).max() == 1
    assert lines[4].sum() >= 5
    assert lines.sum() == lines[4].sum()


@settings(max_examples=60, deadline=None)
@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_strokes_give_their_lines_back(lines):
    written = trace(lines)
    middle = np.array(lines.shape) // 2
    points = [tuple(np.add(point, middle)) for stroke in written for point in stroke]
    assert len(points) == len(set(points))
    assert all(lines[point] for point in points)
    for stroke in written:
        assert all(max(np.abs(np.subtract(*pair))) == 1 for pair in itertools.pairwise(stroke))
    alone = lines.sum() - len(points)  # dropped single points
    if any(len(stroke) > 1 for stroke in written):
        assert all(len(stroke) > 1 for stroke in written)
    else:
        assert len(points) == bool(lines.any())
    assert alone >= 0


def test_a_pen_goes_straight_on_over_a_crossing():
    cross = np.zeros((9, 9), dtype=bool)
    cross[4, :] = True
    cross[:, 4] = True
    longest = max(trace(cross), key=len)
    assert len(longest) == 9
    assert len({point[0] for point in longest}) == 1 or len({point[1] for point in longest}) == 1


def test_rows_of_a_pen_by_hand():
    image = torch.zeros(1, 5, 5)
    image[0, 1, 1:4] = 1  # three dots in a row, and below them two
    image[0, 4, 2:4] = 1
    (rows,) = strokes(image, steps=7)
    wanted = [[-1, -1, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0], [-1, 3, 0, 0], [1, 0, 1, 1]]
    assert rows.tolist() == [*wanted, *wanted[:2]]
    assert strokes(image, steps=2).tolist() == [wanted[:2]]
    assert strokes(torch.zeros(1, 5, 5), steps=2).tolist() == [[[0, 0, 1, 1]] * 2]


def test_the_sum_of_moves_is_where_the_line_is():
    images = digits().x[:20]
    ink = thin((images.view(-1, 8, 8) >= 0.5).numpy())
    for rows, lines in zip(strokes(images, steps=64), ink, strict=True):
        end = int(rows[:, 3].nonzero()[0, 0]) + 1
        places = rows[:end, :2].cumsum(0).long() + 4
        assert all(lines[y, x] for x, y in places.tolist())
        assert rows[:end, 3].sum() == 1
        assert rows[end - 1, 2] == 1


def test_moving_digits_step_by_step():
    images = digits().x[:6].view(-1, 8, 8)
    found = moving_digits(images, frames=40, canvas=20, speed=3, seed=4).view(6, 40, 20, 20)
    drawn = torch.randint(-3, 4, (6, 1, 2), generator=torch.Generator().manual_seed(4))[:, 0]
    assert bool((drawn != 0).any())
    for image, movie, (down, right) in zip(images, found, drawn.tolist(), strict=True):
        place, speed = [6, 6], [down, right]
        for frame in movie:
            wanted = torch.zeros(20, 20)
            wanted[place[0] : place[0] + 8, place[1] : place[1] + 8] = image
            assert torch.equal(frame, wanted)
            for axis in (0, 1):
                place[axis] += speed[axis]
                if not 0 <= place[axis] <= 12:
                    place[axis] = -place[axis] if place[axis] < 0 else 24 - place[axis]
                    speed[axis] = -speed[axis]


def test_seeds_and_a_canvas_without_room():
    images = torch.rand(3, 64, generator=torch.Generator().manual_seed(1))
    assert torch.equal(moving_digits(images, canvas=8), images[:, None].expand(-1, 20, -1))
    one, two, other = (moving_digits(images, canvas=30, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one, two)
    assert not torch.equal(one, other)
    assert one.shape == (3, 20, 900)


@pytest.mark.parametrize(
    ("call", "code", "gist"),
    [
        (lambda: moving_digits(torch.rand(2, 8, 8), canvas=7), "invalid-setting", "canvas is 7; .* at least 8"),
        (lambda: moving_digits(torch.rand(2, 8, 8), frames=0), "invalid-setting", "frames is 0"),
        (lambda: moving_digits(torch.rand(2, 1, 8, 8)), "shape", r"\(2, 1, 8, 8\)"),
        (lambda: strokes(torch.rand(2, 7)), "shape", "not images"),
        (lambda: strokes(torch.rand(2, 9), level=2), "invalid-setting", "level is 2"),
        (lambda: strokes(torch.rand(0, 9)), "shape", r"\(0, 9\)"),
    ],
)
def test_faults_are_named(call, code, gist):
    with pytest.raises(FfcolorError, match=gist) as caught:
        call()
    assert caught.value.code == code
