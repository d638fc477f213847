"""Every example runs, and prints what it promises."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import optional

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))
ARGUMENTS = {"growing_cells": ["--quick"]}
PROMISES = {
    "growing_cells": ["learned palette: #", "cut: ", "wrote flower.png, growing.gif, growing.png"],
    "learn_and_palette": ["mistyrose: liked", "navy: not liked", "far apart: True", "the same: True"],
    "recolor_image": ["of the image is liked", "flat.png: 8 colours", "dithered.png: 8 colours"],
    "streams_and_trits": ["above 0.9: True", "the same colours: True"],
}


def test_every_example_is_known():
    assert {path.stem for path in EXAMPLES} == set(PROMISES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path, tmp_path):
    if reason := optional.why_not(set(optional.needs(path)[0])):
        pytest.skip(reason)
    root = path.parent.parent
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path), *ARGUMENTS.get(path.stem, [])],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "PATH": ""},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for promise in PROMISES[path.stem]:
        assert promise in done.stdout
