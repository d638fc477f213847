"""An open file is not a source of colours, and stays as it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ffcolor import FfcolorError, read_colors


def test_an_open_file_is_refused_and_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "colors.txt"
    path.write_text("red blue", encoding="utf-8")
    with path.open("rb") as raw, path.open(encoding="utf-8") as text:
        for file in (raw, text, io.StringIO("red"), io.BytesIO(b"red")):
            for source in (file, [file], ["red", file]):
                with pytest.raises(FfcolorError, match="is an open file; pass its path or its text"):
                    read_colors(source)
            assert file.read()
