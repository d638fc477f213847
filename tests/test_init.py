"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ffcolor


@pytest.mark.needs("torch")
def test_every_public_name_is_there() -> None:
    for name in ffcolor.__all__:
        assert getattr(ffcolor, name) is not None
    assert dir(ffcolor) == sorted(ffcolor.__all__)


@pytest.mark.needs("torch")
def test_every_public_name_has_a_docstring() -> None:
    assert not [name for name in ffcolor.__all__ if name != "__version__" and not getattr(ffcolor, name).__doc__]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'ColourPreference'"):
        _ = ffcolor.ColourPreference  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import ffcolor", "numpy torch PIL matplotlib colour safetensors"),
        (
            "import ffcolor; m = ffcolor.ColorPreference().fit([[.1, .2, .3]], ['#fff']); m.score('#123')",
            "torch PIL matplotlib colour",
        ),
    ],
)
def test_what_is_not_needed_is_not_imported(code: str, heavy: str) -> None:
    program = f"{code}; import sys; print([m for m in {heavy.split()!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_modules_are_found_by_the_names_that_they_had():
    program = (
        "import sys; from ffcolor.images import open_image; import ffcolor.space; from ffcolor.ops import call; "
        "from ffcolor.vision import simulate; from ffcolor.formats import FORMATS; import ffcolor.color.images as now; "
        "assert open_image is now.open_image and ffcolor.space.luminance and 'css' in FORMATS"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
