"""The public names, and what importing them costs."""

from __future__ import annotations

import importlib
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


@pytest.mark.parametrize(
    "lines",
    [
        "from ffcolor.images import open_image; from ffcolor.color import images\n"
        "assert images.open_image is open_image",
        "import ffcolor.space; assert ffcolor.space.luminance",
        "import ffcolor.images; assert ffcolor.images.open_image",
        "from ffcolor import ops; assert ops.call",
        "from ffcolor.ops import call; from ffcolor.vision import simulate; from ffcolor.formats import FORMATS",
        "from ffcolor.preference import ColorPreference; from ffcolor.whole import PalettePreference",
        "from ffcolor.cli import main; from ffcolor.cli.terminal import Progress",
        "from ffcolor.engine.learning import teach",
        "from ffcolor.skills.rules.table import CHECKS; from ffcolor.skills.report import as_text",
        pytest.param(
            "from ffcolor.rules.layers import Conv; from ffcolor.rules.contrast import Recurrent\n"
            "from ffcolor.rules.cell_pictures import cut; from ffcolor.rules.presets import PRESETS\n"
            "from ffcolor.rules.sequences import strokes; from ffcolor.rules.augment import shifts\n"
            "from ffcolor.rules.checkpoint import save; from ffcolor.rules import pipeline as now\n"
            "import ffcolor.rules.pipeline, ffcolor.rules.processes; assert ffcolor.rules.pipeline is now",
            marks=pytest.mark.needs("torch"),
        ),
    ],
)
def test_modules_are_found_by_the_names_that_they_had(lines: str) -> None:
    subprocess.run([sys.executable, "-c", lines], check=True)


@pytest.mark.needs("torch")
def test_every_name_that_a_module_had_leads_to_a_module() -> None:
    for package in ("ffcolor", "ffcolor.rules", "ffcolor.skills"):
        importlib.import_module(package)
    homes = [each.__dict__["home"] for each in sys.modules.values() if type(each).__name__ == "_Moved"]
    assert len(homes) > 50
    for home in homes:
        importlib.import_module(home)
