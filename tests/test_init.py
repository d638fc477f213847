"""The public names, and what importing them costs."""

from __future__ import annotations

import copy
import importlib
import pickle
import subprocess
import sys

import pytest

import ffcolor
from ffcolor import lazy
from ffcolor.errors import MissingNameError, MissingPackageError, needs


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
    homes = set(lazy._MOVED.homes.values())
    assert len(homes) > 50
    for home in homes:
        importlib.import_module(home)


OLD_NAMES = [
    "import ffcolor.formats; assert ffcolor.formats.read",
    "import ffcolor; assert all(hasattr(ffcolor, name) for name in 'formats images ops space vision'.split())",
    "import ffcolor.formats.css as old, ffcolor.palette.formats.css as new; assert old is new",
    "from ffcolor.ops import *; assert call and score",
    "import ffcolor.vision as old; assert 'simulate' in dir(old) and old.__spec__.name == 'ffcolor.color.vision'",
    "from importlib.util import find_spec; assert find_spec('ffcolor.images')",
    "import importlib, ffcolor.images as old, ffcolor.color.images as new; assert importlib.reload(old) is new",
    "import ffcolor.color.images as new; from unittest import mock\n"
    "with mock.patch('ffcolor.images.open_image', 5): assert new.open_image == 5",
]


@pytest.mark.parametrize("program", OLD_NAMES)
def test_a_module_by_its_old_name_is_the_module_itself(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)


WITHOUT_TORCH = [
    "from ffcolor import *; assert Palette and 'FFLayer' not in globals()",
    "from ffcolor.engine import *; assert Network and 'FFLayer' not in globals()",
    "from ffcolor.rules import *; assert RULES and 'CwComp' not in globals()",
    "import ffcolor, pydoc; pydoc.render_doc(ffcolor)",
    "import ffcolor, inspect; assert dict(inspect.getmembers(ffcolor))['Palette']",
    "import ffcolor; assert not hasattr(ffcolor, 'FFLayer') and getattr(ffcolor, 'FFLayer', 5) == 5",
    "import ffcolor.rules as rules; assert not hasattr(rules, 'CwComp') and not hasattr(rules, 'ranks')",
    "try: from ffcolor import FFLayer\nexcept ImportError as error: assert 'ffcolor[rules]' in str(error)",
]


@pytest.mark.parametrize("program", WITHOUT_TORCH)
def test_what_needs_torch_does_not_get_in_the_way(program: str) -> None:
    subprocess.run([sys.executable, "-c", f"import sys; sys.modules['torch'] = None\n{program}"], check=True)


@pytest.mark.parametrize("kind", [MissingPackageError, MissingNameError])
def test_what_is_missing_survives_a_copy(kind: type[ffcolor.FfcolorError]) -> None:
    error = kind(needs("FFLayer", "torch", "rules").message, code="missing-package", value="torch")
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (type(again), str(again), again.code, again.value) == (kind, str(error), error.code, "torch")
